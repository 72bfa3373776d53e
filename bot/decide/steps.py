"""The small moves that decisions are made of: entering a state, adding a text, taking a question from its holder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.change import Draft, Outcome, Reason, Refusal
from bot.commands import QuestionCommand
from bot.decide.context import Context
from bot.lifecycle.hours import staffed_from
from bot.market.pay import pay_part
from bot.model import Answer, Audience, Kind, Message, PersonId, Question, State, Words
from bot.policy import MINUTE_MS, SECOND_MS


@dataclass(frozen=True, slots=True)
class Step:
    """What a verb makes of a question: half a `Change`."""

    after: Question
    outcome: Outcome = Outcome.DONE
    messages: tuple[Message, ...] = ()
    drafts: tuple[Draft, ...] = ()


Decision = Step | Refusal


def refuse(command: QuestionCommand, reason: Reason, **more: Any) -> Refusal:
    return Refusal(command=command, reason=reason, question=command.question, **more)


# Where an escalation can stand, and where a text can be on its way or under review.
STANDING = frozenset({State.OPEN, State.CLAIMED, State.WAITING})
SENDING = frozenset({State.REVIEW, State.WAITING, State.ANSWERED, State.SOLVED})


def enter(question: Question, state: State, now: int, **more: Any) -> Question:
    """The question in that state from now on, with nothing said in it yet."""
    question = question if state in STANDING else no_longer_standing(question)
    fresh: Mapping[str, Any] = {"state": state, "since": now, "reminded": (), "grace_ms": 0, **more}
    return replace(question, **fresh)


def hold(question: Question, person: PersonId, context: Context, *, as_staff: bool) -> Question:
    """Claimed by that person from now on: an expert for 15 minutes, staff for 4 staffed hours.

    Where experts may no longer answer, staff get it instead of an expert.
    """
    now, policy = context.now, context.policy
    assert context.category is not None
    if not as_staff and not context.category.open_to_experts:
        return to_staff(question, now)
    if as_staff:
        until = staffed_from(context.category.staff_hours, now, policy.staff_claim_staffed_minutes)
    else:
        until = now + policy.claim_minutes * MINUTE_MS
    return enter(
        question,
        State.CLAIMED,
        now,
        holder=person,
        claimed_at=now,
        held_until=until,
        extensions=0,
        with_staff=as_staff,
        passed=tuple(each for each in question.passed if each != person),
    )


def let_go(question: Question, context: Context) -> Question:
    """Back to everyone, or to staff when it is theirs or no expert may claim it."""
    assert context.category is not None
    if question.with_staff or not context.category.open_to_experts:
        return to_staff(question, context.now)
    return enter(question, State.OPEN, context.now, holder=None, claimed_at=None, held_until=None)


def to_staff(question: Question, now: int, **more: Any) -> Question:
    more = {"with_staff": True, "holder": None, "claimed_at": None, "held_until": None, **more}
    return enter(question, State.ESCALATED, now, **more)


def add(
    question: Question,
    words: Words,
    context: Context,
    *,
    kind: Kind,
    audience: Audience = Audience.EVERYONE,
    to: PersonId | None = None,
) -> tuple[Question, Message]:
    """The question with one more message, and the message."""
    number = question.messages + 1
    message = Message(
        question=question.id,
        number=number,
        author=context.actor.id,
        kind=kind,
        audience=audience,
        text=words.text,
        shown_text=words.shown_text,
        at=context.now,
        to=to,
    )
    return replace(question, messages=number), message


def send(question: Question, words: Words, context: Context, *, kind: Kind, review: bool = False) -> Step:
    """A text on its way to the customer: released after the undo time, or kept for review.

    The author's draft is forgotten, since the text is now a message; a question back or a correction leaves the
    draft of an answer alone.
    """
    question, message = add(question, words, context, kind=kind)
    release_at = None if review else context.now + context.policy.undo_seconds * SECOND_MS
    by_staff = context.actor.person is not None and context.actor.person.staff is not None
    answer = Answer(
        message=message.number,
        author=context.person,
        at=context.now,
        by_staff=by_staff,
        release_at=release_at,
        kind=kind,
    )
    after = replace(question, answers=(*question.answers, answer))
    outcome = Outcome.REVIEW if review else Outcome.SENDING
    sent = None if kind is Kind.ANSWER else words.text
    return Step(after, outcome, (message,), (Draft(person=context.person, sent=sent),))


def no_longer_standing(question: Question) -> Question:
    """An escalation that nobody acted on yet falls away when somebody with the say takes the question."""
    standing = question.escalation is not None and question.escalation.stands_until is not None
    return replace(question, escalation=None) if standing else question


def change_answer(question: Question, message: int, **more: Any) -> Question:
    answers = tuple(replace(each, **more) if each.message == message else each for each in question.answers)
    return replace(question, answers=answers)


def unsent(question: Question, now: int) -> tuple[Answer, ...]:
    """Texts that the customer does not have: under review, still to be released, or reported as not delivered."""
    return tuple(each for each in question.answers if each.delivered_at is None and not _under_way(each, now))


def _under_way(answer: Answer, now: int) -> bool:
    return answer.release_at is not None and answer.release_at <= now and answer.undelivered_at is None


def drop(question: Question, answer: Answer) -> Question:
    return replace(question, answers=tuple(each for each in question.answers if each.message != answer.message))


def take_back(question: Question, answer: Answer, context: Context) -> Step:
    """An unsent text leaves the conversation and becomes its author's draft again."""
    message = context.texts[answer.message]
    return Step(
        drop(question, answer), messages=(blank(message),), drafts=(Draft(person=answer.author, text=message.text),)
    )


def take_back_all(step: Step, context: Context) -> Step:
    """A text waits only while the question is in a state in which somebody can let it go."""
    if step.after.state in SENDING:
        return step
    for text in unsent(step.after, context.now):
        taken = take_back(step.after, text, context)
        messages, drafts = (*step.messages, *taken.messages), (*step.drafts, *taken.drafts)
        step = replace(step, after=taken.after, messages=messages, drafts=drafts)
    return step


def blank(message: Message) -> Message:
    """The message without its words; its copies follow, since its revision rises."""
    return replace(message, text="", shown_text="", redacted=True, revision=message.revision + 1)


def taken_from_holder(question: Question, context: Context, *, by: PersonId | None) -> Question:
    """Pays the holder who loses the question after having worked on it for a while (the kill fee)."""
    working = question.state in (State.CLAIMED, State.WAITING, State.REVIEW, State.ANSWERED)
    if not working or question.with_staff or question.holder in (None, by) or question.claimed_at is None:
        return question
    if context.now - question.claimed_at < context.policy.kill_fee_after_minutes * MINUTE_MS:
        return question
    assert question.holder is not None
    fee = context.policy.kill_fee_percent
    return pay_part(question, question.holder, fee, context.policy, context.now, "taken")
