"""The fake Slack as a process of its own: prints one JSON line with its addresses and tokens, runs until ended."""

import argparse
import asyncio
import json
import signal
from pathlib import Path

from .control import told
from .server import FakeSlack


def main() -> None:
    asyncio.run(serve(read_arguments()))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.slack")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", type=float, default=0.0, help="share of Web API calls that go wrong, 0 to 1")
    parser.add_argument("--rate-limits", action="store_true")
    parser.add_argument("--log", type=Path, default=None, help="JSON lines of everything that is applied")
    parser.add_argument("--people", default="bo,stella,ann", help="names of members of the first workspace")
    parser.add_argument("--channels", default="billing,staff", help="its channels; everybody and the bot are in them")
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    fake = FakeSlack(
        seed=options.seed,
        faults=options.faults,
        rate_limits=options.rate_limits,
        log=options.log,
        port=options.port,
    )
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    async with fake as slack:
        workspace = slack.workspace("Acme")
        people = [workspace.person(name) for name in options.people.split(",")]
        for name in options.channels.split(","):
            workspace.channel(name, members=people)
        print(json.dumps({"url": slack.url, "api_url": slack.api_url, "workspace": told(workspace)}), flush=True)
        await ended.wait()


if __name__ == "__main__":
    main()
