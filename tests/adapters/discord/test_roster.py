"""What Discord's roles make of people: by id, in their own server, as long as they hold them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.discord.people import Member
from adapters.discord.roster import Made, Roster, news, roles_of
from adapters.discord.settings import DiscordServer
from bot.app import App
from bot.card import Form
from bot.model import Expert, Identity, Person, PersonId, Rank, StaffRole, Standing
from bot.ports import Hearable, Reply, Vouched
from tests.adapters.discord.offices import BareOffice, settings_for, signed_in
from tests.fakes.discord import FakeDiscord, House, Role, Someone
from tests.world import MONDAY_NOON, house

AGENT, LEAD = StaffRole.AGENT, StaffRole.LEAD


@dataclass
class Rig:
    """Acme and Bolt are our servers; in Mimic the bot is as well, but it is in no settings."""

    there: FakeDiscord
    app: App
    office: BareOffice
    roster: Roster
    acme: House
    bolt: House
    mimic: House
    roles: dict[str, Role]
    moment: list[int]
    heard: list[Vouched] = field(default_factory=list)

    async def hears(self, said: Hearable) -> Reply | Form:
        assert isinstance(said, Vouched)
        self.heard.append(said)
        return await self.app.hear(said)

    def member(self, someone: Someone, at: House, **more: bool) -> Member:
        """As an act in that server tells of them."""
        found = at.guild.members[someone.id]
        roles = frozenset(found.role_ids)
        return Member(
            user=someone.id, name=someone.name, guild=at.id, roles=roles, pending=found.pending, known=True, **more
        )

    async def acts(self, someone: Someone, at: House, **more: bool) -> list[Vouched]:
        """What the core is told of before that person's act counts."""
        before = len(self.heard)
        await self.roster.seen(self.member(someone, at, **more), self.hears)
        return self.heard[before:]

    async def person(self, someone: Someone) -> Person | None:
        return await self.app.views.person_of(_identity(someone))

    async def staff(self) -> dict[str, StaffRole | None]:
        return {each.name: each.staff for each in await self.app.views.people(staff=True)}

    async def experts(self) -> dict[str, Rank]:
        found = await self.app.views.people(experts=True)
        return {each.name: each.expert.rank for each in found if each.expert and each.is_crew}

    def restarts(self) -> None:
        """The program ends and begins; the database stays."""
        self.moment[0] += 1_000
        self.roster = Roster(self.office)  # type: ignore[arg-type]


def _identity(someone: Someone) -> Identity:
    return Identity(platform="discord", workspace="", external=someone.id)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    moment = [MONDAY_NOON]
    app = await house(tmp_path / "house.db", moment)
    async with FakeDiscord(seed=3) as there, signed_in(there) as calls:
        acme, bolt, mimic = there.guild("Acme"), there.guild("Bolt"), there.guild("Mimic")
        roles = {name: acme.role(name) for name in ("agents", "leads", "experts", "masters")}
        roles["helpers"] = bolt.role("helpers")
        servers = (
            DiscordServer(
                name="acme",
                guild=acme.id,
                staff_roles={roles["agents"].id: AGENT, roles["leads"].id: LEAD},
                expert_roles={roles["experts"].id: Rank.JOURNEYMAN, roles["masters"].id: Rank.MASTER},
            ),
            DiscordServer(name="bolt", guild=bolt.id, expert_roles={roles["helpers"].id: Rank.APPRENTICE}),
        )
        office = BareOffice(
            settings=settings_for(there, *servers), calls=calls, views=app.views, desk=app.desk, now=app.now
        )
        yield Rig(there, app, office, Roster(office), acme, bolt, mimic, roles, moment)  # type: ignore[arg-type]
        assert [each for each in there.complaints if "the fake itself" in each] == []
    await app.store.close()


async def test_a_role_counts_from_the_first_act_on_and_is_told_once(rig: Rig) -> None:
    sam, bo = rig.acme.person("sam", roles=[rig.roles["agents"]]), rig.acme.person("bo", roles=[rig.roles["experts"]])
    assert [(each.by, each.staff) for each in await rig.acts(sam, rig.acme)] == [
        (f"discord:{rig.acme.id}:{rig.roles['agents'].id}", AGENT)
    ]
    await rig.acts(bo, rig.acme)
    assert (await rig.staff(), await rig.experts()) == ({"sam": AGENT}, {"bo": Rank.JOURNEYMAN})
    assert await rig.acts(sam, rig.acme) == await rig.acts(bo, rig.acme) == []
    rig.restarts()
    assert await rig.acts(sam, rig.acme) == await rig.acts(bo, rig.acme) == []


