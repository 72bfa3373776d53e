"""The whole loop: ask, card, claim, answer, relay, verdict, money."""

from bot.model import State, spoken_number
from tests.world import World

HOLD = "It is only a hold. Your bank lets go of it after three working days."


async def test_an_accepted_answer_pays_the_expert(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    assert HOLD not in ann.sees()

    await world.passes(seconds=21)
    assert HOLD in ann.sees()
    await ann.says("helped", question)

    assert await world.state(question) is State.SOLVED
    assert await bo.owns("pending") == 140
    assert await bo.points() == 10
    assert "$1.40" in bo.sees()


async def test_the_card_is_edited_and_never_posted_again(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    assert "Why was I billed twice?" in world.sees("#billing")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await ann.says("helped", question)

    cards = [each for each in world.shown("#billing") if each.parent is None]
    assert len(cards) == 1
    assert cards[0].edits >= 3
    assert "bo" in cards[0].text


async def test_an_answer_can_be_undone_and_sent_again(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=10)
    undone = await bo.says("undo", question)

    assert not undone.refused
    assert await bo.draft(question) == HOLD
    assert await world.state(question) is State.CLAIMED
    await world.passes(minutes=2)
    assert HOLD not in ann.sees()

    better = "It is a hold: your bank releases it within three working days."
    await bo.says(f"answer {better}", question)
    await world.passes(seconds=21)
    assert better in ann.sees()
    assert HOLD not in ann.sees()
    assert await bo.draft(question) == ""


async def test_undo_after_delivery_comes_too_late(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    late = await bo.says("undo", question)
    assert late.refused
    assert any("correct" in each for each in late.buttons)


async def test_send_now_does_not_wait(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await bo.says("send now", question)
    assert HOLD in ann.sees()


async def test_silence_pays_at_once_but_is_no_verdict(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(hours=25)
    assert "Did this solve it?" in ann.sees() or "Did that solve it" in ann.sees()
    await world.passes(hours=48)

    asked = await world.question(question)
    assert asked.state is State.SOLVED
    assert not asked.confirmed
    assert await bo.owns("payable") == 140
    assert await bo.points() == 0
    await world.passes(days=8)
    assert await bo.points() == 0


async def test_pending_money_matures_and_staying_solved_earns_points(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await ann.says("helped", question)
    await world.passes(hours=71)
    assert (await bo.owns("pending"), await bo.owns("payable")) == (140, 0)
    await world.passes(hours=2)
    assert (await bo.owns("pending"), await bo.owns("payable")) == (0, 140)
    await world.passes(days=5)
    assert await bo.points() == 25
    assert (await world.question(question)).settled


async def test_the_same_event_twice_has_one_effect(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    first = await ann.tries_to_ask("Why was I billed twice?", key="form/1")
    again = await ann.tries_to_ask("Why was I billed twice?", key="form/1")
    assert first.receipt == again.receipt
    question = first.receipt.question
    assert question is not None
    await bo.says("claim", question, key="press/1")
    twice = await bo.says("claim", question, key="press/1")
    assert not twice.refused
    number = spoken_number(question)
    assert world.sees("#billing").count(number) == 1 or len(world.shown("#billing")) == 1


async def test_plain_talk_reaches_nobody(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    before = ann.sees()
    said = await bo.says("hmm let me think about that one", question)
    assert "hmm" in said.text
    await world.passes(minutes=1)
    assert ann.sees() == before
