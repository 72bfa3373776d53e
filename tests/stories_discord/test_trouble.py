"""Pressed twice, on an old card, too late, after a restart; what was deleted, closed or taken away from the bot."""

import asyncio
import copy
from pathlib import Path

from bot.model import Identity, Place, QuestionId, State, spoken_number
from bot.ports import Asked
from tests.discord_people import OnDiscord
from tests.discord_screen import buttons
from tests.discord_world import DiscordWorld
from tests.fakes.discord import Channel, Message

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


async def asked(world: DiscordWorld) -> tuple[OnDiscord, OnDiscord, QuestionId, Message]:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    return ann, bo, question, bo.card_of("billed twice")


def as_it_was(message: Message) -> Message:
    """The message on a telephone that has not heard of what changed since."""
    old = copy.copy(message)
    old.components = copy.deepcopy(message.components)
    return old


async def presses_old(someone: OnDiscord, old: Message, label: str) -> object:
    """The button that stood there then."""
    live = someone.native.message(old.id)
    now, live.components = live.components, old.components
    try:
        pressing = asyncio.ensure_future(someone.native.presses(live, label))
        await asyncio.sleep(0)
    finally:
        live.components = now
    return await pressing


def thread_of(world: DiscordWorld, question: QuestionId) -> Channel:
    return next(each for each in world.acme.guild.threads() if spoken_number(question) in each.name)


def cards_of(world: DiscordWorld, questions: list[QuestionId]) -> list[list[str]]:
    """The labels under each question's card."""
    messages = world.channel("billing").messages
    return [[each.label for each in buttons(messages[thread_of(world, question).id])] for question in questions]


# --- presses


async def test_a_button_pressed_twice_at_once_claims_once(either: DiscordWorld) -> None:
    world = either
    _, bo, question, card = await asked(world)
    await asyncio.gather(*(bo.native.presses(card, "Claim") for _ in range(3)))
    await world.settles()
    assert (await world.question(question)).holder == bo.id
    assert world.sees("#billing").count("bo has it") == 1


async def test_an_answer_sent_by_a_double_click_goes_out_once(world: DiscordWorld) -> None:
    ann, bo, question, _ = await asked(world)
    await bo.says("claim", question)
    line = await bo.native.says(thread_of(world, question), HOLD)
    await asyncio.gather(*(bo.native.uses_menu("Send to customer", line) for _ in range(2)))
    await world.settles()
    await world.passes(minutes=1)
    assert ann.sees().count(HOLD) == 1
    assert len((await world.question(question)).answers) == 1


async def test_a_press_on_an_old_card_is_refused_with_what_is_true_now(either: DiscordWorld) -> None:
    world = either
    _, bo, question, card = await asked(world)
    cy = await world.expert("cy")
    old = as_it_was(card)
    await bo.does(bo.native.presses(card, "Claim"))
    await world.passes(seconds=2)
    for label in ("Claim", "Answer"):
        said = await cy.does(presses_old(cy, old, label))
        assert said.refused
        assert "bo" in said.text
    assert (await world.question(question)).holder == bo.id


async def test_what_the_gateway_brings_twice_happens_once(either: DiscordWorld) -> None:
    world = either
    world.discord.gateway.faults.duplicates, world.discord.gateway.faults.within_s = 1.0, 0.01
    ann, bo = world.visitor("ann"), await world.expert("bo")
    said = await ann.does(ann.native.says("dm", ASKED))
    question = said.receipt.question
    assert question is not None
    thread = thread_of(world, question)
    await bo.does(bo.native.says(thread, "@guildhall claim"))
    await bo.does(bo.native.types("/hall note words:It happened twice in June.", thread))
    await bo.does(bo.native.says(thread, f"@guildhall answer {HOLD}"))
    await world.passes(seconds=21)
    await ann.does(ann.native.says("dm", "Thank you so much!", reply_to=ann.card_of(HOLD)))
    await world.settles()
    assert len((await world.app.views.questions(states=tuple(State), limit=10)).rows) == 1
    assert ann.sees().count(HOLD) == 1
    assert world.sees("#billing").count("Thank you so much!") == 1
    assert world.sees("#billing").count("twice in June") == 1
    assert bo.sees().count("is yours until") == 1, "told once"


# --- restarts


