"""The product as one process over a fake Discord that is another one, with a fuse.

    python -m tests.faults.discord_program DATABASE DISCORD

DISCORD is the line that the fake printed. It prints "ready" when its parts run.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from tests.faults.chat_day import CHANNEL, EXPERTS, HELP
from tests.faults.chat_program import living, run_with
from tests.faults.discord_house import DiscordHouse
from tests.faults.killing import STEPS, Fuse


async def main(database: str, printed: str) -> None:
    told = json.loads(printed)
    guild = SimpleNamespace(**told["house"])
    house = DiscordHouse(
        discord=SimpleNamespace(**told),  # type: ignore[arg-type]
        database=Path(database),
        guild=guild,  # type: ignore[arg-type]
        help_channels={guild.channels[HELP]: CHANNEL},
        step=Fuse(os.environ.get(STEPS, "")),
    )
    async with house:
        await house.opens(CHANNEL, SimpleNamespace(id=guild.channels[CHANNEL]))
        for name in EXPERTS:
            await house.enrols(SimpleNamespace(id=guild.people[name], name=name, is_person=True))
        await living(house)


def run(arguments: Sequence[str] | None = None) -> None:
    run_with(main, arguments)


if __name__ == "__main__":
    run()
