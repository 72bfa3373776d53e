"""The product as one process over a fake Slack that is another one, with a fuse.

    python -m tests.faults.slack_program DATABASE SLACK

SLACK is the line that the fake printed. It prints "ready" when its parts run.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from tests.faults.chat_day import CHANNEL, EXPERTS, HELP
from tests.faults.chat_program import living, run_with
from tests.faults.killing import STEPS, Fuse
from tests.faults.slack_house import SlackHouse


async def main(database: str, printed: str) -> None:
    told = json.loads(printed)
    workspace = SimpleNamespace(**told["workspace"])
    house = SlackHouse(
        slack=SimpleNamespace(api_url=told["api_url"]),  # type: ignore[arg-type]
        database=Path(database),
        workspace=workspace,  # type: ignore[arg-type]
        help_channels={workspace.channels[HELP]: CHANNEL},
        step=Fuse(os.environ.get(STEPS, "")),
    )
    async with house:
        await house.opens(CHANNEL, SimpleNamespace(id=workspace.channels[CHANNEL]))
        for name in EXPERTS:
            await house.enrols(SimpleNamespace(id=workspace.people[name], name=name))
        await living(house)


def run(arguments: Sequence[str] | None = None) -> None:
    run_with(main, arguments)


if __name__ == "__main__":
    run()
