"""A world whose people sit in Slack: the same stories, told through real sockets and the real libraries."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Self

from fastapi import FastAPI

from adapters.slack import Slack, SlackWorkspace
from adapters.slack.pace import Pace
from adapters.slack.times import Times
from adapters.web import WebSettings
from adapters.web.serving import serve
from bot.model import Person, PersonId, Place
from bot.policy import Policy
from storage import SqliteStore
from tests.chat_world import SECONDS, STAFF, ChatWorld, WorldTime, clock_of, courier_of, lived_in
from tests.fakes.screen import Screen, Shown
from tests.fakes.slack import Channel, FakeSlack, Workspace
from tests.slack_people import OnSlack
from tests.slack_screen import shown_in
from tests.world import MONDAY_NOON, house

Settings = Callable[[Workspace], Mapping[str, Any]]


@dataclass(slots=True, kw_only=True)
class SlackWorld(ChatWorld[OnSlack]):
    """One installation in front of one or several workspaces, the first of which is Acme's.

    Experts and staff sit in `#billing` and in every other category's channel, staff in `#staff` as well; customers
    write to the bot.
    """

    platform = "slack"
    spotless = ("complaints", "too_early", "rang", "unfurled", "lost")

    slack: FakeSlack
    adapter: Slack
    workspaces: dict[str, Workspace]
    transport: str

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
        world = cls(
            app=app,
            store=app.store,
            courier=courier_of(app, {"web": screen, "slack": adapter}),
            clock=clock_of(app),
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

    # --- places and people

    @property
    def fake(self) -> FakeSlack:
        return self.slack

    @property
    def first(self) -> str:
        return next(iter(self.workspaces))

    @property
    def acme(self) -> Workspace:
        return self.workspaces[self.first]

    def channel(self, name: str, at: str = "") -> Channel:
        """The channel of that name, made when there is none, with whoever belongs there."""
        workspace = self.workspaces[at] if at else self.acme
        for channel in workspace.channels.values():
            if channel.name == name:
                return channel
        found = [each for each in self.people.values() if isinstance(each, OnSlack) and each.belongs(name)]
        return workspace.channel(name, members=[each.native for each in found], private=name == STAFF)

    def someone(self, person: Person, number: PersonId) -> OnSlack:
        crew = person.staff is not None or person.expert is not None
        native = self.acme.person(person.name, tz="UTC")
        someone = OnSlack(self, person.name, number, native, crew=crew, staff=person.staff is not None)
        for channel in self.acme.channels.values():
            if channel.kind != "im" and someone.belongs(channel.name):
                channel.members.append(native.id)
        return someone

    def visitor(self, name: str, at: str = "", **options: Any) -> OnSlack:
        """Somebody in Slack of whom the product knows nothing; options as of the fake's people."""
        workspace = self.workspaces[at] if at else self.acme
        return OnSlack(self, name, PersonId(""), workspace.person(name, **{"tz": "UTC", **options}))

    def errors(self) -> dict[str, Any]:
        people = [each for at in self.workspaces.values() for each in at.people.values()]
        return {each.name: each.errors for each in people if each.errors}

    # --- time

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

    def shown_at(self, where: Place) -> list[Shown]:
        _, name, room = where.split(":", 2)
        workspace = self.workspaces[name]
        channel = workspace.dm(room[1:]) if room.startswith("@") else workspace.channels[room]
        return shown_in(self.slack, workspace, channel, where)  # type: ignore[return-value]


@asynccontextmanager
async def slack_world(path: Path, **settings: Any) -> AsyncIterator[SlackWorld]:
    """A world that listens to Slack, and ends as every world has to."""
    world = await SlackWorld.begins(path, **settings)
    async with lived_in(world, world.listens):
        yield world


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
