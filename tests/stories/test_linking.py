"""One person on several platforms: a code from the one, said on the other, and everything is one person's."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.change import Reason
from bot.model import CategoryName, Expert, QuestionId, Rank, StaffRole, Standing, State
from bot.ports import Heard
from tests.world import Said, Someone, World

HOLD = "It is only a hold. Your bank lets go of it after three working days."


async def code_of(someone: Someone) -> str:
    found = re.search(r"/hall link ([0-9A-Z]{4}-[0-9A-Z]{4})$", (await someone.says("link")).text, re.MULTILINE)
    assert found is not None
    return found[1]


async def link(first: Someone, second: Someone) -> Said:
    """`first` makes the code and stays."""
    said = await second.says(f"link {await code_of(first)}")
    assert not said.refused, said.text
    return said


async def solved(world: World, ann: Someone, bo: Someone) -> QuestionId:
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    await ann.says("helped", question)
    return question


async def test_what_both_have_earned_is_one_persons(world: World) -> None:
    ann, bo, also_bo = await world.customer("ann"), await world.expert("bo"), await world.expert("bo on the phone")
    early, late = await solved(world, ann, bo), await solved(world, ann, also_bo)
    said = await link(bo, also_bo)
    assert "$1.40 pending" in said.text
    assert "10 points" in said.text
    assert "see you as bo" in said.text
    assert "Your code was used on the web" in bo.sees()
    assert (await bo.owns(), await also_bo.owns(), await bo.points(), await also_bo.points()) == (280, 0, 20, 0)
    assert "from your other account" in (await also_bo.says("statement")).text
    await ann.says("not-yet someone-else", late)
    assert (await bo.owns(), await bo.points()) == (140, 10), (
        "what is not solved after all goes back from the one purse"
    )
    assert (await also_bo.says("claim", late)).receipt.reason is Reason.SOMEONE_ELSE
    await world.passes(hours=73)
    assert (await bo.owns("pending"), await bo.owns("payable")) == (0, 140)
    assert (await world.question(early)).payments[0].person == bo.id
    assert [each.id for each, _, _ in await world.app.views.payable()] == [bo.id]


async def test_a_verdict_comes_from_wherever_the_customer_is(world: World) -> None:
    ann, in_slack, bo = await world.customer("ann"), await world.customer("ann.w"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("clarify Which month is it about, and which card did you pay with?", question)
    await world.passes(seconds=21)
    assert "1 question of yours" in (await link(in_slack, ann)).text
    assert not (await in_slack.writes("In May, with the blue one.", question)).refused
    assert await world.state(question) is State.CLAIMED
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in ann.sees(), "the answer goes where the question came from"
    assert not (await in_slack.says("helped", question)).refused
    assert await bo.owns() == 140


async def test_an_account_that_never_spoke_before_is_joined(world: World) -> None:
    bo = await world.expert("bo")
    stranger = Someone(world, "bo.in.discord", bo.id)
    assert "nothing to bring along" in (await link(bo, stranger)).text
    assert "Your desk, bo" in (await stranger.says("desk")).text


async def test_nobody_answers_their_own_question_by_another_account(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    paid, question = await solved(world, ann, bo), await ann.asks("And why was I billed in June?")
    await link(bo, ann)
    assert (await bo.says("claim", question)).receipt.reason is Reason.OWN_QUESTION
    assert (await ann.says("claim", question)).receipt.reason is Reason.OWN_QUESTION
    await world.passes(hours=73)
    assert await bo.earned() == 0, "nobody pays themselves"
    assert (await world.question(paid)).payments[0].person is None, "the house's part was earned all the same"


async def test_a_claim_on_what_turns_out_to_be_ones_own_runs_out(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await link(ann, bo)
    assert (await bo.says(f"answer {HOLD}", question)).refused
    await world.passes(minutes=16)
    assert await world.state(question) is State.OPEN


async def test_what_one_holds_and_has_begun_goes_on_on_the_other_side(world: World) -> None:
    ann, bo, also_bo = await world.customer("ann"), await world.expert("bo"), await world.expert("bo on the phone")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("answer Bank.", question)
    await also_bo.says("claim", question)
    await also_bo.says("answer Too short.", question)
    assert "bo on the phone" in world.card(question).title + world.card(question).body
    assert "1 question in your hands" in (await link(bo, also_bo)).text
    await world.settles()
    assert "on the phone" not in world.sees("#billing")
    assert await bo.draft(question) == "Bank.\n\nToo short."
    assert not (await bo.says(f"answer {HOLD}", question)).refused
    assert not (await also_bo.says("undo", question)).refused
    assert (await world.question(question)).holder == bo.id


@pytest.mark.parametrize("suspended", ["first", "second"])
async def test_a_suspension_and_a_block_survive(world: World, suspended: str) -> None:
    lea, ann = await world.staff("lea"), await world.customer("ann")
    bo, also_bo = await world.expert("bo"), await world.expert("bo2", Rank.MASTER)
    await lea.says(f"suspend @{'bo' if suspended == 'first' else 'bo2'} because the answers are copied")
    await lea.says(f"block @{'bo2' if suspended == 'first' else 'bo'}")
    await link(bo, also_bo)
    one = await world.app.views.person(bo.id)
    assert one is not None
    assert one.expert is not None
    assert (one.expert.standing, one.expert.why_standing) == (Standing.SUSPENDED, "the answers are copied")
    assert (one.expert.rank, one.blocked) == (Rank.MASTER, True)
    question = await ann.asks("Why was I billed twice?")
    for identity in (bo, also_bo):
        assert (await identity.says("claim", question)).refused
        assert (await identity.tries_to_ask("Why was I billed twice?")).receipt.reason is Reason.BLOCKED
    await lea.says("reinstate @bo")
    await lea.says("unblock @bo")
    assert not (await also_bo.says("claim", question)).refused


async def test_codes_cannot_be_guessed(world: World) -> None:
    bo, mo = await world.expert("bo"), await world.customer("mo")
    code = await code_of(bo)
    for number in range(5):
        assert (await mo.says(f"link 0000-000{number}")).receipt.reason is Reason.NO_SUCH_CODE
        await world.passes(minutes=1)
    said = await mo.says(f"link {code}")
    assert said.receipt.reason is Reason.TOO_MANY_CODES, "not even the right one"
    assert "Try again at" in said.text
    await world.passes(minutes=56)
    assert not (await mo.says(f"link {await code_of(bo)}")).refused


async def test_a_code_works_once_for_ten_minutes_and_for_somebody_else(world: World) -> None:
    bo, also_bo, mo = await world.expert("bo"), await world.customer("bo2"), await world.customer("mo")
    void, code = await code_of(bo), await code_of(bo)
    assert (await also_bo.says(f"link {void}")).receipt.reason is Reason.NO_SUCH_CODE, "a newer code takes its place"
    assert (await bo.says(f"link {code}")).receipt.reason is Reason.OWN_CODE
    await world.passes(minutes=10)
    assert (await also_bo.says(f"link {code}")).receipt.reason is Reason.NO_SUCH_CODE
    code = await code_of(bo)
    await world.passes(minutes=9)
    assert not (
        await also_bo.says(f"link {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}")
    ).refused
    assert (await mo.says(f"link {code}")).receipt.reason is Reason.NO_SUCH_CODE


def written(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file())


async def test_nobody_finds_a_code_in_the_database(world: World, tmp_path: Path) -> None:
    bo, also_bo = await world.expert("bo"), await world.customer("bo2")
    codes = [await code_of(bo), await code_of(bo)]
    await also_bo.says(f"link {codes[1]}")
    kept = written(tmp_path)
    assert b"link_codes" in kept
    assert not any(form in kept for code in codes for form in (code.encode(), code.replace("-", "").encode()))


async def test_two_who_say_one_code_at_once_are_not_both_joined(world: World) -> None:
    for number in range(10):
        bo = await world.expert(f"bo{number}")
        others = [await world.customer(f"c{number}"), await world.customer(f"d{number}")]
        sentence = f"link {await code_of(bo)}"
        heard = [Heard(key=world.event(), who=each.who, sentence=sentence, place=each.home) for each in others]
        said = [Said(each) for each in await asyncio.gather(*(world.app.hear(each) for each in heard))]
        assert sorted(each.refused for each in said) == [False, True]
        assert len(await world.app.views.identities(bo.id)) == 2


async def test_the_same_event_twice_joins_once_and_says_the_same(world: World) -> None:
    ann, bo, also_bo = await world.customer("ann"), await world.expert("bo"), await world.expert("bo2")
    await solved(world, ann, also_bo)
    sentence = f"link {await code_of(bo)}"
    first, again = await also_bo.says(sentence, key="slack:1"), await also_bo.says(sentence, key="slack:1")
    assert (first.text, again.refused) == (again.text, False)
    assert await bo.earned() == 140


async def test_staff_make_the_code_themselves(world: World) -> None:
    """Talked into saying somebody else's code, a member of staff would give them everything staff can do."""
    ana, mo, lea = await world.staff("ana", StaffRole.AGENT), await world.customer("mo"), await world.staff("lea")
    for trapped, code in ((ana, await code_of(mo)), (lea, await code_of(ana))):
        assert (await trapped.says(f"link {code}")).receipt.reason is Reason.STAFF_CODE
    await link(ana, mo)
    assert "Waiting for staff" in (await mo.says("inbox")).text
    guest = Heard(key=world.event(), who=mo.who, sentence="inbox", place=mo.home, guest=True)
    assert "Waiting for staff" not in Said(await world.app.hear(guest)).text, "a guest account is never staff"


