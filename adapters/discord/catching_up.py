"""After every gap: reads what was said meanwhile, so that a message missed by the gateway is late and not lost."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import structlog

from adapters.discord.hearing import Hearing
from adapters.discord.office import Json, Office
from adapters.discord.reading import Reading, Stretch, born_ms, edited_ms
from adapters.discord.times import Times
from bot.ports import Hear, PlatformTrouble, StorageTrouble, Unknown

log = structlog.get_logger(__name__)

MARK: Final = "discord/mark"
# The library notices a deaf gateway after 60 s of silence, which it looks for once a heartbeat (41 s): for 101 s the
# mark can move although nothing arrives. Discord then replays it all, or, if the session is gone, nothing. Three times
# that leaves room for what is still being taken in, and for a clock that differs from Discord's.
MARGIN_MS: Final = 300_000
FIRST_LOOK_BACK_MS: Final = 3_600_000
AT_ONCE: Final = 3  # channels; at 100 ms a page these are 30 requests a second, of the 50 a bot has for everything
TAKES_MAX: Final = 3  # of one message that cannot be taken in


@dataclass(slots=True, kw_only=True)
class CatchingUp:
    """Everything before the mark was delivered; it is kept in the database and moves while the gateway is well."""

    office: Office
    hearing: Hearing
    times: Times
    _reading: Reading = field(init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _gaps: int = 0  # how many there have been
    _closed: int = 0  # the last one after which everything was read
    _left: set[str] | None = None  # channels that are still to be read; None while nobody knows which
    _waiting: dict[str, asyncio.Event] = field(default_factory=dict)
    _failed: "Counter[tuple[str, str]]" = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._reading = Reading(office=self.office, times=self.times)

    def begin(self) -> None:
        """There was a gap, or something that arrived was not taken in: from here on what arrives waits for what was
        missed before it, and the mark stays."""
        self._gaps += 1
        self._left = None

    async def reached(self, channel: str) -> None:
        """Returns when older messages of the channel or thread were taken in, or after `hold_seconds`."""
        if self._closed == self._gaps or (self._left is not None and channel not in self._left):
            return
        waiting = self._waiting.setdefault(channel, asyncio.Event())
        try:
            async with asyncio.timeout(self.times.hold_seconds):
                await waiting.wait()
        except TimeoutError:
            log.info("message not held any longer", channel=channel)

    async def move_mark(self) -> None:
        """To be called while everything that happens is known to arrive; nothing moves before every gap was read."""
        if self._closed == self._gaps and not self._lock.locked():
            await self.office.desk.keep(MARK, str(self.office.now() - MARGIN_MS))

    async def catch_up(self, hear: Hear) -> int:
        """Takes in what was said since the mark, each channel in the order in which it was said there.

        Gives how many messages it found. What was taken in already is left alone. Raises a platform's trouble, also
        when a message could not be taken in; the mark then stays where it is.
        """
        async with self._lock:
            await self.hearing.once.recall()
            began, gap, found, whole = self.office.now(), self._gaps, 0, True
            mark_ms = await self._mark(began)
            left = {each.channel: each for each in await self._reading.stretches(mark_ms)}
            self._release(gap, left)
            while left:
                waited_for = [left[each] for each in self._waiting if each in left]
                some = (waited_for or list(islice(left.values(), AT_ONCE)))[:AT_ONCE]
                read = await asyncio.gather(*(self._reading.said(each, mark_ms) for each in some))
                for stretch, said in zip(some, read, strict=True):
                    whole = await self._take_all(stretch, said, mark_ms, hear) and whole
                    found += len(said)
                    del left[stretch.channel]
                    self._release(gap, left)
            if not whole:
                raise Unknown("not everything could be taken in")
            self._closed = gap
            await self.office.desk.keep(MARK, str(began - MARGIN_MS))
            log.info("caught up", messages=found)
            return found

    async def _mark(self, now: int) -> int:
        """Never later than it would be kept now: a clock that ran ahead once must not hide what was said since."""
        kept = await self.office.desk.recall(MARK)
        return min(int(kept), now - MARGIN_MS) if kept else now - FIRST_LOOK_BACK_MS

    def _release(self, gap: int, left: Iterable[str]) -> None:
        """What waits in channels that are not left to read goes on, unless there was another gap meanwhile."""
        if gap == self._gaps:
            self._left = set(left)
            for channel in self._waiting.keys() - self._left:
                self._waiting.pop(channel).set()

    async def _take_all(self, stretch: Stretch, said: list[Json], mark_ms: int, hear: Hear) -> bool:
        """Whether all were: what cannot be taken in holds up its channel, and no other, until it is given up."""
        for message in said:
            which = (stretch.channel, str(message["id"]))
            try:
                await self._take_in(stretch.channel, message, mark_ms, hear)
            except (PlatformTrouble, StorageTrouble):
                raise
            except Exception:
                self._failed[which] += 1
                log.exception("message not taken in", channel=which[0], message=which[1], tried=self._failed[which])
                if self._failed[which] < TAKES_MAX:
                    return False
        return True

    async def _take_in(self, channel: str, message: Json, mark_ms: int, hear: Hear) -> None:
        """A message that was taken in before it was edited only needs its new words."""
        ref = str(message["id"])
        new = born_ms(ref) > mark_ms
        if edited_ms(message) and (not new or await self.hearing.knows(channel, ref)):
            await self.hearing.reworded(message, hear)
        elif new:
            await self.hearing.message(message, hear, live=False)
