"""A working day over a fake Slack, each a process of its own, in which the product is killed again and again."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.market.audit import audit
from storage import open_store
from tests.faults.rehearsing import Kill, Products, left, nothing_pending, started
from tests.faults.slack_program import CHANNEL, EXPERTS, HELP
from tests.faults.slack_verdict import doubled

CUSTOMERS = ("ann", "eve", "ida", "joy")
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


@dataclass(slots=True)
class Talk:
    """People in front of Slack: each question is asked, claimed, answered and judged, however often it takes."""

    http: httpx.AsyncClient
    team: str
    asked: list[str] = field(default_factory=list)
    over: bool = False

    async def goes_on(self, customer: str) -> None:
        """One question after the other, until nobody asks any more."""
        while not self.over:
            number = len(self.asked)
            name = f"matter{number}"
            self.asked.append(name)
            await self.does(customer, "says", HELP, f"Something is strange with {name}. What can I do about it?")
            await self.is_answered(name, EXPERTS[number % len(EXPERTS)])
            await self.is_solved(name, customer)

    async def is_answered(self, name: str, expert: str) -> None:
        """The expert presses until it is theirs; what they type is taken in whether or not anybody listens just now."""
        card = await self.finds(expert, CHANNEL, f"{name}.")
        while (claimed := await self.does(expert, "presses", CHANNEL, card, "Claim")) is None or not claimed["ok"]:
            if "has it" in str(await self.does(expert, "payload", CHANNEL, card)):
                break  # it was taken in, and the acknowledgement was lost with the program
            await asyncio.sleep(LOOK_SECONDS)
        await self.does(expert, "says", CHANNEL, f"!answer {answer_to(name)}", card)

    async def is_solved(self, name: str, customer: str) -> None:
        shown = await self.finds(customer, HELP, answer_to(name))
        while True:
            came = await self.does(customer, "presses", HELP, shown, SOLVED)
            if came is not None and came["ok"]:
                return
            if came is None and SOLVED not in str(await self.does(customer, "payload", HELP, shown)):
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def finds(self, who: str, channel: str, words: str) -> str:
        """The newest message there with these words, as soon as it is there."""
        while True:
            found = await self.does(who, "message_with", channel, words)
            if found is not None:
                return str(found)
            await asyncio.sleep(LOOK_SECONDS)

    async def does(self, who: str, verb: str, *args: str) -> Any:
        """None when that was not possible: there is no such button or message."""
        answer = await self.http.post(f"/people/{self.team}/{who}/{verb}", json={"args": args})
        return None if answer.status_code == 409 else answer.raise_for_status().json()["result"]


def answer_to(name: str) -> str:
    return f"It is only a hold for {name}; it goes away by itself in three days."


async def rehearse(folder: Path, kills: Sequence[Kill], *, seed: int, faults: float = 0.15) -> Day:
    """People ask and answer while the product dies `kills` times; then everything they began is finished."""
    database, log = folder / "guildhall.db", folder / "applied.jsonl"
    async with AsyncExitStack() as stack:
        told = await stack.enter_async_context(_slack(log, seed, faults))
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=json.loads(told)["url"], trust_env=False, timeout=PATIENCE_SECONDS)
        )
        arguments = [str(database), told]
        products = await stack.enter_async_context(Products(arguments, log, "tests.faults.slack_program"))
        talk = Talk(http, json.loads(told)["workspace"]["team_id"])
        talking = asyncio.ensure_future(asyncio.gather(*(talk.goes_on(each) for each in CUSTOMERS)))
        stack.push_async_callback(left, talking)  # type: ignore[arg-type]
        died = [(kill, await products.killed(kill)) for kill in kills]
        talk.over = True
        await products.start()
        await products.alive_while(talking)  # type: ignore[arg-type]
        await http.post("/switches", json={"faults": 0})
        await products.alive_while(asyncio.create_task(nothing_pending(database)))
        stopped_in_order = await products.stopped() == 0
        verdict = (await http.get("/verdict")).json()
    return Day(await judge(talk.asked, verdict, database), died, stopped_in_order)


@asynccontextmanager
async def _slack(log: Path, seed: int, faults: float) -> AsyncIterator[str]:
    """Gives the line that it printed."""
    people, channels = ",".join((*CUSTOMERS, *EXPERTS)), f"{CHANNEL},{HELP}"
    arguments = ["--seed", str(seed), "--faults", str(faults), "--log", str(log)]
    slack = await started("tests.fakes.slack", [*arguments, "--people", people, "--channels", channels])
    try:
        assert slack.stdout is not None
        yield (await slack.stdout.readline()).decode().strip()
    finally:
        with suppress(ProcessLookupError):
            slack.kill()
        await slack.wait()


async def judge(asked: Sequence[str], verdict: Line, database: Path) -> Verdict:
    lines: list[Line] = verdict["applied"]
    posts = [each for each in lines if each["what"] == "posts"]
    found = Verdict(
        doubled=doubled(posts),
        complaints=verdict["complaints"],
        asked=len(asked),
        posts=len(posts),
    )
    for name in asked:
        cards = sum(f"{name}." in each["text"] and not each["thread_ts"] for each in posts)
        answers = Counter(each["channel"] for each in posts if answer_to(name) in each["text"] and each["thread_ts"])
        found.lost += [f"{what} of {name}" for what, times in (("card", cards), ("answer", len(answers))) if not times]
        found.doubled += [f"{cards} cards of {name}"] * (cards > 1)
        found.doubled += [f"{times} answers to {name} in {where}" for where, times in answers.items() if times > 1]
    await _judge_database(found, lines, database)
    return found


async def _judge_database(found: Verdict, lines: Sequence[Line], database: Path) -> None:
    """A press that Slack was told of is in the database; no money came or went."""
    keys = [
        f"slack/press/{each['team']}/{each['user']}/{each['act']['action_ts']}"
        for each in lines
        if each["what"] == "interaction" and each["ok"] and "action_ts" in each["act"]
    ]
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
