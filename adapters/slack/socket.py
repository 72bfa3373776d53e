"""Socket Mode: one socket, watched from outside, because a socket that looks well can be deaf."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.slack.calling import Calls, quiet

log = structlog.get_logger(__name__)

PING_SECONDS: Final = 4.0
DEAF_AFTER_SECONDS: Final = 15.0
LOOK_SECONDS: Final = 1.0


class Socket:
    """Listens on one socket until cancelled. `connected` is called after each hello, which may follow a gap."""

    def __init__(
        self,
        app: AsyncApp,
        calls: Calls,
        *,
        app_token: str,
        workspace: str,
        connected: Callable[[], None],
        ping_seconds: float = PING_SECONDS,
        deaf_after_seconds: float = DEAF_AFTER_SECONDS,
    ) -> None:
        self._app, self._calls = app, calls
        self._token, self._workspace = app_token, workspace
        self._connected = connected
        self._ping_seconds, self._deaf_after = ping_seconds, deaf_after_seconds

    async def run(self) -> None:
        """Raises what `Calls.call` raises when Slack gives no address for a socket."""
        while True:
            opened = await self._calls.call("apps.connections.open", token=self._token)
            await self._listen(str(opened["url"]))
            log.warning("socket was deaf", workspace=self._workspace)

    async def _listen(self, url: str) -> None:
        """Until the socket has been deaf for too long; it is closed in any case, or its ghost would take events."""
        handler = AsyncSocketModeHandler(
            self._app, self._token, logger=quiet, web_client=self._calls.client, ping_interval=self._ping_seconds
        )
        client = handler.client
        client.wss_uri = url
        client.on_message_listeners.append(self._on_message)
        try:
            await client.connect()  # type: ignore[no-untyped-call]
            since = time.time()
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                heard_at = max(client.last_ping_pong_time or 0.0, since)
                if time.time() - heard_at > self._deaf_after:
                    return
        finally:
            await asyncio.shield(_close(handler))

    async def _on_message(self, message: aiohttp.WSMessage) -> None:
        if isinstance(message.data, str) and '"hello"' in message.data:
            hello = json.loads(message.data)
            if hello.get("type") == "hello":
                log.info("socket connected", workspace=self._workspace, connections=hello.get("num_connections"))
                self._connected()


async def _close(handler: AsyncSocketModeHandler) -> None:
    close: Awaitable[None] = handler.close_async()  # type: ignore[no-untyped-call]
    try:
        await asyncio.wait_for(close, timeout=5)
    except (TimeoutError, aiohttp.ClientError, OSError):
        log.warning("socket not closed in time")
