"""Brings a database to the present version, by the numbered SQL files in `migrations/`.

A few dozen lines of our own, because they do what a migration library does not: everything pending is applied in one
transaction or not at all, a changed file and a newer database are refused in words, and nothing is imported at start.
"""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from storage.opening import BUSY_MS, connect, prepare
from storage.trouble import DatabaseForeign, DatabaseNewer, MigrationChanged, trouble_of

T = TypeVar("T")

FOLDER = Path(__file__).parent / "migrations"

_TABLE = """
CREATE TABLE IF NOT EXISTS migrations (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One file, `0001_pre_first.sql`: "pre" runs before the release that needs it, "post" after the last that
    needed what it takes away."""

    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrate(path: Path | str, folder: Path = FOLDER) -> list[str]:
    """Applies what is pending to the file at `path` and returns the names; the file is made when there is none.

    Raises DatabaseNewer, MigrationChanged, or what else is wrong with the database.
    """
    prepare(Path(path), exclusive=False, read_only=False)
    return _on(path, lambda connection: apply_pending(connection, folder))


def schema_version(path: Path | str) -> int:
    """The number of the last migration applied, 0 for none. Raises StorageTrouble when it cannot be read."""
    return _on(path, lambda connection: max(_applied(connection), default=0), read_only=True)


def apply_pending(connection: sqlite3.Connection, folder: Path = FOLDER) -> list[str]:
    """The same on an open connection in autocommit mode. Two that start at once take turns."""
    pending = pending_for(connection, folder)
    if not pending:
        return []
    connection.execute("BEGIN IMMEDIATE")
    try:
        pending = pending_for(connection, folder)
        connection.execute(_TABLE)
        for migration in pending:
            _apply(connection, migration)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return [migration.name for migration in pending]


def pending_for(connection: sqlite3.Connection, folder: Path = FOLDER) -> list[Migration]:
    """Which files were not applied yet, in order. Raises DatabaseNewer or MigrationChanged."""
    known = migrations(folder)
    applied = _applied(connection)
    newest = max(applied, default=0)
    if newest > max((migration.number for migration in known), default=0):
        raise DatabaseNewer(newest)
    for migration in known:
        if applied.get(migration.number, migration.checksum) != migration.checksum:
            raise MigrationChanged(migration.name)
    return [migration for migration in known if migration.number not in applied]


def migrations(folder: Path = FOLDER) -> list[Migration]:
    return [
        Migration(number=int(path.name.split("_")[0]), name=path.stem, text=path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("[0-9]*_*.sql"))
    ]


def _on(path: Path | str, look: Callable[[sqlite3.Connection], T], *, read_only: bool = False) -> T:
    try:
        connection = connect(Path(path), read_only=read_only, busy_ms=BUSY_MS)
        try:
            return look(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise trouble_of(error) or error from error


def _applied(connection: sqlite3.Connection) -> dict[int, str]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone():
        if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table'").fetchone():
            raise DatabaseForeign
        return {}
    return dict(connection.execute("SELECT number, checksum FROM migrations"))


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    for statement in statements(migration.text):
        connection.execute(statement)
    connection.execute(
        "INSERT INTO migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
        (migration.number, migration.name, migration.checksum, int(time.time() * 1000)),
    )


def statements(text: str) -> Iterator[str]:
    """One statement at a time: `executescript` would commit on its own before it begins.

    Raises ValueError when the last one has no semicolon.
    """
    gathered = ""
    for line in text.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
    if gathered.strip():
        raise ValueError(f"a migration ends in an unfinished statement: {gathered.strip()}")
