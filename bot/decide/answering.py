"""Texts on their way to the customer: answer, ask back, correct, undo, review, deliver."""

from collections.abc import Collection
from dataclasses import replace

from bot.change import Draft, Outcome, Reason, Refusal
from bot.commands import (
    Approve,
    Clarify,
    Correct,
    Delivered,
    Reminder,
    Revise,
    SendAnswer,
    SendNow,
    TryNow,
    Undelivered,
    Undo,
)
from bot.decide.context import Context, qualifies
from bot.decide.steps import (
    Decision,
    Step,
    add,
    change_answer,
    enter,
    hold,
    no_longer_standing,
    refuse,
    send,
    take_back,
    taken_from_holder,
    unsent,
)
from bot.market.pay import fill, pay_escalation, refund
from bot.model import Answer, Audience, Kind, Message, Place, Question, Rank, Standing, State, Words, is_direct
from bot.policy import DAY_MS, SECOND_MS

# What may be meant well goes to a reviewer; the rest of the objections are refused with what to change.
DOUBTFUL = frozenset({"refund-promise", "link", "insult", "impersonation"})
# Why a way to a customer is closed for good, so that another one of theirs is used: stable words of `Blocked`.
CLOSED_WAYS = frozenset(
    {"closed", "not-allowed", "slack-no-direct", "discord-no-direct", "no-such-address", "channel-gone", "thread-gone"}
)


def answer(command: SendAnswer, question: Question, context: Context) -> Decision:
    objection = _text_objection(command, command.words, question, context)
    if objection:
        return objection
    if not _as_expert(context):
        return _staff_answer(command, question, context)
    question, messages, drafts = replace_unsent(question, context, kinds=(Kind.ANSWER,))
    review = _needs_review(command.words, question, context)
    step = send(question, command.words, context, kind=Kind.ANSWER, review=review)
    state = State.REVIEW if review else State.ANSWERED
    after = enter(step.after, state, context.now, held_until=None)
    return replace(step, after=after, messages=(*messages, *step.messages), drafts=(*step.drafts, *drafts))


def _staff_answer(command: SendAnswer, question: Question, context: Context) -> Decision:
    """Staff answer from any state; whoever worked on it is paid for that, and an escalation proves right."""
    question = taken_from_holder(question, context, by=context.person)
    question = settle_escalation(question, context)
    question, messages, drafts = replace_unsent(question, context)
    step = send(refund(question), command.words, context, kind=Kind.ANSWER)
    after = enter(
        step.after, State.ANSWERED, context.now, holder=context.person, held_until=None, with_staff=True, why_held=()
    )
    return replace(step, after=after, messages=(*messages, *step.messages), drafts=(*step.drafts, *drafts))


def settle_escalation(question: Question, context: Context) -> Question:
    """Answering what an expert escalated confirms that it was right to."""
    escalation = question.escalation
    if escalation is None or escalation.went_at is None or escalation.decided:
        return question
    # Should the bounty have gone to somebody else meanwhile, the company puts it in once more for the fee.
    decided = fill(replace(question, escalation=replace(escalation, decided=True)))
    return pay_escalation(decided, context.policy, context.now)


def replace_unsent(
    question: Question, context: Context, kinds: Collection[Kind] = tuple(Kind)
) -> tuple[Question, tuple[Message, ...], tuple[Draft, ...]]:
    """Texts that the customer does not have make way, and are their authors' drafts again."""
    messages: tuple[Message, ...] = ()
    drafts: tuple[Draft, ...] = ()
    for text in unsent(question, context.now):
        if text.kind in kinds:
            step = take_back(question, text, context)
            question, messages, drafts = step.after, (*messages, *step.messages), (*drafts, *step.drafts)
    return question, messages, drafts


def clarify(command: Clarify, question: Question, context: Context) -> Decision:
    objection = _text_objection(command, command.words, question, context, shortest=1)
    if objection:
        return objection
    review = _as_expert(context) and _needs_review(command.words, question, context, sampled=False)
    step = send(question, command.words, context, kind=Kind.CLARIFY, review=review)
    state = State.REVIEW if review else State.WAITING
    return replace(step, after=enter(no_longer_standing(step.after), state, context.now, held_until=None))


