"""Which channel a thread belongs to, and who opened it."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.discord.calling import Calls

THREADS: Final = (10, 11, 12)
FORUMS: Final = (15, 16)
ROOMS_MAX: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel. `parent` is the channel or forum of a thread, "" for a channel; `owner` who opened the thread."""

    id: str
    guild: str = ""
    parent: str = ""
    owner: str = ""
    name: str = ""
    forum: bool = False  # takes posts, and no messages

    @property
    def direct(self) -> bool:
        return not self.guild


@dataclass(slots=True)
class Rooms:
    calls: Calls
    _known: "OrderedDict[str, Room]" = field(default_factory=OrderedDict)

    async def room(self, channel: str, guild: str = "") -> Room:
        """Raises Refused or a platform's trouble when Discord has to be asked and does not tell."""
        known = self._known.get(channel)
        if known is None:
            known = self.told(await self.calls.call("GET", "/channels/{channel_id}", channel_id=channel), guild)
        return known

    def told(self, channel: Mapping[str, Any], guild: str = "") -> Room:
        """A channel as an event or an answer gives it."""
        thread = channel.get("type") in THREADS
        room = Room(
            id=str(channel["id"]),
            guild=str(channel.get("guild_id") or guild),
            parent=str(channel.get("parent_id") or "") if thread else "",
            owner=str(channel.get("owner_id") or "") if thread else "",
            name=str(channel.get("name") or ""),
            forum=channel.get("type") in FORUMS,
        )
        if not thread or room.parent:
            self._known[room.id] = room
            while len(self._known) > ROOMS_MAX:
                self._known.popitem(last=False)
        return room
