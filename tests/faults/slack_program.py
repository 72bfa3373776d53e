"""The product as one process over a fake Slack that is another one, with a fuse.

    python -m tests.faults.slack_program DATABASE SLACK

SLACK is the line that the fake printed. It prints "ready" when its parts run.
"""

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import structlog

from tests.faults.chat_day import CHANNEL, EXPERTS, HELP
from tests.faults.killing import STEPS, Fuse
from tests.faults.slack_house import SlackHouse


async def main(options: argparse.Namespace) -> None:
    told = json.loads(options.slack)
    workspace = SimpleNamespace(**told["workspace"])
    channels = {name: SimpleNamespace(id=number) for name, number in workspace.channels.items()}
    async with SlackHouse(
        slack=SimpleNamespace(api_url=told["api_url"]),  # type: ignore[arg-type]
        database=Path(options.database),
        workspace=workspace,  # type: ignore[arg-type]
        help_channels={channels[HELP].id: CHANNEL},
        step=Fuse(os.environ.get(STEPS, "")),
    ) as house:
        await house.opens(CHANNEL, channels[CHANNEL])  # type: ignore[arg-type]
        for name in EXPERTS:
            await house.enrols(SimpleNamespace(id=workspace.people[name], name=name))  # type: ignore[arg-type]
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await house.starts(until_connected=False)
        for part in house.parts.values():
            part.add_done_callback(lambda _: stop.set())
        print("ready", flush=True)
        await stop.wait()
        ended = [name for name, part in house.parts.items() if part.done()]
    if ended:
        raise SystemExit(f"ended by themselves: {ended}")


def run(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("slack")
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )
    asyncio.run(main(parser.parse_args(arguments)))


if __name__ == "__main__":
    run()
