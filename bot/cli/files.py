"""The database as a file: is it whole, copy it while it is in use, put a copy in its place."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from bot.cli.talking import Mistake
from bot.ports import StorageTrouble
from storage.opening import Lock, connect
from storage.trouble import DatabaseInUse, trouble_of

OPEN_MS = 5_000
PAGES_AT_ONCE = 256


def try_opening(path: Path, *, read_only: bool) -> None:
    """Raises StorageTrouble when the file cannot be opened: in so many words, and before any thread has begun."""
    try:
        connect(path, read_only=read_only, busy_ms=OPEN_MS).close()
    except sqlite3.Error as error:
        raise trouble_of(error) or error from error


@contextmanager
def looking(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads. Raises StorageTrouble."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise trouble_of(error) or error from error


def transfers_in(path: Path) -> int:
    """How many transfers the ledger has."""
    with looking(path) as connection:
        return int(connection.execute("SELECT count(*) FROM transfers").fetchone()[0])


def damage_in(path: Path) -> list[str]:
    """What SQLite finds wrong with the file (integrity_check, and rows that point to nothing); nothing is well."""
    with looking(path) as connection:
        lines = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
        lines += [
            f"{row[0]} points to a missing row in {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")
        ]
    return [line for line in lines if line != "ok"]


def copy_database(path: Path, to: Path, step: Callable[[int, int], None]) -> None:
    """A consistent copy, also while Guildhall runs; it appears whole or not at all.

    `step` is told how many pages are done, and how many there are. Raises StorageTrouble, OSError or Mistake.
    """
    beside = to.with_name(f".{to.name}.part")
    beside.unlink(missing_ok=True)
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with looking(path) as source, closing(sqlite3.connect(beside)) as target:
            # Held open, so that the copy is of this moment; otherwise every write of others would start it anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(
                target, pages=PAGES_AT_ONCE, progress=lambda _, left, pages: step(pages - left, pages), sleep=0.01
            )
            target.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
        if damage := damage_in(beside):
            raise Mistake(
                f"The copy is damaged ({damage[0]}) and was thrown away. `guildhall doctor` looks at the original."
            )
        _make_durable(beside)
        beside.replace(to)
        _make_durable(to.parent)
    except sqlite3.Error as error:
        raise trouble_of(error) or error from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def nobody_running(path: Path) -> Iterator[None]:
    """Holds the place of the program that runs all the time. Raises DatabaseInUse when one is running."""
    try:
        lock = Lock(path)
    except sqlite3.Error as error:
        raise trouble_of(error) or error from error
    try:
        yield
    finally:
        lock.release()


def is_running(path: Path) -> bool:
    """Whether a Guildhall runs on this database now."""
    if not path.with_name(f"{path.name}.lock").exists():
        return False
    try:
        with nobody_running(path):
            return False
    except DatabaseInUse:
        return True
    except StorageTrouble:
        return False  # who may not even look at the lock learns why from what is tried next


def doubt_unsent(path: Path) -> int:
    """Makes every first post that is still to be sent one that may have been sent already. How many.

    What was delivered after the backup was made is not known to it: so the courier looks before it sends.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        found = connection.execute(
            "UPDATE posts SET state = 'unknown', retry_at = 0, why = 'unconfirmed' "
            "WHERE shown = 0 AND ref IS NULL AND absent = 0 AND state IN ('ready', 'sending', 'parked')"
        )
        return found.rowcount


def _make_durable(path: Path) -> None:
    """What is in the file, or which files a folder has, is on the disk afterwards."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
