"""Whom the roles of Discord's servers make staff or experts, as they come with each act and as they are lost."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

from adapters.discord.office import Office
from adapters.discord.people import Member
from adapters.discord.settings import DiscordServer
from bot.model import Identity, Person, Rank, StaffRole, Standing
from bot.ports import Hear, Vouched


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What holding a role makes of somebody."""

    staff: StaffRole | None = None
    rank: Rank | None = None


NOTHING: Final = Made()
Roles = Mapping[str, Made]  # by the role's id


@dataclass(slots=True)
class Roster:
    """`_seen` is what everybody's roles were when they were last compared with what the core knows, by server and
    user; `_asked` are strangers whose roles were looked up. Both are forgotten at each `refresh`, so that whatever
    else was changed is seen then."""

    office: Office
    _seen: dict[tuple[str, str], Roles] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _told: int = 0
    _turns: "WeakValueDictionary[str, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    async def seen(self, member: Member, hear: Hear) -> None:
        """To be called before each act, with the roles that came with it: tells the core what they make of the member
        when that is news. Roles count by their id, in the server that the settings list them for."""
        server = self.office.settings.server_of(member.guild)
        if server is None or not member.known:
            return
        made = roles_of(member, server)
        if self._seen.get((member.guild, member.user)) == made:
            return
        async with self._turns.setdefault(member.user, asyncio.Lock()):
            await self._compare(member, made, hear)
            self._seen[member.guild, member.user] = made

    async def acted(self, member: Member, hear: Hear) -> None:
        """The same, and where somebody acts outside of the server whose roles made them something, what they still
        are there: another server, which may be their own, does not tell."""
        await self.seen(member, hear)
        settings = self.office.settings
        if len(settings.servers) == 1 and settings.server_of(member.guild) is not None:
            return
        for guild in _guilds_of(await self.office.views.person_of(member.identity)):
            if guild != member.guild:
                await self.seen(await self.office.people.member(member.user, guild), hear)

    async def seen_direct(self, user: str, hear: Hear) -> None:
        """The same for what is done in a direct message, which tells of no roles: they are looked up, of whoever a
        role made something, and once between two refreshes of those who are nobody here yet."""
        person = await self.office.views.person_of(_identity(user))
        guilds = _guilds_of(person)
        if not guilds and user not in self._asked and (person is None or not person.is_crew):
            self._asked.add(user)
            guilds = [each.guild for each in self.office.settings.servers if each.staff_roles or each.expert_roles]
        for guild in guilds:
            await self.seen(await self.office.people.member(user, guild), hear)

    async def changed(self, member: Member, hear: Hear) -> None:
        """Discord tells that something about a member is different now; it does so only with the members intent."""
        await self.seen(member, hear)

    async def gone(self, guild: str, user: str, hear: Hear) -> None:
        """Somebody left a server, or was removed."""
        self.office.people.forget(user, guild)
        await self.seen(Member(user=user, guild=guild, gone=True), hear)

    async def refresh(self, hear: Hear) -> bool:
        """Looks up again everybody whom a role made something; whether all could be. Who cannot be stays what they
        are, and a server that is in the settings no more vouches for nobody."""
        self._seen.clear()
        self._asked.clear()
        whole = True
        people = [*await self.office.views.people(staff=True), *await self.office.views.people(experts=True)]
        for person in {each.id: each for each in people}.values():
            for guild in _guilds_of(person):
                for each in await self.office.views.identities(person.id):
                    if each.platform == "discord":
                        whole = await self._look_again(each.external, guild, hear) and whole
        return whole

    async def _look_again(self, user: str, guild: str, hear: Hear) -> bool:
        if self.office.settings.server_of(guild) is None:
            async with self._turns.setdefault(user, asyncio.Lock()):
                await self._compare(Member(user=user, guild=guild, gone=True), {}, hear)
            return True
        member = await self.office.people.member(user, guild)
        await self.seen(member, hear)
        return member.known

    # What is news

    async def _compare(self, member: Member, made: Roles, hear: Hear) -> None:
        """With what the core knows, which after a restart is all there is to compare with."""
        person = await self.office.views.person_of(member.identity)
        if any(lost_by(person, member.guild, made)):
            others = await self._other_accounts(person, member)
            if others is None:
                return
            made = {**others, **made}
        tells = tuple(news(person, member.guild, made))
        for role, what in tells:
            await self._tell(member, role, what, hear)
        if tells:  # what another server's roles make of them may count again now
            for which in [each for each in self._seen if each[1] == member.user]:
                del self._seen[which]

    async def _other_accounts(self, person: Person | None, member: Member) -> Roles | None:
        """What the roles of a person's other accounts in that server make of them; None when nobody can tell."""
        found: dict[str, Made] = {}
        server = self.office.settings.server_of(member.guild)
        if person is None or server is None:
            return found
        for each in await self.office.views.identities(person.id):
            if each.platform == "discord" and each.external != member.user:
                other = await self.office.people.member(each.external, member.guild)
                if not other.known:
                    return None
                found |= roles_of(other, server)
        return found

    async def _tell(self, member: Member, role: str, made: Made, hear: Hear) -> None:
        self._told += 1
        by = f"discord:{member.guild}:{role}"
        await hear(
            Vouched(
                key=f"discord/roster/{by}/{member.user}/{self.office.now()}/{self._told}",
                who=member.identity,
                by=by,
                name=member.name,
                place=member.home,
                staff=made.staff,
                rank=made.rank,
            )
        )


