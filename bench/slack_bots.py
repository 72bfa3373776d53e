"""The bots that `bench.slack` measures, each in a process of its own, and the database that ours begins with."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from shutil import copy
from typing import Final

from bench.bare_slack import SIGNING_SECRET, app_token
from bench.commands import app_on
from bench.slack_side import CHANNEL, TEAM, HttpLine, Line, SlackSide
from bot.change import Actor, Machine
from bot.cli.house import OPERATOR, now_ms
from bot.commands import Ask, CreateCategory
from bot.model import Category, CategoryName, Expert, Identity, Person, PersonId, Place, QuestionId, Rank, State, Words
from bot.ports import Envelope, Work
from storage import open_store

OUR_APP_TOKEN: Final = "xapp-ours"
CUSTOMERS_HOME: Final = Place("slack:bench:@U0CUSTOMER")
BILLING: Final = CategoryName("billing")
STOP_SECONDS: Final = 20
START_SECONDS: Final = 60


async def start_guildhall(stack: AsyncExitStack, slack: SlackSide, folder: Path, database: Path, mode: str) -> Line:
    """The product as `guildhall run` starts it, on a copy of the database in a folder of its own."""
    port, ours, token = free_port(), folder / f"guildhall-{mode}", f"xoxb-{mode}"
    settle_in(ours, database, mode, slack.api_url)
    secrets = {
        "GUILDHALL_SLACK_BOT_TOKEN": token,
        "GUILDHALL_SLACK_APP_TOKEN": OUR_APP_TOKEN,
        "GUILDHALL_SLACK_SIGNING_SECRET": SIGNING_SECRET,
    }
    await stack.enter_async_context(_running(ours, ["bot", "run", "--port", str(port)], secrets))
    if mode == "socket":
        return await slack.socket_of(OUR_APP_TOKEN)
    await slack.signed_in(token)  # it serves its pages before it listens to Slack
    return stack.enter_context(HttpLine(f"http://127.0.0.1:{port}/slack/bench", slack.answers_url))


async def start_bare(stack: AsyncExitStack, slack: SlackSide, folder: Path, mode: str, does: str) -> Line:
    """A bot that stores nothing, which tells its address when it has one."""
    bare = folder / f"bare-{mode}-{does}"
    bare.mkdir()
    bot = await stack.enter_async_context(_running(bare, ["bench.bare_slack", mode, does, slack.api_url], {}))
    if mode == "socket":
        return await slack.socket_of(app_token(does))
    assert bot.stdout is not None
    address = (await bot.stdout.readline()).decode().strip()
    return stack.enter_context(HttpLine(address, slack.answers_url))


def settle_in(folder: Path, database: Path, mode: str, api_url: str) -> None:
    """A database and settings. Nobody holds as many questions as these experts do."""
    folder.mkdir()
    copy(database, folder / "guildhall.db")
    (folder / "guildhall.toml").write_text(
        f"""\
[web]
public_url = "https://bench.example"
[policy]
claims_per_expert_max = 1000000
[slack.bench]
mode = "{mode}"
api_url = "{api_url}"
"""
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@asynccontextmanager
async def _running(
    folder: Path, module: list[str], secrets: Mapping[str, str]
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


# --- the database


async def prepare(path: Path, questions: int, experts: int) -> None:
    """A database with that many open questions, asked through the product, and experts on Slack to claim them."""
    category = Category(name=BILLING, title="Billing", channels=(Place(f"slack:bench:{CHANNEL}"),))
    customer = Person(id=PersonId("customer"), name="Customer", home=CUSTOMERS_HOME)
    async with await open_store(str(path)) as store:
        app = app_on(store, store.views, now_ms)

        def move_in(work: Work) -> None:
            work.add_person(customer, None, now_ms())
            for number in range(experts):
                who = Identity(platform="slack", workspace=TEAM, external=user(number))
                work.add_person(expert(number), who, now_ms())

        await store.run(move_in)
        create = CreateCategory(category=BILLING, as_=category)
        await app.handle(Envelope(key="bench/category", actor=Actor(person=OPERATOR), command=create))
        receipts = await asyncio.gather(*(app.handle(asked(number, customer)) for number in range(questions)))
        assert all(receipt.after == State.OPEN for receipt in receipts), receipts[:1]


def user(number: int) -> str:
    """The id of an expert on Slack."""
    return f"U0EXPERT{number}"


def expert(number: int) -> Person:
    return Person(
        id=PersonId(f"expert{number}"),
        name=f"Expert {number}",
        home=Place(f"slack:bench:@{user(number)}"),
        expert=Expert(rank=Rank.JOURNEYMAN),
        timezone="Europe/Vienna",
    )


def asked(number: int, customer: Person) -> Envelope:
    ask = Ask(
        question=QuestionId(0),
        customer=customer.id,
        category=BILLING,
        language="en",
        words=Words.plain(f"Why was I billed twice for order {number}? It says so on my statement."),
        origin=CUSTOMERS_HOME,
    )
    return Envelope(key=f"bench/ask/{number}", actor=Actor(person=customer, machine=Machine.INTEGRATION), command=ask)
