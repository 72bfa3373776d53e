"""Whom Slack's own lists make staff or experts: user groups and channels, followed as people come and go."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from adapters.slack.calling import Refused
from adapters.slack.office import Office
from adapters.slack.people import Member
from bot.model import Rank, StaffRole
from bot.ports import Hear, PlatformTrouble, Vouched

log = structlog.get_logger(__name__)

PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class List:
    """A user group (S...) or a channel (C...), and what being on it makes of somebody."""

    id: str
    staff: StaffRole | None = None
    rank: Rank | None = None

    @property
    def is_group(self) -> bool:
        return self.id.startswith("S")


@dataclass(slots=True, kw_only=True)
class Roster:
    """`_on` are the people of each list as the core was last told. `_turn`: of two readings of a list the older one
    must not be told last."""

    office: Office
    _on: dict[str, frozenset[str]] = field(default_factory=dict)
    _told: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def lists(self) -> tuple[List, ...]:
        settings = self.office.settings
        named = (
            List(settings.staff_group, staff=settings.staff_role),
            List(settings.staff_channel, staff=settings.staff_role),
            List(settings.expert_group, rank=settings.expert_rank),
            List(settings.expert_channel, rank=settings.expert_rank),
        )
        return tuple(each for each in named if each.id)

    async def refresh(self, hear: Hear, only: str = "") -> bool:
        """Ask Slack who is on the lists, and tell the core what changed; whether all could be read.

        A list that cannot be read stays as it was, and so does whoever cannot be looked up.
        """
        whole = True
        async with self._turn:
            for each in self.lists:
                if only in ("", each.id):
                    whole = await self._refresh(each, hear) and whole
        return whole

    async def _refresh(self, each: List, hear: Hear) -> bool:
        try:
            on = await self._members(each)
        except (Refused, PlatformTrouble) as trouble:
            log.warning("list not read", workspace=self.office.settings.name, list=each.id, trouble=str(trouble))
            return False
        return await self._tell(each, on, hear)

    async def _members(self, each: List) -> frozenset[str]:
        if each.is_group:
            answer = await self.office.calls.call("usergroups.users.list", usergroup=each.id)
            return frozenset(answer.get("users") or ())
        found: set[str] = set()
        cursor: str | None = None
        while True:
            answer = await self.office.calls.call("conversations.members", channel=each.id, limit=PAGE, cursor=cursor)
            found.update(answer.get("members") or ())
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return frozenset(found)

    async def _tell(self, each: List, on: frozenset[str], hear: Hear) -> bool:
        by = self._name(each)
        told = self._on.get(each.id)
        before = told if told is not None else await self._vouched_before(by)
        # Somebody on a list of staff can become a guest, so they are looked at every time.
        look_at = on | before if each.staff or told is None else on ^ before
        members = {user: await self.office.people.member(user) for user in sorted(look_at)}
        unknown = {user for user, member in members.items() if not member.known}
        fit = {user for user in on if user not in members or _may_be(members[user], each)}
        for user in sorted(fit - (told or frozenset()) - unknown):
            await self._vouch(members[user], by, hear, staff=each.staff, rank=each.rank)
        for user in sorted(before - fit - (unknown & on)):
            await self._vouch(members[user], by, hear)
        self._on[each.id] = frozenset((fit - unknown) | (before & unknown))
        return not unknown

    async def _vouch(
        self, member: Member, by: str, hear: Hear, *, staff: StaffRole | None = None, rank: Rank | None = None
    ) -> None:
        self._told += 1
        await hear(
            Vouched(
                key=f"slack/roster/{by}/{member.user}/{self.office.now()}/{self._told}",
                who=member.identity,
                by=by,
                name=member.name,
                place=self.office.people.home(member.user),
                timezone=member.timezone,
                staff=staff,
                rank=rank,
            )
        )

    async def _vouched_before(self, by: str) -> frozenset[str]:
        """Whom the list had made something when we last ran."""
        views = self.office.views
        people = [*await views.people(staff=True), *await views.people(experts=True)]
        found: set[str] = set()
        for person in people:
            if by in (person.staff_from, person.expert.enrolled_from if person.expert else ""):
                found.update(each.external for each in await views.identities(person.id) if each.platform == "slack")
        return frozenset(found)

    def _name(self, each: List) -> str:
        return f"slack:{self.office.people.own_team}:{each.id}"

    async def changed(self, event: Mapping[str, Any], hear: Hear) -> None:
        """Somebody joined or left a group or channel."""
        named = str(event.get("subteam_id") or (event.get("subteam") or {}).get("id") or event.get("channel") or "")
        if any(named == each.id for each in self.lists):
            await self.refresh(hear, only=named)


def _may_be(member: Member, each: List) -> bool:
    """Outsiders are experts when our own list names them, and never staff by a list of Slack's."""
    return not member.bot and not (member.guest and each.staff)
