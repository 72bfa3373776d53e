"""Keeps the code small enough to hold in the head, and the rules of the house true."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("bot", "adapters", "storage")
WRITTEN = (*PRODUCT, "tests", "bench", "docs", "deploy", ".ci")
TEXTS = {
    ".cfg",
    ".css",
    ".html",
    ".ini",
    ".js",
    ".json",
    ".lock",
    ".md",
    ".py",
    ".sql",
    ".toml",
    ".txt",
    ".yml",
}
NAMED_TEXTS = {"Makefile", "run", "LICENSE", "Dockerfile"}

FUNCTION_LINES = 50
FILE_LINES = 350
TEST_FILE_LINES = 500

VAGUE_WORDS = {word + end for word in ("manager", "helper", "util", "handler") for end in ("", "s")}
VAGUE_WORDS |= {"factory", "factories"}

PURE = {"model", "commands", "lifecycle", "policy", "decide", "market", "privacy", "knowledge"}
PURE |= {"announce", "grammar", "wording", "card"}
IMPURE_IMPORTS = {"asyncio", "logging", "os", "random", "secrets", "socket", "time", "uuid"}
CLOCK_CALLS = {"now", "utcnow", "today"}
TALKING_CALLS = {"input", "open", "print"}

UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|Users)/\w+/|(?<![\w.])/(?:root|work)/[\w.]|/opt/\w*pypi")

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Check = Callable[[str], list[str]]


# The checks: each takes a file's text and returns one complaint per place, with its line.


def too_long_functions(text: str) -> list[str]:
    """Functions of more than 50 lines, from `def` to the last line."""
    return [
        f"{node.lineno}: {node.name} has {lines} lines, {FUNCTION_LINES} are the most"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, FUNCTIONS)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]


def too_long_file(text: str, most: int = FILE_LINES) -> list[str]:
    lines = len(text.splitlines())
    return [f"{most}: the file has {lines} lines, {most} are the most"] if lines > most else []


def vague_names(text: str) -> list[str]:
    """Classes and functions whose name says that somebody did not know what they are for."""
    return [
        f"{node.lineno}: {node.name}: say what it does instead of '{word}'"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (*FUNCTIONS, ast.ClassDef))
        for word in words_of(node.name)
        if word in VAGUE_WORDS
    ]


def mocks(text: str) -> list[str]:
    """Mock libraries and pytest-mock's fixture; a fake keeps state, a mock keeps the test's opinion."""
    tree = ast.parse(text)
    found = [
        f"{line}: {name} is a mock; use a stateful fake"
        for line, name in imported(tree)
        if name in {"mock", "pytest_mock"} or name.startswith(("unittest.mock", "mock."))
    ]
    return found + [
        f"{node.lineno}: mocker is a mock; use a stateful fake"
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and node.arg == "mocker"
    ]


def impurities(text: str) -> list[str]:
    """Clock, chance, environment, I/O, logging and asyncio: facts that must be carried in."""
    tree = ast.parse(text)
    found = [
        f"{line}: imports {name}; let the shell carry the fact in"
        for line, name in imported(tree)
        if name.partition(".")[0] in IMPURE_IMPORTS
    ]
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCK_CALLS:
                found.append(f"{node.lineno}: asks the clock with {name}(); let the shell carry the time in")
            case ast.Call(func=ast.Name(id=name)) if name in TALKING_CALLS:
                found.append(f"{node.lineno}: talks to the outside with {name}()")
            case ast.keyword(value=ast.Attribute(attr=name)) if name in CLOCK_CALLS and node.arg == "default_factory":
                found.append(f"{node.value.lineno}: asks the clock with {name}; let the shell carry the time in")
    return found


def unfinished(text: str) -> list[str]:
    return [f"{line}: finish it or leave it out" for line in lines_with(UNFINISHED, text)]


def machine_paths(text: str) -> list[str]:
    return [f"{line}: a path of one person's machine" for line in lines_with(MACHINE_PATH, text)]


def words_of(name: str) -> list[str]:
    """The words of a snake_case or CamelCase name, in small letters."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import, `from a import b` as `a.b`; relative imports are our own."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)


def lines_with(pattern: re.Pattern[str], text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), start=1) if pattern.search(line)]


# The house, checked.


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def pure_files() -> list[Path]:
    return [path for path in python_files("bot") if path.relative_to(ROOT / "bot").parts[0].removesuffix(".py") in PURE]


