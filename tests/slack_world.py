"""A world whose people sit in Slack: the same stories, told through real sockets and the real libraries."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self

from fastapi import FastAPI

from adapters.slack import Slack, SlackWorkspace
from adapters.slack.pace import Pace
from adapters.slack.times import Times
from adapters.web import WebSettings
from adapters.web.serving import serve
from bot.card import Form
from bot.clock import Clock
from bot.courier import Courier
from bot.model import Expert, Person, PersonId, Place, Rank, StaffRole, platform_of
from bot.policy import Policy
from bot.ports import Hearable, Reply
from storage import SqliteStore
from tests.fakes.screen import Screen, Shown
from tests.fakes.slack import Channel, FakeSlack, Workspace
from tests.slack_people import OnSlack
from tests.slack_screen import shown_in
from tests.world import MONDAY_NOON, Someone, World, house

SECONDS = 10.0
STAFF = "staff"
Settings = Callable[[Workspace], Mapping[str, Any]]


@dataclass(slots=True)
class WorldTime:
    """The world's own time on Slack's clocks; what Slack waits for, it waits for in real time."""

    moment: list[int]

    def now(self) -> float:
        return self.moment[0] / 1_000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(slots=True, kw_only=True)
class SlackWorld(World):
    """One installation in front of one or several workspaces, the first of which is Acme's.

    Experts and staff sit in `#billing` and in every other category's channel, staff in `#staff` as well; customers
    write to the bot. `heard` is everything that the core was told from Slack, with what it answered; `ways` turns
    through the ways in which one can say a thing.
    """

    slack: FakeSlack
    adapter: Slack
    workspaces: dict[str, Workspace]
    transport: str
    heard: list[tuple[Hearable, Reply | Form]] = field(default_factory=list)
    ways: "count[int]" = field(default_factory=count)
    running: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    async def begins(
        cls,
        path: Path,
        *,
        policy: Policy | None = None,
        people_before: int = 0,
        transport: str = "socket",
        names: Iterable[str] = ("acme",),
        way: int = 0,
        times: Times | None = None,
        settings: Settings = lambda workspace: {},
    ) -> Self:
        """Everything but that Slack is listened to: see `listens`. `settings` gives further ones for a workspace."""
        moment = [MONDAY_NOON]
        app = await house(path, moment, policy, people_before)
        assert isinstance(app.store, SqliteStore)
        slack = await FakeSlack(seed=1, time=WorldTime(moment)).__aenter__()
        workspaces = {name: slack.workspace(name.title(), transport=transport) for name in names}
        for each in workspaces.values():
            each.scopes.discard("chat:write.public")  # not one of ours
        adapter = Slack(
            [_settings(name, each, slack, settings(each)) for name, each in workspaces.items()],
            views=app.views,
            desk=app.desk,
            render=app.render,
            now=app.now,
            pace=lambda: Pace(strict=False),
            times=times,
        )
        screen = Screen()
        courier = Courier(
            store=app.store,
            views=app.views,
            adapters={"web": screen, "slack": adapter},
            render=app.render,
            apply=app.apply,
            now=app.now,
            policy=app.policy,
        )
        clock = Clock(store=app.store, views=app.views, handle=app.handle, now=app.now, policy=app.policy)
        world = cls(
            app=app,
            store=app.store,
            courier=courier,
            clock=clock,
            screen=screen,
            moment=moment,
            slack=slack,
            adapter=adapter,
            workspaces=workspaces,
            transport=transport,
            ways=count(way),
        )
        await world.category("billing", title="Billing")
        return world

    async def listens(self) -> None:
        """From now on what happens in Slack is heard."""
        self.running.append(asyncio.create_task(self.adapter.run(self.hears), name="slack"))
        if self.transport == "http":
            await self._serves()
        else:
            for each in self.workspaces.values():
                await self.slack.until(lambda at=each: self.slack.sockets.of(at), what="a socket")
        for name in self.workspaces:
            await self._caught_up(name)
        await self.settles()

    async def _caught_up(self, name: str) -> None:
        """Nothing is left to be read of what was said before."""
        for _ in range(int(SECONDS * 500)):
            if await self.app.desk.recall(f"slack/{name}/mark") is not None:
                return
            await asyncio.sleep(0.002)
        raise AssertionError(f"{name} was not read")

    async def _serves(self) -> None:
        """The addresses that Slack posts to."""
        site, ready = FastAPI(), asyncio.get_running_loop().create_future()
        for mount in self.adapter.mounts:
            mount(site, None)
        settings = WebSettings(company="Acme", secret=b"a secret of at least thirty-two bytes", port=0)
        serving = serve(site, settings, ready.set_result, lambda: None)
        self.running.append(asyncio.create_task(serving, name="http"))
        port = await ready
        for name, each in self.workspaces.items():
            await self.slack.until(lambda at=name: self.adapter.installations[at].listening, what="an ear")
            await each.listens_at(f"http://127.0.0.1:{port}/slack/{name}")

    async def hears(self, said: Hearable) -> Reply | Form:
        answer = await self.app.hear(said)
        self.heard.append((said, answer))
        return answer

    async def ends(self) -> None:
        """Nothing was said that a stricter Slack could refuse, nobody was rung, and nobody was shown an error."""
        try:
            assert self.slack.complaints == []
            assert self.slack.too_early == []
            assert self.slack.rang == []
            assert self.slack.unfurled == []
            assert self.slack.lost == []
            assert [each.errors for at in self.workspaces.values() for each in at.people.values() if each.errors] == []
        finally:
            await self._stops()
            await super(SlackWorld, self).ends()

    async def _stops(self) -> None:
        for task in self.running:
            task.cancel()
        for outcome in await asyncio.gather(*self.running, return_exceptions=True):
            assert isinstance(outcome, asyncio.CancelledError), outcome
        await self.slack.__aexit__()

    # --- places and people

    @property
    def acme(self) -> Workspace:
        return next(iter(self.workspaces.values()))

    def place(self, name: str) -> Place:
        return self.place_of(self.channel(name))

    def place_of(self, channel: Channel, at: str = "") -> Place:
        return Place(f"slack:{at or next(iter(self.workspaces))}:{channel.id}")

    def channel(self, name: str, at: str = "") -> Channel:
        """The channel of that name, made when there is none, with whoever belongs there."""
        workspace = self.workspaces[at] if at else self.acme
        for channel in workspace.channels.values():
            if channel.name == name:
                return channel
        found = [each for each in self.people.values() if isinstance(each, OnSlack) and each.belongs(name)]
        return workspace.channel(name, members=[each.native for each in found], private=name == STAFF)

    def someone(self, person: Person, number: PersonId) -> Someone:
        crew = person.staff is not None or person.expert is not None
        native = self.acme.person(person.name, tz="UTC")
        someone = OnSlack(self, person.name, number, native, crew=crew, staff=person.staff is not None)
        for channel in self.acme.channels.values():
            if channel.kind != "im" and someone.belongs(channel.name):
                channel.members.append(native.id)
        return someone

    async def customer(self, name: str, *, known: tuple[tuple[str, str], ...] = ()) -> OnSlack:
        return _on_slack(await super(SlackWorld, self).customer(name, known=known))

    async def expert(self, name: str, rank: Rank = Rank.JOURNEYMAN, categories: tuple[str, ...] = ()) -> OnSlack:
        return _on_slack(await super(SlackWorld, self).expert(name, rank, categories))

    async def staff(self, name: str, role: StaffRole = StaffRole.ADMIN) -> OnSlack:
        return _on_slack(await super(SlackWorld, self).staff(name, role))

    def visitor(self, name: str, at: str = "", **options: Any) -> OnSlack:
        """Somebody in Slack of whom the product knows nothing; options as of the fake's people."""
        workspace = self.workspaces[at] if at else self.acme
        return OnSlack(self, name, PersonId(""), workspace.person(name, **{"tz": "UTC", **options}))

    async def lists(self, visitor: OnSlack, *, rank: Rank | None = None, role: StaffRole | None = None) -> OnSlack:
        """The product's own list names them, by workspace and user."""
        visitor.id = self.app.new_person()
        expert = Expert(rank=rank) if rank is not None else None
        person = Person(id=visitor.id, name=visitor.name, home=visitor.home, expert=expert, staff=role)
        await self.app.store.run(lambda work: work.add_person(person, visitor.who, self.now))
        return visitor

    def on_slack(self, sentence: str) -> str:
        """A sentence of a story as it is said here: with Slack's channels."""
        return re.sub(r"\bweb:([a-z]+)", lambda found: self.place(found[1]), sentence)

    # --- time

    async def settles(self) -> None:
        while True:
            await self._quiet()
            before = len(self.slack.applied)
            await super(SlackWorld, self).settles()
            await self._quiet()
            if len(self.slack.applied) == before:
                return

    async def _quiet(self) -> None:
        """Until nothing is on its way between Slack, the adapter and the core."""
        installations = self.adapter.installations.values()
        while True:
            await self.slack.settled()
            under_way = [task for each in installations for task in each._tasks]
            if not under_way:
                return
            await asyncio.wait(under_way, timeout=SECONDS)

    # --- what there is to see

    def shown(self, place: str) -> list[Shown]:
        where = self.place(place[1:]) if place.startswith("#") else Place(place)
        if platform_of(where) != "slack":
            return super(SlackWorld, self).shown(place)
        _, name, room = where.split(":", 2)
        workspace = self.workspaces[name]
        channel = workspace.dm(room[1:]) if room.startswith("@") else workspace.channels[room]
        return shown_in(self.slack, workspace, channel, where)  # type: ignore[return-value]


@asynccontextmanager
async def slack_world(path: Path, **settings: Any) -> AsyncIterator[SlackWorld]:
    """A world that listens to Slack, and ends as every world has to."""
    world = await SlackWorld.begins(path, **settings)
    try:
        await world.listens()
        yield world
    except BaseException:
        with suppress(BaseException):
            await world._stops()
            await world.app.store.close()
        raise
    await world.ends()


def _on_slack(someone: Someone) -> OnSlack:
    assert isinstance(someone, OnSlack)
    return someone


def _settings(name: str, workspace: Workspace, slack: FakeSlack, further: Mapping[str, Any]) -> SlackWorkspace:
    http = workspace.transport == "http"
    return SlackWorkspace(
        name=name,
        mode="http" if http else "socket",
        bot_token=workspace.bot_token,
        app_token="" if http else workspace.app_token,
        signing_secret=workspace.signing_secret if http else "",
        api_url=slack.api_url,
        **further,
    )
