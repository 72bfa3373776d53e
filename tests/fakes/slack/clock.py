"""Time that the fake lives in: the real one, or one that a test lets pass."""

import asyncio
import heapq
import time
from itertools import count
from typing import Protocol, TypeVar

T = TypeVar("T")


class Time(Protocol):
    """Seconds since 1970, and waiting."""

    def now(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class RealTime:
    def now(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class HeldTime:
    """Stands still until `passes` is called; whoever sleeps wakes in the order of their times."""

    def __init__(self, start: float | None = None) -> None:
        self._now = time.time() if start is None else start
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), woken))
        await woken

    async def passes(self, seconds: float) -> None:
        """Let `seconds` go by; between two wakings real sockets get a moment to carry what was said."""
        end = self._now + seconds
        await breathe()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            if woken.done():
                continue
            self._now = max(self._now, due)
            woken.set_result(None)
            await breathe()
        self._now = end
        await breathe()


async def breathe() -> None:
    """A few real milliseconds, so that bytes already written to a loopback socket arrive."""
    for _ in range(4):
        await asyncio.sleep(0.002)


async def within(clock: Time, answer: "asyncio.Future[T]", seconds: float) -> T | None:
    """The answer if it comes within `seconds` of the clock's time, else None; the future stays alive."""
    waiting = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({answer, waiting}, return_when=asyncio.FIRST_COMPLETED)
        return answer.result() if answer.done() else None
    finally:
        waiting.cancel()
