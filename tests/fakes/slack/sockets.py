"""Socket Mode: one-use addresses, hello, envelopes and acknowledgements, up to ten connections per app.

docs.slack.dev/apis/events-api/using-socket-mode; each envelope goes to one connection (bolt-python#448).
"""

import asyncio
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import WSCloseCode, WSMsgType, web

from .clock import within
from .http_events import Posted
from .state import Json

if TYPE_CHECKING:
    from .server import FakeSlack
    from .workspace import Workspace

ACK_S: Final = 3.0
MOST_CONNECTIONS: Final = 10
TICKET_S: Final = 30.0


@dataclass(slots=True, eq=False)
class Connection:
    """`silent`: TCP stays open, but nothing is sent any more, pongs included, and what arrives is lost: `unheard` are
    the library's pings among it. `farewell`: the client closed it in order."""

    workspace: "Workspace"
    socket: web.WebSocketResponse
    request: web.Request
    silent: bool = False
    leaving: bool = False
    unheard: int = 0
    farewell: bool = False


class Sockets:
    def __init__(self, slack: "FakeSlack") -> None:
        self.slack = slack
        self.connections: list[Connection] = []
        self.opened = 0  # connections ever made
        self._tickets: dict[str, tuple[Workspace, float]] = {}
        self._acks: dict[str, asyncio.Future[Posted]] = {}
        self._chance = random.Random(slack.seed)

    def ticket(self, workspace: "Workspace") -> str:
        """A one-use address, as apps.connections.open gives."""
        key = self.slack.mint("ticket")
        self._tickets[key] = (workspace, self.slack.clock.now())
        return f"ws://127.0.0.1:{self.slack.port}/link/?ticket={key}&app_id={workspace.app_id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        found = self._tickets.pop(request.query.get("ticket", ""), None)
        if found is None or self.slack.clock.now() - found[1] > TICKET_S:
            return web.Response(status=408, text="ticket expired or used")
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(found[0], socket, request)
        mine = self.of(found[0])
        if found[0].transport != "socket":
            await self._say_goodbye(connection, "link_disabled")
        elif len(mine) >= MOST_CONNECTIONS:
            await self._say_goodbye(connection, "too_many_websockets")
        else:
            await self._listen(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        self.connections.append(connection)
        self.opened += 1
        try:
            await connection.socket.send_str(json.dumps(self._hello(connection.workspace)))
            async for message in connection.socket:
                if connection.silent:
                    connection.unheard += message.type == WSMsgType.PING and message.data.startswith(b"sdk-ping-pong")
                    continue
                if message.type == WSMsgType.PING:
                    await connection.socket.pong(message.data)
                elif message.type == WSMsgType.TEXT:
                    self._acknowledged(message.data)
        except ConnectionError:
            pass  # the client is gone; what it did not acknowledge is delivered again
        finally:
            connection.farewell = connection.socket.close_code == WSCloseCode.OK
            if connection in self.connections:
                self.connections.remove(connection)

    def _hello(self, workspace: "Workspace") -> Json:
        debug = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        connected = {"num_connections": len(self.of(workspace)), "connection_info": {"app_id": workspace.app_id}}
        return {"type": "hello", "debug_info": debug} | connected

    def _acknowledged(self, data: str) -> None:
        try:
            ack = json.loads(data)
        except ValueError:
            self.slack.complain(f"not JSON over the socket: {data[:80]}")
            return
        if not isinstance(ack, dict) or set(ack) - {"envelope_id", "payload"}:
            self.slack.complain(f"not an acknowledgement over the socket: {data[:80]}")
            return
        answer = self._acks.pop(str(ack.get("envelope_id")), None)
        if answer is not None and not answer.done():
            answer.set_result(Posted(ok=True, payload=ack.get("payload") or None))

    def of(self, workspace: "Workspace") -> list[Connection]:
        return [each for each in self.connections if each.workspace is workspace and not each.leaving]

    async def send(
        self, workspace: "Workspace", kind: str, payload: Json, *, retry: Json | None = None, may_answer: bool = False
    ) -> Posted:
        """One envelope to one connection; acknowledged within 3 s or failed."""
        found = self.of(workspace)
        if not found:
            return Posted(ok=False, why="connection_failed")
        connection = self._chance.choice(found)
        key = self.slack.mint("envelope-")
        envelope = {"envelope_id": key, "type": kind, "payload": payload, "accepts_response_payload": may_answer}
        answer: asyncio.Future[Posted] = asyncio.get_running_loop().create_future()
        self._acks[key] = answer
        if not connection.silent:
            try:
                await connection.socket.send_str(json.dumps(envelope | (retry or {})))
            except ConnectionError:
                connection.leaving = True
        posted = await within(self.slack.clock, answer, ACK_S)
        self._acks.pop(key, None)
        return posted or Posted(ok=False, why="timeout")

    # What a test does to the sockets.

    def silence(self, workspace: "Workspace | None" = None) -> int:
        """The connections open now fall silent; later ones are well. Gives how many."""
        found = [each for each in self.connections if workspace in (None, each.workspace)]
        for connection in found:
            connection.silent = True
        return len(found)

    def speak(self) -> None:
        for connection in self.connections:
            connection.silent = False

    async def warn(self) -> None:
        """`disconnect` with reason warning: about ten seconds before the connection is closed."""
        for connection in list(self.connections):
            await self._tell(connection, "warning")

    async def refresh(self) -> None:
        """`disconnect` with refresh_requested to every connection; they get no more envelopes."""
        for connection in list(self.connections):
            connection.leaving = True
            await self._tell(connection, "refresh_requested")

    def cut(self) -> None:
        """Every TCP connection breaks."""
        for connection in list(self.connections):
            connection.leaving = True
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def close(self) -> None:
        for connection in list(self.connections):
            connection.leaving = True
            if connection.request.transport is not None and connection.silent:
                connection.request.transport.abort()
            else:
                await connection.socket.close()

    async def _say_goodbye(self, connection: Connection, reason: str) -> None:
        await self._tell(connection, reason)
        await connection.socket.close()

    async def _tell(self, connection: Connection, reason: str) -> None:
        said = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
        try:
            await connection.socket.send_str(json.dumps(said))
        except ConnectionError:
            connection.leaving = True
