"""The database behind Guildhall: one SQL text, today on SQLite."""

from collections.abc import Callable

from bot.ports import StorageTrouble
from storage.migrating import migrate, schema_version
from storage.opening import BUSY_MS, path_of
from storage.sqlite import SqliteStore
from storage.trouble import (
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseFull,
    DatabaseInUse,
    DatabaseLocked,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseReadOnly,
    DatabaseUnreachable,
    MigrationChanged,
    UnknownDatabase,
)

__all__ = [
    "DatabaseDamaged",
    "DatabaseForeign",
    "DatabaseFull",
    "DatabaseInUse",
    "DatabaseLocked",
    "DatabaseNewer",
    "DatabaseOlder",
    "DatabaseReadOnly",
    "DatabaseUnreachable",
    "MigrationChanged",
    "SqliteStore",
    "StorageTrouble",
    "UnknownDatabase",
    "migrate",
    "open_store",
    "schema_version",
]


async def open_store(
    url: str,
    *,
    read_only: bool = False,
    exclusive: bool = False,
    busy_ms: int = BUSY_MS,
    trace: Callable[[str], None] | None = None,
) -> SqliteStore:
    """The store at `url`: `sqlite:///guildhall.db`, or a path. Missing files are made, pending migrations applied.

    `exclusive` is for the program that runs all the time: a second one is refused, while single commands may still
    write beside it. Whoever finds the database locked waits `busy_ms` at most. `trace` is given every statement.
    Raises StorageTrouble in one of its kinds; `read_only` never writes, and so raises DatabaseOlder instead of
    migrating.
    """
    return await SqliteStore.open(path_of(url), read_only=read_only, exclusive=exclusive, busy_ms=busy_ms, trace=trace)
