"""Who gets what for a question: money moves between its escrow, its payments and, through escrow, the company.

Rules and figures are those of "Reputation and money" in the product description, as `Policy` holds them. Each
function gives back the question as it then stands; the ledger reads the transfers off the difference. A question
with bounty 0 is answered for free: nothing ever moves.
"""

from dataclasses import dataclass, replace

from bot.market.causes import Cause
from bot.model import MONEY_UNITS, Answer, Category, Kind, Payment, PersonId, Pocket, Question
from bot.policy import HOUR_MS, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What one person has from one question, in minor units of its unit."""

    pending: int
    payable: int

    @property
    def total(self) -> int:
        return self.pending + self.payable


def share_cents(offer: Question | Category, policy: Policy) -> int:
    """What "to you" means on a card: the expert's share of the bounty, in minor units, rounded down."""
    return _percent(offer.bounty, policy.expert_percent)


def own(question: Question, person: PersonId) -> Own:
    """What this person has from the question so far."""
    sums = {
        pocket: sum(each.amount for each in question.payments if (each.person, each.pocket) == (person, pocket))
        for pocket in Pocket
    }
    return Own(pending=sums[Pocket.PENDING], payable=sums[Pocket.PAYABLE])


# --- between the company and escrow ------------------------------------------------------------------------------


def fill(question: Question) -> Question:
    """The company puts in what escrow lacks of the bounty.

    Earlier payments do not count against it: whoever takes a question up again is offered the whole bounty.
    """
    return replace(question, escrow=max(question.escrow, question.bounty))


def refund(question: Question) -> Question:
    """What is left in escrow goes back to the company."""
    return replace(question, escrow=0)


def raise_to(question: Question, bounty: int) -> Question:
    """A new bounty; escrow follows by the difference unless the question is not funded now."""
    assert bounty >= 0, "a bounty is not negative"
    funded = question.escrow > 0 or question.bounty == 0
    escrow = max(0, question.escrow + bounty - question.bounty) if funded else 0
    return replace(question, bounty=bounty, escrow=escrow)


# --- from escrow to people ---------------------------------------------------------------------------------------


def pay_answer(question: Question, policy: Policy, now: int, pocket: Pocket, reviewer_is_expert: bool) -> Question:
    """Pay the answer that stands, out of the whole escrow: author, reviewer, and the rest to the house.

    `pocket` is PENDING after "helped" and PAYABLE where no verdict can follow. An answer by staff pays nobody and
    the company has its money back; a question that holds no escrow has nothing to pay, and no answer is paid twice.
    What a fee took out of escrow meanwhile is put in again first: the card promised a share of the whole bounty.
    """
    if not question.escrow:
        return question
    answer = earning_answer(question)
    if answer is None or is_paid(question, answer):
        return refund(question)

    question = fill(question)
    paid: list[tuple[PersonId | None, int, Cause]] = []
    share = min(share_cents(question, policy), question.escrow)
    earlier = _earlier_authors(question, answer)
    part = _percent(share, policy.shared_percent) // len(earlier) if earlier else 0
    paid.append((answer.author, share - part * len(earlier), Cause.BOUNTY))
    paid.extend((author, part, Cause.SHARED) for author in earlier)
    if reviewer_is_expert and _may_earn_by_reviewing(question, answer):
        fee = min(_percent(question.bounty, policy.reviewer_percent), question.escrow - share)
        paid.append((answer.reviewer, fee, Cause.REVIEW))
    paid.append((None, question.escrow - sum(amount for _, amount, _ in paid), Cause.HOUSE))

    for person, amount, why in paid:
        question = _pay(question, person, amount, pocket, why, now)
    return question


def pay_part(
    question: Question, person: PersonId, percent_of_bounty: int, policy: Policy, now: int, why: str
) -> Question:
    """A fee, payable at once: at most what escrow holds, where the rest stays."""
    return _pay_expert(question, person, _percent(question.bounty, percent_of_bounty), why, now)


def pay_escalation(question: Question, policy: Policy, now: int) -> Question:
    """Pay whoever saw that staff are needed, at most what escrow holds; the rest goes back to the company.

    The least fee is an amount of money: other units have none.
    """
    assert question.escalation, "only an escalation is paid as one"
    least = policy.escalation_min_cents if question.unit in MONEY_UNITS else 0
    fee = max(_percent(question.bounty, policy.escalation_percent), least)
    return refund(_pay_expert(question, question.escalation.by, fee, Cause.ESCALATION, now))


