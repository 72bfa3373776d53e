"""Who may do what: by the product's own list, a user group or a channel, with the workspace they come from."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.change import Reason
from bot.model import Rank, StaffRole, State, spoken_number
from tests.fakes.slack import Workspace
from tests.slack_people import OnSlack
from tests.slack_world import SlackWorld, slack_world

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


def with_lists(workspace: Workspace) -> dict[str, object]:
    return {
        "staff_group": workspace.group("acme-staff").id,
        "staff_role": StaffRole.LEAD,
        "expert_channel": workspace.channel("experts").id,
        "expert_rank": Rank.JOURNEYMAN,
        "staff_channel": workspace.channel("hq", private=True).id,
    }


@pytest.fixture
async def listed(tmp_path: Path) -> AsyncIterator[SlackWorld]:
    """A workspace with a user group of staff, a channel of staff, and one of experts."""
    async with slack_world(tmp_path / "world.db", settings=with_lists) as world:
        yield world


def sits_in(world: SlackWorld, someone: OnSlack, *channels: str) -> OnSlack:
    for name in channels:
        world.channel(name).members.append(someone.native.id)
    return someone


def group(world: SlackWorld):  # type: ignore[no-untyped-def]
    return next(iter(world.acme.groups.values()))


async def test_a_user_group_makes_staff_and_takes_it_away_at_the_next_act(listed: SlackWorld) -> None:
    world = listed
    ann, sue = await world.customer("ann"), sits_in(world, world.visitor("sue"), "billing")
    question = await ann.asks(ASKED)
    assert (await sue.says("take", question)).receipt.reason is Reason.NOT_STAFF
    world.acme.enrol(group(world), sue.native)
    await world.settles()
    assert not (await sue.says("take", question)).refused
    world.acme.expel(group(world), sue.native)
    await world.settles()
    assert (await sue.says("close spam", question)).refused
    assert await world.state(question) is State.CLAIMED


async def test_a_channel_makes_experts_as_people_come_and_go(listed: SlackWorld) -> None:
    world = listed
    ann, bob = await world.customer("ann"), sits_in(world, world.visitor("bob"), "billing")
    question = await ann.asks(ASKED)
    assert (await bob.says("claim", question)).receipt.reason is Reason.NOT_EXPERT
    await bob.does(bob.native.joins(world.channel("experts")))
    assert not (await bob.says("claim", question)).refused
    await bob.says("release", question)
    await bob.does(bob.native.leaves(world.channel("experts")))
    assert (await bob.says("claim", question)).refused


async def test_a_staff_channel_makes_staff(listed: SlackWorld) -> None:
    world = listed
    ann, tom = await world.customer("ann"), sits_in(world, world.visitor("tom"), "billing")
    question = await ann.asks(ASKED)
    await tom.does(tom.native.joins(world.channel("hq")))
    assert not (await tom.says("take", question)).refused


@pytest.mark.parametrize("guest", ["multi", "single"])
async def test_a_guest_is_never_staff_even_when_a_list_says_so(listed: SlackWorld, guest: str) -> None:
    world = listed
    ann = await world.customer("ann")
    gus, hal = world.visitor("gus", guest=guest), world.visitor("hal", guest=guest)
    for each in (gus, hal):
        sits_in(world, each, "billing")
    await world.lists(gus, role=StaffRole.ADMIN, rank=Rank.JOURNEYMAN)
    world.acme.enrol(group(world), hal.native)
    await hal.does(hal.native.joins(world.channel("hq")))
    question = await ann.asks(ASKED)
    for each in (gus, hal):
        for sentence in ("take", "close spam", "redact 1"):
            assert (await each.says(sentence, question)).refused, sentence
        assert "for staff" in (await each.says("inbox")).text
    assert not (await gus.says("claim", question)).refused, "an expert all the same"


async def test_a_guest_on_the_list_is_an_expert(world: SlackWorld) -> None:
    ann = await world.customer("ann")
    gus = await world.lists(sits_in(world, world.visitor("gus", guest="multi"), "billing"), rank=Rank.JOURNEYMAN)
    question = await ann.asks(ASKED)
    await gus.says("claim", question)
    await gus.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in ann.sees()
    await ann.says("helped", question)
    assert await gus.earned() == 140


async def test_whoever_becomes_a_guest_is_staff_no_more(world: SlackWorld) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks(ASKED)
    assert not (await stu.says("take", question)).refused
    world.acme.change(stu.native, guest="single")
    await world.settles()
    assert (await stu.says("close spam", question)).refused


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[SlackWorld]:
    async with slack_world(tmp_path / "world.db", names=("acme", "globex")) as world:
        yield world


async def test_somebody_of_another_company_is_an_expert_by_team_and_user(two: SlackWorld) -> None:
    world = two
    ann = await world.customer("ann")
    world.channel("billing").shared = True
    globex = world.workspaces["globex"].team_id
    ida = sits_in(world, world.visitor("ida", team_id=globex), "billing")
    question = await ann.asks(ASKED)
    assert (await ida.says("claim", question)).receipt.reason is Reason.NOT_EXPERT
    await world.lists(world.visitor("ian"), rank=Rank.JOURNEYMAN)
    ida = await _listed(world, ida)
    assert not (await ida.says("claim", question)).refused
    await ida.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in ann.sees()
    assert (await ida.says("take", question)).refused


async def _listed(world: SlackWorld, someone: OnSlack) -> OnSlack:
    """Who spoke already is a person; staff enrol them by a mention."""
    stu = await world.staff("stu")
    said = await stu.does(stu.native.types("/hall", f"enrol <@{someone.native.id}|{someone.name}> journeyman"))
    assert not said.refused, said.text
    person = await world.app.views.person_of(someone.who)
    assert person is not None
    someone.id = person.id
    return someone


async def test_staff_of_another_company_are_nobody_here(two: SlackWorld) -> None:
    """On the list as staff, even: whoever comes from another company stays an outsider."""
    world = two
    ann = await world.customer("ann")
    world.channel("billing").shared = True
    globex = world.workspaces["globex"].team_id
    ida = sits_in(world, world.visitor("ida", team_id=globex), "billing")
    await world.lists(ida, role=StaffRole.ADMIN)
    question = await ann.asks(ASKED)
    for sentence in ("take", "close spam", "redact 1"):
        assert (await ida.says(sentence, question)).refused


async def test_the_same_user_id_in_another_workspace_has_no_rights(two: SlackWorld) -> None:
    world = two
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks(ASKED)
    eve = world.visitor("eve", at="globex")
    users = world.workspaces["globex"].users
    users[stu.native.id] = users.pop(eve.native.id)  # Slack's ids are unique in a workspace alone
    eve.native.user.id = eve.native.id = stu.native.id
    number = spoken_number(question)
    for sentence in (f"take {number}", f"close {number} spam", f"redact {number} 1"):
        said = await eve.does(eve.native.types("/hall", sentence))
        assert said.refused, sentence
    assert not (await stu.says("take", question)).refused


async def test_a_click_by_somebody_without_the_role_changes_nothing(world: SlackWorld) -> None:
    ann, bo, eve = await world.customer("ann"), await world.expert("bo"), world.visitor("eve")
    sits_in(world, eve, "billing")
    question = await ann.asks(ASKED)
    card = eve.native.message_with("billing", "billed twice")
    for label in ("Claim", "Answer", "Not for me"):
        said = await eve.does(eve.native.presses("billing", card, label))
        assert said.refused
        assert said.text, "told why, alone"
    assert await world.state(question) is State.OPEN
    await bo.says("claim", question)
    for label in ("Release", "Ask the customer"):
        await eve.does(eve.native.presses("billing", card, label))
        if eve.native.stack:
            await eve.native.fills_in({"entry:words": "Which card did you use for it?"})
            assert (await eve.does(eve.native.submits())).refused
            eve.native.stack.clear()
    assert (await world.question(question)).holder == bo.id
