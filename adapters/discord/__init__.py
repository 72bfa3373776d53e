"""Discord: experts and staff live in it, customers can ask in it. The library is discord.py, over one gateway."""

from adapters.discord.adapter import Discord
from adapters.discord.settings import DiscordServer, DiscordSettings

__all__ = ["Discord", "DiscordServer", "DiscordSettings"]
