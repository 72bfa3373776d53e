"""What the customer says about an answer, and what it does to question, money and reputation."""

from bot.change import Reason
from bot.model import QuestionId, Rank, State
from bot.ports import Unknown
from tests.world import Someone, World

HOLD = "It is only a hold. Your bank lets go of it after three working days."
AGAIN = "Then please look at the second line of the statement, it has the answer."


async def answered(world: World, ann: Someone, bo: Someone) -> QuestionId:
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    return question


async def test_not_yet_goes_back_to_the_same_expert_first(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await answered(world, ann, bo)
    await ann.says("not-yet did-not-work", question)
    asked = await world.question(question)
    assert (asked.state, asked.holder) == (State.CLAIMED, bo.id)
    assert "did not work" in bo.sees().lower() or "not work" in bo.sees().lower()


async def test_someone_else_please_opens_it_to_the_others(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await answered(world, ann, bo)
    await ann.says("not-yet someone-else", question)
    assert await world.state(question) is State.OPEN
    assert (await bo.says("claim", question)).receipt.reason is Reason.SOMEONE_ELSE
    assert not (await cy.says("claim", question)).refused


async def test_the_second_rejection_goes_to_staff(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await answered(world, ann, bo)
    await ann.says("not-yet did-not-work", question)
    await bo.says(f"answer {AGAIN}", question)
    await world.passes(seconds=21)
    await ann.says("not-yet not-understood", question)
    assert await world.state(question) is State.ESCALATED


async def test_a_reversal_takes_pending_money_back_and_the_next_answer_earns_it(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await answered(world, ann, bo)
    await ann.says("helped", question)
    assert await bo.owns("pending") == 140
    await ann.says("not-yet someone-else", question)
    assert await bo.owns("pending") == 0
    assert await bo.points() == 0
    await cy.says("claim", question)
    await cy.says(f"answer {AGAIN}", question)
    await world.passes(seconds=21)
    await ann.says("helped", question)
    assert (await bo.earned(), await cy.earned()) == (0, 140)


async def test_an_earlier_unrejected_answer_by_another_shares_half(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    stu = await world.staff("stu")
    question = await answered(world, ann, bo)
    await stu.says("assign @cy", question)
    await cy.says(f"answer {AGAIN}", question)
    await world.passes(seconds=21)
    await ann.says("helped", question)
    assert (await bo.earned(), await cy.earned()) == (70, 70)


async def test_an_old_link_cannot_credit_the_wrong_answer(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await answered(world, ann, bo)
    first = (await world.question(question)).answers[0].message
    await ann.says("not-yet someone-else", question)
    await cy.says("claim", question)
    await cy.says(f"answer {AGAIN}", question)
    await world.passes(seconds=21)
    stale = await ann.says(f"helped {first}", question)
    assert stale.receipt.reason is Reason.STALE
    assert await bo.earned() == 0


async def test_staff_please_has_no_veto(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await ann.says("staff please", question)
    assert await world.state(question) is State.ESCALATED
    assert "staff" in ann.sees().lower()


async def test_thanks_in_words_is_delivered_and_moves_nothing(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await answered(world, ann, bo)
    before = await world.question(question)
    await ann.writes("Thank you so much!", question)
    after = await world.question(question)
    assert (after.state, after.since, after.payments) == (before.state, before.since, before.payments)
    assert "Thank you so much!" in bo.sees()


async def test_a_clarifying_question_waits_and_the_reply_returns(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("clarify Which card did you use?", question)
    await world.passes(seconds=21)
    assert "Which card did you use?" in ann.sees()
    assert await world.state(question) is State.WAITING
    await world.passes(hours=25)
    await ann.writes("The blue one.", question)
    asked = await world.question(question)
    assert (asked.state, asked.holder) == (State.CLAIMED, bo.id)
    assert "The blue one." in world.sees("#billing")


async def test_no_reply_closes_with_a_fee_and_a_later_reply_reopens(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("clarify Which card did you use?", question)
    await world.passes(hours=73)
    assert await world.state(question) is State.CLOSED
    assert await bo.owns("payable") == 40
    await ann.writes("Sorry, the blue one.", question)
    asked = await world.question(question)
    assert (asked.state, asked.holder, asked.escrow) == (State.CLAIMED, bo.id, 200)


async def test_after_seven_days_a_verdict_comes_too_late(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await answered(world, ann, bo)
    await ann.says("helped", question)
    await world.passes(days=8)
    assert (await ann.says("not-yet did-not-work", question)).receipt.reason is Reason.TOO_LATE


async def test_withdrawn_after_some_work_pays_a_fee(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await world.passes(minutes=4)
    await ann.says("withdraw", question)
    assert await world.state(question) is State.CLOSED
    assert await bo.owns("payable") == 40


async def test_a_verdict_counts_before_the_courier_knows_of_the_delivery(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=19)
    assert (await ann.says("helped", question)).receipt.reason is Reason.STALE
    world.screen.trouble.append(Unknown())
    await world.passes(seconds=2)
    assert HOLD in ann.sees()
    assert (await world.question(question)).answers[0].delivered_at is None
    assert not (await ann.says("helped", question)).refused
    assert await bo.owns("pending") == 140
    await world.passes(minutes=2)
    assert (await world.question(question)).answers[0].delivered_at is not None
    assert ann.sees().count(HOLD) == 1
