"""Keeping a house safe: backup, restore, erase, and what is said about databases that cannot be used."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import bot
from tests.cli.conftest import Say

Told = Callable[..., str]


def ask_database(query: str, path: str = "guildhall.db") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database, database:
        return list(database.execute(query))


# --- backup and restore ------------------------------------------------------------------------------------------


def test_a_backup_brings_back_what_was_lost(fernwood: Path, done: Told) -> None:
    before = done("expert", "list")
    assert "checked and whole" in done("backup", "safe.db")
    done("expert", "suspend", "Marlo", "--why", "by mistake")

    told = done("restore", "safe.db", "--force")

    assert done("expert", "list") == before
    assert "The old database is kept as guildhall.db.before-" in told
    [aside] = [
        each for each in fernwood.iterdir() if ".before-" in each.name and not each.name.endswith(("-wal", "-shm"))
    ]
    assert ask_database("SELECT count(*) FROM people WHERE standing = 'suspended'", str(aside)) == [(1,)]
    assert done("audit").startswith("clean")


def test_a_backup_into_a_folder_has_the_time_in_its_name(fernwood: Path, done: Told) -> None:
    Path("backups").mkdir()
    done("backup", "backups")

    [made] = Path("backups").iterdir()
    assert made.name.startswith("guildhall-2")
    assert made.stat().st_mode & 0o077 == 0


def test_a_backup_taken_while_others_write_is_one_moment(fernwood: Path, done: Told) -> None:
    """Both rows are always written together, so a copy that has one without the other is torn."""
    ask_database("PRAGMA journal_mode = WAL")  # as Guildhall keeps it
    ask_database("CREATE TABLE pairs (one INTEGER, other INTEGER)")
    ask_database("CREATE TABLE ballast AS SELECT randomblob(1000000) AS b FROM categories")
    ask_database("CREATE TABLE second (one INTEGER)")
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect("guildhall.db", timeout=10)) as database:
            number = 0
            while not stop.is_set():
                number += 1
                with database:
                    database.execute("INSERT INTO pairs VALUES (?, ?)", (number, number))
                    database.execute("INSERT INTO second VALUES (?)", (number,))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done("backup", "safe.db")
    finally:
        stop.set()
        writer.join()

    assert ask_database("SELECT (SELECT count(*) FROM pairs) - (SELECT count(*) FROM second)", "safe.db") == [(0,)]
    assert ask_database("PRAGMA integrity_check", "safe.db") == [("ok",)]


def test_nothing_is_overwritten_unasked(fernwood: Path, done: Told, refused: Told) -> None:
    done("backup", "safe.db")

    assert "safe.db exists. Choose another name" in refused("backup", "safe.db")
    assert "There is a database guildhall.db. With --force" in refused("restore", "safe.db")
    done("backup", "safe.db", "--force")


def test_what_was_unsent_at_the_backup_is_looked_for_before_it_is_sent(fernwood: Path, done: Told) -> None:
    ask_database("UPDATE posts SET shown = 0, ref = NULL, state = 'sending' WHERE id = 1")
    ask_database("UPDATE posts SET shown = 0, ref = NULL, state = 'ready' WHERE id = 2")
    ask_database("UPDATE posts SET revision = revision + 1 WHERE id = 3")
    done("backup", "safe.db")

    told = done("restore", "safe.db", "--force")

    assert "2 posts had not been sent then" in told
    assert ask_database("SELECT id, state FROM posts WHERE id <= 3") == [(1, "unknown"), (2, "unknown"), (3, "ready")]


def test_what_sqlite_left_of_another_database_does_not_spoil_the_restored_one(fernwood: Path, done: Told) -> None:
    done("backup", "safe.db")
    Path("guildhall.db").unlink(missing_ok=True)
    Path("guildhall.db-wal").write_bytes(b"left behind by another database")

    done("restore", "safe.db")

    assert [each.read_bytes() for each in fernwood.glob("*.before-*-wal")] == [b"left behind by another database"]
    assert done("audit").startswith("clean")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "There is no file bad.db."),
        (lambda path: path.write_bytes(b"hello" * 1000), "The file is no database, or a damaged one."),
        (
            lambda path: sqlite3.connect(path).execute("CREATE TABLE t (x)"),
            "This SQLite file belongs to another program",
        ),
    ],
)
def test_what_is_no_backup_is_refused_before_anything_is_touched(
    fernwood: Path, refused: Told, make: Callable[[Path], object], sentence: str
) -> None:
    make(Path("bad.db"))
    before = Path("guildhall.db").read_bytes()

    assert sentence in refused("restore", "bad.db", "--force")
    assert Path("guildhall.db").read_bytes() == before


def test_nothing_is_restored_while_guildhall_runs(fernwood: Path, done: Told, refused: Told) -> None:
    done("backup", "safe.db")
    with closing(sqlite3.connect("guildhall.db.lock", isolation_level=None)) as running:
        running.execute("BEGIN EXCLUSIVE")
        assert "Another Guildhall runs on this database." in refused("restore", "safe.db", "--force")
        assert "guildhall-copy.db" in done("backup", "guildhall-copy.db")


# --- erase -------------------------------------------------------------------------------------------------------


def test_erasing_a_customer_shows_what_and_leaves_none_of_their_words(fernwood: Path, done: Told) -> None:
    """Camille's question names a mail address; afterwards it is nowhere in the database."""
    done("backup", "before.db")
    assert b"camille.dupre" in Path("before.db").read_bytes()

    told = done("erase", "--customer", "Camille", "--yes")
    assert "Camille (" in told
    assert "1 question: Q" in told
    ask_database("VACUUM")

    done("backup", "after.db")
    assert b"camille.dupre" not in Path("after.db").read_bytes()
    assert b"Camille" not in Path("after.db").read_bytes()
    assert done("audit").startswith("clean")


