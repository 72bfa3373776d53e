"""A database that is locked, full, read-only, damaged, in use or too new: said in words, nothing half done."""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.ports import Work
from storage import (
    DatabaseDamaged,
    DatabaseFull,
    DatabaseInUse,
    DatabaseLocked,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseReadOnly,
    DatabaseUnreachable,
    SqliteStore,
    StorageTrouble,
    UnknownDatabase,
    migrate,
    open_store,
)
from storage.work import SqlWork
from tests.contracts.conftest import Open
from tests.contracts.store_samples import ANN, ask, settle_in

LOCKED, FULL, READ_ONLY = "locked", "full", "read-only"


def pragma(text: str) -> Callable[[Work], int]:
    def act(work: Work) -> int:
        assert isinstance(work, SqlWork)
        return int(work.connection.execute(f"PRAGMA {text}").fetchone()[0])

    return act


class Trouble:
    """A cause that comes and goes."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.other = sqlite3.connect(store.path, isolation_level=None)

    async def begin(self, what: str) -> None:
        if what == LOCKED:
            self.other.execute("BEGIN IMMEDIATE")
        elif what == FULL:
            pages = await self.store.run(pragma("page_count"))
            await self.store.run(pragma(f"max_page_count = {pages}"))
        else:
            await self._query_only("ON")

    async def end(self, what: str) -> None:
        if what == LOCKED:
            self.other.execute("ROLLBACK")
        elif what == FULL:
            await self.store.run(pragma("max_page_count = 1000000"))
        else:
            await self._query_only("OFF")
        self.other.close()

    async def _query_only(self, how: str) -> None:
        writer = self.store._writer
        async with writer.execute(f"PRAGMA query_only = {how}"):
            pass


@pytest.mark.parametrize(
    ("what", "kind"), [(LOCKED, DatabaseLocked), (FULL, DatabaseFull), (READ_ONLY, DatabaseReadOnly)]
)
async def test_trouble_is_named_keeps_nothing_and_passes(
    open_database: Open, what: str, kind: type[StorageTrouble]
) -> None:
    store = await open_database(busy_ms=1)
    await store.run(settle_in)
    before = await store.run(lambda work: ask(work).id)
    trouble = Trouble(store)
    await trouble.begin(what)

    def big(work: Work) -> None:
        ask(work, "long " * 20_000)

    outcomes = await asyncio.gather(*(store.run(big) for _ in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [kind] * 5
    assert len({id(outcome) for outcome in outcomes}) == 5  # each has a traceback of its own
    # Reading goes on meanwhile, and sees nothing of what was not kept.
    assert len((await store.views.questions()).rows) == 1
    await trouble.end(what)
    assert (await store.run(ask)).id == before + 1
    assert len((await store.views.questions()).rows) == 2


async def test_trouble_says_what_to_do(open_database: Open) -> None:
    store = await open_database(busy_ms=1)
    trouble = Trouble(store)
    await trouble.begin(LOCKED)
    with pytest.raises(StorageTrouble, match=r"^Another program holds the database\. .*try again"):
        await store.run(settle_in)
    await trouble.end(LOCKED)


async def test_a_commit_that_fails_keeps_nothing_of_its_batch(store: SqliteStore) -> None:
    await store.run(settle_in)

    def break_commit(work: Work) -> None:
        """A foreign key that is looked at only at the commit."""
        assert isinstance(work, SqlWork)
        work.connection.execute("PRAGMA defer_foreign_keys = ON")
        work.connection.execute("INSERT INTO known_values (person, kind, value) VALUES ('nobody', 'x', 'y')")

    outcomes = await asyncio.gather(store.run(ask), store.run(break_commit), store.run(ask), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StorageTrouble] * 3
    assert (await store.views.questions()).rows == []
    assert (await store.run(ask)).id == 1


async def test_when_the_database_gives_up_a_whole_batch_everybody_hears(store: SqliteStore) -> None:
    await store.run(settle_in)

    def give_up(work: Work) -> None:
        """SQLite rolls back by itself after some errors of the disk."""
        assert isinstance(work, SqlWork)
        work.connection.execute("ROLLBACK")
        raise OSError("the disk is gone")

    outcomes = await asyncio.gather(store.run(ask), store.run(give_up), store.run(ask), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StorageTrouble] * 3
    assert (await store.views.questions()).rows == []
    assert (await store.run(ask)).id == 1


async def test_a_store_opened_for_reading_reads_and_never_writes(open_database: Open) -> None:
    store = await open_database()
    await store.run(settle_in)
    reader = await open_database(read_only=True)
    assert await reader.run(lambda work: work.person(ANN)) is not None
    with pytest.raises(DatabaseReadOnly):
        await reader.run(ask)


async def test_a_second_daemon_is_refused_and_a_single_command_is_not(open_database: Open) -> None:
    first = await open_database(exclusive=True)
    with pytest.raises(DatabaseInUse, match="Another Guildhall runs"):
        await open_database(exclusive=True)
    beside = await open_database()
    await beside.run(settle_in)
    assert (await first.run(ask)).id == 1
    await first.close()
    await open_database(exclusive=True)


async def test_two_programs_that_write_take_turns(open_database: Open) -> None:
    one, other = await open_database(), await open_database()
    await one.run(settle_in)
    asked = await asyncio.gather(*(store.run(ask) for _ in range(40) for store in (one, other)))
    assert sorted(question.id for question in asked) == list(range(1, 81))


async def test_a_database_from_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    migrate(path)
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO migrations VALUES (9999, '9999_pre_later', 'x', 0)")
    raw.close()
    before = path.read_bytes()
    for open_it in (migrate, lambda path: asyncio.run(open_store(str(path)))):
        with pytest.raises(DatabaseNewer, match="newer version of Guildhall") as caught:
            await asyncio.to_thread(open_it, path)
        assert caught.value.version == 9999
    assert path.read_bytes() == before


async def test_an_older_database_is_not_changed_by_whoever_only_reads(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "older.db").close()
    (tmp_path / "older.db").touch()
    with pytest.raises(DatabaseOlder, match="guildhall migrate"):
        await open_store(str(tmp_path / "older.db"), read_only=True)


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(("make", "kind"), [(no_database, DatabaseDamaged), (a_folder, DatabaseUnreachable)])
async def test_what_is_no_database_is_left_alone(
    tmp_path: Path, make: Callable[[Path], None], kind: type[StorageTrouble]
) -> None:
    path = tmp_path / "it"
    make(path)
    with pytest.raises(kind):
        await open_store(str(path))
    with pytest.raises(kind):
        await asyncio.to_thread(migrate, path)
    assert path.is_dir() or path.read_bytes().startswith(b"Dear diary")


@pytest.mark.parametrize(
    "url", ["postgresql://localhost/guildhall", "mysql://x", "sqlite://guildhall.db", "sqlite:///", ":memory:", ""]
)
async def test_an_address_that_is_not_understood_says_what_is(url: str) -> None:
    with pytest.raises(UnknownDatabase, match=r"sqlite:///guildhall\.db"):
        await open_store(url)


@pytest.mark.parametrize("address", ["{}", "sqlite:///{}"])
async def test_a_new_database_is_for_its_owner_alone(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "deep" / "with spaces & a # and 100%" / "guildhall.db"
    opened: Awaitable[SqliteStore] = open_store(address.format(path))
    async with await opened as store:
        await store.run(settle_in)
        assert {oct(each.stat().st_mode & 0o777) for each in path.parent.iterdir()} == {oct(0o600)}
    monkeypatch.chdir(path.parent)
    async with await open_store("sqlite:///guildhall.db") as again:
        assert await again.views.person(ANN) is not None
    assert sorted(os.listdir(path.parent)) == ["guildhall.db"]
