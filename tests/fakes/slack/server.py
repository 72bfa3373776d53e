"""The fake itself: one server with everything that Slack hosts, and what it collected about the client."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TextIO

import aiohttp
from aiohttp import web

from . import accounts, chat, conversations, files, response_urls, views
from .calls import Calls
from .clock import RealTime, Time
from .control import Control
from .delivery import Delivery
from .faults import EventFaults, FaultPlan
from .limits import Limits
from .posting import Rang
from .sockets import Sockets
from .state import Json
from .workspace import Workspace

WEB_API = (accounts, chat, conversations, files, views)  # each registers its methods when it is imported


class FakeSlack:
    """See the package's text. Times are seconds of `time`; `faults` is the share of Web API calls that go wrong."""

    def __init__(
        self,
        *,
        seed: int = 0,
        faults: float = 0.0,
        rate_limits: bool = False,
        time: Time | None = None,
        log: Path | None = None,
        port: int = 0,
    ) -> None:
        self.seed, self.rate_limits, self.port = seed, rate_limits, port
        self.clock: Time = time or RealTime()
        self.faults = FaultPlan(share=faults, seed=seed)
        self.event_faults = EventFaults(seed=seed)
        self.limits = Limits()
        self.small_history = False  # an app outside the Marketplace: 15 objects, once a minute
        self.in_flight_s = 0.0  # real seconds after a 429 in which calls that were under way are not held against it
        self.file_share_s = 0.02  # an upload is processed after the answer to completeUploadExternal
        self.workspaces: dict[str, Workspace] = {}
        self.complaints: list[str] = []
        self.too_early: list[str] = []
        self.rang: list[Rang] = []
        self.unfurled: list[str] = []
        self.applied: list[Json] = []
        self.lost: list[Json] = []
        self.calls: Counter[str] = Counter()
        self.abandoned: set[asyncio.Future[Any]] = set()
        self.closing = asyncio.Event()
        self.delivery, self.sockets = Delivery(self), Sockets(self)
        self._minted: Counter[str] = Counter()
        self._last_ts = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._active = 0
        self._log_path = log
        self._log: TextIO | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def workspace(self, name: str = "Acme", **options: Any) -> Workspace:
        """A workspace with the app installed; options as in Workspace."""
        workspace = Workspace(self, name, **options)
        self.workspaces[workspace.team_id] = workspace
        return workspace

    async def __aenter__(self) -> Self:
        self.http = aiohttp.ClientSession()
        if self._log_path:
            self._log = self._log_path.open("a")
        app = web.Application(client_max_size=64 * 2**20)
        calls = Calls(self)
        app.router.add_route("*", "/api/{method}", calls.serve)
        app.router.add_get("/link/", self.sockets.serve)
        app.router.add_post("/upload/v1/{file}", files.Hosting(self).upload)
        app.router.add_get("/files-pri/{file}/{name}", files.Hosting(self).download)
        app.router.add_get("/files-pri-download/{file}/{name}", files.Hosting(self).download)
        app.router.add_get("/login", files.login_page)
        app.router.add_post("/response/{key}", response_urls.Responses(self).serve)
        Control(self).add_to(app)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closing.set()
        for task in [*self._tasks, *self.abandoned]:
            task.cancel()
        await asyncio.gather(*self._tasks, *self.abandoned, return_exceptions=True)
        await self.sockets.close()
        await self._runner.cleanup()
        await self.http.close()
        if self._log:
            self._log.close()

    def mint(self, kind: str) -> str:
        """A new id: its letter and a number that never comes again."""
        self._minted[kind] += 1
        return f"{kind}{self._minted[kind]:09d}"

    def next_ts(self) -> str:
        """A message's ts: the time in microseconds, and no two alike."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def log(self, entry: Json) -> None:
        """Everything that was applied, in order."""
        entry = {"n": len(self.applied), "at": self.clock.now()} | entry
        self.applied.append(entry)
        if self._log:
            self._log.write(json.dumps(entry) + "\n")
            self._log.flush()

    def complain(self, what: str) -> None:
        """Something that a stricter Slack could refuse."""
        self.complaints.append(what)

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
        """Until nothing is on its way: no call, no delivery, no late apply. Pauses between retries do not count."""
        await self.until(lambda: self._active == 0, seconds, "something is still on its way")

    async def until(self, true: Callable[[], object], seconds: float = 10.0, what: str = "") -> None:
        """Until the condition holds, in real time; AssertionError when it never does."""
        end = asyncio.get_running_loop().time() + seconds
        while not true():
            assert asyncio.get_running_loop().time() < end, what or "it never came true"
            await asyncio.sleep(0.005)
