"""The benchmarks still run, and make sure that every contender did all of its work; how fast is not asked here."""

from pathlib import Path

import pytest

from bench import commands, discord, slack
from bench.bots import prepare
from bench.slack_bots import PREMISES
from bench.turns import check_claims


async def test_every_contender_claims_every_question(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await commands.measure(rounds=1, claims=4, folder=tmp_path) in (0, 1)
    said = capsys.readouterr().out
    for words in ("Guildhall's store", "each statement awaited", "sqlite3 on the loop", "sqlite3 alone", "goal of 8"):
        assert words in said


async def test_a_contender_that_leaves_work_out_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lazy(contender: commands.Contender, batch: range, experts: object, in_flight: int) -> float:
        return 10**6

    monkeypatch.setattr(commands, "claims_per_second", lazy)
    with pytest.raises(AssertionError, match="ours"):
        await commands.measure(rounds=1, claims=4, folder=tmp_path)


async def test_every_button_is_acknowledged_stored_and_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await slack.measure(rounds=1, claims=8, folder=tmp_path) in (0, 1)
    said = capsys.readouterr().out
    for words in ("Socket Mode: Guildhall", "HTTP: bare, acknowledges", "goal of at most 1.5", "goal of at least 0.55"):
        assert words in said


async def test_every_button_in_discord_is_acknowledged_stored_and_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await discord.measure(rounds=1, claims=8, folder=tmp_path) in (0, 1)
    said = capsys.readouterr().out
    for words in ("Guildhall  ", "bare, answers", "bare, acknowledges", "goal of at most 1.5", "goal of at least 0.8"):
        assert words in said


async def test_buttons_that_claimed_nothing_are_found(tmp_path: Path) -> None:
    await prepare(tmp_path / "start.db", 2, PREMISES)
    with pytest.raises(AssertionError, match="unfinished"):
        await check_claims(tmp_path / "start.db", 2)