async def test_somebody_without_a_role_of_ours_is_told_of_never(rig: Rig) -> None:
    ann = rig.acme.person("ann", roles=[rig.acme.role("regulars")])
    assert await rig.acts(ann, rig.acme) == []
    assert await rig.person(ann) is None


async def test_a_role_of_the_same_name_elsewhere_makes_nobody_staff(rig: Rig) -> None:
    """In a server that is not ours, in one of ours that lists another role, and with the id of the right one."""
    spoofed = [each.role("agents") for each in (rig.bolt, rig.mimic)]
    eve = rig.bolt.person("eve", roles=[spoofed[0]])
    rig.mimic.person("eve", roles=[spoofed[1]])
    rig.acme.person("eve", roles=[rig.acme.role("agents")])
    for each in (rig.bolt, rig.mimic, rig.acme):
        assert await rig.acts(eve, each) == []
    real = frozenset({rig.roles["agents"].id})
    for each in (rig.bolt, rig.mimic):
        await rig.roster.seen(Member(user=eve.id, name="eve", guild=each.id, roles=real), rig.hears)
    assert rig.heard == []
    assert await rig.staff() == {}


async def test_who_has_not_agreed_to_the_rules_yet_a_bot_and_a_guest_are_no_staff(rig: Rig) -> None:
    pat = rig.acme.person("pat", roles=[rig.roles["agents"], rig.roles["experts"]], pending=True)
    assert await rig.acts(pat, rig.acme) == []
    rig.acme.accepts(pat)
    assert await rig.acts(pat, rig.acme, bot=True) == []
    await rig.acts(pat, rig.acme, guest=True)
    assert (await rig.staff(), await rig.experts()) == ({}, {"pat": Rank.JOURNEYMAN})
    await rig.acts(pat, rig.acme)
    assert await rig.staff() == {"pat": AGENT}


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("how", ["loses", "leaves", "pending", "deleted"])
async def test_who_lost_the_role_is_staff_no_more_by_the_next_look(rig: Rig, how: str, restarted: bool) -> None:
    sam = rig.acme.person("sam", roles=[rig.roles["agents"], rig.roles["experts"]])
    await rig.acts(sam, rig.acme)
    assert await rig.staff() == {"sam": AGENT}
    match how:
        case "loses":
            rig.acme.takes_role(sam, rig.roles["agents"])
            rig.acme.takes_role(sam, rig.roles["experts"])
        case "leaves":
            await sam.leaves(rig.acme)
        case "pending":
            rig.acme.guild.members[sam.id].pending = True
        case "deleted":
            rig.acme.removes_role(rig.roles["agents"])
            rig.acme.removes_role(rig.roles["experts"])
    if restarted:
        rig.restarts()
    assert await rig.roster.refresh(rig.hears)
    assert (await rig.staff(), await rig.experts()) == ({}, {})
    told = len(rig.heard)
    assert await rig.roster.refresh(rig.hears)
    assert len(rig.heard) == told


async def test_the_loss_counts_before_the_next_act_in_the_server_and_in_a_direct_message(rig: Rig) -> None:
    sam = rig.acme.person("sam", roles=[rig.roles["agents"]])
    await rig.acts(sam, rig.acme)
    rig.acme.takes_role(sam, rig.roles["agents"])
    await rig.acts(sam, rig.acme)
    assert await rig.staff() == {}
    rig.acme.gives_role(sam, rig.roles["agents"])
    await rig.acts(sam, rig.acme)
    assert await rig.staff() == {"sam": AGENT}
    rig.acme.takes_role(sam, rig.roles["agents"])
    await rig.roster.seen_direct(sam.id, rig.hears)
    assert await rig.staff() == {}


async def test_an_expert_who_writes_to_the_bot_first_is_known_by_their_role(rig: Rig) -> None:
    """Customers are looked up once, and not at each of their messages."""
    bo, ann = rig.acme.person("bo", roles=[rig.roles["experts"]]), rig.acme.person("ann")
    await rig.roster.seen_direct(bo.id, rig.hears)
    assert await rig.experts() == {"bo": Rank.JOURNEYMAN}
    asked = rig.there.calls["GET /guilds/{guild_id}/members/{user_id}"]
    for _ in range(3):
        await rig.roster.seen_direct(ann.id, rig.hears)
    assert rig.there.calls["GET /guilds/{guild_id}/members/{user_id}"] == asked + 2  # one for each server of ours


async def test_who_cannot_be_looked_up_stays_what_they_are(rig: Rig) -> None:
    sam = rig.acme.person("sam", roles=[rig.roles["agents"]])
    await rig.acts(sam, rig.acme)
    rig.acme.kicks_bot()
    assert not await rig.roster.refresh(rig.hears)
    assert await rig.staff() == {"sam": AGENT}
    await rig.roster.seen_direct(sam.id, rig.hears)
    assert await rig.staff() == {"sam": AGENT}


