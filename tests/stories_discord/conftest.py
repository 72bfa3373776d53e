"""Every story plays in a Discord of its own, and ends with nothing that a stricter Discord could refuse."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord_world import FORUM, TEXT, DiscordWorld, discord_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[DiscordWorld]:
    async with discord_world(tmp_path / "world.db") as world:
        yield world


@pytest.fixture(params=[TEXT, FORUM])
async def either(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[DiscordWorld]:
    """The same in text channels whose words may be read, and in forums where they may not."""
    async with discord_world(tmp_path / "world.db", kind=request.param, content=request.param == TEXT) as world:
        yield world
