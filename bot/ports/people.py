"""What adapters hand in: sentences, questions and lines, each with the key of the event that brought it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.card import Card, Choice, Form
from bot.change import Actor, Receipt
from bot.commands import Command
from bot.model import FileId, Identity, Place, QuestionId, Rank, StaffRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it arrived: `name` as its owner called it, `content` its bytes. What it is, is read off the bytes.

    One that is larger than the policy allows need not be fetched: `size_bytes` then says how large it is.
    """

    name: str
    content: bytes = b""
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """Somebody who was named by a sign of the platform, and may never have spoken here."""

    who: Identity
    name: str = ""
    place: Place | None = None
    timezone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A sentence somebody said: typed, or carried by a button or a form.

    `key` is the platform's own id of the event, prefixed by the platform, so that the same event twice has one
    effect; `question` is the one whose thread it was said in; `values` are a form's entries by name. `place` is where
    the speaker alone reads. `mentions` are people named by a sign of the platform, by that sign. `guest` is somebody
    whom the platform itself calls an outsider: a guest account, or a member of another company. Never staff here.
    `hurried` says that the platform waits for nothing but that it was taken: see `Reply.whole`.
    """

    key: str
    who: Identity
    sentence: str
    name: str = ""
    question: QuestionId | None = None
    place: Place | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    mentions: Mapping[str, Mentioned] = field(default_factory=dict)
    timezone: str = ""
    guest: bool = False
    hurried: bool = False
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A customer's new question. `known` are values of the customer to mask: (kind, value) such as ("email", ...).

    `origin` is the place where answers go. An empty `category` means the first that fits. `source` is the message
    that these words were, where they stay on their platform and can be changed there.
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
    source: Place | None = None
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """A customer's further line on their question: words, never a command."""

    key: str
    who: Identity
    question: QuestionId
    text: str
    source: Place | None = None
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """Plain words, said to the product alone or in a place where customers ask: what they mean is for the core to say.

    `question` is the one whose thread they stand in. `choice` is the sentence of a button that carried them (see
    `Button.carries`): "ask", or "reply Q7K3".
    """

    key: str
    who: Identity
    text: str
    origin: Place
    name: str = ""
    source: Place | None = None
    question: QuestionId | None = None
    choice: str = ""
    category: str = ""
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """The message `source`, which carried a customer's words, was changed on its platform by its author."""

    key: str
    who: Identity
    source: Place
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TookBack:
    """The message `source`, which carried a customer's words, was deleted on its platform."""

    key: str
    source: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What a platform's own lists make of a person: `by` names the list ("slack:T1:S0123", a user group or a channel).

    No `staff` and no `rank` means that the person is no longer on it. What the product's own list says is stronger.
    """

    key: str
    who: Identity
    by: str
    name: str = ""
    place: Place | None = None
    timezone: str = ""
    staff: StaffRole | None = None
    rank: Rank | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the actor alone is told, at once. `receipt` is None for things that were only read (help, queue).

    `news` is the part of it that no post tells them: what became of files that were not taken.

    Who was in a hurry (`Heard.hurried`) may get a blank card, as soon as the receipt is durable: `whole` has the words.
    """

    card: Card
    receipt: Receipt | None = None
    news: Card | None = None
    rest: Callable[[], Awaitable["Reply"]] | None = field(default=None, compare=False)

    async def whole(self) -> "Reply":
        """The reply with its words, whether they were made already or not."""
        return self if self.rest is None else await self.rest()


Hearable = Heard | Asked | Wrote | Direct | Reworded | TookBack | Vouched
Hear = Callable[[Hearable], Awaitable[Reply | Form]]


class Desk(Protocol):
    """What an adapter may ask on behalf of a person, beside what it hears from them. Nothing here needs a key."""

    async def offer(self, who: Identity, question: QuestionId) -> Card | None:
        """What this person could do with a line they just wrote in the question's thread, as buttons that carry it;
        None when there is nothing."""

    async def typing(self, who: Identity, question: QuestionId, verb: str, text: str) -> Card | None:
        """Keeps what somebody is writing as their draft; what the customer would get, for verbs that reach one."""

    async def home(self, who: Identity, *, guest: bool = False) -> tuple[Card, ...]:
        """The person's own page, part by part: what they hold, have begun and have earned; for staff their inbox,
        unless they are a `guest`, as in `Heard`."""

    async def asking(self) -> Form:
        """The form by which a customer asks; sending it says "ask" with the entries "words" and perhaps "category"."""

    async def suggest(
        self, who: Identity, kind: str, typed: str, verb: str = "", guest: bool = False
    ) -> tuple[Choice, ...]:
        """What this person could mean while they type, the likeliest first: at most 25, with labels and values of at
        most 100 characters. Nothing is checked by it, and whoever is unknown gets nothing but where to ask.

        `kind` is "question" (for `verb`, where they could say it), "category", "categories" (several, the last of them
        being typed), "person" (an expert, for staff), "setting" or "verb"; `verb` may be "ask". `guest` is as in
        `Heard`."""

    async def content(self, file: FileId) -> bytes:
        """The bytes of a file that a card shows. Raises LookupError when they are gone."""

    async def report(self, where: Place, why: str = "") -> None:
        """Tells staff, elsewhere, that the platform lets us into these places no more (`why` is a stable word), or,
        without a reason, that it does again. `where` begins the places: "slack:acme"."""

    async def taken(self, key: str) -> bool:
        """Whether an act with this key was carried out or refused already."""

    async def recall(self, name: str) -> str | None:
        """What the adapter kept under this name, over any restart."""

    async def keep(self, name: str, value: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A command with its cause: `key` makes it happen once."""

    key: str
    actor: Actor
    command: Command
