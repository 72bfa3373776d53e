"""The rules: one command, one subject, one context in; a change or a refusal out."""

from bot.change import Change, Refusal
from bot.commands import Approve, Command, Lapse, NoteLapse, NoteReview, Revise
from bot.decide.category import decide_category
from bot.decide.context import Context, qualifies, roles
from bot.decide.person import decide_person
from bot.decide.question import decide_question, may
from bot.decide.settings import SETTINGS, BadSetting, amount, set_field
from bot.decide.timing import due
from bot.model import Question

__all__ = [
    "SETTINGS",
    "BadSetting",
    "Change",
    "Context",
    "Refusal",
    "amount",
    "decide_category",
    "decide_person",
    "decide_question",
    "due",
    "follow_ups",
    "may",
    "qualifies",
    "roles",
    "set_field",
]


def follow_ups(change: Change[Question]) -> tuple[Command, ...]:
    """What a change of a question does to people, decided in the same transaction."""
    before = change.before
    match change.command:
        case Lapse() if before is not None and before.holder is not None and not before.with_staff:
            return (NoteLapse(person=before.holder),)
        case Approve(message=number) | Revise(message=number) if before is not None:
            text = before.answer_numbered(number)
            if text is None:
                return ()
            unchanged = isinstance(change.command, Approve) and not change.messages
            return (NoteReview(person=text.author, unchanged=unchanged),)
        case _:
            return ()
