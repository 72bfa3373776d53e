"""Customers in Slack: they ask where they are, and read, reply, change their words and judge there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model import QuestionId, Rank, State, spoken_number
from tests.fakes.slack import Workspace
from tests.slack_people import OnSlack
from tests.slack_world import SlackWorld, slack_world

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


def with_a_help_channel(workspace: Workspace) -> dict[str, object]:
    return {"help_channels": {workspace.channel("help").id: "billing"}}


@pytest.fixture
async def helping(tmp_path: Path) -> AsyncIterator[SlackWorld]:
    """A world with a channel where customers ask."""
    async with slack_world(tmp_path / "world.db", settings=with_a_help_channel) as world:
        yield world


async def asks_in_help(world: SlackWorld, ann: OnSlack, text: str = ASKED) -> tuple[QuestionId, str]:
    """The question, and the ts of the message that it was."""
    world.channel("help").members += [] if ann.native.id in world.channel("help").members else [ann.native.id]
    before = await world.app.views.questions(states=tuple(State), limit=50)
    ts = await ann.native.says("help", text)
    await world.settles()
    after = await world.app.views.questions(states=tuple(State), limit=50)
    (new,) = [each for each in after.rows if each.id not in {one.id for one in before.rows}]
    return new.id, ts


def thread(someone: OnSlack, channel: str, ts: str) -> str:
    """What the bot wrote in a thread, as everybody reads it."""
    room = someone.native.room(channel)
    return "\n\n".join(each.text for each in someone.slack.shown(someone.slack.place(room.name)) if each.parent == ts)


# --- their own conversation with the bot


async def test_the_first_words_are_a_question_and_a_reply_in_its_thread_is_a_line(either: SlackWorld) -> None:
    world = either
    ann, bo = world.visitor("ann"), await world.expert("bo")
    said = await ann.does(ann.native.says("dm", ASKED))
    question = said.receipt.question
    assert question is not None
    assert "We have your question" in ann.sees()
    await bo.says("claim", question)
    await ann.does(ann.native.says("dm", "With the blue card.", ann.native.message_with("dm", "We have your")))
    assert "With the blue card." in world.sees("#billing")
    await ann.does(ann.native.says("dm", "On the third of June.", ann.native.message_with("dm", "billed twice")))
    assert "On the third of June." in world.sees("#billing"), "under their own words, too"


async def test_words_below_an_open_question_are_asked_about(world: SlackWorld) -> None:
    ann = world.visitor("ann")
    question = (await ann.does(ann.native.says("dm", ASKED))).receipt.question
    assert question is not None
    asked = await ann.does(ann.native.says("dm", "And the receipt is wrong, too."))
    assert [each.label for each in asked.offered] == [
        f"{spoken_number(question)} · Why was I billed twice for my subscript…",
        "A new question",
    ]
    assert "receipt" not in world.sees("#billing")
    await ann.presses(asked.offered[0].label)
    assert "And the receipt is wrong, too." in world.sees("#billing")

    await ann.does(ann.native.says("dm", "How do I change my address?"))
    await ann.presses("A new question")
    assert "How do I change my address?" in world.sees("#billing")
    page = await world.app.views.questions(states=(State.OPEN,), limit=10)
    assert len(page.rows) == 2
    # The same button once more asks nothing new.
    again = await ann.does(ann.native.presses("dm", ann.native.message_with("dm", "one of your"), "A new question"))
    assert "have that already" in again.text
    assert len((await world.app.views.questions(states=(State.OPEN,), limit=10)).rows) == 2


async def test_a_reply_to_a_question_back_needs_no_button(world: SlackWorld) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await ann.asks("How do I change my address?")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await bo.says("clarify Which of the two cards was it?", question)
    await world.passes(seconds=21)
    await ann.does(ann.native.says("dm", "The blue one."))
    assert await world.state(question) is State.CLAIMED
    assert "The blue one." in world.sees("#billing")


async def test_who_edits_a_message_changes_the_card(either: SlackWorld) -> None:
    world = either
    ann, bo = world.visitor("ann"), await world.expert("bo")
    said = await ann.does(ann.native.says("dm", ASKED))
    ts = ann.native.message_with("dm", "billed twice")
    await ann.does(ann.native.edits("dm", ts, "Why was I billed three times? Write to ann@example.org, please."))
    shown = world.sees("#billing")
    assert "three times" in shown
    assert "twice" not in shown
    assert "ann@example.org" not in shown, "masked anew"
    question = said.receipt.question
    assert question is not None
    await bo.says("claim", question)
    await ann.does(ann.native.deletes("dm", ts))
    assert "three times" not in world.sees("#billing")


async def test_who_deletes_an_open_question_withdraws_it(world: SlackWorld) -> None:
    ann = world.visitor("ann")
    question = (await ann.does(ann.native.says("dm", ASKED))).receipt.question
    assert question is not None
    await ann.does(ann.native.deletes("dm", ann.native.message_with("dm", "billed twice")))
    assert await world.state(question) is State.CLOSED
    assert "billed twice" not in world.sees("#billing")


async def test_a_link_preview_is_no_edit(world: SlackWorld) -> None:
    ann = world.visitor("ann")
    said = await ann.does(ann.native.says("dm", "Is https://example.com/june the right page for my June bill?"))
    revision = (await world.question(said.receipt.question or QuestionId(0))).revision
    world.acme.unfurls(ann.native.room("dm"), ann.native.message_with("dm", "right page"))
    await world.settles()
    assert (await world.question(said.receipt.question or QuestionId(0))).revision == revision


async def test_experts_words_to_the_bot_are_no_question_until_they_say_so(world: SlackWorld) -> None:
    bo = await world.expert("bo")
    said = await bo.does(bo.native.says("dm", "How do I get paid?"))
    assert "do nothing here" in said.text
    assert world.sees("#billing") == ""
    await bo.presses("Ask this as a customer")
    assert "How do I get paid?" in world.sees("#billing")


# --- a channel where customers ask


async def test_a_question_in_a_help_channel_is_answered_in_its_thread(helping: SlackWorld) -> None:
    world = helping
    ann, bo, cat = world.visitor("ann"), await world.expert("bo"), world.visitor("cat")
    world.channel("help").members.append(cat.native.id)
    question, ts = await asks_in_help(world, ann)
    assert "We have your question" in thread(ann, "help", ts)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in thread(ann, "help", ts)
    assert HOLD not in ann.sees(), "said once, where it was asked"

    answer = cat.native.message_with("help", "hold by your bank")
    refused = await cat.does(cat.native.presses("help", answer, "Yes, solved"))
    assert refused.refused
    assert refused.text
    assert await world.state(question) is State.ANSWERED
    await ann.does(ann.native.presses("help", answer, "Yes, solved"))
    assert await world.state(question) is State.SOLVED
    assert await bo.earned() == 140


async def test_in_a_help_channel_the_thread_is_the_askers(helping: SlackWorld) -> None:
    world = helping
    ann, cat, bo = world.visitor("ann"), world.visitor("cat"), await world.expert("bo")
    world.channel("help").members += [cat.native.id, bo.native.id]
    question, ts = await asks_in_help(world, ann)
    await ann.does(ann.native.says("help", "With the blue card.", ts))
    assert "With the blue card." in world.sees("#billing")
    told = await cat.does(cat.native.says("help", "Me too, since Tuesday!", ts))
    assert "somebody else's" in told.text
    assert "Me too" not in world.sees("#billing")
    await cat.presses("A new question")
    assert "Me too, since Tuesday!" in world.sees("#billing")
    await bo.does(bo.native.says("help", "I know this one.", ts))
    assert "I know this one" not in world.sees("#billing")
    assert (await world.question(question)).holder is None


async def test_an_edit_in_a_help_channel_changes_the_card_and_a_deletion_withdraws(helping: SlackWorld) -> None:
    world = helping
    ann = world.visitor("ann")
    question, ts = await asks_in_help(world, ann)
    await ann.does(ann.native.edits("help", ts, "Why was I billed three times?"))
    assert "three times" in world.sees("#billing")
    await ann.does(ann.native.deletes("help", ts))  # its thread stays, with a tombstone above
    assert await world.state(question) is State.CLOSED
    assert "three times" not in world.sees("#billing")


async def test_commands_work_in_a_help_channel_and_are_no_questions(helping: SlackWorld) -> None:
    world = helping
    ann, bo = world.visitor("ann"), await world.expert("bo", Rank.MASTER)
    world.channel("help").members.append(bo.native.id)
    question, _ = await asks_in_help(world, ann)
    said = await bo.does(bo.native.says("help", f"!claim {spoken_number(question)}"))
    assert not said.refused
    said = await bo.does(bo.native.says("help", "@guildhall queue"))
    assert "open" in said.text.lower()
    assert len((await world.app.views.questions(states=tuple(State), limit=10)).rows) == 1


async def test_a_customers_words_are_no_command_whatever_they_begin_with(world: SlackWorld) -> None:
    ann, bo = world.visitor("ann"), await world.expert("bo")
    asked = await ann.does(ann.native.says("dm", "!important Why was I billed twice in June?"))
    assert not asked.refused
    assert "!important Why was I billed twice in June?" in world.sees("#billing")
    # Whoever answers questions commands there as everywhere.
    assert (
        "yours until" in (await bo.does(bo.native.says("dm", f"!claim {spoken_number(asked.receipt.question)}"))).text
    )
