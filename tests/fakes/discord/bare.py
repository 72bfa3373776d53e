"""A bare discord.py client that writes down what it hears and answers interactions as a test tells it."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

Answering = Callable[[discord.Interaction[Any]], Awaitable[object]]


class Bare(discord.Client):
    """`heard` are names and payloads of events in order; `answer` is awaited for each interaction (None: silence)."""

    def __init__(self, *, content: bool = False, members: bool = False, **options: Any) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True)
        intents.message_content, intents.members = content, members
        options.setdefault("allowed_mentions", discord.AllowedMentions.none())
        options.setdefault("guild_ready_timeout", 0.05)  # READY waits that long for a further GUILD_CREATE
        super().__init__(intents=intents, enable_debug_events=True, **options)
        self.heard: list[tuple[str, Any]] = []
        self.answer: Answering | None = None
        self.interactions: list[discord.Interaction[Any]] = []

    async def on_socket_raw_receive(self, text: str) -> None:
        told = discord.utils._from_json(text)
        self.heard.append((told["t"] or f"op {told['op']}", told["d"]))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        self.interactions.append(interaction)
        if self.answer is not None:
            await self.answer(interaction)

    def names(self) -> list[str]:
        return [name for name, _ in self.heard]

    def payloads(self, name: str) -> list[Any]:
        return [payload for each, payload in self.heard if each == name]

    def texts(self) -> list[str]:
        """What people said, in the order of its coming."""
        mine = str(self.user.id) if self.user else ""
        return [each["content"] for each in self.payloads("MESSAGE_CREATE") if each["author"]["id"] != mine]
