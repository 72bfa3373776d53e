"""What is sent next, what waits for what, and what becomes of a post after a crash."""

from collections.abc import Callable

import pytest

from bot.model import Notice, Place, Post, PostKind, PostState, Ref
from bot.ports import Work
from storage import SqliteStore
from tests.contracts.conftest import Open
from tests.contracts.store_samples import ANN, CHANNEL, ask, card, line, settle_in

LATER = 1_000_000
CARD = "Q1/card"


class Courier:
    """Sends everything that is ready, one after the other, and remembers what it sent."""

    def __init__(self, store: SqliteStore, recipient: Place = CHANNEL) -> None:
        self.store, self.recipient = store, recipient
        self.sent: list[str] = []

    async def next(self, now: int = LATER) -> Post | None:
        return await self.store.run(lambda work: work.next_post(self.recipient, now))

    async def must(self, now: int = LATER) -> Post:
        post = await self.next(now)
        assert post is not None
        return post

    async def show(self, post: Post) -> None:
        ref = None if post.notice.absent else post.ref or Ref(f"ref of {post.notice.slot}")
        await self.store.run(lambda work: work.shown(post, ref))
        self.sent.append(post.notice.slot)

    async def empty(self, now: int = LATER) -> list[str]:
        while post := await self.next(now):
            await self.show(post)
        return self.sent

    async def fail(self, post: Post, state: PostState, retry_at: int = LATER * 2, why: str = "") -> None:
        await self.store.run(lambda work: work.set_back(post, state=state, retry_at=retry_at, why=why))


async def want(store: SqliteStore, *notices: Notice, at: int = 1) -> None:
    await store.run(lambda work: work.want(notices, at))


@pytest.fixture
def courier(store: SqliteStore) -> Courier:
    return Courier(store)


async def test_a_line_waits_for_its_card_and_for_earlier_lines(store: SqliteStore, courier: Courier) -> None:
    await want(store, line("Q1/m/1", CARD), at=1)
    assert await courier.next() is None
    await want(store, card(CARD), line("Q1/m/2", CARD), at=2)
    await want(store, line("Q1/m/3", CARD), at=3)
    assert await courier.empty() == [CARD, "Q1/m/1", "Q1/m/2", "Q1/m/3"]
    assert await courier.store.run(lambda work: work.next_post_at(CHANNEL)) is None


async def test_a_line_knows_where_its_card_is(store: SqliteStore, courier: Courier) -> None:
    await want(store, card(CARD), line("Q1/m/1", CARD))
    top = await courier.must()
    assert (top.parent_ref, top.state, top.revision, top.shown) == (None, PostState.SENDING, 1, 0)
    await courier.show(top)
    assert (await courier.must()).parent_ref == f"ref of {CARD}"


async def test_a_thread_at_one_place_does_not_wait_for_the_same_at_another(store: SqliteStore) -> None:
    there = Place("slack:acme:C1")
    await want(store, card(CARD), card(CARD, there), line("Q1/m/1", CARD, there))
    assert await Courier(store, there).empty() == [CARD, "Q1/m/1"]


async def test_nothing_overtakes_a_line_that_is_under_way(store: SqliteStore, courier: Courier) -> None:
    await want(store, card(CARD), line("Q1/m/1", CARD), line("Q1/m/2", CARD))
    await courier.show(await courier.must())
    under_way = await courier.must()
    assert under_way.notice.slot == "Q1/m/1"
    assert await courier.next() is None
    await courier.fail(under_way, PostState.UNKNOWN)
    assert await courier.next() is None
    looked_for = await courier.must(LATER * 3)
    assert (looked_for.notice.slot, looked_for.state) == ("Q1/m/1", PostState.UNKNOWN)
    await courier.show(looked_for)
    assert (await courier.must()).notice.slot == "Q1/m/2"


