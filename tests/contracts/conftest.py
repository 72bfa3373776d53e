"""Databases for the contract of the store: each test runs once for every engine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from storage import SqliteStore, open_store

Open = Callable[..., Awaitable[SqliteStore]]


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    assert request.param == "sqlite"
    return f"sqlite:///{tmp_path / 'guildhall.db'}"


@pytest.fixture
async def open_database(database: str) -> AsyncIterator[Open]:
    """Opens the test's database, as often as it likes; what is still open at the end is closed."""
    async with AsyncExitStack() as stack:

        async def opened(**settings: object) -> SqliteStore:
            store = await open_store(database, **settings)  # type: ignore[arg-type]
            return await stack.enter_async_context(store)

        yield opened


@pytest.fixture
async def store(open_database: Open) -> SqliteStore:
    return await open_database()
