"""App Home: one's desk, as it stands after everything its owner did."""

import pytest

from bot.model import Rank, spoken_number
from tests.slack_people import OnSlack
from tests.slack_world import SlackWorld

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."
LONG = "First try this, and if that does not help, come back and say what you saw. "


async def opens(someone: OnSlack) -> str:
    await someone.does(someone.native.opens_home())
    return someone.native.home()


async def presses(someone: OnSlack, label: str) -> str:
    await someone.does(someone.native.presses_home(label))
    return someone.native.home()


def parts(world: SlackWorld, someone: OnSlack) -> int:
    return len(world.acme.homes[someone.native.id].body["blocks"])


async def test_an_experts_desk_follows_what_they_do(either: SlackWorld) -> None:
    world = either
    ann, bo = await world.customer("ann"), await world.expert("bo")
    assert "Nothing is open just now" in await opens(bo)
    question = await ann.asks(ASKED)
    number = spoken_number(question)
    assert f"*{number}*" in await opens(bo)
    shown = await presses(bo, "Claim")
    assert "Yours until 12:15" in shown
    assert ASKED in shown

    await bo.does(bo.native.presses_home("Answer"))
    await bo.does(bo.native.fills_in({"entry:words": "The second line is"}))
    await bo.does(bo.native.closes())
    assert "The second line is" in await opens(bo)
    await bo.says(f"answer {HOLD}", question)
    assert "You have no question in hand" in bo.native.home(), "drawn anew after an act elsewhere"
    await bo.says("undo", question)
    assert "Your draft" in bo.native.home()
    assert HOLD in bo.native.home()
    await bo.does(bo.native.presses_home("Go on writing"))
    await bo.does(bo.native.submits())
    await world.passes(seconds=21)
    await ann.says("helped", question)
    shown = await opens(bo)
    assert "pending:* $1.40" in shown.lower()
    assert "points:* 10" in shown.lower()


async def test_a_break_and_quiet_hours_are_set_on_the_desk(world: SlackWorld) -> None:
    bo = await world.expert("bo")
    await opens(bo)
    await bo.does(bo.native.presses_home("Take a break"))
    name = next(iter(bo.native.stack[-1].values))[0]
    await bo.native.fills_in({name: "2 h"})
    await bo.does(bo.native.submits())
    assert "You have a break until today at 14:00" in bo.native.home()
    await bo.does(bo.native.presses_home("Quiet hours"))
    names = [block for block, _ in bo.native.stack[-1].values]
    await bo.native.fills_in(dict(zip(names, ("20", "9"), strict=True)))
    await bo.does(bo.native.submits())
    assert "20:00 to 9:00" in bo.native.home()


async def test_staff_find_their_inbox_and_work_it_off(world: SlackWorld) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    assert "Nothing waits for staff" in await opens(stu)
    question = await ann.asks("My card 4111 1111 1111 1111 was charged twice, why?")
    shown = await opens(stu)
    assert spoken_number(question) in shown
    assert "4111" in shown, "staff read what was written"
    shown = await presses(stu, "Admit")
    assert "Nothing waits for staff" in shown
    assert spoken_number(question) in world.sees("#billing")


async def test_a_customer_finds_their_own_questions(world: SlackWorld) -> None:
    ann, bo, cat = world.visitor("ann"), await world.expert("bo"), world.visitor("cat")
    assert "To ask something" in await opens(ann)
    said = await ann.does(ann.native.says("dm", ASKED))
    question = said.receipt.question
    assert question is not None
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in await opens(ann)
    assert "is solved" in await presses(ann, "Yes, solved")
    assert "billed" not in await opens(cat)


async def test_what_is_for_others_is_never_on_ones_desk(world: SlackWorld) -> None:
    await world.category("account", title="Account", private=True)
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy", Rank.MASTER)
    question = await ann.asks("My account says that I live in Prague.", category="account")
    await bo.says("claim", question)
    assert "Prague" in await opens(bo)
    assert "Prague" not in await opens(cy)


@pytest.mark.parametrize("texts", ["short", "long"])
async def test_the_fullest_desk_stays_within_what_slack_takes(world: SlackWorld, texts: str) -> None:
    stu = await world.staff("stu")
    await stu.says(f"enrol p:{stu.id} master")
    words = LONG * (20 if texts == "long" else 1)
    asker = [await world.customer(f"c{number}") for number in range(20)]
    for number in range(60):
        question = await asker[number % 20].asks(f"{words} Number {number}?", staff_wanted=number < 9)
        if number % 20 == 0:
            await world.passes(minutes=1)
        if 30 <= number < 36:
            await stu.says("take", question)
        await world.store.run(lambda work, to=question: work.keep_draft(to, stu.id, words, world.now))
    shown = await opens(stu)
    assert parts(world, stu) <= 100
    assert "more" in shown
    assert shown.count("First try this") > 5
