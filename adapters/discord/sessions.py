"""Sessions of the gateway, one after the other: resumed while that is possible, and begun anew no more often than
Discord allows."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from json import JSONDecodeError
from typing import Any, Final

import aiohttp
import discord
import structlog
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from adapters.discord.times import Times
from bot.ports import Unknown

log = structlog.get_logger(__name__)

HOUR_SECONDS: Final = 3_600.0
QUICK: Final = 5  # sessions within an hour that may begin after the shortest pause
NO_INTENT: Final = 4014  # https://docs.discord.com/developers/topics/opcodes-and-status-codes
UNREADABLE: Final = (JSONDecodeError, UnicodeError)  # nobody knows what it was
ODD: Final = (LookupError, TypeError, AttributeError, ValueError)  # the library misses what it expects
ODD_MAX: Final = 1_000  # of a session
TROUBLES: Final = (OSError, aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound)


@dataclass(slots=True, kw_only=True)
class Identifying:
    """How often a session may begin, since Discord takes back the token of a bot that does so 1,000 times a day.

    `first_seconds` is the least between two, `most_seconds` the most: with 5 and 300, a gateway that ends every
    session at once is met some 300 times a day. Times are seconds of a clock that never runs backwards.

    https://docs.discord.com/developers/events/gateway#session-start-limit
    """

    first_seconds: float
    most_seconds: float
    _begun: deque[float] = field(default_factory=deque)

    def wait_seconds(self, now: float) -> float:
        """How long the next session has to wait."""
        while self._begun and self._begun[0] <= now - HOUR_SECONDS:
            self._begun.popleft()
        if not self._begun:
            return 0.0
        pause = self.first_seconds * 2.0 ** max(0, len(self._begun) - QUICK)
        return max(0.0, self._begun[-1] + min(pause, self.most_seconds) - now)

    def begins(self, now: float) -> None:
        self._begun.append(now)


@dataclass(slots=True, kw_only=True)
class Sessions:
    """Stands in for the library's own loop (`Client.connect`). That one begins sessions every five seconds for as long
    as Discord ends them, breaks when the very first handshake fails, and comes to wait a quarter of an hour between two
    tries, saying all the while that it is ready."""

    times: Times
    identifying: Identifying = field(init=False)
    _up_at: float = 0.0  # when the session of now began or went on

    def __post_init__(self) -> None:
        times = self.times
        self.identifying = Identifying(first_seconds=times.identify_seconds, most_seconds=times.identify_seconds_max)

    async def run(self, client: discord.Client) -> None:
        """Until cancelled. Raises Unknown when Discord stays away, and what the library says of a close that is
        final."""
        known: dict[str, Any] | None = None  # the session that can be resumed
        well_at, pause, first = time.monotonic(), 0.0, True  # when there was a session last
        while True:
            if known is None:
                await self._turn(first=first)
            first, self._up_at, why = False, 0.0, "session lost"
            try:
                await self._session(client, known)
            except ReconnectWebSocket as again:
                known = _known(client.ws) if again.resume else None
            except TROUBLES as trouble:
                known, why = _known(client.ws), type(trouble).__name__
            except discord.ConnectionClosed as closed:
                if closed.code == NO_INTENT:
                    raise discord.PrivilegedIntentsRequired(closed.shard_id) from closed
                raise
            now = time.monotonic()
            if self._up_at:
                well_at = now
                pause = pause if now - self._up_at < self.times.away_seconds else 0.0
            if now - well_at > self.times.away_seconds:
                raise Unknown(why)
            await asyncio.sleep(pause)
            pause = min(max(pause * 2, self.times.again_seconds), self.times.again_seconds_max)

    async def _turn(self, *, first: bool) -> None:
        """Waits until a session may begin. Who is still taken for ready must not be for long, so that later ones leave
        the wait to the next client."""
        wait = self.identifying.wait_seconds(time.monotonic())
        if not first and wait > self.times.identify_seconds * 2:
            raise Unknown("sessions end as soon as they begin")
        await asyncio.sleep(wait)
        self.identifying.begins(time.monotonic())

    async def _session(self, client: discord.Client, known: dict[str, Any] | None) -> None:
        """Does not return."""
        try:
            async with asyncio.timeout(self.times.handshake_seconds):
                client.ws = await DiscordWebSocket.from_client(client, initial=known is None, **(known or {}))
        except UNREADABLE:
            raise
        except ODD as odd:
            raise Unknown("a greeting that cannot be read") from odd
        self._up_at = time.monotonic()
        for _ in range(ODD_MAX):
            try:
                while True:
                    await client.ws.poll_event()
            except UNREADABLE:
                raise
            except ODD as odd:  # what is in it was handed on before the library looked
                log.warning("event that the library cannot read", trouble=type(odd).__name__)
        raise Unknown("events that cannot be read")


def _known(session: DiscordWebSocket | None) -> dict[str, Any] | None:
    if session is None or not session.session_id:
        return None
    return {
        "resume": True,
        "session": session.session_id,
        "sequence": session.sequence,
        "gateway": session.gateway,
    }
