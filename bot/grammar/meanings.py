"""What reading a sentence can come to, when it is not a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.grammar.slots import Slot
from bot.grammar.verbs import Sight, Verb
from bot.model import QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Something to be shown. `argument` is a verb's word for HELP, a category for QUEUE and WHO, and a person as
    written ("@bo", "p:<id>") for STATEMENT; empty means all, or oneself."""

    what: Sight
    question: QuestionId | None = None
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """A sentence that still misses something, to become a form.

    `sentence` is what was understood in numbers and ids, so that a form can carry it; everything else that was said
    stands in `values` by slot, as it was written. `missing` are the slots to ask for; one that is not required is
    there because it was asked for by name.
    """

    verb: Verb
    sentence: str
    question: QuestionId | None = None
    message: int | None = None
    missing: tuple[Slot, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


class Misheard(StrEnum):
    """Why a sentence was not understood."""

    NOTHING_SAID = "nothing-said"
    UNKNOWN_VERB = "unknown-verb"
    NO_QUESTION = "no-question"  # the verb is about a question, and none was named
    BAD_NUMBER = "bad-number"  # looks like a question's number and cannot be one
    BAD_VALUE = "bad-value"  # `slot` is which; empty when there was simply too much


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """`said` is the part that was not understood, at most 60 characters of it; `verb` and `question` are what was.

    `suggestions` are verbs (or, for a slot, its choices) that were perhaps meant, at most three; `choices` are all
    the values that the slot takes.
    """

    why: Misheard
    said: str = ""
    verb: str = ""
    question: QuestionId | None = None
    suggestions: tuple[str, ...] = ()
    slot: str = ""
    choices: tuple[str, ...] = ()
