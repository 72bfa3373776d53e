"""Slack's side of the benchmark, as light as it can be: it presses buttons, and measures until the acknowledgement.

It is not a stand-in for Slack: it remembers nothing and answers every call with the same few words, so that its own
work does not show in the figures.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs, quote, urlsplit

from aiohttp import WSMsgType, web

from bench.bare_slack import SIGNING_SECRET
from bench.pressing import Press, Tally

TEAM: Final = "T0BENCH"
CHANNEL: Final = "C0BENCH"
BOT_USER: Final = "U0GUILDHALL"
ANSWERS: Final = "response_url"

_POSTED: Final = json.dumps({"ok": True, "ts": "1780000000.000300", "channel": CHANNEL}).encode()


@dataclass(slots=True)
class SlackSide:
    """The Web API, the sockets and the addresses for answers, on one port of this machine."""

    url: str = ""
    calls: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    sockets: dict[str, asyncio.Future["SocketLine"]] = field(default_factory=dict)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/api/{method}", self._called)
        app.router.add_post("/answers", self._answered)
        app.router.add_get("/socket/{token}", self._connected)
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
        return f"{self.url}/api/"

    @property
    def answers_url(self) -> str:
        """Where what one person alone reads is sent to."""
        return f"{self.url}/answers"

    async def socket_of(self, app_token: str) -> "SocketLine":
        """The socket of the app with this token, once it has one."""
        return await self.sockets.setdefault(app_token, asyncio.get_running_loop().create_future())

    async def _called(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls[method].add()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        sent = await request.read()
        if method.startswith("chat."):
            return web.Response(body=_POSTED, content_type="application/json")
        return web.json_response({"ok": True, **self._answer(method, token, sent)})

    def _answer(self, method: str, token: str, sent: bytes) -> dict[str, Any]:
        match method:
            case "auth.test":
                self.calls[token].add()
                return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": "B0GUILDHALL", "url": self.url, "team": "Bench"}
            case "apps.connections.open":
                return {"url": f"{self.url.replace('http', 'ws')}/socket/{token}"}
            case "users.info":
                user = parse_qs(sent.decode())["user"][0]
                return {"user": {"id": user, "team_id": TEAM, "name": user.lower(), "tz": "Europe/Vienna"}}
            case "conversations.open":
                return {"channel": {"id": "D0BENCH"}}
            case "conversations.history" | "conversations.replies":
                return {"messages": [], "has_more": False}
            case _:
                return {}

    async def signed_in(self, bot_token: str) -> None:
        """Returns when the app with this token has signed in."""
        await self.calls[bot_token].reached(1)

    async def _answered(self, request: web.Request) -> web.Response:
        await request.read()
        self.calls[ANSWERS].add()
        return web.Response(text="ok")

    async def _connected(self, request: web.Request) -> web.WebSocketResponse:
        token = request.match_info["token"]
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        line = SocketLine(socket, self.answers_url)
        self.sockets.setdefault(token, asyncio.get_running_loop().create_future()).set_result(line)
        await line.listen()
        return socket


class SocketLine:
    """A socket that an app has opened."""

    def __init__(self, socket: web.WebSocketResponse, answers: str) -> None:
        self._socket, self._answers = socket, answers
        self._numbers = count(1)
        self._pressed: dict[str, asyncio.Future[None]] = {}

    async def press(self, press: Press) -> None:
        envelope = f"envelope-{next(self._numbers)}"
        acknowledged = self._pressed[envelope] = asyncio.get_running_loop().create_future()
        payload = payload_of(press, self._answers)
        wrapped = {"envelope_id": envelope, "type": "interactive", "accepts_response_payload": True}
        await self._socket.send_str(json.dumps(wrapped | {"payload": payload}))
        await acknowledged

    async def listen(self) -> None:
        """Until the app hangs up."""
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                self._pressed.pop(json.loads(message.data)["envelope_id"]).set_result(None)


class HttpLine:
    """Signed requests to the address that an app listens on, over connections that stay open."""

    def __init__(self, address: str, answers: str) -> None:
        self._host, self._port, self._path = urlsplit(address).hostname, urlsplit(address).port, urlsplit(address).path
        self._answers = answers
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def press(self, press: Press) -> None:
        reader, writer = await self._connected()
        writer.write(self._request(press))
        head = await reader.readuntil(b"\r\n\r\n")
        status = head.split(b" ", 2)[1]
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        body = await reader.readexactly(int(length.partition(b":")[2]))
        assert status == b"200", (status, body)
        self._idle.append((reader, writer))

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():  # servers hang up on those who have been silent for some seconds
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._host, self._port)

    def _request(self, press: Press) -> bytes:
        body = f"payload={quote(json.dumps(payload_of(press, self._answers)), safe='')}"
        at = str(int(time.time()))
        digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        lines = (
            f"POST {self._path} HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            f"X-Slack-Request-Timestamp: {at}",
            f"X-Slack-Signature: v0={digest}",
            "User-Agent: Slackbot 1.0",
            "Accept: */*",
        )
        return "\r\n".join((*lines, "", body)).encode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, writer in self._idle:
            writer.close()


# --- what Slack sends along when somebody presses a button on a card

_numbers = count(1)


def payload_of(press: Press, answers: str) -> dict[str, Any]:
    number = next(_numbers)
    at = f"17800{number:05}.000100"
    button = _button(press.says)
    return {
        "type": "block_actions",
        "user": {"id": press.user, "username": press.user.lower(), "name": press.user.lower(), "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "token": "unused",
        "container": {"type": "message", "message_ts": at, "channel_id": CHANNEL, "is_ephemeral": False},
        "trigger_id": f"{number}.1.{number:032x}",
        "team": {"id": TEAM, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": CHANNEL, "name": "billing"},
        "message": {
            "type": "message",
            "user": BOT_USER,
            "bot_id": "B0GUILDHALL",
            "app_id": "A0BENCH",
            "ts": at,
            "team": TEAM,
            "text": f"New: Billing, $2.00 to you\n{_WORDS}",
            "blocks": [
                {"type": "header", "block_id": "head", "text": {"type": "plain_text", "text": "Billing, $2.00 to you"}},
                {
                    "type": "rich_text",
                    "block_id": "words",
                    "elements": [{"type": "rich_text_quote", "elements": _SAID}],
                },
                {
                    "type": "context",
                    "block_id": "foot",
                    "elements": [{"type": "mrkdwn", "text": "Waiting since 14:09"}],
                },
                {"type": "actions", "block_id": "row:0", "elements": [button, _button("pass"), _button("answer")]},
            ],
        },
        "state": {"values": {}},
        "response_url": answers,
        "actions": [{**button, "block_id": "row:0", "action_ts": f"17800{number:05}.000200"}],
    }


def _button(says: str) -> dict[str, Any]:
    label = {"type": "plain_text", "text": says.partition(" ")[0].capitalize(), "emoji": False}
    return {"type": "button", "action_id": "say:0", "text": label, "value": says}


_WORDS: Final = "Why was I billed twice for my order? It says so on my statement, and the second line is larger."
_SAID: Final = [{"type": "text", "text": _WORDS}]