async def test_one_role_less_leaves_what_the_other_makes(rig: Rig) -> None:
    sam = rig.acme.person("sam", roles=[rig.roles["agents"], rig.roles["leads"]])
    await rig.acts(sam, rig.acme)
    assert await rig.staff() == {"sam": LEAD}
    rig.acme.takes_role(sam, rig.roles["leads"])
    await rig.acts(sam, rig.acme)
    assert await rig.staff() == {"sam": AGENT}


async def test_a_higher_role_raises_an_expert_beside_or_instead_of_the_lower_one(rig: Rig) -> None:
    bo, di = (rig.acme.person(name, roles=[rig.roles["experts"]]) for name in ("bo", "di"))
    for each in (bo, di):
        await rig.acts(each, rig.acme)
        rig.acme.gives_role(each, rig.roles["masters"])
    rig.acme.takes_role(di, rig.roles["experts"])
    for each in (bo, di):
        await rig.acts(each, rig.acme)
    assert await rig.experts() == {"bo": Rank.MASTER, "di": Rank.MASTER}
    rig.restarts()
    assert await rig.acts(bo, rig.acme) == await rig.acts(di, rig.acme) == []


async def test_a_role_in_another_server_of_ours_still_counts(rig: Rig) -> None:
    bo = rig.acme.person("bo", roles=[rig.roles["experts"]])
    rig.bolt.person("bo", roles=[rig.roles["helpers"]])
    await rig.acts(bo, rig.acme)
    await rig.acts(bo, rig.bolt)
    rig.acme.takes_role(bo, rig.roles["experts"])
    await rig.acts(bo, rig.acme)
    assert await rig.experts() == {}
    await rig.acts(bo, rig.bolt)
    assert await rig.experts() == {"bo": Rank.JOURNEYMAN}  # a rank that was earned never falls


async def test_a_server_that_is_in_the_settings_no_more_vouches_for_nobody(rig: Rig) -> None:
    sam = rig.acme.person("sam", roles=[rig.roles["agents"]])
    await rig.acts(sam, rig.acme)
    rig.office.settings = settings_for(rig.there)
    rig.restarts()
    assert await rig.roster.refresh(rig.hears)
    assert await rig.staff() == {}


async def test_a_second_account_without_the_role_takes_nothing_from_the_first(rig: Rig) -> None:
    sam = rig.acme.person("sam", roles=[rig.roles["agents"]])
    other = rig.acme.person("sam_at_home")
    await rig.acts(sam, rig.acme)
    person = await rig.person(sam)
    assert person is not None
    await rig.app.store.run(lambda work: work.add_identity(person.id, _identity(other), rig.app.now()))
    await rig.acts(other, rig.acme)
    assert await rig.staff() == {"sam": AGENT}
    rig.acme.takes_role(sam, rig.roles["agents"])
    await rig.roster.refresh(rig.hears)
    assert await rig.staff() == {}


async def test_somebody_who_was_removed_is_told_of_at_once_where_discord_tells(rig: Rig) -> None:
    sam = rig.acme.person("sam", roles=[rig.roles["agents"]])
    await rig.acts(sam, rig.acme)
    await rig.roster.gone(rig.acme.id, sam.id, rig.hears)
    assert await rig.staff() == {}


SERVER = DiscordServer(
    name="acme", guild="1", staff_roles={"2": AGENT}, expert_roles={"2": Rank.JOURNEYMAN, "3": Rank.MASTER}
)


def test_a_guest_keeps_what_the_role_makes_of_experts() -> None:
    member = Member(user="9", guild="1", roles=frozenset({"2", "7"}), guest=True)
    assert roles_of(member, SERVER) == {"2": Made(rank=Rank.JOURNEYMAN)}


@pytest.mark.parametrize(
    "person",
    [
        Person(id=PersonId("p"), name="Own", staff=AGENT, expert=Expert()),
        Person(id=PersonId("p"), name="Up", staff=LEAD, staff_from="slack:T1:S1", expert=Expert(enrolled_from="x:1:2")),
        Person(
            id=PersonId("p"),
            name="Out",
            staff=AGENT,
            staff_from="discord:1:2",
            expert=Expert(enrolled_from="discord:1:2", standing=Standing.SUSPENDED),
        ),
    ],
    ids=["the product's own list", "another list", "suspended"],
)
def test_nothing_is_told_that_would_change_nothing(person: Person) -> None:
    made = roles_of(Member(user="9", guild="1", roles=frozenset({"2"})), SERVER)
    assert list(news(person, "1", made)) == []
