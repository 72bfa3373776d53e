"""Forms: nothing that was typed is lost, and what is wrong is said with the button that opens the form again."""

import pytest

from bot.model import QuestionId
from tests.discord_people import OnDiscord
from tests.discord_world import DiscordWorld
from tests.sample_files import drawn

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


async def asked(world: DiscordWorld) -> tuple[OnDiscord, OnDiscord, QuestionId]:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    return ann, bo, await ann.asks(ASKED)


async def opens(bo: OnDiscord, label: str = "Answer") -> None:
    """The form behind a button of the newest card."""
    await bo.does(bo.native.presses(bo.card_of("billed twice"), label))
    assert bo.form, bo.native.asides()


async def test_opening_the_form_claims_and_sending_it_sends(either: DiscordWorld) -> None:
    world = either
    ann, bo, _ = await asked(world)
    await opens(bo)
    assert "bo has it until 12:15" in world.sees("#billing")
    assert ASKED in bo.native.shown_modal()
    said = await bo.fills_in({"words": HOLD})
    assert said is not None
    assert "goes to the customer in Discord in 20 s" in world.sees("#billing")
    await world.passes(seconds=21)
    assert HOLD in ann.sees()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Write to me at bo@example.com and I will help you with all of this in private.", "contact details"),
        ("Please tell me your password and I will have a look at the account for you.", "asks for a secret"),
    ],
)
async def test_what_may_not_go_out_is_kept_and_the_form_opens_again(world: DiscordWorld, text: str, why: str) -> None:
    ann, bo, question = await asked(world)
    await opens(bo)
    await bo.native.fills_in({"words": text})
    said = await bo.does(bo.native.submits())
    assert said.refused
    assert why in said.text
    assert text in said.text, "and the text with it"
    assert await bo.draft(question) == text
    await bo.presses("Answer")
    assert text in bo.native.shown_modal()
    await bo.fills_in({"words": HOLD})
    await world.passes(seconds=21)
    assert HOLD in ann.sees()
    assert await bo.draft(question) == ""


async def test_a_form_that_was_sent_twice_sends_once(world: DiscordWorld) -> None:
    ann, bo, question = await asked(world)
    await opens(bo)
    shown = bo.native.open_form
    await bo.native.fills_in({"words": HOLD})
    filled = dict(bo.native.filled)
    await bo.does(bo.native.submits())
    bo.native.open_form, bo.native.filled = shown, filled  # a second window
    await bo.does(bo.native.submits())
    await world.passes(seconds=60)
    assert ann.sees().count(HOLD) == 1
    assert len((await world.question(question)).answers) == 1


async def test_a_longer_text_than_the_box_takes_is_kept(world: DiscordWorld) -> None:
    _, bo, question = await asked(world)
    long = "It is only a hold, and your bank lets go of it in three days. " * 80
    await bo.says("claim", question)
    await bo.does(bo.native.says(bo.native.thread_with("billing", "Q"), f"!answer {long}"))
    await bo.says("undo", question)
    await opens(bo)
    assert "longer than this box takes" in bo.native.shown_modal()
    await bo.native.closes()
    assert await bo.draft(question) == long.strip()


async def test_a_file_in_the_form_goes_with_the_answer(world: DiscordWorld) -> None:
    ann, bo, _ = await asked(world)
    await opens(bo)
    await bo.native.fills_in({"words": HOLD, "Files": [("where.png", drawn())]})
    await bo.does(bo.native.submits())
    await world.passes(seconds=21)
    assert HOLD in ann.sees()
    assert "where.png" in ann.sees()


async def test_too_few_words_are_not_even_sent_by_discords_client(world: DiscordWorld) -> None:
    _, bo, _ = await asked(world)
    await opens(bo)
    await bo.native.fills_in({"words": "Too short, sorry."})
    came = await bo.native.submits()
    assert not came.ok
    assert "at least 40 characters" in came.why
    assert bo.form
