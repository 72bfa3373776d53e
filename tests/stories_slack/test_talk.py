"""What is said in a question's thread stays there, until somebody says that it is for the customer."""

from pathlib import Path

import pytest

from bot.model import QuestionId, spoken_number
from tests.slack_people import OnSlack
from tests.slack_world import SlackWorld

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."
TALK = "quokkas and pangolins, let us ask the zookeeper first"


def stored(world: SlackWorld, folder: Path) -> bytes:
    """Every byte that the database has on disk."""
    return b"".join(each.read_bytes() for each in folder.glob("world.db*"))


async def claimed(world: SlackWorld) -> tuple[OnSlack, OnSlack, QuestionId, str]:
    """Customer, expert, question, and the ts of its card."""
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    return ann, bo, question, bo.native.message_with("billing", "billed twice")


async def test_talk_is_neither_stored_nor_sent(world: SlackWorld, tmp_path: Path) -> None:
    ann, bo, _question, card = await claimed(world)
    cy = await world.expert("cy")
    line = await bo.does(bo.native.says("billing", f"Hm, {TALK}.", card))
    assert "has not left this thread" in line.text
    assert (await cy.does(cy.native.says("billing", f"Yes: {TALK}!", card))).text == "", "it is not hers to send"
    assert (await cy.does(cy.native.says("billing", f"By the way, {TALK}."))).text == ""
    await bo.does(bo.native.edits("billing", bo.native.message_with("billing", "Hm, q"), f"Well, {TALK}."))
    await world.passes(hours=80)
    assert "zookeeper" not in ann.sees()
    found = stored(world, tmp_path)
    assert b"billed twice" in found
    assert b"zookeeper" not in found
    assert b"pangolin" not in found


async def test_ones_own_line_is_sent_by_its_button(world: SlackWorld, tmp_path: Path) -> None:
    ann, bo, _, card = await claimed(world)
    await bo.does(bo.native.says("billing", HOLD, card))
    assert b"hold by your bank" not in stored(world, tmp_path)
    await bo.presses("Send to customer")
    await world.passes(seconds=21)
    assert HOLD in ann.sees()


async def test_a_line_that_was_edited_meanwhile_goes_as_it_now_reads(world: SlackWorld) -> None:
    ann, bo, _, card = await claimed(world)
    ts = await bo.native.says("billing", "It is a whole, I think, by your bank, for three days.", card)
    await world.settles()
    await bo.native.edits("billing", ts, HOLD)
    await bo.presses("Send to customer")
    await world.passes(seconds=21)
    assert HOLD in ann.sees()
    assert "whole" not in ann.sees()


async def test_a_line_that_was_deleted_meanwhile_is_not_sent(world: SlackWorld) -> None:
    ann, bo, _, card = await claimed(world)
    ts = await bo.native.says("billing", HOLD, card)
    await world.settles()
    await bo.native.deletes("billing", ts)
    said = await bo.presses("Send to customer")
    assert "deleted" in said.text
    await world.passes(minutes=1)
    assert HOLD not in ann.sees()


async def test_a_line_can_be_a_question_back_or_a_note(world: SlackWorld) -> None:
    ann, bo, question, card = await claimed(world)
    await bo.does(bo.native.says("billing", "Looks like the outage of the first of June again.", card))
    await bo.presses("Keep as note")
    assert "outage of the first" in world.sees("#billing")
    await bo.does(bo.native.says("billing", "Which of your two cards did you use?", card))
    await bo.presses("Ask the customer")
    await world.passes(seconds=21)
    assert "Which of your two cards" in ann.sees()
    assert "outage" not in ann.sees()
    assert spoken_number(question) in ann.sees()


async def test_the_shortcut_sends_a_line_without_any_button(either: SlackWorld) -> None:
    world = either
    ann, bo, question, card = await claimed(world)
    ts = await bo.native.says("billing", HOLD, card)
    await world.settles()
    said = await bo.does(bo.native.uses_shortcut("send", "billing", ts))
    assert f"Sending to {spoken_number(question)}" in said.text
    await world.passes(seconds=21)
    assert HOLD in ann.sees()


async def test_nobody_sends_what_somebody_else_wrote(world: SlackWorld) -> None:
    ann, bo, _, card = await claimed(world)
    cy, stu = await world.expert("cy"), await world.staff("stu")
    theirs = await cy.native.says("billing", "I would say that it is a hold by the bank of the customer.", card)
    await world.settles()
    for curious in (bo, stu):
        said = await curious.does(curious.native.uses_shortcut("send", "billing", theirs))
        assert "your own" in said.text
    own = await cy.does(cy.native.uses_shortcut("send", "billing", theirs))
    assert own.refused
    await world.passes(minutes=1)
    assert "hold by the bank" not in ann.sees()


async def test_shortcuts_need_the_thread_of_a_question(world: SlackWorld) -> None:
    bo = await world.expert("bo")
    ts = await bo.native.says("billing", HOLD)
    await world.settles()
    said = await bo.does(bo.native.uses_shortcut("send", "billing", ts))
    assert "thread" in said.text


async def test_staff_override_with_an_experts_line_or_redact_a_card_by_shortcut(world: SlackWorld) -> None:
    ann, _bo, _question, card = await claimed(world)
    stu = await world.staff("stu")
    ts = await stu.native.says("billing", "It was our mistake: the money is back on Friday.", card)
    await world.settles()
    await stu.does(stu.native.uses_shortcut("override", "billing", ts))
    assert "our mistake" in stu.native.modal
    await stu.native.fills_in({"entry:reason": "Ours to promise."})
    await stu.does(stu.native.submits())
    await world.passes(seconds=21)
    assert "back on Friday" in ann.sees()

    await stu.does(stu.native.uses_shortcut("redact", "billing", card))
    assert "billed twice" not in world.sees("#billing")


@pytest.mark.parametrize("shortcut", ["override", "redact"])
async def test_what_is_for_staff_is_refused_to_others_by_shortcut_too(world: SlackWorld, shortcut: str) -> None:
    _, bo, _, card = await claimed(world)
    ts = await bo.native.says("billing", HOLD, card)
    await world.settles()
    said = await bo.does(bo.native.uses_shortcut(shortcut, "billing", ts if shortcut == "override" else card))
    if bo.native.stack:
        await bo.native.fills_in({"entry:reason": "I know it better."})
        said = await bo.does(bo.native.submits())
    assert said.refused
    assert "billed twice" in world.sees("#billing")
    await world.passes(minutes=1)
