"""Dialogs: what is typed is kept, what is wrong is said beside it, and what the customer gets is shown before."""

import pytest

from bot.model import QuestionId, spoken_number
from tests.slack_people import OnSlack
from tests.slack_world import SlackWorld

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


async def asked(world: SlackWorld) -> tuple[OnSlack, OnSlack, QuestionId]:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    return ann, bo, await ann.asks(ASKED)


async def opens(bo: OnSlack, label: str = "Answer") -> None:
    """The form behind a button of the newest card."""
    await bo.does(bo.native.presses("billing", bo.native.message_with("billing", "billed twice"), label))
    assert bo.native.stack, bo.native.asides()


async def types(bo: OnSlack, text: str) -> None:
    await bo.does(bo.native.fills_in({"entry:words": text}))


async def test_opening_the_form_claims_and_what_is_typed_is_kept(either: SlackWorld) -> None:
    world = either
    _ann, bo, question = await asked(world)
    await opens(bo)
    assert "bo has it until 12:15" in world.sees("#billing")
    assert ASKED in bo.native.modal
    await types(bo, "The second line is")
    assert await bo.draft(question) == "The second line is"
    await types(bo, "The second line is a hold")
    assert await bo.draft(question) == "The second line is a hold"
    await bo.does(bo.native.closes())

    await opens(bo)
    assert "The second line is a hold" in bo.native.modal
    await types(bo, HOLD)
    await bo.does(bo.native.submits())
    assert not bo.native.stack
    assert await bo.draft(question) == ""


async def test_the_form_sends(either: SlackWorld) -> None:
    world = either
    ann, bo, _ = await asked(world)
    await opens(bo)
    await types(bo, HOLD)
    said = await bo.does(bo.native.submits())
    assert "goes to the customer in Slack in 20 s" in world.sees("#billing")
    assert "Sending to" in said.text
    await world.passes(seconds=21)
    assert HOLD in ann.sees()


async def test_what_the_customer_gets_is_shown_before(world: SlackWorld) -> None:
    _, bo, question = await asked(world)
    await opens(bo)
    await types(bo, HOLD)
    await bo.does(bo.native.presses_modal("Show what the customer gets"))
    shown = bo.native.modal
    assert f"bo, an Acme community expert, answered your question {spoken_number(question)}" in shown
    assert f"> {HOLD}" in shown
    assert "[Yes, solved]" in shown
    await types(bo, f"{HOLD} Trust me.")
    await bo.does(bo.native.presses_modal("Show it as it is now"))
    assert f"> {HOLD} Trust me." in bo.native.modal
    said = await bo.does(bo.native.submits())
    assert not said.refused


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Write to me at bo@example.com and I will help you with all of this in private.", "contact details"),
        ("Please tell me your password and I will have a look at the account for you.", "asks for a secret"),
        ("I promise you that you will get a full refund for it from us by next Monday.", "refund"),
    ],
)
async def test_what_may_not_go_out_is_said_beside_the_text(world: SlackWorld, text: str, why: str) -> None:
    ann, bo, question = await asked(world)
    await opens(bo)
    await types(bo, text)
    await bo.does(bo.native.submits())
    assert bo.native.stack, "the dialog stays open"
    assert list(bo.native.field_errors) == ["entry:words"]
    assert why in bo.native.field_errors["entry:words"]
    assert text in bo.native.modal, "and the text with it"
    assert await bo.draft(question) == text
    await types(bo, HOLD)
    await bo.does(bo.native.submits())
    assert not bo.native.stack
    await world.passes(seconds=21)
    assert HOLD in ann.sees()


