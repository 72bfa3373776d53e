"""What can be wrong with a database, said so that whoever runs it knows what to do."""

import sqlite3

from bot.ports import StorageTrouble


class DatabaseLocked(StorageTrouble):
    """Another program holds the database. Nothing of this was kept; try again when it has finished."""


class DatabaseFull(StorageTrouble):
    """There is no room left for the database. Nothing of this was kept; free some disk space and try again."""


class DatabaseReadOnly(StorageTrouble):
    """The database may only be read. Nothing of this was kept; give this user the right to write to it."""


class DatabaseUnreachable(StorageTrouble):
    """The database cannot be opened. Check its path, and that this user may read and write there."""


class DatabaseDamaged(StorageTrouble):
    """The file is no database, or a damaged one. Keep it as it is, and restore the last backup beside it."""


class DatabaseInUse(StorageTrouble):
    """Another Guildhall runs on this database. Stop that one first, or give this one a database of its own."""


class DatabaseOlder(StorageTrouble):
    """The database is from an older version. Run `guildhall migrate` first."""


class DatabaseNewer(StorageTrouble):
    """The database is from a newer version of Guildhall and was not touched. Run that version, or a newer one."""

    def __init__(self, version: int) -> None:
        super().__init__(f"it is at version {version}")
        self.version = version

    def again(self) -> "DatabaseNewer":
        return DatabaseNewer(self.version)


class MigrationChanged(StorageTrouble):
    """A migration that was applied reads differently now. Install Guildhall anew, and never edit a migration."""


class DatabaseForeign(StorageTrouble):
    """This SQLite file belongs to another program, so nothing was changed in it. Name a file of Guildhall's own."""


class UnknownDatabase(StorageTrouble):
    """The database's address is not understood. Write sqlite:///guildhall.db, or simply a path."""


# https://www.sqlite.org/rescode.html; the low byte is the primary code.
_BY_CODE: dict[int, type[StorageTrouble]] = {
    sqlite3.SQLITE_BUSY: DatabaseLocked,
    sqlite3.SQLITE_LOCKED: DatabaseLocked,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_PERM: DatabaseReadOnly,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnreachable,
    sqlite3.SQLITE_CORRUPT: DatabaseDamaged,
    sqlite3.SQLITE_NOTADB: DatabaseDamaged,
    sqlite3.SQLITE_IOERR: StorageTrouble,
    sqlite3.SQLITE_NOMEM: StorageTrouble,
    sqlite3.SQLITE_INTERRUPT: StorageTrouble,
    sqlite3.SQLITE_PROTOCOL: DatabaseLocked,
}


def trouble_of(error: BaseException) -> StorageTrouble | None:
    """What an error of the database means for whoever runs it; None for a statement that is wrong in itself."""
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.Error) or not isinstance(code, int):
        return None
    kind = _BY_CODE.get(code & 0xFF)
    return kind(str(error)) if kind else None
