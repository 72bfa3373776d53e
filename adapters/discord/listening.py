"""Every event of the gateway, and the part that takes it in. What fails to be taken in is logged; what was said is
looked for again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.discord.acting import Acting
from adapters.discord.acts import Act
from adapters.discord.calling import Refused
from adapters.discord.channels import Channels
from adapters.discord.hearing import Hearing
from adapters.discord.office import Office
from adapters.discord.rooms import THREADS, Room
from adapters.discord.roster import Roster
from adapters.discord.threads import Threads
from bot.ports import Hear, PlatformTrouble, StorageTrouble

log = structlog.get_logger(__name__)

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """The parts that take in what happens. `hear` gives the core's ear; `connected` is called after each beginning of
    a session, which may follow a gap, with the servers that the bot is in when Discord tells them."""

    office: Office
    acting: Acting
    hearing: Hearing
    roster: Roster
    channels: Channels
    threads: Threads
    hear: Callable[[], Hear]
    connected: Callable[[frozenset[str] | None], None]
    missed: Callable[[], None]

    async def told(self, name: str, payload: Payload) -> None:
        """An event by its name in Discord's documentation."""
        try:
            await self._told(name, payload)
        except (PlatformTrouble, Refused, StorageTrouble) as trouble:
            log.warning("not taken in", event_name=name, trouble=str(trouble))
            self._look_again(name)
        except Exception:
            log.exception("failed to take in", event_name=name)
            self._look_again(name)

    def _look_again(self, name: str) -> None:
        """Discord delivers nothing twice, but it remembers messages."""
        if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            self.missed()

    async def _told(self, name: str, payload: Payload) -> None:
        match name:
            case "INTERACTION_CREATE":
                await self.acting.act(self._act(payload), self.hear())
            case "MESSAGE_CREATE":
                await self.hearing.message(payload, self.hear())
            case "MESSAGE_UPDATE":
                await self.hearing.changed(payload, self.hear())
            case "MESSAGE_DELETE" | "MESSAGE_DELETE_BULK":
                refs = payload.get("ids") or [payload.get("id")]
                guild = str(payload.get("guild_id") or "")
                await self.hearing.deleted(str(payload["channel_id"]), guild, tuple(map(str, refs)), self.hear())
            case "READY":
                self.connected(frozenset(str(each["id"]) for each in payload.get("guilds") or ()))
            case "RESUMED":
                self.connected(None)
            case "GUILD_MEMBER_REMOVE":
                await self.roster.gone(str(payload["guild_id"]), str(payload["user"]["id"]), self.hear())
            case "GUILD_MEMBER_UPDATE":
                await self.roster.changed(self.office.people.seen({**payload, "member": payload}), self.hear())
            case _:
                await self._about_places(name, payload)

    async def _about_places(self, name: str, payload: Payload) -> None:
        if name.startswith(("CHANNEL_", "THREAD_")) and name != "THREAD_LIST_SYNC":
            self.office.rooms.told(payload)
        match name:
            case "GUILD_CREATE":
                for each in payload.get("threads") or ():
                    self.office.rooms.told(each, str(payload["id"]))
                    self.threads.told(each)
                await self.channels.joined(payload)
            case "GUILD_DELETE":
                await self.channels.left(payload)
            case "CHANNEL_DELETE":
                await self.channels.deleted(payload)
            case "CHANNEL_CREATE" | "CHANNEL_UPDATE":
                self.threads.told(payload)
                await self.channels.changed(payload)
            case "THREAD_CREATE" | "THREAD_UPDATE":
                self.threads.told(payload)

    def _act(self, payload: Payload) -> Act:
        return Act(
            id=str(payload["id"]),
            token=str(payload["token"]),
            kind=int(payload["type"]),
            data=payload.get("data") or {},
            member=self.office.people.seen(payload),
            room=self._room(payload),
            message=payload.get("message"),
        )

    def _room(self, payload: Payload) -> Room:
        channel, guild = payload.get("channel") or {}, str(payload.get("guild_id") or "")
        if channel.get("type") in THREADS and guild:
            return self.office.rooms.told(channel, guild)
        return Room(id=str(payload.get("channel_id") or channel.get("id") or ""), guild=guild)
