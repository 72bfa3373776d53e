"""Pressed twice, on an old card, twice delivered; a channel that is closed to the bot, and a token that is no more."""

import asyncio
from pathlib import Path

import pytest

from adapters.slack.times import Times
from bot.model import Identity, Place, QuestionId, State, spoken_number
from bot.ports import Asked
from tests.fakes.slack import Message
from tests.slack_people import OnSlack
from tests.slack_world import SlackWorld, slack_world

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


async def asked(world: SlackWorld) -> tuple[OnSlack, OnSlack, QuestionId, str]:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    return ann, bo, question, bo.native.message_with("billing", "billed twice")


def as_it_was(someone: OnSlack, ts: str) -> Message:
    """The message on a telephone that has not heard of what changed since."""
    message = someone.native.room("billing").messages[ts]
    old = Message(ts=ts, user=message.user, text=message.text, team=message.team, channel=message.channel)
    old.blocks, old.bot_id = [dict(each) for each in message.blocks], message.bot_id
    return old


# --- presses


async def test_a_button_pressed_twice_at_once_claims_once(either: SlackWorld) -> None:
    world = either
    _, bo, question, card = await asked(world)
    await asyncio.gather(*(bo.native.presses("billing", card, "Claim") for _ in range(3)))
    await world.settles()
    assert (await world.question(question)).holder == bo.id
    assert world.sees("#billing").count("bo has it") == 1


async def test_an_answer_sent_by_a_double_click_goes_out_once(world: SlackWorld) -> None:
    ann, bo, question, card = await asked(world)
    await bo.says("claim", question)
    await bo.does(bo.native.says("billing", HOLD, card))
    aside = bo.native.ephemerals[-1]
    room = bo.native.room("billing")
    await asyncio.gather(*(bo.native._press(room, aside, "Send to customer") for _ in range(2)))
    await world.settles()
    await world.passes(minutes=1)
    assert ann.sees().count(HOLD) == 1
    assert len((await world.question(question)).answers) == 1


async def test_a_press_on_an_old_card_is_refused_with_what_is_true_now(either: SlackWorld) -> None:
    world = either
    _, bo, question, card = await asked(world)
    cy = await world.expert("cy")
    old = as_it_was(cy, card)
    await bo.does(bo.native.presses("billing", card, "Claim"))
    await world.passes(seconds=2)
    for label in ("Claim", "Answer"):
        said = await cy.does(cy.native._press(cy.native.room("billing"), old, label))
        assert said.refused
        assert "bo" in said.text
    assert (await world.question(question)).holder == bo.id


async def test_an_old_undo_does_not_take_back_what_was_delivered(world: SlackWorld) -> None:
    ann, bo, question, card = await asked(world)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    old = as_it_was(bo, card)
    await world.passes(seconds=21)
    said = await bo.does(bo.native._press(bo.native.room("billing"), old, "Undo"))
    assert said.refused
    assert "correct" in " ".join(said.buttons)
    assert HOLD in ann.sees()


async def test_what_slack_delivers_twice_happens_once(either: SlackWorld) -> None:
    world = either
    world.slack.event_faults.duplicates = 1.0
    ann, bo = world.visitor("ann"), await world.expert("bo")
    said = await ann.does(ann.native.says("dm", ASKED))
    question = said.receipt.question
    assert question is not None
    card = bo.native.message_with("billing", "billed twice")
    await bo.does(bo.native.says("billing", "!claim", card))
    await bo.does(bo.native.says("billing", f"@guildhall answer {HOLD}", card))
    await world.passes(seconds=21)
    await ann.does(ann.native.says("dm", "Thank you so much!", ann.native.message_with("dm", HOLD)))
    await world.settles()
    assert len((await world.app.views.questions(states=tuple(State), limit=10)).rows) == 1
    assert ann.sees().count(HOLD) == 1
    assert bo.sees().count("Thank you so much!") + world.sees("#billing").count("Thank you so much!") >= 1
    assert world.sees("#billing").count("Thank you so much!") <= 1
    asides = [each for each in bo.native.asides() if "is yours until" in each]
    assert len(asides) == 1, "told once"


