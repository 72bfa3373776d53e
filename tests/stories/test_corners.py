"""What happens where two things meet: a text on its way and somebody's change of mind, an escalation and a claim."""

from bot.change import Reason
from bot.model import Rank, State
from bot.ports import Blocked
from tests.world import World

HOLD = "It is only a hold. Your bank lets go of it after three working days."
AGAIN = "It is a hold on your card: the bank releases it within three working days."
TRIED = {"reason": "needs-account", "tried": "The FAQ", "check": "The ledger"}


async def _answered(world: World, *, seconds: int = 21) -> tuple:  # type: ignore[type-arg]
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=seconds)
    return ann, bo, question


async def test_whoever_asks_for_staff_does_not_get_the_text_that_was_on_its_way(world: World) -> None:
    ann, bo, question = await _answered(world, seconds=5)
    await ann.says("staff please", question)
    await world.passes(minutes=5)
    assert HOLD not in ann.sees()
    assert await bo.draft(question) == HOLD
    assert await world.state(question) is State.ESCALATED


async def test_a_withdrawn_question_gets_no_answer_any_more(world: World) -> None:
    ann, bo, question = await _answered(world, seconds=5)
    await ann.says("withdraw", question)
    await world.passes(minutes=5)
    assert HOLD not in ann.sees()
    assert await bo.draft(question) == HOLD


