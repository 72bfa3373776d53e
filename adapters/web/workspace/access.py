"""Who may look where in the workspace: the one rule that every load and every press is checked against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.model import Category, Person, Place, Standing

_WEB: Final = "web:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place of the workspace that several people read; `name` is its part of the address."""

    place: Place
    name: str
    title: str
    staff_only: bool = False


def may_enter(person: Person | None) -> bool:
    """Whether the workspace is for this person at all: experts, also former ones, and staff."""
    return person is not None and not person.blocked and (person.expert is not None or person.staff is not None)


def channels_for(person: Person, categories: Iterable[Category]) -> Sequence[Channel]:
    """The channels this person may read, staff channels last; a channel of several categories comes once.

    What is any category's staff channel is for staff alone, also where another category names it for everybody.
    """
    titles: dict[Place, list[str]] = {}
    staff_places: dict[Place, None] = {}
    for category in categories:
        if category.staff_channel is not None and _is_web(category.staff_channel):
            staff_places[category.staff_channel] = None
        if reads(person, category):
            for place in filter(_is_web, category.channels):
                titles.setdefault(place, []).append(category.title)
    shared = [
        Channel(place=place, name=_name(place), title=" · ".join(those))
        for place, those in titles.items()
        if place not in staff_places
    ]
    staff = [
        Channel(place=place, name=_name(place), title=_name(place).replace("-", " ").capitalize(), staff_only=True)
        for place in staff_places
    ]
    return (*shared, *staff) if person.staff is not None else tuple(shared)


def reads(person: Person, category: Category) -> bool:
    """Whether the category's cards are for this person's eyes; what they may do there is decided at each press."""
    if person.staff is not None:
        return True
    expert = person.expert
    if expert is None or expert.standing is not Standing.ACTIVE:
        return False
    return not expert.categories or category.name in expert.categories


def _is_web(place: Place | None) -> bool:
    return place is not None and place.startswith(_WEB) and not place.startswith(f"{_WEB}@")


def _name(place: Place) -> str:
    return place.removeprefix(_WEB)
