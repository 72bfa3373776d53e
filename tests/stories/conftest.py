"""Every story plays in a world of its own, and no story ends with books that do not balance.

Stories of the core play in front of screens in the same process, and again with everybody in Slack and in Discord.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from zlib import crc32

import pytest

from tests import discord_stories, slack_stories
from tests.world import World


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "world" in metafunc.fixturenames:
        told = metafunc.module.__name__, metafunc.function.__name__
        metafunc.parametrize("world", (*slack_stories.ways_of(*told), *discord_stories.ways_of(*told)), indirect=True)


@pytest.fixture
async def world(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param != "direct":
        async with _elsewhere(tmp_path / "world.db", request.param, crc32(request.node.name.encode())) as on:
            yield on
        return
    world = await World.begins(tmp_path / "world.db")
    yield world
    await world.ends()


def _elsewhere(path: Path, where: str, way: int) -> AbstractAsyncContextManager[World]:
    """The libraries take their time to load."""
    platform, _, kind = where.partition("-")
    if platform == "slack":
        from tests.slack_world import slack_world

        return slack_world(path, transport=kind, way=way)
    from tests.discord_world import discord_world

    return discord_world(path, kind=kind, content=kind == "text", way=way)