async def test_what_an_expert_may_do_is_put_together(world: World) -> None:
    bo = await world.expert("bo", Rank.APPRENTICE, ("billing",))
    also_bo = await world.expert("bo2", Rank.JOURNEYMAN, ("account",))
    await link(bo, also_bo)
    one = await world.app.views.person(also_bo.id)
    assert one is not None
    assert one.id == bo.id
    both = Expert(rank=Rank.JOURNEYMAN, categories=(CategoryName("billing"), CategoryName("account")))
    assert one.expert == both
    cy = await world.expert("cy")
    assert not (await cy.says("rename bo2")).refused, "the name is free for somebody else"


async def test_an_expert_keeps_their_pseudonym_whichever_account_made_the_code(world: World) -> None:
    ann, bo = await world.customer("Ann Weber"), await world.expert("bo")
    await link(ann, bo)
    one = await world.app.views.person(ann.id)
    assert one is not None
    assert (one.name, one.home) == ("bo", ann.home)
    lea, cy = await world.staff("lea"), await world.customer("cy")
    question = await cy.asks("Why was I billed twice?")
    assert not (await lea.says("assign @bo", question)).refused
    assert (await world.question(question)).holder == ann.id


async def test_three_platforms_and_a_stop_in_between(world: World, tmp_path: Path) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    phone, desk = await world.expert("bo on the phone"), await world.expert("bo at the desk")
    await solved(world, ann, phone)
    await link(bo, phone)
    code = await code_of(desk)
    again = await world.begins_again(tmp_path / "world.db")
    ann, bo, phone, desk = (again.people[each.name] for each in (ann, bo, phone, desk))
    assert not (await phone.says(f"link {code}")).refused
    assert (await desk.earned(), await bo.earned()) == (140, 0)
    question = await ann.asks("And why in June?")
    await bo.says("claim", question)
    assert (await again.question(question)).holder == desk.id
    assert len(await again.app.views.identities(desk.id)) == 3
    assert await again.findings() == ()
    await world.app.store.close()
    world.app = again.app
    world.store = again.store


async def test_an_erasure_reaches_everybody_they_were(world: World) -> None:
    ann = await world.customer("Ann Weber", known=(("name", "Weberin"),))
    also_ann = await world.customer("annikaw", known=(("email", "annikaw@example.org"),))
    bo = await world.expert("bo")
    first, second = await ann.asks("Zanzibar charged me twice."), await also_ann.asks("Reykjavik charged me twice.")
    await link(also_ann, ann)
    third = await ann.asks("Montevideo charged me twice.")
    await bo.says("claim", third)
    counts = await world.app.erase(ann.id)
    assert (counts["messages"], counts["known values"], counts["identities"]) == (3, 2, 2)
    await world.settles()
    for question in (first, second, third):
        assert await world.state(question) is State.CLOSED
    everywhere = world.sees("#billing") + bo.sees()
    for word in ("Zanzibar", "Reykjavik", "Montevideo"):
        assert word not in everywhere
    for identity in (ann, also_ann):
        person = await world.app.views.person(identity.id)
        assert person is not None
        assert (person.name, person.id) == ("erased", also_ann.id)
        assert await world.app.views.person_of(identity.who) is None
    kept = await world.app.views.people()
    assert {"Ann Weber", "annikaw"}.isdisjoint(each.name for each in kept)
