"""Whom Slack's own lists make staff or experts: user groups and channels, followed as people come and go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from adapters.slack.calling import Refused
from adapters.slack.office import Office
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
    """`_on` are the people of each list as the core was last told."""

    office: Office
    _on: dict[str, frozenset[str]] = field(default_factory=dict)
    _told: int = 0

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

    async def refresh(self, hear: Hear, only: str = "") -> None:
        """Ask Slack who is on the lists, and tell the core what changed. A list that cannot be read stays as it was."""
        for each in self.lists:
            if only in ("", each.id):
                try:
                    on = await self._members(each)
                except (Refused, PlatformTrouble) as trouble:
                    log.warning(
                        "list not read", workspace=self.office.settings.name, list=each.id, trouble=str(trouble)
                    )
                    continue
                await self._tell(each, on, hear)

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

    async def _tell(self, each: List, on: frozenset[str], hear: Hear) -> None:
        by = self._name(each)
        before = self._on.get(each.id)
        left = (before if before is not None else await self._vouched_before(by)) - on
        for user in sorted(on - (before or frozenset())):
            member = await self.office.people.member(user)
            # Outsiders are experts when our own list names them, and never staff by a list of Slack's.
            if not member.bot and not (member.guest and each.staff):
                await self._vouch(user, by, hear, staff=each.staff, rank=each.rank)
        for user in sorted(left):
            await self._vouch(user, by, hear)
        self._on[each.id] = on

    async def _vouch(
        self, user: str, by: str, hear: Hear, *, staff: StaffRole | None = None, rank: Rank | None = None
    ) -> None:
        member = await self.office.people.member(user)
        self._told += 1
        await hear(
            Vouched(
                key=f"slack/roster/{by}/{user}/{self.office.now()}/{self._told}",
                who=member.identity,
                by=by,
                name=member.name,
                place=self.office.people.home(user),
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