async def test_a_parked_line_lets_the_others_pass(store: SqliteStore, courier: Courier) -> None:
    await want(store, card(CARD), line("Q1/m/1", CARD), line("Q1/m/2", CARD))
    await courier.show(await courier.must())
    await courier.fail(await courier.must(), PostState.PARKED, why="too-long")
    assert await courier.empty() == [CARD, "Q1/m/2"]
    assert [(post.why, post.tries) for post in await store.views.troubled_posts()] == [("too-long", 1)]
    counts = await store.views.counts()
    assert (counts.unsent, counts.oldest_unsent_at, counts.troubled) == (1, None, {PostState.PARKED: 1})
    assert await courier.empty(LATER * 3) == [CARD, "Q1/m/2", "Q1/m/1"]
    assert await store.views.troubled_posts() == []


async def test_fresh_work_overtakes_but_nothing_waits_for_ever(store: SqliteStore, courier: Courier) -> None:
    for number in range(1, 9):
        await want(store, card(f"Q{number}/card"), at=number)
    order = [int(slot[1]) for slot in await courier.empty()]
    assert order == [8, 7, 6, 1, 5, 4, 3, 2]


async def test_what_was_wanted_together_goes_in_the_order_it_was_wanted(store: SqliteStore, courier: Courier) -> None:
    await want(store, card("a"), card("b"), card("c"))
    assert await courier.empty() == ["a", "b", "c"]


async def test_a_post_waits_for_its_moment_unless_it_is_hurried(store: SqliteStore, courier: Courier) -> None:
    await want(store, line("Q1/m/1", not_before=500))
    assert await courier.next(499) is None
    assert await store.run(lambda work: work.next_post_at(CHANNEL)) == 500
    await store.run(lambda work: work.hurry(CHANNEL, "Q1/m/1", 3))
    assert await store.run(lambda work: work.next_post_at(CHANNEL)) == 0
    post = await courier.must(3)
    await courier.fail(post, PostState.READY, retry_at=900)
    assert await courier.next(899) is None
    assert await store.run(lambda work: work.next_post_at(CHANNEL)) == 900
    await store.run(lambda work: work.hurry(CHANNEL, "Q1/m/1", 4))
    assert await courier.empty(4) == ["Q1/m/1"]


async def test_hurrying_never_says_a_thing_twice(store: SqliteStore, courier: Courier) -> None:
    await want(store, line("Q1/m/1"))
    await courier.fail(await courier.must(), PostState.UNKNOWN, retry_at=900)
    await store.run(lambda work: work.hurry(CHANNEL, "Q1/m/1", 3))
    assert await courier.next(899) is None  # it settles first


async def test_a_card_is_sent_in_its_newest_state_only(store: SqliteStore, courier: Courier) -> None:
    await want(store, card(CARD), at=1)
    await want(store, card(CARD, about="closed"), at=2)
    post = await courier.must()
    assert (post.revision, post.notice.about) == (2, "closed")
    await want(store, card(CARD, about="closed"), at=3)  # while it is being sent
    assert await courier.next() is None
    await courier.show(post)
    again = await courier.must()
    assert (again.revision, again.shown, again.ref) == (3, 2, f"ref of {CARD}")
    assert again.state is PostState.READY  # an edit may be done twice
    await courier.show(again)
    assert await courier.next() is None


async def test_a_line_that_says_the_same_is_not_said_again(store: SqliteStore, courier: Courier) -> None:
    await want(store, line("Q1/m/1"), at=1)
    await courier.empty()
    await want(store, line("Q1/m/1"), at=2)
    assert await courier.next() is None
    await want(store, line("Q1/m/1", args={"revision": 2}), at=3)
    post = await courier.must()
    assert (post.revision, post.ref) == (2, "ref of Q1/m/1")


async def test_an_edit_waits_for_nobody(store: SqliteStore, courier: Courier) -> None:
    await want(store, card(CARD), line("Q1/m/1", CARD), line("Q1/m/2", CARD))
    await courier.empty()
    await want(store, line("Q1/m/3", CARD), at=2)
    await courier.fail(await courier.must(), PostState.UNKNOWN)
    await want(store, line("Q1/m/2", CARD, args={"revision": 2}), at=3)
    assert (await courier.must()).notice.slot == "Q1/m/2"


