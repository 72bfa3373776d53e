"""What customers change afterwards in their own messages, where they stand: other words, or none."""

from dataclasses import replace

from bot.change import Outcome, Reason, Refusal
from bot.commands import Reply, Reword, TakeBack, Withdraw
from bot.decide.asking import reply, withdraw
from bot.decide.context import Context
from bot.decide.steps import Decision, Step, blank, refuse, unsent
from bot.model import Kind, Message, Question, State

_NOBODYS = frozenset({State.HELD, State.OPEN, State.ESCALATED})


def reword(command: Reword, question: Question, context: Context) -> Decision:
    """Words that nobody has answered yet are replaced. Once a text went out in answer to them they stay, since it
    would make no sense beside others, and the new ones are a further reply."""
    message = _own(command, context)
    if isinstance(message, Refusal):
        return message
    person, words = context.actor.person, command.words
    if message.redacted or words.text.strip() == message.text.strip():
        return Step(question, Outcome.NOTHING)
    if person is not None and person.blocked:
        return refuse(command, Reason.BLOCKED)
    if not words.text.strip():
        return refuse(command, Reason.EMPTY)
    if len(words.text) > context.policy.question_chars_max:
        return refuse(command, Reason.TOO_LONG, limit=context.policy.question_chars_max)
    more_than_thanks = message.kind is Kind.THANKS and not command.thanks
    if more_than_thanks or _was_answered(question, message, context):
        further = Reply(question=question.id, words=words, thanks=command.thanks, source=message.source)
        return reply(further, question, context)
    revised = replace(message, text=words.text, shown_text=words.shown_text, revision=message.revision + 1)
    return Step(question, Outcome.DONE, (revised,))


def take_back_words(command: TakeBack, question: Question, context: Context) -> Decision:
    """The words go, in every copy. A question that nobody has begun to work on goes with them."""
    message = _own(command, context)
    if isinstance(message, Refusal):
        return message
    if message.redacted:
        return Step(question, Outcome.NOTHING)
    if message.kind is Kind.QUESTION and question.state in _NOBODYS and not question.answers:
        withdrawn = withdraw(Withdraw(question=question.id), question, context)
        assert isinstance(withdrawn, Step), "a question that nobody holds can be withdrawn"
        return replace(withdrawn, messages=(blank(message),))
    return Step(question, Outcome.DONE, (blank(message),))


def _own(command: Reword | TakeBack, context: Context) -> Message | Refusal:
    message = context.texts.get(command.message)
    if message is None or message.author != context.actor.id:
        return refuse(command, Reason.NO_SUCH_MESSAGE)
    return message


def _was_answered(question: Question, message: Message, context: Context) -> bool:
    """Whether a text went out to the customer after these words."""
    kept = unsent(question, context.now)
    return any(each.message > message.number and each not in kept for each in question.answers)
