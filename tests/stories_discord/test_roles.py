"""Who may do what: by the product's own list or by a server's roles, counted by their id and in their server alone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.change import Reason
from bot.model import Rank, StaffRole, State, spoken_number
from tests.discord_people import OnDiscord
from tests.discord_world import QUICK, DiscordWorld, discord_world
from tests.fakes.discord import House, Role

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."
STAFF_ONLY = ("take", "close spam", "redact 1")


def with_roles(house: House) -> dict[str, Any]:
    """Acme's roles make staff and experts; another server has roles of the same names, which mean nothing."""
    staff, experts = house.role("Support"), house.role("Helpers")
    if house.name != "Acme":
        return {}
    return {"staff_roles": {staff.id: StaffRole.LEAD}, "expert_roles": {experts.id: Rank.JOURNEYMAN}}


@pytest.fixture
async def listed(tmp_path: Path) -> AsyncIterator[DiscordWorld]:
    async with discord_world(tmp_path / "world.db", settings=with_roles, names=("acme", "globex")) as world:
        yield world


def role(world: DiscordWorld, name: str, at: str = "acme") -> Role:
    return next(each for each in world.houses[at].guild.roles.values() if each.name == name)


async def presses_card(someone: OnDiscord, label: str) -> Any:
    return await someone.does(someone.native.presses(someone.card_of("billed twice"), label))


async def test_a_role_makes_staff_and_takes_it_away_at_the_next_act(listed: DiscordWorld) -> None:
    world = listed
    ann, sue = await world.customer("ann"), world.visitor("sue", crew=True)
    question = await ann.asks(ASKED)
    assert (await sue.says("take", question)).receipt.reason is Reason.NOT_STAFF
    world.acme.gives_role(sue.native, role(world, "Support"))
    assert not (await sue.says("take", question)).refused
    world.acme.takes_role(sue.native, role(world, "Support"))
    assert (await sue.says("close spam", question)).refused
    assert await world.state(question) is State.CLAIMED


async def test_staff_enrol_somebody_whom_nobody_knew(listed: DiscordWorld) -> None:
    world = listed
    sue, uma = await world.staff("sue"), world.visitor("uma", crew=True)
    await sue.does(sue.native.types("/hall people enrol", world.channel("staff")))
    assert "Make somebody an expert" in sue.native.shown_modal()
    said = await sue.fills_in({"person": "uma"})
    assert said is not None
    assert "uma is an expert now" in said.text
    ann = await world.customer("ann")
    question = await ann.asks(ASKED)
    assert not (await uma.says("claim", question)).refused


async def test_a_role_makes_experts_as_it_comes_and_goes(listed: DiscordWorld) -> None:
    world = listed
    ann, bob = await world.customer("ann"), world.visitor("bob", crew=True)
    question = await ann.asks(ASKED)
    assert (await presses_card(bob, "Claim")).receipt.reason is Reason.NOT_EXPERT
    world.acme.gives_role(bob.native, role(world, "Helpers"))
    assert not (await presses_card(bob, "Claim")).refused
    await bob.says("release", question)
    world.acme.takes_role(bob.native, role(world, "Helpers"))
    assert (await presses_card(bob, "Claim")).refused


async def test_a_role_of_the_same_name_makes_nobody_anything(listed: DiscordWorld) -> None:
    """In another server, and another role of that name in the same server."""
    world = listed
    ann, eve, mal = await world.customer("ann"), world.visitor("eve", at="globex"), world.visitor("mal", crew=True)
    question = await ann.asks(ASKED)
    number = spoken_number(question)
    world.houses["globex"].gives_role(eve.native, role(world, "Support", "globex"))
    world.houses["globex"].gives_role(eve.native, role(world, "Helpers", "globex"))
    world.acme.gives_role(mal.native, world.acme.role("Support"))
    lobby = world.houses["globex"].channel("lobby")
    for command in (f"claim number:{number}", f"staff take number:{number}", f"staff redact number:{number} message:1"):
        for someone, room in ((eve, lobby), (eve, "dm"), (mal, world.channel("billing"))):
            assert (await someone.does(someone.native.types(f"/hall {command}", room))).refused, command
    assert await world.state(question) is State.OPEN
    world.houses["globex"].person("mal", roles=[role(world, "Support", "globex")])
    assert (await mal.does(mal.native.types(f"/hall staff take number:{number}", lobby))).refused


async def test_who_holds_a_role_is_known_in_direct_messages_too(listed: DiscordWorld) -> None:
    world = listed
    ann, sue = await world.customer("ann"), world.visitor("sue", roles=[role(world, "Support")])
    question = await ann.asks(ASKED)
    said = await sue.does(sue.native.types(f"/hall staff take number:{spoken_number(question)}"))
    assert not said.refused


