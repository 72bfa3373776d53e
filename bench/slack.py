"""Buttons pressed in Slack: Guildhall, which stores every claim, beside bare slack-bolt bots, which store nothing.

`python -m bench.slack` prints one table from one run. The product runs as `guildhall run` starts it, courier, clock and
logs included; each bot has a process of its own, and this one is Slack and presses the buttons. Every flush to the
disk costs the same (1 ms), as in `bench.commands`. The contenders take turns within each round.

The goals compare with the bare bot that answers: like Guildhall it makes one call for each button pressed.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.bots import START_SECONDS, prepare
from bench.commands import busy_with, flush_ms
from bench.slack_bots import PREMISES, USERS, start_bare, start_guildhall
from bench.slack_side import ANSWERS, SlackSide
from bench.turns import (
    OURS,
    Contender,
    acquaint,
    alone_times,
    check_claims,
    print_table,
    questions,
    rate_ratio,
    singles,
    start,
    take_turns,
    told_of,
)

P50_TIMES: Final = 1.5  # what the bare bot takes, beside one flush; alone, over a socket
SOCKET_RATE: Final = 0.7  # of the bare bot's presses per second, in a crowd
HTTP_RATE: Final = 0.55  # of those of the bare bot behind bolt's own aiohttp server, in a crowd


async def measure(rounds: int, claims: int, folder: Path) -> int:
    """Prints the table; returns 0 when all goals are reached, 1 when one is missed."""
    with TemporaryDirectory(dir=folder) as name:
        inside = Path(name)
        await prepare(inside / "start.db", questions(rounds, claims), PREMISES)
        async with SlackSide() as slack, AsyncExitStack() as stack:
            contenders = await line_up(stack, slack, inside)
            if busy := busy_with():
                print(busy)
            flush = flush_ms(inside)
            print(
                f"Flushing takes {flush:.2f} ms; {rounds} rounds of {singles(claims)} + {claims} buttons.", flush=True
            )
            await take_turns(contenders, USERS, rounds, claims)
        for mode in ("socket", "http"):
            await check_claims(inside / f"guildhall-{mode}" / "guildhall.db", questions(rounds, claims))
        return report(contenders, flush)


async def line_up(stack: AsyncExitStack, slack: SlackSide, inside: Path) -> list[Contender]:
    """All of them, listening, and acquainted with everybody."""
    starting = [
        starts
        for mode in ("socket", "http")
        for starts in (
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
    found = [
        Contender(name=name, line=line, told=slack.calls[ANSWERS] if OURS in name else None)
        for name, line in zip(names, lines, strict=True)
    ]
    for each in found:
        await acquaint(each, USERS)
    return found


def report(contenders: Sequence[Contender], flush: float) -> int:
    """The medians, then the ratios."""
    print_table(contenders)
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


if __name__ == "__main__":
    start("bench.slack", __doc__ or "", measure)
