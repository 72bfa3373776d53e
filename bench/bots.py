"""The bots whose buttons are pressed, each in a process of its own, and the database that Guildhall begins with."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Final

from bench.commands import app_on
from bot.change import Actor, Machine
from bot.cli.house import OPERATOR, now_ms
from bot.commands import Ask, CreateCategory
from bot.model import Category, CategoryName, Expert, Identity, Person, PersonId, Place, QuestionId, Rank, State, Words
from bot.ports import Envelope, Work
from storage import open_store

BILLING: Final = CategoryName("billing")
STOP_SECONDS: Final = 20
START_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """Where on a platform the benchmark takes place: the experts' channel, the home of the customer, and each expert
    with a home."""

    channel: Place
    customer: Place
    experts: Sequence[tuple[Identity, Place]]


@asynccontextmanager
async def running(
    folder: Path, module: Sequence[str], secrets: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Runs until the end of the block, then is asked to stop. What it logs stays in the folder."""
    environment = {**os.environ, **secrets, "PYTHONPATH": str(Path(__file__).parent.parent)}
    with (folder / "log").open("wb") as log:
        bot = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *module), cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=log
        )
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.terminate()
        try:
            await asyncio.wait_for(bot.communicate(), STOP_SECONDS)
        except TimeoutError:
            bot.kill()
            await bot.wait()
    assert bot.returncode == 0, (module, (folder / "log").read_text()[-2_000:])


def settle_in(folder: Path, database: Path, platform: str) -> None:
    """A database and settings, with `platform` in them. Nobody holds as many questions as these experts do."""
    folder.mkdir()
    copy(database, folder / "guildhall.db")
    (folder / "guildhall.toml").write_text(
        f"""\
[web]
public_url = "https://bench.example"
[policy]
claims_per_expert_max = 1000000
{platform}"""
    )


# --- the database


async def prepare(path: Path, questions: int, premises: Premises) -> None:
    """A database with that many open questions, asked through the product, and experts to claim them."""
    category = Category(name=BILLING, title="Billing", channels=(premises.channel,))
    customer = Person(id=PersonId("customer"), name="Customer", home=premises.customer)
    async with await open_store(str(path)) as store:
        app = app_on(store, store.views, now_ms)

        def move_in(work: Work) -> None:
            work.add_person(customer, None, now_ms())
            for number, (who, home) in enumerate(premises.experts):
                work.add_person(expert(number, home), who, now_ms())

        await store.run(move_in)
        create = CreateCategory(category=BILLING, as_=category)
        await app.handle(Envelope(key="bench/category", actor=Actor(person=OPERATOR), command=create))
        receipts = await asyncio.gather(
            *(app.handle(asked(number, customer, premises.customer)) for number in range(questions))
        )
        assert all(receipt.after == State.OPEN for receipt in receipts), receipts[:1]


def expert(number: int, home: Place) -> Person:
    return Person(
        id=PersonId(f"expert{number}"),
        name=f"Expert {number}",
        home=home,
        expert=Expert(rank=Rank.JOURNEYMAN),
        timezone="Europe/Vienna",
    )


def asked(number: int, customer: Person, home: Place) -> Envelope:
    ask = Ask(
        question=QuestionId(0),
        customer=customer.id,
        category=BILLING,
        language="en",
        words=Words.plain(f"Why was I billed twice for order {number}? It says so on my statement."),
        origin=home,
    )
    return Envelope(key=f"bench/ask/{number}", actor=Actor(person=customer, machine=Machine.INTEGRATION), command=ask)
