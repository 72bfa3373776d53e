"""The gateway's sessions: numbered events, kept for RESUME, sent in order over whatever connection the session has."""

import asyncio
import json
import random
import zlib
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from .state import Json

INTENTS: Final = {
    "guilds": 1 << 0,
    "members": 1 << 1,
    "presences": 1 << 8,
    "guild_messages": 1 << 9,
    "guild_reactions": 1 << 10,
    "dm_messages": 1 << 12,
    "dm_reactions": 1 << 13,
    "message_content": 1 << 15,
}
PRIVILEGED: Final = ("members", "presences", "message_content")
ALL_INTENTS: Final = (1 << 26) - 1
KEPT: Final = 20_000  # events a session holds for RESUME


@dataclass(slots=True, eq=False)
class Connection:
    """`silent`: TCP stays open, but nothing is sent any more, acknowledgements included, and what arrives is lost."""

    socket: web.WebSocketResponse
    request: web.Request
    compressor: Any = None
    silent: bool = False
    session: "Session | None" = None
    closing: int = 0  # the code with which the fake itself closes
    waiting: "asyncio.Queue[str | bytes | int]" = field(default_factory=asyncio.Queue)
    sends: deque[float] = field(default_factory=deque)

    def send(self, op: int, d: Any = None, *, seq: int | None = None, name: str | None = None) -> None:
        self.write(json.dumps({"op": op, "d": d, "s": seq, "t": name}))

    def write(self, text: str) -> None:
        if self.silent:
            return
        if self.compressor is None:
            self.waiting.put_nowait(text)
        else:
            self.waiting.put_nowait(self.compressor.compress(text.encode()) + self.compressor.flush(zlib.Z_SYNC_FLUSH))

    def close(self, code: int) -> None:
        """Close after everything that waits was sent; the session may be resumed, unless the code says otherwise."""
        self.closing = code
        self.waiting.put_nowait(code)

    async def carry(self) -> None:
        """Carries what waits to the socket, until a close code or the end of the connection."""
        while True:
            match await self.waiting.get():
                case int() as code:
                    await self.socket.close(code=code)
                    return
                case str() as text:
                    await self.socket.send_str(text)
                case frame:
                    await self.socket.send_bytes(frame)

    def cut(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """`left_at` is when its connection went away; None while there is one."""

    id: str
    intents: int
    shard: tuple[int, int]
    connection: Connection | None = None
    seq: int = 0
    kept: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT))
    left_at: float | None = None

    def wants(self, *names: str) -> bool:
        return not names or any(self.intents & INTENTS[name] for name in names)

    def is_for(self, guild_id: str) -> bool:
        """docs/events/gateway#sharding: (guild_id >> 22) % num_shards; direct messages go to shard 0."""
        number, count = self.shard
        return (int(guild_id) >> 22) % count == number if guild_id else number == 0

    def dispatch(self, name: str, payload: Json) -> None:
        self.seq += 1
        text = json.dumps({"op": 0, "t": name, "s": self.seq, "d": payload})
        self.kept.append((self.seq, text))
        if self.connection is not None:
            self.connection.write(text)

    def skip(self) -> None:
        """An event that is missed: it has a number, and nobody will ever see it."""
        self.seq += 1

    def replay(self, after: int) -> None:
        for seq, text in self.kept:
            if seq > after and self.connection is not None:
                self.connection.write(text)


@dataclass(slots=True, kw_only=True)
class EventFaults:
    """Shares of events that come twice, that are overtaken by later ones, that never come (RESUME included)."""

    duplicates: float = 0.0
    reorders: float = 0.0
    missed: float = 0.0
    seed: int = 0
    within_s: float = 0.2
    resumes_fail: bool = False  # every RESUME meets INVALID_SESSION
    met: Counter[str] = field(default_factory=Counter)
    _asked: int = 0

    def next(self) -> tuple[bool, float, float | None]:
        """Whether the event is missed, seconds before it goes out, seconds after it until it comes again."""
        self._asked += 1
        chance = random.Random(f"{self.seed}/{self._asked}")
        missed = chance.random() < self.missed
        late = chance.random() * self.within_s if chance.random() < self.reorders else 0.0
        again = chance.random() * self.within_s if chance.random() < self.duplicates else None
        self.met["missed"] += missed
        self.met["reordered"] += late > 0
        self.met["duplicated"] += again is not None
        return missed, late, again
