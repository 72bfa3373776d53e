"""What can happen to a person: their rank, role, pauses and name."""

from dataclasses import dataclass

from bot.model import CategoryName, PersonId, Rank, StaffRole


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
class NoteLapse(PersonCommand):
    """A claim of this expert ran out; the third in a day pauses them. Follows a lapse by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReview(PersonCommand):
    """A reviewer decided on a text of this expert. Follows an approval or revision by itself."""

    unchanged: bool
