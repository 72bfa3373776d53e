"""The bots that `bench.discord` measures, and where in Discord they are."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from bench.bare_discord import token
from bench.bots import Premises, running, settle_in
from bench.discord_payloads import CHANNEL, GUILD
from bench.discord_side import DiscordSide
from bench.pressing import Line
from bot.model import Identity, Place

OUR_TOKEN: Final = "token-of-guildhall"
USERS: Final = tuple(str(1_182_000_000_000_000_000 + number) for number in range(40))
PREMISES: Final = Premises(
    channel=Place(f"discord:bench:{CHANNEL}"),
    customer=Place("web:@customer"),
    experts=[(Identity(platform="discord", workspace="", external=user), Place(f"discord:@{user}")) for user in USERS],
)


async def start_guildhall(stack: AsyncExitStack, discord: DiscordSide, folder: Path, database: Path) -> Line:
    """The product as `guildhall run` starts it, on a copy of the database in a folder of its own."""
    ours = folder / "guildhall"
    addresses = f'api_url = "{discord.api_url}"\ngateway_url = "{discord.gateway_url}"\n'
    settle_in(ours, database, f'[discord]\n{addresses}[discord.bench]\nguild = "{GUILD}"\n')
    secrets = {"GUILDHALL_DISCORD_TOKEN": OUR_TOKEN}
    await stack.enter_async_context(running(ours, ["bot", "run", "--port", "0"], secrets))
    return await discord.line_of(OUR_TOKEN)


async def start_bare(stack: AsyncExitStack, discord: DiscordSide, folder: Path, does: str) -> Line:
    """A bot that stores nothing."""
    bare = folder / f"bare-{does}"
    bare.mkdir()
    bot = ["bench.bare_discord", does, discord.api_url, discord.gateway_url]
    await stack.enter_async_context(running(bare, bot, {}))
    return await discord.line_of(token(does))
