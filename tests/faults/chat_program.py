"""What the programs of all chat platforms do between their beginning and their end."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence

import structlog

from tests.faults.house import House


async def living(house: House) -> None:
    """Until it is told to stop; SystemExit when a part ends by itself."""
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


def run_with(main: Callable[[str, str], Awaitable[None]], arguments: Sequence[str] | None) -> None:
    """`main` is given the database, and what the fake platform printed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("platform")
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )
    options = parser.parse_args(arguments)
    asyncio.run(main(options.database, options.platform))  # type: ignore[arg-type]
