"""A question and everything about it that is not words."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.files import Attachment
from bot.model.ids import CategoryName, PersonId, Place, QuestionId
from bot.model.money import Payment, Unit
from bot.model.words import Kind


class State(StrEnum):
    """Where a question is in its life; `bot.lifecycle` says how it gets from one to the next."""

    HELD = "held"  # staff look first
    OPEN = "open"
    CLAIMED = "claimed"
    WAITING = "waiting"  # for the customer
    REVIEW = "review"  # a text awaits approval
    ANSWERED = "answered"
    ESCALATED = "escalated"  # with staff
    SOLVED = "solved"
    CLOSED = "closed"


class Complaint(StrEnum):
    """The four ways to say "not yet"."""

    DID_NOT_WORK = "did-not-work"
    NOT_UNDERSTOOD = "not-understood"
    OTHER_TOPIC = "other-topic"
    SOMEONE_ELSE = "someone-else"


class EscalationReason(StrEnum):
    NEEDS_ACCOUNT = "needs-account"
    BUG = "bug"
    POLICY = "policy"
    ABUSE = "abuse"
    SAFETY = "safety"
    OTHER = "other"


class CloseReason(StrEnum):
    SPAM = "spam"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    NO_REPLY = "no-reply"
    ABUSE = "abuse"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A text that goes, or went, to the customer; `message` is its number in the conversation.

    Before `release_at` its author can undo it. `delivered_at` and `undelivered_at` are the courier's report. `flagged`
    is the number of the newest message that calls it bad.
    """

    message: int
    author: PersonId
    at: int
    by_staff: bool = False
    release_at: int | None = None  # None while it awaits review
    delivered_at: int | None = None
    undelivered_at: int | None = None
    reviewer: PersonId | None = None
    rejected: bool = False
    kind: Kind = Kind.ANSWER  # CLARIFY and CORRECTION go the same way, but are not answers
    undelivered_why: str = ""
    flagged: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Handed to staff by an expert. It stands until `stands_until`, when a master may veto; None: it went at once."""

    by: PersonId
    at: int
    reason: EscalationReason
    message: int
    stands_until: int | None = None
    went_at: int | None = None
    decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All times are integer milliseconds UTC; amounts are minor units of `unit`.

    `since` is when the present state began; `with_staff` means replies, rejections and reopening stay with staff
    until they hand it back; `reminded` are the reminders already said in this state, whose
    deadlines move by `grace_ms` (the length of downtimes); `messages` is the highest
    message number in use.
    """

    id: QuestionId
    customer: PersonId
    category: CategoryName
    language: str
    origin: Place  # where answers go
    state: State
    since: int
    asked_at: int
    unit: Unit
    bounty: int
    messages: int = 0
    answers: tuple[Answer, ...] = ()
    files: tuple[Attachment, ...] = ()

    holder: PersonId | None = None
    claimed_at: int | None = None
    held_until: int | None = None
    extensions: int = 0
    passed: tuple[PersonId, ...] = ()

    offered: bool = False  # experts have seen its card
    staffed: bool = False  # staff have seen its card
    asks_staff: bool = False  # somebody flagged or appealed, and staff have not acted on it yet
    with_staff: bool = False
    escalation: Escalation | None = None
    rejections: int = 0
    reminded: tuple[str, ...] = ()
    grace_ms: int = 0
    why_held: tuple[str, ...] = ()

    escrow: int = 0
    payments: tuple[Payment, ...] = ()
    solved_at: int | None = None
    confirmed: bool = False
    settled: bool = False
    ways_tried: tuple[Place, ...] = ()  # where the customer could not be reached
    revision: int = 0  # one more with every change
    closed_as: CloseReason | None = None
    duplicate_of: QuestionId | None = None

    @property
    def answer(self) -> Answer | None:
        """The newest answer that stands: not rejected by the customer."""
        return next((each for each in reversed(self.answers) if each.kind is Kind.ANSWER and not each.rejected), None)

    def answer_numbered(self, message: int) -> Answer | None:
        return next((each for each in self.answers if each.message == message), None)

    def file_numbered(self, number: int) -> Attachment | None:
        return next((each for each in self.files if each.number == number), None)
