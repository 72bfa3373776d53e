"""The gateway: HELLO, IDENTIFY, READY, heartbeats, RESUME, and what a test does to the connections.

discord.com/developers/docs/events/gateway; opcodes and close codes: topics/opcodes-and-status-codes#gateway.
"""

import asyncio
import contextlib
import json
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from aiohttp import WSMsgType, web

from . import events
from .sessions import ALL_INTENTS, INTENTS, PRIVILEGED, Connection, EventFaults, Session
from .state import Guild, Json

if TYPE_CHECKING:
    from .server import FakeDiscord

SENDS: Final = (120, 60.0)  # gateway commands per connection, else 4008
STARTS_A_DAY: Final = 1000
IDENTIFY_PAUSE_S: Final = 5.0
COMMAND_BYTES: Final = 4096
RESUMABLE_S: Final = 180.0  # "a few minutes" after an unclean close
UNKNOWN, DECODE, NOT_AUTHENTICATED, FAILED, ALREADY = 4001, 4002, 4003, 4004, 4005
BAD_SEQ, TOO_FAST, TIMED_OUT, BAD_SHARD, BAD_INTENTS, DISALLOWED = 4007, 4008, 4009, 4010, 4013, 4014

Adjust = Callable[[Session], Json | None]


class Gateway:
    """`sessions` by id; `identifies`, `resumes` and `invalid` count what clients did and were told."""

    def __init__(self, discord: "FakeDiscord") -> None:
        self.discord = discord
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []
        self.faults = EventFaults(seed=discord.seed)
        self.heartbeat_ms = 41_250
        self.handshakes_fail = 0  # so many of the next connections break before HELLO
        self.acknowledges = True  # False: heartbeats get no ACK, all else goes on
        self.starts_left = STARTS_A_DAY
        self.identifies: list[float] = []
        self.resumes = self.invalid = self.heartbeats = 0

    # For what dispatches events.

    def dispatch(self, name: str, adjust: Adjust, *intents: str, guild_id: str = "", faulty: bool = True) -> None:
        """Send an event to every session that wants one of `intents`; `adjust` gives its payload or None."""
        if faulty:
            missed, late, again = self.faults.next()
        else:
            missed, late, again = False, 0.0, None
        for session in list(self.sessions.values()):
            if not session.wants(*intents) or not session.is_for(guild_id):
                continue
            if (payload := adjust(session)) is None:
                continue
            if missed:
                session.skip()
                continue
            self._send(session, name, payload, late)
            if again is not None:
                self._send(session, name, payload, late + again)

    def _send(self, session: Session, name: str, payload: Json, late: float) -> None:
        if not late:
            session.dispatch(name, payload)
            return

        async def later() -> None:
            with self.discord.busy():
                await self.discord.clock.sleep(late)
                session.dispatch(name, payload)

        self.discord.spawn(later())

    @property
    def connected(self) -> bool:
        return any(session.connection is not None for session in self.sessions.values())

    # What a client meets.

    async def serve(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, request)
        if request.query.get("compress") == "zlib-stream":
            connection.compressor = zlib.compressobj()
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self.discord.complain(f"gateway asked for with {dict(request.query)}")
        if self.handshakes_fail:
            self.handshakes_fail -= 1
            connection.cut()
            return socket
        self.connections.append(connection)
        carrying = asyncio.ensure_future(connection.carry())
        connection.send(10, {"heartbeat_interval": self.heartbeat_ms})
        try:
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self._left(connection)
            carrying.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await carrying
        return socket

    async def _listen(self, connection: Connection) -> None:
        patience = self.heartbeat_ms / 1000 * 2
        while True:
            try:
                message = await asyncio.wait_for(connection.socket.receive(), patience)
            except TimeoutError:
                connection.close(TIMED_OUT)
                continue
            if message.type != WSMsgType.TEXT:
                return
            if not connection.silent and (code := self._heard(connection, message.data)):
                connection.close(code)

    def _left(self, connection: Connection) -> None:
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = None
        session.left_at = self.discord.clock.now()
        code = connection.closing or connection.socket.close_code
        if code in (1000, 1001, TIMED_OUT):
            self.sessions.pop(session.id, None)  # a clean close by the client ends the session

    def _heard(self, connection: Connection, text: str) -> int:
        """Act on what a client says; gives the close code if that ends the connection, else 0."""
        now = self.discord.clock.now()
        connection.sends.append(now)
        while connection.sends[0] <= now - SENDS[1]:
            connection.sends.popleft()
        if len(connection.sends) > SENDS[0]:
            return TOO_FAST
        try:
            said = json.loads(text)
            op, d = said["op"], said.get("d")
        except (ValueError, KeyError, TypeError):
            return DECODE
        if len(text.encode()) > COMMAND_BYTES:
            return DECODE
        if op not in (1, 2, 6) and connection.session is None:
            return NOT_AUTHENTICATED
        match op:
            case 1:
                self.heartbeats += 1
                if self.acknowledges:
                    connection.send(11)
            case 2:
                return self._identify(connection, d)
            case 6:
                return self._resume(connection, d)
            case 8:
                self._members(connection, d)
            case 3 | 4:
                pass  # presence and voice states concern nobody here
            case _:
                return UNKNOWN
        return 0

    def _identify(self, connection: Connection, d: Json) -> int:
        discord = self.discord
        if connection.session is not None:
            return ALREADY
        if not isinstance(d, dict) or d.get("token") != discord.token:
            return FAILED
        intents = d.get("intents", -1)
        if not isinstance(intents, int) or not 0 <= intents <= ALL_INTENTS:
            return BAD_INTENTS
        for name in PRIVILEGED:
            if intents & INTENTS[name] and name not in discord.privileged:
                return DISALLOWED
        number, count = d.get("shard") or (0, 1)
        if not 0 <= number < count:
            return BAD_SHARD
        now = discord.clock.now()
        if self.starts_left <= 0:
            discord.reset_token()  # docs/events/gateway#session-start-limit
            return FAILED
        self.starts_left -= 1
        if discord.rate_limits and self.identifies and now < self.identifies[-1] + IDENTIFY_PAUSE_S:
            self.invalid += 1
            connection.send(9, False)
            return 0
        self.identifies.append(now)
        session = Session(id=discord.mint("session"), intents=intents, shard=(number, count), connection=connection)
        self.sessions[session.id], connection.session = session, session
        self._ready(session)
        return 0

    def _ready(self, session: Session) -> None:
        discord = self.discord
        mine = [each for each in discord.guilds.values() if each.has_bot and session.is_for(each.id)]
        ready: Json = {"v": 10, "user": discord.bot.payload() | {"verified": True, "mfa_enabled": False, "email": None}}
        ready |= {"guilds": [{"id": guild.id, "unavailable": True} for guild in mine], "session_id": session.id}
        ready |= {"resume_gateway_url": discord.gateway_url, "private_channels": [], "shard": list(session.shard)}
        ready["application"] = {"id": discord.application_id, "flags": discord.application_flags}
        events.check(discord, "UserPIIResponse", ready["user"] | {"locale": "en-US"}, "READY")
        session.dispatch("READY", ready)
        if session.wants("guilds"):
            for guild in mine:
                session.dispatch("GUILD_CREATE", self.guild_create(guild))

    def guild_create(self, guild: Guild) -> Json:
        """Channels, active threads that the bot sees, the bot itself (docs/events/gateway-events#guild-create)."""
        discord = self.discord
        me = guild.members[discord.bot.id]
        seen = [each for each in guild.channels.values() if discord.bot_sees(each)]
        events.check(discord, "GuildWithCountsResponse", guild.payload(), "GUILD_CREATE")
        for each in guild.channels.values():
            name = "ThreadResponse" if each.is_thread else "GuildChannelResponse"
            events.check(discord, name, each.payload(discord.bot.id), "GUILD_CREATE")
        nothing = ("voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds")
        return guild.payload() | {
            "joined_at": me.payload()["joined_at"],
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [me.payload()],
            "channels": [each.payload() for each in guild.channels.values() if not each.is_thread],
            "threads": [each.payload(discord.bot.id) for each in seen if each.is_thread and not each.archived],
            **{name: [] for name in nothing},
        }

    def _resume(self, connection: Connection, d: Json) -> int:
        now = self.discord.clock.now()
        if d.get("token") != self.discord.token:
            return FAILED
        session = self.sessions.get(str(d.get("session_id")))
        gone = session is not None and session.left_at is not None and now > session.left_at + RESUMABLE_S
        lost = session is not None and bool(session.kept) and d.get("seq", 0) < session.kept[0][0] - 1
        if session is None or gone or lost or self.faults.resumes_fail:
            self.sessions.pop(str(d.get("session_id")), None)
            self.invalid += 1
            connection.send(9, False)
            return 0
        if d.get("seq", 0) > session.seq:
            self.sessions.pop(session.id)
            return BAD_SEQ
        if session.connection is not None:
            session.connection.close(4000)
        self.resumes += 1
        session.connection, session.left_at, connection.session = connection, None, session
        session.replay(d["seq"])
        session.dispatch("RESUMED", {"_trace": []})
        return 0

    def _members(self, connection: Connection, d: Json) -> None:
        """Request Guild Members; the whole list needs the intent (docs/events/gateway-events#request-guild-members)."""
        guild = self.discord.guilds.get(str(d.get("guild_id")))
        session = connection.session
        if guild is None or session is None:
            return
        wanted = d.get("user_ids", [])
        wanted = [str(each) for each in (wanted if isinstance(wanted, list) else [wanted])]
        query, limit = str(d.get("query", "")).lower(), int(d.get("limit", 0))
        if not wanted and not query and not session.wants("members"):
            self.discord.complain("all members were asked for without the intent for members")
            return
        found = [
            each
            for key, each in guild.members.items()
            if (key in wanted if wanted else each.user.username.lower().startswith(query))
        ]
        found = found[:limit] if limit else found
        chunk: Json = {"guild_id": guild.id, "members": [each.payload() for each in found], "chunk_index": 0}
        chunk |= {"chunk_count": 1, "not_found": [key for key in wanted if key not in guild.members]}
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": d["nonce"]} if "nonce" in d else {}))

    # What a test does to the gateway.

    def silence(self) -> int:
        """The connections open now fall silent; later ones are well. Gives how many."""
        for connection in self.connections:
            connection.silent = True
        return len(self.connections)

    def reconnect(self) -> None:
        """RECONNECT (7): clients shall come back and resume."""
        for connection in self.connections:
            connection.send(7)

    def invalidate(self, *, resumable: bool = False) -> None:
        """INVALID_SESSION (9) to every connection; without `resumable` its session is gone."""
        for connection in self.connections:
            if connection.session and not resumable:
                self.sessions.pop(connection.session.id, None)
                connection.session.connection, connection.session = None, None
            self.invalid += 1
            connection.send(9, resumable)

    def forget(self) -> None:
        """Sessions are gone, so that a RESUME fails; who is connected is told nothing until the next connection."""
        self.sessions.clear()

    def close(self, code: int = 4000) -> None:
        """Close every connection with this code."""
        for connection in list(self.connections):
            connection.close(code)

    def cut(self) -> None:
        """Every TCP connection breaks."""
        for connection in list(self.connections):
            connection.cut()

    async def end(self) -> None:
        for connection in list(self.connections):
            if connection.silent:
                connection.cut()
            else:
                await connection.socket.close(code=1001)

    def start_limit(self) -> Json:
        limit: dict[str, Any] = {"total": STARTS_A_DAY, "remaining": self.starts_left, "reset_after": 14_400_000}
        return limit | {"max_concurrency": 1}
