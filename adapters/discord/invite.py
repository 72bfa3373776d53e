"""The address at which somebody lets the bot into their server, with the least it has to be allowed."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from adapters.discord.permissions import BITS, NEEDED

AUTHORIZE_AT: Final = "https://discord.com/oauth2/authorize"
SCOPES: Final = (
    ("bot", "Be in the server as a member of its own."),
    ("applications.commands", "Offer the slash commands, and the entries in the menu of a message."),
)
INTO_SERVERS: Final = 0  # integration_type: into a server, not into one person's account


def address(application: str, guild: str = "") -> str:
    """Where to go. `guild` is the one server that may be chosen there; without it, any where one may add bots.

    docs/topics/oauth2#bot-authorization-flow
    """
    query = {
        "client_id": application,
        "scope": " ".join(name for name, _ in SCOPES),
        "permissions": str(BITS),
        "integration_type": str(INTO_SERVERS),
    }
    chosen = {"guild_id": guild, "disable_guild_select": "true"} if guild else {}
    return f"{AUTHORIZE_AT}?{urlencode(query | chosen)}"


def reasons() -> Sequence[tuple[str, str, str]]:
    """Kind, name and reason of everything that is asked for."""
    return (
        *(("scope", name, why) for name, why in SCOPES),
        *(("permission", each.name, each.why) for each in NEEDED),
    )
