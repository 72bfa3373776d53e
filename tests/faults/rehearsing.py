"""A working day over the rehearsal remote, in which the product is killed again and again."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import httpx

from adapters.rehearsal.people import Customer, Expert, play
from storage import open_store
from tests.faults.killing import STEPS
from tests.faults.program import CHANNEL, EXPERTS, POLICY
from tests.faults.verdict import Verdict, judge

CUSTOMERS = ("ann", "eve", "ida", "joy", "kim", "lou")
MANY = 10_000
STEP_SECONDS = 3.0  # a step that does not come in this time is not waited for
DRAIN_SECONDS = 60.0
STOP_SECONDS = 15.0
CALM_MS = POLICY.settle_seconds * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """At the n-th passing of a step, or after so many seconds."""

    step: str = ""
    count: int = 1
    after_seconds: float = STEP_SECONDS

    def __str__(self) -> str:
        return f"{self.step}:{self.count}" if self.step else f"after {self.after_seconds:.2f} s"


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
            yield Kill(after_seconds=dice.uniform(0.05, 0.8))
        else:
            yield Kill(step=next(named), count=dice.randint(1, 3))


async def rehearse(folder: Path, kills: Sequence[Kill], *, seed: int, faults: float = 0.15, naive: bool = False) -> Day:
    """People ask and answer while the product dies `kills` times; then everything they began is finished."""
    database, log = folder / "guildhall.db", folder / "spoken.jsonl"
    async with _remote(log, seed, faults) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        customers = [Customer(http, name, seed, questions=MANY) for name in CUSTOMERS]
        experts = [Expert(http, name, seed, channel=CHANNEL) for name in EXPERTS]
        playing = asyncio.create_task(play(customers=customers, experts=experts))
        died = []
        for kill in kills:
            died.append((kill, await _killed(database, url, kill, naive)))
            assert not playing.done(), playing
        for customer in customers:
            customer.asks_no_more()
        async with _product(database, url, naive) as product:
            await asyncio.wait_for(playing, DRAIN_SECONDS)
            await http.post("/calm")
            await _nothing_pending(database)
            product.send_signal(signal.SIGTERM)
            stopped_in_order = await asyncio.wait_for(product.wait(), STOP_SECONDS) == 0
    return Day(await judge(log, database), died, stopped_in_order)


async def _killed(database: Path, url: str, kill: Kill, naive: bool) -> bool:
    """Whether it died where it was to die; otherwise, or when no step is named, it is killed from outside."""
    async with _product(database, url, naive, kill) as product:
        try:
            await asyncio.wait_for(product.wait(), kill.after_seconds)
        except TimeoutError:
            return False
        assert product.returncode == -signal.SIGKILL, f"it ended by itself with {product.returncode}"
        return True


@asynccontextmanager
async def _product(
    database: Path, url: str, naive: bool, kill: Kill | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Runs when entered, and is dead when left."""
    steps = {STEPS: f"{kill.step}:{kill.count}"} if kill and kill.step else {}
    arguments = [str(database), url, *(["--naive"] if naive else [])]
    product = await _started("tests.faults.program", arguments, steps)
    try:
        assert product.stdout is not None
        # It may die at a step before it says that it is ready.
        await product.stdout.readline()
        yield product
    finally:
        if product.returncode is None:
            product.kill()
        await product.wait()


@asynccontextmanager
async def _remote(log: Path, seed: int, faults: float) -> AsyncIterator[str]:
    arguments = ["--seed", str(seed), "--faults", str(faults), "--log", str(log), "--late-ms", "150", "--hang-ms", "600"]
    remote = await _started("adapters.rehearsal.remote", arguments)
    try:
        assert remote.stdout is not None
        yield (await remote.stdout.readline()).decode().strip()
    finally:
        remote.kill()
        await remote.wait()


async def _started(
    module: str, arguments: Sequence[str], environment: dict[str, str] | None = None
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        cwd=Path(__file__).parents[2],
    )


async def _nothing_pending(database: Path) -> None:
    """Waits, as somebody would who looks at the desk."""
    store = await open_store(str(database), read_only=True)
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while await store.views.pending_recipients():
                await asyncio.sleep(0.1)
    finally:
        await store.close()
