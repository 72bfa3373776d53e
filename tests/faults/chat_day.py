"""A working day over a fake chat platform, each a process, in which the product is killed again and again."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.market.audit import audit
from storage import open_store
from tests.faults.judging import Said, doubled
from tests.faults.rehearsing import Kill, Products, left, nothing_pending, started
from tests.faults.talking import words_of

CUSTOMERS = ("ann", "eve", "ida", "joy")
EXPERTS = ("bo", "cy")
CHANNEL, HELP = "billing", "help"
LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 30.0
SOLVED = "Yes, solved"
Line = dict[str, Any]


@dataclass(slots=True)
class Verdict:
    """What was wrong, as sentences; and how much there was to get wrong."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    not_kept: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    money: list[str] = field(default_factory=list)
    asked: int = 0
    posts: int = 0
    kept: int = 0

    def __str__(self) -> str:
        counts = f"{self.asked} asked, {self.posts} posts, {self.kept} presses kept"
        return f"{counts}: lost {len(self.lost)}, doubled {len(self.doubled)}, not kept {len(self.not_kept)}"


@dataclass(slots=True)
class Day:
    verdict: Verdict
    kills: list[tuple[Kill, bool]]  # and whether it died at its step
    stopped_in_order: bool


@dataclass(slots=True, kw_only=True)
class Chat(ABC):
    """A fake platform as a process, and how people use it: `people` is where they act over HTTP. `asked` are the words
    by which the questions are known."""

    http: httpx.AsyncClient
    told: Line  # what the fake printed when it began
    asked: list[str] = field(default_factory=list)
    over: bool = False

    @property
    @abstractmethod
    def people(self) -> str: ...

    @abstractmethod
    async def asks(self, customer: str, words: str) -> None: ...

    @abstractmethod
    async def claims(self, expert: str, card: str) -> None:
        """Presses until it is theirs."""

    @abstractmethod
    async def answers(self, expert: str, card: str, words: str) -> None:
        """So that it is taken in whether or not anybody listens just now."""

    @abstractmethod
    async def solves(self, customer: str, shown: str) -> bool:
        """Presses once; says whether that was taken in, by this or an earlier press."""

    @property
    @abstractmethod
    def read_at(self) -> str:
        """The channel in which customers read."""

    @abstractmethod
    def posts(self, applied: Sequence[Line]) -> list[Said]: ...

    @abstractmethod
    def acknowledged(self, applied: Sequence[Line]) -> list[str]:
        """The keys of the presses that the platform was told were taken."""

    async def goes_on(self, customer: str) -> None:
        """One question after the other, until nobody asks any more."""
        while not self.over:
            number = len(self.asked)
            name = f"matter{number}"
            self.asked.append(name)
            await self.asks(customer, words_of(name))
            expert = EXPERTS[number % len(EXPERTS)]
            card = await self.card(expert, f"{name}.")
            await self.claims(expert, card)
            await self.answers(expert, card, answer_to(name))
            shown = await self.finds(customer, self.read_at, answer_to(name))
            while not await self.solves(customer, shown):  # noqa: ASYNC110 - another process changes it
                await asyncio.sleep(LOOK_SECONDS)

    async def pauses(self) -> None:
        """Before somebody looks or presses again."""
        await asyncio.sleep(LOOK_SECONDS)

    async def card(self, expert: str, words: str) -> str:
        return await self.finds(expert, CHANNEL, words)

    async def finds(self, who: str, channel: str, words: str, *, what: str = "message_with") -> str:
        """The newest message (or thread) there with these words, as soon as it is there."""
        while True:
            found = await self.does(who, what, channel, words)
            if found is not None:
                return str(found)
            await asyncio.sleep(LOOK_SECONDS)

    async def does(self, who: str, verb: str, *args: str) -> Any:
        """None when that was not possible: there is no such button or message."""
        answer = await self.http.post(f"{self.people}/{who}/{verb}", json={"args": args})
        return None if answer.status_code == 409 else answer.raise_for_status().json()["result"]


