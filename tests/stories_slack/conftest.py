"""Every story plays in a Slack of its own, and ends with nothing that a stricter Slack could refuse."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack_world import SlackWorld, slack_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[SlackWorld]:
    async with slack_world(tmp_path / "world.db") as world:
        yield world


@pytest.fixture(params=["socket", "http"])
async def either(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[SlackWorld]:
    """The same over sockets and over HTTP."""
    async with slack_world(tmp_path / "world.db", transport=request.param) as world:
        yield world
