"""`guildhall migrate`, `backup` and `restore`: the database as something to keep safe."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.files import copy_database, damage_in, doubt_unsent, nobody_running
from bot.cli.house import config_of, database_path, now_ms
from bot.cli.talking import Mistake, many, progress, say
from storage import migrate as apply_migrations
from storage import schema_version


def migrate(ctx: typer.Context) -> None:
    """Bring the database to this version. Every command does so by itself; this one does nothing else."""
    path = database_path(config_of(ctx))
    if not path.exists():
        raise Mistake(f"There is no database {path} yet. `guildhall init` makes one, and so does `guildhall run`.")
    applied = apply_migrations(path)
    for name in applied:
        say(f"applied {name}")
    say(f"{path} is at version {schema_version(path)}.")


def backup(
    ctx: typer.Context,
    to: Annotated[Path, typer.Argument(help="The file to write, or a folder for a file with the time in its name.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file when it exists.")] = False,
) -> None:
    """Copy the database, also while Guildhall runs.

    The copy is checked, and appears whole or not at all.
    """
    path = database_path(config_of(ctx))
    if not path.exists():
        raise Mistake(f"There is no database {path} to back up.")
    target = to / f"guildhall-{_stamp()}.db" if to.is_dir() else to
    if target.exists() and not force:
        raise Mistake(f"{target} exists. Choose another name, or replace it with --force.")
    if not target.parent.is_dir():
        raise Mistake(f"There is no folder {target.parent}. Make it first.")
    _copy(path, target, "Backing up")
    say(f"{target}: {target.stat().st_size:,} bytes, checked and whole.")


def restore(
    ctx: typer.Context,
    source: Annotated[Path, typer.Argument(help="A file that `guildhall backup` wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the database; the old one is kept beside it.")
    ] = False,
) -> None:
    """Put a backup in the database's place. What may have been sent since is looked for before anything is sent."""
    path = database_path(config_of(ctx))
    _check_backup(source)
    if path.exists() and not force:
        raise Mistake(f"There is a database {path}. With --force it is kept beside it and the backup takes its place.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with nobody_running(path):
        fresh = path.with_name(f".{path.name}.restored")
        _copy(source, fresh, "Restoring")
        apply_migrations(fresh)
        doubted = doubt_unsent(fresh)
        if aside := _set_aside(path):
            say(f"The old database is kept as {aside}.")
        fresh.replace(path)
    say(f"{path} is back as it was when the backup was made.")
    say(f"{many(doubted, 'post')} had not been sent then; each is looked for before it is sent.")
    say("Now run: guildhall doctor")


def _copy(path: Path, to: Path, doing: str) -> None:
    with progress(doing, None) as steps:
        copy_database(path, to, steps.reach)


def _check_backup(source: Path) -> None:
    """Raises Mistake or StorageTrouble when this is no whole database of Guildhall, or of a newer one."""
    if not source.is_file():
        raise Mistake(f"There is no file {source}.")
    if damage := damage_in(source):
        raise Mistake(f"{source} is damaged ({damage[0]}). Take an older backup.")
    if schema_version(source) == 0:
        raise Mistake(f"{source} is a database, but not one of Guildhall's.")


def _set_aside(path: Path) -> Path | None:
    """Moves the database away together with what SQLite keeps beside it, which would spoil another database."""
    aside = path.with_name(f"{path.name}.before-{_stamp()}")
    parts = [ending for ending in ("", "-wal", "-shm") if path.with_name(path.name + ending).exists()]
    for ending in parts:
        path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return aside if parts else None


def _stamp() -> str:
    return datetime.fromtimestamp(now_ms() / 1_000, UTC).strftime("%Y%m%d-%H%M%S")
