"""People: customers, experts and staff, and the identities by which platforms know them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model.ids import CategoryName, PersonId, Place

UNNAMED: Final = "Somebody"  # what people are called of whom no name is known


class Rank(StrEnum):
    """An expert's rank, in rising order of trust."""

    APPRENTICE = "apprentice"
    JOURNEYMAN = "journeyman"
    MASTER = "master"

    @property
    def height(self) -> int:
        return _HEIGHTS[self]


class StaffRole(StrEnum):
    """A member of staff's role, in rising order of power."""

    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"

    @property
    def height(self) -> int:
        return _HEIGHTS[self]


# Asked several times in each decision.
_HEIGHTS: Final[dict[Rank | StaffRole, int]] = {
    **{rank: height for height, rank in enumerate(Rank)},
    **{role: height for height, role in enumerate(StaffRole)},
}


class Standing(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """What makes a person an expert. Empty `categories` means every category that is open to experts.

    `lapsed_at` are the moments of the last day's lapses; `reviews` are the last verdicts of reviewers, True when
    the text was approved unchanged, newest last. `enrolled_from` names the platform's list that made them an expert
    ("slack:T1:S0123"), empty for the product's own list.
    """

    rank: Rank = Rank.APPRENTICE
    categories: tuple[CategoryName, ...] = ()
    standing: Standing = Standing.ACTIVE
    why_standing: str = ""
    paused_until: int | None = None
    quiet_from_hour: int = 22
    quiet_until_hour: int = 8
    lapsed_at: tuple[int, ...] = ()
    reviews: tuple[bool, ...] = ()
    enrolled_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Anybody. `name` is the pseudonym others see; `home` is where notices for this person go.

    `staff_from` names the platform's list that made them staff, empty for the product's own list.
    """

    id: PersonId
    name: str
    languages: tuple[str, ...] = ("en",)
    timezone: str = "UTC"
    home: Place | None = None
    expert: Expert | None = None
    staff: StaffRole | None = None
    staff_from: str = ""
    blocked: bool = False

    @property
    def is_crew(self) -> bool:
        """Whether they answer questions here or look after them; who has left as an expert does neither."""
        return self.staff is not None or (self.expert is not None and self.expert.standing is not Standing.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How a platform names a person: (platform, workspace, external id) belongs to one person for ever."""

    platform: str
    workspace: str
    external: str
