"""Nothing said in Discord is lost or said twice, wherever the product dies, and what was acknowledged is kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.chat_day import nothing_is_wrong
from tests.faults.discord_day import rehearse
from tests.faults.rehearsing import kills_at
from tests.faults.test_kills import steps, table


async def test_a_day_in_discord_with_kills_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    """In a forum, whose posts Discord itself would make as often as they are sent."""
    kills = [replace(each, after_lines=min(each.after_lines, 25)) for each in kills_at(steps(), 12, seed=7)]
    day = await rehearse(tmp_path, kills, seed=7, forum=True)
    print(table(day))
    nothing_is_wrong(day)
    assert sum(at_step for _, at_step in day.kills) >= 4, "too few died where they should"


@pytest.mark.proofs
@pytest.mark.parametrize("seed", range(100, 110))
async def test_two_hundred_kills_lose_nothing_and_say_nothing_twice(tmp_path: Path, seed: int) -> None:
    """Twenty on each of ten days, every other one in a forum."""
    day = await rehearse(tmp_path, list(kills_at(steps(), 20, seed=seed)), seed=seed, forum=seed % 2 == 0)
    print(table(day))
    nothing_is_wrong(day)
