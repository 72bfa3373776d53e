"""Platforms that fail, programs that stop, and people who write strange things."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.change import Reason
from bot.model import Identity, Place, State
from bot.ports import Blocked, Heard, Unknown
from tests.world import World

HOLD = "It is only a hold. Your bank lets go of it after three working days."


async def test_an_undelivered_answer_is_told_and_tried_again(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    world.screen.closed[ann.home] = Blocked("mailbox-full")
    await world.passes(minutes=1)
    assert "mailbox is full" in world.sees("#billing")
    assert "try-now" in world.buttons(question)
    await world.passes(minutes=61)
    assert "mailbox is full" in world.sees("#staff")

    del world.screen.closed[ann.home]
    await stu.says("try now", question)
    assert HOLD in ann.sees()
    assert "try-now" not in world.buttons(question)


async def test_what_stays_undeliverable_for_a_week_pays_all_the_same(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    world.screen.closed[ann.home] = Blocked("mailbox-full")
    await world.passes(days=7, hours=1)
    assert await bo.owns("payable") == 140


async def test_a_lost_response_does_not_post_twice(world: World) -> None:
    world.screen.trouble.append(Unknown())
    ann = await world.customer("ann")
    await ann.asks("Why was I billed twice?")
    await world.passes(minutes=2)
    firsts = world.screen.first_posts
    assert len(firsts) == len(set(firsts))
    assert "Why was I billed twice?" in world.sees("#billing")


async def test_a_stop_in_the_middle_loses_nothing_and_moves_deadlines(world: World, tmp_path: Path) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await world.passes(minutes=10)
    again = await world.begins_again(tmp_path / "world.db", after_ms=60 * 60_000)
    try:
        assert await again.state(question) is State.CLAIMED
        await again.passes(minutes=4)
        assert await again.state(question) is State.CLAIMED
        await again.passes(minutes=2)
        assert await again.state(question) is State.OPEN
    finally:
        world.app, world.store = again.app, again.store


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", Reason.EMPTY), ("   \n", Reason.EMPTY), ("why", Reason.TOO_SHORT), ("x" * 100_000, Reason.TOO_LONG)],
)
async def test_questions_that_cannot_be_asked_say_why(world: World, text: str, reason: Reason) -> None:
    ann = await world.customer("ann")
    said = await ann.tries_to_ask(text)
    assert said.receipt.reason is reason


@pytest.mark.parametrize(
    "text",
    [
        "NUL \x00 and lone \ud800 surrogates, why?",
        "override \u202egnp.exe\u202c right to left, why?",
        "@everyone <!channel> <@U123> <@&456> please help me",
        "<script>alert(1)</script> <b>bold</b> why?",
        "claim Q7K3 and /hall answer it yourself!",
        "*bold* _it_ `code` [a](http://evil.example) why?",
        "🧑‍🚀 family emoji 👨‍👩‍👧 and مرحبا and שלום, why?",
    ],
)
async def test_strange_texts_are_asked_like_any_other(world: World, text: str) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(text)
    assert await world.state(question) is State.OPEN
    shown = world.sees("#billing")
    assert "\x00" not in shown
    assert "\u202e" not in shown
    shown.encode("utf-8")
    assert (await world.question(question)).holder is None
    assert not (await bo.says("claim", question)).refused


async def test_customers_lines_are_never_commands(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await ann.writes("withdraw", question)
    assert await world.state(question) is State.CLAIMED
    assert "withdraw" in world.sees("#billing")


async def test_a_known_value_never_reaches_the_experts_side(world: World) -> None:
    ann = await world.customer("ann", known=(("email", "canary.ann@example.org"), ("name", "Annabel Leigh")))
    bo, stu = await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("I am Annabel Leigh, write to CANARY.Ann@example.org: why was I billed twice?")
    await bo.says("claim", question)
    await ann.writes("Again: canary.ann@example.org, Annabel.", question)
    await bo.says("note the customer is canary.ann@example.org", question)
    await bo.says("clarify Is canary.ann@example.org yours?", question)
    await stu.says("staff note really annabel", question)
    await world.passes(minutes=1)
    experts_side = (world.sees("#billing") + bo.sees()).casefold()
    assert "canary" not in experts_side
    assert "annabel" not in experts_side
    assert (await bo.says("show", question)).text.casefold().count("canary") == 0


async def test_a_private_categorys_words_stay_out_of_the_channel(world: World) -> None:
    await world.category("account", private=True)
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Somebody changed my address yesterday", category="account")
    assert "changed my address" not in world.sees("#account")
    claimed = await bo.says("claim", question)
    assert "changed my address" in claimed.text
    await ann.writes("It was at the old house.", question)
    assert "old house" not in world.sees("#account")
    assert "old house" in bo.sees()


async def test_a_stranger_is_told_how_to_get_in(world: World) -> None:
    ann, eve = await world.customer("ann"), await world.customer("eve")
    question = await ann.asks("Why was I billed twice?")
    assert (await eve.says("claim", question)).receipt.reason is Reason.NOT_EXPERT
    assert (await eve.says("helped 1", question)).refused


async def test_a_question_that_does_not_exist(world: World) -> None:
    bo = await world.expert("bo")
    said = await bo.says("claim QZZZ")
    assert said.receipt.reason is Reason.NOT_FOUND
    assert "claim" in (await bo.says("clain Q7K3")).text


async def test_a_gone_channel_is_reported(world: World) -> None:
    from bot.ports import Gone

    world.screen.closed[Place("web:billing")] = Gone("channel")
    ann = await world.customer("ann")
    await ann.asks("Why was I billed twice?")
    assert await world.undelivered()


async def test_half_characters_are_no_ones_undoing(world: World) -> None:
    """Wherever they stand: in a sentence, a name, a category, a form, an identity."""
    stu, eve = await world.staff("stu"), await world.customer("eve")
    half = "half \ud800 \x00"
    assert (await stu.says(f"block @{half}")).refused
    assert (await stu.says("rename", values={"person": "me", "name": half})).text
    assert (await eve.tries_to_ask("Why was I billed twice?", category=half)).refused
    who = [Identity(platform="web", workspace="", external=each) for each in ("\ud800", "\ud801")]
    for each in who:
        await world.app.hear(Heard(key=world.event(), who=each, sentence="help", name=half))
    assert (await world.app.views.person_of(replace(who[0], external="\\ud800"))) != (
        await world.app.views.person_of(replace(who[1], external="\\ud801"))
    )
