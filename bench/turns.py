"""Contenders take turns at having their buttons pressed, alone and in a crowd, and are compared within each turn."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from bench.commands import INSIDE, MEMORY, run_with_fixed_fsync
from bench.pressing import Line, Press, Tally, timed
from bot.model import QuestionId, State, spoken_number
from storage import open_store

MANY: Final = 32  # in flight
REST_SECONDS: Final = 0.02  # between two who press alone: nobody is quicker, and what one led to is over by then
SINGLES: Final = 4  # of so many pressed in a crowd, one is pressed alone
TOLD_SECONDS: Final = 60
OURS: Final = "Guildhall"


@dataclass(slots=True, kw_only=True)
class Contender:
    """One figure of each turn: `alone_ms` is the median of who pressed alone; in a crowd `rates` are presses per
    second until acknowledged, `told_rates` until the last of them was told as well. `told` counts those, None for a bot
    that has nothing to tell once it has acknowledged; `shown` counts the cards that were changed, if they are waited
    for, so that nobody's turn is spoiled by the one before."""

    name: str
    line: Line
    told: Tally | None = None
    shown: Tally | None = None
    alone_ms: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    told_rates: list[float] = field(default_factory=list)

    async def press(
        self, presses: Sequence[Press], in_flight: int, rest_seconds: float = 0.0
    ) -> tuple[float, list[float], float]:
        """The seconds until all were acknowledged, the milliseconds of each, the seconds until all were told."""
        began, told = time.perf_counter(), self.told.count if self.told else 0
        seconds, each_ms = await timed(self.line, iter(presses), in_flight, rest_seconds)
        if self.told:
            async with asyncio.timeout(TOLD_SECONDS):
                await self.told.reached(told + len(presses))
        return seconds, each_ms, time.perf_counter() - began


def start(module: str, about: str, measure: Callable[[int, int, Path], Awaitable[int]]) -> None:
    """Reads the options and ends the program with what `measure(rounds, claims, folder)` gives."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=about.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender has its turn")
    parser.add_argument("--claims", type=int, default=400, help="buttons pressed on each contender in each turn")
    parser.add_argument("--real-disk", metavar="FOLDER", help="measure this folder's own disk instead")
    options = parser.parse_args()
    if options.real_disk or os.environ.get(INSIDE):

        async def measured() -> int:
            return await measure(options.rounds, options.claims, Path(options.real_disk or MEMORY))

        sys.exit(asyncio.run(measured()))
    sys.exit(run_with_fixed_fsync(module))


def singles(claims: int) -> int:
    """How many are pressed alone in each turn."""
    return max(1, claims // SINGLES)


def questions(rounds: int, claims: int) -> int:
    """How many are claimed of each contender."""
    return rounds * (singles(claims) + claims)


async def acquaint(contender: Contender, crew: Sequence[str]) -> None:
    """Everybody presses once: bots ask their platform for a person only now and then."""
    await contender.press([Press(user, "help") for user in crew], MANY)


async def take_turns(contenders: Sequence[Contender], crew: Sequence[str], rounds: int, claims: int) -> None:
    alone = singles(claims)
    for number in range(rounds):
        first, turn = number * (alone + claims), number % len(contenders)
        for each in (*contenders[turn:], *contenders[:turn]):
            _, each_ms, _ = await each.press(list(claims_of(range(first, first + alone), crew)), 1, REST_SECONDS)
            each.alone_ms.append(median(each_ms))
            batch = range(first + alone, first + alone + claims)
            seconds, _, told_seconds = await each.press(list(claims_of(batch, crew)), MANY)
            each.rates.append(claims / seconds)
            each.told_rates.append(claims / told_seconds)
            if each.shown:
                async with asyncio.timeout(TOLD_SECONDS):
                    await each.shown.reached(batch.stop)
        print(f"  round {number + 1} of {rounds}", flush=True)


def claims_of(batch: range, crew: Sequence[str]) -> Iterator[Press]:
    for number in batch:
        yield Press(crew[number % len(crew)], f"claim {spoken_number(QuestionId(number + 1))}")


async def check_claims(database: Path, claimed: int) -> None:
    """A rate means nothing if work was left out: every question must be claimed."""
    async with await open_store(str(database), read_only=True) as store:
        counts = await store.views.counts()
        assert counts.unfinished[State.CLAIMED] == claimed, (database.parent.name, counts)


# --- what came of it


def print_table(contenders: Sequence[Contender]) -> None:
    """The medians."""
    print(f"\n{'':32}{'alone, p50':>14}{f'{MANY} in flight':>16}{'and told':>12}")
    for each in contenders:
        told = f"{median(each.told_rates):,.0f}/s" if each.told else ""
        print(f"{each.name:32}{median(each.alone_ms):>11.2f} ms{median(each.rates):>14,.0f}/s{told:>12}")


def alone_times(ours: Contender, bare: Contender, flush: float) -> float:
    """Ratios are taken within each round, so that a busy moment hits both sides."""
    return median((mine - flush) / theirs for mine, theirs in zip(ours.alone_ms, bare.alone_ms, strict=True))


def rate_ratio(ours: Contender, bare: Contender) -> float:
    return median(mine / theirs for mine, theirs in zip(ours.rates, bare.rates, strict=True))


def told_of(what: str, answering: float, mute: float, *, most: float | None = None, least: float | None = None) -> bool:
    """Says both ratios, and whether the first one is good enough."""
    reached = (most is None or answering <= most) and (least is None or answering >= least)
    verdict = ""
    if most is not None or least is not None:
        goal = f"at most {most:g}" if most is not None else f"at least {least:g}"
        verdict = f" The goal of {goal} is {'reached' if reached else 'MISSED'}."
    print(f"  {what}: {answering:.2f} of one that answers, {mute:.2f} of one that only acknowledges.{verdict}")
    return reached
