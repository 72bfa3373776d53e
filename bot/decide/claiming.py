"""Holding a question: claim, extend, release, lapse, pass, escalate, veto."""

from dataclasses import replace

from bot.change import Outcome, Reason
from bot.commands import Claim, Escalate, Extend, Lapse, Pass, Release, Stand, Veto
from bot.decide.answering import settle_escalation
from bot.decide.context import Context, qualifies
from bot.decide.steps import Decision, Step, add, hold, let_go, no_longer_standing, refuse, taken_from_holder, to_staff
from bot.market.pay import fill
from bot.model import Audience, Escalation, EscalationReason, Kind, PersonId, Question, Rank
from bot.policy import MINUTE_MS

# These cannot wait for a master to disagree.
URGENT = frozenset({EscalationReason.SAFETY, EscalationReason.ABUSE})


def claim(command: Claim, question: Question, context: Context) -> Decision:
    person = context.actor.person
    assert person is not None
    as_staff = not qualifies(person, context.category)
    if not as_staff and _asked_away(question, person.id):
        return refuse(command, Reason.SOMEONE_ELSE)
    if not as_staff and context.claims_held >= context.policy.claims_per_expert_max:
        return refuse(command, Reason.TOO_MANY_CLAIMS, limit=context.policy.claims_per_expert_max)
    # Somebody who claims it can do it, so a standing escalation falls away.
    return Step(hold(no_longer_standing(question), person.id, context, as_staff=as_staff))


def _asked_away(question: Question, person: PersonId) -> bool:
    """Whether the customer rejected this expert's answer and asked for somebody else."""
    rejected = any(each.rejected and each.author == person for each in question.answers)
    return rejected and person in question.passed


def extend(command: Extend, question: Question, context: Context) -> Decision:
    policy = context.policy
    if question.with_staff or question.held_until is None:
        return refuse(command, Reason.NO_MORE_EXTENSIONS)
    if question.extensions >= policy.claim_extensions_max:
        return refuse(command, Reason.NO_MORE_EXTENSIONS, limit=policy.claim_extensions_max, at=question.held_until)
    return Step(
        replace(
            question,
            held_until=question.held_until + policy.claim_extension_minutes * MINUTE_MS,
            extensions=question.extensions + 1,
            reminded=(),
        )
    )


def release(command: Release, question: Question, context: Context) -> Decision:
    return Step(let_go(taken_from_holder(question, context, by=context.person), context))


def lapse(command: Lapse, question: Question, context: Context) -> Decision:
    if question.held_until is None or context.now < question.held_until:
        return refuse(command, Reason.TOO_EARLY)
    return Step(let_go(question, context))


def pass_on(command: Pass, question: Question, context: Context) -> Decision:
    if context.person in question.passed:
        return Step(question, Outcome.NOTHING)
    return Step(replace(question, passed=(*question.passed, context.person)))


def escalate(command: Escalate, question: Question, context: Context) -> Decision:
    category, person, now = context.category, context.actor.person, context.now
    assert category is not None
    assert person is not None
    if not command.words.text.strip():
        return refuse(command, Reason.EMPTY)
    if len(command.words.text) > context.policy.note_chars_max:
        return refuse(command, Reason.TOO_LONG, limit=context.policy.note_chars_max)
    rank = person.expert.rank if person.expert else Rank.MASTER
    if rank.height < category.rank_to_escalate.height and command.reason not in URGENT:
        return refuse(command, Reason.RANK_TOO_LOW, names=(category.rank_to_escalate,))
    if question.escalation is not None and question.escalation.stands_until is not None:
        return Step(question, Outcome.NOTHING)
    question, message = add(question, command.words, context, kind=Kind.REASON, audience=Audience.INTERNAL)
    if question.with_staff:
        # Staff hand it to their colleagues: nothing stands, and nobody is paid for it.
        return Step(to_staff(question, now), Outcome.WITH_STAFF, (message,))
    # The one before, which staff handed back without a word, is decided as if its time were over.
    question = fill(settle_escalation(question, context))
    escalation = Escalation(by=person.id, at=now, reason=command.reason, message=message.number)
    if context.master_online and category.veto_allowed and command.reason not in URGENT:
        stands_until = now + context.policy.veto_minutes * MINUTE_MS
        standing = replace(question, escalation=replace(escalation, stands_until=stands_until))
        return Step(standing, Outcome.STANDS, (message,))
    return Step(to_staff(question, now, escalation=replace(escalation, went_at=now)), Outcome.WITH_STAFF, (message,))


def stand(command: Stand, question: Question, context: Context) -> Decision:
    escalation = question.escalation
    if escalation is None or escalation.stands_until is None or context.now < escalation.stands_until:
        return refuse(command, Reason.TOO_EARLY)
    went = replace(escalation, stands_until=None, went_at=context.now)
    return Step(to_staff(question, context.now, escalation=went), Outcome.WITH_STAFF)


def veto(command: Veto, question: Question, context: Context) -> Decision:
    escalation = question.escalation
    if escalation is None or escalation.stands_until is None:
        return refuse(command, Reason.NOTHING_TO_DECIDE)
    if escalation.by == context.person:
        return refuse(command, Reason.NOT_ALLOWED)
    if question.holder != context.person and context.claims_held >= context.policy.claims_per_expert_max:
        return refuse(command, Reason.TOO_MANY_CLAIMS, limit=context.policy.claims_per_expert_max)
    return Step(replace(hold(question, context.person, context, as_staff=False), escalation=None))
