"""A world whose people sit in a chat platform: what such worlds share, wherever their people sit."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar, cast

from bot.app import App
from bot.card import Form
from bot.clock import Clock
from bot.courier import Courier
from bot.model import Expert, Person, Place, Rank, StaffRole, platform_of
from bot.ports import Adapter, Hearable, Reply
from tests.fakes.screen import Shown
from tests.world import Someone, World

SECONDS: Final = 10.0
STAFF: Final = "staff"
Here = TypeVar("Here", bound=Someone)
Anybody = TypeVar("Anybody", bound=Someone)


@dataclass(slots=True)
class WorldTime:
    """The world's own time on a platform's clocks; what the platform waits for, it waits for in real time."""

    moment: list[int]

    def now(self) -> float:
        return self.moment[0] / 1_000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Fake(Protocol):
    """The platform's stand-in."""

    applied: list[dict[str, Any]]

    async def settled(self) -> object: ...

    async def __aexit__(self, *raised: object) -> None: ...


class Channel(Protocol):
    """Where several people read."""

    id: str


@dataclass(slots=True, kw_only=True)
class ChatWorld(World, Generic[Here]):
    """`heard` is everything that the core was told from the platform, with what it answered; `ways` turns through
    the ways in which one can say a thing. `platform` is the platform's name, `spotless` names the lists in which its
    stand-in notes what should never happen."""

    platform: ClassVar[str]
    spotless: ClassVar[tuple[str, ...]]

    heard: list[tuple[Hearable, Reply | Form]] = field(default_factory=list)
    ways: "count[int]" = field(default_factory=count)
    running: list[asyncio.Task[None]] = field(default_factory=list)

    # --- what each platform says for itself

    @property
    def fake(self) -> Fake:
        raise NotImplementedError

    @property
    def first(self) -> str:
        """The name of the first of the platform's servers or workspaces."""
        raise NotImplementedError

    def channel(self, name: str, at: str = "") -> Channel:
        raise NotImplementedError

    def shown_at(self, where: Place) -> list[Shown]:
        raise NotImplementedError

    def errors(self) -> dict[str, Any]:
        """What somebody was shown as an error, by their name."""
        raise NotImplementedError

    async def listens(self) -> None:
        raise NotImplementedError

    async def _quiet(self) -> None:
        """Until nothing is on its way between the platform, the adapter and the core."""
        raise NotImplementedError

    # --- beginning and end

    async def hears(self, said: Hearable) -> Reply | Form:
        answer = await self.app.hear(said)
        self.heard.append((said, answer))
        return answer

    async def ends(self) -> None:
        """Nothing was said that a stricter platform could refuse, nobody was rung, and nobody was shown an error."""
        try:
            is_spotless(self.fake, self.spotless)
            errors = self.errors()
            assert not errors, f"shown an error: {errors}"
        finally:
            await self._stops()
            await super(ChatWorld, self).ends()

    async def _stops(self) -> None:
        outcomes = await self._falls_silent()
        await self.fake.__aexit__()
        for outcome in outcomes:
            assert isinstance(outcome, asyncio.CancelledError), outcome

    async def _falls_silent(self) -> list[object]:
        """Nobody listens any more; what each listener's end was."""
        for task in self.running:
            task.cancel()
        outcomes: list[object] = [*await asyncio.gather(*self.running, return_exceptions=True)]
        self.running.clear()
        return outcomes

    # --- places and people

    def place(self, name: str) -> Place:
        return self.place_of(self.channel(name))

    def place_of(self, channel: Channel, at: str = "") -> Place:
        return Place(f"{self.platform}:{at or self.first}:{channel.id}")

    async def customer(self, name: str, *, known: tuple[tuple[str, str], ...] = ()) -> Here:
        return cast(Here, await super(ChatWorld, self).customer(name, known=known))

    async def expert(self, name: str, rank: Rank = Rank.JOURNEYMAN, categories: tuple[str, ...] = ()) -> Here:
        return cast(Here, await super(ChatWorld, self).expert(name, rank, categories))

    async def staff(self, name: str, role: StaffRole = StaffRole.ADMIN) -> Here:
        return cast(Here, await super(ChatWorld, self).staff(name, role))

    async def lists(self, visitor: Anybody, *, rank: Rank | None = None, role: StaffRole | None = None) -> Anybody:
        """The product's own list names them."""
        visitor.id = self.app.new_person()
        expert = Expert(rank=rank) if rank is not None else None
        person = Person(id=visitor.id, name=visitor.name, home=visitor.home, expert=expert, staff=role)
        await self.app.store.run(lambda work: work.add_person(person, visitor.who, self.now))
        return visitor

    def as_said_here(self, sentence: str) -> str:
        """A sentence of a story with the platform's own channels."""
        return re.sub(r"\bweb:([a-z]+)", lambda found: self.place(found[1]), sentence)

    # --- time

    async def settles(self) -> None:
        while True:
            await self._quiet()
            before = len(self.fake.applied)
            await super(ChatWorld, self).settles()
            await self._quiet()
            if len(self.fake.applied) == before:
                return

    # --- what there is to see

    def shown(self, place: str) -> list[Shown]:
        where = self.place(place[1:]) if place.startswith("#") else Place(place)
        return self.shown_at(where) if platform_of(where) == self.platform else super(ChatWorld, self).shown(place)


Lived = TypeVar("Lived", bound=ChatWorld[Any])


@asynccontextmanager
async def lived_in(world: Lived, *begins: Callable[[], Awaitable[None]]) -> AsyncIterator[Lived]:
    """The world once everything has begun, which ends as every world has to."""
    try:
        for each in begins:
            await each()
        yield world
    except BaseException:
        with suppress(BaseException):
            await world._stops()
            await world.app.store.close()
        raise
    await world.ends()


def is_spotless(fake: Fake, lists: tuple[str, ...], where: str = "") -> None:
    for wrong in lists:
        found = getattr(fake, wrong)
        assert not found, f"{wrong}{where}: {found}"


def courier_of(app: App, adapters: Mapping[str, Adapter]) -> Courier:
    return Courier(
        store=app.store,
        views=app.views,
        adapters=adapters,
        render=app.render,
        apply=app.apply,
        now=app.now,
        policy=app.policy,
    )


def clock_of(app: App) -> Clock:
    return Clock(store=app.store, views=app.views, handle=app.handle, now=app.now, policy=app.policy)
