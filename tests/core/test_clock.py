"""What the clock does when time goes by, when it does not, and when a timer will not go off."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from bot.app import App
from bot.change import Actor, Outcome, Receipt
from bot.clock import HEARTBEAT_MS, Clock
from bot.commands import Claim, CreateCategory
from bot.model import Category, CategoryName, Expert, Identity, Person, PersonId, Place, Question, QuestionId, StaffRole
from bot.policy import HOUR_MS, MINUTE_MS, SECOND_MS, Policy
from bot.ports import Asked, Envelope, Reply
from storage import SqliteStore, open_store

NOON = 20_612 * 24 * HOUR_MS + 12 * HOUR_MS
POLICY = Policy(claims_per_expert_max=100, open_questions_per_customer_max=100)


@dataclass(slots=True)
class House:
    """The real rules on a real database, with a clock on the wall that tests can set."""

    store: SqliteStore
    now: int = NOON
    sent: list[Envelope] = field(default_factory=list)
    poisoned: set[int] = field(default_factory=set)
    powerless: bool = False  # commands change nothing
    dies_after: int = 10**6  # commands
    events: int = 0

    @property
    def app(self) -> App:
        return App(store=self.store, views=self.store.views, now=lambda: self.now, policy=POLICY)

    def clock(self) -> Clock:
        return Clock(store=self.store, views=self.store.views, handle=self.handle, now=lambda: self.now, policy=POLICY)

    async def handle(self, envelope: Envelope) -> Receipt:
        self.sent.append(envelope)
        if envelope.key.split("/")[1] in {str(each) for each in self.poisoned}:
            raise ArithmeticError("a rule is broken")
        if self.powerless:
            return Receipt(verb="remind", outcome=Outcome.NOTHING)
        self.dies_after -= 1
        if self.dies_after < 0:
            raise asyncio.CancelledError
        return await self.app.handle(envelope)

    async def opens(self) -> None:
        category = Category(name=CategoryName("billing"), title="Billing", channels=(Place("web:billing"),))
        founder = Actor(person=Person(id=PersonId("founder"), name="Founder", staff=StaffRole.ADMIN))
        create = CreateCategory(category=category.name, as_=category)
        await self.app.handle(Envelope(key="begin", actor=founder, command=create))
        bo = Person(id=PersonId("bo"), name="Bo", expert=Expert())
        who = Identity(platform="web", workspace="", external="bo")
        await self.store.run(lambda work: work.add_person(bo, who, self.now))

    async def claimed_question(self) -> QuestionId:
        """Asked and claimed now, so that it lapses in 15 minutes."""
        self.events += 1
        ann = Identity(platform="web", workspace="", external="ann")
        asked = Asked(key=f"ask/{self.events}", who=ann, text="Why was I billed twice?", origin=Place("web:@ann"))
        reply = await self.app.hear(asked)
        assert isinstance(reply, Reply)
        assert reply.receipt is not None
        assert reply.receipt.question is not None, reply.receipt
        bo = await self.store.views.person(PersonId("bo"))
        claim = Claim(question=reply.receipt.question)
        receipt = await self.app.handle(Envelope(key=f"claim/{self.events}", actor=Actor(person=bo), command=claim))
        assert receipt.outcome is Outcome.DONE, receipt
        return reply.receipt.question

    async def question(self, number: QuestionId) -> Question:
        facts = await self.store.views.facts(number, now=self.now)
        assert facts.question is not None
        return facts.question

    def verbs(self) -> list[str]:
        return [type(each.command).__name__ for each in self.sent]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    store = await open_store(str(tmp_path / "clock.db"))
    house = House(store)
    await house.opens()
    try:
        yield house
    finally:
        await store.close()


async def test_a_claim_is_warned_of_and_lapses_on_time(house: House) -> None:
    clock, question = house.clock(), await house.claimed_question()
    for minutes, verbs in ((11, []), (12, ["Remind"]), (14, ["Remind"]), (15, ["Remind", "Lapse"])):
        house.now = NOON + minutes * MINUTE_MS
        while await clock.send_due() <= house.now:
            pass
        assert house.verbs() == verbs, f"after {minutes} minutes"
    assert (await house.question(question)).holder is None


async def test_it_says_when_it_wants_to_look_again(house: House) -> None:
    clock = house.clock()
    await house.claimed_question()
    assert await clock.tick() == NOON + HEARTBEAT_MS
    house.now = NOON + 12 * MINUTE_MS - 5 * SECOND_MS
    assert await clock.tick() == NOON + 12 * MINUTE_MS


async def test_a_timer_that_always_fails_is_left_aside_and_the_others_go_off(house: House) -> None:
    clock = house.clock()
    questions = [await house.claimed_question() for _ in range(3)]
    house.poisoned = {questions[0]}
    house.now = NOON + 12 * MINUTE_MS
    looked_again = [await clock.send_due() for _ in range(3)]
    assert house.verbs().count("Remind") == 3
    assert looked_again[-1] > house.now, "it does not try the poisoned one at once"
    retries = []
    for _ in range(5):
        before = len(house.sent)
        while len(house.sent) == before:
            house.now = max(house.now + 1, min(await clock.send_due(), house.now + HOUR_MS))
        retries.append(house.now)
    gaps = [later - earlier for earlier, later in pairwise(retries)]
    assert gaps == sorted(gaps)
    assert gaps[-1] >= 4 * gaps[0]
    house.poisoned = set()
    house.now += HOUR_MS
    while await clock.send_due() <= house.now:
        pass
    assert (await house.question(questions[0])).holder is None


async def test_a_timer_that_changes_nothing_does_not_spin(house: House) -> None:
    clock = house.clock()
    await house.claimed_question()
    house.powerless = True
    house.now = NOON + 12 * MINUTE_MS
    await clock.send_due()
    assert await clock.send_due() > house.now
    assert len(house.sent) == 1


async def test_deadlines_that_fell_into_a_downtime_move_by_its_length(house: House) -> None:
    question = await house.claimed_question()
    await house.clock().tick()
    house.now += 2 * HOUR_MS
    again = house.clock()
    await again.catch_up()
    while await again.send_due() <= house.now:
        pass
    assert house.verbs() == ["Postpone"]
    assert (await house.question(question)).held_until == NOON + 2 * HOUR_MS + 15 * MINUTE_MS
    house.now = NOON + 2 * HOUR_MS + 15 * MINUTE_MS
    while await again.send_due() <= house.now:
        pass
    assert house.verbs() == ["Postpone", "Remind", "Lapse"]


async def test_a_short_absence_moves_nothing(house: House) -> None:
    await house.claimed_question()
    house.now += 11 * MINUTE_MS + 30 * SECOND_MS
    await house.clock().tick()
    house.now += 40 * SECOND_MS
    again = house.clock()
    await again.catch_up()
    await again.send_due()
    assert house.verbs() == ["Remind"]


async def test_dying_while_deadlines_move_moves_each_once(house: House) -> None:
    questions = [await house.claimed_question() for _ in range(4)]
    await house.clock().tick()
    house.now += HOUR_MS
    house.dies_after = 2
    with pytest.raises(asyncio.CancelledError):
        await house.clock().catch_up()
    house.dies_after = 10**6
    await house.clock().catch_up()
    assert {(await house.question(each)).held_until for each in questions} == {NOON + HOUR_MS + 15 * MINUTE_MS}
    third = house.clock()
    await third.catch_up()
    assert {(await house.question(each)).grace_ms for each in questions} == {HOUR_MS}


async def test_a_wall_clock_that_is_set_forward_is_no_reason_to_lapse(house: House) -> None:
    question = await house.claimed_question()
    clock = house.clock()
    running = asyncio.create_task(clock.run())
    await until(lambda: clock.wakes_at < NOON + HOUR_MS)
    house.now += HOUR_MS
    clock.nudge()
    await until(lambda: "Postpone" in house.verbs())
    await until(lambda: clock.wakes_at > NOON + HOUR_MS and clock.wakes_at < NOON + 2 * HOUR_MS)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert house.verbs() == ["Postpone"]
    assert (await house.question(question)).holder == "bo"


async def test_it_wakes_for_a_new_timer(house: House) -> None:
    clock = house.clock()
    await house.claimed_question()
    house.now += 12 * MINUTE_MS - 30 * SECOND_MS
    running = asyncio.create_task(clock.run())
    await until(lambda: clock.wakes_at == house.now + HEARTBEAT_MS)
    earlier = clock.wakes_at - 1
    house.now += 30 * SECOND_MS
    clock.nudge(earlier)
    await until(lambda: house.verbs() == ["Remind"])
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_it_does_not_wake_for_a_later_one(house: House) -> None:
    clock = house.clock()
    running = asyncio.create_task(clock.run())
    await until(lambda: clock.wakes_at == NOON + HEARTBEAT_MS)
    await house.claimed_question()
    house.now += 12 * MINUTE_MS
    clock.nudge(house.now)
    for _ in range(100):
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert house.sent == []


async def until(done: Callable[[], bool]) -> None:
    """Lets everything else run until it is so; the limit only ends what never comes."""
    async with asyncio.timeout(30):
        while not done():  # noqa: ASYNC110 - nothing rings when a task has gone to sleep
            await asyncio.sleep(0)