async def test_what_was_never_shown_is_simply_dropped(store: SqliteStore, courier: Courier) -> None:
    await want(store, card("a", absent=True), card("b"), card("c"))
    await want(store, card("b", absent=True), at=2)
    assert await courier.empty() == ["c"]
    assert await store.views.post(CHANNEL, "a") is None
    await want(store, card("b"), at=3)
    assert await courier.empty() == ["c", "b"]


async def test_what_is_shown_is_taken_away_and_may_come_back(store: SqliteStore, courier: Courier) -> None:
    await want(store, card("a"))
    await courier.empty()
    await want(store, card("a", absent=True), at=2)
    assert [post.notice.slot for post in await store.views.posts(CHANNEL)] == ["a"]
    post = await courier.must()
    assert (post.notice.absent, post.ref) == (True, "ref of a")
    await courier.show(post)
    assert await store.views.posts(CHANNEL) == []
    await want(store, card("a"), at=3)
    assert (await courier.must()).ref is None


async def test_what_may_be_shown_already_is_taken_away_once_that_is_known(store: SqliteStore, courier: Courier) -> None:
    await want(store, card("a"))
    sending = await courier.must()
    await want(store, card("a", absent=True), at=2)
    assert await courier.next() is None
    await courier.show(sending)
    assert (await courier.must()).notice.absent


async def test_what_could_not_be_shown_and_is_no_longer_wanted_is_forgotten(
    store: SqliteStore, courier: Courier
) -> None:
    await want(store, card("a"))
    sending = await courier.must()
    await want(store, card("a", absent=True), at=2)
    await courier.fail(sending, PostState.READY, retry_at=0)
    assert await courier.next() is None


async def in_line(store: SqliteStore, courier: Courier) -> None:
    """Nothing happened to it yet."""


async def parked(store: SqliteStore, courier: Courier) -> None:
    await courier.fail(await courier.must(), PostState.PARKED)


async def sending(store: SqliteStore, courier: Courier) -> None:
    await courier.must()


async def unknown(store: SqliteStore, courier: Courier) -> None:
    await courier.fail(await courier.must(), PostState.UNKNOWN)


async def shown(store: SqliteStore, courier: Courier) -> None:
    await courier.show(await courier.must())


@pytest.mark.parametrize(
    ("happen", "withdrawn"),
    [(in_line, True), (parked, True), (sending, False), (unknown, False), (shown, False)],
)
async def test_a_line_is_taken_back_only_while_nobody_can_have_seen_it(
    store: SqliteStore, courier: Courier, happen: Callable[..., object], withdrawn: bool
) -> None:
    await want(store, line("Q1/m/1"))
    await happen(store, courier)  # type: ignore[misc]
    await want(store, line("Q1/m/1", absent=True))
    assert (await store.views.pending_recipients() == []) is withdrawn
    if withdrawn:
        assert await courier.empty(LATER * 3) == []


async def test_taking_back_the_first_line_lets_the_second_go(store: SqliteStore, courier: Courier) -> None:
    await want(store, card(CARD), line("Q1/m/1", CARD), line("Q1/m/2", CARD))
    await courier.show(await courier.must())
    await want(store, line("Q1/m/1", CARD, absent=True))
    assert await courier.empty() == [CARD, "Q1/m/2"]


async def test_after_a_crash_what_was_being_sent_is_unknown(open_database: Open) -> None:
    store = await open_database()
    courier = Courier(store)
    await want(store, card(CARD), card("Q2/card"), line("Q1/m/1", CARD))
    await courier.show(await courier.must())
    await courier.must()
    await courier.must()
    await store.close()

    store = await open_database()
    courier = Courier(store)
    assert await courier.next() is None
    assert await store.run(lambda work: work.recover_sending(100, 130)) == 2
    assert await courier.next(129) is None
    assert await store.run(lambda work: work.next_post_at(CHANNEL)) == 130
    assert await store.views.pending_recipients() == [CHANNEL]
    found = [await courier.must(130)]
    await courier.show(found[0])
    found.append(await courier.must(130))
    assert {post.notice.slot for post in found} == {"Q2/card", "Q1/m/1"}
    assert {post.state for post in found} == {PostState.UNKNOWN}
    # The search found nothing: it is sent like a first time.
    await courier.fail(found[1], PostState.READY, retry_at=0)
    assert (await courier.must(130)).state is PostState.SENDING