async def test_withdrawing_once_the_answer_has_come_still_pays_for_the_work(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await world.passes(minutes=4)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(minutes=1)
    await ann.says("withdraw", question)
    assert await bo.owns("payable") == 40


async def test_undoing_a_second_answer_leaves_the_first_to_be_judged(world: World) -> None:
    ann, bo, question = await _answered(world)
    await bo.says(f"answer {AGAIN}", question)
    await bo.says("undo", question)
    assert await world.state(question) is State.ANSWERED
    assert await bo.draft(question) == AGAIN
    assert not (await ann.says("helped 2", question)).refused
    assert await bo.earned() == 140


async def test_a_second_text_within_the_undo_time_replaces_the_first_and_keeps_it(world: World) -> None:
    ann, bo, question = await _answered(world, seconds=5)
    await bo.says(f"answer {AGAIN}", question)
    await world.passes(minutes=1)
    assert AGAIN in ann.sees()
    assert HOLD not in ann.sees()
    assert await bo.draft(question) == HOLD


async def test_a_text_that_comes_back_does_not_push_out_the_draft_that_is_there(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await bo.says("undo", question)
    assert (await bo.says("answer too short", question)).refused
    draft = await bo.draft(question)
    assert HOLD in draft
    assert "too short" in draft
    await bo.says("clarify Which card did you use?", question)
    assert HOLD in await bo.draft(question), "a question back is not the answer"


async def test_both_of_two_corrections_arrive_and_silence_still_ends_it(world: World) -> None:
    ann, bo, question = await _answered(world)
    await world.passes(hours=25)
    await bo.says("correct 2 It is three working days, not calendar days.", question)
    await bo.says("correct 2 And Saturdays do not count.", question)
    await world.passes(minutes=1)
    for words in ("not calendar days", "Saturdays do not count"):
        assert words in ann.sees()
    reminders = ann.sees().count("Did")
    await world.passes(hours=10)
    assert ann.sees().count("Did") == reminders, "a correction does not remind again"
    await world.passes(hours=48)
    assert await world.state(question) is State.SOLVED
    assert await bo.owns("payable") == 140


async def test_an_answer_ends_a_standing_escalation(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await mo.says("queue")
    await bo.says("escalate", question, values=TRIED)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(hours=73)
    assert await world.state(question) is State.SOLVED
    assert HOLD in ann.sees()


async def test_closing_ends_a_standing_escalation(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await mo.says("queue")
    await bo.says("escalate", question, values=TRIED)
    await stu.says("close spam", question)
    await world.passes(minutes=5)
    assert await world.app.views.next_due() is None


async def test_an_escalation_that_lapsed_meanwhile_goes_to_staff_all_the_same(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await world.passes(minutes=14)
    await mo.says("queue")
    await bo.says("escalate", question, values=TRIED)
    await world.passes(minutes=1)
    assert await world.state(question) is State.OPEN
    await world.passes(minutes=1)
    assert await world.state(question) is State.ESCALATED


async def test_an_escalation_handed_back_undecided_is_paid_after_three_days(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    stu = await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("escalate", question, values=TRIED)
    await stu.says("hand back", question)
    await cy.says("claim", question)
    await cy.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await ann.says("helped", question)
    assert (await bo.earned(), await cy.earned()) == (0, 140)
    await world.passes(hours=73)
    assert (await bo.owns("payable"), await cy.owns("payable")) == (50, 140)


async def test_a_second_escalation_does_not_swallow_the_first(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    stu = await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("escalate", question, values=TRIED)
    await stu.says("hand back", question)
    await cy.says("escalate", question, values=TRIED)
    await stu.says("confirm", question)
    assert (await bo.owns("payable"), await cy.owns("payable")) == (50, 50)


async def test_a_volunteer_is_not_paid_for_an_escalation(world: World) -> None:
    await world.category("help", bounty=0)
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Where is the spare key kept?", category="help")
    await bo.says("escalate", question, values=TRIED)
    await stu.says("confirm", question)
    assert await bo.earned() == 0


async def test_an_override_replaces_an_answer_that_could_not_be_delivered(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    world.screen.closed[ann.home] = Blocked("mailbox-full")
    await world.passes(minutes=1)
    await stu.says("override", question, values={"words": AGAIN, "reason": "Ours to say."})
    await world.passes(minutes=1)
    del world.screen.closed[ann.home]
    await world.passes(hours=1)
    assert AGAIN in ann.sees()
    assert HOLD not in ann.sees()
    assert await bo.owns("payable") == 140


async def test_a_question_back_that_does_not_arrive_expires_nothing(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("clarify Which card did you use?", question)
    world.screen.closed[ann.home] = Blocked("mailbox-full")
    await world.passes(hours=75)
    assert await world.state(question) is State.WAITING
    assert "mailbox is full" in world.sees("#staff")
    del world.screen.closed[ann.home]
    await world.passes(hours=1)
    assert "Which card did you use?" in ann.sees()
    await world.passes(hours=73)
    assert await world.state(question) is State.CLOSED


async def test_who_writes_before_the_question_back_went_out_is_still_asked(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("clarify Which card did you use?", question)
    await ann.writes("Oh, and it was on Monday.", question)
    assert await world.state(question) is State.WAITING
    assert "Monday" in bo.sees()
    await world.passes(minutes=1)
    assert "Which card did you use?" in ann.sees()


async def test_nobody_gets_a_text_that_was_redacted_on_its_way(world: World) -> None:
    ann, bo, question = await _answered(world, seconds=5)
    stu = await world.staff("stu")
    await stu.says("redact 2", question)
    await world.passes(minutes=1)
    assert "bo" not in ann.sees()
    asked = await world.question(question)
    assert (asked.state, asked.holder) == (State.CLAIMED, bo.id)


async def test_a_correction_under_review_is_brought_to_staff(world: World) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    al, mo = await world.expert("al", Rank.APPRENTICE), await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await al.says("claim", question)
    await al.says(f"answer {HOLD}", question)
    await mo.says("approve", question)
    await world.passes(seconds=21)
    await al.says("correct 2 Four days, in truth.", question)
    await world.passes(minutes=11)
    assert "Four days" in world.sees("#staff")
    assert not (await stu.says("approve", question)).refused
    await world.passes(seconds=21)
    assert "Four days" in ann.sees()


async def test_what_lapses_in_a_closed_category_goes_to_staff(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    lea = await world.staff("lea")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await lea.says("category-close billing")
    await world.passes(minutes=16)
    assert await world.state(question) is State.ESCALATED


async def test_staff_answer_what_is_held(world: World) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks("My card 4111 1111 1111 1111 was charged twice, why?")
    await stu.says("answer It was our mistake and is refunded.", question)
    await world.passes(seconds=21)
    assert "our mistake" in ann.sees()
    await ann.says("not-yet did-not-work", question)
    assert await world.state(question) is State.ESCALATED


async def test_whoever_is_at_the_limit_is_not_assigned_more(world: World) -> None:
    bo, stu = await world.expert("bo"), await world.staff("stu")
    numbers = [await (await world.customer(name)).asks("Why was I billed twice?") for name in ("a1", "a2", "a3", "a4")]
    for number in numbers[:3]:
        await bo.says("claim", number)
    said = await stu.says("assign @bo", numbers[3])
    assert said.refused
    assert "bo" in said.text


async def test_a_blocked_customer_writes_nothing_more_and_can_still_judge(world: World) -> None:
    ann, bo, question = await _answered(world)
    stu = await world.staff("stu")
    await stu.says("block @ann")
    assert (await ann.writes("You are all useless.", question)).receipt.reason is Reason.BLOCKED
    assert "useless" not in bo.sees()
    assert not (await ann.says("helped", question)).refused


async def test_nobody_works_on_the_questions_of_somebody_who_was_erased(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question, other = await ann.asks("Why was I billed twice?"), await ann.asks("How do I change my plan?")
    await bo.says("claim", question)
    await world.passes(minutes=4)
    await world.app.erase(ann.id)
    await world.settles()
    assert {await world.state(question), await world.state(other)} == {State.CLOSED}
    assert "billed twice" not in world.sees("#billing") + bo.sees() + ann.sees()
    assert await bo.owns("payable") == 40


async def test_a_reply_to_what_is_long_solved_is_read_and_changes_nothing(world: World) -> None:
    ann, bo, question = await _answered(world)
    await ann.says("helped", question)
    await world.passes(days=9)
    assert not (await ann.writes("One more thing about that bill.", question)).refused
    assert await world.state(question) is State.SOLVED
    assert "One more thing" in bo.sees()
    assert await world.app.views.next_due() is None


async def test_what_is_held_is_not_let_through_to_a_closed_category(world: World) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks("My card 4111 1111 1111 1111 was charged twice, why?")
    await stu.says("category-close billing")
    assert (await stu.says("admit", question)).receipt.reason is Reason.CATEGORY_OFF
    assert not (await stu.says("take", question)).refused


async def test_a_reopened_question_keeps_the_unit_it_was_asked_in(world: World) -> None:
    await world.category("games", unit="gems", bounty=50)
    ann, bo, lea = await world.customer("ann"), await world.expert("bo"), await world.staff("lea")
    question = await ann.asks("Where do the gems go at night?", category="games")
    await lea.says("close spam", question)
    await lea.says("category-set games unit USD")
    await lea.says("reopen", question)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await ann.says("helped", question)
    assert (await bo.owns("pending", "gems"), await bo.owns("pending", "USD")) == (35, 0)


async def test_undoing_an_approved_text_gives_it_back_to_its_author(world: World) -> None:
    ann, al = await world.customer("ann"), await world.expert("al", Rank.APPRENTICE)
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await al.says("claim", question)
    await al.says(f"answer {HOLD}", question)
    await mo.says("approve", question)
    assert (await mo.says("undo", question)).refused, "only its author takes a text back"
    await al.says("undo", question)
    assert (await al.draft(question), await mo.draft(question)) == (HOLD, "")
    assert (await world.question(question)).holder == al.id
    await world.passes(minutes=1)
    assert HOLD not in ann.sees()


async def test_whoever_is_suspended_sends_no_more_corrections(world: World) -> None:
    ann, bo, question = await _answered(world)
    lea = await world.staff("lea")
    await lea.says("suspend @bo rude")
    said = await bo.says("correct 2 Write to me at bo@example.com, I know better.", question)
    assert said.receipt.reason is Reason.SUSPENDED
    await world.passes(minutes=1)
    assert "bo@example.com" not in ann.sees()


async def test_whoever_has_left_corrects_under_somebodys_eyes(world: World) -> None:
    ann, bo, question = await _answered(world)
    mo = await world.expert("mo", Rank.MASTER)
    await bo.says("leave")
    objected = await bo.says("correct 2 Write to me at bo@example.com, I know better.", question)
    assert objected.receipt.reason is Reason.OBJECTIONABLE
    await bo.says("correct 2 Four working days, in truth.", question)
    await world.passes(minutes=1)
    assert "Four working days" not in ann.sees()
    await mo.says("approve", question)
    await world.passes(seconds=21)
    assert "Four working days" in ann.sees()
