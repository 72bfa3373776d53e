"""The contract of every store: all or nothing, many commands to a commit, and nothing released before it."""

import asyncio
import re
import sqlite3
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import aiosqlite
import pytest

from bot.change import Outcome, Receipt
from bot.model import QuestionId
from bot.ports import Views, Work
from storage import SqliteStore, StorageTrouble
from storage.sqlite import BATCH_MAX, run_in_thread
from tests.contracts.conftest import Open
from tests.contracts.store_samples import ANN, ask, claim, settle_in, someone

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]


class Out(BaseException):
    """Not even an Exception."""


class Gate:
    """An act that holds the writer until it is opened, so that others have to wait for the next batch."""

    def __init__(self, store: SqliteStore) -> None:
        self._entered, self._opened = threading.Event(), threading.Event()
        self._held = asyncio.create_task(store.run(self._wait))

    async def closed(self) -> None:
        await asyncio.to_thread(self._entered.wait)

    async def open(self) -> None:
        await asyncio.sleep(0)  # whoever was started by now stands in the queue
        self._opened.set()
        await self._held

    def _wait(self, work: Work) -> None:
        self._entered.set()
        self._opened.wait()


async def together(store: SqliteStore, *acts: Callable[[Work], T]) -> list[T | BaseException]:
    """Runs the acts in one batch and returns what became of each."""
    gate = Gate(store)
    await gate.closed()
    waiting = asyncio.gather(*map(store.run, acts), return_exceptions=True)
    await gate.open()
    return await waiting


def asked(store: SqliteStore) -> int:
    """How many questions another program sees."""
    with sqlite3.connect(store.path) as other:
        return int(other.execute("SELECT count(*) FROM questions").fetchone()[0])


async def test_what_an_act_did_is_there_for_others_when_it_returns(store: SqliteStore) -> None:
    await store.run(settle_in)
    question = await store.run(ask)
    assert asked(store) == 1
    assert await store.run(lambda work: work.question(question.id)) == question


async def test_a_store_keeps_its_promises_after_it_is_opened_again(open_database: Open) -> None:
    store = await open_database()
    await store.run(settle_in)
    question = await store.run(ask)
    receipt = Receipt(verb="ask", question=question.id, outcome=Outcome.OPENED, names=("a", "b"), args={"n": 1})
    await store.run(lambda work: work.remember("web:1", receipt, 5))
    await store.close()
    again = await open_database()
    assert await again.run(lambda work: work.receipt("web:1")) == receipt
    assert await again.run(lambda work: work.receipt("web:2")) is None
    assert await again.run(lambda work: work.question(question.id)) == question
    assert await again.run(lambda work: work.next_question()) == question.id + 1


async def test_an_exception_takes_back_all_that_its_act_did(store: SqliteStore) -> None:
    await store.run(settle_in)

    def act(work: Work) -> None:
        question = ask(work)
        claim(work, question)
        raise LookupError("changed my mind")

    with pytest.raises(LookupError, match="changed my mind"):
        await store.run(act)
    assert asked(store) == 0
    assert await store.run(lambda work: work.next_question()) == 1


async def test_one_act_that_fails_leaves_the_others_of_its_batch_alone(store: SqliteStore) -> None:
    await store.run(settle_in)

    def fail(work: Work) -> QuestionId:
        ask(work)
        raise LookupError

    outcomes = await together(store, lambda work: ask(work).id, fail, lambda work: ask(work).id)
    assert [outcomes[0], outcomes[2]] == [1, 2]
    assert isinstance(outcomes[1], LookupError)
    assert asked(store) == 2


async def test_whatever_waited_goes_into_one_commit(open_database: Open) -> None:
    said_to_database: list[str] = []
    store = await open_database(trace=said_to_database.append)
    await store.run(settle_in)
    said_to_database.clear()
    outcomes = await together(store, *[lambda work: ask(work).id] * 50)
    assert outcomes == list(range(1, 51))
    assert said_to_database.count("COMMIT") == 2  # the gate's, and that of all fifty
    assert said_to_database.count("BEGIN IMMEDIATE") == 2
    assert said_to_database.count("SAVEPOINT act") == 51


async def test_a_batch_has_a_largest_size(open_database: Open) -> None:
    said_to_database: list[str] = []
    store = await open_database(trace=said_to_database.append)
    outcomes = await together(store, *[lambda work: work.next_question()] * (BATCH_MAX + 1))
    assert outcomes == list(range(1, BATCH_MAX + 2))
    assert said_to_database.count("COMMIT") == 3


async def test_no_result_is_released_before_the_commit(open_database: Open) -> None:
    said_to_database: list[str] = []
    store = await open_database(trace=said_to_database.append)
    await store.run(settle_in)
    said_to_database.clear()

    async def one() -> str:
        await store.run(ask)
        return said_to_database[-1]

    gate = Gate(store)
    await gate.closed()
    waiting = asyncio.gather(*(one() for _ in range(9)))
    await gate.open()
    assert await waiting == ["COMMIT"] * 9


