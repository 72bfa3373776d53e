"""The fake Discord as a process of its own: prints one JSON line with its addresses and token, runs until ended."""

import argparse
import asyncio
import json
import signal
from pathlib import Path

from .control import told
from .server import FakeDiscord


def main() -> None:
    asyncio.run(serve(read_arguments()))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.discord")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", type=float, default=0.0, help="share of HTTP calls that go wrong, 0 to 1")
    parser.add_argument("--rate-limits", action="store_true")
    parser.add_argument("--intents", default="", help="privileged intents that the portal allows, with commas")
    parser.add_argument("--log", type=Path, default=None, help="JSON lines of everything that is applied")
    parser.add_argument("--people", default="bo,stella,ann", help="names of members of the first guild")
    parser.add_argument("--channels", default="billing,staff", help="its text channels")
    parser.add_argument("--forums", default="help", help="its forums")
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    fake = FakeDiscord(
        seed=options.seed,
        faults=options.faults,
        rate_limits=options.rate_limits,
        privileged=set(options.intents.split(",")) - {""},
        log=options.log,
        port=options.port,
    )
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    async with fake as discord:
        acme = discord.guild("Acme")
        for name in options.people.split(","):
            acme.person(name)
        for name in options.channels.split(","):
            acme.channel(name)
        for name in filter(None, options.forums.split(",")):
            acme.forum(name)
        ways = {"api_url": discord.api_url, "gateway_url": discord.gateway_url, "url": discord.url}
        print(json.dumps(ways | {"token": discord.token, "house": told(acme)}), flush=True)
        await ended.wait()


if __name__ == "__main__":
    main()
