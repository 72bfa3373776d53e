"""Whatever people write, nobody's telephone rings, nothing is unfurled, and it is read as it was written."""

from typing import Any

import pytest

from bot.model import QuestionId, State
from tests.fakes.slack import Message, pings, posting
from tests.slack_people import OnSlack
from tests.slack_world import SlackWorld
from tests.stories_slack.abuse import ABUSE, Abuse

BELOW = "Could somebody please help me with this one? Thank you."
AFTER = "That is what I would try first, and then I would wait for three days."


async def says(someone: OnSlack, abuse: Abuse, more: str, room: str, thread: str = "") -> None:
    """As typed by a person, or as another program sends it."""
    native = someone.native
    if not abuse.sent:
        await native.says(room, f"{abuse.typed}\n{more}", thread)
        return
    slack = native.workspace.slack
    message = Message(
        ts=slack.next_ts(), user=native.id, text=f"{abuse.sent}\n{more}", team=native.user.team_id, thread_ts=thread
    )
    posting.say(native.workspace, native.room(room), message)


def words(blocks: list[dict[str, Any]]) -> list[str]:
    """What stands in rich text, where nothing acts: a quote each."""
    return [
        "".join(part["text"] for part in element["elements"])
        for block in blocks
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == "rich_text_quote"
    ]


def everything(world: SlackWorld) -> list[Message]:
    """Every message of the bot, those for one person alone as well."""
    rooms = [each for room in world.acme.channels.values() for each in room.messages.values() if each.bot_id]
    return [*rooms, *(each for person in world.acme.people.values() for each in person.ephemerals)]


def calls_nobody(world: SlackWorld, *someone: OnSlack) -> None:
    for message in everything(world):
        assert pings(message.text, message.blocks) == []
    for each in someone:
        for view in (*each.native.stack, world.acme.homes[each.native.id]):
            assert pings("", view.body["blocks"]) == []
    assert world.slack.rang == []
    assert world.slack.unfurled == []
    assert world.slack.complaints == []


@pytest.mark.parametrize("abuse", ABUSE, ids=str)
async def test_nobody_is_rung_and_everybody_reads_what_was_written(world: SlackWorld, abuse: Abuse) -> None:
    ann, stu, bo = await world.customer("ann"), await world.staff("stu"), await world.expert("bo")
    world.acme.group("acme-staff", [stu.native])
    assert bo.native.id == "U000000004"
    for each in (ann, bo, stu):
        await each.native.opens_home()
    asked = await ann.does(says(ann, abuse, BELOW, "dm"))
    assert not asked.refused, asked.text
    question = asked.receipt.question
    assert question is not None
    kept = (await world.app.views.facts(question, now=world.now)).messages[1].shown_text
    if await world.state(question) is State.HELD:
        await stu.says("admit", question)
    read = kept if abuse.by_rules else f"{abuse.reads}\n{BELOW}"
    card = bo.native.room("billing").messages[bo.native.message_with("billing", "[Claim]")]
    assert_reads(words(card.blocks), read)

    await bo.does(bo.native.presses("billing", card.ts, "Answer"))
    assert_reads(words(bo.native.stack[-1].body["blocks"]), read)
    calls_nobody(world, ann, bo, stu)
    await bo.does(bo.native.closes())
    await answers(world, bo, ann, abuse, question, card.ts)
    calls_nobody(world, ann, bo, stu)


def assert_reads(quotes: list[str], text: str) -> None:
    """All of it, character for character, in as many parts as it takes; or its beginning, and a sign that it is cut."""
    joined = "\n".join(quotes)
    if "…" in joined and "…" not in text:
        shown = next(each for each in quotes if each.endswith("…"))
        assert len(shown) > 500
        assert text.startswith(shown.removesuffix("…"))
        return
    assert "".join(joined.split()) == "".join(text.split()), (joined, text)
    assert text in joined or len(quotes) > 1, (joined, text)


async def answers(world: SlackWorld, bo: OnSlack, ann: OnSlack, abuse: Abuse, question: QuestionId, card: str) -> None:
    """The same by an expert: it arrives as it was written, or its author is told why not and keeps it."""
    await bo.does(says(bo, abuse, AFTER, "billing", card))
    sent = await bo.presses("Send to customer")
    if sent.refused:
        assert AFTER in await bo.draft(question)
        return
    if await world.state(question) is State.REVIEW:
        return
    await world.passes(seconds=21)
    message = ann.native.room("dm").messages[ann.native.message_with("dm", AFTER)]
    stored = (await world.app.views.facts(question, now=world.now)).messages
    text = max(stored.values(), key=lambda each: each.number).text
    assert_reads(words(message.blocks), text if abuse.by_rules else f"{abuse.reads}\n{AFTER}")
