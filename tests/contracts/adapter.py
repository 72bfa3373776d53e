"""What every platform's adapter must do. A platform's tests subclass a contract and give it a rig.

    class TestZulip(WireContract):
        @pytest.fixture
        async def rig(self):
            async with ZulipRig() as rig:
                yield rig

`AdapterContract` is for every adapter, `WireContract` for those whose requests can get lost on the way.
"""

import asyncio
from dataclasses import replace
from enum import StrEnum
from itertools import count
from typing import Protocol

import pytest

from bot.card import Button, Card, Entry, Field, Form, Input, Quote, Weight
from bot.model import Notice, Place, Post, PostKind, QuestionId, Ref
from bot.ports import Adapter, Asked, Blocked, Busy, Gone, Heard, Reply, Unknown, Wrote

MARKUP = "*bold* <b>bold</b> [my bank](https://evil.example) <https://evil.example|my bank> `code` ||hidden||"
MENTIONS = "@everyone <!channel> <!here> <@ann> <@U1> <@&1> <#C1> @here"
ESCAPES = "\x1b[2J\x1b]0;owned\x07"


class Break(StrEnum):
    """What goes wrong at the next request."""

    BUSY = "busy"  # come back in 3 seconds
    LOST = "lost"  # neither applied nor answered
    LOST_ANSWER = "lost-answer"  # applied, and no answer
    FAILS_AFTER = "fails-after"  # applied, and answered with a server's error
    AWAY = "away"  # nobody listens any more
    CHANNEL_GONE = "channel-gone"
    THREAD_GONE = "thread-gone"  # the message `at` was deleted with all under it
    SHUT = "shut"  # the channel no longer takes our messages


class Rig(Protocol):
    """A platform under the adapter, with people on it. The adapter is listening, and what it hears is queued."""

    adapter: Adapter
    place: Place  # a channel that both people read

    async def hears(self) -> Heard | Asked | Wrote:
        """The next thing the adapter took in; fails when there is none within five seconds."""
        ...

    def answers(self, answer: Reply | Form) -> None:
        """What the core says to everything from now on."""
        ...

    async def presses(self, ref: Ref, label: str) -> None:
        """Bo presses the button with that label on that message."""
        ...

    async def types(self, sentence: str) -> None:
        """Bo says a command the way one says commands on this platform."""
        ...

    async def fills(self, **values: str) -> None:
        """Bo fills the form on the screen and sends it."""
        ...

    async def asks(self, text: str) -> None:
        """Ann asks a question."""
        ...

    async def told(self) -> str:
        """What Bo alone was shown last, when something is."""
        ...

    async def screen(self) -> str:
        """Everything there is to read at the place, character for character as people read it."""
        ...

    async def rang(self) -> list[str]:
        """Whose telephones rang because of messages there."""
        ...


class WireRig(Rig, Protocol):
    """A platform behind a wire."""

    async def breaks(self, how: Break, at: Ref | None = None) -> None: ...

    async def again(self) -> None:
        """The platform delivers the last event once more."""
        ...

    async def copies(self, text: str) -> int:
        """How many messages at the place have this text."""
        ...


_ids = count(1)


def a_post(place: Place, *, ref: Ref | None = None, kind: PostKind = PostKind.CARD, under: Ref | None = None) -> Post:
    number = next(_ids)
    notice = Notice(
        recipient=place, slot=f"Q7K3/{number}", kind=kind, about="question", question=QuestionId(7), message=1
    )
    return Post(id=number, notice=notice, revision=1, ref=ref, parent_ref=under)


CARD = Card(
    title="Q7K3 · Billing · $1.40 to you",
    body="Waiting for 4 min.",
    quotes=(Quote(author="A customer", text="Why was I billed twice?"),),
    fields=(Field(label="State", value="Open to everybody"),),
    buttons=(Button(label="Claim", sentence="claim Q7K3", weight=Weight.MAIN),),
    footnote="Only what you send leaves this thread.",
)

FORM = Form(
    title="Answer Q7K3",
    sentence="answer Q7K3",
    entries=(Entry(name="words", label="Your answer", input=Input.TEXT),),
    submit="Send to customer",
)


