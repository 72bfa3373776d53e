"""Which places staff were told are lost: kept in the database, so that it is said once, and taken back once."""

import json
from typing import Final

from bot.model import Place
from bot.ports import Desk

KEPT_AS: Final = "discord/lost"
NOT_IN_SERVER: Final = "discord-server"


async def lost(desk: Desk) -> dict[Place, str]:
    """Each place with the stable word for why."""
    kept: dict[str, str] = json.loads(await desk.recall(KEPT_AS) or "{}")
    return {Place(place): why for place, why in kept.items()}


async def is_lost(desk: Desk, server: str) -> bool:
    """Whether the bot was removed from this server of ours: its channels are then not gone, only out of reach."""
    return (await lost(desk)).get(Place(f"discord:{server}")) == NOT_IN_SERVER


async def keep_lost(desk: Desk, places: dict[Place, str]) -> None:
    await desk.keep(KEPT_AS, json.dumps(places))
