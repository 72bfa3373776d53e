"""What is found again by where it stands on its platform: words, posts, and the question of a thread."""

from dataclasses import replace

import pytest

from bot.commands import Claim
from bot.model import Place, PostState, QuestionId, Ref
from storage import SqliteStore
from tests.contracts.store_samples import ANN, CHANNEL, ask, card, change, line, said, settle_in
from tests.contracts.test_store_posts import CARD, Courier, want

HERE = Place("slack:acme:D1/100.1")
THREAD = Place("slack:acme:C1/100.1")


@pytest.fixture
async def home(store: SqliteStore) -> SqliteStore:
    await store.run(settle_in)
    return store


async def test_words_are_found_by_the_message_they_were(home: SqliteStore) -> None:
    question = await home.run(ask)
    first = replace(said(question.id, 1, "one"), source=HERE)
    second = replace(said(question.id, 2, "two"), source=HERE)
    await home.run(lambda work: change(work, question, Claim(question=question.id), second, first))
    assert await home.views.messages_from(HERE) == [first, second]
    assert await home.run(lambda work: work.messages_from(HERE)) == [first, second]
    assert await home.views.messages_from(THREAD) == []


async def test_words_that_were_erased_are_not_found_by_their_message(home: SqliteStore) -> None:
    question = await home.run(ask)
    first = replace(said(question.id, 1, "one"), source=HERE)
    await home.run(lambda work: change(work, question, Claim(question=question.id), first))
    await home.run(lambda work: work.erase_person(ANN, 9))
    assert await home.views.messages_from(HERE) == []


async def test_a_post_is_found_by_its_message(home: SqliteStore) -> None:
    question = await home.run(ask)
    courier = Courier(home)
    await want(home, card(CARD, question=question.id), line("Q1/m/1", CARD, question=question.id), card("other"))
    await courier.empty()
    post = await home.views.post_at(CHANNEL, Ref("ref of Q1/m/1"))
    assert post is not None
    assert (post.notice.slot, post.parent_ref) == ("Q1/m/1", f"ref of {CARD}")
    assert await home.views.question_at(CHANNEL, Ref(f"ref of {CARD}")) == question.id
    assert await home.views.question_at(CHANNEL, Ref("ref of other")) is None
    assert await home.views.question_at(Place("web:elsewhere"), Ref(f"ref of {CARD}")) is None
    assert await home.views.post_at(CHANNEL, Ref("none")) is None


async def test_a_thread_of_one_question_is_known_by_its_place(home: SqliteStore) -> None:
    first, second = await home.run(ask), await home.run(ask)
    await want(home, line("Q1/asked", recipient=THREAD, question=first.id))
    await want(home, line("Q1/m/2", recipient=THREAD, question=first.id))
    assert await home.views.question_at(THREAD) == first.id
    await want(home, line("Q2/asked", recipient=THREAD, question=second.id))
    assert await home.views.question_at(THREAD) is None
    # What is said in a channel, or alone to the product, can be about anything.
    await want(home, line("Q1/asked", recipient=Place("slack:acme:C1"), question=first.id))
    await want(home, line("Q1/asked", recipient=Place("web:a/b:@ann"), question=first.id))
    assert await home.views.question_at(Place("slack:acme:C1")) is None
    assert await home.views.question_at(Place("web:a/b:@ann")) is None


async def test_the_cards_of_a_question_are_those_that_channels_show(home: SqliteStore) -> None:
    question = await home.run(ask)
    there = Place("slack:acme:C1")
    await want(home, card(CARD, question=question.id), card(CARD, there, question=question.id))
    await want(home, line("Q1/m/1", CARD, question=question.id))
    assert await home.views.cards_of(question.id) == []
    await Courier(home).empty()
    assert [each.notice.recipient for each in await home.views.cards_of(question.id)] == [CHANNEL]
    await Courier(home, there).empty()
    assert {each.notice.recipient for each in await home.views.cards_of(question.id)} == {CHANNEL, there}
    assert await home.views.cards_of(QuestionId(99)) == []


async def test_a_post_says_how_far_back_to_look_for_it(store: SqliteStore) -> None:
    courier = Courier(store)
    await want(store, card(CARD), at=5)
    post = await courier.must(100)
    assert post.wanted_at == 5
    await courier.fail(post, PostState.UNKNOWN, retry_at=130)
    # It is wanted once more, while the first try may have been applied at 100.
    await want(store, card(CARD), at=120)
    again = await courier.must(140)
    assert (again.state, again.wanted_at) == (PostState.UNKNOWN, 100)
    await courier.show(again)
    await want(store, card(CARD), at=200)
    assert (await courier.must(210)).wanted_at == 200
