"""Whatever people write, nobody's telephone rings, nothing acts or is unfurled, and it is read as it was written."""

import pytest

from bot.model import QuestionId, State
from tests.adapters.discord.markdown import Span, spans
from tests.discord_people import OnDiscord
from tests.discord_screen import parts
from tests.discord_world import DiscordWorld
from tests.fakes.discord import Message
from tests.stories_discord.abuse import ABUSE, Abuse

BELOW = "Could somebody please help me with this one? Thank you."
AFTER = "That is what I would try first, and then I would wait for three days."
OURS = {"bold", "small", "time"}  # what our own sentences do


def quoted(components: list[dict]) -> list[str]:  # type: ignore[type-arg]
    """People's words, as they are seen; nothing in them may act but addresses that are shown as code."""
    found, current = [], ""
    for each in parts(components):
        if each["type"] != 10:
            continue
        for span in spans(each["content"]):
            assert set(span.kinds) <= {"quote", "code", *OURS} or allowed(span), span
            if "quote" in span.kinds:
                assert set(span.kinds) <= {"quote", "code", "link"}, span
                current += span.text
            elif current and span.text.strip():
                found.append(current)
                current = ""
        found += [current] if current else []
        current = ""
    return found


def allowed(span: Span) -> bool:
    """An address that the customer gets from an expert stays one, and says where it leads."""
    return set(span.kinds) <= {"quote", "link"} and "://" in span.text


def everything(world: DiscordWorld) -> list[Message]:
    rooms = [each for room in world.discord.channels.values() for each in room.messages.values() if each.author.bot]
    return [*rooms, *(each for asides in world.discord.ephemerals.values() for each in asides)]


@pytest.mark.parametrize("abuse", ABUSE, ids=str)
async def test_nobody_is_rung_and_everybody_reads_what_was_written(world: DiscordWorld, abuse: Abuse) -> None:
    ann, stu, bo = await world.customer("ann"), await world.staff("stu"), await world.expert("bo")
    asked = await ann.does(ann.native.says("dm", f"{abuse.typed}\n{BELOW}"))
    assert not asked.refused, asked.text
    question = asked.receipt.question
    assert question is not None
    kept = (await world.app.views.facts(question, now=world.now)).messages[1].shown_text
    if await world.state(question) is State.HELD:
        await stu.says("admit", question)
    read = kept if abuse.by_rules else f"{abuse.reads}\n{BELOW}"
    card = next(each for each in world.channel("billing").messages.values() if each.author.bot)
    assert_reads(quoted(card.components), read)

    await bo.native.presses(card, "Answer")
    assert bo.native.modal is not None
    assert_reads(quoted(bo.native.modal["components"]), read)
    await bo.native.closes()
    await answers(world, bo, ann, abuse, question)
    for message in everything(world):
        assert message.mentions == []
        assert not message.mention_everyone
        assert message.mention_roles == []
        quoted(message.components)
    # What is rung, unfurled and complained of is looked at in the end, as in every story.


def assert_reads(quotes: list[str], text: str) -> None:
    """All of it, character for character, in as many parts as it takes; or its beginning, and a sign that it is cut."""
    joined = "\n".join(quotes)
    if "…" in joined and "…" not in text:
        shown = next(each for each in quotes if "…" in each).partition("…")[0]
        assert len(shown) > 500
        assert "".join(text.split()).startswith("".join(shown.split()))
        return
    assert "".join(joined.split()) == "".join(text.split()), (joined, text)


async def answers(world: DiscordWorld, bo: OnDiscord, ann: OnDiscord, abuse: Abuse, question: QuestionId) -> None:
    """The same by an expert: it arrives as it was written, or its author is told why not and keeps it."""
    (thread,) = world.acme.guild.threads()
    line = await bo.native.says(thread, f"{abuse.typed}\n{AFTER}")
    sent = await bo.does(bo.native.uses_menu("Send to customer", line))
    if sent.refused:
        assert AFTER in await bo.draft(question)
        return
    if await world.state(question) is State.REVIEW:
        return
    await world.passes(seconds=21)
    stored = (await world.app.views.facts(question, now=world.now)).messages
    text = max(stored.values(), key=lambda each: each.number).text
    message = next(each for each in reversed(ann.native.room("dm").messages.values()) if AFTER in str(each.components))
    assert_reads(quoted(message.components), text if abuse.by_rules else f"{abuse.reads}\n{AFTER}")