# --- channels


@pytest.mark.parametrize("how", ["archived", "removed"])
async def test_a_channel_closed_to_the_bot_is_told_to_staff_and_the_question_goes_on(
    world: SlackWorld, how: str
) -> None:
    await world.category("both", title="Both", channels=(world.place("first"), world.place("second")))
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await world.staff("stu")
    question = await ann.asks(ASKED, category="both")
    first = world.channel("first")
    world.acme.archive(first) if how == "archived" else world.acme.kick_bot(first)
    await world.settles()
    await bo.native.presses("second", bo.native.message_with("second", "billed twice"), "Claim")
    await world.settles()
    await bo.says(f"answer {HOLD}", question)
    await world.passes(minutes=2)
    assert HOLD in ann.sees()
    assert "bo" in world.card(question, "#second").body
    await ann.says("helped", question)
    assert await bo.earned() == 140
    assert "first" in world.sees("#staff").lower() or first.id in world.sees("#staff")

    world.acme.unarchive(first) if how == "archived" else world.acme.invite_bot(first)
    await world.passes(hours=2)
    assert "solved by bo" in world.sees("#first"), "what waited was made true"


# --- tokens


async def test_a_revoked_token_is_said_once_and_what_waits_goes_out_with_a_new_one(tmp_path: Path) -> None:
    times = Times(token_again_seconds=0.05, again_seconds=0.05)
    async with slack_world(tmp_path / "world.db", times=times) as world:
        await world.category("elsewhere", title="Elsewhere", staff_channel=Place("web:hq"))
        ann, bo, question, _ = await asked(world)
        await bo.says("claim", question)
        await bo.says(f"answer {HOLD}", question)
        world.acme.revoke()
        world.slack.sockets.cut()
        await world.slack.until(lambda: not world.slack.sockets.of(world.acme), what="the end")
        for _ in range(5):
            await passes_without_slack(world, seconds=30)
        assert HOLD not in ann.sees()
        assert world.sees("web:hq").count("Guildhall cannot work on") == 1, "said once"
        assert "doctor" in world.sees("web:hq")

        on_web = Asked(
            key="web/1",
            who=Identity(platform="web", workspace="", external="wes"),
            text="How do I change my plan?",
            origin=Place("web:@wes"),
            name="wes",
        )
        await world.app.hear(on_web)
        await passes_without_slack(world, seconds=1)
        assert "We have your question" in world.sees("web:@wes"), "elsewhere everything goes on"

        world.acme.token_trouble = ""  # installed anew
        await world.slack.until(lambda: world.slack.sockets.of(world.acme), what="a socket")
        await world.passes(hours=1)
        assert ann.sees().count(HOLD) == 1
        assert "How do I change my plan?" in world.sees("#billing")
        assert await world.undelivered() == []
        assert "works on" in world.sees("web:hq")


async def passes_without_slack(world: SlackWorld, *, seconds: int) -> None:
    """Time goes by in the house, and in Slack there is nothing to wait for."""
    world.moment[0] += seconds * 1_000
    await asyncio.sleep(0.05)
    await world.courier.flush()
    await world.clock.tick()
    await world.courier.flush()


# --- known, and still to be mended


async def test_redacting_reaches_what_an_expert_was_told_in_their_own_conversation(world: SlackWorld) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("My neighbour Frida Kahlo was billed twice, why?")
    await bo.does(bo.native.says("dm", f"!claim {spoken_number(question)}"))
    assert "Frida" in bo.native.dm()
    await stu.says("redact 1", question)
    assert "Frida" not in world.sees("#billing")
    bo.native.ephemerals.clear()  # which Slack's client does at the next start
    assert "Frida" not in bo.native.dm()
