"""`guildhall run` as a process of its own: what it says, how it stops, and that it starts again where it was."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

import bot
from adapters.rehearsal.remote import Remote
from adapters.rehearsal.remote import running as rehearsal

Told = Callable[..., str]
ROOT = Path(bot.__file__).parents[1]
WORDS = "Why does my kettle whistle at night?"


class Running:
    """A program that was started, up to the moment at which it says that it runs."""

    def __init__(self, *options: str, typed: str = "") -> None:
        self.log = Path("log.jsonl")
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--port", "0", *options],
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.later = ""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError), self.process.stdin as keyboard:
            keyboard.write(typed)
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C stops it." in line:
                break
        self.told = "".join(lines)
        self.address = next((word for word in self.told.split() if word.startswith("http://")), "").rstrip("/")

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        code = self.process.wait(timeout=60)
        assert self.process.stdout is not None
        self.later = self.process.stdout.read()
        self.process.stdout.close()
        return code


@contextmanager
def running(*options: str) -> Iterator[Running]:
    program = Running(*options)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.process.kill()
            program.end()


def until(is_so: Callable[[], bool]) -> None:
    """Waits for something that happens by itself; a minute is far more than it takes."""
    for _ in range(1_200):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it never happened")


def rows(query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect("guildhall.db")) as database:
        return list(database.execute(query))


def ask(address: str, key: str, text: str) -> httpx.Response:
    return httpx.post(
        f"{address}/api/v1/questions",
        json={"text": text, "customer": {"id": "c1", "name": "Carla"}},
        headers={"authorization": f"Bearer {key}", "idempotency-key": text},
        timeout=30,
    )


def new_key(done: Told) -> str:
    told = done("token", "create", "--scope", "ask", "--label", "shop")
    return next(word for word in told.split() if word.startswith("gh_"))


def test_nothing_configured_runs_and_says_what_to_open_and_try() -> None:
    with running() as program:
        assert "Acme's Guildhall is running." in program.told
        assert all(f"  {number}. " in program.told for number in range(1, 7))
        pages = [httpx.get(f"{program.address}{path}", timeout=60) for path in ("/", "/workspace/")]
        assert [page.status_code for page in pages] == [200, 200]
        assert program.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_in_order_also_with_a_page_half_open(number: signal.Signals) -> None:
    with running() as program, socket.create_connection(("127.0.0.1", int(program.address.rpartition(":")[2]))) as page:
        page.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        assert program.stop(number) == 0

    assert [json.loads(line)["event"] for line in program.log.read_text().splitlines()][-2:] == ["stopping", "stopped"]


def test_what_was_accepted_survives_a_kill_and_is_told_to_nobody_by_the_log(done: Told) -> None:
    with running() as program:
        key = new_key(done)
        assert ask(program.address, key, WORDS).status_code == 201
        program.process.kill()
        program.end()

    with running() as program:
        assert ask(program.address, key, WORDS).status_code == 201
        assert rows("SELECT count(*) FROM questions") == [(1,)]
        until(lambda: rows("SELECT shown >= 1 FROM posts WHERE about = 'question'") == [(1,)])
        assert program.stop() == 0
    assert "1 transfer" in done("audit")

    text = program.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    [change] = [line for line in lines if line["event"] == "change" and line["verb"] == "ask"]
    assert (change["outcome"], change["state"]) == ("opened", "open")
    assert any(line["event"] == "post" and line["recipient"] == "web:general" for line in lines)
    assert "kettle" not in text
    assert "Carla" not in text


def test_what_a_command_adds_is_shown_by_the_program_that_runs(done: Told) -> None:
    Path("help.jsonl").write_text('{"question": "Why does it hum all day?"}\n')
    with running() as program:
        assert "1 brought in" in done("import", "help.jsonl", "--as", "questions")
        until(lambda: rows("SELECT shown >= 1 FROM posts WHERE about = 'question'") == [(1,)])
        assert "Guildhall runs on this database" in done("doctor")
        assert "checked and whole" in done("backup", "safe.db")
        assert program.stop() == 0


def test_a_port_in_use_is_said_with_the_next_step() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running("--port", str(port)) as program:
            assert program.end() == 1

    text = " ".join(program.log.read_text().split())
    assert f"Port {port} on 127.0.0.1 is in use by another program." in text
    assert f"guildhall run --port {port + 1}" in text
    assert "Traceback" not in text


def test_an_address_of_another_machine_is_said_to_be_one() -> None:
    with running("--host", "192.0.2.1") as program:
        assert program.end() == 1

    assert "This machine has no address 192.0.2.1." in " ".join(program.log.read_text().split())


def test_a_name_that_is_no_address_is_said_to_be_none() -> None:
    with running("--host", "nowhere.invalid") as program:
        assert program.end() == 1

    assert "This machine has no address nowhere.invalid." in " ".join(program.log.read_text().split())


def test_on_every_network_nobody_steps_into_anybodys_shoes() -> None:
    with running("--host", "0.0.0.0") as program:
        assert "be an expert" not in program.told
        assert "guildhall staff link NAME" in program.told
        assert "public_url" in program.told
        assert httpx.get(f"{program.address}/local").status_code == 404
        for door in ("/local/become", "/workspace/be"):
            assert httpx.post(program.address + door, data={"person": "Sam"}).status_code == 404
        assert "You are not signed in." in httpx.get(f"{program.address}/workspace/").text
        assert program.stop() == 0


def test_two_programs_do_not_share_a_database() -> None:
    with running() as first:
        with running() as second:
            assert second.end() == 1
        assert "Another Guildhall runs on this database." in first.log.read_text()
        assert first.stop() == 0


def test_the_demo_is_loaded_into_a_fresh_database_and_keeps_its_name() -> None:
    with running("--demo") as program:
        assert "Fernwood's Guildhall is running." in program.told
        assert rows("SELECT count(*) FROM questions")[0][0] >= 43
        assert program.stop() == 0

    with running() as program:
        assert "Fernwood's Guildhall is running." in program.told
        assert program.stop() == 0


@pytest.fixture
def settings() -> Callable[[str], None]:
    def write(text: str) -> None:
        Path("guildhall.toml").write_text(text)

    return write


async def test_a_terminal_and_a_rehearsal_server_are_places_like_any_other(settings: Callable[[str], None]) -> None:
    """What is asked in the terminal is a card on the other server, and the terminal ends before the program does."""
    async with rehearsal(Remote()) as url:
        settings(f'[rehearsal]\nurl = "{url}"\n[[category]]\nname = "steam"\nchannels = ["rehearsal:steam"]\n')
        program = await asyncio.to_thread(Running, "--console", typed=f"/as carla\n/ask {WORDS}\n")
        try:
            async with httpx.AsyncClient(base_url=url) as people:
                while WORDS not in (await people.get("/screen", params={"channel": "steam"})).text:
                    assert program.process.poll() is None
                    await asyncio.sleep(0.05)
            assert await asyncio.to_thread(program.stop) == 0
        finally:
            if program.process.poll() is None:
                program.process.kill()
    assert "We have your question." in program.later
