"""The product over a fake platform, in the test's own process, living faster than people do."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

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
# Without quiet hours: tests run at night as well, and what can wait would be posted in the morning.
SLEEPLESS = Expert(rank=Rank.JOURNEYMAN, quiet_from_hour=0, quiet_until_hour=0)
WAIT_SECONDS = 120.0  # nothing is judged by time; this only ends what would never end


def now() -> int:
    return time.time_ns() // 1_000_000


class Elsewhere:
    """Another platform beside it, at which everything works: `shown` is what it shows, by place and slot."""

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
class House(ABC):
    """One database, and a program that can be started and stopped over it, before one workspace or server.

    `naive` makes the sender that must fail; `hearing` is told what is heard, and may fail itself. Channels and people
    are the fake's, or whatever else has their `id` and `name`.
    """

    database: Path
    policy: Policy = POLICY
    now: Callable[[], int] = now
    help_channels: dict[str, str] = field(default_factory=dict)
    naive: Callable[[], Adapter] | None = None
    hearing: Callable[[Hearable], Awaitable[None]] | None = None
    step: Step = no_step
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    app: App = field(init=False)
    store: SteppedStore = field(init=False)
    views: Views = field(init=False)
    parts: "dict[str, asyncio.Task[None]]" = field(default_factory=dict)

    # What differs

    @abstractmethod
    def place(self, where: Any) -> Place:
        """Of a channel or a person."""

    @abstractmethod
    def identity(self, someone: Any) -> Identity: ...

    @abstractmethod
    def new_adapter(self) -> Adapter:
        """As a program that begins makes it."""

    @abstractmethod
    async def connected(self) -> None:
        """Until the platform is listened to."""

    async def adapter_ended(self) -> None:  # noqa: B027 - not every adapter leaves something open
        """Closes what would stay open."""

    # What is there

    async def __aenter__(self) -> Self:
        real = await open_store(str(self.database))
        self.store, self.views = SteppedStore(real, self.step), real.views
        self.app = App(store=self.store, views=self.views, now=self.now, policy=self.policy, company="Acme")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stops()
        await self.store.close()

    async def opens(self, name: str, *channels: Any, staff: Any = None) -> None:
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

    async def enrols(self, someone: Any, *, staff: bool = False) -> None:
        """Somebody who has been before stays who they are."""
        person = Person(
            id=PersonId(f"p-{someone.name}"),
            name=someone.name.title(),
            home=self.place(someone),
            staff=StaffRole.LEAD if staff else None,
            expert=None if staff else SLEEPLESS,
        )

        def act(work: Work) -> None:
            if work.person_of(self.identity(someone)) is not None:
                return
            work.add_person(person, self.identity(someone), self.now())
            work.seen(person.id, self.now(), self.place(someone))

        await self.store.run(act)

    # The program

    async def starts(self, *, until_connected: bool = True) -> None:
        app, adapter = self.app, self.new_adapter()
        courier = self._courier(adapter)
        clock = Clock(store=self.store, views=app.views, handle=app.handle, now=self.now, policy=self.policy)
        app.effects.wanted[:] = [courier.nudge]
        app.effects.due[:] = [clock.nudge]
        running = {"courier": courier.run(), "clock": clock.run(), adapter.name: adapter.run(self._hear)}
        self.parts = {name: asyncio.create_task(part, name=name) for name, part in running.items()}
        if until_connected:
            await self.connected()

    def _courier(self, adapter: Adapter) -> Courier | NaiveCourier:
        app, store = self.app, self.store
        if self.naive is not None:
            adapters = {adapter.name: self.naive()}
            return NaiveCourier(
                store=store, views=app.views, adapters=adapters, render=app.render, apply=app.apply, now=now
            )
        return Courier(
            store=store,
            views=app.views,
            adapters={adapter.name: adapter, "web": self.elsewhere},
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

    async def stops(self) -> None:
        """As the program does: who delivers first, then who listens."""
        for name in ("clock", "courier", *self.parts):
            task = self.parts.pop(name, None)
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self.adapter_ended()

    async def quiet(self, seconds: float = WAIT_SECONDS) -> None:
        """Until nothing waits to be posted."""
        end = time.monotonic() + seconds
        while await self.views.pending_recipients():
            assert time.monotonic() < end, "posts are still waiting"
            self.all_run()
            await asyncio.sleep(0.05)

    def all_run(self) -> None:
        ended = [name for name, part in self.parts.items() if part.done()]
        assert not ended, f"ended by themselves: {ended}"
