"""An office of the Discord adapter with nothing in it but its doors: to the fake Discord, and to a house."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import discord

from adapters.discord.calling import Calls
from adapters.discord.people import People
from adapters.discord.places import Spot
from adapters.discord.rooms import Rooms
from adapters.discord.settings import DiscordServer, DiscordSettings
from adapters.discord.times import Times
from bot.model import Place
from tests.fakes.discord import FakeDiscord, points

QUICK = Times(again_seconds=0.01, again_seconds_max=0.05, hold_seconds=0.2, ready_seconds=0.01)


@dataclass(kw_only=True)
class BareOffice:
    """What `adapters.discord.office.Office` has, as far as is needed to read and to follow roles."""

    settings: DiscordSettings
    calls: Calls
    views: Any
    desk: Any
    now: Callable[[], int]
    people: People = field(init=False)
    rooms: Rooms = field(init=False)

    def __post_init__(self) -> None:
        self.people = People(self.calls, known_seconds=0.0)  # Discord is asked every time
        self.rooms = Rooms(self.calls)

    def place(self, channel: str, guild: str, thread: str = "") -> Place:
        server = self.settings.server_of(guild)
        return Spot(server.name if server else guild, channel=channel, thread=thread).place

    def category(self, channel: str, guild: str) -> str | None:
        server = self.settings.server_of(guild)
        return None if server is None else server.help_channels.get(channel)


def settings_for(there: FakeDiscord, *servers: DiscordServer) -> DiscordSettings:
    return DiscordSettings(token=there.token, servers=servers, api_url=there.api_url, gateway_url=there.gateway_url)


@asynccontextmanager
async def signed_in(there: FakeDiscord) -> AsyncIterator[Calls]:
    """Calls by the real library, without a gateway."""
    calls = Calls(timeout_seconds=2.0)
    with points(there):
        client = discord.Client(intents=discord.Intents.none(), http_trace=calls.trace, max_ratelimit_timeout=30.0)
        await client.login(there.token)
        calls.client = client
        try:
            yield calls
        finally:
            await client.close()
