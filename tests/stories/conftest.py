"""Every story plays in a world of its own, and no story ends with books that do not balance."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.world import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.begins(tmp_path / "world.db")
    yield world
    await world.ends()
