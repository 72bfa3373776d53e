"""Customers in Discord: they ask where they are, and read, reply, change their words and judge there."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.model import QuestionId, State, spoken_number
from tests.discord_people import OnDiscord
from tests.discord_screen import as_read, parts
from tests.discord_world import DiscordWorld, discord_world
from tests.fakes.discord import Channel, House
from tests.sample_files import drawn

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


def with_help(house: House) -> dict[str, Any]:
    """A channel and a forum where customers ask."""
    return {"help_channels": {house.channel("help").id: "billing", house.forum("questions").id: ""}}


@pytest.fixture
async def helping(tmp_path: Path) -> AsyncIterator[DiscordWorld]:
    """Plain words may be read."""
    async with discord_world(tmp_path / "world.db", settings=with_help) as world:
        yield world


@pytest.fixture
async def unread(tmp_path: Path) -> AsyncIterator[DiscordWorld]:
    """Plain words may not be read, so that there are buttons."""
    async with discord_world(tmp_path / "world.db", settings=with_help, content=False) as world:
        yield world


async def newest(world: DiscordWorld) -> QuestionId:
    page = await world.app.views.questions(states=tuple(State), limit=50)
    return max(each.id for each in page.rows)


async def how_many(world: DiscordWorld) -> int:
    return len((await world.app.views.questions(states=tuple(State), limit=50)).rows)


def shows(someone: OnDiscord, room: Channel) -> str:
    """A channel with its threads, as everybody reads it."""
    return as_read(someone.native.reads(room), someone.there.discord)


def below(world: DiscordWorld, name: str) -> Channel:
    """The only thread of a channel."""
    (thread,) = [each for each in world.acme.guild.threads() if each.parent is world.channel(name)]
    return thread


# --- their own conversation with the bot


async def test_the_first_words_are_a_question_and_a_reply_to_it_is_a_line(either: DiscordWorld) -> None:
    world = either
    ann, bo = world.visitor("ann"), await world.expert("bo")
    said = await ann.does(ann.native.says("dm", ASKED))
    question = said.receipt.question
    assert question is not None
    assert "We have your question" in ann.sees()
    await bo.says("claim", question)
    await ann.does(ann.native.says("dm", "With the blue card.", reply_to=ann.card_of("We have your")))
    assert "With the blue card." in world.sees("#billing")
    own = ann.native.message_with("dm", "billed twice")
    await ann.does(ann.native.says("dm", "On the third of June.", reply_to=own))
    assert "On the third of June." in world.sees("#billing"), "as an answer to their own words, too"


async def test_words_below_an_open_question_are_asked_about(world: DiscordWorld) -> None:
    ann = world.visitor("ann")
    question = (await ann.does(ann.native.says("dm", ASKED))).receipt.question
    assert question is not None
    asked = await ann.does(ann.native.says("dm", "And the receipt is wrong, too."))
    assert [each.sentence for each in asked.offered] == [f"reply {spoken_number(question)}", "ask"]
    assert "receipt" not in world.sees("#billing")
    await ann.presses(asked.offered[0].sentence)
    assert "And the receipt is wrong, too." in world.sees("#billing")

    await ann.does(ann.native.says("dm", "How do I change my address?"))
    await ann.presses("A new question")
    assert "How do I change my address?" in world.sees("#billing")
    assert await how_many(world) == 2
    await ann.presses("A new question")
    assert await how_many(world) == 2, "the same button once more asks nothing new"


async def test_asking_by_command_with_a_picture(world: DiscordWorld) -> None:
    ann, bo = world.visitor("ann"), await world.expert("bo")
    files = (("bill.png", drawn()),)
    said = await ann.does(ann.native.types(f"/ask words:{ASKED}", files=files))
    assert "bill.png" in said.text
    question = said.receipt.question
    assert question is not None
    await ann.presses("Send")
    await bo.says("claim", question)
    assert "bill.png" in bo.sees()
    assert "bill.png" not in world.sees("#billing")


async def test_asking_by_command_without_words_opens_the_form(world: DiscordWorld) -> None:
    await world.category("games", title="Games")
    ann = world.visitor("ann")
    opened = await ann.does(ann.native.types("/ask"))
    assert "Experts are not Acme employees" in opened.text
    said = await ann.fills_in({"words": "Where do the gems go at night?", "category": "games"})
    assert said is not None
    assert not said.refused
    assert "gems" in world.sees("#games")
    assert "We have your question" in said.text + ann.sees()


async def test_who_edits_a_message_changes_the_card(either: DiscordWorld) -> None:
    world = either
    ann, bo = world.visitor("ann"), await world.expert("bo")
    question = (await ann.does(ann.native.says("dm", ASKED))).receipt.question
    assert question is not None
    own = ann.native.message_with("dm", "billed twice")
    await ann.does(ann.native.edits(own, "Why was I billed three times? Write to ann@example.org, please."))
    shown = world.sees("#billing")
    assert "three times" in shown
    assert "twice" not in shown
    assert "ann@example.org" not in shown, "masked anew"
    thread = bo.native.thread_with("billing", spoken_number(question))
    assert "three times" in thread.name, "the thread is named by the words as they are now"
    await bo.says("claim", question)
    await ann.does(ann.native.deletes(own))
    assert "three times" not in world.sees("#billing")
    assert "three times" not in thread.name


async def test_who_deletes_an_open_question_withdraws_it(world: DiscordWorld) -> None:
    ann = world.visitor("ann")
    question = (await ann.does(ann.native.says("dm", ASKED))).receipt.question
    assert question is not None
    await ann.does(ann.native.deletes(ann.native.message_with("dm", "billed twice")))
    assert await world.state(question) is State.CLOSED
    assert "billed twice" not in world.sees("#billing")


async def test_a_link_preview_is_no_edit(world: DiscordWorld) -> None:
    ann = world.visitor("ann")
    said = await ann.does(ann.native.says("dm", "Is https://example.com/june the right page for my June bill?"))
    question = said.receipt.question
    assert question is not None
    assert ann.native.message_with("dm", "right page").embeds, "Discord has looked the address up"
    assert (await world.question(question)).revision == 1
    assert (await world.app.views.facts(question, now=world.now)).messages[1].revision == 1


async def test_a_verdict_with_its_reason_and_staff_by_button(either: DiscordWorld) -> None:
    world = either
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await ann.presses("Not yet")
    assert ann.form
    await ann.fills_in({"complaint": "did-not-work", "words": "It is still there."})
    assert "It is still there." in world.sees("#billing")
    assert (await world.question(question)).holder == bo.id
    await ann.presses("Acme staff, please")
    assert await world.state(question) is State.ESCALATED


async def test_a_customers_words_are_no_command_whatever_they_begin_with(world: DiscordWorld) -> None:
    ann, bo = world.visitor("ann"), await world.expert("bo")
    asked = await ann.does(ann.native.says("dm", "!important Why was I billed twice in June?"))
    assert not asked.refused
    assert "!important Why was I billed twice in June?" in world.sees("#billing")
    number = spoken_number(asked.receipt.question or QuestionId(0))
    assert "yours until" in (await bo.does(bo.native.says("dm", f"!claim {number}"))).text


# --- channels and forums where customers ask


async def test_a_question_in_a_help_channel_is_answered_in_its_thread(helping: DiscordWorld) -> None:
    world = helping
    ann, bo, cat = world.visitor("ann"), await world.expert("bo"), world.visitor("cat")
    await ann.does(ann.native.says("help", ASKED))
    question, thread = await newest(world), below(world, "help")
    assert "We have your question" in shows(ann, thread)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in shows(ann, thread)
    assert HOLD not in ann.sees(), "said once, where it was asked"

    answer = cat.native.message_with(thread, "hold by your bank")
    refused = await cat.does(cat.native.presses(answer, "Yes, solved"))
    assert refused.refused
    assert refused.text
    assert await world.state(question) is State.ANSWERED
    await ann.does(ann.native.says(thread, "Thank you, Bo!"))
    assert "Thank you, Bo!" in bo.sees() + world.sees("#billing")
    await cat.does(cat.native.says(thread, "I have the same, what now?"))
    assert "the same" not in world.sees("#billing")
    await ann.does(ann.native.presses(answer, "Yes, solved"))
    assert await world.state(question) is State.SOLVED
    assert await bo.earned() == 140


async def test_a_post_in_a_help_forum_is_a_question(helping: DiscordWorld) -> None:
    world = helping
    ann, bo = world.visitor("ann"), await world.expert("bo")
    post = await ann.native.posts("questions", "Billed twice", ASKED)
    await world.settles()
    question = await newest(world)
    assert "Why was I billed twice" in world.sees("#billing")
    assert "We have your question" in shows(ann, post)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in shows(ann, post)
    await ann.does(ann.native.edits(ann.native.message_with(post, "billed twice"), "Why was I billed four times?"))
    assert "four times" in world.sees("#billing")


async def test_a_posts_title_is_part_of_its_question_whatever_else_is_open(helping: DiscordWorld) -> None:
    world = helping
    ann, sam = world.visitor("ann"), await world.staff("sam")
    await ann.does(ann.native.says("dm", "How do I change my address?"))
    post = await ann.native.posts("questions", "The app crashes at start", "Since yesterday, on two phones.")
    await world.settles()
    assert await how_many(world) == 2, "a new post is a new question"
    shown = world.sees("#billing")
    assert shown.index("The app crashes at start") < shown.index("Since yesterday, on two phones.")
    await ann.does(ann.native.edits(ann.native.message_with(post, "two phones"), "Since yesterday, on three phones."))
    shown = world.sees("#billing")
    assert shown.index("The app crashes at start") < shown.index("Since yesterday, on three phones.")
    await sam.native.posts("questions", "How to ask well", "Please say which phone you have.")
    await world.settles()
    assert await how_many(world) == 2, "what staff post there is nobody's question"


async def test_words_in_a_help_channel_that_may_belong_elsewhere_are_asked_about_by_name(
    helping: DiscordWorld,
) -> None:
    ann = helping.visitor("ann")
    await ann.does(ann.native.says("dm", "How do I change my address?"))
    asked = await ann.does(ann.native.says("help", ASKED))
    assert "Is this about one of your questions?" in asked.text
    assert ASKED in asked.text, "they wrote that somewhere else"


async def test_who_asks_in_a_channel_is_told_there_where_the_answer_comes(unread: DiscordWorld) -> None:
    ann = unread.visitor("ann")
    await unread.settles()
    invitation = ann.native.message_with("help", "Ask our community experts")
    await ann.does(ann.native.presses(invitation, "Ask a question"))
    said = await ann.fills_in({"words": ASKED})
    assert said is not None
    assert said.receipt.question is not None
    number = spoken_number(said.receipt.question)
    (there,) = ann.native.asides()
    assert number in there
    assert "direct messages" in there
    assert number in ann.native.dm()


async def test_where_words_may_not_be_read_a_button_asks(unread: DiscordWorld) -> None:
    world = unread
    ann, bo = world.visitor("ann"), await world.expert("bo")
    await ann.does(ann.native.says("help", ASKED))
    assert await how_many(world) == 0
    (standing,) = [each for each in world.channel("help").messages.values() if each.author.bot]
    (press,) = [each for each in parts(standing.components) if each["type"] == 2]
    opened = await ann.does(ann.native.presses(standing, press["label"]))
    assert "Experts are not Acme employees" in opened.text
    said = await ann.fills_in({"words": ASKED})
    assert said is not None
    question = await newest(world)
    assert "Why was I billed twice" in world.sees("#billing")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in ann.sees(), "in public there is only the button"
    assert "Why was I billed" not in shows(ann, world.channel("help")).replace(f"ann: {ASKED}", "")


async def test_a_post_that_may_not_be_read_gets_the_button_and_its_answer(unread: DiscordWorld) -> None:
    world = unread
    ann, bo, eve = world.visitor("ann"), await world.expert("bo"), world.visitor("eve")
    post = await ann.native.posts("questions", "Billed twice", ASKED)
    await world.settles()
    (invitation,) = [each for each in post.messages.values() if each.author.bot]
    (press,) = [each for each in parts(invitation.components) if each["type"] == 2]
    await ann.does(ann.native.presses(invitation, press["label"]))
    assert "Billed twice" in ann.native.shown_modal(), "it begins with the post's title"
    await ann.fills_in({"words": f"Billed twice\n{ASKED}"})
    question = await newest(world)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in shows(ann, post)
    refused = await eve.does(eve.native.presses(eve.native.message_with(post, "hold by your bank"), "Yes, solved"))
    assert refused.refused
    assert await world.state(question) is State.ANSWERED


async def test_the_standing_button_is_posted_once_and_again_when_it_is_taken_away(unread: DiscordWorld) -> None:
    world = unread
    channel = world.channel("help")
    (standing,) = [each for each in channel.messages.values() if each.author.bot]
    world.discord.gateway.cut()
    await world.discord.until(lambda: world.discord.gateway.resumes)
    await world.caught_up()
    assert [each.id for each in channel.messages.values() if each.author.bot] == [standing.id]
    await world.passes(minutes=5)  # for so long Discord takes the same one for sent already
    world.acme.removes(standing)
    await world.stops_listening()
    await world.starts_again()
    (again,) = [each for each in channel.messages.values() if each.author.bot]
    assert again.id != standing.id


# --- closed direct messages


async def test_a_customer_with_closed_direct_messages_is_called_where_they_asked(unread: DiscordWorld) -> None:
    world = unread
    ann, bo, eve = world.visitor("ann"), await world.expert("bo"), world.visitor("eve")
    await ann.native.closes_dms()
    said = await ann.does(ann.native.types(f"/ask words:{ASKED}", "help"))
    assert not said.refused
    question = await newest(world)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(minutes=2)
    assert HOLD not in ann.sees()
    call = ann.native.message_with("help", "there is news about")
    assert HOLD not in shows(ann, world.channel("help"))
    told = await ann.does(ann.native.presses(call, "Read it"))
    assert HOLD in told.text
    assert "Yes, solved" in [each.label for each in told.offered]
    curious = await eve.does(eve.native.presses(call, "Read it"))
    assert HOLD not in curious.text
    assert curious.text, "told that it is not for them"
    # Nobody can write under what they alone see, so a button takes their words.
    await ann.does(ann.native.presses_ephemeral("Reply"))
    await ann.does(ann.native.fills_in({"words": "And when does the second payment come back?"}))
    await ann.does(ann.native.submits())
    assert "second payment" in world.sees("#billing")
    await ann.presses("Yes, solved")
    assert await world.state(question) is State.SOLVED
    assert {each.who for each in world.discord.rang} == {(ann.native.id,)}, "one person was called, and nobody else"
    world.discord.rang.clear()


async def test_closed_direct_messages_and_no_place_to_call_are_told_to_expert_and_staff(world: DiscordWorld) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await ann.native.closes_dms()
    await world.passes(minutes=2)
    assert HOLD not in ann.sees()
    assert "direct messages" in world.sees("#billing")
    await world.passes(hours=1.1)
    assert "direct messages" in world.sees("#staff")
    await ann.native.opens_dms()
    await bo.says("try now", question)
    assert ann.sees().count(HOLD) == 1


async def test_an_expert_with_closed_direct_messages_is_called_in_the_thread(either: DiscordWorld) -> None:
    world = either
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    await bo.native.closes_dms()
    question = await ann.asks(ASKED)
    await bo.presses(f"claim {spoken_number(question)}")
    thread = bo.native.thread_with("billing", spoken_number(question))
    await bo.does(bo.native.types(f"/hall answer words:{HOLD}", thread))
    await world.passes(seconds=21)
    await ann.says("helped", question)
    call = bo.native.message_with(thread, "there is news")
    assert "is yours." not in shows(cy, thread)
    told = await bo.does(bo.native.presses(call, "Read it"))
    assert f"{spoken_number(question)} is solved, and $1.40 is yours." in told.text
    curious = await cy.does(cy.native.presses(call, "Read it"))
    assert "$1.40 is yours" not in curious.text
    assert {each.who for each in world.discord.rang} == {(bo.native.id,)}
    world.discord.rang.clear()
