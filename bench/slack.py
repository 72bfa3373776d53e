"""Buttons pressed in Slack: Guildhall, which stores every claim, beside a bare slack-bolt bot, which stores nothing.

`python -m bench.slack` prints one table from one run. The product runs as `guildhall run` starts it, courier, clock and
logs included; each bot has a process of its own, and this one is Slack and presses the buttons. Every flush to the
disk costs the same (1 ms), as in `bench.commands`. The contenders take turns within each round.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.commands import INSIDE, MEMORY, busy_with, flush_ms, run_with_fixed_fsync
from bench.slack_bots import START_SECONDS, prepare, start_bare, start_guildhall, user
from bench.slack_side import Line, Press, SlackSide, timed
from bot.model import QuestionId, State, spoken_number
from storage import open_store

IN_FLIGHT: Final = (1, 32)
P50_TIMES: Final = 1.5  # what the bare bot takes, beside one flush; one at a time, over a socket
SOCKET_RATE: Final = 0.7  # of the bare bot's presses per second, at 32 in flight
HTTP_RATE: Final = 0.55  # of those of the bare bot behind bolt's own aiohttp server, at 32 in flight
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
    """`rates` are presses per second and `p50s` milliseconds, one of each turn, by how many were in flight."""

    name: str
    line: Line
    rates: dict[int, list[float]] = field(default_factory=dict)
    p50s: dict[int, list[float]] = field(default_factory=dict)


async def measure(rounds: int, claims: int, folder: Path) -> int:
    """Prints the table; returns 0 when all goals are reached, 1 when one is missed."""
    questions = rounds * len(IN_FLIGHT) * claims
    with TemporaryDirectory(dir=folder) as name:
        inside = Path(name)
        await prepare(inside / "start.db", questions, EXPERTS)
        async with SlackSide() as slack, AsyncExitStack() as stack:
            contenders = await line_up(stack, slack, inside)
            if busy := busy_with():
                print(busy)
            flush = flush_ms(inside)
            print(f"Flushing takes {flush:.2f} ms; {rounds} rounds of {claims} presses each, twice.", flush=True)
            for number in range(rounds):
                for place, in_flight in enumerate(IN_FLIGHT):
                    first = (number * len(IN_FLIGHT) + place) * claims
                    for each in contenders[number % 4 :] + contenders[: number % 4]:
                        await take_turn(each, range(first, first + claims), in_flight)
                print(f"  round {number + 1} of {rounds}", flush=True)
        for mode in ("socket", "http"):
            await check_claims(inside / f"guildhall-{mode}" / "guildhall.db", questions)
        return report(contenders, flush)


async def line_up(stack: AsyncExitStack, slack: SlackSide, inside: Path) -> list[Contender]:
    """All four, listening, and acquainted with everybody: Slack is asked for a person once an hour."""
    async with asyncio.timeout(START_SECONDS):
        start = inside / "start.db"
        lines = {
            "Guildhall, Socket Mode": await start_guildhall(stack, slack, inside, start, "socket"),
            "bare bolt, Socket Mode": await start_bare(stack, slack, inside, "socket"),
            "Guildhall, HTTP": await start_guildhall(stack, slack, inside, start, "http"),
            "bare bolt, its aiohttp server": await start_bare(stack, slack, inside, "http"),
        }
        for line in lines.values():
            await timed(line, iter([Press(user(number), "help") for number in range(EXPERTS)]), IN_FLIGHT[-1])
    return [Contender(name=name, line=line) for name, line in lines.items()]


async def take_turn(contender: Contender, batch: range, in_flight: int) -> None:
    seconds, each_ms = await timed(contender.line, claims_of(batch), in_flight)
    contender.rates.setdefault(in_flight, []).append(len(batch) / seconds)
    contender.p50s.setdefault(in_flight, []).append(median(each_ms))


def claims_of(batch: range) -> Iterator[Press]:
    for number in batch:
        yield Press(user(number % EXPERTS), f"claim {spoken_number(QuestionId(number + 1))}")


async def check_claims(database: Path, questions: int) -> None:
    """A rate means nothing if work was left out: every question must be claimed."""
    async with await open_store(str(database), read_only=True) as store:
        counts = await store.views.counts()
        assert counts.unfinished[State.CLAIMED] == questions, (database.parent.name, counts)


def report(contenders: Sequence[Contender], flush: float) -> int:
    """The medians, then each goal; ratios are taken within each round, so that a busy moment hits both sides."""
    print(f"\n{'pressed and acknowledged':32}" + "".join(f"{f'{n} in flight':>24}" for n in IN_FLIGHT))
    for each in contenders:
        figures = [f"{median(each.rates[n]):,.0f}/s, p50 {median(each.p50s[n]):.2f} ms" for n in IN_FLIGHT]
        print(f"{each.name:32}" + "".join(f"{figure:>24}" for figure in figures))
    our_socket, bare_socket, our_http, bare_http = contenders
    few, many = IN_FLIGHT
    beside_flush = [
        (ours - flush) / bare for ours, bare in zip(our_socket.p50s[few], bare_socket.p50s[few], strict=True)
    ]
    reached = (
        told("Socket Mode, p50 of one in flight less a flush", median(beside_flush), most=P50_TIMES),
        told(f"Socket Mode, {many} in flight", ratio(our_socket, bare_socket, many), least=SOCKET_RATE),
        told(f"HTTP, {many} in flight", ratio(our_http, bare_http, many), least=HTTP_RATE),
    )
    return 0 if all(reached) else 1


def ratio(ours: Contender, bare: Contender, in_flight: int) -> float:
    return median(mine / theirs for mine, theirs in zip(ours.rates[in_flight], bare.rates[in_flight], strict=True))


def told(what: str, found: float, *, most: float | None = None, least: float | None = None) -> bool:
    """Says how much of the bare bot's it is, and whether that is good enough."""
    reached = found <= most if most is not None else least is None or found >= least
    goal = f"at most {most:g}" if most is not None else f"at least {least:g}"
    print(f"{what}: {found:.2f} times the bare bot's. The goal of {goal} is {'reached' if reached else 'MISSED'}.")
    return reached


if __name__ == "__main__":
    main()
