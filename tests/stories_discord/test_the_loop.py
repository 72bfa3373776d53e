"""From a question in Discord to the paid expert, as everybody sees it there."""

from bot.model import State, spoken_number
from tests.discord_world import FORUM, DiscordWorld

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."
RIGHT = "This was our mistake: the second charge is refunded today."


async def test_from_ask_in_a_conversation_to_the_paid_expert(either: DiscordWorld) -> None:
    world = either
    ann, bo = world.visitor("ann"), await world.expert("bo")
    said = await ann.does(ann.native.types(f"/ask words:{ASKED}"))
    assert "We have your question" in said.text
    question = said.receipt.question
    assert question is not None
    number = spoken_number(question)

    assert f"{number} · Billing · English · $1.40 to you" in world.sees("#billing")
    card = bo.card_of("billed twice")
    claimed = await bo.does(bo.native.presses(card, "Claim"))
    assert f"{number} is yours until 12:15" in claimed.text

    thread = bo.native.thread_with("billing", f"{number} · Why was I billed twice")
    assert thread.id == card.id
    line = await bo.native.says(thread, HOLD)
    await world.settles()
    assert HOLD not in ann.sees()
    sent = await bo.does(bo.native.uses_menu("Send to customer", line))
    assert f"Sending to {number} in Discord in 20 s." in sent.text
    assert "goes to the customer in Discord in 20 s" in world.sees("#billing")
    assert HOLD not in ann.sees()

    await world.passes(seconds=21)
    assert f"bo, an Acme community expert, answered your question {number}:\n> {HOLD}" in ann.sees()
    await ann.does(ann.native.presses(ann.card_of(HOLD), "Yes, solved"))
    assert f"{number} is solved, and $1.40 is yours." in bo.sees()
    assert f"{number} · solved by bo · $1.40" in world.sees("#billing")
    assert (await bo.earned(), await world.state(question)) == (140, State.SOLVED)
    if world.kind == FORUM:
        forum = world.channel("billing")
        named = {each["id"]: each["name"] for each in forum.tags}
        assert {named[each] for each in thread.applied_tags} == {"Solved", "Billing"}


async def test_staff_override_in_the_thread(either: DiscordWorld) -> None:
    world = either
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    thread = stu.native.thread_with("billing", spoken_number(question))
    await stu.does(stu.native.types("/hall staff override", thread))
    said = await stu.fills_in({"words": RIGHT, "reason": "Refunds are ours to promise."})
    assert said is not None
    assert not said.refused
    await world.passes(seconds=21)
    assert RIGHT in ann.sees()
    assert HOLD not in ann.sees()
    assert "Refunds are ours to promise." in bo.sees()
    assert "ours to promise" not in ann.sees() + world.sees("#billing")
    assert "Staff answered" in world.sees("#billing")
    assert await bo.owns("payable") == 140


async def test_a_form_that_cannot_be_opened_by_a_line_is_opened_by_a_press(world: DiscordWorld) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    thread = bo.native.thread_with("billing", spoken_number(question))
    offered = await bo.does(bo.native.says(thread, "!answer"))
    assert [each.label for each in offered.offered] == ["Write it"]
    await bo.presses("Write it")
    said = await bo.fills_in({"words": HOLD})
    assert said is not None
    await world.passes(seconds=21)
    assert HOLD in ann.sees()


async def test_talk_is_neither_stored_nor_sent(world: DiscordWorld) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    thread = bo.native.thread_with("billing", spoken_number(question))
    said = await bo.does(bo.native.says(thread, "Hm, zanzibar, let me think."))
    assert said.text == ""
    await world.passes(minutes=1)
    assert "zanzibar" not in ann.sees() + world.sees("#billing")
    assert "zanzibar" not in repr(world.heard)


async def test_state_is_never_shown_by_a_new_name(either: DiscordWorld) -> None:
    world = either
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    thread = bo.native.thread_with("billing", spoken_number(question))
    name, calls = thread.name, world.discord.calls["PATCH /channels/{channel_id}"]
    await bo.says("claim", question)
    await bo.says("release", question)
    await bo.says("claim", question)
    assert thread.name == name
    if world.kind != FORUM:
        assert world.discord.calls["PATCH /channels/{channel_id}"] == calls, "nothing of a thread has changed"


async def test_a_settled_question_is_put_to_sleep_and_wakes_for_a_correction(either: DiscordWorld) -> None:
    world = either
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    thread = bo.native.thread_with("billing", spoken_number(question))
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await ann.says("helped", question)
    assert not thread.archived
    await world.passes(days=6)
    assert not thread.archived, "for as long as something can come of it"
    await world.passes(days=2)
    assert (await world.question(question)).settled
    assert thread.archived
