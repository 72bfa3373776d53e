"""Discord's side of the benchmark, as light as it can be: it presses buttons, and measures until the acknowledgement.

It is not a stand-in for Discord: it remembers nothing and answers every call with the same few words, so that its own
work does not show in the figures. Its limits are too generous to be met.
"""

import asyncio
import json
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import WSMsgType, web

from bench.discord_payloads import (
    APPLICATION,
    BOT,
    CHANNEL,
    CHANNEL_OBJECT,
    DIRECT,
    GUILD,
    GUILD_OBJECT,
    Json,
    bot,
    member,
    message,
    payload_of,
    person,
    snowflake,
    thread,
)
from bench.pressing import Press, Tally

TOLD: Final = "webhooks"  # what the one who pressed reads, beside the acknowledgement
OPENED: Final = "POST threads"
CHANGED: Final = "PATCH messages"
HEARTBEAT_MS: Final = 41_250

_LIMITS: Final = {
    "X-RateLimit-Limit": "10000",
    "X-RateLimit-Remaining": "9999",
    "X-RateLimit-Reset-After": "1.000",
}


@dataclass(slots=True)
class DiscordSide:
    """The HTTP API and the gateway, on one port of this machine. `calls` counts requests by the last word of their
    path; `lines` are the gateway's connections by the bot's token."""

    url: str = ""
    calls: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    lines: dict[str, asyncio.Future["GatewayLine"]] = field(default_factory=dict)
    _pressed: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/api/v10/interactions/{id}/{token}/callback", self._acknowledged)
        app.router.add_route("*", "/api/v10/webhooks/{app}/{token}{rest:.*}", self._told)
        app.router.add_route("*", "/api/v10/{path:.*}", self._called)
        app.router.add_get("/gateway/", self._connected)
        app.router.add_get("/gateway", self._connected)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"{self.url.replace('http', 'ws')}/gateway"

    async def line_of(self, token: str) -> "GatewayLine":
        """The connection of the bot with this token, once it has signed in."""
        return await self.lines.setdefault(token, asyncio.get_running_loop().create_future())

    # The HTTP API

    async def _acknowledged(self, request: web.Request) -> web.Response:
        await request.read()
        self._pressed.pop(request.match_info["token"]).set_result(None)
        if "with_response" not in request.query:
            return web.Response(status=204)
        return _answer({"interaction": {"id": request.match_info["id"], "type": 3, "channel_id": CHANNEL}})

    async def _told(self, request: web.Request) -> web.Response:
        await request.read()
        self.calls[TOLD].add()
        return _answer(message(snowflake()))

    async def _called(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        sent = await request.read()
        self.calls[f"{request.method} {_kind(path)}"].add()
        return _answer(self._answer(request.method, path.split("/"), sent))

    def _answer(self, method: str, path: list[str], sent: bytes) -> Any:
        match [method, *path]:
            case ["GET", "users", "@me"]:
                return bot()
            case ["GET", "oauth2" | "applications", *_, "@me"]:
                return APPLICATION
            case ["GET", "gateway", "bot"]:
                limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
                return {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}
            case ["GET", "guilds", _, "threads", "active"] | ["GET", "channels", _, "threads", *_]:
                return {"threads": [], "members": [], "has_more": False}
            case ["GET", "guilds", _, "members", user]:
                return member(user)
            case ["GET", "guilds", _]:
                return GUILD_OBJECT
            case ["GET", "guilds", _, "channels"]:
                return [CHANNEL_OBJECT]
            case ["GET", "users", user]:
                return person(user)
            case ["POST", "users", "@me", "channels"]:
                return {"id": DIRECT, "type": 1, "recipients": [person(str(json.loads(sent)["recipient_id"]))]}
            case ["POST", "channels", channel, "messages", ref, "threads"]:
                return thread(ref, channel)
            case ["POST", "channels", channel, "threads"]:
                return thread(snowflake(), channel)
            case ["POST", "channels", channel, "messages"]:
                return message(snowflake(), channel)
            case ["GET" | "PATCH", "channels", channel, "messages", ref]:
                return message(ref, channel, threaded=True)
            case ["GET" | "PATCH", "channels", channel]:
                return CHANNEL_OBJECT if channel == CHANNEL else thread(channel, CHANNEL)
            case ["GET" | "PUT", *_]:
                return []
            case _:
                return None

    # The gateway

    async def _connected(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        line = GatewayLine(socket, self._pressed, compressed=request.query.get("compress") == "zlib-stream")
        await line.send({"op": 10, "d": {"heartbeat_interval": HEARTBEAT_MS}, "s": None, "t": None})
        async for said in socket:
            if said.type is not WSMsgType.TEXT:
                break
            heard = json.loads(said.data)
            if heard["op"] == 1:
                await line.send({"op": 11, "d": None, "s": None, "t": None})
            if heard["op"] == 2:
                await self._sign_in(line, heard["d"]["token"])
        return socket

    async def _sign_in(self, line: "GatewayLine", token: str) -> None:
        ready = {
            "v": 10,
            "user": bot(),
            "guilds": [{"id": GUILD, "unavailable": True}],
            "session_id": token,
            "resume_gateway_url": self.gateway_url,
            "private_channels": [],
            "shard": [0, 1],
            "application": {"id": BOT, "flags": 0},
        }
        await line.dispatch("READY", ready)
        await line.dispatch("GUILD_CREATE", GUILD_OBJECT)
        self.lines.setdefault(token, asyncio.get_running_loop().create_future()).set_result(line)


class GatewayLine:
    """A connection that a bot has opened."""

    def __init__(
        self, socket: web.WebSocketResponse, pressed: dict[str, asyncio.Future[None]], *, compressed: bool
    ) -> None:
        self._socket, self._pressed = socket, pressed
        self._stream = zlib.compressobj() if compressed else None
        self._numbers = count(1)

    async def press(self, press: Press) -> None:
        token = f"aW50ZXJhY3Rpb246{snowflake()}"
        acknowledged = self._pressed[token] = asyncio.get_running_loop().create_future()
        await self.dispatch("INTERACTION_CREATE", payload_of(press, token))
        await acknowledged

    async def dispatch(self, name: str, payload: Mapping[str, Any]) -> None:
        await self.send({"op": 0, "t": name, "s": next(self._numbers), "d": payload})

    async def send(self, event: Json) -> None:
        text = json.dumps(event)
        if self._stream is None:
            await self._socket.send_str(text)
        else:
            packed = self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)
            await self._socket.send_bytes(packed)


def _answer(said: Any) -> web.Response:
    if said is None:
        return web.Response(status=204, headers=_LIMITS)
    return web.Response(body=json.dumps(said).encode(), content_type="application/json", headers=_LIMITS)


def _kind(path: str) -> str:
    """The last word of a path that is no id."""
    return next((each for each in reversed(path.split("/")) if not each.isdigit()), path)
