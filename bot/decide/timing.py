"""Time: what is due next for a question, and what the clock's own verbs do."""

from collections.abc import Iterator
from dataclasses import replace

from bot.change import Due, Outcome, Reason
from bot.commands import (
    Confirm,
    Expire,
    HandOver,
    Lapse,
    Mature,
    PayRest,
    Postpone,
    QuestionCommand,
    Remind,
    Reminder,
    Settle,
    Silence,
    Stand,
)
from bot.decide.asking import settle_money
from bot.decide.context import Context
from bot.decide.steps import SENDING, Decision, Step, enter, refuse, to_staff
from bot.lifecycle.hours import staffed_from
from bot.market.pay import mature as mature_payments
from bot.market.pay import matures_at, pay_part, refund
from bot.model import Category, CloseReason, Kind, Pocket, Question, State
from bot.policy import DAY_MS, HOUR_MS, MINUTE_MS, Policy


def due(question: Question, policy: Policy, category: Category) -> Due | None:
    """The next thing the clock will say about this question, and when; None when it waits for nothing."""
    timers = [*_state_timers(question, policy, category), *_lasting_timers(question, policy)]
    return min(timers, key=lambda timer: timer.at, default=None)


def _state_timers(question: Question, policy: Policy, category: Category) -> Iterator[Due]:
    match question.state:
        case State.CLAIMED:
            yield from _claim_timers(question, policy)
        case State.WAITING:
            yield from _reply_timers(question, policy)
        case State.HELD | State.ESCALATED:
            yield from _remind(question, Reminder.STAFF_AWAITED, policy.staff_reminder_minutes * MINUTE_MS)
            lead_at = staffed_from(category.staff_hours, question.since, policy.lead_reminder_staffed_minutes)
            yield from _remind(question, Reminder.LEAD_AWAITED, lead_at - question.since)
        case State.ANSWERED:
            yield from _answer_timers(question, policy)
        case _:
            return


def _claim_timers(question: Question, policy: Policy) -> Iterator[Due]:
    if question.held_until is None:
        return
    yield Due(at=question.held_until, command=Lapse(question=question.id))
    if question.with_staff or Reminder.CLAIM_ENDS in question.reminded:
        return
    early_ms = (policy.claim_minutes - policy.claim_warning_minutes) * MINUTE_MS
    yield Due(at=question.held_until - early_ms, command=Remind(question=question.id, what=Reminder.CLAIM_ENDS))


def _reply_timers(question: Question, policy: Policy) -> Iterator[Due]:
    """Whom a question back did not reach cannot be late with the reply."""
    asked_back = question.answers[-1] if question.answers else None
    expire = Expire(question=question.id)
    if asked_back is not None and asked_back.delivered_at is None:
        unreachable_since = asked_back.undelivered_at or question.since
        yield _after(question, expire, policy.undelivered_pays_days * DAY_MS, since=unreachable_since)
        return
    yield from _remind(question, Reminder.REPLY_AWAITED, policy.reply_reminder_hours * HOUR_MS)
    yield _after(question, expire, policy.reply_expires_hours * HOUR_MS)


def _text_timers(question: Question, policy: Policy) -> Iterator[Due]:
    """Texts that wait for a reviewer or could not be delivered: staff hear of them, whatever the state."""
    for text in question.answers:
        if text.delivered_at is not None:
            continue
        if text.release_at is None:
            yield from _remind(
                question, Reminder.REVIEW_AWAITED, policy.review_staff_minutes * MINUTE_MS, since=text.at
            )
        elif text.undelivered_at is not None and not (question.state is State.SOLVED and text.kind is Kind.ANSWER):
            staff_ms = policy.undelivered_staff_minutes * MINUTE_MS
            yield from _remind(question, Reminder.UNDELIVERED, staff_ms, since=text.undelivered_at)


def _answer_timers(question: Question, policy: Policy) -> Iterator[Due]:
    answer = question.answer
    if answer is None:
        return
    if answer.delivered_at is not None:
        yield from _remind(
            question, Reminder.VERDICT_AWAITED, policy.verdict_reminder_hours * HOUR_MS, since=answer.delivered_at
        )
        silence = Silence(question=question.id)
        yield _after(question, silence, policy.silence_hours * HOUR_MS, since=answer.delivered_at)
    elif answer.undelivered_at is not None:
        pay = PayRest(question=question.id)
        yield _after(question, pay, policy.undelivered_pays_days * DAY_MS, since=answer.undelivered_at)