def correct(command: Correct, question: Question, context: Context) -> Decision:
    named = question.answer_numbered(command.message)
    if named is None:
        return refuse(command, Reason.NO_SUCH_MESSAGE)
    if named.delivered_at is None:
        return refuse(command, Reason.STALE)
    expert = context.actor.person.expert if context.actor.person is not None else None
    if expert is not None and expert.standing is Standing.SUSPENDED and not _is_staff(context):
        return refuse(command, Reason.SUSPENDED)
    if not _is_staff(context) and context.now - named.delivered_at > context.policy.correction_days * DAY_MS:
        return refuse(command, Reason.TOO_LATE, at=named.delivered_at)
    objection = _text_objection(command, command.words, question, context, shortest=1)
    if objection:
        return objection
    review = not _is_staff(context) and _needs_review(command.words, question, context, sampled=False)
    step = send(question, command.words, context, kind=Kind.CORRECTION, review=review)
    return step if review else replace(step, outcome=Outcome.CORRECTION)


def _text_objection(
    command: SendAnswer | Clarify | Correct,
    words: Words,
    question: Question,
    context: Context,
    *,
    shortest: int | None = None,
) -> Refusal | None:
    """What stands against this text. Staff may say what they please, within the size."""
    policy, length = context.policy, len(words.text.strip())
    if not length:
        return refuse(command, Reason.EMPTY)
    if length > policy.answer_chars_max:
        return refuse(command, Reason.TOO_LONG, limit=policy.answer_chars_max)
    if _is_staff(context):
        return None
    assert context.category is not None
    shortest = context.category.answer_chars_min if shortest is None else shortest
    if length < shortest:
        return refuse(command, Reason.TOO_SHORT, limit=shortest)
    claimed_ms = context.now - question.claimed_at if question.claimed_at is not None else None
    if length >= policy.essay_chars and claimed_ms is not None and claimed_ms < policy.essay_seconds * SECOND_MS:
        return refuse(command, Reason.TOO_FAST, limit=policy.essay_seconds)
    plain_wrong = tuple(each for each in words.objections if each not in DOUBTFUL and each != "too-short")
    if plain_wrong:
        return refuse(command, Reason.OBJECTIONABLE, names=plain_wrong)
    return None


def _needs_review(words: Words, question: Question, context: Context, *, sampled: bool = True) -> bool:
    person, category = context.actor.person, context.category
    assert person is not None
    assert category is not None
    # Whoever may no longer answer here can still put right what they sent, under somebody's eyes.
    if (
        not _as_expert(context)
        or person.expert is None
        or person.expert.rank is Rank.APPRENTICE
        or set(words.objections) & DOUBTFUL
    ):
        return True
    # Drawn from the question's number and the policy's version: nothing random below the shell.
    draw = (question.id * 7919 + category.version * 104_729) % 100
    return sampled and draw < category.review_percent


def _as_expert(context: Context) -> bool:
    person = context.actor.person
    return person is not None and qualifies(person, context.category)


def _is_staff(context: Context) -> bool:
    return context.actor.person is not None and context.actor.person.staff is not None


def undo(command: Undo, question: Question, context: Context) -> Decision:
    text = question.answer_numbered(command.message)
    if text is None:
        return refuse(command, Reason.NO_SUCH_MESSAGE)
    gone = text.delivered_at is not None or text.release_at is not None
    if gone and (text.release_at is None or text.release_at <= context.now):
        return refuse(command, Reason.TOO_LATE, at=text.delivered_at or text.release_at)
    step = take_back(question, text, context)
    return replace(step, after=back_to_author(step.after, text, context))


def back_to_author(question: Question, text: Answer, context: Context) -> Question:
    """The question once `text` was taken out of it: its author's claim, or answered by what they sent before."""
    if text.kind is Kind.CORRECTION or question.state not in (State.REVIEW, State.WAITING, State.ANSWERED):
        return question
    earlier, claimed_at = question.answer, question.claimed_at
    arrived = earlier is not None and earlier.delivered_at is not None and earlier.author == text.author
    if arrived and earlier is not None and earlier.at >= (claimed_at or 0):
        reminded = question.reminded if question.state is State.ANSWERED else (Reminder.VERDICT_AWAITED,)
        return enter(question, State.ANSWERED, context.now, reminded=reminded)
    claimed = hold(question, text.author, context, as_staff=text.by_staff)
    # Taking a text back does not restart the time that counts as work.
    return replace(claimed, claimed_at=claimed_at or claimed.claimed_at)


