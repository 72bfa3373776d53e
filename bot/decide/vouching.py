"""What a platform says about people: who they are, and what its own lists make of them."""

import re
from dataclasses import replace
from typing import Final

from bot.commands import Introduce, Vouch
from bot.model import UNNAMED, Expert, Person, Standing

_TIMEZONE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_TIMEZONE_CHARS_MAX: Final = 64


def vouch(command: Vouch, person: Person) -> Person:
    """The product's own list is stronger, and a list takes away no more than it gave.

    A suspension is untouched, and so is whoever stopped by their own word. Of two lists the one with the higher role
    counts; a rank that was earned never falls.
    """
    return replace(_vouched_staff(command, person), expert=_vouched_expert(command, person.expert))


def introduce(command: Introduce, person: Person, free_name: str) -> Person:
    """Fills in what nobody has said yet. `free_name` is the name in a form that no other member has."""
    named = replace(person, name=free_name) if command.name and free_name and is_unnamed(person) else person
    timezone = fit_timezone(command.timezone) if person.timezone == "UTC" else person.timezone
    return replace(named, home=person.home or command.home, timezone=timezone)


def is_unnamed(person: Person) -> bool:
    """Whether their name was made up, because they were mentioned before they ever spoke."""
    return re.fullmatch(rf"{UNNAMED}(?: \d+)?", person.name) is not None


def fit_timezone(said: str) -> str:
    """The name of a time zone as it was said, UTC when it cannot be one."""
    return said if len(said) <= _TIMEZONE_CHARS_MAX and _TIMEZONE.fullmatch(said) else "UTC"


def _vouched_staff(command: Vouch, person: Person) -> Person:
    own_list = person.staff is not None and not person.staff_from
    by_this = person.staff is not None and person.staff_from == command.by
    if own_list:
        return person
    if command.staff is None:
        return replace(person, staff=None, staff_from="") if by_this else person
    higher = person.staff is None or command.staff.height > person.staff.height
    return replace(person, staff=command.staff, staff_from=command.by) if by_this or higher else person


def _vouched_expert(command: Vouch, expert: Expert | None) -> Expert | None:
    if expert is None:
        return Expert(rank=command.rank, enrolled_from=command.by) if command.rank is not None else None
    if expert.standing is Standing.SUSPENDED or not expert.enrolled_from:
        return expert
    if command.rank is None:
        gone = expert.enrolled_from == command.by
        return replace(expert, standing=Standing.LEFT) if gone else expert
    rank = max(expert.rank, command.rank, key=lambda each: each.height)
    if expert.standing is Standing.LEFT:
        return replace(expert, standing=Standing.ACTIVE, rank=rank, enrolled_from=command.by)
    return replace(expert, rank=rank) if expert.enrolled_from == command.by else expert
