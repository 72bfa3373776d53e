"""What can happen to a person: their rank, role, pauses and name."""

from dataclasses import dataclass

from bot.model import CategoryName, PersonId, Place, Rank, StaffRole


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCommand:
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrol(PersonCommand):
    """Staff make someone an expert, or change rank and categories. No categories means all that are open."""

    rank: Rank = Rank.APPRENTICE
    categories: tuple[CategoryName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(PersonCommand):
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinstate(PersonCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(PersonCommand):
    """An expert stops; everything earned stays theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(PersonCommand):
    """No questions for `minutes`."""

    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(PersonCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours(PersonCommand):
    """Local hours, 0 to 23, in which nothing is sent unasked; equal hours mean none."""

    from_hour: int
    until_hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename(PersonCommand):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduce(PersonCommand):
    """A platform says what nobody has said yet: a name, where notices reach them, and their time zone."""

    name: str = ""
    home: Place | None = None
    timezone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouch(PersonCommand):
    """A platform's list `by` ("slack:T1:S0123") makes them staff or an expert; neither: they are not on it."""

    by: str
    staff: StaffRole | None = None
    rank: Rank | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appoint(PersonCommand):
    role: StaffRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss(PersonCommand):
    """No longer staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(PersonCommand):
    """This customer may not ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unblock(PersonCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(PersonCommand):
    """One person on two platforms: without a code they get one, with it they are joined with whoever got it."""

    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLapse(PersonCommand):
    """A claim of this expert ran out; the third in a day pauses them. Follows a lapse by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReview(PersonCommand):
    """A reviewer decided on a text of this expert. Follows an approval or revision by itself."""

    unchanged: bool
