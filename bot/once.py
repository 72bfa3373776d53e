"""Takes in each message of a platform once, and what one person or one thread says one after the other."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

from bot.ports import Desk

SEEN_MAX: Final = 20_000
ANSWERED_MAX: Final = 500


@dataclass(slots=True, kw_only=True)
class Once:
    """`name` is what the adapter keeps its part under. Keys name messages, the same for every event that brings one."""

    desk: Desk
    name: str
    _seen: "OrderedDict[str, None]" = field(default_factory=OrderedDict)
    _turns: "WeakValueDictionary[str, asyncio.Lock]" = field(default_factory=WeakValueDictionary)
    _answered: list[str] = field(default_factory=list)  # keys of what led to an answer, and to nothing written down
    _recalled: bool = False

    @asynccontextmanager
    async def turn(self, key: str, *whose: str) -> AsyncIterator[bool]:
        """Waits until the others of each `whose` are done; says whether the message is new. One whose taking-in fails
        stays new, so that it can come again."""
        locks = [self._turns.setdefault(each, asyncio.Lock()) for each in sorted(set(whose))]
        for taken, lock in enumerate(locks):
            try:
                await lock.acquire()
            except BaseException:
                for each in locks[:taken]:
                    each.release()
                raise
        try:
            new = key not in self._seen
            yield new
            if new:
                self._seen[key] = None
            while len(self._seen) > SEEN_MAX:
                self._seen.popitem(last=False)
        finally:
            for lock in locks:
                lock.release()

    async def knows(self, key: str) -> bool:
        """Whether this message was taken in, now or before a restart."""
        return key in self._answered or await self.desk.taken(key)

    async def recall(self) -> None:
        """What was answered before a restart is not answered again."""
        if not self._recalled:
            kept = json.loads(await self.desk.recall(self.name) or "[]")
            self._answered = list(dict.fromkeys([*kept, *self._answered]))
            self._recalled = True

    async def note_answered(self, key: str) -> None:
        """This message was answered, and nothing else remembers it."""
        await self.recall()
        self._answered = [*self._answered, key][-ANSWERED_MAX:]
        await self.desk.keep(self.name, json.dumps(self._answered))
