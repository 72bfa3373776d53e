"""The real program as a process of its own, with a company and its people, for a browser to look at."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNDO_SECONDS = 8

SETTINGS = """
[company]
name = "Fernwood"

[database]
url = "sqlite:///{database}"

[policy]
undo_seconds = {undo_seconds}
claims_per_expert_max = 50

[[category]]
name = "brewing"
title = "Brewing and taste"
bounty = "2.00"

[[category]]
name = "orders"
title = "Orders and warranty"
bounty = "3.00"
private = true
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A program that serves `address`."""

    address: str
    process: subprocess.Popen[str]

    @property
    def workspace(self) -> str:
        return f"{self.address}/workspace/"


@contextmanager
def running(folder: Path, *arguments: str, more: str = "") -> Iterator[Running]:
    """`guildhall run` in this folder, with Ana and Ben (journeymen) and Greta (staff) beside the first people."""
    settings = folder / "guildhall.toml"
    settings.write_text(SETTINGS.format(database=folder / "house.db", undo_seconds=UNDO_SECONDS) + more)
    command = [*_command(settings), "run", "--port", "0", *arguments]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=_surroundings(), stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            started = Running(_address(process, folder / "log"), process)
            if "--demo" not in arguments:
                guildhall(settings, "staff", "add", "Greta", "--role", "admin")
                guildhall(settings, "expert", "add", "Ana", "--rank", "journeyman")
                guildhall(settings, "expert", "add", "Ben", "--rank", "journeyman")
            yield started
        finally:
            process.terminate()
            process.communicate(timeout=30)


def guildhall(settings: Path, *arguments: str) -> str:
    """One command of the program; what it said."""
    done = subprocess.run(
        [*_command(settings), *arguments], cwd=ROOT, env=_surroundings(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def _command(settings: Path) -> list[str]:
    return [sys.executable, "-m", "bot", "--config", str(settings)]


def _surroundings() -> dict[str, str]:
    """The program must not find out that a test started it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"Workspace\s+(http://\S+?)/workspace", line):
            return found[1]
    raise AssertionError(f"the program ended before it served anything:\n{log.read_text()}")
