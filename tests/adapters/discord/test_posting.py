"""What the adapter shows on Discord, and what becomes of it when something goes wrong on the way."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.discord.threads import STATE_TAGS, thread_name, wanted_tags
from bot.card import Card, Quote
from bot.model import CloseReason, PersonId, Place, Ref, State
from bot.ports import Blocked
from tests.adapters.discord.stage import CARD, LINE, NUMBER, QUESTION, WORDS, Stage, the_words
from tests.fakes.discord import Channel, Fault

PATCH_THREAD = "PATCH /channels/{channel_id}"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Stage.open() as stage:
        yield stage


# Cards, threads, lines


async def test_a_card_in_a_channel_has_a_thread_with_the_questions_first_words(stage: Stage) -> None:
    card = await stage.shows(stage.card(stage.billing), CARD)
    line = await stage.shows(stage.line(stage.billing, card.ref), LINE)
    thread = stage.thread(card.ref)
    assert thread.name == f"{NUMBER} · {WORDS}"
    assert thread.archive_after_min == 10_080
    assert thread.parent is stage.billing
    assert line.ref in thread.messages
    assert stage.said("billed twice") == 1


async def test_a_card_in_a_forum_is_a_post_with_its_tags(stage: Stage) -> None:
    card = await stage.shows(stage.card(stage.help), CARD)
    line = await stage.shows(stage.line(stage.help, card.ref), LINE)
    assert stage.thread(card.ref).name == f"{NUMBER} · {WORDS}"
    assert stage.tags(card.ref) == {"open", "Billing"}
    assert line.ref in stage.thread(card.ref).messages


async def test_what_is_no_question_is_a_post_of_its_own_in_a_forum(stage: Stage) -> None:
    card = await stage.shows(stage.card(stage.help, about="pointer"), Card(title="**Raised** to $4"))
    assert stage.thread(card.ref).name == "**Raised** to $4"
    await stage.posting.remove(card)
    assert card.ref not in stage.there.channels


@pytest.mark.parametrize("private", [True, False])
async def test_the_words_of_a_private_category_are_in_no_name(stage: Stage, private: bool) -> None:
    stage.house.category = replace(stage.house.category, private=private)
    card = await stage.shows(stage.card(stage.billing), CARD)
    assert ("billed" in stage.thread(card.ref).name) is not private


async def test_a_name_holds_what_fits(stage: Stage) -> None:
    for words in ("word " * 60, "x" * 400, "👩‍👩‍👧‍👦" * 90, "\u200b \n\u3164", "one\n\n  two\tthree"):
        stage.house.first = the_words(words)
        facts = await stage.house.facts(QUESTION, now=0)
        name = thread_name(facts, QUESTION)
        assert name.startswith(NUMBER)
        assert len(name.encode("utf-16-le")) // 2 <= 100
        assert "\n" not in name
        assert name.strip() == name


async def test_tags_follow_the_state_and_leave_alone_what_people_added(stage: Stage) -> None:
    card = await stage.shows(stage.card(stage.help), CARD)
    thread = stage.thread(card.ref)
    thread.applied_tags.append(next(each["id"] for each in stage.help.tags if each["name"] == "iOS"))
    stage.posting.threads.told(thread.payload())
    stage.changes(state=State.CLAIMED)
    await stage.posting.put(card, CARD)
    assert stage.tags(card.ref) == {"Claimed", "Billing", "iOS"}
    stage.changes(state=State.REVIEW)  # there is no tag for it
    await stage.posting.put(card, CARD)
    assert stage.tags(card.ref) == {"Billing", "iOS"}
    asked = stage.there.calls[PATCH_THREAD]
    await stage.posting.put(card, CARD)
    assert stage.there.calls[PATCH_THREAD] == asked, "nothing had changed"
    assert thread.name == f"{NUMBER} · {WORDS}", "state is never shown in the name"


async def test_every_state_has_a_tag_and_the_category_has_one() -> None:
    assert set(STATE_TAGS) == set(State)
    assert wanted_tags(["Billing", "A very long category title"]) == (
        *("Open", "Claimed", "Waiting", "In review", "Answered", "With staff", "Solved", "Closed", "Held"),
        *("Billing", "A very long category"),
    )


async def test_a_forum_that_wants_a_tag_gets_one() -> None:
    async with Stage.open(tags=("General",), moderated=("News",), require_tag=True) as stage:
        card = await stage.shows(stage.card(stage.help), CARD)
        assert stage.tags(card.ref) == {"General"}
    async with Stage.open(tags=()) as stage:
        await stage.shows(stage.card(stage.help), CARD)
        stage.help.tags += [{"id": "5", "name": "New", "moderated": False, "emoji_id": None, "emoji_name": None}]
        stage.help.flags = 1 << 4
        card = await stage.shows(stage.card(stage.help), CARD)
        assert stage.tags(card.ref) == {"New"}


async def test_a_customers_line_opens_the_thread_of_the_message_it_belongs_to(stage: Stage) -> None:
    asked = await stage.ann.says(stage.billing, "Why was I billed twice?")
    line = stage.line(stage.billing, about="answer")
    line = replace(line, notice=replace(line.notice, recipient=Place(f"discord:acme:{stage.billing.id}/{asked.id}")))
    ref = await stage.posting.put(line, LINE)
    assert ref in stage.thread(Ref(asked.id)).messages


# What is over sleeps


@pytest.mark.parametrize("what", [{"state": State.CLOSED, "closed_as": CloseReason.DONE}, {"settled": True}])
@pytest.mark.parametrize("where", ["billing", "help"])
async def test_the_thread_of_a_question_that_is_over_sleeps(stage: Stage, where: str, what: dict[str, object]) -> None:
    channel: Channel = getattr(stage, where)
    card = await stage.shows(stage.card(channel), CARD)
    assert not stage.thread(card.ref).archived
    stage.changes(**what)
    await stage.posting.put(card, replace(CARD, title="Finished"))
    assert stage.thread(card.ref).archived
    await stage.posting.put(card, replace(CARD, title="Finished again"))
    assert stage.thread(card.ref).archived
    assert stage.said("Finished again") == 1
    line = await stage.shows(stage.line(channel, card.ref), LINE)
    await stage.posting.put(line, replace(LINE, title="Mended"))
    assert stage.said("Mended") == 1
    assert stage.thread(card.ref).archived


@pytest.mark.parametrize("told", [True, False])
async def test_what_people_put_to_sleep_is_woken_for_an_edit(stage: Stage, told: bool) -> None:
    card = await stage.shows(stage.card(stage.help), CARD)
    line = await stage.shows(stage.line(stage.help, card.ref), LINE)
    for post, words in ((card, "New card"), (line, "New line")):
        stage.acme.archives(stage.thread(card.ref))
        if told:
            stage.posting.threads.told(stage.thread(card.ref).payload())
        await stage.posting.put(post, replace(LINE, title=words))
        assert stage.said(words) == 1
        assert not stage.thread(card.ref).archived
    assert not (told and stage.there.refused[50083])


async def test_what_sleeps_is_woken_and_tagged_in_one_request(stage: Stage) -> None:
    card = await stage.shows(stage.card(stage.help), CARD)
    stage.acme.archives(stage.thread(card.ref))
    stage.posting.threads.told(stage.thread(card.ref).payload())
    stage.changes(state=State.CLAIMED)
    await stage.posting.put(card, CARD)
    assert stage.tags(card.ref) == {"Claimed", "Billing"}
    assert stage.there.calls[PATCH_THREAD] == 1


async def test_a_locked_thread_takes_what_its_permission_allows(stage: Stage) -> None:
    card = await stage.shows(stage.card(stage.help), CARD)
    stage.acme.locks(stage.thread(card.ref))
    await stage.posting.put(card, replace(CARD, title="Still edited"))
    stage.acme.takes("manage_threads")
    with pytest.raises(Blocked) as trouble:
        await stage.posting.put(stage.line(stage.help, card.ref), LINE)
    assert trouble.value.why == "discord-permission"
    assert "Manage Threads" in trouble.value.cure


# Names that must change


async def test_reworded_and_redacted_words_leave_the_name(stage: Stage) -> None:
    for channel in (stage.billing, stage.help):
        stage.house.first = the_words()
        card = await stage.shows(stage.card(channel), CARD)
        stage.house.first = the_words("How do I cancel?", revision=2)
        await stage.posting.put(card, CARD)
        assert stage.thread(card.ref).name == f"{NUMBER} · How do I cancel?"
        stage.house.first = the_words(redacted=True, revision=3)
        await stage.posting.put(card, CARD)
        assert stage.thread(card.ref).name == NUMBER


async def test_a_name_given_by_hand_stays(stage: Stage) -> None:
    card = await stage.shows(stage.card(stage.help), CARD)
    stage.acme.renames(stage.thread(card.ref), "The VIP one")
    stage.posting.threads.told(stage.thread(card.ref).payload())
    stage.house.first = the_words("How do I cancel?", revision=2)
    await stage.posting.put(card, CARD)
    assert stage.thread(card.ref).name == "The VIP one"


async def test_a_name_that_may_not_be_changed_yet_holds_up_nothing_but_a_redaction(stage: Stage) -> None:
    card = await stage.shows(stage.card(stage.help), CARD)
    stage.there.retry_after_s = (400.0, 400.0)
    stage.there.faults.force(Fault.BUSY, method=PATCH_THREAD)
    stage.house.first = the_words("How do I cancel?", revision=2)
    await stage.posting.put(card, replace(CARD, title="Reworded"))
    assert stage.said("Reworded") == 1
    stage.house.first = the_words(redacted=True, revision=3)
    with pytest.raises(Blocked) as trouble:
        await stage.posting.put(card, replace(CARD, title="Redacted"))
    assert trouble.value.why == "busy", "it is tried again, and nothing else waits for it"
    assert stage.said("Redacted") == 1, "the words themselves are gone at once"
    assert stage.there.too_early == []
    stage.skipped_ms[0] += 401_000
    stage.there.retry_after_s = (0.01, 0.01)
    stage.lets_limits_pass()
    await stage.posting.put(card, replace(CARD, title="Redacted"))
    assert stage.thread(card.ref).name == NUMBER


# One person alone


async def test_somebody_is_told_in_their_own_conversation_alone(stage: Stage) -> None:
    post = await stage.shows(stage.line(stage.bo), LINE)
    await stage.posting.put(post, replace(LINE, title="Bo wrote"))
    assert "Bo wrote" in stage.bo.dm()
    assert stage.there.rang == [] or all(each.who == (stage.bo.id,) for each in stage.there.rang)
    await stage.posting.remove(post)
    assert "Bo wrote" not in stage.bo.dm()
    assert await stage.posting.directs.known() == {stage.bo.id: stage.bo.room("dm").id}
    assert stage.house.kept["discord/directs"] == f'{{"{stage.bo.id}": "{stage.bo.room("dm").id}"}}'


@pytest.mark.parametrize("where", ["billing", "help"])
async def test_crew_whose_messages_are_closed_are_called_to_the_thread(stage: Stage, where: str) -> None:
    channel: Channel = getattr(stage, where)
    card = await stage.shows(stage.card(channel), CARD)
    stage.house.cards = [card]
    await stage.bo.closes_dms()
    post = stage.line(stage.bo, about="claim-ends", person="bo")
    secret = replace(LINE, title="Secret")
    shown = await stage.shows(post, secret)
    call = stage.bo.message_with(channel, "there is news about")
    assert f"@bo, there is news about {NUMBER} for you." in stage.bo.reads(channel)
    assert call.channel is stage.thread(card.ref)
    assert [each.who for each in stage.there.rang if each.message == call.id] == [(stage.bo.id,)]
    button = call.components[1]["components"][0]
    assert button["custom_id"] == f"read|{post.notice.recipient}|{post.notice.slot}"
    assert "Secret" not in stage.bo.reads(channel)
    assert await stage.posting.find(post) == shown.ref == f"{card.ref}/{call.id}"
    assert await stage.posting.put(shown, secret) == shown.ref
    await stage.posting.remove(shown)
    assert "there is news" not in stage.bo.reads(channel)


async def test_customers_are_called_where_they_asked_and_never_to_the_experts(stage: Stage) -> None:
    lobby = stage.acme.channel("lobby")
    stage.house.cards = [await stage.shows(stage.card(stage.billing), CARD)]
    stage.changes(origin=stage.place(stage.ann))
    await stage.ann.closes_dms()
    with pytest.raises(Blocked) as trouble:
        await stage.posting.put(stage.line(stage.ann, about="answer"), LINE)
    assert trouble.value.why == "discord-no-direct"
    stage.house.kept[f"discord/asked-in/{stage.ann.id}"] = lobby.id
    await stage.posting.put(stage.line(stage.ann, about="answer"), LINE)
    assert f"@ann, there is news about {NUMBER} for you." in stage.ann.reads(lobby)
    stage.changes(origin=Place("web:@ann"))
    await stage.posting.put(stage.line(stage.ann, about="answer", person=PersonId("ann")), LINE)
    assert "news" not in stage.bo.reads(stage.billing)
    assert "Thanks" not in stage.bo.reads(lobby)


async def test_whoever_left_is_called_nowhere(stage: Stage) -> None:
    stage.house.cards = [await stage.shows(stage.card(stage.billing), CARD)]
    await stage.bo.leaves(stage.acme)
    with pytest.raises(Blocked) as trouble:
        await stage.posting.put(stage.line(stage.bo, about="claim-ends"), LINE)
    assert trouble.value.why == "discord-no-direct"
    assert "news" not in stage.ann.reads(stage.billing)
    stage.changes(origin=stage.place(stage.bo))
    stage.house.kept[f"discord/asked-in/{stage.bo.id}"] = stage.billing.id
    with pytest.raises(Blocked):
        await stage.posting.put(stage.line(stage.bo, about="answer"), LINE)
    assert "news" not in stage.ann.reads(stage.billing)


async def test_only_checked_texts_on_their_way_to_a_customer_have_addresses_to_follow(stage: Stage) -> None:
    said = Card(title="Answer", quotes=(Quote(author="Bo", text="See https://acme.example/help"),))
    await stage.posting.put(stage.line(stage.ann, about="answer"), said)
    assert "`https://acme.example/help`" in str(stage.ann.message_with("dm", "See").components)
    stage.changes(origin=stage.place(stage.ann))
    await stage.posting.put(stage.line(stage.ann, about="answer"), said)
    assert "`" not in str(stage.ann.message_with("dm", "See").components)
