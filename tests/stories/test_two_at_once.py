"""Two people in the same instant: one effect, one winner, and a friendly word for the other."""

import asyncio
from collections import Counter
from collections.abc import Awaitable

import pytest

from bot.change import Reason
from bot.model import QuestionId, Rank, State, spoken_number
from bot.ports import Heard
from tests.world import Said, Someone, World

HOLD = "It is only a hold. Your bank lets go of it after three working days."
AGAIN = "It is a hold on your card: the bank releases it within three working days."
RACES, MANY_RACES = 25, 200


@pytest.fixture
def races(proofs: bool) -> range:
    return range(MANY_RACES if proofs else RACES)


async def says(someone: Someone, sentence: str, question: QuestionId, key: str = "", **values: str) -> Said:
    """Said without waiting for what it leads to."""
    key = key or someone.world.event()
    number = spoken_number(question)
    verb, _, rest = sentence.partition(" ")
    heard = Heard(
        key=key, who=someone.who, sentence=f"{verb} {number} {rest}".strip(), name=someone.name, values=values
    )
    return Said(await someone.world.app.hear(heard))


async def together(*doings: Awaitable[Said]) -> list[Said]:
    return list(await asyncio.gather(*doings))


async def asked(world: World, number: int) -> tuple[Someone, QuestionId]:
    ann = await world.customer(f"ann{number}")
    return ann, await ann.asks("Why was I billed twice?")


async def arrivals(world: World, ann: Someone) -> int:
    """How many texts were posted to this customer."""
    return sum(1 for place, slot in world.screen.first_posts if place == ann.home and "/m/" in slot)


async def test_two_claims_have_one_winner(world: World, races: range) -> None:
    bo, cy = await world.expert("bo"), await world.expert("cy")
    for number in races:
        _, question = await asked(world, number)
        mine, yours = await together(says(bo, "claim", question), says(cy, "claim", question))
        winner, loser = (bo, yours) if not mine.refused else (cy, mine)
        assert loser.receipt.reason is Reason.ALREADY_TAKEN
        assert loser.receipt.person == winner.id
        assert (await world.question(question)).holder == winner.id
        await winner.says("release", question)


async def test_undo_at_the_very_moment_of_release(world: World, races: range) -> None:
    bo = await world.expert("bo")
    ends: Counter[bool] = Counter()
    for number in races:
        ann, question = await asked(world, number)
        await bo.says("claim", question)
        await bo.says(f"answer {HOLD}", question)
        await world.passes(seconds=19)

        async def delivers(others: int = number % 8) -> None:
            for _ in range(others):
                await world.app.views.next_due()  # as long as somebody else's look takes
            world.moment[0] += 1_000
            await world.courier.flush()

        undone, _ = await asyncio.gather(says(bo, "undo 2", question), delivers())
        await world.passes(minutes=1)
        ends[undone.refused] += 1
        assert await arrivals(world, ann) == int(undone.refused)
        assert await world.state(question) is (State.ANSWERED if undone.refused else State.CLAIMED)
        assert await bo.draft(question) == ("" if undone.refused else HOLD)
        await ann.says("withdraw", question)
    assert set(ends) == {True, False}, "both happen, or it was no race"


async def test_helped_and_not_yet_at_once(world: World, races: range) -> None:
    bo = await world.expert("bo")
    for number in races:
        ann, question = await asked(world, number)
        await bo.says("claim", question)
        await bo.says(f"answer {HOLD}", question)
        await world.passes(seconds=21)
        before = await bo.earned()
        helped, not_yet = await together(says(ann, "helped 2", question), says(ann, "not-yet 2 other-topic", question))
        state = await world.state(question)
        if helped.refused:
            assert (state, not_yet.refused, await bo.earned() - before) == (State.CLAIMED, False, 0)
        else:  # the second word counts, if it came second
            assert state is (State.SOLVED if not_yet.refused else State.CLAIMED)
            assert await bo.earned() - before == (140 if not_yet.refused else 0)
        await ann.says("withdraw", question)


async def test_override_and_answer_at_once(world: World, races: range) -> None:
    bo, stu = await world.expert("bo"), await world.staff("stu")
    for number in races:
        ann, question = await asked(world, number)
        await bo.says("claim", question)
        answer, override = await together(
            says(bo, f"answer {HOLD}", question), says(stu, "override", question, words=AGAIN, reason="Ours to say.")
        )
        assert not override.refused
        await world.settles()
        await world.passes(seconds=25)
        assert await arrivals(world, ann) == 1
        assert AGAIN in ann.sees()
        assert HOLD in await bo.draft(question), f"refused: {answer.refused}"


async def test_two_approvals_at_once(world: World, races: range) -> None:
    mo, nell = await world.expert("mo", Rank.MASTER), await world.expert("nell", Rank.MASTER)
    for number in races:
        al = await world.expert(f"al{number}", Rank.APPRENTICE)
        ann, question = await asked(world, number)
        await al.says("claim", question)
        await al.says(f"answer {HOLD}", question)
        said = await together(says(mo, "approve 2", question), says(nell, "approve 2", question, words=AGAIN))
        assert sorted(each.refused for each in said) == [False, True]
        await world.passes(seconds=25)
        assert await arrivals(world, ann) == 1
        assert (HOLD if said[1].refused else AGAIN) in ann.sees()


async def test_one_answer_pressed_twice_is_one_answer(world: World, races: range) -> None:
    bo = await world.expert("bo")
    for number in races:
        ann, question = await asked(world, number)
        await bo.says("claim", question)
        key = world.event()
        first, second = await together(
            says(bo, f"answer {HOLD}", question, key), says(bo, f"answer {HOLD}", question, key)
        )
        assert first.receipt == second.receipt
        assert len((await world.question(question)).answers) == 1
        await world.settles()
        await world.passes(seconds=25)
        assert await arrivals(world, ann) == 1
        await ann.says("helped", question)


async def test_two_answers_by_one_expert_at_once_send_the_later(world: World, races: range) -> None:
    bo = await world.expert("bo")
    for number in races:
        ann, question = await asked(world, number)
        await bo.says("claim", question)
        await together(says(bo, f"answer {HOLD}", question), says(bo, f"answer {AGAIN}", question))
        await world.settles()
        await world.passes(seconds=25)
        assert await arrivals(world, ann) == 1
        sent, kept = (AGAIN, HOLD) if AGAIN in ann.sees() else (HOLD, AGAIN)
        assert sent in ann.sees()
        assert await bo.draft(question) == kept
        await ann.says("helped", question)


async def test_staff_take_it_while_the_expert_answers(world: World, races: range) -> None:
    bo, stu = await world.expert("bo"), await world.staff("stu")
    for number in races:
        ann, question = await asked(world, number)
        await bo.says("claim", question)
        take, _ = await together(says(stu, "take", question), says(bo, f"answer {HOLD}", question))
        assert not take.refused
        await world.settles()
        await world.passes(seconds=25)
        asked_now = await world.question(question)
        assert (asked_now.state, asked_now.holder) == (State.CLAIMED, stu.id)
        assert await arrivals(world, ann) == 0
        assert await bo.draft(question) == HOLD
        await ann.says("withdraw", question)
