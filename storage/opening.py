"""Opens SQLite files the way Guildhall needs them, and keeps two daemons from sharing one."""

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from bot.change import Machine, Outcome
from bot.model import Audience, Kind, PostKind, PostState, Rank, StaffRole, Standing, State
from storage.trouble import DatabaseInUse, DatabaseUnreachable, UnknownDatabase

STATEMENTS_CACHED = 256
CHECKPOINT_PAGES = 4_000
BUSY_MS = 5_000
_SCHEME = "sqlite:///"

# Without this the driver looks for a way to store them at every single value.
for _kind in (Audience, Kind, Machine, Outcome, PostKind, PostState, Rank, StaffRole, Standing, State):
    sqlite3.register_adapter(_kind, str.__str__)


def path_of(url: str) -> Path:
    """`guildhall.db` for `sqlite:///guildhall.db`, `/srv/g.db` for `sqlite:////srv/g.db`; a plain path is itself.

    Raises UnknownDatabase for anything else.
    """
    if url.startswith(_SCHEME):
        url = url.removeprefix(_SCHEME)
    elif "://" in url or url.startswith("sqlite:"):
        raise UnknownDatabase(f"not {url.partition(':')[0]}:")
    if not url or url == ":memory:":
        raise UnknownDatabase("it must name a file")
    return Path(url).expanduser()


def connect(path: Path, *, read_only: bool, busy_ms: int) -> sqlite3.Connection:
    """One connection in autocommit mode: who uses it begins and ends its transactions.

    FULL, because with many commands to a commit it costs nothing, and what was acknowledged survives a power cut.
    """
    address = f"file:{quote(str(path.absolute()))}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(
        address,
        uri=True,
        isolation_level=None,
        timeout=busy_ms / 1000,
        cached_statements=STATEMENTS_CACHED,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        # REPLACE, which nothing here uses, would otherwise delete without asking the triggers.
        connection.execute("PRAGMA recursive_triggers = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            # What is erased leaves the file too, and not only the tables.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    except BaseException:
        connection.close()
        raise
    return connection


class Lock:
    """Says that this program runs on the database. It ends with the program, however that ends."""

    def __init__(self, path: Path) -> None:
        # SQLite's own lock on a file beside it works alike on every system, and a dead process holds nothing.
        self._holding = sqlite3.connect(f"{path}.lock", isolation_level=None, timeout=0)
        try:
            self._holding.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._holding.close()
            raise DatabaseInUse(str(path)) from error

    def release(self) -> None:
        self._holding.close()


def prepare(path: Path, *, exclusive: bool, read_only: bool) -> Lock | None:
    """Makes the file when there is none, readable by nobody else; raises DatabaseUnreachable or DatabaseInUse."""
    try:
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
        return Lock(path) if exclusive else None
    except (OSError, sqlite3.Error) as error:
        raise DatabaseUnreachable(str(error)) from error
