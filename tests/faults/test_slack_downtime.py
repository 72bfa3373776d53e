"""What people say to Slack while nobody listens is taken in afterwards, once, however long it was."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.ports import Hearable
from tests.fakes.slack import Fault
from tests.faults.judging import all_is_well
from tests.faults.slack_house import TIMES
from tests.faults.slack_verdict import judge
from tests.faults.talking import words_of
from tests.faults.test_slack_socket import Town, a_town

HOUR = 3_600.0
MINUTE = 60.0
Waits = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """In which hours pass when they are told to."""
    async with a_town(tmp_path, held=True) as town:
        yield town


async def passes(town: Town, seconds: float) -> None:
    await town.slack.clock.passes(seconds)  # type: ignore[attr-defined]


async def caught_up(town: Town) -> None:
    """Until everything was read once and posted, and nothing is on its way."""
    adapter = town.house.adapter
    assert adapter is not None
    installation = adapter.installations["acme"]
    catching_up = installation._catching_up
    await town.slack.until(lambda: catching_up.gaps.closed and catching_up.gaps.last > 0, 60, "not caught up")
    await town.house.quiet()
    while installation._tasks:
        await asyncio.wait(installation._tasks)


def posted(town: Town, words: str) -> int:
    return sum(words in each["text"] for each in town.slack.applied if each["what"] == "posts")


async def test_whatever_was_said_meanwhile_is_taken_in_once(town: Town) -> None:
    """Questions alone and in the help channel, lines, a command in a thread, an edit, a mention."""
    slack, bo = town.slack, town.bo
    await town.house.starts()
    await town.asks("matter0", "matter1", "matter2")
    early = await town.acme.person("early").says("dm", words_of("matter3"))
    await town.all_cards(["matter3"])
    await passes(town, 20 * MINUTE)
    fresh = town.acme.person("fresh")
    late = await fresh.says("dm", words_of("matter4"))
    await town.all_cards(["matter4"])
    await town.house.quiet()
    await town.house.stops()

    cards = {name: bo.message_with(town.billing, f"{name}.") for name in ("matter0", "matter1")}
    await passes(town, 30 * MINUTE)
    await town.acme.person("new").says("dm", words_of("matter5"))
    newcomer = town.acme.person("newcomer")
    await newcomer.joins(town.help)
    await newcomer.says(town.help, words_of("matter6"))
    for line in (1, 2, 3):
        await town.says("matter0", line)
        await passes(town, MINUTE)
    await bo.says(town.billing, "!claim", cards["matter0"])
    await bo.says(town.billing, "@guildhall claim", cards["matter1"])
    await town.acme.people["early"].edits("dm", early, words_of("matter3").replace("strange", "very odd"))
    await fresh.edits("dm", late, words_of("matter4").replace("strange", "quite odd"))
    await town.asked["matter2"][0].edits(town.help, town.asked["matter2"][1], words_of("matter2 again"))
    await passes(town, 30 * MINUTE)
    await town.house.starts()
    await caught_up(town)

    names = [f"matter{number}" for number in (1, 3, 4, 5, 6)]
    found = judge(slack, names, 0)
    all_is_well(found)
    all_is_well(judge(slack, ["matter0"], 3))
    board = bo.reads(town.billing)
    for words in ("very odd with matter3", "quite odd with matter4", "strange with matter2 again"):
        assert words in board, board
    assert board.count("Bo has it") == 2, board
    assert bo.errors == []


async def test_a_second_restart_repeats_nothing_to_anybody(town: Town) -> None:
    """Not even what was only answered: help, a slip, the question which of two things was meant."""
    bo, slack = town.bo, town.slack
    await town.house.starts()
    await town.asks("matter0")
    card = bo.message_with(town.billing, "matter0.")
    customer = town.asked["matter0"][0]
    await town.house.stops()
    await bo.says("dm", "!help")
    await bo.says(town.billing, "!clam", card)
    await customer.says("dm", "And another thing: what about the winter, does it work then?")
    await town.house.starts()
    await caught_up(town)
    await slack.until(lambda: bo.ephemerals, 60, "the slip was not answered")
    before = (bo.dm(), customer.dm(), bo.asides())
    assert "claim" in before[2][-1]
    assert len(before[0]) > 40
    for _ in range(2):
        await town.house.stops()
        await passes(town, MINUTE)
        await town.house.starts()
        await caught_up(town)
    assert (bo.dm(), customer.dm(), bo.asides()) == before


async def test_the_mark_is_kept_however_long_nobody_listened(town: Town) -> None:
    """A first start looks back an hour and no further; a later one goes back to where the last one ended."""
    await town.acme.person("ancient").says("dm", words_of("matter0"))
    await passes(town, 3 * HOUR)
    await town.house.starts()
    await caught_up(town)
    assert posted(town, "matter0") == 0
    await town.house.stops()
    await passes(town, HOUR)
    await town.acme.person("recent").says("dm", words_of("matter1"))
    await passes(town, 30 * HOUR)
    await town.house.starts()
    await caught_up(town)
    all_is_well(judge(town.slack, ["matter1"], 0))


async def test_the_mark_stays_while_slack_cannot_be_read(town: Town) -> None:
    await town.house.starts()
    await caught_up(town)
    await town.house.stops()
    await town.acme.person("ann").says("dm", words_of("matter0"))
    await passes(town, 2 * HOUR)
    town.slack.faults.only, town.slack.faults.kinds = {"conversations.history"}, (Fault.FAILS,)
    town.slack.faults.share = 1.0
    await town.house.starts()
    await town.slack.until(lambda: town.slack.faults.met[Fault.FAILS] >= 1, 60, "nothing was read")
    await town.house.stops()
    await passes(town, 2 * HOUR)
    town.slack.faults.share = 0.0
    await town.house.starts()
    await caught_up(town)
    all_is_well(judge(town.slack, ["matter0"], 0))


async def test_catching_up_gets_through_a_slack_that_often_fails(tmp_path: Path) -> None:
    """Every third page fails; a pass that began anew each time would never end."""
    async with a_town(tmp_path, TIMES) as town:
        names = [f"matter{number}" for number in range(40)]
        for name in names:
            await town.acme.person(name).says("dm", words_of(name))
        faults = town.slack.faults
        faults.only = {"conversations.list", "conversations.history", "conversations.replies"}
        faults.share, faults.kinds = 0.33, (Fault.FAILS, Fault.FAILS_AFTER, Fault.CUTS_AFTER, Fault.HANGS)
        await town.house.starts()
        await caught_up(town)
        assert faults.met.total() >= 10
        all_is_well(judge(town.slack, names, 0))


async def test_a_message_that_cannot_be_taken_in_holds_up_nobody_else(town: Town) -> None:
    """Its channel waits for it, three times; the program lives on."""
    tried: list[str] = []

    async def hearing(heard: Hearable) -> None:
        if "matter1" in getattr(heard, "text", ""):
            tried.append(heard.key)
            raise ArithmeticError("a mistake of ours")

    town.house.hearing = hearing
    for number in range(3):
        await town.acme.person(f"customer{number}").says("dm", words_of(f"matter{number}"))
    await town.acme.people["customer1"].says("dm", words_of("matter3"))
    with capture_logs() as said:
        await town.house.starts()
        await caught_up(town)
    assert len(tried) == 3
    assert [each["event"] for each in said].count("message not taken in") == 3
    all_is_well(judge(town.slack, ["matter0", "matter2", "matter3"], 0))