async def test_a_lost_role_is_noticed_in_direct_messages(tmp_path: Path) -> None:
    times = type(QUICK)(ready_seconds=0.01, member_seconds=0.0)
    async with discord_world(tmp_path / "world.db", settings=with_roles, times=times) as world:
        ann, sue = await world.customer("ann"), world.visitor("sue", roles=[role(world, "Support")])
        question = await ann.asks(ASKED)
        number = spoken_number(question)
        assert not (await sue.does(sue.native.types(f"/hall staff take number:{number}"))).refused
        world.acme.takes_role(sue.native, role(world, "Support"))
        assert (await sue.does(sue.native.types(f"/hall staff close number:{number} reason:spam"))).refused
        world.acme.gives_role(sue.native, role(world, "Support"))
        assert not (await sue.does(sue.native.says("dm", f"!close {number} spam"))).refused


async def test_who_left_the_server_is_nobody_any_more(tmp_path: Path) -> None:
    times = type(QUICK)(ready_seconds=0.01, member_seconds=0.0, refresh_seconds=0.05)
    async with discord_world(tmp_path / "world.db", settings=with_roles, times=times) as world:
        ann, sue = await world.customer("ann"), world.visitor("sue", roles=[role(world, "Support")])
        question = await ann.asks(ASKED)
        assert not (await sue.says("take", question)).refused
        world.acme.kicks(sue.native)
        person = await world.app.views.person_of(sue.who)
        assert person is not None
        await world.adapter.ears.roster.refresh(world.hears)
        person = await world.app.views.person_of(sue.who)
        assert person is not None
        assert person.staff is None


async def test_who_has_not_agreed_to_the_rules_yet_has_no_role(listed: DiscordWorld) -> None:
    world = listed
    ann = await world.customer("ann")
    pia = world.visitor("pia", crew=True, pending=True, roles=[role(world, "Support"), role(world, "Helpers")])
    question = await ann.asks(ASKED)
    for sentence in ("claim", *STAFF_ONLY):
        assert (await pia.says(sentence, question)).refused, sentence
    world.acme.accepts(pia.native)
    assert not (await pia.does(pia.native.types("/hall claim", pia.native.thread_with("billing", "Q")))).refused


async def test_somebody_pending_is_never_staff_even_when_the_list_says_so(listed: DiscordWorld) -> None:
    world = listed
    ann = await world.customer("ann")
    pia = await world.lists(world.visitor("pia", crew=True, pending=True), role=StaffRole.ADMIN, rank=Rank.JOURNEYMAN)
    question = await ann.asks(ASKED)
    thread = pia.native.thread_with("billing", "Q")
    for command in ("staff take", "staff close reason:spam", "staff redact message:1"):
        assert (await pia.does(pia.native.types(f"/hall {command}", thread))).refused, command
    assert not (await pia.does(pia.native.types("/hall claim", thread))).refused, "an expert all the same"
    assert (await world.question(question)).holder == pia.id


async def test_a_deleted_role_makes_nobody_anything(listed: DiscordWorld) -> None:
    world = listed
    ann, sue = await world.customer("ann"), world.visitor("sue", crew=True, roles=[role(world, "Support")])
    question = await ann.asks(ASKED)
    assert not (await sue.says("take", question)).refused
    world.acme.removes_role(role(world, "Support"))
    assert (
        await sue.does(sue.native.types("/hall staff redact message:1", sue.native.thread_with("billing", "Q")))
    ).refused


async def test_a_click_by_somebody_without_the_role_changes_nothing(world: DiscordWorld) -> None:
    ann, bo, eve = await world.customer("ann"), await world.expert("bo"), world.visitor("eve", crew=True)
    question = await ann.asks(ASKED)
    for label in ("Claim", "Answer", "Not for me"):
        said = await presses_card(eve, label)
        assert said.refused, label
        assert said.text, "told why, alone"
    assert await world.state(question) is State.OPEN
    await bo.says("claim", question)
    for label in ("Release", "Ask the customer"):
        await presses_card(eve, label)
        if eve.form:
            said = await eve.fills_in({"words": "Which card did you use for it?"})
            assert said is not None
            assert said.refused
    assert (await world.question(question)).holder == bo.id


async def test_another_server_s_category_is_seen_there(listed: DiscordWorld) -> None:
    """One category in two servers: one card in each, both true."""
    world = listed
    places = (world.place("plans"), world.place_of(world.channel("plans", "globex"), "globex"))
    await world.category("plans", title="Plans", channels=places)
    ann, bo = await world.customer("ann"), await world.expert("bo")
    kim = await world.lists(world.visitor("kim", at="globex", crew=True), rank=Rank.JOURNEYMAN)
    question = await ann.asks(ASKED, category="plans")
    await kim.presses("Claim")
    await kim.says("note Looks like the June outage again.", question)
    for place in places:
        assert "kim has it" in world.sees(str(place))
        assert "June outage" in world.sees(str(place))
    assert "kim" in (await bo.says("claim", question)).text