class AdapterContract:
    @pytest.fixture
    async def rig(self) -> Rig:
        raise NotImplementedError("each platform's test gives its rig")

    # Showing

    async def test_a_card_is_shown_with_all_it_says(self, rig: Rig) -> None:
        await rig.adapter.put(a_post(rig.place), CARD)
        screen = await rig.screen()
        for text in (CARD.title, CARD.body, "Why was I billed twice?", "Open to everybody", "Claim", CARD.footnote):
            assert text in screen, f"{text!r} is missing in:\n{screen}"

    async def test_with_a_ref_it_is_edited_and_not_said_again(self, rig: Rig) -> None:
        post = a_post(rig.place)
        ref = await rig.adapter.put(post, CARD)
        taken = replace(CARD, title="Q7K3 · Billing · Bo is on it", buttons=())
        again = await rig.adapter.put(replace(post, ref=ref, revision=2), taken)
        same = await rig.adapter.put(replace(post, ref=ref, revision=2), taken)
        screen = await rig.screen()
        assert again == same == ref
        assert screen.count("Bo is on it") == 1
        assert CARD.title not in screen

    async def test_a_line_stands_under_its_card(self, rig: Rig) -> None:
        ref = await rig.adapter.put(a_post(rig.place), CARD)
        line = a_post(rig.place, kind=PostKind.LINE, under=ref)
        await rig.adapter.put(line, Card(title="Ann wrote", compact=True, quotes=(Quote(author="Ann", text="Thanks"),)))
        screen = await rig.screen()
        assert screen.index(CARD.title) < screen.index("Thanks")

    async def test_what_is_removed_is_gone_and_removing_it_again_is_harmless(self, rig: Rig) -> None:
        post = a_post(rig.place)
        post = replace(post, ref=await rig.adapter.put(post, CARD))
        await rig.adapter.remove(post)
        await rig.adapter.remove(post)
        assert CARD.title not in await rig.screen()

    async def test_the_longest_texts_fit_or_end_in_a_mark(self, rig: Rig) -> None:
        words = " ".join(f"word{number}" for number in range(3_000))
        long = replace(CARD, title=words[:500], body=words, quotes=(Quote(author=words[:300], text=words),))
        await rig.adapter.put(a_post(rig.place), long)
        screen = await rig.screen()
        assert "word0 word1 word2" in screen
        assert "word2998 word2999" in screen or "…" in screen

    async def test_many_fields_and_quotes_fit_or_end_in_a_mark(self, rig: Rig) -> None:
        many = replace(
            CARD,
            fields=tuple(Field(label=f"Field {number}", value="x" * 40) for number in range(60)),
            quotes=tuple(Quote(author=f"Person {number}", text="Words") for number in range(30)),
        )
        await rig.adapter.put(a_post(rig.place), many)
        screen = await rig.screen()
        assert "Person 0" in screen
        assert "Field 59" in screen or "…" in screen

    async def test_markup_and_mentions_in_words_are_only_words(self, rig: Rig) -> None:
        words = f"{MARKUP} {MENTIONS}"
        card = replace(CARD, quotes=(Quote(author="<@ann> *Ann*", text=words + ESCAPES),))
        await rig.adapter.put(a_post(rig.place), card)
        screen = await rig.screen()
        assert words in screen
        assert "<@ann> *Ann*" in screen
        assert await rig.rang() == []

    async def test_nothing_in_words_drives_the_screen(self, rig: Rig) -> None:
        await rig.adapter.put(a_post(rig.place), replace(CARD, quotes=(Quote(author="Ann", text=ESCAPES + "Hello"),)))
        screen = await rig.screen()
        assert "Hello" in screen
        assert "\x1b" not in screen
        assert "\x07" not in screen

    # Hearing

    @pytest.mark.parametrize("sentence", ["claim Q7K3", "not-yet Q7K3ABCD 12 did-not-work", "extend QX00", "s" * 96])
    async def test_a_button_comes_back_as_its_sentence(self, rig: Rig, sentence: str) -> None:
        buttons = (Button(label="Other", sentence="pass Q7K3"), Button(label="This", sentence=sentence))
        ref = await rig.adapter.put(a_post(rig.place), replace(CARD, buttons=buttons))
        await rig.presses(ref, "This")
        heard = await rig.hears()
        assert isinstance(heard, Heard)
        assert heard.sentence == sentence

    async def test_a_typed_sentence_arrives_as_it_was_typed(self, rig: Rig) -> None:
        await rig.types("answer Q7K3 It is a hold; it goes away in 3 days.")
        heard = await rig.hears()
        assert isinstance(heard, Heard)
        assert heard.sentence == "answer Q7K3 It is a hold; it goes away in 3 days."

    async def test_every_event_has_a_key_of_its_own_with_the_platforms_name(self, rig: Rig) -> None:
        await rig.types("claim Q7K3")
        first = await rig.hears()
        await rig.types("claim Q7K3")
        second = await rig.hears()
        assert first.key != second.key
        assert first.key.startswith(f"{rig.adapter.name}/")

    async def test_the_same_person_has_the_same_identity_everywhere(self, rig: Rig) -> None:
        await rig.types("claim Q7K3")
        typed = await rig.hears()
        ref = await rig.adapter.put(a_post(rig.place), CARD)
        await rig.presses(ref, "Claim")
        pressed = await rig.hears()
        await rig.asks("Why was I billed twice?")
        asked = await rig.hears()
        assert typed.who == pressed.who
        assert asked.who != typed.who
        assert typed.who.platform == rig.adapter.name

    async def test_a_customers_words_are_never_a_command(self, rig: Rig) -> None:
        await rig.asks("claim Q7K3")
        asked = await rig.hears()
        assert isinstance(asked, Asked)
        assert asked.text == "claim Q7K3"
        assert asked.origin.startswith(f"{rig.adapter.name}:")

    async def test_the_answer_is_for_the_actor_alone(self, rig: Rig) -> None:
        rig.answers(Reply(card=Card(title="Q7K3 is yours until 14:22")))
        await rig.types("claim Q7K3")
        await rig.hears()
        assert "yours until 14:22" in await rig.told()
        assert "yours until 14:22" not in await rig.screen()

    async def test_an_unfinished_sentence_opens_a_form_that_finishes_it(self, rig: Rig) -> None:
        rig.answers(FORM)
        await rig.types("answer Q7K3")
        await rig.hears()
        assert "Your answer" in await rig.told()
        rig.answers(Reply(card=Card(title="Sent")))
        await rig.fills(words="It is a hold.")
        heard = await rig.hears()
        assert isinstance(heard, Heard)
        assert heard.sentence == "answer Q7K3"
        assert dict(heard.values) == {"words": "It is a hold."}