def pay_override(question: Question, policy: Policy, now: int, percent: int, person: PersonId | None) -> Question:
    """Staff answered instead: `percent` of the expert's share all the same, the rest back to the company.

    `person` None is an override over nobody's work.
    """
    assert 0 <= percent <= 100, "part of the share, or all of it"
    share = _percent(share_cents(question, policy), percent)
    return refund(_pay_expert(question, person, share, Cause.OVERRIDE, now))


# --- later -------------------------------------------------------------------------------------------------------


def reverse(question: Question, policy: Policy, now: int) -> Question:
    """ "Not yet": the newest solution's pending money goes back into escrow, the house's part with it.

    Payable money stays, and so does what is pending for an earlier solution. Should the question have been funded
    anew meanwhile, escrow keeps one bounty and the company has the rest.
    """
    newest = max((each.at for each in _pending(question)), default=now)
    undone = [each for each in _pending(question) if each.at == newest]
    escrow = question.escrow + sum(each.amount for each in undone)
    return replace(
        question,
        escrow=min(escrow, max(question.escrow, question.bounty)),
        payments=tuple(each for each in question.payments if each not in undone),
    )


def matures_at(question: Question, policy: Policy) -> int | None:
    """When pending money becomes payable, whatever state the question is in; None when none is pending.

    A later solution holds an earlier one's money up too, so that no "not yet" comes too late for the later one.
    """
    paid_at = [each.at for each in _pending(question)]
    return max(paid_at) + policy.pending_hours * HOUR_MS if paid_at else None


def mature(question: Question, now: int) -> Question:
    """What was pending is payable from now on; but nothing for whoever turned out to be the customer, which goes back
    to the company."""
    own_pay = [each for each in _pending(question) if each.person == question.customer]
    left = (each for each in question.payments if each not in own_pay)
    payments = tuple(replace(each, pocket=Pocket.PAYABLE) for each in left)
    return replace(question, payments=payments)


def _pending(question: Question) -> list[Payment]:
    return [each for each in question.payments if each.pocket is Pocket.PENDING]


# --- who earns ---------------------------------------------------------------------------------------------------


def earning_answer(question: Question) -> Answer | None:
    """The answer that stands, if its author can earn by it: staff cannot, nor the one who asked."""
    stands = question.answer
    return stands if stands and _can_earn(question, stands) else None


def _earlier_authors(question: Question, answer: Answer) -> list[PersonId]:
    """Other experts whose earlier answers reached the customer, were not rejected and earned nothing yet: each once."""
    earlier = question.answers[: question.answers.index(answer)]
    authors = [
        each.author
        for each in earlier
        if each.kind is Kind.ANSWER and not each.rejected and each.delivered_at is not None
        if _can_earn(question, each) and each.author != answer.author and not is_paid(question, each)
    ]
    return list(dict.fromkeys(authors))


def _can_earn(question: Question, answer: Answer) -> bool:
    return not answer.by_staff and answer.author != question.customer


def is_paid(question: Question, answer: Answer) -> bool:
    """Whether its author was paid for it since: a question can be solved, reopened and solved again."""
    whole = (Cause.BOUNTY, Cause.SHARED, Cause.OVERRIDE)
    return any(
        each.person == answer.author and each.why in whole and each.at >= answer.at for each in question.payments
    )


def _may_earn_by_reviewing(question: Question, answer: Answer) -> bool:
    return answer.reviewer not in (None, answer.author, question.customer)


# --- one payment -------------------------------------------------------------------------------------------------


def _pay_expert(question: Question, person: PersonId | None, amount: int, why: str, now: int) -> Question:
    """Payable at once, at most what escrow holds; nobody is paid for their own question."""
    if person is None or person == question.customer:
        return question
    return _pay(question, person, min(amount, question.escrow), Pocket.PAYABLE, why, now)


def _pay(question: Question, person: PersonId | None, amount: int, pocket: Pocket, why: str, now: int) -> Question:
    assert 0 <= amount <= question.escrow, "only what is in escrow can be paid"
    if not amount:
        return question
    payment = Payment(person=person, amount=amount, pocket=pocket, why=str(why), at=now)
    return replace(question, escrow=question.escrow - amount, payments=(*question.payments, payment))


def _percent(amount: int, percent: int) -> int:
    return amount * percent // 100
