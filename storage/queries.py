"""The SQL of every file in `sql/`, as functions by the names it gives them."""

from functools import cache
from pathlib import Path
from typing import Any

import aiosql

# aiosql makes these functions while the program runs, so a type checker cannot know them; the tests call each.
Queries = Any
Connection = Any  # a synchronous connection of the driver the queries were loaded for


@cache
def load_queries(driver: str = "sqlite3") -> Queries:
    """`driver` is aiosql's name of it: the same text serves "sqlite3" and, later, "psycopg"."""
    return aiosql.from_path(Path(__file__).parent / "sql", driver, encoding="utf-8")
