"""What adapters hand in: sentences, questions and lines, each with the key of the event that brought it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.card import Card, Form
from bot.change import Actor, Receipt
from bot.commands import Command
from bot.model import Identity, Place, QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A sentence somebody said: typed, or carried by a button or a form.

    `key` is the platform's own id of the event, prefixed by the platform, so that the same event twice has one
    effect; `question` is the one whose thread it was said in; `values` are a form's entries by name.
    """

    key: str
    who: Identity
    sentence: str
    name: str = ""
    question: QuestionId | None = None
    place: Place | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A customer's new question. `known` are values of the customer to mask: (kind, value) such as ("email", ...).

    `origin` is the place where answers go. An empty `category` means the first that fits.
    """

    key: str
    who: Identity
    text: str
    origin: Place
    name: str = ""
    category: str = ""
    language: str = ""
    known: tuple[tuple[str, str], ...] = ()
    staff_wanted: bool = False
    by_integration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """A customer's further line on their question: words, never a command."""

    key: str
    who: Identity
    question: QuestionId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the actor alone is told, at once. `receipt` is None for things that were only read (help, queue)."""

    card: Card
    receipt: Receipt | None = None


Hear = Callable[[Heard | Asked | Wrote], Awaitable[Reply | Form]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A command with its cause: `key` makes it happen once."""

    key: str
    actor: Actor
    command: Command
