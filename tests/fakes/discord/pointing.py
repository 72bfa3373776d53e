"""Points discord.py at a fake Discord, and runs a client there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

if TYPE_CHECKING:
    from .server import FakeDiscord


@contextlib.contextmanager
def points(there: "FakeDiscord") -> Iterator[None]:
    """While this holds, clients talk to the fake: both addresses belong to the library's classes, not to a client."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = there.api_url, yarl.URL(there.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@contextlib.asynccontextmanager
async def running(client: discord.Client, token: str) -> AsyncIterator[asyncio.Task[None]]:
    """The client logged in, connected and ready; gives the task of its connection, which holds why it ended."""
    await client.login(token)
    connection = asyncio.ensure_future(client.connect())
    ready = asyncio.ensure_future(client.wait_until_ready())
    try:
        await asyncio.wait({connection, ready}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        if connection.done():
            await connection
        assert ready.done(), "the client never became ready"
        yield connection
    finally:
        ready.cancel()
        await client.close()
        connection.cancel()
        await asyncio.gather(connection, ready, return_exceptions=True)
