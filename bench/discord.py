"""Buttons pressed in Discord: Guildhall, which stores every claim, beside bare discord.py bots, which store nothing.

`python -m bench.discord` prints one table from one run. The product runs as `guildhall run` starts it, courier, clock
and logs included; each bot has a process of its own, and this one is Discord and presses the buttons. Every flush to
the disk costs the same (1 ms), as in `bench.commands`. The contenders take turns within each round.

The goals compare with the bare bot that answers: both tell the one who pressed what came of it.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.bots import START_SECONDS, prepare
from bench.commands import busy_with, flush_ms
from bench.discord_bots import PREMISES, USERS, start_bare, start_guildhall
from bench.discord_side import CHANGED, OPENED, TOLD, DiscordSide
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

P50_TIMES: Final = 1.5  # what the bare bot takes, beside one flush; alone
RATE: Final = 0.8  # of the bare bot's presses per second, in a crowd


async def measure(rounds: int, claims: int, folder: Path) -> int:
    """Prints the table; returns 0 when both goals are reached, 1 when one is missed."""
    with TemporaryDirectory(dir=folder) as name:
        inside = Path(name)
        await prepare(inside / "start.db", questions(rounds, claims), PREMISES)
        async with DiscordSide() as discord, AsyncExitStack() as stack:
            contenders = await line_up(stack, discord, inside, questions(rounds, claims))
            if busy := busy_with():
                print(busy)
            flush = flush_ms(inside)
            print(
                f"Flushing takes {flush:.2f} ms; {rounds} rounds of {singles(claims)} + {claims} buttons.", flush=True
            )
            await take_turns(contenders, USERS, rounds, claims)
        await check_claims(inside / "guildhall" / "guildhall.db", questions(rounds, claims))
        return report(contenders, flush)


async def line_up(stack: AsyncExitStack, discord: DiscordSide, inside: Path, cards: int) -> list[Contender]:
    """All of them, listening, and acquainted with everybody."""
    starting = (
        start_guildhall(stack, discord, inside, inside / "start.db"),
        start_bare(stack, discord, inside, "answer"),
        start_bare(stack, discord, inside, "acknowledge"),
    )
    async with asyncio.timeout(START_SECONDS):
        lines = await asyncio.gather(*starting)
        await discord.calls[OPENED].reached(cards)  # each card gets a thread: everything that is old has been shown
    found = [
        Contender(name=OURS, line=lines[0], told=discord.calls[TOLD], shown=discord.calls[CHANGED]),
        Contender(name="bare, answers", line=lines[1]),
        Contender(name="bare, acknowledges", line=lines[2]),
    ]
    for each in found:
        await acquaint(each, USERS)
    return found


def report(contenders: Sequence[Contender], flush: float) -> int:
    """The medians, then the ratios."""
    print_table(contenders)
    print("\nGuildhall's part of what a bare bot does:")
    ours, answering, mute = contenders
    alone = [alone_times(ours, bare, flush) for bare in (answering, mute)]
    crowd = [rate_ratio(ours, bare) for bare in (answering, mute)]
    reached = (
        told_of("time alone less a flush", *alone, most=P50_TIMES),
        told_of("presses in a crowd", *crowd, least=RATE),
    )
    return 0 if all(reached) else 1


if __name__ == "__main__":
    start("bench.discord", __doc__ or "", measure)
