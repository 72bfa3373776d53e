"""Nothing that goes to Discord is lost or said twice, and whatever stands in the way is named."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.discord.lost import NOT_IN_SERVER, keep_lost
from adapters.discord.settings import DiscordSettings
from bot.card import Attached
from bot.model import FileId, Place, State
from bot.ports import Blocked, Busy, Gone, Unknown
from tests.adapters.discord.stage import CARD, LINE, NUMBER, WORDS, Stage
from tests.fakes.discord import Channel, Fault
from tests.fakes.discord.limits import MET

POST = "POST /channels/{channel_id}/messages"
POST_THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"
POST_IN_FORUM = "POST /channels/{channel_id}/threads"
LOST = (Fault.FAILS_AFTER, Fault.CUTS_AFTER, Fault.HANGS_AFTER)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Stage.open() as stage:
        yield stage


# Requests that get lost


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("where", ["billing", "help", "bo"])
async def test_what_arrived_without_an_answer_is_found_and_not_sent_again(
    stage: Stage, where: str, fault: Fault
) -> None:
    place = getattr(stage, where)
    post = stage.card(place) if where != "bo" else stage.line(place)
    stage.there.faults.force(fault, method=POST_IN_FORUM if where == "help" else POST)
    with pytest.raises(Unknown), stage.in_a_hurry():
        await stage.posting.put(post, CARD)
    ref = await stage.posting.find(post)
    assert ref is not None
    await stage.posting.put(replace(post, ref=ref), replace(CARD, title="Found"))
    assert stage.said("Found") == stage.said("billed twice") == 1
    assert where == "bo" or stage.thread(ref).name == f"{NUMBER} · {WORDS}", "the card's thread was made as well"


@pytest.mark.parametrize("where", ["billing", "help", "bo"])
async def test_what_never_arrived_is_not_found_and_sent_again(stage: Stage, where: str) -> None:
    place = getattr(stage, where)
    await stage.shows(stage.card(place), replace(CARD, quotes=()))  # another one is there
    post = stage.card(place)
    stage.there.faults.force(Fault.FAILS, method=POST_IN_FORUM if where == "help" else POST)
    with pytest.raises(Unknown):
        await stage.posting.put(post, CARD)
    assert await stage.posting.find(post) is None
    await stage.posting.put(post, CARD)
    assert stage.said("billed twice") == 1


async def test_a_post_that_sleeps_already_is_found(stage: Stage) -> None:
    post = stage.card(stage.help)
    card = await stage.shows(post, CARD)
    stage.acme.archives(stage.thread(card.ref))
    assert await stage.posting.find(post) == card.ref


async def test_only_our_own_is_found(stage: Stage) -> None:
    post = stage.card(stage.help)
    shown = await stage.shows(post, CARD)
    thread = stage.thread(shown.ref)
    thread.owner_id = thread.messages[thread.id].author.id
    other = await stage.bo.posts(stage.help, "Mine", "words")
    other.messages[other.id].components = thread.messages[thread.id].components
    thread.messages[thread.id].components = []
    assert await stage.posting.find(post) is None
    stage.there.allow("message_content")  # else we do not even see it
    line = await stage.shows(stage.line(stage.billing), LINE)
    other = await stage.bo.says(stage.billing, "Another bot could have said that")
    other.components = stage.billing.messages.pop(str(line.ref)).components
    assert await stage.posting.find(line) is None


async def test_the_same_line_twice_within_minutes_is_one(stage: Stage) -> None:
    post = stage.line(stage.billing)
    assert await stage.posting.put(post, LINE) == await stage.posting.put(post, LINE)
    assert stage.said("Thanks") == 1


async def test_what_was_deleted_meanwhile_is_said_anew(stage: Stage) -> None:
    post = stage.line(stage.billing)
    first = await stage.shows(post, LINE)
    stage.acme.removes(stage.billing.messages[str(first.ref)])
    again = await stage.shows(post, LINE)
    assert again.ref in stage.billing.messages


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.FAILS, Fault.FAILS_AFTER])
async def test_a_card_whose_thread_failed_gets_it_when_it_is_looked_for(stage: Stage, fault: Fault) -> None:
    post = stage.card(stage.billing)
    stage.there.retry_after_s = (31.0, 31.0)
    stage.there.faults.force(fault, method=POST_THREAD)
    with pytest.raises(Unknown):
        await stage.posting.put(post, CARD)
    stage.lets_limits_pass()
    ref = await stage.posting.find(post)
    assert stage.thread(ref).parent is stage.billing
    assert stage.said("billed twice") == 1


async def test_a_line_makes_the_thread_that_is_missing(stage: Stage) -> None:
    stage.acme.denies(stage.billing, "everyone", "create_public_threads")
    stage.acme.denies(stage.billing, "bot", "create_public_threads")
    card = await stage.shows(stage.card(stage.billing), CARD)
    line = stage.line(stage.billing, card.ref)
    with pytest.raises(Blocked) as trouble:
        await stage.posting.put(line, LINE)
    assert "Create Public Threads" in trouble.value.cure
    stage.acme.allows(stage.billing, "bot", "create_public_threads")
    assert await stage.posting.put(line, LINE) in stage.thread(card.ref).messages


async def test_limits_are_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for route, (most, _) in list(MET.items()):
        monkeypatch.setitem(MET, route, (most, 0.3))
    stage.there.rate_limits = True
    for channel in (stage.billing, stage.help):
        card = await stage.shows(stage.card(channel), CARD)
        for state in (State.CLAIMED, State.OPEN, State.CLAIMED, State.SOLVED, State.OPEN, State.CLAIMED):
            stage.changes(state=state)
            await stage.posting.put(card, CARD)
            await stage.posting.put(stage.line(channel, card.ref), LINE)
    assert stage.there.too_early == []
    assert stage.said("Thanks") == 12


async def test_a_long_limit_is_busy_with_its_seconds(stage: Stage) -> None:
    stage.there.retry_after_s = (90.0, 90.0)
    stage.there.faults.force(Fault.BUSY, method=POST)
    with pytest.raises(Busy) as trouble:
        await stage.posting.put(stage.line(stage.billing), LINE)
    assert trouble.value.retry_after_seconds == pytest.approx(90)


async def test_too_many_threads_at_once_is_busy(stage: Stage) -> None:
    stage.there.most_threads = 0
    with pytest.raises(Busy):
        await stage.posting.put(stage.card(stage.help), CARD)
    await stage.posting.put(stage.card(stage.billing), CARD)
    assert stage.said("billed twice") == 1, "a channel's card is there, if without its thread"


# What is gone


@pytest.mark.parametrize("where", ["billing", "help"])
async def test_what_was_deleted_is_gone(stage: Stage, where: str) -> None:
    channel: Channel = getattr(stage, where)
    card, other = await stage.shows(stage.card(channel), CARD), await stage.shows(stage.card(channel), CARD)
    line = await stage.shows(stage.line(channel, other.ref), LINE)
    stage.acme.removes(stage.thread(card.ref))
    if where == "billing":
        await stage.posting.put(card, CARD)  # the card itself is there
        stage.acme.removes(channel.messages[str(card.ref)])
    for post in (card, stage.line(channel, card.ref)):
        with pytest.raises(Gone) as trouble:
            await stage.posting.put(post, CARD)
        assert trouble.value.what == "thread"
    await stage.posting.remove(card)
    stage.acme.removes(stage.thread(other.ref).messages[str(line.ref)])
    assert await stage.posting.put(line, LINE) == line.ref, "a line that somebody took away needs no edit"
    stage.acme.removes(channel)
    with pytest.raises(Gone) as trouble:
        await stage.posting.put(stage.card(channel), CARD)
    assert trouble.value.what == "channel"
    assert await stage.posting.find(stage.card(channel)) is None


async def test_what_is_out_of_reach_since_the_bot_was_removed_is_not_gone(stage: Stage) -> None:
    await keep_lost(stage.house, {Place("discord:acme"): NOT_IN_SERVER})
    stage.acme.removes(stage.billing)
    with pytest.raises(Blocked) as blocked:
        await stage.posting.put(stage.card(stage.billing), CARD)
    assert blocked.value.why == "discord-server"
    assert "discord-invite" in blocked.value.cure


async def test_a_thread_that_was_deleted_alone_is_gone_for_its_lines(stage: Stage) -> None:
    card = await stage.shows(stage.card(stage.billing), CARD)
    stage.acme.removes(stage.thread(card.ref))
    with pytest.raises(Gone) as trouble:
        await stage.posting.put(stage.line(stage.billing, card.ref), LINE)
    assert trouble.value.what == "thread"
    anew = replace(card, ref=None, notice=replace(card.notice, args={"anew": 1}))
    again = await stage.shows(anew, CARD)
    assert stage.thread(again.ref).parent is stage.billing, "it is a new card, not the old one once more"


@pytest.mark.parametrize("where", ["billing", "help"])
async def test_a_card_goes_with_its_thread(stage: Stage, where: str) -> None:
    channel: Channel = getattr(stage, where)
    card = await stage.shows(stage.card(channel), CARD)
    line = await stage.shows(stage.line(channel, card.ref), LINE)
    await stage.posting.remove(line)
    assert stage.said("Thanks") == 0
    await stage.posting.remove(card)
    assert stage.said("billed twice") == 0
    assert card.ref not in stage.there.channels
    await stage.posting.remove(line)
    await stage.posting.remove(card)


# What is not allowed


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("send_messages", "Send Messages"),
        ("attach_files", "Attach Files"),
        ("view_channel", "View Channels"),
        ("send_messages_in_threads", "Send Messages in Threads"),
    ],
)
async def test_a_missing_permission_is_named(stage: Stage, missing: str, words: str) -> None:
    stage.house.files[FileId(1)] = b"%PDF-1.4"
    file = Attached(id=FileId(1), name="bill.pdf", media_type="application/pdf", size_bytes=8)
    card = await stage.shows(stage.card(stage.billing), CARD)
    stage.acme.denies(stage.billing, "everyone", missing)
    stage.acme.denies(stage.billing, "bot", missing)
    post = stage.line(stage.billing, card.ref if missing.endswith("threads") else None)
    with pytest.raises(Blocked) as trouble:
        await stage.posting.put(post, replace(LINE, files=(file,) if missing == "attach_files" else ()))
    assert trouble.value.why == "discord-permission"
    assert f'"{words}"' in trouble.value.cure


async def test_what_cannot_be_seen_is_not_taken_for_lost(stage: Stage) -> None:
    post = stage.line(stage.billing)
    await stage.posting.put(post, LINE)
    stage.acme.denies(stage.billing, "everyone", "read_message_history")
    stage.acme.denies(stage.billing, "bot", "read_message_history")
    with pytest.raises(Blocked) as trouble:
        await stage.posting.find(post)
    assert "Read Message History" in trouble.value.cure


async def test_a_tag_for_moderators_needs_its_permission() -> None:
    async with Stage.open(tags=(), moderated=("Open",)) as stage:
        stage.acme.takes("manage_threads")
        with pytest.raises(Blocked) as trouble:
            await stage.posting.put(stage.card(stage.help), CARD)
        assert "Manage Threads" in trouble.value.cure
        stage.acme.gives("manage_threads")
        card = await stage.shows(stage.card(stage.help), CARD)
        assert stage.tags(card.ref) == {"Open"}


async def test_a_server_that_is_not_in_the_settings_is_off(stage: Stage) -> None:
    stage.posting.settings = DiscordSettings(token="t")
    with pytest.raises(Blocked) as trouble:
        await stage.posting.put(stage.card(stage.billing), CARD)
    assert trouble.value.why == "platform-off"
