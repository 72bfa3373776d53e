"""After every gap: reads what was said meanwhile, so that a message missed by the gateway is late and not lost."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import structlog

from adapters.discord.hearing import Hearing
from adapters.discord.office import Json, Office
from adapters.discord.reading import Reading, Stretch, edited_ms
from adapters.discord.snowflakes import born_ms
from adapters.discord.times import Times
from bot.gaps import Gaps
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
    gaps: Gaps = field(init=False)
    _reading: Reading = field(init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _failed: "Counter[tuple[str, str]]" = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._reading = Reading(office=self.office, times=self.times)
        self.gaps = Gaps(hold_seconds=self.times.hold_seconds)

    async def move_mark(self) -> None:
        """To be called while everything that happens is known to arrive; nothing moves before every gap was read."""
        if self.gaps.closed and not self._lock.locked():
            await self.office.desk.keep(MARK, str(self.office.now() - MARGIN_MS))

    async def catch_up(self, hear: Hear) -> int:
        """Takes in what was said since the mark, each channel in the order in which it was said there.

        Gives how many messages it found. What was taken in already is left alone. Raises a platform's trouble, also
        when a message could not be taken in; the mark then stays where it is.
        """
        async with self._lock:
            await self.hearing.once.recall()
            began, gap, found, whole = self.office.now(), self.gaps.last, 0, True
            mark_ms = await self._mark(began)
            left = {each.channel: each for each in await self._reading.stretches(mark_ms)}
            self.gaps.release(gap, left)
            while left:
                waited_for = [left[each] for each in self.gaps.waited_for(left)]
                some = (waited_for or list(islice(left.values(), AT_ONCE)))[:AT_ONCE]
                read = await asyncio.gather(*(self._reading.said(each, mark_ms) for each in some))
                for stretch, said in zip(some, read, strict=True):
                    whole = await self._take_all(stretch, said, mark_ms, hear) and whole
                    found += len(said)
                    del left[stretch.channel]
                    self.gaps.release(gap, left)
            if not whole:
                raise Unknown("not everything could be taken in")
            self.gaps.close(gap)
            await self.office.desk.keep(MARK, str(began - MARGIN_MS))
            log.info("caught up", messages=found)
            return found

    async def _mark(self, now: int) -> int:
        """Never later than it would be kept now: a clock that ran ahead once must not hide what was said since."""
        kept = await self.office.desk.recall(MARK)
        return min(int(kept), now - MARGIN_MS) if kept else now - FIRST_LOOK_BACK_MS

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
