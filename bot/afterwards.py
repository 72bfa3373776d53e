"""Acknowledgements first: what people are shown after their acts waits until nobody is in the middle of one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

QUIET_SECONDS: Final = 0.005
WAIT_SECONDS_MAX: Final = 1.0
AT_ONCE: Final = 4


@dataclass(slots=True)
class Afterwards:
    """A platform takes an act as failed when its acknowledgement needs 3 seconds; showing what came of it can wait.

    Nobody notices a few milliseconds. While many act at once, up to a second is waited, and then the two take turns.
    """

    _acting: int = 0
    _quiet_at: float = 0.0  # by the event loop's clock, while nobody acts
    _idle: asyncio.Event = field(default_factory=asyncio.Event)
    _lanes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def __post_init__(self) -> None:
        self._idle.set()

    @contextmanager
    def act(self) -> Iterator[None]:
        """Somebody waits for an acknowledgement."""
        self._acting += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._acting -= 1
            if not self._acting:
                self._quiet_at = asyncio.get_running_loop().time() + QUIET_SECONDS
                self._idle.set()

    async def show(self, doing: Callable[[], Awaitable[None]]) -> None:
        """Do it once it is quiet, a few at a time; raises what it raises."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + WAIT_SECONDS_MAX
        async with self._lanes:
            if self._acting or loop.time() < self._quiet_at:
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(latest):
                        await self._quiet()
            await doing()

    async def _quiet(self) -> None:
        loop = asyncio.get_running_loop()
        while self._acting or loop.time() < self._quiet_at:
            await self._idle.wait()
            await asyncio.sleep(self._quiet_at - loop.time())
