"""Wakes the pages that are open: who looks at a place is told when something there has changed."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Final, Self

# A post counts as shown once the courier has noted it, a moment after it was put: who looked too early looks again.
_ECHO_SECONDS: Final = (0.05, 0.25, 1.0)


class Changes:
    """One in-process bell per topic; a topic is a place ("web:billing") or any other name."""

    def __init__(self) -> None:
        self._listening: dict[str, set[Listening]] = {}
        self._closed = False

    def __call__(self, *topics: str) -> "Listening":
        """Listen from now on: `with changes(place) as rings: ... async for _ in rings: ...`."""
        return Listening(self, topics)

    def ring(self, topic: str) -> None:
        """Something changed there. Rings that nobody waited for melt into one."""
        for listening in self._listening.get(topic, ()):
            listening.rung.set()

    def ring_for_post(self, place: str) -> None:
        """The same for a post that is shown there in a moment."""
        if place in self._listening:
            self.ring(place)
            for seconds in _ECHO_SECONDS:
                asyncio.get_running_loop().call_later(seconds, self.ring, place)

    def close(self) -> None:
        """Ends every listener, so that open pages do not hold up the end of the program."""
        self._closed = True
        for topic in list(self._listening):
            self.ring(topic)

    @property
    def closed(self) -> bool:
        return self._closed

    def _join(self, topic: str, listening: "Listening") -> None:
        self._listening.setdefault(topic, set()).add(listening)

    def _part(self, topic: str, listening: "Listening") -> None:
        others = self._listening.get(topic, set())
        others.discard(listening)
        if not others:
            self._listening.pop(topic, None)


class Listening:
    """What one open page hears. It hears from its making on, so nothing is missed between reading and waiting."""

    def __init__(self, changes: Changes, topics: tuple[str, ...]) -> None:
        self.rung = asyncio.Event()
        self._changes = changes
        self._topics = topics
        for topic in topics:
            changes._join(topic, self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for topic in self._topics:
            self._changes._part(topic, self)

    @property
    def closed(self) -> bool:
        """Whether the program is about to end."""
        return self._changes.closed

    async def wait(self, seconds: float) -> bool:
        """True when it rang, False when it was quiet for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        except TimeoutError:
            return False
        self.rung.clear()
        return True

    async def __aiter__(self) -> AsyncIterator[None]:
        while not self._changes.closed:
            await self.rung.wait()
            self.rung.clear()
            if not self._changes.closed:
                yield
