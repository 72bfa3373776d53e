"""The product over the fake Slack, in the test's own process, living faster than people do."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from adapters.slack import Slack, SlackWorkspace
from adapters.slack.pace import Pace
from adapters.slack.times import Times
from bot.app import App
from bot.card import Card, Form
from bot.change import Actor
from bot.clock import Clock
from bot.commands import CreateCategory
from bot.courier import Courier
from bot.courier.steps import Step, no_step
from bot.model import Category, CategoryName, Expert, Identity, Person, PersonId, Place, Post, Rank, Ref, StaffRole
from bot.policy import Policy
from bot.ports import Adapter, Envelope, Hear, Hearable, Reply, Views, Work
from storage import open_store
from tests.fakes.slack import Channel, FakeSlack, Workspace
from tests.fakes.slack.someone import Someone
from tests.faults.killing import SteppedStore
from tests.faults.naive import NaiveCourier

NAME = "acme"
POLICY = replace(
    Policy(),
    undo_seconds=1,
    settle_seconds=0.6,
    retry_first_seconds=0.05,
    retry_last_minutes=0.01,
    open_questions_per_customer_max=10_000,
    claims_per_expert_max=10_000,
)
TIMES = Times(
    call_seconds=0.3,  # the fake applies what it is sent within 0.15 s, or never
    again_seconds=0.1,
    again_seconds_max=0.5,
    token_again_seconds=0.3,
)
WAIT_SECONDS = 120.0  # nothing is judged by time; this only ends what would never end


def now() -> int:
    return time.time_ns() // 1_000_000


def unpaced() -> Pace:
    """Nothing is held back in advance; what Slack says when it is busy counts all the same."""
    return Pace(strict=False)


class Elsewhere:
    """Another platform beside Slack, at which everything works: `shown` is what it shows, by place and slot."""

    name = "web"

    def __init__(self) -> None:
        self.shown: dict[str, Card] = {}

    async def run(self, hear: Hear) -> None:
        """Nobody speaks there by themselves."""

    async def put(self, post: Post, card: Card) -> Ref:
        self.shown[f"{post.notice.recipient} {post.notice.slot}"] = card
        return Ref(post.key)

    async def find(self, post: Post) -> Ref | None:
        return None

    async def remove(self, post: Post) -> None:
        self.shown.pop(f"{post.notice.recipient} {post.notice.slot}")


@dataclass(slots=True, kw_only=True)
class House:
    """One workspace, one database, and a program that can be started and stopped over them."""

    slack: FakeSlack
    database: Path
    workspace: Workspace
    times: Times = TIMES
    policy: Policy = POLICY
    now: Callable[[], int] = now
    help_channels: dict[str, str] = field(default_factory=dict)
    naive: Callable[[str, str], Adapter] | None = None  # token and address to the sender that must fail
    hearing: Callable[[Hearable], Awaitable[None]] | None = None  # is told what is heard, and may fail
    step: Step = no_step
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    app: App = field(init=False)
    store: SteppedStore = field(init=False)
    views: Views = field(init=False)
    adapter: Slack = field(init=False)
    parts: "dict[str, asyncio.Task[None]]" = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        real = await open_store(str(self.database))
        self.store, self.views = SteppedStore(real, self.step), real.views
        self.app = App(store=self.store, views=self.views, now=self.now, policy=self.policy, company="Acme")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stops()
        await self.store.close()

    def place(self, where: Channel | Someone) -> Place:
        return Place(f"slack:{NAME}:{'@' if where.id.startswith('U') else ''}{where.id}")

    async def opens(self, name: str, *channels: Channel, staff: Channel | None = None) -> None:
        """A category."""
        category = Category(
            name=CategoryName(name),
            title=name.title(),
            channels=tuple(map(self.place, channels)),
            staff_channel=self.place(staff) if staff else None,
        )
        founder = Actor(person=Person(id=PersonId("founder"), name="Founder", staff=StaffRole.ADMIN))
        create = CreateCategory(category=category.name, as_=category)
        await self.app.handle(Envelope(key=f"open/{name}", actor=founder, command=create))

    async def enrols(self, someone: Someone, *, staff: bool = False) -> None:
        """Somebody who has been before stays who they are."""
        person = Person(
            id=PersonId(f"p-{someone.name}"),
            name=someone.name.title(),
            home=self.place(someone),
            staff=StaffRole.LEAD if staff else None,
            expert=None if staff else Expert(rank=Rank.JOURNEYMAN),
        )

        def act(work: Work) -> None:
            if work.person_of(self.identity(someone)) is not None:
                return
            work.add_person(person, self.identity(someone), self.now())
            work.seen(person.id, self.now(), self.place(someone))

        await self.store.run(act)

    def identity(self, someone: Someone) -> Identity:
        return Identity(platform="slack", workspace=self.workspace.team_id, external=someone.id)

    # The program

    async def starts(self, *, until_connected: bool = True) -> None:
        settings = SlackWorkspace(
            name=NAME,
            bot_token=self.workspace.bot_token,
            app_token=self.workspace.app_token,
            api_url=self.slack.api_url,
            help_channels=self.help_channels,
        )
        app = self.app
        self.adapter = Slack(
            [settings],
            views=app.views,
            desk=app.desk,
            render=app.render,
            now=self.now,
            pace=unpaced,
            times=self.times,
        )
        courier = self._courier()
        clock = Clock(store=self.store, views=app.views, handle=app.handle, now=self.now, policy=self.policy)
        app.effects.wanted[:] = [courier.nudge]
        app.effects.due[:] = [clock.nudge]
        running = {"courier": courier.run(), "clock": clock.run(), "slack": self.adapter.run(self._hear)}
        self.parts = {name: asyncio.create_task(part, name=name) for name, part in running.items()}
        if until_connected:
            await self.connected()

    def _courier(self) -> Courier | NaiveCourier:
        app, store = self.app, self.store
        if self.naive is not None:
            naive = self.naive(self.workspace.bot_token, self.slack.api_url)
            return NaiveCourier(
                store=store, views=app.views, adapters={"slack": naive}, render=app.render, apply=app.apply, now=now
            )
        return Courier(
            store=store,
            views=app.views,
            adapters={"slack": self.adapter, "web": self.elsewhere},
            render=app.render,
            apply=app.apply,
            now=self.now,
            policy=self.policy,
            step=self.step,
        )

    async def _hear(self, heard: Hearable) -> Reply | Form:
        if self.hearing is not None:
            await self.hearing(heard)
        self.step("before hear")
        reply = await self.app.hear(heard)
        self.step("after hear")
        return reply

    async def connected(self) -> None:
        await self.slack.until(lambda: self.slack.sockets.of(self.workspace), WAIT_SECONDS, "no socket came")

    async def stops(self) -> None:
        """As the program does: who delivers first, then who listens."""
        for name in ("clock", "courier", "slack"):
            task = self.parts.pop(name, None)
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        if hasattr(self, "adapter"):
            await self.adapter.installations[NAME].calls.close()

    async def quiet(self) -> None:
        """Until nothing waits to be posted."""
        end = time.monotonic() + WAIT_SECONDS
        while await self.views.pending_recipients():
            assert time.monotonic() < end, "posts are still waiting"
            ended = [name for name, part in self.parts.items() if part.done()]
            assert not ended, f"ended by themselves: {ended}"
            await asyncio.sleep(0.05)
