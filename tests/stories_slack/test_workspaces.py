"""Several workspaces in one house, one category in several channels, and people whom no direct message reaches."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest

from bot.model import Expert, Identity, Person, Place, QuestionId, Rank, State, spoken_number
from tests.slack_people import OnSlack
from tests.slack_world import SlackWorld, slack_world
from tests.world import Said, Someone

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[SlackWorld]:
    """Acme and Globex; the category "plans" is in a channel of each."""
    async with slack_world(tmp_path / "world.db", names=("acme", "globex")) as world:
        places = (world.place("plans"), world.place_of(world.channel("plans", "globex"), "globex"))
        await world.category("plans", title="Plans", channels=places)
        yield world


async def crew(world: SlackWorld) -> tuple[OnSlack, OnSlack]:
    """Bo of Acme and Kim of Globex, both experts, each in their own channel."""
    bo = await world.expert("bo")
    kim = await world.lists(world.visitor("kim", at="globex"), rank=Rank.JOURNEYMAN)
    world.channel("plans", "globex").members.append(kim.native.id)
    return bo, kim


def copies(world: SlackWorld) -> tuple[str, str]:
    """What both channels show."""
    return world.sees("#plans"), world.sees(str(world.place_of(world.channel("plans", "globex"), "globex")))


async def test_each_workspace_has_its_own_people_and_conversations(two: SlackWorld) -> None:
    world = two
    ann, cat = world.visitor("ann"), world.visitor("cat", at="globex")
    first = await ann.does(ann.native.types("/ask", ASKED))
    second = await cat.does(cat.native.says("dm", "How do I change my address?"))
    assert first.receipt.question != second.receipt.question
    assert "billed twice" not in cat.sees()
    assert spoken_number(second.receipt.question or QuestionId(0)) in cat.sees()
    assert spoken_number(second.receipt.question or QuestionId(0)) not in ann.sees()


async def test_notes_lines_and_answers_stand_in_every_copy(two: SlackWorld) -> None:
    world = two
    ann = await world.customer("ann")
    bo, kim = await crew(world)
    question = await ann.asks(ASKED, category="plans")
    assert all("billed twice" in each for each in copies(world))
    await kim.presses("Claim")
    assert all("kim has it" in each for each in copies(world))
    refused = await bo.says("claim", question)
    assert "kim" in refused.text
    await kim.says("note Looks like the June outage again.", question)
    await ann.writes("It was the blue card.", question)
    await kim.does(kim.native.says("plans", "just between us", kim.native.message_with("plans", "billed twice")))
    await kim.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    for shown in copies(world):
        for words in ("June outage", "blue card", HOLD):
            assert words in shown
        assert "between us" not in shown
    assert HOLD in ann.sees()
    await ann.says("helped", question)
    assert all("solved by kim" in each for each in copies(world))


async def test_an_expert_claims_in_one_workspace_and_another_is_told_in_the_other(two: SlackWorld) -> None:
    world = two
    ann = await world.customer("ann")
    bo, kim = await crew(world)
    question = await ann.asks(ASKED, category="plans")
    await bo.presses("Claim")
    stale = await kim.does(
        kim.native._press(
            kim.native.room("plans"),
            kim.native.room("plans").messages[kim.native.message_with("plans", "billed twice")],
            "Answer",
        )
    )
    assert stale.refused
    assert "bo" in stale.text
    assert (await world.question(question)).holder == bo.id


# --- Slack Connect: people of another company in a channel of ours


async def connected(world: SlackWorld) -> OnSlack:
    """Ida of Globex sits in Acme's shared channel; our bot cannot write to her."""
    world.channel("billing").shared = True
    ida = world.visitor("ida", team_id=world.workspaces["globex"].team_id)
    world.channel("billing").members.append(ida.native.id)
    world.acme.unreachable.add(ida.native.id)
    return await world.lists(ida, rank=Rank.JOURNEYMAN)


async def test_whom_no_direct_message_reaches_reads_their_news_in_the_thread(two: SlackWorld) -> None:
    world = two
    ann, bo = await world.customer("ann"), await world.expert("bo")
    ida = await connected(world)
    question = await ann.asks(ASKED)
    await ida.says("claim", question)
    await ida.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await ann.says("helped", question)
    number = spoken_number(question)
    thread = world.sees("#billing")
    assert f"@ida, there is news about {number} for you." in thread
    assert "is yours." not in thread, "only the call stands there"

    card = ida.native.message_with("billing", "there is news")
    told = await ida.does(ida.native.presses("billing", card, "Read it"))
    assert f"{number} is solved, and $1.40 is yours." in told.text
    curious = await bo.does(bo.native.presses("billing", card, "Read it"))
    assert "$1.40" not in curious.text
    assert curious.text, "told that it is not for them"
    assert [each.whom for each in world.slack.rang] == [ida.native.id], "one person was called, and nobody else"
    world.slack.rang.clear()


async def test_a_private_word_is_read_in_the_thread_by_its_reader_alone(two: SlackWorld) -> None:
    world = two
    await world.category("account", title="Account", private=True)
    ann, bo = await world.customer("ann"), await world.expert("bo")
    ida = await connected(world)
    world.channel("account").members.append(ida.native.id)
    world.channel("account").shared = True
    question = await ann.asks("Somebody changed my address in Prague yesterday.", category="account")
    claimed = await ida.says("claim", question)
    assert "Prague" in claimed.text
    await ann.writes("It was at the old house.", question)
    assert "old house" not in world.sees("#account")
    card = ida.native.message_with("account", "there is news")
    assert "old house" in (await ida.does(ida.native.presses("account", card, "Read it"))).text
    assert "old house" not in (await bo.does(bo.native.presses("account", card, "Read it"))).text
    world.slack.rang.clear()


# --- a place on the web beside it


async def test_a_slack_expert_and_a_web_expert_race_for_one_question(world: SlackWorld) -> None:
    """One winner, and both cards true."""
    places = (world.place("both"), Place("web:both"))
    await world.category("both", title="Both", channels=places)
    ann, bo = await world.customer("ann"), await world.expert("bo")
    wendy = await _on_the_web(world)
    for number in range(6):
        question = await ann.asks(f"{ASKED} Number {number}?", category="both")
        native, card = bo.native, bo.native.message_with("both", f"Number {number}?")
        here, there = await _at_once(
            bo.does(native.presses("both", card, "Claim")), wendy.says("claim", question), turned=bool(number % 2)
        )
        await world.settles()
        assert sorted((here.refused, there.refused)) == [False, True]
        winner, loser = (bo, there) if there.refused else (wendy, here)
        assert (await world.question(question)).holder == winner.id
        assert winner.name in loser.text
        for place in ("#both", "web:both"):
            assert f"{winner.name} has it until" in world.card(question, place).body
        await winner.says("release", question)
        assert await world.state(question) is State.OPEN
        await ann.says("withdraw", question)


async def _on_the_web(world: SlackWorld) -> Someone:
    wendy = Someone(world, "wendy", world.app.new_person())
    person = Person(id=wendy.id, name="wendy", home=wendy.home, expert=Expert(rank=Rank.JOURNEYMAN))
    who = Identity(platform="web", workspace="", external="wendy")
    await world.app.store.run(lambda work: work.add_person(person, who, world.now))
    return wendy


async def _at_once(here: Awaitable[Said], there: Awaitable[Said], *, turned: bool) -> tuple[Said, Said]:
    """Both begin before either ends; `turned`: the second one begins first."""
    if turned:
        second, first = await asyncio.gather(there, here)
        return first, second
    first, second = await asyncio.gather(here, there)
    return first, second
