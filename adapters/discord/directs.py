"""The conversations that people have with the bot alone: which channels they are."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.discord.calling import Calls
from bot.ports import Desk

DIRECTS: Final = "discord/directs"  # {user: channel} as JSON: a bot cannot ask Discord for its direct channels
KEPT_MAX: Final = 20_000


@dataclass(slots=True, kw_only=True)
class Directs:
    """Kept over restarts, by the user's id."""

    calls: Calls
    desk: Desk
    _known: dict[str, str] | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def channel(self, user: str) -> str:
        """The channel with one person, opened if need be. Raises Refused or a platform's trouble."""
        known = (await self.known()).get(user)
        if known is not None:
            return known
        answer = await self.calls.call("POST", "/users/@me/channels", json={"recipient_id": user})
        await self.told(user, str(answer["id"]))
        return str(answer["id"])

    async def known(self) -> Mapping[str, str]:
        """Every direct channel that was ever used."""
        async with self._lock:
            return await self._read()

    async def told(self, user: str, channel: str) -> None:
        """This is where that person talks with the bot."""
        async with self._lock:
            known = await self._read()
            if known.get(user) == channel:
                return
            known[user] = channel
            while len(known) > KEPT_MAX:
                known.pop(next(iter(known)))
            await self.desk.keep(DIRECTS, json.dumps(known))

    async def _read(self) -> dict[str, str]:
        if self._known is None:
            kept = json.loads(await self.desk.recall(DIRECTS) or "{}")
            self._known = {str(user): str(channel) for user, channel in kept.items()}
        return self._known
