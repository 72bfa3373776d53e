"""Named moments at which a process ends itself, as if the power had gone."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from bot.ports import Work

T = TypeVar("T")
STEPS = "GUILDHALL_STEPS"  # "after put:3" ends the process when it passes "after put" for the third time


class Fuse:
    """Given to everything that names its steps; burns down at the n-th passing of one of them."""

    def __init__(self, wanted: str = "") -> None:
        self._name, _, count = wanted.rpartition(":")
        self._count = int(count or 0)
        self._passed: Counter[str] = Counter()

    def __call__(self, step: str) -> None:
        self._passed[step] += 1
        if step == self._name and self._passed[step] == self._count:
            os.kill(os.getpid(), signal.SIGKILL)


class SteppedStore:
    """A store that names the moment between the last write of an act and its commit."""

    def __init__(self, store: object, step: Callable[[str], None]) -> None:
        self._store, self._step = store, step

    async def run(self, act: Callable[[Work], T]) -> T:
        def stepped(work: Work) -> T:
            done = act(work)
            self._step("before commit")
            return done

        result: T = await self._store.run(stepped)  # type: ignore[attr-defined]
        self._step("after commit")
        return result

    async def close(self) -> None:
        await self._store.close()  # type: ignore[attr-defined]