async def test_a_form_sent_after_the_claim_lapsed_keeps_the_text_and_says_so(either: SlackWorld) -> None:
    world = either
    ann, bo, question = await asked(world)
    cy = await world.expert("cy")
    await opens(bo)
    await types(bo, HOLD)
    await world.passes(minutes=16)
    await cy.says("claim", question)
    said = await bo.does(bo.native.submits())
    assert said.refused
    assert "cy" in said.text
    assert HOLD in bo.native.modal, "to be copied"
    assert await bo.draft(question) == HOLD
    await bo.does(bo.native.closes())
    assert await bo.draft(question) == HOLD
    await world.passes(minutes=1)
    assert HOLD not in ann.sees()


async def test_a_form_sent_after_the_claim_lapsed_and_nobody_took_it(world: SlackWorld) -> None:
    ann, bo, question = await asked(world)
    await opens(bo)
    await types(bo, HOLD)
    await world.passes(minutes=16)
    said = await bo.does(bo.native.submits())
    assert said.refused
    assert await bo.draft(question) == HOLD
    assert HOLD in bo.native.modal
    await bo.does(bo.native.closes(all_of_them=True))
    await opens(bo)
    assert HOLD in bo.native.modal, "the text is offered again"
    await bo.does(bo.native.submits())
    await world.passes(seconds=21)
    assert HOLD in ann.sees()


async def test_letters_that_arrive_after_the_form_was_sent_leave_no_draft(world: SlackWorld) -> None:
    _, bo, question = await asked(world)
    await opens(bo)
    view = bo.native.stack[-1]
    await bo.native.fills_in({"entry:words": HOLD})
    await bo.does(bo.native.submits())
    bo.native.stack.append(view)  # Slack tells of the last letter when it is ready to
    await bo.does(bo.native.fills_in({"entry:words": HOLD}))
    bo.native.stack.clear()
    assert await bo.draft(question) == ""


async def test_a_form_that_was_sent_twice_sends_once(world: SlackWorld) -> None:
    ann, bo, question = await asked(world)
    await opens(bo)
    view = bo.native.stack[-1]
    await types(bo, HOLD)
    await bo.does(bo.native.submits())
    bo.native.stack.append(view)  # a second window
    await bo.does(bo.native.submits())
    bo.native.stack.clear()
    await world.passes(seconds=60)
    assert ann.sees().count(HOLD) == 1
    assert len((await world.question(question)).answers) == 1


async def test_a_longer_text_than_the_box_takes_is_kept_and_shown(world: SlackWorld) -> None:
    _, bo, question = await asked(world)
    long = "It is only a hold, and your bank lets go of it in three days. " * 55
    await bo.says("claim", question)
    card = bo.native.message_with("billing", "billed twice")
    await bo.does(bo.native.says("billing", f"!answer {long}", card))
    await bo.says("undo", question)
    await opens(bo)
    assert "too long for this box" in bo.native.modal
    assert long.strip()[-60:] in bo.native.modal
    assert await bo.draft(question) == long.strip()
    await bo.does(bo.native.closes())
    assert await bo.draft(question) == long.strip(), "an empty box is no change of mind"


async def test_the_customer_asks_by_form_and_chooses_a_category(either: SlackWorld) -> None:
    world = either
    await world.category("games", title="Games")
    ann = world.visitor("ann")
    await ann.does(ann.native.types("/ask"))
    assert "Experts are not Acme employees" in ann.native.modal
    await ann.native.fills_in({"entry:words": "Where do the gems go at night?", "entry:category": "Games"})
    said = await ann.does(ann.native.submits())
    assert not said.refused
    assert "gems" in world.sees("#games")
    assert "We have your question" in ann.sees()


async def test_why_not_yet_is_asked_with_the_button(world: SlackWorld) -> None:
    ann, bo, question = await asked(world)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await ann.does(ann.native.presses("dm", ann.native.message_with("dm", HOLD), "Not yet"))
    await ann.native.fills_in({"entry:complaint": "did-not-work", "entry:words": "It is still there."})
    await ann.does(ann.native.submits())
    assert "It is still there." in world.sees("#billing")
    assert (await world.question(question)).holder == bo.id
