"""Programs that were asking when the power went ask again with the same keys, and every question is there once."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.model import StaffRole
from tests.traffic.house import House, Program, build

SETTINGS = """
[[category]]
name = "general"
title = "General questions"
"""
EACH_LIFE = 60
AT_ONCE = 12


@dataclass(slots=True)
class Asking:
    """A program's own books: what it wants to ask by key, and the number it was told for it."""

    wanted: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    cut_off: int = 0

    async def asks(self, program: Program, keys: list[str], kill: asyncio.Event, after: int) -> None:
        """Many at once; after so many new answers the power goes."""
        turns = asyncio.Semaphore(AT_ONCE)
        until = len(self.told) + after

        async def ask(key: str) -> None:
            async with turns:
                if kill.is_set():
                    return
                try:
                    answer = await program.post("/questions", self._body(key), key=key)
                except httpx.TransportError:
                    self.cut_off += 1
                    return
            assert answer.status_code == 201, answer.text
            number = answer.json()["number"]
            assert self.told.setdefault(key, number) == number, "the same key is the same question"
            if len(self.told) >= until:
                kill.set()

        await asyncio.gather(*(ask(key) for key in keys))

    def _body(self, key: str) -> dict[str, object]:
        return {"text": self.wanted[key], "customer": {"id": f"customer of {key}"}}


async def test_questions_that_were_being_asked_at_a_kill_are_there_once(tmp_path: Path, proofs: bool) -> None:
    dice = random.Random(5)
    lives = 30 if proofs else 3
    house = await build(tmp_path, SETTINGS, {"Sam": StaffRole.LEAD})
    asking = Asking()
    for life in range(lives):
        new = {f"key {life}/{each}": f"Why does step {each} of part {life} take so long?" for each in range(EACH_LIFE)}
        asking.wanted |= new
        doubtful = [key for key in asking.wanted if key not in asking.told]
        sure = dice.sample(sorted(asking.told), min(5, len(asking.told)))
        await one_life(house, asking, [*sure, *doubtful], after=dice.randint(5, 40))

    async with house.runs() as running, running.http() as http:
        await asking.asks(Program(http, house.keys["shop"]), list(asking.wanted), asyncio.Event(), after=10**6)
        staff = Program(http, house.keys["Sam"])
        numbers = [str(row["number"]) for row in await staff.every_question()]
        texts = Counter([await text_of(staff, number) for number in numbers])
    print(f"\n{lives} kills, {len(numbers)} questions, {asking.cut_off} requests cut off")
    assert asking.cut_off >= lives, "too few were under way to prove anything"
    assert Counter(numbers) == Counter(asking.told.values())
    assert texts == Counter(asking.wanted.values())
    assert "clean" in await house.says("audit")


async def one_life(house: House, asking: Asking, keys: list[str], after: int) -> None:
    running = await house.starts()
    kill = asyncio.Event()
    async with running.http() as http:
        work = asyncio.create_task(asking.asks(Program(http, house.keys["shop"]), keys, kill, after))
        waiting = asyncio.create_task(kill.wait())
        await asyncio.wait([work, waiting], return_when=asyncio.FIRST_COMPLETED)
        running.killed()
        await running.ended()
        waiting.cancel()
        await work


async def text_of(staff: Program, number: str) -> str:
    return str((await staff.get(f"/questions/{number}")).raise_for_status().json()["text"])