async def test_after_a_restart_every_open_button_works_and_every_form_keeps_its_text(world: DiscordWorld) -> None:
    """A hundred open cards, and ten forms that are open in front of people."""
    experts = [await world.expert(f"expert{each}") for each in range(34)]
    questions: list[QuestionId] = []
    for number in range(50):
        customer = await world.customer(f"customer{number}")
        questions += [await customer.asks(f"{ASKED} Number {number}, {each}?") for each in ("first", "second")]
    messages = world.channel("billing").messages
    opened = list(zip(experts[:10], questions[:10], strict=True))
    for expert, question in opened:
        await expert.native.presses(messages[thread_of(world, question).id], "Answer")
        assert expert.form
        await expert.native.fills_in({"words": f"{HOLD} Said by {expert.name}."})
    await world.settles()

    await world.stops_listening()
    await world.starts_again()

    for expert, question in opened:
        said = await expert.does(expert.native.submits())
        assert not said.refused
        (answer,) = (await world.question(question)).answers
        facts = await world.app.views.facts(question, now=world.now)
        assert facts.messages[answer.message].text == f"{HOLD} Said by {expert.name}."
    for place, question in enumerate(questions[10:]):
        came = await experts[10 + place % 24].native.presses(messages[thread_of(world, question).id], "Claim")
        assert came.ok
    await world.settles()
    for place, question in enumerate(questions[10:]):
        expert, taken = experts[10 + place % 24], await world.question(question)
        assert taken.holder == (expert.id if place < 72 else None), "three at once are enough for anybody"
    assert all("Claim" not in each for each in cards_of(world, questions[10:82]))


async def test_a_form_that_comes_too_late_keeps_its_text_over_a_restart(world: DiscordWorld) -> None:
    ann, bo, question, card = await asked(world)
    cy = await world.expert("cy")
    await bo.does(bo.native.presses(card, "Answer"))
    await bo.native.fills_in({"words": HOLD})
    await world.passes(minutes=16)
    await cy.says("claim", question)
    await world.stops_listening()
    await world.starts_again()
    said = await bo.does(bo.native.submits())
    assert said.refused
    assert "cy" in said.text
    assert HOLD in said.text, "to be copied"
    assert await bo.draft(question) == HOLD
    await world.passes(minutes=1)
    assert HOLD not in ann.sees()


async def test_what_was_said_while_nobody_listened_is_heard_once(world: DiscordWorld) -> None:
    ann, bo = world.visitor("ann"), await world.expert("bo")
    await ann.does(ann.native.says("dm", "How do I change my address, please?"))
    await world.passes(minutes=10)
    await world.stops_listening()
    await ann.native.says("dm", "The one in Prague, I mean.", reply_to=ann.card_of("We have your question"))
    world.moment[0] += 3_600_000
    await world.starts_again()
    assert world.sees("#billing").count("Customer\n> The one in Prague, I mean.") == 1
    world.discord.gateway.invalidate()
    gaps = world.adapter.catching_up.gaps.last
    await world.discord.until(lambda: world.adapter.catching_up.gaps.last > gaps, 15.0, "no new session")
    await world.caught_up()
    assert world.sees("#billing").count("Customer\n> The one in Prague, I mean.") == 1
    assert bo.sees() == ""


# --- deleted, closed, taken away


async def test_a_deleted_thread_comes_back_with_its_card(either: DiscordWorld) -> None:
    world = either
    ann, bo, question, card = await asked(world)
    stu = await world.staff("stu")
    thread = thread_of(world, question)
    world.acme.removes(thread)
    if card.channel is not thread:
        world.acme.removes(card)
    await stu.does(
        stu.native.types(
            f"/hall assign number:{spoken_number(question)} expert:<@{bo.native.id}>".replace(
                "/hall assign", "/hall staff assign"
            )
        )
    )
    await world.passes(minutes=1)
    again = thread_of(world, question)
    assert again is not thread
    assert "bo" in world.card(question).body
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in ann.sees()
    assert HOLD in world.sees("#billing")


async def test_a_deleted_channel_is_told_to_staff_and_the_question_goes_on_elsewhere(world: DiscordWorld) -> None:
    await world.category("both", title="Both", channels=(world.place("first"), world.place("second")))
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await world.staff("stu")
    question = await ann.asks(ASKED, category="both")
    first = world.channel("first")
    world.acme.removes(first)
    await world.settles()
    await bo.presses("Claim")
    await bo.says(f"answer {HOLD}", question)
    await world.passes(minutes=2)
    assert HOLD in ann.sees()
    assert "bo" in world.card(question, "#second").body
    await ann.says("helped", question)
    assert first.id in world.sees("#staff")


