"""What a decision says: a change with its outcome, or a refusal with its reason; and who decided and when."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, TypeVar

from bot.commands import Command
from bot.model import Category, Message, Person, PersonId, Question, QuestionId

S = TypeVar("S", Question, Person, Category)


class Machine(StrEnum):
    """Actors that are not people."""

    CLOCK = "clock"
    COURIER = "courier"
    INTEGRATION = "integration"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person, a machine, or a program acting for a person (an integration that asks for a customer).

    A `guest` acts from an account that the platform calls an outsider's, and is never staff there.
    """

    person: Person | None = None
    machine: Machine | None = None
    guest: bool = False

    @property
    def id(self) -> PersonId | None:
        return self.person.id if self.person else None


class Outcome(StrEnum):
    """How a command ended, where it can end in more than one way; DONE where it cannot."""

    DONE = "done"
    OPENED = "opened"  # with the experts
    HELD = "held"  # staff look first
    WITH_STAFF = "with-staff"
    SENDING = "sending"  # on its way to the customer, can be undone
    REVIEW = "review"  # somebody approves it first
    CORRECTION = "correction"  # reaches the customer as a correction
    THANKS = "thanks"
    STANDS = "stands"  # an escalation that a master may still veto
    RETURNED = "returned"  # back with the same expert
    NOTHING = "nothing"  # already so: nothing changed and nothing is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text its author has not sent; an empty one forgets the draft, or only one that reads like `sent`."""

    person: PersonId
    text: str = ""
    sent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Generic[S]):
    """`messages` are texts that this change adds or revises; the journal keeps their numbers, never their words.

    `drafts` are texts that go back to their authors, or are forgotten because they were sent.
    """

    command: Command
    actor: Actor
    at: int
    before: S | None
    after: S
    outcome: Outcome = Outcome.DONE
    messages: tuple[Message, ...] = ()
    drafts: tuple[Draft, ...] = ()


class Reason(StrEnum):
    """Why not. Each has one sentence in the wording, which says what to do next."""

    NOT_FOUND = "not-found"
    NOT_ALLOWED = "not-allowed"  # not by you
    NOT_STAFF = "not-staff"
    NOT_EXPERT = "not-expert"
    WRONG_STATE = "wrong-state"  # not now
    ALREADY_TAKEN = "already-taken"
    ALREADY_YOURS = "already-yours"
    OWN_QUESTION = "own-question"
    SOMEONE_ELSE = "someone-else"  # the customer asked for another expert
    TOO_MANY_CLAIMS = "too-many-claims"
    SUSPENDED = "suspended"
    RANK_TOO_LOW = "rank-too-low"
    CATEGORY_OFF = "category-off"
    CATEGORY_UNKNOWN = "category-unknown"
    CATEGORY_EXISTS = "category-exists"
    NO_MORE_EXTENSIONS = "no-more-extensions"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    EMPTY = "empty"
    TOO_FAST = "too-fast"
    OBJECTIONABLE = "objectionable"  # `names` lists what stands against sending it
    TOO_LATE = "too-late"
    STALE = "stale"  # names an answer that is no longer the one it was about
    TOO_EARLY = "too-early"  # a timer that is not due; never shown to people
    TOO_MANY_OPEN = "too-many-open"
    BLOCKED = "blocked"
    NO_SUCH_PERSON = "no-such-person"
    NO_SUCH_MESSAGE = "no-such-message"
    NO_SUCH_FILE = "no-such-file"
    NOT_A_PICTURE = "not-a-picture"  # only a picture has an unreadable copy
    BAD_AMOUNT = "bad-amount"
    BAD_SETTING = "bad-setting"
    BAD_NAME = "bad-name"
    NAME_TAKEN = "name-taken"
    NO_SUCH_CODE = "no-such-code"  # of somebody's other identity
    OWN_CODE = "own-code"
    TOO_MANY_CODES = "too-many-codes"
    STAFF_CODE = "staff-code"  # the code of somebody with a lower role
    NOTHING_TO_DECIDE = "nothing-to-decide"


MENDABLE: Final = frozenset(
    {
        Reason.TOO_SHORT,
        Reason.TOO_LONG,
        Reason.EMPTY,
        Reason.TOO_FAST,
        Reason.OBJECTIONABLE,
        Reason.BAD_AMOUNT,
        Reason.BAD_SETTING,
        Reason.BAD_NAME,
        Reason.NAME_TAKEN,
        Reason.NO_SUCH_PERSON,
        Reason.CATEGORY_UNKNOWN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A person's mistake, or bad luck, as a value. `person` is who it is about (the one who was quicker)."""

    command: Command
    reason: Reason
    question: QuestionId | None = None
    person: PersonId | None = None
    at: int | None = None  # a moment the sentence needs: when it was taken, until when it is paused
    limit: int | None = None  # the number that was exceeded or not reached
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A timer: the command the clock will send, and when (milliseconds UTC)."""

    at: int
    command: Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a command, in numbers and ids: remembered under the event's key and said again for a repeat.

    Exactly one of `outcome` and `reason` is set. `message` is the number of the text it added, if any. For a
    refusal `person`, `at`, `limit` and `names` are those of `Refusal`; `before` and `after` are states.
    """

    verb: str
    question: QuestionId | None = None
    outcome: Outcome | None = None
    reason: Reason | None = None
    actor: PersonId | None = None
    message: int | None = None
    before: str | None = None
    after: str | None = None
    person: PersonId | None = None
    at: int | None = None
    limit: int | None = None
    names: tuple[str, ...] = ()
    args: dict[str, str | int] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return self.reason is not None

    @property
    def mendable(self) -> bool:
        """Whether it was refused for what stands in it: a form can stay open, and a change to its text helps."""
        return self.reason in MENDABLE
