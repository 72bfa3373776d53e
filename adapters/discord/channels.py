"""Notices at once when a server or a channel that we work in was closed to us, and when it is open again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord
import structlog

from adapters.discord.lost import NOT_IN_SERVER, keep_lost, lost
from adapters.discord.office import Office
from adapters.discord.permissions import missing
from bot.model import Place

log = structlog.get_logger(__name__)

Payload = Mapping[str, Any]

NOT_ALLOWED: Final = "discord-permission"
DELETED: Final = "channel-gone"


@dataclass(frozen=True, slots=True)
class Channels:
    """What staff were told is kept in the database, so that it is said once, and taken back once."""

    office: Office

    async def present(self, guilds: Iterable[str]) -> None:
        """The servers that the bot is in, as a new session tells: it may have been removed while nobody listened."""
        there = frozenset(guilds)
        for each in self.office.settings.servers:
            await self._report(Place(f"discord:{each.name}"), "" if each.guild in there else NOT_IN_SERVER)

    async def joined(self, payload: Payload) -> None:
        """GUILD_CREATE: the bot was invited, or a session begins, or a server is back after an outage."""
        server = self.office.settings.server_of(str(payload["id"]))
        if server is not None and not payload.get("unavailable"):
            await self._report(Place(f"discord:{server.name}"))

    async def left(self, payload: Payload) -> None:
        """GUILD_DELETE: the bot was removed, unless Discord says that the server is only away."""
        server = self.office.settings.server_of(str(payload["id"]))
        if server is not None and not payload.get("unavailable"):
            await self._report(Place(f"discord:{server.name}"), NOT_IN_SERVER)

    async def deleted(self, payload: Payload) -> None:
        """CHANNEL_DELETE: staff learn of it elsewhere, before the first post fails."""
        place = await self._ours(payload)
        if place is not None:
            await self._report(place, DELETED)

    async def changed(self, payload: Payload) -> None:
        """CHANNEL_CREATE, CHANNEL_UPDATE: whether we may still do our work there. Asked of the library, which keeps
        roles and overwrites anyway."""
        place = await self._ours(payload)
        client = self.office.calls.client
        channel = client.get_channel(int(payload["id"])) if place is not None and client is not None else None
        if place is not None and isinstance(channel, discord.abc.GuildChannel) and channel.guild.me is not None:
            lacking = missing(channel.permissions_for(channel.guild.me).value, channel.type.value)
            if lacking:
                log.warning("permissions missing", place=place, names=[each.name for each in lacking])
            await self._report(place, NOT_ALLOWED if lacking else "")

    async def _ours(self, payload: Payload) -> Place | None:
        """The place of a channel that a category uses or where customers ask; None for any other."""
        channel, guild = str(payload["id"]), str(payload.get("guild_id") or "")
        if self.office.settings.server_of(guild) is None:
            return None
        place = self.office.place(channel, guild)
        categories = await self.office.views.categories()
        used = any(place in (*each.channels, each.staff_channel) for each in categories)
        return place if used or self.office.category(channel, guild) is not None else None

    async def _report(self, where: Place, why: str = "") -> None:
        """Once for every change: a session begins often, and tells the same each time."""
        desk = self.office.desk
        before = await lost(desk)
        if before.get(where, "") == why:
            return
        changed = {**before, where: why} if why else {place: kept for place, kept in before.items() if place != where}
        await desk.report(where, why)
        await keep_lost(desk, changed)
        log.log(30 if why else 20, "place lost" if why else "place is back", place=where, trouble=why)
