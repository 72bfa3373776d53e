"""What staff do in the thread: admit, take, assign, hand back, decide, override, close, note, redact."""

from dataclasses import replace

from bot.change import Outcome, Reason, Refusal
from bot.commands import (
    Admit,
    Appeal,
    Assign,
    Close,
    Confirm,
    Deny,
    Flag,
    HandBack,
    Note,
    Override,
    Raise,
    Redact,
    Reopen,
    StaffNote,
    Take,
)
from bot.decide.answering import back_to_author, replace_unsent, settle_escalation
from bot.decide.context import Context, qualifies
from bot.decide.steps import (
    Decision,
    Step,
    add,
    blank,
    change_answer,
    drop,
    enter,
    hold,
    let_go,
    no_longer_standing,
    refuse,
    send,
    taken_from_holder,
    unsent,
)
from bot.market.pay import earning_answer, fill, is_paid, pay_override, pay_part, raise_to, refund
from bot.model import Answer, Audience, CloseReason, Kind, Message, PersonId, Question, State, Words
from bot.policy import HOUR_MS


def admit(command: Admit, question: Question, context: Context) -> Decision:
    if context.category is None or not context.category.open_to_experts:
        return refuse(command, Reason.CATEGORY_OFF)
    return Step(fill(enter(question, State.OPEN, context.now, why_held=(), with_staff=False)), Outcome.OPENED)


def take(command: Take, question: Question, context: Context) -> Decision:
    if question.state is State.CLAIMED and question.holder == context.person:
        return refuse(command, Reason.ALREADY_YOURS)
    question = taken_from_holder(question, context, by=context.person)
    return Step(hold(no_longer_standing(question), context.person, context, as_staff=True))


def assign(command: Assign, question: Question, context: Context) -> Decision:
    expert = context.named
    if expert is None:
        return refuse(command, Reason.NO_SUCH_PERSON, names=(str(command.expert).removeprefix("@"),))
    if expert.id == question.customer:
        return refuse(command, Reason.OWN_QUESTION, person=expert.id)
    if question.state is State.CLAIMED and question.holder == expert.id:
        return refuse(command, Reason.ALREADY_TAKEN, person=expert.id, at=question.claimed_at)
    as_staff = expert.staff is not None
    if not as_staff and not qualifies(expert, context.category):
        return refuse(command, Reason.NOT_EXPERT, person=expert.id)
    if not as_staff and context.claims_held >= context.policy.claims_per_expert_max:
        limit = context.policy.claims_per_expert_max
        return refuse(command, Reason.TOO_MANY_CLAIMS, person=expert.id, limit=limit)
    question = taken_from_holder(question, context, by=expert.id)
    held = hold(replace(no_longer_standing(question), why_held=()), expert.id, context, as_staff=as_staff)
    return Step(held if as_staff else fill(held))


def hand_back(command: HandBack, question: Question, context: Context) -> Decision:
    if question.state is State.OPEN:
        return Step(question, Outcome.NOTHING)
    if context.category is None or not context.category.open_to_experts:
        return refuse(command, Reason.CATEGORY_OFF)
    question = taken_from_holder(question, context, by=None)
    back = let_go(replace(no_longer_standing(question), with_staff=False, why_held=()), context)
    return Step(fill(back), Outcome.OPENED)


def confirm(command: Confirm, question: Question, context: Context) -> Decision:
    escalation = question.escalation
    if escalation is None or escalation.went_at is None or escalation.decided:
        return refuse(command, Reason.NOTHING_TO_DECIDE)
    overdue = context.now >= escalation.went_at + context.policy.undecided_hours * HOUR_MS
    if context.actor.machine is not None and not overdue:
        return refuse(command, Reason.TOO_EARLY)
    return Step(_funded_as_before(settle_escalation(question, context), question))


def _funded_as_before(paid: Question, before: Question) -> Question:
    """The escalation pay gives the rest of the escrow back; a question that is with experts again needs it."""
    with_experts = before.state in (State.OPEN, State.CLAIMED, State.WAITING, State.REVIEW, State.ANSWERED)
    return fill(paid) if with_experts and not before.with_staff else paid


def deny(command: Deny, question: Question, context: Context) -> Decision:
    escalation = question.escalation
    if escalation is None or escalation.went_at is None or escalation.decided:
        return refuse(command, Reason.NOTHING_TO_DECIDE)
    decided = replace(question, escalation=replace(escalation, decided=True))
    return Step(refund(decided) if question.with_staff else decided)


