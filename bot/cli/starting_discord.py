"""What `guildhall init` asks, writes and says when the experts sit in Discord."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from bot.cli.discord import MAKE_APP_AT
from bot.cli.talking import Mistake, say
from bot.config.discord import EXAMPLE, TOKEN, read_id, read_server_name
from bot.model import Rank, StaffRole

Server = Annotated[str | None, typer.Option(help="With discord: a short name of your own for the server.")]
Guild = Annotated[str | None, typer.Option(help="With discord: the server's own id.")]
StaffChannel = Annotated[str | None, typer.Option(help="With discord: the id of the staff's channel; '' for later.")]
ExpertsRole = Annotated[str | None, typer.Option(help="With discord: the id of the experts' role; '' for none.")]
StaffsRole = Annotated[str | None, typer.Option(help="With discord: the id of the staff's role; '' for none.")]

_EXAMPLE_ID: Final = "1181234567890123456"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDiscord:
    """Where on Discord: our name of the server, and ids of it, of channels and of roles; empty ones come later."""

    server: str
    guild: str
    channel: str = ""
    staff_channel: str = ""
    expert_role: str = ""
    staff_role: str = ""


def asked_about(
    ask: Callable[[str, str | None], str],
    default: str,
    *,
    server: str | None,
    guild: str | None,
    channel: str | None,
    staff_channel: str | None,
    expert_role: str | None,
    staff_role: str | None,
) -> OnDiscord:
    """What was given, and what is asked for with `ask` (a question and its default, None where an answer is needed).

    Raises Mistake for what cannot be used.
    """
    if server is None:
        server = ask("A short name of your own for your Discord server", default or EXAMPLE)
    if None in (guild, channel, staff_channel, expert_role, staff_role):
        say("Ids are copied in Discord: User Settings, Advanced, Developer Mode; then right-click, Copy ID.")
        say("All but the server's may be left empty and set later.")
    return OnDiscord(
        server=_read(read_server_name, "server", server),
        guild=_read(read_id, "server", _given(ask, guild, "The id of your server", None)),
        channel=_maybe("experts' channel", _given(ask, channel, "The id of your experts' channel or forum")),
        staff_channel=_maybe("staff's channel", _given(ask, staff_channel, "The id of your staff's private channel")),
        expert_role=_maybe("experts' role", _given(ask, expert_role, "The id of the role that your experts have")),
        staff_role=_maybe("staff's role", _given(ask, staff_role, "The id of the role that your staff have")),
    )


def places_text(there: OnDiscord) -> str:
    """The category's own lines."""
    channels = f'channels = ["{_place(there, there.channel)}"]\n' if there.channel else ""
    return channels + (f'staff_channel = "{_place(there, there.staff_channel)}"\n' if there.staff_channel else "")


def server_text(there: OnDiscord) -> str:
    """The server's own table."""
    expert = there.expert_role or _EXAMPLE_ID
    staff = there.staff_role or _EXAMPLE_ID
    return f"""\

# Your Discord server. The bot's token comes from the environment: {TOKEN}.
# docs/discord.md goes through it step by step; `guildhall doctor discord` says whether all is well.
[discord.{there.server}]
guild = {json.dumps(there.guild)}
# What holding one of the server's roles makes of somebody.
{"" if there.expert_role else "# "}expert_roles = {{ "{expert}" = "{Rank.APPRENTICE}" }}
{"" if there.staff_role else "# "}staff_roles = {{ "{staff}" = "{StaffRole.AGENT}" }}
# Channels and forums where customers ask: help_channels = ["{_EXAMPLE_ID}"]
"""


def next_steps(there: OnDiscord, category: str) -> Iterator[str]:
    """What is left to do for Discord; docs/discord.md shows each."""
    yield f"Make your app:       {MAKE_APP_AT}, New Application; then Bot, Reset Token"
    yield f"Set its token:       {TOKEN}"
    yield "Invite it:           guildhall discord-invite; open the address that it prints"
    for setting, channel in (("channels", there.channel), ("staff_channel", there.staff_channel)):
        if not channel:
            place = _place(there, "CHANNEL-ID")
            yield f"Send cards there:    guildhall category set {category} {setting} {place}"
    yield "See that it is well: guildhall doctor discord (docs/discord.md shows every step)"


def _place(there: OnDiscord, channel: str) -> str:
    return f"discord:{there.server}:{channel}"


def _given(ask: Callable[[str, str | None], str], said: str | None, question: str, default: str | None = "") -> str:
    return (said if said is not None else ask(question, default)).strip()


def _maybe(what: str, said: str) -> str:
    return _read(read_id, what, said) if said else ""


def _read(read: Callable[[str], str], what: str, said: str) -> str:
    try:
        return read(said.strip())
    except ValueError as bad:
        raise Mistake(f"The {what} {bad}.") from None