def answer_to(name: str) -> str:
    return f"It is only a hold for {name}; it goes away by itself in three days."


async def rehearse(
    folder: Path,
    kills: Sequence[Kill],
    chat_of: type[Chat],
    *,
    fake: str,
    arguments: Sequence[str],
    program: str,
    seed: int,
    faults: float = 0.15,
) -> Day:
    """People ask and answer while the product dies `kills` times; then everything they began is finished.

    `fake` and `program` are modules; the program is given a database and what the fake printed.
    """
    database, log = folder / "guildhall.db", folder / "applied.jsonl"
    async with AsyncExitStack() as stack:
        arguments = ["--seed", str(seed), "--faults", str(faults), "--log", str(log), *arguments]
        told = await stack.enter_async_context(_running(fake, arguments))
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=json.loads(told)["url"], trust_env=False, timeout=PATIENCE_SECONDS)
        )
        products = await stack.enter_async_context(Products([str(database), told], log, program))
        chat = chat_of(http=http, told=json.loads(told))
        talking = asyncio.ensure_future(asyncio.gather(*(chat.goes_on(each) for each in CUSTOMERS)))
        stack.push_async_callback(left, talking)  # type: ignore[arg-type]
        died = [(kill, await products.killed(kill)) for kill in kills]
        chat.over = True
        await products.start()
        await products.alive_while(talking)  # type: ignore[arg-type]
        await http.post("/switches", json={"faults": 0})
        await products.alive_while(asyncio.create_task(nothing_pending(database)))
        stopped_in_order = await products.stopped() == 0
        collected = (await http.get("/verdict")).json()
    return Day(await judge(chat, collected, database), died, stopped_in_order)


@asynccontextmanager
async def _running(fake: str, arguments: Sequence[str]) -> AsyncIterator[str]:
    """Gives the line that it printed."""
    process = await started(fake, arguments)
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().strip()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def judge(chat: Chat, collected: Line, database: Path) -> Verdict:
    posts = chat.posts(collected["applied"])
    found = Verdict(
        doubled=doubled(posts),
        complaints=collected["complaints"],
        asked=len(chat.asked),
        posts=len(posts),
    )
    for name in chat.asked:
        cards = sum(f"{name}." in each.text and not each.thread and not each.alone for each in posts)
        answers = Counter(
            each.channel for each in posts if answer_to(name) in each.text and (each.thread or each.alone)
        )
        found.lost += [f"{what} of {name}" for what, times in (("card", cards), ("answer", len(answers))) if not times]
        found.doubled += [f"{cards} cards of {name}"] * (cards > 1)
        found.doubled += [f"{times} answers to {name} in {where}" for where, times in answers.items() if times > 1]
    await _judge_database(found, chat.acknowledged(collected["applied"]), database)
    return found


async def _judge_database(found: Verdict, keys: Sequence[str], database: Path) -> None:
    """A press that the platform was told of is in the database; no money came or went."""
    store = await open_store(str(database), busy_ms=10_000)
    try:
        kept = await store.run(lambda work: {key for key in keys if work.receipt(key) is not None})
        found.kept, found.not_kept = len(kept), [key for key in keys if key not in kept]
        rows = await store.views.audit_rows()
        found.money = [
            str(each) for each in audit(rows.totals, rows.mismatches, rows.escrow_left, rows.negatives, rows.repeated)
        ]
    finally:
        await store.close()


def nothing_is_wrong(day: Day) -> None:
    assert day.verdict.lost == []
    assert day.verdict.doubled == []
    assert day.verdict.not_kept == []
    assert day.verdict.complaints == []
    assert day.verdict.money == []
    assert day.stopped_in_order
    assert day.verdict.asked >= 4, "too little happened to prove anything"
    assert day.verdict.kept >= 4