def _lasting_timers(question: Question, policy: Policy) -> Iterator[Due]:
    """Timers that run whatever the state: those of texts, an escalation's, and those after the end."""
    if question.state in SENDING:
        yield from _text_timers(question, policy)
    escalation = question.escalation
    if escalation is not None and escalation.stands_until is not None:
        yield Due(at=escalation.stands_until, command=Stand(question=question.id))
    if escalation is not None and escalation.went_at is not None and not escalation.decided:
        confirm_at = escalation.went_at + policy.undecided_hours * HOUR_MS
        yield Due(at=confirm_at, command=Confirm(question=question.id))
    mature_at = matures_at(question, policy)
    if mature_at is not None:
        yield Due(at=mature_at, command=Mature(question=question.id))
    if question.state is State.SOLVED and question.solved_at is not None and not question.settled:
        yield Due(at=question.solved_at + policy.settle_days * DAY_MS, command=Settle(question=question.id))


def _remind(question: Question, what: Reminder, after_ms: int, since: int | None = None) -> Iterator[Due]:
    if what not in question.reminded:
        yield _after(question, Remind(question=question.id, what=what), after_ms, since)


def _after(question: Question, command: QuestionCommand, after_ms: int, since: int | None = None) -> Due:
    start = question.since if since is None else since
    return Due(at=start + after_ms + question.grace_ms, command=command)


def on_time(command: QuestionCommand, question: Question, context: Context) -> bool:
    """Whether the clock's command is really due: one that was overtaken by events does nothing."""
    assert context.category is not None
    timers = [
        *_state_timers(question, context.policy, context.category),
        *_lasting_timers(question, context.policy),
    ]
    return any(timer.command == command and timer.at <= context.now for timer in timers)


def hand_over(command: HandOver, question: Question, context: Context) -> Decision:
    if context.category is None or context.category.open_to_experts:
        return refuse(command, Reason.TOO_EARLY)
    return Step(to_staff(question, context.now), Outcome.WITH_STAFF)


def remind(command: Remind, question: Question, context: Context) -> Decision:
    if not on_time(command, question, context):
        return refuse(command, Reason.TOO_EARLY)
    return Step(replace(question, reminded=(*question.reminded, command.what)))


def silence(command: Silence, question: Question, context: Context) -> Decision:
    return _ends_unconfirmed(command, question, context)


def pay_rest(command: PayRest, question: Question, context: Context) -> Decision:
    return _ends_unconfirmed(command, question, context)


def _ends_unconfirmed(command: Silence | PayRest, question: Question, context: Context) -> Decision:
    answer = question.answer
    if answer is None or not on_time(command, question, context):
        return refuse(command, Reason.TOO_EARLY)
    solved = enter(question, State.SOLVED, context.now, solved_at=context.now, confirmed=False)
    return Step(settle_money(solved, answer, context, Pocket.PAYABLE))


def expire(command: Expire, question: Question, context: Context) -> Decision:
    if not on_time(command, question, context):
        return refuse(command, Reason.TOO_EARLY)
    if question.holder is not None and not question.with_staff:
        fee = context.policy.kill_fee_percent
        question = pay_part(question, question.holder, fee, context.policy, context.now, "no-reply")
    closed = enter(refund(question), State.CLOSED, context.now, closed_as=CloseReason.NO_REPLY)
    return Step(closed)


def mature(command: Mature, question: Question, context: Context) -> Decision:
    if not on_time(command, question, context):
        return refuse(command, Reason.TOO_EARLY)
    return Step(mature_payments(question, context.now))


def settle(command: Settle, question: Question, context: Context) -> Decision:
    if not on_time(command, question, context):
        return refuse(command, Reason.TOO_EARLY)
    return Step(replace(question, settled=True))


def postpone(command: Postpone, question: Question, context: Context) -> Decision:
    if command.by_ms <= 0:
        return Step(question, Outcome.NOTHING)
    moved = replace(question, grace_ms=question.grace_ms + command.by_ms)
    if moved.held_until is not None:
        moved = replace(moved, held_until=moved.held_until + command.by_ms)
    escalation = moved.escalation
    if escalation is not None and escalation.stands_until is not None:
        moved = replace(moved, escalation=replace(escalation, stands_until=escalation.stands_until + command.by_ms))
    return Step(moved)
