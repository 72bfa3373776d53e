"""Deciding whether two people are one, and what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.change import Change, Reason, Refusal
from bot.commands import Link
from bot.decide.context import Context
from bot.decide.person import is_member
from bot.decide.vouching import is_unnamed
from bot.model import Expert, Person, Place, StaffRole, Standing, direct_place
from bot.policy import HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Both as they are afterwards: `kept` is everybody they were, `gone` is nobody by themselves any more."""

    kept: Change[Person]
    gone: Change[Person]


def decide_link(command: Link, person: Person, context: Context, wrong_codes: Sequence[int]) -> Joined | Refusal:
    """`person` says the code of `context.named`, who stays. `wrong_codes` is when `person` said wrong ones in the last
    hour (milliseconds UTC).

    Whoever has the higher role makes the code: talked into saying a stranger's, they would make the stranger staff.
    """
    most = context.policy.wrong_codes_per_hour_max
    maker = context.named
    if len(wrong_codes) >= most:
        return Refusal(command=command, reason=Reason.TOO_MANY_CODES, at=wrong_codes[-most] + HOUR_MS, limit=most)
    if maker is None:
        return Refusal(command=command, reason=Reason.NO_SUCH_CODE, limit=context.policy.link_code_minutes)
    if maker.id == person.id:
        return Refusal(command=command, reason=Reason.OWN_CODE, person=person.id)
    if _height(person.staff) > _height(maker.staff):
        return Refusal(command=command, reason=Reason.STAFF_CODE, person=person.id)
    gone = replace(person, expert=None, staff=None, staff_from="", home=None)
    return Joined(
        kept=_change(replace(command, person=maker.id), maker, join(maker, person), context),
        gone=_change(command, person, gone, context),
    )


def join(kept: Person, other: Person) -> Person:
    """One person out of two. What limits them survives, so that nobody is rid of a suspension or a block by it."""
    own_role = kept.staff is not None and _height(kept.staff) >= _height(other.staff)
    staff, staff_from = (kept.staff, kept.staff_from) if own_role else (other.staff, other.staff_from)
    if kept.staff == other.staff and not (kept.staff_from and other.staff_from):
        staff_from = ""  # the product's own list is the stronger source
    return replace(
        kept,
        name=_name(kept, other),
        timezone=other.timezone if kept.timezone == "UTC" else kept.timezone,
        home=kept.home or _home(kept, other),
        expert=_expert(kept.expert, other.expert),
        staff=staff,
        staff_from=staff_from,
        blocked=kept.blocked or other.blocked,
    )


def _height(role: StaffRole | None) -> int:
    return -1 if role is None else role.height


def _name(kept: Person, other: Person) -> str:
    """A customer's name, which may be their own, never becomes the name under which an expert answers."""
    if is_member(other) and not is_member(kept):
        return other.name
    return other.name if is_unnamed(kept) and not is_member(kept) else kept.name


def _home(kept: Person, other: Person) -> Place | None:
    """The web names a person by their id, which is another one now."""
    on_the_web = other.home == direct_place("web", other.id)
    return direct_place("web", kept.id) if on_the_web else other.home


def _expert(kept: Expert | None, other: Expert | None) -> Expert | None:
    if kept is None or other is None:
        return kept or other
    both = (kept, other)
    suspended = next((each for each in both if each.standing is Standing.SUSPENDED), None)
    active = any(each.standing is Standing.ACTIVE for each in both)
    breaks = [each.paused_until for each in both if each.paused_until is not None]
    everything = not (kept.categories and other.categories)
    return replace(
        kept,
        rank=max(both, key=lambda each: each.rank.height).rank,
        categories=() if everything else tuple(dict.fromkeys((*kept.categories, *other.categories))),
        standing=suspended.standing if suspended else Standing.ACTIVE if active else Standing.LEFT,
        why_standing=suspended.why_standing if suspended else "",
        paused_until=max(breaks, default=None),
        lapsed_at=tuple(sorted((*kept.lapsed_at, *other.lapsed_at))),
        reviews=max(both, key=lambda each: len(each.reviews)).reviews,
        enrolled_from=_source(kept, other),
    )


def _source(kept: Expert, other: Expert) -> str:
    """The list that holds them: the product's own is the strongest, then that of the higher rank. One that they left
    holds nobody."""
    there = [each for each in (kept, other) if each.standing is not Standing.LEFT] or [kept, other]
    if any(not each.enrolled_from for each in there):
        return ""
    return max(there, key=lambda each: each.rank.height).enrolled_from


def _change(command: Link, before: Person, after: Person, context: Context) -> Change[Person]:
    return Change(command=command, actor=context.actor, at=context.now, before=before, after=after)
