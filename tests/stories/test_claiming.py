"""Holding a question: races, lapses, extensions, limits, passing."""

from bot.change import Reason
from bot.model import Rank, State, spoken_number
from tests.world import World


async def test_the_second_claimer_is_told_who_was_quicker(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    other = await ann.asks("How do I change my plan to yearly?")
    await world.passes(minutes=1)
    question = await ann.asks("Why was I billed twice?")
    assert not (await bo.says("claim", question)).refused
    await world.passes(seconds=2)

    late = await cy.says("claim", question)
    assert late.receipt.reason is Reason.ALREADY_TAKEN
    assert "bo" in late.text
    assert f"claim {spoken_number(other)}" in late.buttons


async def test_an_answer_that_came_too_late_is_kept_as_draft(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    text = "I know this one very well, it is only a temporary hold on the card."
    assert (await cy.says(f"answer {text}", question)).refused
    assert await cy.draft(question) == text


async def test_a_claim_is_warned_of_and_lapses(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    claimed = bo.sees()
    await world.passes(minutes=11)
    assert bo.sees() == claimed
    await world.passes(minutes=1)
    assert spoken_number(question) in bo.sees().removeprefix(claimed)
    await world.passes(minutes=2)
    assert await world.state(question) is State.CLAIMED
    await world.passes(minutes=1)
    assert await world.state(question) is State.OPEN


async def test_ten_more_minutes_twice(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    for _ in range(2):
        assert not (await bo.says("extend", question)).refused
    assert (await bo.says("extend", question)).receipt.reason is Reason.NO_MORE_EXTENSIONS
    await world.passes(minutes=34)
    assert await world.state(question) is State.CLAIMED
    await world.passes(minutes=1)
    assert await world.state(question) is State.OPEN


async def test_the_third_lapse_in_a_day_pauses_for_an_hour(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    for _ in range(3):
        await bo.says("claim", question)
        await world.passes(minutes=15)
    person = await world.app.views.person(bo.id)
    assert person is not None
    assert person.expert is not None
    assert person.expert.paused_until == world.now + 60 * 60_000
    assert await bo.points() == 0


async def test_three_claims_at_once_and_waiting_ones_do_not_count(world: World) -> None:
    bo = await world.expert("bo")
    numbers = []
    for name in ("ann", "ben", "cat", "dan"):
        customer = await world.customer(name)
        numbers.append(await customer.asks("Why was I billed twice this month?"))
    for number in numbers[:3]:
        assert not (await bo.says("claim", number)).refused
    assert (await bo.says("claim", numbers[3])).receipt.reason is Reason.TOO_MANY_CLAIMS
    await bo.says("clarify Which card did you use?", numbers[0])
    assert not (await bo.says("claim", numbers[3])).refused


async def test_nobody_answers_their_own_question(world: World) -> None:
    bo = await world.expert("bo")
    question = await bo.asks("Why was I billed twice?")
    assert (await bo.says("claim", question)).receipt.reason is Reason.OWN_QUESTION


async def test_an_apprentice_may_not_hold_what_needs_a_master(world: World) -> None:
    await world.category("vip", rank_min=Rank.MASTER)
    ann, al = await world.customer("ann"), await world.expert("al", Rank.APPRENTICE)
    question = await ann.asks("Where is my golden card?", category="vip")
    assert (await al.says("claim", question)).receipt.reason is Reason.RANK_TOO_LOW


async def test_opening_the_answer_form_claims_an_open_question(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    said = await bo.says("answer", question)
    assert said.form.entries
    assert (await world.question(question)).holder == bo.id


async def test_without_a_number_a_command_means_the_one_held(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says(f"claim {spoken_number(question)}")
    said = await bo.says("release")
    assert said.receipt.question == question
    assert await world.state(question) is State.OPEN


async def test_a_blocked_expert_holds_nothing(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await stu.says("block @bo")
    assert (await bo.says("claim", question)).receipt.reason is Reason.NOT_EXPERT


async def test_a_note_by_somebody_else_is_not_called_late(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    assert (await cy.says("note I have seen this one", question)).receipt.reason is Reason.NOT_ALLOWED
