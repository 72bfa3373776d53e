"""A house whose program runs as a process of its own on 127.0.0.1, with people, programs and their keys."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from typer.testing import CliRunner

from adapters.web.tokens import Scope, new_token
from bot.cli.house import open_house
from bot.cli.people import member
from bot.cli.program import program
from bot.commands import Appoint, Enrol
from bot.config import read_config
from bot.model import Identity, Rank, StaffRole

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0  # for one request on a machine that is busy with other things
STOP_SECONDS = 20.0

Rights = Mapping[str, Rank | StaffRole]


@dataclass(frozen=True, slots=True)
class House:
    """Settings and database in `folder`. `keys` are the secrets of API tokens, by whom they are for."""

    folder: Path
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Path:
        return self.folder / "guildhall.toml"

    @property
    def database(self) -> Path:
        return self.folder / "house.db"

    @property
    def log(self) -> Path:
        """What the program said on standard error, through all its lives."""
        return self.folder / "log"

    async def says(self, *words: str) -> str:
        """One command of the program beside the one that runs; what it printed."""

        def saying() -> str:
            result = CliRunner().invoke(program, ["--config", str(self.settings), *words])
            assert result.exit_code == 0, f"{words}: {result.output} {result.exception!r}"
            return result.stdout

        return await asyncio.to_thread(saying)

    async def starts(self) -> "Running":
        """A life of the program, from when it serves its pages."""
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "--config", str(self.settings)),
                "run",
                "--port",
                "0",
                cwd=self.folder,
                env=surroundings(),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert process.stdout is not None
        said = b""
        async for line in process.stdout:
            said += line
            if found := re.search(rb"Workspace\s+(http://\S+?)/workspace", line):
                return Running(found[1].decode(), process, said)
        raise AssertionError(f"the program ended before it served anything:\n{self.log.read_text()}")

    @asynccontextmanager
    async def runs(self) -> AsyncIterator["Running"]:
        """The program while inside; afterwards it must have stopped in order."""
        running = await self.starts()
        try:
            yield running
        finally:
            await running.stops()
        assert running.process.returncode == 0, self.log.read_text()[-2_000:]


@dataclass(slots=True)
class Running:
    """A life of the program, which serves `address`."""

    address: str
    process: asyncio.subprocess.Process
    said: bytes

    def killed(self) -> None:
        """As if the power had gone."""
        os.kill(self.process.pid, signal.SIGKILL)

    async def ended(self) -> None:
        out, _ = await self.process.communicate()
        self.said += out

    async def stops(self) -> None:
        if self.process.returncode is None:
            self.process.terminate()
        try:
            await asyncio.wait_for(self.ended(), STOP_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
            raise

    @asynccontextmanager
    async def http(self) -> AsyncIterator[httpx.AsyncClient]:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        async with httpx.AsyncClient(
            base_url=self.address, timeout=PATIENCE_SECONDS, limits=limits, trust_env=False
        ) as client:
            yield client


@dataclass(slots=True)
class Program:
    """A program with a token; `heard` are the bytes of every answer it got."""

    http: httpx.AsyncClient
    secret: str
    heard: list[bytes] = field(default_factory=list)

    async def get(self, path: str, **params: object) -> httpx.Response:
        given = {name: value for name, value in params.items() if value is not None}
        return await self._sent("GET", path, params=given)

    async def post(self, path: str, body: object = None, *, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key is not None else {}
        more = {} if body is None else {"json": body}
        return await self._sent("POST", path, headers=headers, **more)

    async def every_question(self, *states: str) -> list[dict[str, object]]:
        """All rows of the list, page by page."""
        rows: list[dict[str, object]] = []
        after = None
        while True:
            params = {"state": list(states), "limit": 200, "oldest_first": True, "after": after}
            page = (await self.get("/questions", **params)).raise_for_status().json()
            rows += page["questions"]
            after = page["after"]
            if after is None:
                return rows

    async def _sent(self, method: str, path: str, **more: object) -> httpx.Response:
        headers = {**more.pop("headers", {}), "Authorization": f"Bearer {self.secret}"}  # type: ignore[dict-item]
        answer = await self.http.request(method, f"/api/v1{path}", headers=headers, **more)  # type: ignore[arg-type]
        self.heard.append(repr(answer.headers.raw).encode() + answer.content)
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer


async def build(folder: Path, settings: str, people: Rights, programs: Iterable[str] = ("shop",)) -> House:
    """A house with these people, each with an expert's or a member of staff's key, and programs that ask and read."""
    house = House(folder)
    house.settings.write_text(f'[database]\nurl = "sqlite:///{house.database}"\n{settings}', encoding="utf-8")
    async with open_house(read_config(house.settings), create=True) as opened:
        for name, right in people.items():
            as_staff = isinstance(right, StaffRole)
            person = await member(opened, name, as_staff=as_staff)
            if isinstance(right, StaffRole):
                await opened.do(Appoint(person=person, role=right))
            else:
                await opened.do(Enrol(person=person, rank=right))
            elsewhere = Identity(platform="rehearsal", workspace="", external=name.lower())
            await opened.store.run(lambda work, who=elsewhere, id=person: work.add_identity(id, who, now_ms()))
            scope = Scope.STAFF if as_staff else Scope.EXPERT
            secret, token = new_token(name, [scope], at=opened.app.now(), person=person)
            await opened.store.run(lambda work, token=token: work.save_token(token))
            house.keys[name] = secret
        for name in programs:
            secret, token = new_token(name, [Scope.ASK, Scope.READ], at=opened.app.now())
            await opened.store.run(lambda work, token=token: work.save_token(token))
            house.keys[name] = secret
    return house


def kind_of(answer: httpx.Response) -> str:
    """Why something was refused, in one word; nothing when it was done."""
    return str(answer.json()["type"]).rpartition("#")[2] if answer.status_code >= 400 else ""


def surroundings() -> dict[str, str]:
    """The program must not find out that a test started it, nor what somebody set for another one."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "GUILDHALL", "NICEGUI"))
    }
    return {**kept, "PYTHONPATH": str(ROOT)}


def now_ms() -> int:
    return time.time_ns() // 1_000_000
