"""Every story plays in a world of its own, and no story ends with books that do not balance.

Stories of the core play in front of screens in the same process, and again with everybody in Slack.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from zlib import crc32

import pytest

from tests.slack_stories import ways_of
from tests.world import World


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "world" in metafunc.fixturenames:
        metafunc.parametrize("world", ways_of(metafunc.module.__name__, metafunc.function.__name__), indirect=True)


@pytest.fixture
async def world(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param != "direct":
        from tests.slack_world import slack_world  # the library takes its time to load

        transport = request.param.removeprefix("slack-")
        async with slack_world(tmp_path / "world.db", transport=transport, way=crc32(request.node.name.encode())) as on:
            yield on
        return
    world = await World.begins(tmp_path / "world.db")
    yield world
    await world.ends()
