"""SQLite as a `Store`: one writer that commits many commands at once, and a few connections that only read.

What costs is the commit and the hop between threads, not SQL; so everything that arrived while the last transaction
was under way goes into the next one together, in a single hop, each command in a savepoint of its own.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import aiosqlite

from bot.ports import StorageTrouble, Work
from storage.migrating import apply_pending, pending_for
from storage.opening import BUSY_MS, Lock, connect, prepare
from storage.queries import load_queries
from storage.trouble import DatabaseOlder, trouble_of
from storage.views import SqlViews
from storage.work import SqlWork

T = TypeVar("T")
Act = Callable[[Work], Any]

BATCH_MAX = 256
READERS_MAX = 4


async def run_in_thread(connection: aiosqlite.Connection, act: Callable[[sqlite3.Connection], T]) -> T:
    """Runs a plain function in the connection's own thread, with the bare connection.

    aiosqlite has no public way to do this; `_execute` is used here only, and a contract test watches that it works.
    """
    result: T = await connection._execute(lambda: act(connection._conn))  # type: ignore[no-untyped-call]
    return result


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one act: its result, or what it raised; and what it wants called after the commit."""

    result: Any = None
    error: BaseException | None = None
    calls: Sequence[Callable[[], None]] = ()


class SqliteStore:
    """`bot.ports.Store` on one file. Open it with `storage.open_store`; close it, or the program will not end."""

    def __init__(
        self, writer: aiosqlite.Connection, path: Path, *, read_only: bool, busy_ms: int, lock: Lock | None
    ) -> None:
        self.path = path
        self._writer = writer
        self._lock = lock
        self._begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
        self._waiting: deque[tuple[Act, asyncio.Future[Any]]] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._closed = False
        self._readers = _Readers(path, busy_ms)
        self.views = SqlViews(self._readers.read)

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        read_only: bool = False,
        exclusive: bool = False,
        busy_ms: int = BUSY_MS,
        trace: Callable[[str], None] | None = None,
    ) -> "SqliteStore":
        """See `storage.open_store`."""
        lock = prepare(path, exclusive=exclusive, read_only=read_only)
        try:
            writer = await _open_connection(path, read_only=read_only, busy_ms=busy_ms)
            try:
                await run_in_thread(writer, _older if read_only else apply_pending)
                if trace:
                    await writer.set_trace_callback(trace)
            except BaseException:
                await writer.close()
                raise
        except sqlite3.Error as error:
            _release(lock)
            raise trouble_of(error) or error from error
        except BaseException:
            _release(lock)
            raise
        return cls(writer, path, read_only=read_only, busy_ms=busy_ms, lock=lock)

    async def run(self, act: Callable[[Work], T]) -> T:
        """Runs `act` in a transaction and returns what it returned, after the commit.

        Raises what `act` raised, which rolled back what it did and nothing else; or StorageTrouble, and then nothing
        of it was kept. Whoever is cancelled while waiting does not learn whether it was kept.
        """
        if self._closed:
            raise StorageTrouble("the store is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((act, future))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="storage writer")
        return await future

    async def close(self) -> None:
        """Finishes what is under way, then lets the file go."""
        self._closed = True
        if self._writing:
            await asyncio.wait([self._writing])
        await self._readers.close()
        await self._writer.close()
        _release(self._lock)

    async def __aenter__(self) -> "SqliteStore":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _write(self) -> None:
        """Runs until nothing waits any more: no wake-ups while the product is idle."""
        batch: list[tuple[Act, asyncio.Future[Any]]] = []
        try:
            while batch := self._take_batch():
                await self._write_batch(batch)
        finally:
            self._writing = None
            for _, future in (*batch, *self._waiting):
                future.cancel()  # only when this task was cancelled: otherwise all have their result
            self._waiting.clear()

    def _take_batch(self) -> list[tuple[Act, asyncio.Future[Any]]]:
        batch: list[tuple[Act, asyncio.Future[Any]]] = []
        while self._waiting and len(batch) < BATCH_MAX:
            act, future = self._waiting.popleft()
            if not future.done():  # whoever was cancelled before it began wants nothing
                batch.append((act, future))
        return batch

    async def _write_batch(self, batch: Sequence[tuple[Act, asyncio.Future[Any]]]) -> None:
        acts = [act for act, _ in batch]
        try:
            outcomes = await run_in_thread(self._writer, lambda raw: _commit_all(raw, self._begin, acts))
        except StorageTrouble as trouble:
            outcomes = [_Outcome(error=trouble.again()) for _ in acts]
        except Exception as error:
            outcomes = [_Outcome(error=StorageTrouble(repr(error))) for _ in acts]
        loop = asyncio.get_running_loop()
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue
            if outcome.error is None:
                future.set_result(outcome.result)
            else:
                future.set_exception(outcome.error)
        # Whoever waits for an answer comes before whoever is woken.
        for outcome in outcomes:
            for call in outcome.calls:
                loop.call_soon(call)


# In the writer's thread


def _commit_all(connection: sqlite3.Connection, begin: str, acts: Sequence[Act]) -> list[_Outcome]:
    """All acts in one transaction. Raises StorageTrouble when it could not be kept: then no act was."""
    try:
        connection.execute(begin)
        outcomes = [_attempt(connection, act) for act in acts]
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise trouble_of(error) or StorageTrouble(str(error)) from error
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return outcomes


def _attempt(connection: sqlite3.Connection, act: Act) -> _Outcome:
    work = SqlWork(load_queries(), connection)
    connection.execute("SAVEPOINT act")
    try:
        outcome = _Outcome(result=act(work), calls=work.calls)
    except BaseException as error:
        if not connection.in_transaction:
            # The database rolled everything back by itself, so nobody's work of this batch was kept.
            raise trouble_of(error) or StorageTrouble(repr(error)) from error
        connection.execute("ROLLBACK TO act")
        outcome = _Outcome(error=_for_caller(error))
    connection.execute("RELEASE act")
    return outcome


def _for_caller(error: BaseException) -> BaseException:
    if isinstance(error, StopIteration):
        return RuntimeError(f"the act raised {error!r}")  # a future cannot carry it
    return trouble_of(error) or error


# Reading


class _Readers:
    """Connections that only read, opened when first needed, each used by one caller at a time."""

    def __init__(self, path: Path, busy_ms: int) -> None:
        self._path = path
        self._busy_ms = busy_ms
        self._idle: list[aiosqlite.Connection] = []
        self._all: list[aiosqlite.Connection] = []
        self._free = asyncio.Semaphore(READERS_MAX)
        self._closed = False

    async def read(self, look: Callable[[SqlWork], T]) -> T:
        """Runs `look` in a transaction of its own, so that all it reads is of one moment, in one hop."""
        async with self._free:
            if self._closed:
                raise StorageTrouble("the store is closed")
            connection = self._idle.pop() if self._idle else await self._open()
            try:
                return await run_in_thread(connection, lambda raw: _look(raw, look))
            except sqlite3.Error as error:
                raise trouble_of(error) or error from error
            finally:
                self._idle.append(connection)

    async def close(self) -> None:
        self._closed = True
        for connection in self._all:
            await connection.close()
        self._all.clear()
        self._idle.clear()

    async def _open(self) -> aiosqlite.Connection:
        try:
            connection = await _open_connection(self._path, read_only=True, busy_ms=self._busy_ms)
        except sqlite3.Error as error:
            raise trouble_of(error) or error from error
        self._all.append(connection)
        return connection


def _look(connection: sqlite3.Connection, look: Callable[[SqlWork], T]) -> T:
    connection.execute("BEGIN")
    try:
        return look(SqlWork(load_queries(), connection))
    finally:
        connection.execute("ROLLBACK")


# Opening and closing


async def _open_connection(path: Path, *, read_only: bool, busy_ms: int) -> aiosqlite.Connection:
    return await aiosqlite.Connection(lambda: connect(path, read_only=read_only, busy_ms=busy_ms), 64)


def _older(connection: sqlite3.Connection) -> None:
    if pending := pending_for(connection):
        raise DatabaseOlder(f"{pending[0].name} was not applied yet")


def _release(lock: Lock | None) -> None:
    if lock:
        lock.release()