def send_now(command: SendNow, question: Question, context: Context) -> Decision:
    text = question.answer_numbered(command.message)
    if text is None:
        return refuse(command, Reason.NO_SUCH_MESSAGE)
    if text.release_at is None:
        return refuse(command, Reason.WRONG_STATE)
    if text.delivered_at is not None or text.release_at <= context.now:
        return refuse(command, Reason.TOO_LATE, at=text.delivered_at or text.release_at)
    return Step(change_answer(question, text.message, release_at=context.now), Outcome.SENDING)


def approve(command: Approve, question: Question, context: Context) -> Decision:
    text = _under_review(command, question, context)
    if isinstance(text, Refusal):
        return text
    message = context.texts[text.message]
    messages: tuple[Message, ...] = ()
    if command.words is not None and command.words.text.strip() not in ("", message.text.strip()):
        edited = command.words
        messages = (replace(message, text=edited.text, shown_text=edited.shown_text, revision=message.revision + 1),)
    release_at = context.now + context.policy.undo_seconds * SECOND_MS
    after = change_answer(question, text.message, release_at=release_at, reviewer=context.person)
    if question.state is State.REVIEW:
        after = enter(after, State.WAITING if text.kind is Kind.CLARIFY else State.ANSWERED, context.now)
    return Step(after, Outcome.SENDING, messages)


def revise(command: Revise, question: Question, context: Context) -> Decision:
    text = _under_review(command, question, context)
    if isinstance(text, Refusal):
        return text
    if not command.words.text.strip():
        return refuse(command, Reason.EMPTY)
    step = take_back(question, text, context)
    after, reason = add(step.after, command.words, context, kind=Kind.REASON, audience=Audience.PERSON, to=text.author)
    after = back_to_author(after, text, context)
    return replace(step, after=after, outcome=Outcome.RETURNED, messages=(*step.messages, reason))


def _under_review(command: Approve | Revise, question: Question, context: Context) -> Answer | Refusal:
    text = question.answer_numbered(command.message)
    if text is None:
        return refuse(command, Reason.NO_SUCH_MESSAGE)
    if text.release_at is not None:
        return refuse(command, Reason.STALE)
    if text.author == context.person:
        return refuse(command, Reason.NOT_ALLOWED)
    return text


def delivered(command: Delivered, question: Question, context: Context) -> Decision:
    text = question.answer_numbered(command.message)
    if text is None or text.delivered_at is not None:
        return Step(question, Outcome.NOTHING)
    after = change_answer(question, text.message, delivered_at=context.now, undelivered_at=None, undelivered_why="")
    if question.state is State.WAITING and text.kind is Kind.CLARIFY:
        after = enter(after, State.WAITING, context.now)
    if question.state is State.ANSWERED and text.kind is Kind.ANSWER:
        # The customer's time to judge begins; a correction does not begin it anew.
        after = replace(after, reminded=(), grace_ms=0)
    return Step(after)


def undelivered(command: Undelivered, question: Question, context: Context) -> Decision:
    text = question.answer_numbered(command.message)
    if text is None or text.delivered_at is not None:
        return Step(question, Outcome.NOTHING)
    if text.undelivered_at is not None and text.undelivered_why == command.why:
        return Step(question, Outcome.NOTHING)
    way = _other_way(command, question, context)
    if way is not None:
        tried = (*question.ways_tried, question.origin)
        there = change_answer(question, text.message, undelivered_at=None, undelivered_why="")
        return Step(replace(there, origin=way, ways_tried=tried), Outcome.SENDING)
    since = text.undelivered_at if text.undelivered_at is not None else context.now
    return Step(change_answer(question, text.message, undelivered_at=since, undelivered_why=command.why))


def _other_way(command: Undelivered, question: Question, context: Context) -> Place | None:
    """Somewhere else where this customer reads alone, when the way they asked by is closed; each is tried once."""
    if command.why not in CLOSED_WAYS:
        return None
    tried = {*question.ways_tried, question.origin}
    return next((each for each in context.other_ways if each not in tried and is_direct(each)), None)


def try_now(command: TryNow, question: Question, context: Context) -> Decision:
    text = question.answer_numbered(command.message)
    if text is None:
        return refuse(command, Reason.NO_SUCH_MESSAGE)
    if text.delivered_at is not None:
        return refuse(command, Reason.TOO_LATE, at=text.delivered_at)
    if text.undelivered_at is None:
        return refuse(command, Reason.NOTHING_TO_DECIDE)
    return Step(question, Outcome.SENDING)
