"""People who press buttons on a platform, and the time until a bot has acknowledged."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed by `user`; `says` is what is on it."""

    user: str
    says: str


class Line(Protocol):
    """One way to a bot."""

    async def press(self, press: Press) -> None:
        """Returns when the bot has acknowledged. Raises AssertionError when it did something else."""


@dataclass(slots=True)
class Tally:
    """How often something has happened."""

    count: int = 0
    _wanted: int = 0
    _enough: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self) -> None:
        self.count += 1
        if self.count >= self._wanted:
            self._enough.set()

    async def reached(self, times: int) -> None:
        """Returns when it has happened so often, since the start. One at a time may wait."""
        self._wanted, self._enough = times, asyncio.Event()
        if self.count < times:
            await self._enough.wait()


async def timed(
    line: Line, presses: Iterator[Press], in_flight: int, rest_seconds: float = 0.0
) -> tuple[float, list[float]]:
    """So many people, each pressing one button after the other; the seconds it took, and the milliseconds of each."""
    took: list[float] = []

    async def person() -> None:
        for press in presses:
            if rest_seconds:
                await asyncio.sleep(rest_seconds)
            began = time.perf_counter()
            await line.press(press)
            took.append((time.perf_counter() - began) * 1_000)

    began = time.perf_counter()
    async with asyncio.timeout(60):
        await asyncio.gather(*(person() for _ in range(in_flight)))
    return time.perf_counter() - began, took
