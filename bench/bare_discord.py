"""The bots that the Discord adapter is measured against: discord.py as it is, with one button, which stores nothing.

`python -m bench.bare_discord answer|acknowledge API_URL GATEWAY_URL` runs until it is asked to stop. One of them tells
whoever pressed that they have it, in the usual shape; the other one only acknowledges, so that nobody sees anything,
and is quicker than any bot that is of use.
"""

import asyncio
import re
import signal
import sys
from typing import Any, Final, Self

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

CLAIMS: Final = r"0\|(?P<verb>[a-z]+) ?(?P<question>\w*)"


class Claim(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=CLAIMS):
    """A button that works after a restart as well, as the library's own example of one does."""

    def __init__(self, custom_id: str, question: str) -> None:
        super().__init__(discord.ui.Button(label="Claim", custom_id=custom_id))
        self.question = question

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match.string, match["question"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"{self.question} is yours.", ephemeral=True)


class Answering(discord.Client):
    async def setup_hook(self) -> None:
        self.add_dynamic_items(Claim)


class Acknowledging(discord.Client):
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()


async def run(does: str, api_url: str, gateway_url: str) -> None:
    # Both addresses belong to the library's classes, not to a client.
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    kind = Answering if does == "answer" else Acknowledging
    async with kind(intents=discord.Intents(guilds=True)) as bot:
        listening = asyncio.create_task(bot.start(token(does)))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, listening.cancel)
        await asyncio.wait({listening})
        if not listening.cancelled():
            listening.result()


def token(does: str) -> str:
    return f"token-of-{does}"


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
