"""The fake itself: one server with everything that Discord hosts, and what it collected about the client."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TextIO

from aiohttp import web

from tests.fakes.slack.clock import RealTime, Time
from tests.fakes.slack.faults import FaultPlan

from . import accounts, callbacks, channels, commands, guilds, messages, sleeping
from .api import Api
from .cdn import Files
from .control import Control
from .gateway import Gateway
from .house import House
from .interactions import Interaction
from .limits import INVALID, Limits
from .posting import Rang
from .rules import FILE_BYTES
from .someone import Someone
from .state import EPOCH_MS, Channel, Guild, Json, Message, User
from .world import World

ENDPOINTS = (accounts, callbacks, channels, commands, guilds, messages)  # each registers its routes when imported


class FakeDiscord(World):
    """See the package's text. Times are seconds of `time`; `faults` is the share of HTTP calls that go wrong."""

    def __init__(
        self,
        *,
        seed: int = 0,
        faults: float = 0.0,
        rate_limits: bool = False,
        privileged: set[str] | None = None,
        time: Time | None = None,
        log: Path | None = None,
        port: int = 0,
        bot_name: str = "guildhall",
    ) -> None:
        self.seed, self.rate_limits, self.port = seed, rate_limits, port
        self.clock: Time = time or RealTime()
        self.faults = FaultPlan(share=faults, seed=seed)
        self.limits, self.most_invalid = Limits(), INVALID[0]
        self.retry_after_s = (0.2, 0.6)  # of planned 429s; discord.py waits them in real time
        self.busy_ways: tuple[str, ...] = ("user",)  # whose planned 429s are: "user", "shared", "global", "cloudflare"
        self.refuses: dict[str, tuple[int, float]] = {}  # by route: the code with which this share of calls is refused
        self.slow_s = 0.0  # real seconds that every call takes; what is sent to an interaction is applied on arrival
        self.in_flight_s = 0.0  # real seconds after a 429 in which calls that were under way are not held against it
        self.privileged: set[str] = set(privileged or ())  # what the portal allows: members, presences, message_content
        self.resolves_links = True  # messages with links get their embeds by MESSAGE_UPDATE
        self.nonce_s, self.most_threads, self.file_bytes, self.file_s = 180.0, 1000, FILE_BYTES, 86_400.0
        self.complaints: list[str] = []
        self.too_early: list[str] = []
        self.missing: list[str] = []  # permissions that a call lacked
        self.rang: list[Rang] = []
        self.unfurled: list[str] = []
        self.applied: list[Json] = []
        self.calls: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self.closing = asyncio.Event()
        self._minted: Counter[str] = Counter()
        self._last_id = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._active = 0
        self._log_path = log
        self._log: TextIO | None = None
        self._empty()
        self.owner = self._user("owner")
        self.bot = self._user(bot_name, bot=True)
        self.application_id = self.bot.id
        self.token = f"{self.bot.id}.{self.mint('token')}"
        self.gateway = Gateway(self)

    def _empty(self) -> None:
        """Nobody and nothing is there yet."""
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.dms: dict[str, Channel] = {}  # by the other side's id
        self.users: dict[str, User] = {}
        self.people: dict[str, Someone] = {}
        self.houses: dict[str, House] = {}
        self.commands: dict[str, list[Json]] = {}
        self.created: Counter[str] = Counter()
        self.interactions: dict[str, Interaction] = {}
        self.ephemerals: dict[str, list[Message]] = {}
        self.nonces: dict[str, tuple[float, Message]] = {}
        self.files: dict[str, tuple[str, str, bytes]] = {}
        self.next_sweep = 0.0

    # Where it is.

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """For discord.http.Route.BASE."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """For discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    async def __aenter__(self) -> Self:
        if self._log_path:
            self._log = self._log_path.open("a")
        app = web.Application(client_max_size=64 * 2**20)
        files = Files(self)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/attachments/{file}/{name}", files.download)
        Control(self).add_to(app)
        app.router.add_route("*", "/api/{rest:.*}", Api(self).serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closing.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.gateway.end()
        await self._runner.cleanup()
        if self._log:
            self._log.close()

    # What everything here uses.

    def mint(self, kind: str) -> str:
        """A new name that never comes again."""
        self._minted[kind] += 1
        return f"{kind}{self.seed:03d}{self._minted[kind]:09d}"

    def snowflake(self) -> str:
        """A new id: the time in milliseconds and a number; no two alike, newer is larger."""
        now = int(self.clock.now() * 1000) - EPOCH_MS
        self._last_id = max(self._last_id + 1, now << 22)
        return str(self._last_id)

    def sweep(self) -> None:
        sleeping.sweep(self)

    def log(self, entry: Json) -> None:
        """Everything that was applied, in order."""
        entry = {"n": len(self.applied), "at": self.clock.now()} | entry
        self.applied.append(entry)
        if self._log:
            self._log.write(json.dumps(entry) + "\n")
            self._log.flush()

    def complain(self, what: str) -> None:
        """Something that a stricter Discord could refuse."""
        self.complaints.append(what)

    def reset_token(self) -> str:
        """A new token: the old one is refused (401, close 4004) and every session ends."""
        self.token = f"{self.bot.id}.{self.mint('token')}"
        self.gateway.close(4004)
        self.gateway.sessions.clear()
        return self.token

    def signed(self, key: str) -> str:
        """A file's address, which ends after a day (docs/reference#signed-attachment-cdn-urls)."""
        ends = int(self.clock.now() + self.file_s)
        return f"{self.url}/attachments/{key}/{self.files[key][0]}?ex={ends:x}&is={ends - 1:x}&hm={int(key) % 65521:x}"

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._active += 1

        def done(finished: asyncio.Task[None]) -> None:
            self._tasks.discard(finished)
            if not finished.cancelled() and (trouble := finished.exception()) is not None:
                self.complain(f"the fake itself failed: {trouble!r}")

        def begun() -> None:
            self._active -= 1  # its first step has run, and counts itself from there

        self._tasks.add(task)
        task.add_done_callback(done)
        asyncio.get_running_loop().call_soon(begun)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Counts what is on its way, for `settled`."""
        self._active += 1
        try:
            yield
        finally:
            self._active -= 1

    async def settled(self, seconds: float = 10.0) -> None:
        """Until nothing is on its way: no call, no late event, no late apply, no interaction without its answer."""
        await self.until(lambda: self._active == 0, seconds, "something is still on its way")

    async def until(self, true: Callable[[], object], seconds: float = 10.0, what: str = "") -> None:
        """Until the condition holds, in real time; AssertionError when it never does."""
        end = asyncio.get_running_loop().time() + seconds
        while not true():
            assert asyncio.get_running_loop().time() < end, what or "it never came true"
            await asyncio.sleep(0.005)
