"""From a question in Slack to the paid expert, as everybody sees it there."""

from bot.model import State, spoken_number
from tests.slack_world import SlackWorld

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."
RIGHT = "This was our mistake: the second charge is refunded today."


async def test_from_ask_in_a_conversation_to_the_paid_expert(either: SlackWorld) -> None:
    world = either
    ann, bo = world.visitor("ann"), await world.expert("bo")
    said = await ann.does(ann.native.types("/ask", ASKED))
    assert "We have your question" in said.text
    question = said.receipt.question
    assert question is not None
    number = spoken_number(question)

    assert f"{number} · Billing · English · $1.40 to you" in world.sees("#billing")
    card = bo.native.message_with("billing", "billed twice")
    claimed = await bo.does(bo.native.presses("billing", card, "Claim"))
    assert f"{number} is yours until 12:15" in claimed.text

    line = await bo.does(bo.native.says("billing", HOLD, card))
    assert "What you wrote has not left this thread" in line.text
    sent = await bo.does(bo.native.presses_ephemeral("Send to customer"))
    assert f"Sending to {number} in Slack in 20 s." in sent.text
    assert "goes to the customer in Slack in 20 s" in world.sees("#billing")
    assert HOLD not in ann.sees()

    await world.passes(seconds=21)
    assert f"bo, an Acme community expert, answered your question {number}:\n> {HOLD}" in ann.sees()
    await ann.does(ann.native.presses("dm", ann.native.message_with("dm", HOLD), "Yes, solved"))
    assert f"{number} is solved, and $1.40 is yours." in bo.sees()
    assert f"{number} · solved by bo · $1.40" in world.sees("#billing")
    assert (await bo.earned(), await world.state(question)) == (140, State.SOLVED)


async def test_staff_override_in_the_thread(either: SlackWorld) -> None:
    world = either
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    card = stu.native.message_with("billing", "billed twice")
    opened = await stu.does(stu.native.says("billing", "!override", card))
    assert opened.offered[0].label == "Write it", "a dialog opens on a press alone"
    await stu.presses(opened.offered[0].sentence)
    await stu.native.fills_in({"entry:words": RIGHT, "entry:reason": "Refunds are ours to promise."})
    await stu.does(stu.native.submits())
    await world.passes(seconds=21)
    assert RIGHT in ann.sees()
    assert HOLD not in ann.sees()
    assert "Refunds are ours to promise." in bo.sees()
    assert "ours to promise" not in ann.sees() + world.sees("#billing")
    assert "Staff answered" in world.sees("#billing")
    assert await bo.owns("payable") == 140
