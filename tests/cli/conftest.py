"""A folder of one's own with the command line in it."""

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli.program import program

Say = Callable[..., Result]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GUILDHALL_CONFIG", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Commands decide for the whole process how it logs."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def say() -> Say:
    """`say("expert", "add", "Ana")` is `guildhall expert add Ana`; a crash of the program is one of the test."""

    def saying(*words: str, typed: str | None = None) -> Result:
        result = CliRunner().invoke(program, words, input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return saying


@pytest.fixture
def done(say: Say) -> Callable[..., str]:
    """The same for what must succeed: what it printed."""

    def doing(*words: str, typed: str | None = None) -> str:
        result = say(*words, typed=typed)
        assert result.exit_code == 0, result.output
        return result.stdout

    return doing


@pytest.fixture
def refused(say: Say) -> Callable[..., str]:
    """The same for what must be refused: the sentence, without a traceback."""

    def being(*words: str, typed: str | None = None) -> str:
        result = say(*words, typed=typed)
        assert result.exit_code != 0, result.output
        assert "Traceback" not in result.output
        return " ".join(result.stderr.split())

    return being


@pytest.fixture
def begun(done: Callable[..., str], folder: Path) -> Path:
    """A house that somebody has just made."""
    done("init", *BEGINNING)
    return folder


@pytest.fixture(scope="session")
def _fernwood(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fernwood") / "guildhall.db"
    result = CliRunner().invoke(program, ["demo"], env={"GUILDHALL_DATABASE__URL": str(path)})
    assert result.exit_code == 0, result.output
    copy = path.with_name("copy.db")
    result = CliRunner().invoke(program, ["backup", str(copy)], env={"GUILDHALL_DATABASE__URL": str(path)})
    assert result.exit_code == 0, result.output
    return copy


@pytest.fixture
def fernwood(_fernwood: Path, folder: Path) -> Path:
    """The demo, loaded."""
    shutil.copy(_fernwood, folder / "guildhall.db")
    return folder


BEGINNING = (
    *("--where", "here", "--preset", "pilot", "--company", "Kite", "--currency", "EUR"),
    *("--category", "Getting started", "--no-private", "--admin", "Dana"),
)