def override(command: Override, question: Question, context: Context) -> Decision:
    """Staff's text replaces an unsent answer, or reaches the customer as a correction of the one they have."""
    for words in (command.words, command.reason):
        if not words.text.strip():
            return refuse(command, Reason.EMPTY)
        if len(words.text) > context.policy.answer_chars_max:
            return refuse(command, Reason.TOO_LONG, limit=context.policy.answer_chars_max)
    if not 0 <= command.pay_percent <= 100:
        return refuse(command, Reason.BAD_AMOUNT, limit=100)
    expert = overridden(question)
    if question.state is not State.SOLVED:
        question = _pay_overridden(question, expert, command.pay_percent, context)
    question, messages, drafts = replace_unsent(question, context)
    had_answer = any(_reached(each) for each in question.answers)
    step = send(question, command.words, context, kind=Kind.ANSWER)
    after, reason = _reason(step.after, command.reason, expert, context)
    outcome = Outcome.CORRECTION if had_answer else Outcome.SENDING
    if question.state is not State.SOLVED:
        after = enter(after, State.ANSWERED, context.now, holder=context.person, held_until=None, why_held=())
    after = replace(after, with_staff=True)
    return Step(after, outcome, (*messages, *step.messages, reason), (*step.drafts, *drafts))


def overridden(question: Question) -> PersonId | None:
    """The expert whose work staff's text replaces: who works on it, else who answered and is not paid yet."""
    if question.state in (State.CLAIMED, State.WAITING, State.REVIEW) and not question.with_staff:
        return question.holder
    earning = earning_answer(question)
    return earning.author if earning is not None and not is_paid(question, earning) else None


def _reached(answer: Answer) -> bool:
    return answer.kind is Kind.ANSWER and answer.delivered_at is not None


def _pay_overridden(question: Question, expert: PersonId | None, percent: int, context: Context) -> Question:
    question = _funded_as_before(settle_escalation(question, context), question)
    if expert is None:
        return refund(question)
    return pay_override(question, context.policy, context.now, percent, expert)


def _reason(question: Question, words: Words, expert: PersonId | None, context: Context) -> tuple[Question, Message]:
    audience = Audience.STAFF if expert is None else Audience.PERSON
    return add(question, words, context, kind=Kind.REASON, audience=audience, to=expert)


def close(command: Close, question: Question, context: Context) -> Decision:
    if command.reason is CloseReason.DUPLICATE and command.duplicate_of == question.id:
        return refuse(command, Reason.BAD_SETTING, names=("duplicate",))
    if command.reason is CloseReason.ABUSE and question.holder is not None and not question.with_staff:
        # An abusive customer is not the expert's doing.
        fee = context.policy.kill_fee_percent
        question = pay_part(question, question.holder, fee, context.policy, context.now, "abuse")
    else:
        question = taken_from_holder(question, context, by=context.person)
    closed = enter(
        refund(question),
        State.CLOSED,
        context.now,
        closed_as=command.reason,
        duplicate_of=command.duplicate_of,
        held_until=None,
    )
    return Step(closed)


def reopen(command: Reopen, question: Question, context: Context) -> Decision:
    if context.category is None or not context.category.open_to_experts:
        return refuse(command, Reason.CATEGORY_OFF)
    fresh = replace(
        question, closed_as=None, duplicate_of=None, solved_at=None, confirmed=False, settled=False, with_staff=False
    )
    return Step(fill(let_go(fresh, context)), Outcome.OPENED)


def raise_bounty(command: Raise, question: Question, context: Context) -> Decision:
    limit = context.policy.bounty_max_cents
    if not question.bounty < command.bounty <= limit:
        return refuse(command, Reason.BAD_AMOUNT, limit=limit)
    return Step(raise_to(question, command.bounty))


def note(command: Note | StaffNote | Appeal, question: Question, context: Context) -> Decision:
    objection = _note_objection(command, context)
    if objection:
        return objection
    audience = Audience.INTERNAL if isinstance(command, Note) else Audience.STAFF
    kind = Kind.REASON if isinstance(command, Appeal) else Kind.NOTE
    question, message = add(question, command.words, context, kind=kind, audience=audience)
    return Step(question, Outcome.DONE, (message,))


def flag(command: Flag, question: Question, context: Context) -> Decision:
    text = question.answer_numbered(command.message)
    if text is None:
        return refuse(command, Reason.NO_SUCH_MESSAGE)
    if text.author == context.person:
        return refuse(command, Reason.NOT_ALLOWED)
    objection = _note_objection(command, context)
    if objection:
        return objection
    question, message = add(question, command.words, context, kind=Kind.FLAG, audience=Audience.STAFF)
    return Step(change_answer(question, text.message, flagged=message.number), Outcome.DONE, (message,))


def _note_objection(command: Note | StaffNote | Appeal | Flag, context: Context) -> Refusal | None:
    if not command.words.text.strip():
        return refuse(command, Reason.EMPTY)
    if len(command.words.text) > context.policy.note_chars_max:
        return refuse(command, Reason.TOO_LONG, limit=context.policy.note_chars_max)
    return None


def redact(command: Redact, question: Question, context: Context) -> Decision:
    message = context.texts.get(command.message)
    if message is None:
        return refuse(command, Reason.NO_SUCH_MESSAGE)
    if message.redacted:
        return Step(question, Outcome.NOTHING)
    text = question.answer_numbered(command.message)
    if text is not None and text in unsent(question, context.now):
        # Nobody sends a text without words.
        question = back_to_author(drop(question, text), text, context)
    return Step(question, Outcome.DONE, (blank(message),))
