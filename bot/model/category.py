"""A category: one object for everything staff decide about a kind of question."""

from dataclasses import dataclass, field

from bot.model.ids import CategoryName, Place
from bot.model.money import Unit
from bot.model.people import Rank

Weekday = int  # 0 is Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffHours:
    """When staff are at work: local minutes of the day, the same on each listed weekday."""

    timezone: str = "UTC"
    weekdays: tuple[Weekday, ...] = (0, 1, 2, 3, 4)
    from_minute: int = 9 * 60
    until_minute: int = 17 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """`bounty` is in minor units of `unit`; 0 with any unit makes a volunteer category.

    `private` keeps the customer's words to the claimer and staff; `review_percent` of answers by full experts
    are looked at first (an apprentice's always are); `links_allowed` are host names an answer may point to.
    """

    name: CategoryName
    title: str
    version: int = 1
    open_to_experts: bool = True
    private: bool = False
    unit: Unit = Unit("USD")
    bounty: int = 200
    answer_chars_min: int = 40
    review_percent: int = 0
    rank_min: Rank = Rank.APPRENTICE
    rank_to_escalate: Rank = Rank.APPRENTICE
    veto_allowed: bool = True
    language: str = "en"
    links_allowed: tuple[str, ...] = ()
    channels: tuple[Place, ...] = ()
    staff_channel: Place | None = None
    staff_hours: StaffHours = field(default_factory=StaffHours)
