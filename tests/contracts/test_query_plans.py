"""No query on a command's path may cost more as history grows: each plan is read as SQLite would run it."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import migrate, queries
from storage.queries import load_queries

FOLDER = Path(queries.__file__).parent / "sql"
QUERIES = load_queries()
NAMES = [name for name in QUERIES.available_queries if not name.endswith("_cursor")]

# Indexes that hold only what is pending, or only the few: walking one whole is no scan of history.
SMALL_INDEXES = {"people_ranks", "people_staff", "posts_pending", "posts_troubled", "questions_due"}
SMALL_INDEXES |= {"balances_payable"}
SMALL_TABLES = {"categories", "tokens", "settings", "places", "turns"}

# These read everything, by their nature, and no command waits for them.
READ_EVERYTHING = {"booked_balances", "escrow_questions", "everybody", "kept_balances", "repeated_keys"}


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("plans") / "guildhall.db"
    migrate(path)
    opened = sqlite3.connect(path)
    yield opened
    opened.close()


def plan(connection: sqlite3.Connection, name: str) -> list[str]:
    query = getattr(QUERIES, name)
    values = dict.fromkeys(query.parameters or (), 1)
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query.sql}", values)]


def costly(step: str) -> bool:
    """Whether a step of a plan walks something that grows with history."""
    match = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
    if not match:
        return False
    table, index = match.groups()
    return table not in SMALL_TABLES and index not in SMALL_INDEXES


@pytest.mark.parametrize("name", sorted(set(NAMES) - READ_EVERYTHING))
def test_a_query_costs_the_same_after_a_million_questions(connection: sqlite3.Connection, name: str) -> None:
    assert [step for step in plan(connection, name) if costly(step)] == []


@pytest.mark.parametrize("name", ["newest_ready", "oldest_ready", "due_questions", "tops", "thread", "next_due"])
def test_what_comes_first_is_read_from_an_index_and_not_sorted(connection: sqlite3.Connection, name: str) -> None:
    assert [step for step in plan(connection, name) if "TEMP B-TREE" in step] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("oldest_", "newest_"))])
def test_a_page_is_read_from_an_index_and_not_sorted(connection: sqlite3.Connection, name: str) -> None:
    steps = plan(connection, name)
    assert [step for step in steps if "TEMP B-TREE" in step] == []
    assert all(step.startswith("SEARCH") for step in steps)


@pytest.mark.parametrize("name", sorted(READ_EVERYTHING))
def test_the_check_sees_a_scan(connection: sqlite3.Connection, name: str) -> None:
    assert any(costly(step) or "TEMP B-TREE" in step for step in plan(connection, name))


def test_a_scan_of_history_is_noticed() -> None:
    assert costly("SCAN posts")
    assert costly("SCAN transfers USING INDEX transfers_debits")
    assert not costly("SEARCH posts USING INDEX posts_pending (recipient=?)")
    assert not costly("SCAN posts USING INDEX posts_pending")


def test_the_sql_is_plain_enough_for_another_engine() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql")))
    said = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    assert len(NAMES) > 80
    for word in (r"\bOFFSET\b", r"\bOR REPLACE\b", r"\bOR IGNORE\b", r"\bINDEXED BY\b", r"\browid\b", r"\bjson_"):
        assert re.findall(word, said, re.IGNORECASE) == []
