"""Buttons pressed in Slack: Guildhall, which stores every claim, beside bare slack-bolt bots, which store nothing.

`python -m bench.slack` prints one table from one run. The product runs as `guildhall run` starts it, courier, clock and
logs included; each bot has a process of its own, and this one is Slack and presses the buttons. Every flush to the
disk costs the same (1 ms), as in `bench.commands`. The contenders take turns within each round.

The goals compare with the bare bot that answers: like Guildhall it makes one call for each button pressed.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.commands import INSIDE, MEMORY, busy_with, flush_ms, run_with_fixed_fsync
from bench.slack_bots import START_SECONDS, prepare, start_bare, start_guildhall, user
from bench.slack_side import ANSWERS, Line, Press, SlackSide, timed
from bot.model import QuestionId, State, spoken_number
from storage import open_store

MANY: Final = 32  # in flight
REST_SECONDS: Final = 0.02  # between two who press alone: nobody is quicker, and what one led to is over by then
SINGLES: Final = 4  # of so many pressed in a crowd, one is pressed alone
P50_TIMES: Final = 1.5  # what the bare bot takes, beside one flush; alone, over a socket
SOCKET_RATE: Final = 0.7  # of the bare bot's presses per second, in a crowd
HTTP_RATE: Final = 0.55  # of those of the bare bot behind bolt's own aiohttp server, in a crowd
OURS: Final = "Guildhall"
EXPERTS: Final = 40  # not more than Slack lets an app look up at once


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.slack", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender has its turn")
    parser.add_argument("--claims", type=int, default=400, help="buttons pressed on each contender in each turn")
    parser.add_argument("--real-disk", metavar="FOLDER", help="measure this folder's own disk instead")
    options = parser.parse_args()
    if options.real_disk or os.environ.get(INSIDE):
        sys.exit(asyncio.run(measure(options.rounds, options.claims, Path(options.real_disk or MEMORY))))
    sys.exit(run_with_fixed_fsync("bench.slack"))


@dataclass(slots=True, kw_only=True)
class Contender:
    """One figure of each turn: `alone_ms` is the median of who pressed alone; in a crowd `rates` are presses per
    second until acknowledged, `told_rates` until the last of them was told as well (`tells`: only Guildhall does)."""

    name: str
    line: Line
    tells: bool = False
    alone_ms: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    told_rates: list[float] = field(default_factory=list)


async def measure(rounds: int, claims: int, folder: Path) -> int:
    """Prints the table; returns 0 when all goals are reached, 1 when one is missed."""
    singles = max(1, claims // SINGLES)
    questions = rounds * (singles + claims)
    with TemporaryDirectory(dir=folder) as name:
        inside = Path(name)
        await prepare(inside / "start.db", questions, EXPERTS)
        async with SlackSide() as slack, AsyncExitStack() as stack:
            contenders = await line_up(stack, slack, inside)
            if busy := busy_with():
                print(busy)
            flush = flush_ms(inside)
            print(f"Flushing takes {flush:.2f} ms; {rounds} rounds of {singles} + {claims} buttons each.", flush=True)
            for number in range(rounds):
                first = number * (singles + claims)
                start = number % len(contenders)
                for each in contenders[start:] + contenders[:start]:
                    await press_alone(each, slack, range(first, first + singles))
                    await press_in_crowd(each, slack, range(first + singles, first + singles + claims))
                print(f"  round {number + 1} of {rounds}", flush=True)
        for mode in ("socket", "http"):
            await check_claims(inside / f"guildhall-{mode}" / "guildhall.db", questions)
        return report(contenders, flush)


async def line_up(stack: AsyncExitStack, slack: SlackSide, inside: Path) -> list[Contender]:
    """All of them, listening, and acquainted with everybody: Slack is asked for a person once an hour."""
    starting = [
        start
        for mode in ("socket", "http")
        for start in (
            start_guildhall(stack, slack, inside, inside / "start.db", mode),
            start_bare(stack, slack, inside, mode, "answer"),
            start_bare(stack, slack, inside, mode, "acknowledge"),
        )
    ]
    async with asyncio.timeout(START_SECONDS):
        lines = await asyncio.gather(*starting)
    names = [
        f"{mode}: {who}" for mode in ("Socket Mode", "HTTP") for who in (OURS, "bare, answers", "bare, acknowledges")
    ]
    found = [Contender(name=name, line=line, tells=OURS in name) for name, line in zip(names, lines, strict=True)]
    for each in found:
        told = slack.calls[ANSWERS]
        await timed(each.line, iter([Press(user(number), "help") for number in range(EXPERTS)]), MANY)
        await slack.told(told + EXPERTS if each.tells else 0)
    return found


async def press_alone(contender: Contender, slack: SlackSide, batch: range) -> None:
    told = slack.calls[ANSWERS]
    _, each_ms = await timed(contender.line, claims_of(batch), 1, REST_SECONDS)
    contender.alone_ms.append(median(each_ms))
    await slack.told(told + len(batch) if contender.tells else 0)


async def press_in_crowd(contender: Contender, slack: SlackSide, batch: range) -> None:
    told, began = slack.calls[ANSWERS], time.perf_counter()
    seconds, _ = await timed(contender.line, claims_of(batch), MANY)
    contender.rates.append(len(batch) / seconds)
    if contender.tells:
        async with asyncio.timeout(60):
            await slack.told(told + len(batch))
        contender.told_rates.append(len(batch) / (time.perf_counter() - began))


def claims_of(batch: range) -> Iterator[Press]:
    for number in batch:
        yield Press(user(number % EXPERTS), f"claim {spoken_number(QuestionId(number + 1))}")


async def check_claims(database: Path, questions: int) -> None:
    """A rate means nothing if work was left out: every question must be claimed."""
    async with await open_store(str(database), read_only=True) as store:
        counts = await store.views.counts()
        assert counts.unfinished[State.CLAIMED] == questions, (database.parent.name, counts)


def report(contenders: Sequence[Contender], flush: float) -> int:
    """The medians, then the ratios, each taken within its round, so that a busy moment hits both sides."""
    print(f"\n{'':32}{'alone, p50':>14}{f'{MANY} in flight':>16}{'and told':>12}")
    for each in contenders:
        told = f"{median(each.told_rates):,.0f}/s" if each.tells else ""
        print(f"{each.name:32}{median(each.alone_ms):>11.2f} ms{median(each.rates):>14,.0f}/s{told:>12}")
    print("\nGuildhall's part of what a bare bot does:")
    reached = []
    for mode, (ours, answering, mute) in (("Socket Mode", contenders[:3]), ("HTTP", contenders[3:])):
        alone = [alone_times(ours, bare, flush) for bare in (answering, mute)]
        crowd = [rate_ratio(ours, bare) for bare in (answering, mute)]
        goal = P50_TIMES if mode == "Socket Mode" else None
        reached.append(told_of(f"{mode}, time alone less a flush", *alone, most=goal))
        reached.append(
            told_of(f"{mode}, presses in a crowd", *crowd, least=SOCKET_RATE if mode == "Socket Mode" else HTTP_RATE)
        )
    return 0 if all(reached) else 1


def alone_times(ours: Contender, bare: Contender, flush: float) -> float:
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


if __name__ == "__main__":
    main()