def roles_of(member: Member, server: DiscordServer) -> Roles:
    """The roles of a member that count, and what they make of them: nothing of a bot, of somebody who has left, or of
    one who has not agreed to the server's rules yet; no staff of a guest."""
    if member.bot or member.gone or member.pending or member.guild != server.guild:
        return {}
    found = {
        role: Made(staff=None if member.guest else server.staff_roles.get(role), rank=server.expert_roles.get(role))
        for role in sorted(member.roles)
    }
    return {role: made for role, made in found.items() if made != NOTHING}


def lost_by(person: Person | None, guild: str, made: Roles) -> tuple[str, str]:
    """The role that made the person staff, and the one that made them an expert, each if it does so no longer."""
    if person is None:
        return "", ""
    expert = person.expert
    staff_by = _role(person.staff_from, guild) if person.staff is not None else ""
    expert_by = _role(_enrolled_from(person), guild) if expert and expert.standing is Standing.ACTIVE else ""
    return (
        staff_by if made.get(staff_by, NOTHING).staff is None else "",
        expert_by if made.get(expert_by, NOTHING).rank is None else "",
    )


def news(person: Person | None, guild: str, made: Roles) -> Iterator[tuple[str, Made]]:
    """What the core has to be told of somebody's roles in a server, in this order: first what is lost, because a list
    takes away what it gave even where another one gives it too."""
    staff_lost, rank_lost = lost_by(person, guild, made)
    for role in dict.fromkeys(filter(None, (staff_lost, rank_lost))):
        yield role, made.get(role, NOTHING)
    staffing = max((role for role in made if made[role].staff), key=lambda each: _height(made[each].staff), default="")
    enrolling = max((role for role in made if made[role].rank), key=lambda each: _height(made[each].rank), default="")
    told = ""
    if staffing and (staff_lost or _is_staff_news(person, f"discord:{guild}:{staffing}", made[staffing].staff)):
        told = staffing
        yield staffing, made[staffing]
    if not enrolling or enrolling == told:
        return
    # A rank is raised only by the list that enrolled them, so theirs speaks for a higher one that they hold as well.
    rank, own = made[enrolling].rank, _role(_enrolled_from(person), guild)
    speaking = own if made.get(own, NOTHING).rank is not None else enrolling
    if rank_lost or _is_rank_news(person, f"discord:{guild}:{speaking}", rank):
        yield speaking, Made(staff=made[speaking].staff, rank=rank)


def _is_staff_news(person: Person | None, by: str, staff: StaffRole | None) -> bool:
    if person is None or person.staff is None:
        return True
    if person.staff_from == by:
        return staff != person.staff
    return bool(person.staff_from) and _height(staff) > person.staff.height


def _is_rank_news(person: Person | None, by: str, rank: Rank | None) -> bool:
    """Nothing is, of whom the product's own list made an expert, and of the suspended."""
    expert = person.expert if person is not None else None
    if expert is None:
        return True
    if not expert.enrolled_from or expert.standing is Standing.SUSPENDED:
        return False
    return expert.standing is Standing.LEFT or (expert.enrolled_from == by and _height(rank) > expert.rank.height)


def _guilds_of(person: Person | None) -> list[str]:
    """The servers whose roles made the person something."""
    made_by = (person.staff_from if person is not None else "", _enrolled_from(person))
    named = [each.split(":")[1] for each in made_by if each.startswith("discord:") and each.count(":") == 2]
    return list(dict.fromkeys(named))


def _enrolled_from(person: Person | None) -> str:
    return person.expert.enrolled_from if person is not None and person.expert is not None else ""


def _role(by: str, guild: str) -> str:
    """The role that a list's name names, "" when it is none of that server."""
    prefix = f"discord:{guild}:"
    return by.removeprefix(prefix) if by.startswith(prefix) else ""


def _height(what: StaffRole | Rank | None) -> int:
    return -1 if what is None else what.height


def _identity(user: str) -> Identity:
    return Member(user=user).identity
