"""A world whose people sit in Discord: the same stories, told through real sockets and the real library."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final, Self

from adapters.discord.adapter import Discord
from adapters.discord.settings import DiscordServer, DiscordSettings
from adapters.discord.times import Times
from bot.model import Person, PersonId, Place
from bot.policy import Policy
from bot.ports import Adapter
from storage import SqliteStore
from tests.chat_world import SECONDS, STAFF, ChatWorld, WorldTime, clock_of, courier_of, lived_in
from tests.discord_people import OnDiscord
from tests.discord_screen import shown_in
from tests.fakes.discord import Channel, FakeDiscord, House, Role, points
from tests.fakes.screen import Screen, Shown
from tests.world import MONDAY_NOON, house

TEXT: Final = "text"
FORUM: Final = "forum"
TAGS: Final = ("Open", "Claimed", "Waiting", "In review", "Answered", "With staff", "Solved", "Closed", "Held")
QUICK: Final = Times(
    ready_seconds=0.01,
    again_seconds=0.05,
    again_seconds_max=0.2,
    token_again_seconds=0.05,
    identify_seconds=0.01,
)
Settings = Callable[[House], Mapping[str, Any]]


@dataclass(slots=True, kw_only=True)
class DiscordWorld(ChatWorld[OnDiscord]):
    """One installation in front of one or several servers, the first of which is Acme's.

    Experts and staff see `#billing` and every other category's channel, staff `#staff` as well, and customers
    neither; customers write to the bot. `kind` is what a category's channel is: TEXT or FORUM.
    """

    platform = "discord"
    spotless = ("complaints", "too_early", "missing", "rang", "unfurled")

    discord: FakeDiscord
    adapter: Discord
    houses: dict[str, House]
    roles: dict[str, tuple[Role, Role]]  # of the crew and of staff, by server; channels are shown to them
    kind: str
    content: bool
    platforms: dict[str, Adapter]
    pointed: ExitStack = field(default_factory=ExitStack)

    @classmethod
    async def begins(
        cls,
        path: Path,
        *,
        policy: Policy | None = None,
        people_before: int = 0,
        kind: str = TEXT,
        content: bool = True,
        names: Iterable[str] = ("acme",),
        way: int = 0,
        times: Times = QUICK,
        settings: Settings = lambda house: {},
    ) -> Self:
        """Everything but that Discord is listened to: see `listens`. `settings` gives further ones for a server,
        `content` says whether plain words in servers may be read."""
        moment = [MONDAY_NOON]
        app = await house(path, moment, policy, people_before)
        assert isinstance(app.store, SqliteStore)
        discord = await FakeDiscord(seed=1, time=WorldTime(moment)).__aenter__()
        if content:
            discord.allow("message_content")
        houses = {name: discord.guild(name.title()) for name in names}
        roles = {name: (each.role("crew"), each.role(STAFF)) for name, each in houses.items()}
        servers = [DiscordServer(name=name, guild=each.id, **settings(each)) for name, each in houses.items()]
        adapter = Discord(
            DiscordSettings(
                token=discord.token,
                servers=tuple(servers),
                api_url=discord.api_url,
                gateway_url=discord.gateway_url,
                message_content=content,
            ),
            views=app.views,
            desk=app.desk,
            render=app.render,
            now=app.now,
            times=times,
        )
        screen = Screen()
        platforms: dict[str, Adapter] = {"web": screen, "discord": adapter}
        world = cls(
            app=app,
            store=app.store,
            courier=courier_of(app, platforms),
            clock=clock_of(app),
            screen=screen,
            moment=moment,
            discord=discord,
            adapter=adapter,
            houses=houses,
            roles=roles,
            kind=kind,
            content=content,
            platforms=platforms,
            ways=count(way),
        )
        world.pointed.enter_context(points(discord))
        await world.category("billing", title="Billing")
        return world

    async def listens(self) -> None:
        """From now on what happens in Discord is heard."""
        self.running.append(asyncio.create_task(self.adapter.run(self.hears), name="discord"))
        await self.caught_up()

    async def caught_up(self) -> None:
        """Somebody listens, and what was said before was read."""
        reading = self.adapter.catching_up
        await self.discord.until(lambda: self.discord.gateway.connected, what="nobody came to the gateway")
        await self.discord.until(lambda: reading.gaps.closed and reading.gaps.last > 0, what="Discord was not read")
        await self.settles()

    async def _stops(self) -> None:
        try:
            await super(DiscordWorld, self)._stops()
        finally:
            self.pointed.close()

    async def stops_listening(self) -> None:
        """The program ends, and Discord and the database stay."""
        await self._falls_silent()

    async def starts_again(self) -> None:
        """The program begins anew, with what the database holds and nothing else, in front of the same Discord."""
        before = self.adapter
        self.adapter = Discord(
            before.settings,
            views=self.app.views,
            desk=self.app.desk,
            render=self.app.render,
            now=self.app.now,
            times=before.times,
        )
        self.courier = courier_of(self.app, self.platforms | {"discord": self.adapter})
        await self.courier.recover()
        await self.listens()

    # --- places and people

    @property
    def fake(self) -> FakeDiscord:
        return self.discord

    @property
    def first(self) -> str:
        return next(iter(self.houses))

    @property
    def acme(self) -> House:
        return self.houses[self.first]

    def channel(self, name: str, at: str = "") -> Channel:
        """The channel of that name, made when there is none, for whoever belongs there."""
        at = at or self.first
        found = self.houses[at]
        for channel in found.guild.channels.values():
            if channel.name == name and not channel.is_thread:
                return channel
        crew, staff = self.roles[at]
        if name == STAFF:
            return found.channel(name, only=[staff])
        if self.kind == FORUM:
            return found.forum(name, tags=(*TAGS, name.title()), only=[crew])
        return found.channel(name, only=[crew])

    def someone(self, person: Person, number: PersonId) -> OnDiscord:
        crew, staff = self.roles[self.first]
        roles = [crew] if person.staff is not None or person.expert is not None else []
        roles += [staff] if person.staff is not None else []
        native = self.acme.person(person.name, roles=roles)
        return OnDiscord(self, person.name, number, native, crew=bool(roles))

    def visitor(self, name: str, at: str = "", *, crew: bool = False, **options: Any) -> OnDiscord:
        """Somebody in Discord of whom the product knows nothing; `crew`: who sees the experts' channels all the same.

        Options as of the fake's people.
        """
        at = at or self.first
        roles = [*options.pop("roles", ()), *(self.roles[at][:1] if crew else ())]
        return OnDiscord(self, name, PersonId(""), self.houses[at].person(name, roles=roles, **options), crew=crew)

    def errors(self) -> dict[str, Any]:
        return {each.name: each.errors for each in self.discord.people.values() if each.errors}

    # --- time

    async def _quiet(self) -> None:
        """Until nothing is on its way between Discord, the adapter and the core."""
        while True:
            await self.discord.settled()
            await self.discord.until(lambda: not self._unheard(), what="an event was not taken in")
            under_way = [*self.adapter._tasks, *(each for each in asyncio.all_tasks() if each.get_name() == EVENT)]
            if not under_way:
                return
            await asyncio.wait(under_way, timeout=SECONDS)

    def _unheard(self) -> bool:
        """Whether an event is between Discord and the library."""
        client = self.adapter.calls.client
        for session in self.discord.gateway.sessions.values():
            if session.connection is None or session.connection.silent or session.connection.closing:
                continue
            socket = client.ws if client is not None else None
            if socket is None or socket.session_id not in (None, session.id):
                continue
            if session.kept and (socket.sequence or 0) < session.kept[-1][0]:
                return True
        return False

    # --- what there is to see

    def shown_at(self, where: Place) -> list[Shown]:
        _, _, room = where.partition(":")
        if room.startswith("@"):
            channel = self.discord.dm(self.discord.users[room[1:]])
        else:
            channel = self.discord.channels[re.split("[:/]", room)[-1]]
        return shown_in(self.discord, channel, where)  # type: ignore[return-value]


EVENT: Final = "discord.py: on_socket_raw_receive"  # the task in which the library hands an event on


@asynccontextmanager
async def discord_world(path: Path, **settings: Any) -> AsyncIterator[DiscordWorld]:
    """A world that listens to Discord, and ends as every world has to."""
    world = await DiscordWorld.begins(path, **settings)
    async with lived_in(world, world.listens):
        yield world