async def test_what_follows_a_commit_is_called_on_the_loop_and_only_then(store: SqliteStore) -> None:
    await store.run(settle_in)
    called: list[tuple[str, int, int]] = []

    def act(work: Work, name: str) -> None:
        ask(work)
        work.after_commit(lambda: called.append((name, asked(store), threading.get_ident())))
        assert called == []

    def fail(work: Work) -> None:
        act(work, "failed")
        raise LookupError

    await together(store, lambda work: act(work, "first"), fail, lambda work: act(work, "second"))
    here = threading.get_ident()
    assert called == [("first", 2, here), ("second", 2, here)]


async def test_whoever_stops_waiting_spoils_nothing_for_the_rest(store: SqliteStore) -> None:
    await store.run(settle_in)
    gate = Gate(store)
    await gate.closed()
    tasks = [asyncio.create_task(store.run(ask)) for _ in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await gate.open()
    first, second, third = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(second, asyncio.CancelledError)
    assert not isinstance(first, BaseException)
    assert not isinstance(third, BaseException)
    assert asked(store) == 2  # an act that had not begun is not run for nobody


async def test_whoever_stops_waiting_once_it_began_does_not_stop_it(store: SqliteStore) -> None:
    await store.run(settle_in)
    entered, leave = threading.Event(), threading.Event()

    def act(work: Work) -> None:
        entered.set()
        leave.wait()
        ask(work)

    task = asyncio.create_task(store.run(act))
    await asyncio.to_thread(entered.wait)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    leave.set()
    await store.run(ask)
    assert asked(store) == 2


@pytest.mark.parametrize("error", [Out(), StopIteration(), KeyError("x"), asyncio.CancelledError()])
async def test_whatever_an_act_raises_the_writer_goes_on(store: SqliteStore, error: BaseException) -> None:
    await store.run(settle_in)

    def act(work: Work) -> None:
        ask(work)
        raise error

    expected = RuntimeError if isinstance(error, StopIteration) else type(error)
    with pytest.raises(expected):
        await store.run(act)
    assert (await store.run(ask)).id == 1
    assert asked(store) == 1


async def test_texts_come_back_as_they_were(store: SqliteStore) -> None:
    await store.run(settle_in)
    texts = ["x" * 100_000, "NUL \0 inside", "\u202eback to front", "<b>@everyone</b> & 'quotes'; --", ""]
    asked_ids = [await store.run(lambda work, text=text: ask(work, text).id) for text in texts]
    kept = [await store.run(lambda work, q=q: work.message(q, 1)) for q in asked_ids]
    assert [message.text for message in kept if message] == texts


async def test_a_text_no_database_can_hold_is_its_writers_error_alone(store: SqliteStore) -> None:
    await store.run(settle_in)
    outcomes = await together(
        store, lambda work: ask(work).id, lambda work: ask(work, "\ud800").id, lambda work: ask(work).id
    )
    assert isinstance(outcomes[1], UnicodeEncodeError)
    assert asked(store) == 2


async def test_closing_finishes_what_was_begun(open_database: Open) -> None:
    store = await open_database()
    await store.run(settle_in)
    gate = Gate(store)
    await gate.closed()
    waiting = asyncio.create_task(store.run(ask))
    await asyncio.sleep(0)
    closing = asyncio.create_task(store.close())
    await gate.open()
    assert (await waiting).id == 1
    await closing
    with pytest.raises(StorageTrouble, match="closed"):
        await store.run(ask)
    with pytest.raises(StorageTrouble, match="closed"):
        await store.views.people()


async def test_reading_pages_does_not_wait_for_the_writer(store: SqliteStore) -> None:
    await store.run(settle_in)
    views: Views = store.views
    gate = Gate(store)
    await gate.closed()
    people = await views.people()
    await gate.open()
    assert [person.name for person in people] == ["ann", "bo"]


async def test_many_readers_at_once_each_get_their_answer(store: SqliteStore) -> None:
    await store.run(settle_in)
    found = await asyncio.gather(*(store.views.person(ANN) for _ in range(40)))
    assert found == [someone("ann")] * 40


async def test_the_database_is_as_durable_as_it_gets(store: SqliteStore) -> None:
    def pragmas(work: Work) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        connection = getattr(work, "connection")  # noqa: B009 - not part of the seam
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    full = 2
    assert await store.run(pragmas) == ["wal", full, 1, 1]


async def test_aiosqlite_still_runs_a_plain_function_in_its_own_thread(tmp_path: Path) -> None:
    async with aiosqlite.connect(tmp_path / "plain.db") as connection:
        threads = await asyncio.gather(
            *(run_in_thread(connection, lambda raw: (type(raw), threading.get_ident())) for _ in range(3))
        )
        with pytest.raises(LookupError):
            await run_in_thread(connection, lambda raw: [][1])
    assert len(set(threads)) == 1
    assert threads[0][0] is sqlite3.Connection
    assert threads[0][1] != threading.get_ident()


def test_aiosqlite_is_held_where_its_private_method_was_seen_to_work() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "aiosqlite>=0.22,<0.23" in project["dependencies"]
    users = [
        path.name
        for path in (ROOT / "storage").glob("*.py")
        if re.search(r"\._execute\b|\._conn\b", path.read_text(encoding="utf-8"))
    ]
    assert users == ["sqlite.py"]