async def test_a_missing_permission_is_told_to_staff_and_its_return_mends_all(world: DiscordWorld) -> None:
    _, bo, question, _ = await asked(world)
    await world.staff("stu")
    billing = world.channel("billing")
    world.acme.denies(billing, "bot", "send_messages_in_threads")
    await bo.presses("Claim")
    await bo.does(bo.native.types("/hall note words:This stays in our house.", thread_of(world, question)))
    await world.passes(minutes=1)
    assert "A permission is missing there. 'guildhall doctor discord' names it." in world.sees("#staff")
    assert "stays in our house" not in world.sees("#billing")
    world.acme.allows(billing, "bot", "send_messages_in_threads")
    await world.passes(hours=2)
    assert "stays in our house" in world.sees("#billing")
    assert "works on" in world.sees("#staff")
    world.discord.missing.clear()


async def test_the_bot_is_removed_and_invited_again(world: DiscordWorld) -> None:
    await world.category("plans", title="Plans", staff_channel=Place("web:hq"))
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED, category="plans")
    await bo.says("claim", question)
    world.acme.kicks_bot()
    await world.settles()
    assert "discord:acme" in world.sees("web:hq") or "server" in world.sees("web:hq").lower()
    await world.app.hear(
        Asked(
            key="web/1",
            who=Identity(platform="web", workspace="", external="wes"),
            text="How do I change my plan?",
            origin=Place("web:@wes"),
            name="wes",
            category="plans",
        )
    )
    await world.settles()
    assert "We have your question" in world.sees("web:@wes"), "elsewhere everything goes on"
    world.acme.invite_bot()
    for channel in world.acme.guild.channels.values():
        if not channel.is_thread:
            world.acme.allows(channel, "bot", "view_channel")
    await world.settles()
    await world.passes(hours=2)
    assert "How do I change my plan?" in world.sees("#plans")
    assert await world.undelivered() == []
    world.discord.missing.clear()


async def test_a_revoked_token_is_said_once_and_what_waits_goes_out_with_a_new_one(world: DiscordWorld) -> None:
    await world.category("elsewhere", title="Elsewhere", staff_channel=Place("web:hq"))
    ann, bo, question, _ = await asked(world)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    token = world.discord.token
    world.discord.reset_token()
    for _ in range(5):
        world.moment[0] += 30_000
        await asyncio.sleep(0.05)
        await world.courier.flush()
        await world.clock.tick()
        await world.courier.flush()
    assert HOLD not in ann.sees()
    assert world.sees("web:hq").count("Guildhall cannot work on") == 1, "said once"
    assert "doctor" in world.sees("web:hq")
    world.discord.token = token  # the same in the settings as there
    await world.caught_up()
    await world.passes(hours=1)
    assert ann.sees().count(HOLD) == 1
    assert await world.undelivered() == []
    assert "works on" in world.sees("web:hq")


async def test_without_the_intent_that_the_settings_ask_for_it_goes_on(tmp_path: Path) -> None:
    """The portal says no (4014): staff are told, and mentions, commands and buttons do."""
    world = await DiscordWorld.begins(tmp_path / "world.db")
    world.discord.privileged.clear()
    await world.category("elsewhere", title="Elsewhere", staff_channel=Place("web:hq"))
    await world.listens()
    world.content = False
    _, bo, question, _ = await asked(world)
    assert "Message Content" in world.sees("web:hq") or "intent" in world.sees("web:hq")
    thread = thread_of(world, question)
    await bo.does(bo.native.says(thread, "!claim"))
    assert await world.state(question) is State.OPEN
    await bo.does(bo.native.says(thread, "@guildhall claim"))
    assert (await world.question(question)).holder == bo.id
    await world.ends()


async def test_an_event_that_nobody_can_read_ends_nothing(world: DiscordWorld) -> None:
    ann, bo, question, _ = await asked(world)
    gaps = world.adapter.catching_up.gaps.last
    broken = await ann.native.says("dm", "half a character: \ud800")
    ann.native.room("dm").messages.pop(broken.id)
    await world.discord.until(lambda: world.adapter.catching_up.gaps.last > gaps, 15.0, "no new session")
    await world.caught_up()
    await bo.says("claim", question)
    assert (await world.question(question)).holder == bo.id
