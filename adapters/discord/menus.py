"""Menus on a message: what can be done with one line in a question's thread, by the name that people choose."""

from collections.abc import Mapping
from typing import Final

from adapters.discord.calling import Json
from bot.wording.commands import command_line

MESSAGE: Final = 3
_IN_SERVERS: Final = 0
_VERBS: Final = ("answer", "override", "redact", "staff-note")

MENUS: Final[Mapping[str, str]] = {command_line(f"menu.{verb}"): verb for verb in _VERBS}


def menus() -> list[Json]:
    """Their definitions, for application commands. Threads are in servers only."""
    return [
        {
            "type": MESSAGE,
            "name": name,
            "contexts": [_IN_SERVERS],
            "integration_types": [0],
            "default_member_permissions": None,
        }
        for name in MENUS
    ]
