"""Socket Mode: one socket, watched from outside, because a socket that looks well can be deaf."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.calling import APP_TOKEN, Calls, quiet
from adapters.slack.times import Times
from bot.ports import Blocked

log = structlog.get_logger(__name__)

SENT_AWAY: Final = ("link_disabled", "too_many_websockets")  # Socket Mode is off; other programs have all ten sockets


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
        times: Times,
    ) -> None:
        self._app, self._calls = app, calls
        self._token, self._workspace = app_token, workspace
        self._connected = connected
        self._times = times
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._sent_away, self._reason = asyncio.Event(), ""

    async def run(self) -> None:
        """Raises what `Calls.call` raises when Slack gives no address for a socket."""
        said = False
        while True:
            opened = await self._calls.call("apps.connections.open", token=self._token)
            heard = await self._listen(str(opened["url"]))
            if heard or not said:  # a silence is said once, however many sockets it takes
                said = True
                log.warning("socket was deaf", workspace=self._workspace)

    async def _listen(self, url: str) -> bool:
        """Until the socket has been deaf for too long; says whether it ever answered. It is closed in any case, or
        its ghost would take events."""
        handler = AsyncSocketModeHandler(
            self._app, self._token, logger=quiet, web_client=self._calls.client, ping_interval=self._times.ping_seconds
        )
        client = handler.client
        client.wss_uri = url
        client.on_message_listeners.append(self._on_message)
        client.socket_mode_request_listeners[:] = [partial(self._take_in, handler)]
        patience = self._times.look_seconds
        try:
            if not await self._connect(client):
                return False
            return await self._watch(client)
        except asyncio.CancelledError:
            patience = self._times.close_seconds
            self._stopping = True
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=self._times.drain_seconds)
            raise
        finally:
            await asyncio.shield(_close(client, patience))

    async def _connect(self, client: SocketModeClient) -> bool:
        """An address is good for one use: the library would go on trying a bad one for ever."""
        try:
            async with asyncio.timeout(self._times.deaf_after_seconds):
                await client.connect()  # type: ignore[no-untyped-call]
        except TimeoutError:
            return False
        return True

    async def _watch(self, client: SocketModeClient) -> bool:
        """The library sets the time of the first answer by itself, so that only a second one proves anything."""
        since, first, answered = time.time(), client.last_ping_pong_time, False
        while True:
            await self._look_away()
            last = client.last_ping_pong_time
            answered = answered or (first is not None and last is not None and last > first)
            first = first or last
            if time.time() - max(last or 0.0, since) > self._times.deaf_after_seconds:
                return answered

    async def _look_away(self) -> None:
        """Raises Blocked when Slack sends us away: connecting again at once would only be sent away again."""
        try:
            async with asyncio.timeout(self._times.look_seconds):
                await self._sent_away.wait()
        except TimeoutError:
            return
        raise Blocked(APP_TOKEN, f"Slack says {self._reason}. Run `guildhall doctor slack`.")

    async def _take_in(
        self, handler: AsyncSocketModeHandler, client: AsyncBaseSocketModeClient, request: SocketModeRequest
    ) -> None:
        """What comes while we stop is left alone: without an acknowledgement Slack delivers it again."""
        if self._stopping:
            return
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            assert isinstance(client, SocketModeClient)
            await handler.handle(client, request)
        finally:
            self._under_way.discard(task)

    async def _on_message(self, message: aiohttp.WSMessage) -> None:
        if not isinstance(message.data, str) or not any(word in message.data for word in ('"hello"', '"disconnect"')):
            return
        match json.loads(message.data):
            case {"type": "hello", **said}:
                log.info("socket connected", workspace=self._workspace, connections=said.get("num_connections"))
                self._connected()
            case {"type": "disconnect", "reason": str(reason)} if reason in SENT_AWAY:
                self._reason = reason
                self._sent_away.set()


async def _close(client: SocketModeClient, patience: float) -> None:
    """Also what the library leaves behind when the other end does not answer the farewell."""
    farewell: Awaitable[None] = client.close()  # type: ignore[no-untyped-call]
    try:
        await asyncio.wait_for(farewell, timeout=patience)
    except (TimeoutError, aiohttp.ClientError, OSError):
        log.info("socket closed without an answer")
    finally:
        for task in (client.message_processor, client.current_session_monitor, client.message_receiver):
            if task is not None:
                task.cancel()
        await client.aiohttp_client_session.close()
