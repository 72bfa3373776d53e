"""Nothing said in Slack is lost or said twice, wherever the product dies, and what was acknowledged is kept."""

from pathlib import Path

from tests.faults.rehearsing import kills_at
from tests.faults.slack_day import rehearse
from tests.faults.test_kills import steps, table


async def test_a_day_in_slack_with_kills_loses_nothing_and_says_nothing_twice(tmp_path: Path, proofs: bool) -> None:
    kills = list(kills_at(steps(), 200 if proofs else 12, seed=7))
    day = await rehearse(tmp_path, kills, seed=7)
    print(table(day))  # type: ignore[arg-type]
    assert day.verdict.lost == []
    assert day.verdict.doubled == []
    assert day.verdict.not_kept == []
    assert day.verdict.complaints == []
    assert day.verdict.money == []
    assert day.stopped_in_order
    assert day.verdict.asked >= 4, "too little happened to prove anything"
    assert day.verdict.kept >= 4
    assert sum(at_step for _, at_step in day.kills) >= len(kills) // 3, "too few died where they should"
