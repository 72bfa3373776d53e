"""Migrations: in order, all or none, once, and over rows as every earlier version wrote them."""

import re
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.model import Account, QuestionId, State, Unit
from bot.ports import Work
from storage import DatabaseForeign, DatabaseNewer, MigrationChanged, migrate, open_store, schema_version
from storage.migrating import FOLDER, migrations, statements

ROWS = Path(__file__).parent / "migrations"
NAMES = [migration.name for migration in migrations()]

# What databases out there were made with: a line is added here, and none is ever changed.
CHECKSUMS = {
    "0001_pre_first": "ef7bfbf7d3d963f3",
    "0002_pre_sources": "1146d60caac219ea",
    "0003_pre_files": "bd35646e61cb4b6f",
    "0004_pre_asking": "ac89dbf26bc4e7ee",
    "0005_pre_linking": "25c7c7f22fa9d664",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "guildhall.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of migrations of the test's own."""
    made = tmp_path / "migrations"
    made.mkdir()
    (made / "0001_pre_first.sql").write_text("CREATE TABLE a (x TEXT);\nINSERT INTO a VALUES ('one');\n")
    return made


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_new_database_gets_everything_once(path: Path) -> None:
    assert migrate(path) == NAMES
    assert migrate(path) == []
    assert schema_version(path) == len(NAMES)
    applied = rows(path, "SELECT number, name, length(checksum), applied_at > 0 FROM migrations ORDER BY number")
    assert applied == [(number, name, 64, 1) for number, name in enumerate(NAMES, start=1)]


def test_files_are_numbered_without_gaps_and_say_when_they_run() -> None:
    assert [int(name[:4]) for name in NAMES] == list(range(1, len(NAMES) + 1))
    assert all(re.fullmatch(r"\d{4}_(pre|post)_[a-z_]+", name) for name in NAMES)
    assert len(list(FOLDER.iterdir())) == len(NAMES)


def test_no_migration_is_edited_once_databases_were_made_with_it() -> None:
    """They would be refused: see `MigrationChanged`. What changes is a further file."""
    assert {migration.name: migration.checksum[:16] for migration in migrations()} == CHECKSUMS


def test_only_what_is_new_is_applied(path: Path, folder: Path) -> None:
    migrate(path, folder)
    (folder / "0002_post_more.sql").write_text("ALTER TABLE a ADD COLUMN y TEXT DEFAULT ';';")
    assert migrate(path, folder) == ["0002_post_more"]
    assert rows(path, "SELECT x, y FROM a") == [("one", ";")]


def test_a_migration_that_fails_leaves_nothing_behind(path: Path, folder: Path) -> None:
    (folder / "0002_pre_good.sql").write_text("CREATE TABLE b (x TEXT);")
    (folder / "0003_pre_bad.sql").write_text("CREATE TABLE c (x TEXT);\nINSERT INTO nowhere VALUES (1);")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(path, folder)
    assert rows(path, "SELECT name FROM sqlite_master") == []
    assert schema_version(path) == 0
    (folder / "0003_pre_bad.sql").write_text("CREATE TABLE c (x TEXT);")
    assert len(migrate(path, folder)) == 3


def test_two_that_start_at_once_take_turns(path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        applied = list(pool.map(lambda _: migrate(path), range(8)))
    assert sorted(applied) == [[]] * 7 + [NAMES]


def test_a_migration_edited_later_is_refused(path: Path, folder: Path) -> None:
    migrate(path, folder)
    (folder / "0001_pre_first.sql").write_text("CREATE TABLE a (x TEXT, y TEXT);")
    with pytest.raises(MigrationChanged, match="0001_pre_first"):
        migrate(path, folder)


def test_a_database_that_is_further_on_is_refused(path: Path, folder: Path) -> None:
    shutil.copy(folder / "0001_pre_first.sql", folder / "0007_pre_later.sql")
    (folder / "0007_pre_later.sql").write_text("CREATE TABLE later (x TEXT);")
    migrate(path, folder)
    (folder / "0007_pre_later.sql").unlink()
    with pytest.raises(DatabaseNewer, match="version 7"):
        migrate(path, folder)


def test_a_trigger_is_one_statement() -> None:
    trigger = "CREATE TRIGGER t BEFORE UPDATE ON a\nBEGIN SELECT RAISE(ABORT, 'no; never'); END;\n"
    assert list(statements("-- first; of all\n" + trigger + "SELECT 1;\n")) == [
        "-- first; of all\n" + trigger,
        "SELECT 1;\n",
    ]
    with pytest.raises(ValueError, match="unfinished"):
        list(statements("SELECT 1;\nCREATE TABLE a (x TEXT)\n"))


@pytest.mark.parametrize("version", range(1, len(NAMES) + 1))
async def test_rows_of_every_earlier_version_survive(version: int, path: Path, tmp_path: Path) -> None:
    """Up to that version, then its rows, then the rest; then the program reads them."""
    upto = tmp_path / "upto"
    upto.mkdir()
    for name in NAMES[:version]:
        shutil.copy(FOLDER / f"{name}.sql", upto)
    migrate(path, upto)
    connection = sqlite3.connect(path)
    connection.executescript((ROWS / f"after_{version:04}.sql").read_text(encoding="utf-8"))
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    empty = [table for table in tables if not connection.execute(f"SELECT 1 FROM {table}").fetchone()]
    connection.close()
    assert empty == []  # each table of that version has its sample

    async with await open_store(str(path)) as store:

        def read(work: Work) -> list[object]:
            question = work.question(QuestionId(1))
            assert question is not None
            assert question.answer is not None
            receipt = work.receipt("web:1")
            assert receipt is not None
            person = work.person(question.answer.author)
            assert person is not None
            (due,) = work.due_questions(10**9, 9)
            category = work.category(question.category)
            assert category is not None
            return [
                question.state,
                person.name,
                receipt.verb,
                due[1].at,
                category.title,
                work.balance(Account("escrow:1"), Unit("USD")),
            ]

        found = await store.run(read)
        assert found == [State.ANSWERED, "bo", "answer", 20003, "Billing", 200]
        assert await store.views.audit_rows() is not None
        (top,) = await store.views.posts((await store.views.pending_recipients())[0])
        assert top.notice.slot == "Q1/card"


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photos (name TEXT)")
        other.commit()
    with pytest.raises(DatabaseForeign):
        migrate(path)
    with closing(sqlite3.connect(path)) as other:
        assert [name for (name,) in other.execute("SELECT name FROM sqlite_master")] == ["photos"]
