"""What can happen to a question. Words arrive looked at (`Words`), ids and amounts as plain values."""

from dataclasses import dataclass

from bot.model import (
    CategoryName,
    CloseReason,
    Complaint,
    Enclosed,
    EscalationReason,
    PersonId,
    Place,
    QuestionId,
    Sharing,
    State,
    Words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCommand:
    """Every command about a question says which; `Ask` alone learns its number inside the transaction."""

    question: QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(QuestionCommand):
    """A new question. `triage` is the state it starts in: HELD, OPEN or ESCALATED; `why` says what was found.

    `staff_wanted` is the customer who would rather wait for staff.
    """

    customer: PersonId
    category: CategoryName
    language: str
    words: Words
    origin: Place
    triage: State = State.OPEN
    why: tuple[str, ...] = ()
    staff_wanted: bool = False
    source: Place | None = None
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit(QuestionCommand):
    """Staff let a held question through to the experts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(QuestionCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(QuestionCommand):
    """Ten more minutes for the claimer, twice at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(QuestionCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse(QuestionCommand):
    """The claim has run out; by the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass(QuestionCommand):
    """Not for me: the question is not offered to this expert again."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarify(QuestionCommand):
    """The claimer asks the customer back."""

    words: Words
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(QuestionCommand):
    """The customer writes again. `thanks` is a line that only says thank you: it moves no clock and no state."""

    words: Words
    thanks: bool = False
    source: Place | None = None
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reword(QuestionCommand):
    """The customer changed the text `message` on their platform. `thanks` as for a reply."""

    message: int
    words: Words
    thanks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(QuestionCommand):
    """The customer deleted the text `message` on their platform."""

    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAnswer(QuestionCommand):
    """The verb "answer": a text for the customer."""

    words: Words
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(QuestionCommand):
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNow(QuestionCommand):
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(QuestionCommand):
    """A reviewer lets a text through, perhaps with edits."""

    message: int
    words: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise(QuestionCommand):
    """A reviewer hands a text back to its author with a reason."""

    message: int
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(QuestionCommand):
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered(QuestionCommand):
    """The courier could not deliver; `why` is a stable word ("mailbox-full", "closed", ...).

    `retry_at` is when it tries again (milliseconds UTC), None when it does not or cannot say.
    """

    message: int
    why: str = ""
    retry_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TryNow(QuestionCommand):
    """Send the undelivered text again at once."""

    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(QuestionCommand):
    """A correction of the delivered answer `message`; it reaches the customer as one."""

    message: int
    words: Words
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped(QuestionCommand):
    """The customer says that the answer `message` solved it."""

    message: int
    words: Words | None = None  # thanks in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence(QuestionCommand):
    """72 hours without a word after delivery; by the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet(QuestionCommand):
    message: int
    complaint: Complaint
    words: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPlease(QuestionCommand):
    """The customer would rather have staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(QuestionCommand):
    """An expert hands it to staff: why, what was tried and what staff should check (in `words`)."""

    reason: EscalationReason
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand(QuestionCommand):
    """Nobody vetoed the escalation; by the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(QuestionCommand):
    """Experts may no longer claim it, since its category was closed to them: staff have it. By itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto(QuestionCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(QuestionCommand):
    """Staff take it over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(QuestionCommand):
    expert: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBack(QuestionCommand):
    """Staff give it back to the experts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(QuestionCommand):
    """The escalation was right: the expert gets the escalation pay. By staff, or by the clock after 72 hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deny(QuestionCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Override(QuestionCommand):
    """Staff answer instead of, or over, an expert; `pay_percent` of the expert's share is still paid."""

    words: Words
    reason: Words
    pay_percent: int = 100
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal(QuestionCommand):
    """Someone who was decided against asks for a second look; staff find it in their inbox."""

    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(QuestionCommand):
    """The text `message` is bad: somebody who reads it tells staff why; its author does not hear of it."""

    message: int
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise(QuestionCommand):
    """A higher bounty: the whole amount in minor units, not the difference."""

    bounty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(QuestionCommand):
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffNote(QuestionCommand):
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Redact(QuestionCommand):
    """One message is blanked in every copy."""

    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFile(QuestionCommand):
    """The customer says who may see the file of that number; the last word counts."""

    file: int
    choice: Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(QuestionCommand):
    reason: CloseReason
    duplicate_of: QuestionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(QuestionCommand):
    """The customer no longer needs an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(QuestionCommand):
    pass