async def test_a_thread_that_is_gone_starts_again_with_a_new_card(store: SqliteStore, courier: Courier) -> None:
    await want(store, card(CARD))
    await courier.empty()
    await want(store, card(CARD), line("Q1/m/1", CARD), at=2)
    edit = await courier.must()
    assert edit.ref == f"ref of {CARD}"
    await courier.fail(edit, PostState.GONE, why="thread")
    assert await courier.next() is None
    assert [post.why for post in await store.views.troubled_posts()] == ["thread"]
    await want(store, card(CARD), at=3)
    top = await courier.must()
    assert (top.notice.slot, top.ref, top.state) == (CARD, None, PostState.SENDING)
    await courier.show(top)
    assert (await courier.must()).parent_ref == f"ref of {CARD}"


async def test_a_parked_card_that_changes_is_tried_at_once(store: SqliteStore, courier: Courier) -> None:
    await want(store, card(CARD))
    await courier.fail(await courier.must(), PostState.PARKED)
    assert await courier.next() is None
    await want(store, card(CARD), at=2)
    assert await courier.empty() == [CARD]


async def test_words_that_changed_are_shown_anew_wherever_they_stand(store: SqliteStore, courier: Courier) -> None:
    await store.run(settle_in)
    question = await store.run(ask)
    mine, theirs = {"question": question.id}, {"question": question.id + 1}
    await want(
        store,
        card(CARD, **mine),
        line("Q1/m/1", CARD, message=1, **mine),
        line("Q1/m/2", CARD, message=2, **mine),
        card("Q2/card", **theirs),
    )
    await courier.empty()
    courier.sent.clear()
    await store.run(lambda work: work.refresh(question.id, 1))
    assert sorted(await courier.empty()) == [CARD, "Q1/m/1"]
    assert await store.views.post(CHANNEL, "Q1/m/9") is None


async def test_pages_of_a_channel_and_of_a_thread(store: SqliteStore, courier: Courier) -> None:
    await want(store, *(card(f"Q{number}/card") for number in range(5)), line("Q1/m/1", CARD))
    assert await store.views.posts(CHANNEL) == []
    await courier.empty()
    last = await store.views.posts(CHANNEL, limit=2)
    assert [post.notice.slot for post in last] == ["Q3/card", "Q4/card"]
    earlier = await store.views.posts(CHANNEL, before=last[0].id, limit=2)
    assert [post.notice.slot for post in earlier] == ["Q1/card", "Q2/card"]
    (said,) = await store.views.thread(CHANNEL, CARD)
    assert (said.notice.slot, said.parent_ref) == ("Q1/m/1", f"ref of {CARD}")
    found = await store.views.post(CHANNEL, "Q1/m/1")
    assert found == said
    assert said.notice.kind is PostKind.LINE


async def test_every_place_with_something_to_send_is_found(store: SqliteStore) -> None:
    places = [Place(f"web:{name}") for name in "cab"]
    await want(store, *(card(CARD, place) for place in places), *(card("Q2/card", place) for place in places))
    assert await store.views.pending_recipients() == sorted(places)
    await Courier(store, places[0]).empty()
    assert await store.views.pending_recipients() == ["web:a", "web:b"]
    counts = await store.views.counts()
    assert (counts.unsent, counts.oldest_unsent_at) == (4, 1)


async def test_posts_of_nobody(store: SqliteStore) -> None:
    def nothing(work: Work) -> list[object]:
        work.hurry(CHANNEL, "none", 1)
        return [work.next_post_at(CHANNEL), work.person(ANN)]

    assert await store.run(nothing) == [None, None]
    assert await store.views.pending_recipients() == []