class WireContract(AdapterContract):
    @pytest.fixture
    async def rig(self) -> WireRig:
        raise NotImplementedError("each platform's test gives its rig")

    async def test_a_rate_limit_is_busy_with_its_seconds(self, rig: WireRig) -> None:
        await rig.breaks(Break.BUSY)
        with pytest.raises(Busy) as trouble:
            await rig.adapter.put(a_post(rig.place), CARD)
        assert trouble.value.retry_after_seconds == pytest.approx(3, abs=0.01)
        assert await rig.copies(CARD.title) == 0

    async def test_a_platform_that_is_away_is_busy_for_nothing_was_sent(self, rig: WireRig) -> None:
        await rig.breaks(Break.AWAY)
        with pytest.raises(Busy):
            await rig.adapter.put(a_post(rig.place), CARD)

    @pytest.mark.parametrize("how", [Break.LOST_ANSWER, Break.FAILS_AFTER])
    async def test_a_lost_answer_is_unknown_and_the_message_can_be_found(self, rig: WireRig, how: Break) -> None:
        post = a_post(rig.place)
        await rig.breaks(how)
        with pytest.raises(Unknown):
            await rig.adapter.put(post, CARD)
        ref = await rig.adapter.find(post)
        assert ref is not None
        assert await rig.copies(CARD.title) == 1, "it was sent more than once"
        await rig.adapter.put(replace(post, ref=ref), replace(CARD, title="Found"))
        assert await rig.copies("Found") == 1

    async def test_a_lost_request_is_unknown_and_there_is_nothing_to_find(self, rig: WireRig) -> None:
        post = a_post(rig.place)
        await rig.breaks(Break.LOST)
        with pytest.raises(Unknown):
            await rig.adapter.put(post, CARD)
        assert await rig.adapter.find(post) is None

    async def test_only_its_own_message_is_found(self, rig: WireRig) -> None:
        mine, other = a_post(rig.place), a_post(rig.place)
        ref = await rig.adapter.put(mine, CARD)
        assert await rig.adapter.find(mine) == ref
        assert await rig.adapter.find(other) is None

    async def test_a_deleted_channel_is_gone(self, rig: WireRig) -> None:
        post = a_post(rig.place)
        ref = await rig.adapter.put(post, CARD)
        await rig.breaks(Break.CHANNEL_GONE)
        for each in (a_post(rig.place), replace(post, ref=ref)):
            with pytest.raises(Gone) as trouble:
                await rig.adapter.put(each, CARD)
            assert trouble.value.what == "channel" or each.ref is not None

    async def test_a_deleted_thread_is_gone(self, rig: WireRig) -> None:
        post = a_post(rig.place)
        ref = await rig.adapter.put(post, CARD)
        await rig.breaks(Break.THREAD_GONE, at=ref)
        for each in (a_post(rig.place, kind=PostKind.LINE, under=ref), replace(post, ref=ref)):
            with pytest.raises(Gone) as trouble:
                await rig.adapter.put(each, CARD)
            assert trouble.value.what == "thread"
        await rig.adapter.remove(replace(post, ref=ref))

    async def test_a_channel_that_takes_nothing_is_blocked_and_says_what_to_do(self, rig: WireRig) -> None:
        await rig.breaks(Break.SHUT)
        with pytest.raises(Blocked) as trouble:
            await rig.adapter.put(a_post(rig.place), CARD)
        assert trouble.value.why
        assert trouble.value.cure

    async def test_the_same_event_twice_has_the_same_key(self, rig: WireRig) -> None:
        await rig.types("claim Q7K3")
        first = await rig.hears()
        await rig.again()
        assert (await rig.hears()).key == first.key

    async def test_sends_to_one_place_do_not_wait_for_each_other(self, rig: WireRig) -> None:
        refs = await asyncio.gather(*(rig.adapter.put(a_post(rig.place), CARD) for _ in range(40)))
        assert len(set(refs)) == 40
        assert await rig.copies(CARD.title) == 40
