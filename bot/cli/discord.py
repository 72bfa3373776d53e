"""`guildhall discord-invite`: prints where to let the bot into a server, with the least that it has to be allowed."""

import asyncio
import re
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.cli.house import config_of
from bot.cli.talking import Mistake, meant, say, table
from bot.config import Config, DiscordBotSettings
from bot.config.discord import ID_CHARS, TOKEN, TOKEN_AT
from bot.model import CategoryName

if TYPE_CHECKING:
    from adapters.discord.settings import DiscordSettings

MAKE_APP_AT: Final = "https://discord.com/developers/applications"


def discord_invite(
    ctx: typer.Context,
    server: Annotated[
        str | None, typer.Option(help="Which [discord.NAME] of the settings; not needed when there is one.")
    ] = None,
    application: Annotated[
        str | None, typer.Option(help="The application's id; Discord is asked for it with the token when left out.")
    ] = None,
    why: Annotated[
        bool, typer.Option("--reasons", help="Print instead what is asked for, and the reason of each.")
    ] = False,
) -> None:
    """Print the address at which somebody who manages a server lets the bot in."""
    from adapters.discord.invite import address, reasons

    config = config_of(ctx)
    guild = _guild(config, server)
    if why:
        table(("kind", "name", "reason"), reasons(), "Nothing is asked for.")
        return
    if application is not None and not re.fullmatch(ID_CHARS, application.strip()):
        raise Mistake(f"--application must be the id under General Information in the portal, not {application!r}.")
    bot = config.discord_bot()
    say(address(application.strip() if application else asyncio.run(_application(bot)), guild))


def adapter_settings(bot: DiscordBotSettings) -> "DiscordSettings":
    """The settings as the adapter's own type."""
    from adapters.discord.settings import DiscordServer, DiscordSettings

    return DiscordSettings(
        token=bot.token,
        servers=tuple(
            DiscordServer(
                name=each.name,
                guild=each.guild,
                help_channels={channel: CategoryName(name) for channel, name in each.help_channels.items()},
                staff_roles=each.staff_roles,
                expert_roles=each.expert_roles,
            )
            for each in bot.servers
        ),
        api_url=bot.api_url,
        gateway_url=bot.gateway_url,
        command=bot.command,
        ask_command=bot.ask_command,
        message_content=bot.message_content,
    )


def token_trouble(bot: DiscordBotSettings) -> str:
    """Why Discord cannot start with these settings, or nothing."""
    if bot.servers and not bot.token:
        return f"Discord cannot start: set {TOKEN}. `guildhall doctor discord` says where it is."
    if bot.token and not bot.servers:
        return (
            f"{TOKEN} is set, and the settings name no server. Write [discord.acme] with guild = its id, or take the "
            "token away. docs/discord.md goes through it step by step."
        )
    return ""


def _guild(config: Config, name: str | None) -> str:
    """The id of the server of that name; of the only one when none is named; nothing when any will do."""
    servers = config.discord.servers
    if name is not None and name not in servers:
        raise Mistake(f"There is no server {name!r} in the settings{meant(name, servers)}")
    chosen = name or (next(iter(servers)) if len(servers) == 1 else "")
    return servers[chosen].guild if chosen else ""


async def _application(bot: DiscordBotSettings) -> str:
    """Its id as Discord tells it. Raises Mistake."""
    from bot.cli.discord_reading import Wrong, reading

    if not bot.token:
        raise Mistake(
            f"Set {TOKEN} ({TOKEN_AT}), or name the application: guildhall discord-invite --application ID. "
            "Its id is under General Information in the portal."
        )
    try:
        async with reading(bot) as reader:
            return str((await reader.one("/applications/@me"))["id"])
    except Wrong as trouble:
        raise Mistake(f"{trouble.sentence} {trouble.cure}") from None
