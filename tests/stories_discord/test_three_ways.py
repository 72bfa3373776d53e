"""One question on Slack, on Discord and in the web workspace: one truth, one winner, and everybody reads it."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.model import QuestionId, StaffRole, State, spoken_number
from tests.discord_people import OnDiscord
from tests.three_way import PLANS, InSlack, ThreeWays, three_ways
from tests.world import Said, Someone

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."
PLATFORMS = ("slack", "discord", "web")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[ThreeWays]:
    async with three_ways(tmp_path / "world.db") as world:
        yield world


async def crew(world: ThreeWays) -> tuple[InSlack, OnDiscord, Someone]:
    """Sam on Slack, Dee on Discord, Wes on the web."""
    return await world.slack_expert("sam"), await world.expert("dee"), await world.web_expert("wes")


async def presses_claim(world: ThreeWays, someone: Someone, question: QuestionId) -> Said | None:
    """On the card where they read it; the web says at once what came of it."""
    match someone:
        case InSlack():
            ref = await world.card_ref(question, "slack")
            await someone.native.presses(world.plans_on_slack.id, str(ref), "Claim")
            return None
        case OnDiscord():
            ref = await world.card_ref(question, "discord")
            await someone.native.presses(world.channel(PLANS).messages[str(ref)], "Claim")
            return None
    return await someone.says("claim", question)


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_claim_on_any_platform_is_read_on_all_of_them(world: ThreeWays, platform: str) -> None:
    who = dict(zip(PLATFORMS, await crew(world), strict=True))[platform]
    ann = await world.web_customer("ann")
    question = await ann.asks(ASKED, category=PLANS)
    assert all("billed twice" in each for each in (await world.cards(question)).values())
    await presses_claim(world, who, question)
    await world.settles()
    for where, card in (await world.cards(question)).items():
        assert f"{who.name} has it until" in card, where
        assert card.count("Claim") == 0, where


async def test_a_question_of_the_web_is_answered_from_discord(world: ThreeWays) -> None:
    sam, dee, _ = await crew(world)
    ann = await world.web_customer("ann")
    question = await ann.asks(ASKED, category=PLANS)
    await presses_claim(world, dee, question)
    thread = dee.native.thread_with(PLANS, spoken_number(question))
    line = await dee.native.says(thread, HOLD)
    await dee.does(dee.native.uses_menu("Send to customer", line))
    await world.passes(seconds=21)
    assert f"dee, an Acme community expert, answered your question {spoken_number(question)}" in ann.sees()
    assert HOLD in ann.sees()
    for platform in PLATFORMS:
        assert HOLD in world.threads(platform), platform
    await ann.says("helped", question)
    assert "$1.40 is yours" in dee.sees()
    assert await dee.earned() == 140
    assert "is yours" not in "\n".join(sam.native.asides())
    for where, card in (await world.cards(question)).items():
        assert "solved by dee" in card, where


async def test_a_staff_note_on_slack_is_read_by_the_expert_on_discord(world: ThreeWays) -> None:
    _, dee, wes = await crew(world)
    stu = await world.slack_expert("stu", role=StaffRole.ADMIN)
    ann = await world.web_customer("ann")
    question = await ann.asks(ASKED, category=PLANS)
    await presses_claim(world, dee, question)
    ref = await world.card_ref(question, "slack")
    await stu.native.says(world.plans_on_slack.id, "!note The June outage caused this.", str(ref))
    await world.settles()
    thread = dee.native.thread_with(PLANS, spoken_number(question))
    assert "The June outage caused this." in dee.native.reads(thread)
    for platform in PLATFORMS:
        assert "June outage" in world.threads(platform), platform
    await dee.says("note Thank you, that fits.", question)
    for platform in PLATFORMS:
        assert "that fits" in world.threads(platform), platform
    assert "outage" not in ann.sees()
    assert wes.sees() == ""


async def test_three_who_claim_at_once_have_one_winner(world: ThreeWays, request: pytest.FixtureRequest) -> None:
    """The two others are told who was quicker, and every card is true."""
    races = 1_000 if request.config.getoption("--proofs") else 20
    three, order, won = await crew(world), random.Random(7), Counter[str]()
    ann = await world.web_customer("ann")
    for race in range(races):
        question = await ann.asks(f"{ASKED} Number {race}?", category=PLANS)
        won[await _races(world, three, question, order)] += 1
        await ann.says("withdraw", question)
        assert await world.state(question) is State.CLOSED
        await world.passes(minutes=10)
    assert sum(won.values()) == races
    assert races < 100 or min(won.values()) > 0, won


async def _races(
    world: ThreeWays, three: tuple[InSlack, OnDiscord, Someone], question: QuestionId, order: random.Random
) -> str:
    """The winner's name. Each begins before anybody has ended."""
    sam, dee, _wes = three
    before = {"sam": len(sam.native.asides()), "dee": len(dee.native.asides())}
    said: dict[str, Said | None] = {}

    def starting(someone: Someone) -> Callable[[], Awaitable[None]]:
        async def start() -> None:
            said[someone.name] = await presses_claim(world, someone, question)

        return start

    starts = [starting(each) for each in order.sample(three, 3)]
    await asyncio.gather(*(start() for start in starts))
    await world.settles()
    told = {
        "sam": "\n".join(sam.native.asides()[before["sam"] :]),
        "dee": "\n".join(dee.native.asides()[before["dee"] :]),
        "wes": said["wes"].text if said["wes"] else "",
    }
    holder = (await world.question(question)).holder
    (winner,) = [each for each in three if each.id == holder]
    for each in three:
        if each is not winner:
            assert f"{winner.name} took {spoken_number(question)}" in told[each.name], told
    for where, card in (await world.cards(question)).items():
        assert f"{winner.name} has it until" in card, where
    assert len((await world.question(question)).answers) == 0
    return winner.name
