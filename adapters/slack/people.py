"""Who the people of a workspace are: names, time zones, and whether Slack itself calls them outsiders."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from adapters.slack.calling import Calls, Refused
from adapters.slack.places import Spot
from bot.model import Identity, Place
from bot.ports import PlatformTrouble

KNOWN_FOR_SECONDS: Final = 3_600.0
KNOWN_MAX: Final = 20_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody on Slack. `team` is the workspace they come from, which in a shared channel may be another one.

    `guest` is a guest account or somebody of another company (Slack Connect). `known` is False for whoever Slack
    could not be asked about: the rest is then what their event said, or a guess.
    """

    team: str
    user: str
    name: str = ""
    timezone: str = ""
    guest: bool = False
    bot: bool = False
    known: bool = True

    @property
    def identity(self) -> Identity:
        return Identity(platform="slack", workspace=self.team, external=self.user)


class People:
    """Looks people up once an hour. `own_team` is the id of the workspace that the app is installed in."""

    def __init__(
        self, calls: Calls, workspace: str, *, clock: Callable[[], float] = time.monotonic, own_team: str = ""
    ) -> None:
        self._calls = calls
        self._workspace = workspace
        self._clock = clock
        self._known: dict[str, tuple[float, Member]] = {}
        self.own_team = own_team
        self.own_enterprise = ""

    async def member(self, user: str, *, team: str = "", name: str = "") -> Member:
        """Who that is. `team` and `name` are what the event itself says, for when Slack cannot be asked.

        Whoever cannot be looked up counts as an outsider when the event names another team, and is nobody's staff
        until Slack answers.
        """
        at, known = self._known.get(user, (0.0, None))
        if known is not None and self._clock() - at < KNOWN_FOR_SECONDS:
            return known
        try:
            answer = await self._calls.call("users.info", user=user)
        except (Refused, PlatformTrouble) as trouble:
            log.warning("person not looked up", workspace=self._workspace, trouble=str(trouble))
            return known or Member(team=team or self.own_team, user=user, name=name, guest=True, known=False)
        found = self._read(answer["user"], name)
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        self._known[user] = (self._clock(), found)
        return found

    async def names(self, users: tuple[str, ...]) -> Mapping[str, str]:
        """What those people are called, by their ids."""
        return {user: (await self.member(user)).name for user in users}

    def forget(self, user: str) -> None:
        """Something about this person has changed."""
        self._known.pop(user, None)

    def home(self, user: str) -> Place:
        """Where this person alone reads."""
        return Spot(self._workspace, user=user).place

    def _read(self, user: Mapping[str, Any], name: str) -> Member:
        profile = user.get("profile") or {}
        team = str(user.get("team_id") or self.own_team)
        enterprise = (user.get("enterprise_user") or {}).get("enterprise_id", "")
        same_company = team == self.own_team or bool(enterprise and enterprise == self.own_enterprise)
        outsider = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
        called = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
        return Member(
            team=team,
            user=str(user["id"]),
            name=str(called or name),
            timezone=str(user.get("tz") or ""),
            guest=bool(outsider) or not same_company,
            bot=bool(user.get("is_bot")),
        )
