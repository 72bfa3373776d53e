"""Staff step in: hold, take, assign, override, escalations, notes, redaction."""

from bot.change import Reason
from bot.model import Rank, State, spoken_number
from tests.world import World

HOLD = "It is only a hold. Your bank lets go of it after three working days."
RIGHT = "This was our mistake: the second charge is refunded today."
WHY = "Refunds are ours to promise, not the community's."


async def test_an_override_replaces_an_unsent_answer_and_pays_in_full(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await stu.says("override", question, values={"words": RIGHT, "reason": WHY})
    await world.passes(seconds=21)
    assert RIGHT in ann.sees()
    assert HOLD not in ann.sees()
    assert WHY not in ann.sees()
    assert WHY in bo.sees()
    assert await bo.owns("payable") == 140
    assert "staff" in world.card(question).title.lower() + world.card(question).body.lower()


async def test_an_override_of_a_delivered_answer_corrects_it(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await stu.says("override", question, values={"words": RIGHT, "reason": WHY, "pay_percent": "0"})
    await world.passes(seconds=21)
    assert RIGHT in ann.sees()
    assert await bo.earned() == 0


async def test_a_card_number_is_held_for_staff(world: World) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks("My card 4111 1111 1111 1111 was charged twice, why?")
    assert await world.state(question) is State.HELD
    assert "4111" not in world.sees("#billing")
    assert spoken_number(question) in world.sees("#staff")
    await stu.says("admit", question)
    assert await world.state(question) is State.OPEN
    assert "4111" not in world.sees("#billing")
    assert "charged twice" in world.sees("#billing")


async def test_an_escalation_stands_while_a_master_is_there(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await mo.says("queue")
    await bo.says("escalate", question, values={"reason": "needs-account", "tried": "The FAQ", "check": "The ledger"})
    assert await world.state(question) is State.CLAIMED
    await mo.says("veto", question)
    asked = await world.question(question)
    assert (asked.state, asked.holder) == (State.CLAIMED, mo.id)
    await world.passes(minutes=3)
    assert await world.state(question) is State.CLAIMED


async def test_an_unvetoed_escalation_goes_to_staff_and_confirming_pays(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await mo.says("queue")
    await bo.says("escalate", question, values={"reason": "needs-account", "tried": "The FAQ", "check": "The ledger"})
    await world.passes(minutes=2)
    assert await world.state(question) is State.ESCALATED
    assert "The FAQ" in world.sees("#staff")
    await stu.says("confirm", question)
    assert await bo.owns("payable") == 50


async def test_an_undecided_escalation_falls_to_the_expert(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("escalate", question, values={"reason": "needs-account", "tried": "The FAQ", "check": "The ledger"})
    assert await world.state(question) is State.ESCALATED
    await world.passes(hours=73)
    assert await bo.owns("payable") == 50


async def test_what_is_with_staff_stays_with_staff(world: World) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks("Please delete my account and all data", staff_wanted=True)
    assert await world.state(question) is State.ESCALATED
    await stu.says("answer We have deleted it.", question)
    await world.passes(seconds=21)
    await ann.says("not-yet did-not-work", question)
    assert await world.state(question) is State.ESCALATED
    await stu.says("hand back", question)
    assert await world.state(question) is State.OPEN


async def test_a_staff_claim_is_with_staff_again_after_four_staffed_hours(world: World) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await stu.says("take", question)  # Monday noon, staff are there from 9 to 17
    await world.passes(hours=3.9)
    assert await world.state(question) is State.CLAIMED
    await world.passes(hours=0.2)
    assert await world.state(question) is State.ESCALATED


async def test_taking_over_after_some_work_pays_a_fee(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await world.passes(minutes=3)
    await stu.says("take", question)
    assert await bo.owns("payable") == 40


async def test_an_apprentices_text_is_reviewed_first(world: World) -> None:
    ann, al = await world.customer("ann"), await world.expert("al", Rank.APPRENTICE)
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await al.says("claim", question)
    await al.says(f"answer {HOLD}", question)
    assert await world.state(question) is State.REVIEW
    assert (await al.says("approve", question)).refused
    await world.passes(minutes=1)
    assert HOLD not in ann.sees()
    await mo.says("approve", question)
    await world.passes(seconds=21)
    assert HOLD in ann.sees()
    await ann.says("helped", question)
    assert (await al.owns("pending"), await mo.owns("pending")) == (140, 20)


async def test_a_revised_text_goes_back_to_its_author_as_draft(world: World) -> None:
    ann, al = await world.customer("ann"), await world.expert("al", Rank.APPRENTICE)
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    await al.says("claim", question)
    await al.says(f"answer {HOLD}", question)
    await mo.says("revise Please say which bank.", question)
    assert await world.state(question) is State.CLAIMED
    assert await al.draft(question) == HOLD
    assert "Please say which bank." in al.sees()


async def test_notes_stay_inside(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("note Looks like the June outage again.", question)
    await stu.says("staff note Customer is a reporter.", question)
    assert "June outage" in world.sees("#billing")
    assert "reporter" not in world.sees("#billing")
    assert "reporter" in world.sees("#staff")
    assert "June outage" not in ann.sees()


async def test_redacting_reaches_every_copy(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await ann.writes("My neighbour Frida Kahlo saw it too.", question)
    assert "Frida" in world.sees("#billing")
    await stu.says("redact 2", question)
    assert "Frida" not in world.sees("#billing")
    assert "Frida" not in bo.sees()
    assert "Frida" not in world.sees("#staff")


async def test_experts_cannot_do_what_staff_do(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo", Rank.MASTER)
    question = await ann.asks("Why was I billed twice?")
    for sentence in ("take", "close spam", "redact 1", "raise 5"):
        assert (await bo.says(sentence, question)).receipt.reason is Reason.NOT_STAFF


async def test_waiting_staff_are_reminded(world: World) -> None:
    ann = await world.customer("ann")
    await world.staff("stu")
    lea = await world.staff("lea")
    question = await ann.asks("Please delete my account and all data", staff_wanted=True)
    before = world.sees("#staff")
    await world.passes(minutes=31)
    assert world.sees("#staff") != before
    await world.passes(hours=2)
    assert spoken_number(question) in lea.sees()


async def test_a_raised_bounty_is_pointed_at_until_the_claim(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    assert not (await stu.says("raise 5", question)).refused
    assert len(world.shown("#billing")) == 2
    assert "$3.50" in world.sees("#billing")
    await bo.says("claim", question)
    assert len(world.shown("#billing")) == 1


async def test_a_bad_answer_can_be_flagged_until_staff_have_looked(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    stu = await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert "flag" in world.buttons(question)
    assert not (await cy.says("flag Banks keep it for a week.", question)).refused
    assert await world.state(question) is State.ANSWERED
    assert "Banks keep it for a week" in world.sees("#staff")
    assert world.buttons(question, "#staff") == {"override", "staff-note"}
    for place in ("#billing", ann.home, bo.home):
        assert "a week" not in world.sees(place), "only staff read a flag"
    await stu.says("staff-note Three days is what our bank says, so it stays.", question)
    assert world.buttons(question, "#staff") == set()


async def test_a_flag_names_somebody_elses_answer(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    assert (await ann.says("flag Too slow.", question)).receipt.reason is Reason.WRONG_STATE
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert (await bo.says("flag I am not sure.", question)).receipt.reason is Reason.NOT_ALLOWED
    assert (await ann.says("flag 7 This is rude.", question)).receipt.reason is Reason.NO_SUCH_MESSAGE
    assert not (await ann.says("flag This is rude.", question)).refused
    assert "This is rude." in world.sees("#staff")


async def test_appeals_reach_staff(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await stu.says("override", question, values={"words": RIGHT, "reason": WHY, "pay_percent": "0"})
    assert not (await bo.says("appeal I was right, the bank says so.", question)).refused
    assert "the bank says so" in world.sees("#staff")


async def test_what_was_flagged_or_appealed_stays_in_the_inbox_until_staff_act(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    number = spoken_number(question)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert number not in (await stu.says("inbox")).text
    assert not (await ann.says("flag", question, values={"words": "That is not true."})).refused
    assert number in (await stu.says("inbox")).text
    await stu.says("note I called the bank; it is true.", question)
    assert number not in (await stu.says("inbox")).text
    await bo.says("appeal Please tell the customer, too.", question)
    assert number in (await stu.says("inbox")).text
