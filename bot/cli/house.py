"""Opens the house for one command: settings, database and App, with the operator's right to do what an admin may."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import typer

from bot.app import App
from bot.change import Actor, Receipt
from bot.cli.files import try_opening
from bot.cli.talking import Mistake
from bot.commands import Command, CreateCategory
from bot.config import Company, Config, read_config
from bot.model import Person, PersonId, StaffRole
from bot.ports import Envelope, Views, Work
from storage import SqliteStore, open_store
from storage.opening import path_of

T = TypeVar("T")

# Whoever can run commands here can read and write the database, and so may do what an admin may. Not one of the people.
OPERATOR: Final = Person(id=PersonId("operator"), name="The command line", staff=StaffRole.ADMIN)

COMPANY: Final = "company"  # under this key the database keeps a name


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a command works with."""

    config: Config
    store: SqliteStore
    app: App

    @property
    def views(self) -> Views:
        return self.store.views

    async def do(self, command: Command, key: str = "") -> Receipt:
        """Carry the command out for the operator. Raises Mistake with the refusal's sentence."""
        key = key or f"cli/{secrets.token_hex(8)}"
        receipt = await self.app.handle(Envelope(key=key, actor=Actor(person=OPERATOR), command=command))
        if receipt.refused:
            told = (await self.app.told(receipt, OPERATOR)).card
            raise Mistake(" ".join(filter(None, (told.title, told.body))))
        return receipt


def now_ms() -> int:
    """Milliseconds UTC."""
    return time.time_ns() // 1_000_000


def config_of(ctx: typer.Context) -> Config:
    """The settings that this invocation was given. Raises BadConfig."""
    return read_config(config_path(ctx))


def config_path(ctx: typer.Context) -> Path | None:
    """The file named by --config, if any."""
    chosen = ctx.find_root().obj
    return chosen if isinstance(chosen, Path) else None


def database_path(config: Config) -> Path:
    """The file of the database. Raises UnknownDatabase."""
    return path_of(config.database.url)


def inside(ctx: typer.Context, doing: Callable[[House], Awaitable[T]], *, looking: bool = False) -> T:
    """Run `doing` in the house that this invocation is about, and close it again."""
    return run_house(config_of(ctx), doing, looking=looking)


def run_house(
    config: Config,
    doing: Callable[[House], Awaitable[T]],
    *,
    create: bool = False,
    exclusive: bool = False,
    looking: bool = False,
) -> T:
    """Run `doing` in the house of these settings, and close it again."""

    async def opened() -> T:
        async with open_house(config, create=create, exclusive=exclusive, looking=looking) as house:
            return await doing(house)

    return asyncio.run(opened())


@asynccontextmanager
async def open_house(
    config: Config,
    *,
    create: bool = False,
    exclusive: bool = False,
    looking: bool = False,
    door: type[App] = App,
) -> AsyncIterator[House]:
    """Opens the database, brings it to the present version and seeds what the settings name and it does not have yet.

    `create` makes a missing database, which is a Mistake otherwise; `exclusive` keeps a second program out that would
    run all the time; `looking` changes nothing; `door` is what the App is made of. Raises StorageTrouble.
    """
    path = database_path(config)
    if not create and not path.exists():
        raise Mistake(f"There is no database {path} yet. `guildhall init` makes one, and so does `guildhall run`.")
    if path.exists():
        try_opening(path, read_only=looking)
    store = await open_store(config.database.url, read_only=looking, exclusive=exclusive)
    try:
        config = await _as_named(config, store)
        app = door(store=store, views=store.views, now=now_ms, policy=config.rules, company=config.company.name)
        house = House(config=config, store=store, app=app)
        if not looking:
            await seed(house)
        yield house
    finally:
        await store.close()


async def _as_named(config: Config, store: SqliteStore) -> Config:
    """A demo keeps its company's name also when it is run without being told that it is one."""
    kept = await store.run(lambda work: work.setting(COMPANY)) if config.company == Company() else None
    company = config.company.model_copy(update={"name": kept or config.company.name})
    return config.model_copy(update={"company": company})


async def seed(house: House) -> None:
    """Categories of the settings that the database does not have; afterwards the database is what counts."""
    there = {category.name for category in await house.views.categories()}
    if there and not house.config.category:
        return
    for category in house.config.categories():
        if category.name not in there:
            create = CreateCategory(category=category.name, as_=category, why="settings")
            await house.do(create, key=f"seed/{category.name}")


async def setting(house: House, key: str) -> str | None:
    """What the database keeps under this key."""
    return await house.store.run(lambda work: work.setting(key))


async def secret_of(house: House) -> bytes:
    """What signs links and cookies: from the environment, else made once and kept in the database."""
    if house.config.secret is not None:
        return house.config.secret.get_secret_value().encode()

    def act(work: Work) -> str:
        kept = work.setting("secret")
        if kept is None:
            kept = secrets.token_hex(32)
            work.set_setting("secret", kept)
        return kept

    return (await house.store.run(act)).encode()
