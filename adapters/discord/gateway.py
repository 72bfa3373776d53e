"""The gateway: the library's client, signed in and listening, and every event as Discord sent it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.calling import LONGEST_WAIT_SECONDS, TOKEN, Calls, Unclear
from adapters.discord.sessions import Sessions
from adapters.discord.settings import DiscordSettings
from adapters.discord.times import Times
from bot.ports import Blocked, Busy, Unknown

log = structlog.get_logger(__name__)

INTENT: Final = "discord-intent"
BAD_TOKEN: Final = 4004  # https://docs.discord.com/developers/topics/opcodes-and-status-codes
EVENTS: Final = frozenset(
    {
        "READY",
        "RESUMED",
        "INTERACTION_CREATE",
        "MESSAGE_CREATE",
        "MESSAGE_UPDATE",
        "MESSAGE_DELETE",
        "MESSAGE_DELETE_BULK",
        "GUILD_CREATE",
        "GUILD_DELETE",
        "GUILD_MEMBER_UPDATE",
        "GUILD_MEMBER_REMOVE",
        "CHANNEL_CREATE",
        "CHANNEL_UPDATE",
        "CHANNEL_DELETE",
        "THREAD_CREATE",
        "THREAD_UPDATE",
        "THREAD_DELETE",
    }
)

# Of these the library would build objects that nobody looks at, which takes longer than all that we do to read them.
OURS_ALONE: Final = frozenset({"INTERACTION_CREATE", *(event for event in EVENTS if event.startswith("MESSAGE_"))})

Told = Callable[[str, Mapping[str, Any]], Awaitable[None]]


class Client(discord.Client):
    """Keeps nothing that we do not read, and hands every event on as it came: the library's own objects need caches
    that are empty after a restart, and its own dialogs are lost with one."""

    def __init__(self, told: Told, calls: Calls, *, content: bool, times: Times) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        intents.message_content = content
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=times.ready_seconds,
            heartbeat_timeout=times.deaf_seconds,
            enable_debug_events=True,  # on_socket_raw_receive
            http_trace=calls.trace,
            max_ratelimit_timeout=LONGEST_WAIT_SECONDS,
        )
        self._told = told
        for event in OURS_ALONE:
            self._connection.parsers.pop(event, None)

    async def on_socket_raw_receive(self, text: str) -> None:
        event = discord.utils._from_json(text)  # the same as the library reads it with, and the quickest there is
        if event.get("t") in EVENTS:
            await self._told(event["t"], event["d"])

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("event not taken in", during=event_method)


class Gateway:
    """`told` takes every event in; it may be called for several at once."""

    def __init__(self, settings: DiscordSettings, calls: Calls, told: Told, times: Times) -> None:
        self._settings = settings
        self._calls = calls
        self._told = told
        self._times = times
        self._content = settings.message_content
        self._sessions = Sessions(times=times)

    async def run(self, signed_in: Callable[[discord.Client], Awaitable[None]]) -> None:
        """Signs in and listens until cancelled. `signed_in` is awaited in between.

        Raises Blocked (the token is refused, or a privileged intent: the next run does without it), Busy or Unknown.
        """
        # Both addresses belong to the library's classes, not to a client.
        Route.BASE = self._settings.api_url
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._settings.gateway_url)
        client = Client(self._told, self._calls, content=self._content, times=self._times)
        try:
            async with asyncio.timeout(self._times.handshake_seconds):
                await client.login(self._settings.token)
            self._calls.client = client
            await signed_in(client)
            await self._sessions.run(client)
        except discord.LoginFailure as trouble:
            raise Blocked(TOKEN, "Discord refuses the bot's token. Run `guildhall doctor discord`.") from trouble
        except discord.PrivilegedIntentsRequired as trouble:
            self._content = False
            raise Blocked(INTENT, "Switch the Message Content intent on in the portal, or off here.") from trouble
        except discord.ConnectionClosed as trouble:
            if trouble.code == BAD_TOKEN:
                raise Blocked(TOKEN, "Discord refuses the bot's token. Run `guildhall doctor discord`.") from trouble
            raise Unknown(f"gateway closed with {trouble.code}") from trouble
        except discord.RateLimited as trouble:
            raise Busy(trouble.retry_after) from trouble
        except (discord.DiscordException, Unclear, aiohttp.ClientError, OSError) as trouble:
            raise Unknown(type(trouble).__name__) from trouble
        except ValueError as trouble:
            raise Unknown("an event that cannot be read") from trouble
        finally:
            self._calls.client = None
            await client.close()
        raise Unknown("gateway closed")