def written_files() -> list[Path]:
    """Every text a person wrote for the project, but this file, which quotes what it forbids."""
    inside = (path for folder in WRITTEN for path in (ROOT / folder).rglob("*"))
    candidates = [*ROOT.iterdir(), *inside]
    return sorted(
        path
        for path in candidates
        if path.is_file()
        and "__pycache__" not in path.parts
        and (path.suffix in TEXTS or path.name in NAMED_TEXTS)
        and path != Path(__file__).resolve()
    )


def complaints(paths: list[Path], check: Check) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{complaint}"
        for path in paths
        for complaint in check(path.read_text(encoding="utf-8"))
    ]


def test_functions_fit_in_the_head() -> None:
    assert complaints(python_files(*PRODUCT), too_long_functions) == []


def test_files_fit_in_the_head() -> None:
    assert complaints(python_files(*PRODUCT), too_long_file) == []
    assert complaints(python_files("tests"), lambda text: too_long_file(text, TEST_FILE_LINES)) == []


def test_names_say_what_things_are_for() -> None:
    files = python_files(*PRODUCT, "tests", "bench")
    vague_files = [str(path.relative_to(ROOT)) for path in files if VAGUE_WORDS & set(words_of(path.stem))]
    vague_folders = {path.parent.name for path in files if VAGUE_WORDS & set(words_of(path.parent.name))}
    assert vague_files == []
    assert vague_folders == set()
    assert complaints(files, vague_names) == []


def test_tests_use_no_mocks() -> None:
    assert complaints(python_files("tests", "bench"), mocks) == []


def test_the_core_is_pure() -> None:
    assert pure_files(), "the core has moved; tell PURE where"
    assert complaints(pure_files(), impurities) == []


def test_nothing_is_left_unfinished() -> None:
    assert complaints(written_files(), unfinished) == []


def test_nothing_names_a_machine() -> None:
    assert complaints(written_files(), machine_paths) == []


def test_the_locks_name_no_place_to_install_from() -> None:
    for lock in sorted(ROOT.glob("requirements*.lock")):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--index-url|--find-links", text), f"{lock.name} names where packages came from"


def test_every_dependency_is_locked_and_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs/decisions/0001-dependencies.md").read_text(encoding="utf-8").lower()
    for requirements, lock in (
        (project["dependencies"], "requirements.lock"),
        (project["optional-dependencies"]["dev"], "requirements-dev.lock"),
    ):
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for requirement in requirements:
            name = re.split(r"[<>=!~;\[ ]", requirement)[0].lower()
            assert name.replace(".", "-") in locked, f"{lock} lacks {name}: run `make lock`"
            assert f"`{name}`" in reasons, f"docs/decisions/0001-dependencies.md gives no reason for {name}"


# The checks, checked: each must complain about a small bad sample and be quiet about its good twin.


def function_of(lines: int) -> str:
    return "def long():\n" + "    pass\n" * (lines - 1)


@pytest.mark.parametrize(
    ("check", "bad", "good"),
    [
        (too_long_functions, function_of(51), function_of(50)),
        (too_long_functions, "async " + function_of(51), "x = 1\n" * 60),
        (too_long_file, "x = 1\n" * 351, "x = 1\n" * 350),
        (vague_names, "class PurseManager: ...", "class Purse: ..."),
        (vague_names, "def send_helper(): ...", "def whelper(): ..."),
        (vague_names, "class HTTPHandler: ...", "handler = 1"),
        (vague_names, "class Many:\n    def utils(self): ...", "def utility(): ..."),
        (mocks, "from unittest import mock", "import unittest"),
        (mocks, "from unittest.mock import AsyncMock", "from tests.fakes import Slack"),
        (mocks, "def test_it(mocker): ...", "def test_it(world): ..."),
        (impurities, "import time", "from bot.model import time_left"),
        (impurities, "from os.path import join", "import posixpath"),
        (impurities, "if 1:\n    import asyncio.events", "from . import time"),
        (impurities, "from datetime import datetime as d\nd.now()", "context.now"),
        (impurities, "import datetime\ndatetime.date.today()", "datetime.date(2026, 1, 1)"),
        (impurities, "field(default_factory=datetime.utcnow)", "field(default_factory=list)"),
        (impurities, "print('Hello')", "paint('Hello')"),
        (unfinished, "x = 1  # TODO later", "todos = []"),
        (unfinished, "-- FIXME", "prefixme"),
        (machine_paths, "see /work/somewhere", "see https://example.org/work/life"),
        (machine_paths, "/home/ana/notes", "route('/home/')"),
        (machine_paths, "'/root/.cache'", "'../shared/data'"),
    ],
)
def test_each_check_sees_what_it_is_for(check: Check, bad: str, good: str) -> None:
    assert len(check(bad)) == 1
    assert check(good) == []
