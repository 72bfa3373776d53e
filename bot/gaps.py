"""Times in which a platform's events did not arrive: what comes later waits, by channel, for what was missed."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Gaps:
    """Gaps are numbered; `last` is the newest. Nothing waits longer than `hold_seconds` in its channel."""

    hold_seconds: float
    last: int = 0
    _read: int = 0  # the newest gap after which everything was read
    _left: set[str] | None = None  # channels that are still to be read; None while nobody knows which
    _waiting: dict[str, asyncio.Event] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        """Whether everything was read after the last gap."""
        return self._read == self.last

    def begin(self) -> None:
        """There was a gap: from here on what arrives waits for what was missed before it."""
        self.last += 1
        self._left = None

    def close(self, gap: int) -> None:
        """Everything was read that was missed up to this gap."""
        self._read = gap

    async def reached(self, channel: str) -> None:
        """Returns when older messages of the channel were taken in, or when it was held for long enough."""
        if self.closed or (self._left is not None and channel not in self._left):
            return
        waiting = self._waiting.setdefault(channel, asyncio.Event())
        try:
            async with asyncio.timeout(self.hold_seconds):
                await waiting.wait()
        except TimeoutError:
            log.info("message not held any longer", channel=channel)

    def waited_for(self, channels: Iterable[str]) -> list[str]:
        """Those of the channels in which something waits."""
        among = set(channels)
        return [each for each in self._waiting if each in among]

    def release(self, gap: int, left: Iterable[str]) -> None:
        """What waits in channels that are not left to read goes on, unless there was another gap meanwhile."""
        if gap == self.last:
            self._left = set(left)
            for channel in self._waiting.keys() - self._left:
                self._waiting.pop(channel).set()
