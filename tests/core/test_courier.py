"""What the courier does when a platform is slow, silent, closed or gone, and when it dies itself."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from bot.card import Card
from bot.commands import Delivered
from bot.courier.attempt import HOLDS_UP_TRIES
from bot.model import PostState, QuestionId
from bot.ports import Blocked, Busy, Gone
from storage import open_store
from tests.core.delivering import ANN, CHANNEL, OTHER, POLICY, SECOND, SETTLE, Office, answer, card, line


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    store = await open_store(str(tmp_path / "courier.db"))
    try:
        yield Office(store)
    finally:
        await store.close()


# --- the ordinary day ------------------------------------------------------------------------------------------


async def test_an_answer_is_shown_and_its_question_learns_of_it(office: Office) -> None:
    courier = office.courier()
    await office.wants(answer())
    await office.flush(courier)
    await office.flush(courier)
    assert office.platform.titles(ANN) == ["Q1/m/2"]
    assert office.news == ["delivered"]
    assert office.told[0].command == Delivered(question=QuestionId(1), message=2)


async def test_other_posts_are_nobodys_news(office: Office) -> None:
    await office.wants(card(), line("Q1/m/1", question=QuestionId(1), message=1))
    await office.flush(office.courier())
    assert len(office.platform.calls) == 2
    assert office.news == []


async def test_lines_follow_their_card_in_order(office: Office) -> None:
    await office.wants(*(line(f"Q1/m/{number}", parent="Q1/card") for number in (1, 2, 3)), card())
    await office.flush(office.courier())
    assert office.platform.titles(CHANNEL) == ["Q1/card", "Q1/m/1", "Q1/m/2", "Q1/m/3"]


async def test_what_changed_meanwhile_is_edited_next(office: Office) -> None:
    courier = office.courier()
    await office.wants(card(args={"say": "open"}))
    changing: list[asyncio.Task[None]] = []
    office.platform.inside = lambda: changing.append(asyncio.create_task(office.wants(card(args={"say": "claimed"}))))
    await office.flush(courier)
    await changing[0]
    await office.flush(courier)
    assert office.platform.titles(CHANNEL) == ["Q1/card claimed"]
    assert [what for what, _ in office.platform.calls] == ["post", "edit"]


async def test_what_is_no_longer_wanted_is_taken_away(office: Office) -> None:
    courier = office.courier()
    await office.wants(line("Q1/pointer"), line("Q2/pointer"))
    await office.flush(courier)
    office.nothing_to_show.add("Q2/pointer")
    await office.wants(line("Q1/pointer", absent=True), line("Q2/pointer", args={"amount": 3}))
    await office.flush(courier)
    assert office.platform.titles(CHANNEL) == []
    assert await office.store.views.pending_recipients() == []


async def test_what_was_never_shown_needs_no_taking_away(office: Office) -> None:
    await office.wants(line("Q1/pointer", not_before=office.now + SECOND))
    await office.wants(line("Q1/pointer", absent=True))
    await office.flush(office.courier(), after=2 * SECOND)
    assert office.platform.calls == []


async def test_nothing_goes_before_its_time(office: Office) -> None:
    courier = office.courier()
    await office.wants(replace(answer(), not_before=office.now + 20 * SECOND))
    await office.flush(courier, after=20 * SECOND - 1)
    assert office.platform.calls == []
    await office.flush(courier, after=1)
    assert office.platform.titles(ANN) == ["Q1/m/2"]


# --- busy ------------------------------------------------------------------------------------------------------


async def test_a_busy_channel_is_left_alone_exactly_as_long_as_it_asked_for(office: Office) -> None:
    courier = office.courier()
    office.platform.next = [Busy(7.5)]
    await office.wants(card("Q1/card"))
    await office.flush(courier)
    await office.wants(card("Q2/card"))
    await office.flush(courier, after=7_499)
    assert len(office.platform.calls) == 1
    await office.flush(courier, after=1)
    assert sorted(office.platform.titles(CHANNEL)) == ["Q1/card", "Q2/card"]
    assert "find" not in dict(office.platform.calls), "nothing was sent, so there is nothing to look for"


async def test_a_busy_channel_delays_no_other(office: Office) -> None:
    courier = office.courier()
    office.platform.next = [Busy(60)]
    await office.wants(card())
    await courier.serve(CHANNEL)
    await office.wants(card(place=OTHER))
    await courier.serve(OTHER)
    assert office.platform.titles(OTHER) == ["Q1/card"]


async def test_a_channel_that_stays_busy_is_an_undelivered_answer(office: Office) -> None:
    courier = office.courier()
    office.platform.next = [Busy(1)] * 8
    await office.wants(answer())
    for _ in range(8):
        await office.flush(courier, after=SECOND)
    assert office.news == ["undelivered busy"]
    await office.flush(courier, after=SECOND)
    assert office.news == ["undelivered busy", "delivered"]


# --- in doubt --------------------------------------------------------------------------------------------------


async def test_a_lost_answer_is_looked_for_and_not_sent_again(office: Office) -> None:
    courier = office.courier()
    office.platform.next = ["lost"]
    await office.wants(answer())
    await office.flush(courier)
    assert (await office.post(answer())).state is PostState.UNKNOWN
    await office.flush(courier, after=SETTLE - 1)
    assert len(office.platform.calls) == 1, "it may still be on its way"
    await office.flush(courier, after=1)
    assert [what for what, _ in office.platform.calls] == ["post", "find"]
    assert office.platform.titles(ANN) == ["Q1/m/2"]
    assert office.news == ["delivered"]


async def test_a_lost_request_is_sent_again_after_a_look(office: Office) -> None:
    courier = office.courier()
    office.platform.next = ["swallowed"]
    await office.wants(answer())
    await office.flush(courier)
    await office.flush(courier, after=SETTLE)
    assert [what for what, _ in office.platform.calls] == ["post", "find", "post"]
    assert office.news == ["delivered"]


async def test_what_is_found_in_an_older_state_is_edited(office: Office) -> None:
    courier = office.courier()
    office.platform.next = ["lost"]
    await office.wants(card(args={"say": "open"}))
    await office.flush(courier)
    await office.wants(card(args={"say": "claimed"}))
    await office.flush(courier, after=SETTLE)
    assert [what for what, _ in office.platform.calls] == ["post", "find", "edit"]
    assert office.platform.titles(CHANNEL) == ["Q1/card claimed"]


async def test_what_may_have_arrived_and_is_not_wanted_any_more_is_looked_for(office: Office) -> None:
    courier = office.courier()
    office.platform.next = ["lost"]
    await office.wants(line("Q1/pointer"))
    await office.flush(courier)
    await office.wants(line("Q1/pointer", absent=True))
    await office.flush(courier, after=SETTLE)
    assert office.platform.titles(CHANNEL) == []
    assert await office.store.views.pending_recipients() == []


async def test_after_three_unclear_ends_staff_know_and_it_is_still_looked_for_first(office: Office) -> None:
    courier = office.courier()
    office.platform.next = ["swallowed", None, "swallowed", None, "lost"]
    await office.wants(answer())
    for _ in range(3):
        await office.flush(courier, after=SETTLE)
    doubtful = await office.post(answer())
    assert (doubtful.state, doubtful.why) == (PostState.UNKNOWN, "uncertain")
    assert office.news == ["undelivered uncertain"]
    await office.flush(courier, after=doubtful.retry_at - office.now)
    assert [what for what, _ in office.platform.calls] == ["post", "find", "post", "find", "post", "find"]
    assert office.platform.titles(ANN) == ["Q1/m/2"]
    assert office.news == ["undelivered uncertain", "delivered"]


async def test_a_line_in_doubt_holds_up_its_thread_and_no_other(office: Office) -> None:
    courier = office.courier()
    await office.wants(card(), card("Q2/card"))
    await office.flush(courier)
    office.platform.next = ["swallowed", None, "swallowed", None, "swallowed"]
    await office.wants(line("Q1/m/1", parent="Q1/card"))
    for _ in range(3):
        await office.flush(courier, after=SETTLE)
    await office.wants(line("Q1/m/2", parent="Q1/card"), line("Q2/m/1", parent="Q2/card"))
    await office.flush(courier)
    assert office.platform.titles(CHANNEL)[2:] == ["Q2/m/1"]
    await office.flush(courier, after=3_600 * SECOND)
    assert office.platform.titles(CHANNEL)[2:] == ["Q2/m/1", "Q1/m/1", "Q1/m/2"]


async def test_a_line_that_stays_in_doubt_does_not_hold_up_its_thread_for_ever(office: Office) -> None:
    courier = office.courier()
    await office.wants(card())
    await office.flush(courier)
    office.platform.next = [*["swallowed", None] * HOLDS_UP_TRIES, "swallowed"]
    await office.wants(line("Q1/m/1", parent="Q1/card"), line("Q1/m/2", parent="Q1/card"))
    for _ in range(HOLDS_UP_TRIES + 1):
        await office.flush(courier, after=3_600 * SECOND)
    assert office.platform.titles(CHANNEL)[1:] == ["Q1/m/2"]


async def test_a_doubtful_post_is_not_forgotten_when_nobody_wants_it_any_more(office: Office) -> None:
    courier = office.courier()
    office.platform.next = ["lost", "swallowed", "swallowed"]
    await office.wants(line("Q1/pointer"))
    await office.flush(courier)
    await office.wants(line("Q1/pointer", absent=True))
    await office.flush(courier, after=SETTLE)
    await office.flush(courier, after=SETTLE)
    assert (await office.post(line("Q1/pointer"))).why == "uncertain"
    await office.flush(courier, after=3_600 * SECOND)
    assert office.platform.titles(CHANNEL) == []
    assert await office.store.views.pending_recipients() == []


async def test_what_was_refused_need_not_be_looked_for(office: Office) -> None:
    courier = office.courier()
    office.platform.next = [Blocked("mailbox-full")]
    await office.wants(answer())
    await office.flush(courier)
    await office.flush(courier, after=60 * SECOND)
    assert [what for what, _ in office.platform.calls] == ["post", "post"]


async def test_a_look_that_fails_leaves_the_doubt(office: Office) -> None:
    courier = office.courier()
    office.platform.next = ["lost", Busy(5), Blocked("not-allowed")]
    await office.wants(answer())
    await office.flush(courier)
    await office.flush(courier, after=SETTLE)
    await office.flush(courier, after=5 * SECOND)
    await office.flush(courier, after=60 * SECOND)
    assert [what for what, _ in office.platform.calls] == ["post", "find", "find", "find"]
    assert office.platform.titles(ANN) == ["Q1/m/2"]


async def test_a_mistake_in_an_adapter_is_a_doubt_and_stops_nobody(office: Office) -> None:
    courier = office.courier()
    office.platform.next = [KeyError("channel")]
    await office.wants(card("Q1/card"))
    await office.flush(courier)
    await office.wants(card("Q2/card"))
    await office.flush(courier)
    assert office.platform.titles(CHANNEL) == ["Q2/card"]
    await office.flush(courier, after=SETTLE)
    assert sorted(office.platform.titles(CHANNEL)) == ["Q1/card", "Q2/card"]


async def test_an_edit_in_doubt_settles_too_so_that_no_old_state_comes_last(office: Office) -> None:
    courier = office.courier()
    await office.wants(card())
    await office.flush(courier)
    office.platform.next = ["swallowed"]
    await office.wants(card(args={"say": "claimed"}))
    await office.flush(courier)
    await office.wants(card(args={"say": "answered"}))
    await office.flush(courier, after=SETTLE - 1)
    assert len(office.platform.calls) == 2
    await office.flush(courier, after=1)
    assert office.platform.titles(CHANNEL) == ["Q1/card answered"]


# --- blocked and gone ------------------------------------------------------------------------------------------


async def test_a_blocked_answer_waits_longer_each_time_and_is_told_once(office: Office) -> None:
    courier = office.courier()
    await office.wants(answer())
    waits = []
    for _ in range(12):
        office.platform.next = [Blocked("mailbox-full")]
        await office.flush(courier)
        waits.append((await office.post(answer())).retry_at - office.now)
        office.now += waits[-1]
    assert all(1.9 <= later / earlier <= 2.1 for earlier, later in pairwise(waits[:9]))
    assert waits[-1] == waits[-2] <= 1.25 * POLICY.retry_last_minutes * 60 * SECOND
    assert office.news == ["undelivered mailbox-full"]
    assert (await office.post(answer())).state is PostState.PARKED


async def test_waits_are_spread_so_that_not_all_come_at_once(office: Office) -> None:
    courier = office.courier()
    office.platform.next = [Blocked("closed")] * 20
    await office.wants(*(line(f"Q{number}/pointer") for number in range(20)))
    await office.flush(courier)
    waits = {each.retry_at for each in await office.store.views.troubled_posts()}
    assert len(waits) > 10


async def test_try_now_tries_now(office: Office) -> None:
    courier = office.courier()
    office.platform.next = [Blocked("mailbox-full")]
    await office.wants(answer())
    await office.flush(courier)
    await office.store.run(lambda work: work.hurry(ANN, "Q1/m/2", office.now))
    await office.flush(courier)
    assert office.platform.titles(ANN) == ["Q1/m/2"]
    assert office.news == ["undelivered mailbox-full", "delivered"]


async def test_a_deleted_thread_comes_back_once_with_its_last_three_lines(office: Office) -> None:
    courier = office.courier()
    await office.wants(card(), *(line(f"Q1/m/{number}", parent="Q1/card") for number in range(1, 6)))
    await office.flush(courier)
    office.platform.messages.clear()
    office.platform.next = [Gone("thread")]
    await office.wants(line("Q1/m/6", parent="Q1/card"))
    await office.flush(courier)
    assert office.platform.titles(CHANNEL) == ["Q1/card", "Q1/m/3", "Q1/m/4", "Q1/m/5", "Q1/m/6"]
    office.platform.next = [Gone("thread")]
    await office.wants(line("Q1/m/7", parent="Q1/card"))
    await office.flush(courier)
    lost = await office.post(line("Q1/m/7"))
    assert (lost.state, lost.why) == (PostState.GONE, "thread-gone")


async def test_a_deleted_card_comes_back_in_its_newest_state(office: Office) -> None:
    courier = office.courier()
    await office.wants(card(), line("Q1/m/1", parent="Q1/card"))
    await office.flush(courier)
    office.platform.messages.clear()
    office.platform.next = [Gone("thread")]
    await office.wants(card(args={"say": "claimed"}))
    await office.flush(courier)
    assert office.platform.titles(CHANNEL) == ["Q1/card claimed", "Q1/m/1"]


async def test_a_deleted_channel_is_given_up_and_everybody_knows(office: Office) -> None:
    courier = office.courier()
    office.platform.next = [Gone("channel")]
    await office.wants(answer())
    await office.flush(courier)
    await office.flush(courier, after=10**9)
    lost = await office.post(answer())
    assert (lost.state, lost.why) == (PostState.GONE, "channel-gone")
    assert office.news == ["undelivered channel-gone"]
    assert len(office.platform.calls) == 1


async def test_a_card_that_cannot_be_written_stops_nobody(office: Office) -> None:
    courier = office.courier()
    office.unreadable.add("Q1/card")
    await office.wants(card("Q1/card"), card("Q2/card"))
    await office.flush(courier)
    assert office.platform.titles(CHANNEL) == ["Q2/card"]
    assert (await office.post(card("Q1/card"))).why == "not-written"


async def test_a_platform_that_is_not_configured_keeps_its_posts_until_it_is(office: Office) -> None:
    await office.wants(answer())
    await office.flush(office.courier(configured=False))
    parked = await office.post(answer())
    assert (parked.state, parked.why) == (PostState.PARKED, "platform-off")
    again = office.courier()
    await again.recover()
    await office.flush(again)
    assert office.platform.titles(ANN) == ["Q1/m/2"]
    assert office.news == ["undelivered platform-off", "delivered"]


# --- its own end -----------------------------------------------------------------------------------------------


async def test_what_was_being_sent_when_it_died_is_looked_for(office: Office) -> None:
    await office.wants(answer())
    post = await office.store.run(lambda work: work.next_post(ANN, office.now))
    assert post is not None
    await office.platform.put(post, Card(title="Q1/m/2"))  # and here it died
    again = office.courier()
    await again.recover()
    await office.flush(again, after=SETTLE - 1)
    assert len(office.platform.calls) == 1
    await office.flush(again, after=1)
    assert [what for what, _ in office.platform.calls] == ["post", "find"]
    assert office.platform.titles(ANN) == ["Q1/m/2"]
    assert office.news == ["delivered"]


async def test_an_edit_under_way_when_it_died_settles_before_the_next(office: Office) -> None:
    await office.wants(card())
    await office.flush(office.courier())
    await office.wants(card(args={"say": "claimed"}))
    await office.store.run(lambda work: work.next_post(CHANNEL, office.now))  # and here it died
    again = office.courier()
    await again.recover()
    await office.wants(card(args={"say": "answered"}))
    await office.flush(again, after=SETTLE - 1)
    assert office.platform.titles(CHANNEL) == ["Q1/card"], "the old edit may still arrive, and would win"
    await office.flush(again, after=1)
    assert office.platform.titles(CHANNEL) == ["Q1/card answered"]


async def test_a_broken_rule_never_makes_it_say_something_twice(office: Office) -> None:
    office.policy = replace(POLICY, retry_first_seconds=0.0001)
    office.apply_fails = 2
    await office.wants(answer())
    await office.flush(office.courier())
    assert office.platform.calls == [("post", "Q1/m/2")]
    assert office.news == ["delivered"]


async def test_a_rule_that_stays_broken_does_not_stop_the_others(office: Office) -> None:
    office.policy = replace(POLICY, retry_first_seconds=0.0001)
    office.apply_fails = 10**6
    await office.wants(answer(2), answer(3))
    await office.flush(office.courier())
    assert sorted(office.platform.titles(ANN)) == ["Q1/m/2", "Q1/m/3"]
    assert len(office.platform.calls) == 2


# --- running ---------------------------------------------------------------------------------------------------


async def test_it_wakes_for_what_is_new_and_otherwise_sleeps(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    courier, loop, later = office.courier(), asyncio.get_running_loop(), [0.0]
    real_time = loop.time
    monkeypatch.setattr(loop, "time", lambda: real_time() + later[0])
    await office.wants(card(), line("Q1/later", not_before=office.now + 3_600 * SECOND))
    running = asyncio.create_task(courier.run())
    await shown(office, "Q1/card")
    await office.wants(card("Q2/card"))
    courier.nudge([CHANNEL])
    await shown(office, "Q2/card")
    for _ in range(50):  # whoever asks around every second would do so now
        later[0] += 1
        await office.store.run(lambda work: None)
    takes = office.steps.count("before take")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert takes == 2, "once at the start, once when it was woken"


async def test_a_stop_finishes_what_is_under_way_and_begins_nothing(office: Office) -> None:
    courier = office.courier()
    await office.wants(answer(2), answer(3))
    running = asyncio.create_task(courier.run())

    def stop() -> None:
        running.cancel()

    office.platform.inside = stop
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(office.platform.calls) == 1
    assert office.news == ["delivered"]
    posts = [await office.post(answer(number)) for number in (2, 3)]
    assert sorted((each.state, each.shown) for each in posts) == [(PostState.READY, 0), (PostState.READY, 1)]


async def shown(office: Office, title: str) -> None:
    """Until the platform shows it; the test's own limit ends what never comes."""
    async with asyncio.timeout(30):
        while title not in office.platform.titles(CHANNEL):  # noqa: ASYNC110 - the platform rings no bell
            await asyncio.sleep(0)
