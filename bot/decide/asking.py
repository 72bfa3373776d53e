"""The customer's verbs: ask, reply, say whether it helped, ask for staff, withdraw."""

from dataclasses import replace

from bot.change import Outcome, Reason, Refusal
from bot.commands import Ask, Helped, NotYet, Reply, StaffPlease, Withdraw
from bot.decide.context import Context
from bot.decide.steps import (
    Decision,
    Step,
    add,
    change_answer,
    enter,
    hold,
    let_go,
    refuse,
    taken_from_holder,
    to_staff,
)
from bot.lifecycle import Who
from bot.market.pay import fill, pay_answer, refund, reverse
from bot.model import (
    Answer,
    CloseReason,
    Complaint,
    Kind,
    Message,
    Pocket,
    Question,
    State,
)
from bot.policy import DAY_MS


def ask(command: Ask, roles: Who, context: Context) -> Decision:
    objection = _ask_objection(command, roles, context)
    if objection:
        return objection
    category = context.category
    assert category is not None
    state = command.triage
    if command.words.held:
        state = State.HELD
    elif command.staff_wanted or not category.open_to_experts:
        state = State.ESCALATED
    question = Question(
        id=command.question,
        customer=command.customer,
        category=category.name,
        language=command.language or category.language,
        origin=command.origin,
        state=state,
        since=context.now,
        asked_at=context.now,
        unit=category.unit,
        bounty=category.bounty,
        with_staff=state is State.ESCALATED,
        why_held=(*command.why, *command.words.held),
    )
    question, message = add(question, command.words, context, kind=Kind.QUESTION)
    message = replace(message, author=command.customer, source=command.source)
    match state:
        case State.OPEN:
            return Step(fill(question), Outcome.OPENED, (message,))
        case State.HELD:
            return Step(question, Outcome.HELD, (message,))
        case _:
            return Step(question, Outcome.WITH_STAFF, (message,))


def _ask_objection(command: Ask, roles: Who, context: Context) -> Refusal | None:
    policy, length = context.policy, len(command.words.text)
    if context.actor.person is not None and context.actor.person.blocked:
        return refuse(command, Reason.BLOCKED)
    if context.category is None:
        return refuse(command, Reason.CATEGORY_UNKNOWN, names=(str(command.category),))
    if not command.words.text.strip():
        return refuse(command, Reason.EMPTY)
    if length < policy.question_chars_min:
        return refuse(command, Reason.TOO_SHORT, limit=policy.question_chars_min)
    if length > policy.question_chars_max:
        return refuse(command, Reason.TOO_LONG, limit=policy.question_chars_max)
    if not roles & Who.INTEGRATION and context.open_asked >= policy.open_questions_per_customer_max:
        return refuse(command, Reason.TOO_MANY_OPEN, limit=policy.open_questions_per_customer_max)
    return None


def reply(command: Reply, question: Question, context: Context) -> Decision:
    if context.actor.person is not None and context.actor.person.blocked:
        return refuse(command, Reason.BLOCKED)
    if not command.words.text.strip() and not command.files:
        return refuse(command, Reason.EMPTY)
    if len(command.words.text) > context.policy.question_chars_max:
        return refuse(command, Reason.TOO_LONG, limit=context.policy.question_chars_max)
    kind = Kind.THANKS if command.thanks else Kind.REPLY
    question, message = add(question, command.words, context, kind=kind)
    message = replace(message, source=command.source)
    if command.thanks:
        return Step(question, Outcome.THANKS, (message,))
    if question.state is State.WAITING and not _asked_back_later(question, context):
        return Step(_back_to_holder(question, context), Outcome.RETURNED, (message,))
    if _reopens(question, context):
        return Step(_back_to_holder(replace(question, closed_as=None), context), Outcome.RETURNED, (message,))
    return Step(question, Outcome.DONE, (message,))


def _asked_back_later(question: Question, context: Context) -> bool:
    """Whether the customer wrote before the question back went out: then it is still to be answered."""
    newest = question.answers[-1] if question.answers else None
    return newest is not None and newest.release_at is not None and newest.release_at > context.now


