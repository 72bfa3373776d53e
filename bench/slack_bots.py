"""The bots that `bench.slack` measures, and where in Slack they are."""

import socket
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from bench.bare_slack import SIGNING_SECRET, app_token
from bench.bots import Premises, running, settle_in
from bench.pressing import Line
from bench.slack_side import CHANNEL, TEAM, HttpLine, SlackSide
from bot.model import Identity, Place

OUR_APP_TOKEN: Final = "xapp-ours"
USERS: Final = tuple(f"U0EXPERT{number}" for number in range(40))  # not more than Slack lets an app look up at once
PREMISES: Final = Premises(
    channel=Place(f"slack:bench:{CHANNEL}"),
    customer=Place("slack:bench:@U0CUSTOMER"),
    experts=[
        (Identity(platform="slack", workspace=TEAM, external=user), Place(f"slack:bench:@{user}")) for user in USERS
    ],
)


async def start_guildhall(stack: AsyncExitStack, slack: SlackSide, folder: Path, database: Path, mode: str) -> Line:
    """The product as `guildhall run` starts it, on a copy of the database in a folder of its own."""
    port, ours, token = free_port(), folder / f"guildhall-{mode}", f"xoxb-{mode}"
    settle_in(ours, database, f'[slack.bench]\nmode = "{mode}"\napi_url = "{slack.api_url}"\n')
    secrets = {
        "GUILDHALL_SLACK_BOT_TOKEN": token,
        "GUILDHALL_SLACK_APP_TOKEN": OUR_APP_TOKEN,
        "GUILDHALL_SLACK_SIGNING_SECRET": SIGNING_SECRET,
    }
    await stack.enter_async_context(running(ours, ["bot", "run", "--port", str(port)], secrets))
    if mode == "socket":
        return await slack.socket_of(OUR_APP_TOKEN)
    await slack.signed_in(token)  # it serves its pages before it listens to Slack
    return stack.enter_context(HttpLine(f"http://127.0.0.1:{port}/slack/bench", slack.answers_url))


async def start_bare(stack: AsyncExitStack, slack: SlackSide, folder: Path, mode: str, does: str) -> Line:
    """A bot that stores nothing, which tells its address when it has one."""
    bare = folder / f"bare-{mode}-{does}"
    bare.mkdir()
    bot = await stack.enter_async_context(running(bare, ["bench.bare_slack", mode, does, slack.api_url], {}))
    if mode == "socket":
        return await slack.socket_of(app_token(does))
    assert bot.stdout is not None
    address = (await bot.stdout.readline()).decode().strip()
    return stack.enter_context(HttpLine(address, slack.answers_url))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
