"""The same promises kept in other ways: what the product's store is measured against."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from inspect import isasyncgenfunction
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]

from storage.opening import BUSY_MS, connect
from storage.queries import load_queries
from storage.views import SqlViews
from storage.work import SqlWork

T = TypeVar("T")


class AwaitingStore:
    """aiosqlite as its documentation shows it, and as aiosql calls it: every statement is awaited, and each command
    has a commit of its own.

    The rules call `Work` as plain functions, so each runs in a greenlet, which hands the loop what is to be awaited:
    it costs what it would if the rules were written with `await` before every call.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._queries = _AwaitedQueries()
        self._alone = asyncio.Lock()
        self.views = SqlViews(self.run)

    @classmethod
    async def open(cls, path: Path) -> "AwaitingStore":
        return cls(await aiosqlite.Connection(lambda: connect(path, read_only=False, busy_ms=BUSY_MS), 64))

    async def run(self, act: Callable[[SqlWork], T]) -> T:
        async with self._alone:
            await self._connection.execute("BEGIN IMMEDIATE")
            work = SqlWork(self._queries, self._connection)
            try:
                result = await _with_awaits(lambda: act(work))
            except BaseException:
                await self._connection.rollback()
                raise
            await self._connection.commit()
        for call in work.calls:
            call()
        return result

    async def close(self) -> None:
        await self._connection.close()


class DirectStore:
    """sqlite3 without any thread: the event loop stands still meanwhile; each command has a commit of its own."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path, read_only=False, busy_ms=BUSY_MS)
        self.views = SqlViews(self.run)

    async def run(self, act: Callable[[SqlWork], T]) -> T:
        work = SqlWork(load_queries(), self._connection)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = act(work)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        for call in work.calls:
            call()
        return result

    async def close(self) -> None:
        self._connection.close()


class BareClaims:
    """What a script would do that has no rules: look, update, note, want two posts, commit."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, state TEXT, holder TEXT)")
        self._connection.execute("CREATE TABLE IF NOT EXISTS bare_notes (id INTEGER PRIMARY KEY, said TEXT)")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS bare_posts (slot TEXT PRIMARY KEY, revision INTEGER, said TEXT)"
        )
        self._connection.execute("INSERT INTO bare SELECT id, 'open', NULL FROM questions")

    async def claim(self, question: int, person: str) -> None:
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        (state,) = run("SELECT state FROM bare WHERE id = ?", (question,)).fetchone()
        assert state == "open"
        run("UPDATE bare SET state = 'claimed', holder = ? WHERE id = ? AND state = 'open'", (person, question))
        run("INSERT INTO bare_notes (said) VALUES (?)", (f"{person} claims {question}",))
        for place in ("card", "told"):
            run(
                "INSERT INTO bare_posts VALUES (?, 1, ?) ON CONFLICT (slot) DO UPDATE SET revision = revision + 1",
                (f"{question}/{place}", f"claimed by {person}"),
            )
        run("COMMIT")

    async def close(self) -> None:
        self._connection.close()


async def _with_awaits(act: Callable[[], T]) -> T:
    """Runs a plain function that may hand awaitables over to the loop with `_awaited`."""
    running = greenlet(act)
    handed_over = running.switch()
    while not running.dead:
        try:
            result = await handed_over
        except BaseException as error:
            handed_over = running.throw(error)
        else:
            handed_over = running.switch(result)
    returned: T = handed_over
    return returned


def _awaited(awaitable: Awaitable[T]) -> T:
    result: T = getcurrent().parent.switch(awaitable)
    return result


class _AwaitedQueries:
    """The same queries, loaded for aiosqlite, and each awaited where it is called."""

    def __init__(self) -> None:
        self._queries = load_queries("aiosqlite")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        query = getattr(self._queries, name)
        if isasyncgenfunction(query):
            return lambda connection, **values: _awaited(_all_of(query(connection, **values)))
        return lambda connection, **values: _awaited(query(connection, **values))


async def _all_of(rows: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in rows]
