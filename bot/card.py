"""What any platform can show: a card with fields and buttons, a line of a conversation, a form."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model import FileId


class Tone(StrEnum):
    """How much a card wants to be noticed."""

    CALM = "calm"
    FRESH = "fresh"
    BUSY = "busy"
    GOOD = "good"
    ALERT = "alert"
    DONE = "done"


class Weight(StrEnum):
    MAIN = "main"
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`sentence` is what pressing it says, in the words of the grammar: numbers and ids only, never words.

    A button that `carries` takes along, as the value "words", the message that its card is an answer to.
    """

    label: str
    sentence: str
    weight: Weight = Weight.PLAIN
    carries: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Somebody's words, to be shown inert: no markup, no links, no mentions."""

    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file to be shown or handed over. `media_type` was read off its content."""

    id: FileId
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time that each reader sees in local time; `moment_sign(n)` in a card's own texts stands for `moments[n]`."""

    at: int
    style: str = "time"  # "time" 14:09, "day" Saturday 14:09, "ago" 4 min


def moment_sign(position: int) -> str:
    """A private-use character, which cleaned text of people cannot contain."""
    return chr(0xE000 + position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`title` is one line; `body` our own sentences; `quotes` people's words; a `compact` card is one line."""

    title: str
    body: str = ""
    tone: Tone = Tone.CALM
    quotes: tuple[Quote, ...] = ()
    fields: tuple[Field, ...] = ()
    buttons: tuple[Button, ...] = ()
    footnote: str = ""
    compact: bool = False
    moments: tuple[Moment, ...] = ()
    files: tuple[Attached, ...] = ()


class Input(StrEnum):
    TEXT = "text"
    LINE = "line"
    CHOICE = "choice"
    PERSON = "person"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One input of a form; `name` is the slot of the sentence it fills."""

    name: str
    label: str
    input: Input = Input.TEXT
    choices: tuple[Choice, ...] = ()
    value: str = ""
    required: bool = True
    chars_min: int = 0
    chars_max: int = 0
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A sentence that still misses something. Submitting it says `sentence` with the entries' values."""

    title: str
    sentence: str
    entries: tuple[Entry, ...]
    submit: str
    intro: str = ""
    quotes: tuple[Quote, ...] = ()