def _reopens(question: Question, context: Context) -> bool:
    """A question closed because the customer did not reply opens again when they do."""
    recent = context.now - question.since <= context.policy.not_yet_days * DAY_MS
    return question.state is State.CLOSED and question.closed_as is CloseReason.NO_REPLY and recent


def _back_to_holder(question: Question, context: Context) -> Question:
    if question.holder is None:
        return to_staff(question, context.now) if question.with_staff else fill(let_go(question, context))
    claimed = hold(question, question.holder, context, as_staff=question.with_staff)
    claimed = replace(claimed, claimed_at=question.claimed_at)
    return claimed if question.with_staff else fill(claimed)


def helped(command: Helped, question: Question, context: Context) -> Decision:
    answer = _judged(command, question, context)
    if isinstance(answer, Refusal):
        return answer
    if question.state is State.SOLVED and question.confirmed:
        return Step(question, Outcome.NOTHING)
    messages: tuple[Message, ...] = ()
    if command.words is not None and command.words.text.strip():
        question, message = add(question, command.words, context, kind=Kind.THANKS)
        messages = (message,)
    if question.state is State.SOLVED:
        return Step(replace(question, confirmed=True), Outcome.DONE, messages)
    solved = enter(question, State.SOLVED, context.now, solved_at=context.now, confirmed=True)
    return Step(settle_money(solved, answer, context, Pocket.PENDING), Outcome.DONE, messages)


def settle_money(question: Question, answer: Answer, context: Context, pocket: Pocket) -> Question:
    """The escrow goes to those whose answer it was, or back when staff answered."""
    if answer.by_staff:
        return refund(question)
    return pay_answer(question, context.policy, context.now, pocket, reviewer_is_expert=not context.reviewer_staff)


def _judged(command: Helped | NotYet, question: Question, context: Context) -> Answer | Refusal:
    """The answer that the verdict names, if the customer has it and it is still the one that stands.

    Whoever judges an answer has it, also when the courier does not know yet that it arrived.
    """
    named = question.answer_numbered(command.message)
    if named is None:
        return refuse(command, Reason.NO_SUCH_MESSAGE)
    released = named.release_at is not None and named.release_at <= context.now
    if question.answer is None or question.answer.message != named.message:
        return refuse(command, Reason.STALE)
    if named.delivered_at is None and not released:
        return refuse(command, Reason.STALE)
    last_call = (question.solved_at or context.now) + context.policy.not_yet_days * DAY_MS
    if question.state is State.SOLVED and context.now > last_call:
        return refuse(command, Reason.TOO_LATE, at=question.solved_at)
    return named


def not_yet(command: NotYet, question: Question, context: Context) -> Decision:
    answer = _judged(command, question, context)
    if isinstance(answer, Refusal):
        return answer
    messages: tuple[Message, ...] = ()
    if command.words is not None and command.words.text.strip():
        question, message = add(question, command.words, context, kind=Kind.REPLY)
        messages = (message,)
    now, policy = context.now, context.policy
    if question.state is State.SOLVED:
        question = reverse(question, policy, now)
    question = change_answer(question, answer.message, rejected=True)
    question = replace(question, rejections=question.rejections + 1, solved_at=None, confirmed=False, settled=False)
    if question.with_staff or answer.by_staff or question.rejections >= policy.rejections_to_staff:
        return Step(to_staff(question, now), Outcome.WITH_STAFF, messages)
    if command.complaint is Complaint.SOMEONE_ELSE:
        question = replace(question, passed=(*question.passed, answer.author))
        return Step(fill(let_go(question, context)), Outcome.OPENED, messages)
    return Step(fill(hold(question, answer.author, context, as_staff=False)), Outcome.RETURNED, messages)


def staff_please(command: StaffPlease, question: Question, context: Context) -> Decision:
    if question.state is State.ESCALATED:
        return Step(question, Outcome.NOTHING)
    question = taken_from_holder(question, context, by=None)
    return Step(to_staff(question, context.now), Outcome.WITH_STAFF)


def withdraw(command: Withdraw, question: Question, context: Context) -> Decision:
    question = refund(taken_from_holder(question, context, by=None))
    return Step(enter(question, State.CLOSED, context.now, closed_as=CloseReason.WITHDRAWN, held_until=None))
