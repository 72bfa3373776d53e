"""Who the people of Discord are: names, roles by server, and whether Discord itself calls them outsiders."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from adapters.discord.calling import Calls, Refused
from adapters.discord.places import home
from bot.model import Identity, Place
from bot.ports import PlatformTrouble

KNOWN_MAX: Final = 20_000
IS_GUEST: Final = 1 << 4  # flag of a member: https://docs.discord.com/developers/resources/guild
NOT_THERE: Final = (10007, 10013)  # unknown member, unknown user

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody on Discord; `guild` is the server that the rest was read in, "" for nobody's (a direct message).

    `roles` are ids; `pending` says that they have not agreed to the server's rules yet; `known` is False for whoever
    Discord could not be asked about, `gone` True for whoever is not in that server.
    """

    user: str
    name: str = ""
    guild: str = ""
    roles: frozenset[str] = frozenset()
    pending: bool = False
    guest: bool = False
    bot: bool = False
    known: bool = True
    gone: bool = False

    @property
    def identity(self) -> Identity:
        """One person, whatever the server: Discord's ids of people are the same everywhere."""
        return Identity(platform="discord", workspace="", external=self.user)

    @property
    def home(self) -> Place:
        return home(self.user)


class People:
    """Looks people up, and keeps what was found for `known_seconds`."""

    def __init__(self, calls: Calls, *, known_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._known_seconds = known_seconds
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, Member]] = {}

    async def member(self, user: str, guild: str = "") -> Member:
        """Who that is in that server; without one only their name is known."""
        at, known = self._known.get((guild, user), (0.0, None))
        if known is not None and self._clock() - at < self._known_seconds:
            return known
        found = await self._looked_up(user, guild)
        if found.known:
            self._keep(found)
            return found
        return known or found

    async def _looked_up(self, user: str, guild: str) -> Member:
        try:
            if not guild:
                return member_of({}, await self._calls.call("GET", "/users/{user_id}", user_id=user), "")
            answer = await self._calls.call("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild, user_id=user)
            return member_of(answer, answer.get("user") or {"id": user}, guild)
        except Refused as refusal:
            if refusal.code in NOT_THERE:
                return Member(user=user, guild=guild, gone=True)
            log.warning("person not looked up", trouble=str(refusal))
        except PlatformTrouble as trouble:
            log.warning("person not looked up", trouble=str(trouble))
        return Member(user=user, guild=guild, known=False)

    def seen(self, payload: Mapping[str, Any]) -> Member:
        """Whoever did something, as the event itself tells: with their roles, when it happened in a server."""
        member = payload.get("member") or {}
        user = payload.get("author") or member.get("user") or payload.get("user") or {}
        found = member_of(member, user, str(payload.get("guild_id") or ""))
        if found.guild and member:  # the history names people without their roles
            self._keep(found)
        return found

    def _keep(self, found: Member) -> None:
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        self._known[found.guild, found.user] = (self._clock(), found)

    def forget(self, user: str, guild: str) -> None:
        """Something about this person has changed."""
        self._known.pop((guild, user), None)

    async def names(self, users: tuple[str, ...], guild: str = "") -> Mapping[str, str]:
        """What those people are called, by their ids."""
        return {user: (await self.member(user, guild)).name for user in users}


def member_of(member: Mapping[str, Any], user: Mapping[str, Any], guild: str) -> Member:
    """From Discord's member and user objects."""
    called = member.get("nick") or user.get("global_name") or user.get("username") or ""
    return Member(
        user=str(user["id"]),
        name=str(called),
        guild=guild,
        roles=frozenset(map(str, member.get("roles") or ())),
        pending=bool(member.get("pending")),
        guest=bool(int(member.get("flags") or 0) & IS_GUEST),
        bot=bool(user.get("bot")),
    )
