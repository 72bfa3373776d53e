"""A working day over the rehearsal remote, in which the product is killed again and again."""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Self

import httpx

from adapters.rehearsal.people import Customer, Expert, Lead, play
from storage import open_store
from tests.faults.killing import STEPS
from tests.faults.program import CHANNEL, EXPERTS, STAFF
from tests.faults.verdict import Verdict, judge, spoken

CUSTOMERS = ("ann", "eve", "ida", "joy")
MANY = 10_000
STEP_LINES = 50  # a step that does not come while so much happens is not waited for
HUNG_SECONDS = 240.0  # nothing is judged by time; this only ends what would never end


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """At the n-th passing of a step; or from outside, once the remote has seen so much happen."""

    step: str = ""
    count: int = 1
    after_lines: int = STEP_LINES


@dataclass(slots=True)
class Day:
    """What a rehearsal left behind."""

    verdict: Verdict
    kills: list[tuple[Kill, bool]] = field(default_factory=list)  # and whether it died at its step
    stopped_in_order: bool = True


def kills_at(steps: Sequence[str], count: int, seed: int) -> Iterator[Kill]:
    """Every step in turn, and every third time a moment nobody chose."""
    dice = random.Random(seed)
    named = cycle(dice.sample(steps, len(steps)))
    for number in range(count):
        if number % 3 == 2:
            yield Kill(after_lines=dice.randint(0, 25))
        else:
            yield Kill(step=next(named), count=dice.randint(1, 3))


async def rehearse(folder: Path, kills: Sequence[Kill], *, seed: int, faults: float = 0.15, naive: bool = False) -> Day:
    """People ask and answer while the product dies `kills` times; then everything they began is finished."""
    database, log = folder / "guildhall.db", folder / "spoken.jsonl"
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_remote(log, seed, faults))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False))
        arguments = [str(database), url, *(["--naive"] if naive else [])]
        products = await stack.enter_async_context(Products(arguments, log))
        customers = [Customer(http, name, seed, questions=MANY) for name in CUSTOMERS]
        experts = [Expert(http, name, seed, channel=CHANNEL) for name in EXPERTS]
        lead = Lead(http, STAFF, seed, channel=CHANNEL)
        playing = asyncio.create_task(play(customers=customers, others=[*experts, lead]))
        stack.push_async_callback(left, playing)
        died = [(kill, await products.killed(kill)) for kill in kills]
        for customer in customers:
            customer.asks_no_more()
        await products.start()
        if not naive:  # whose day may well have no end
            await products.alive_while(playing)
            await http.post("/calm")
            await products.alive_while(asyncio.create_task(nothing_pending(database)))
        stopped_in_order = await products.stopped() == 0
    return Day(await judge(spoken(log), database), died, stopped_in_order)


async def left(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Products:
    """The product, one life after the other, started from a nursery."""

    def __init__(self, arguments: list[str], log: Path, product: str = "tests.faults.program") -> None:
        self._arguments, self._log, self._product = arguments, log, product
        self._ending: asyncio.Task[int] | None = None
        self._pid = 0

    async def __aenter__(self) -> Self:
        self._nursery = await started("tests.faults.nursery", [self._product])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._ending is not None and not self._ending.done():
            self._kill()
            await self._ending
        self._nursery.kill()
        await self._nursery.wait()

    async def start(self, kill: Kill | None = None) -> None:
        steps = {STEPS: f"{kill.step}:{kill.count}" if kill and kill.step else ""}
        wanted = json.dumps({"arguments": self._arguments, "environment": steps})
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(f"{wanted}\n".encode())
        word, _, pid = (await self._line()).partition(" ")
        assert word == "started", word
        self._pid, self._ready = int(pid), asyncio.Event()
        self._ending = asyncio.create_task(self._ended())

    async def killed(self, kill: Kill) -> bool:
        """Whether it died where it was to die; otherwise, or when no step is named, it is killed from outside."""
        await self.start(kill)
        assert self._ending is not None
        enough = asyncio.create_task(self._happens(kill.after_lines))
        await asyncio.wait([self._ending, enough], timeout=HUNG_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        await left(enough)
        by_itself = self._ending.done()
        self._kill()
        assert await self._ending == -signal.SIGKILL, f"it ended by itself with {self._ending.result()}"
        return by_itself

    async def alive_while(self, doing: "asyncio.Task[None]") -> None:
        """Waits for something that the product is needed for."""
        assert self._ending is not None
        await asyncio.wait([doing, self._ending], timeout=HUNG_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        assert not self._ending.done(), f"it ended by itself with {self._ending.result()}"
        assert doing.done(), "nothing moves any more"
        await doing

    async def _happens(self, lines: int) -> None:
        """Until the remote has written so many more lines, counted from when the product runs."""
        await self._ready.wait()
        with self._log.open(encoding="utf-8") as log:
            log.seek(0, os.SEEK_END)
            while lines > 0:
                await asyncio.sleep(0.02)
                lines -= sum(1 for _ in log)

    async def stopped(self) -> int:
        """Asked to stop, it says with which status it did."""
        assert self._ending is not None
        os.kill(self._pid, signal.SIGTERM)
        return await asyncio.wait_for(asyncio.shield(self._ending), HUNG_SECONDS)

    def _kill(self) -> None:
        with suppress(ProcessLookupError):  # it has just ended, and the news is on its way
            os.kill(self._pid, signal.SIGKILL)

    async def _ended(self) -> int:
        while not (line := await self._line()).startswith("ended "):
            assert line == "ready", f"the nursery said {line!r}"
            self._ready.set()
        return int(line.removeprefix("ended "))

    async def _line(self) -> str:
        assert self._nursery.stdout is not None
        return (await self._nursery.stdout.readline()).decode().strip()


@asynccontextmanager
async def _remote(log: Path, seed: int, faults: float) -> AsyncIterator[str]:
    arguments = [
        "--seed",
        str(seed),
        "--faults",
        str(faults),
        "--log",
        str(log),
        "--late-ms",
        "150",
        "--hang-ms",
        "600",
    ]
    remote = await started("adapters.rehearsal.remote", arguments)
    try:
        assert remote.stdout is not None
        yield (await remote.stdout.readline()).decode().strip()
    finally:
        remote.kill()
        await remote.wait()


async def started(module: str, arguments: Sequence[str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )


async def nothing_pending(database: Path) -> None:
    """Looks now and then, as somebody would at the desk."""
    store = await open_store(str(database), read_only=True)
    try:
        while await store.views.pending_recipients():  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.1)
    finally:
        await store.close()