def test_erase_asks_first(fernwood: Path, done: Told) -> None:
    assert "Nothing was erased." in done("erase", "--customer", "Camille", typed="n\n")
    assert "Camille (" in done("erase", "--customer", "Camille", typed="n\n")


def test_a_customer_can_be_named_by_number_id_or_program(fernwood: Path, done: Told) -> None:
    told = done("erase", "--customer", "fernwood-camille", typed="n\n")
    number = told.partition("question: ")[2].split()[0]
    id = told.partition("(")[2].partition(")")[0]

    assert done("erase", "--customer", number, typed="n\n").startswith("Camille (")
    assert done("erase", "--customer", id, typed="n\n").startswith("Camille (")


def test_erase_refuses_experts_strangers_and_doubt(fernwood: Path, refused: Told) -> None:
    assert "Marlo is an expert or on the staff" in refused("erase", "--customer", "Marlo", "--yes")
    assert "There is no customer 'Nobody'" in refused("erase", "--customer", "Nobody", "--yes")

    ask_database("UPDATE people SET name = 'Ida' WHERE name = 'Noor'")
    ask_database("UPDATE people SET facts = replace(facts, '\"Noor\"', '\"Ida\"')")
    assert "Several customers are called 'Ida'" in refused("erase", "--customer", "Ida", "--yes")


# --- databases that cannot be used -------------------------------------------------------------------------------


def test_a_missing_database_is_not_made_by_accident(refused: Told, folder: Path) -> None:
    assert "There is no database guildhall.db yet. `guildhall init` makes one" in refused("expert", "list")
    assert list(folder.iterdir()) == []


def test_a_newer_database_is_left_alone(fernwood: Path, refused: Told) -> None:
    ask_database("PRAGMA journal_mode = WAL")
    ask_database("INSERT INTO migrations VALUES (9999, 'from the future', '', 0)")
    before = Path("guildhall.db").read_bytes()

    for command in (("audit",), ("expert", "list"), ("migrate",), ("run",)):
        assert "from a newer version of Guildhall" in refused(*command)
    assert Path("guildhall.db").read_bytes() == before


def test_the_doctor_knows_a_newer_database(fernwood: Path, say: Say) -> None:
    ask_database("INSERT INTO migrations VALUES (9999, 'from the future', '', 0)")
    result = say("doctor")

    assert result.exit_code == 1
    assert "wrong  database: The database is from a newer version of Guildhall" in result.stdout


def test_a_locked_database_is_said_to_be_locked(fernwood: Path, refused: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.sqlite.BUSY_MS", 50)
    with closing(sqlite3.connect("guildhall.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = refused("expert", "suspend", "Marlo", "--why", "locked")
    assert "Another program holds the database." in told


def test_a_read_only_database_is_said_to_be_read_only(fernwood: Path, say: Say) -> None:
    """Without root's right to write everywhere."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy("guildhall.db", folder / "guildhall.db")
        (folder / "guildhall.db").chmod(0o444)
        folder.chmod(0o555)
        try:
            suspended = modestly(folder, "expert", "suspend", "Marlo", "--why", "x")
            looked_at = modestly(folder, "doctor")
        finally:
            folder.chmod(0o755)

    assert suspended.returncode == 1
    assert suspended.stderr.startswith(("The database may only be read.", "The database cannot be opened."))
    assert looked_at.returncode == 1
    assert "guildhall.db may only be read." in looked_at.stdout
    assert "Give this user the right to write" in looked_at.stdout


def modestly(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    modest = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*modest, sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(bot.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )


def test_migrate_says_where_the_database_stands(fernwood: Path, done: Told) -> None:
    assert "guildhall.db is at version " in done("migrate")


def test_an_address_of_another_kind_is_refused(refused: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_DATABASE__URL", "mysql://somewhere/guildhall")

    assert "The database's address is not understood." in refused("audit")
