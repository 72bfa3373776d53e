"""Two experts want the same question in the same instant, one in the workspace and one through the API."""

import asyncio
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page, expect

from bot.model import QuestionId, Rank, StaffRole, spoken_number
from tests.traffic.house import House, Program, Running, build, kind_of

SETTINGS = """
[[category]]
name = "brewing"
title = "Brewing"
"""
AT_HOME, BY_API = "Ana", "Bo"
PATIENCE_MS = 30_000
STEP_MS = 5.0


async def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(
    tmp_path: Path, proofs: bool, chromium: Browser
) -> None:
    races = 1_000 if proofs else 60
    people = {AT_HOME: Rank.JOURNEYMAN, BY_API: Rank.JOURNEYMAN, "Sam": StaffRole.LEAD}
    house = await build(tmp_path, SETTINGS, people)
    async with house.runs() as running, running.http() as http:
        numbers = await ask(Program(http, house.keys["shop"]), races)
        page = await sits_down(chromium, running)
        race = Races(house, http, page)
        for number in numbers:
            await race.run(number)
    print(f"\n{races} races: {dict(race.won)}; {dict(race.said)}")
    assert sum(race.won.values()) == races
    assert min(race.won[AT_HOME], race.won[BY_API]) >= races // 10, "one was always first: that is no race"
    assert claims_in(house) == race.winners


class Races:
    """Keeps the two as near to each other as it can: whoever won begins a little later the next time."""

    def __init__(self, house: House, http: httpx.AsyncClient, page: Page) -> None:
        self.won: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self.winners: dict[str, list[str]] = {}
        self._keys = {name: Program(http, house.keys[name]) for name in (AT_HOME, BY_API)}
        self._staff = Program(http, house.keys["Sam"])
        self._page = page
        self._lead_ms = 0.0  # how much earlier the one at home begins

    async def run(self, number: str) -> None:
        await self._page.get_by_label("Command", exact=True).fill(f"claim {number}")
        told_home, told_api = await asyncio.gather(self._at_home(number), self._by_api(number))
        won_at_home = f"{number} is yours until" in told_home
        winner, loser, refusal = (
            (AT_HOME, BY_API, told_api.json().get("detail", "")) if won_at_home else (BY_API, AT_HOME, told_home)
        )
        assert won_at_home != (told_api.status_code == 200), (told_home, told_api.text)
        self._lead_ms += -STEP_MS if won_at_home else STEP_MS
        self._check_refusal(number, winner, refusal)
        if won_at_home:
            assert kind_of(told_api) == "already-taken"
            # What was carried out leaves the line, and must not take the next command along.
            await expect(self._page.get_by_label("Command", exact=True)).to_have_value("")
        shown = (await self._staff.get(f"/questions/{number}")).raise_for_status().json()
        assert (shown["state"], shown["holder"]) == ("claimed", winner)
        assert kind_of(await self._keys[loser].post(f"/questions/{number}/release")), "only the holder can let it go"
        assert not kind_of(await self._keys[winner].post(f"/questions/{number}/release"))
        self.won[winner] += 1
        self.winners[number] = [winner]

    def _check_refusal(self, number: str, winner: str, refusal: str) -> None:
        sentences = {f"{winner} took {number} a moment before you.": "a moment"} | {
            f"{winner} took {number} {seconds} second{'s' * (seconds != 1)} before you.": "seconds"
            for seconds in range(1, 60)
        }
        said = [kind for sentence, kind in sentences.items() if sentence in refusal]
        assert len(said) == 1, refusal
        self.said[f"told: {said[0]} before"] += 1

    async def _at_home(self, number: str) -> str:
        """What stands beneath the command line afterwards."""
        await asyncio.sleep(max(0.0, -self._lead_ms) / 1_000)
        await self._page.get_by_role("button", name="Run the command").click()
        # The answer to the race before may have named this question as the next one to take.
        about_this = re.compile(rf"{number} is yours until|took {number} ")
        aside = self._page.locator(".g-say .g-aside", has_text=about_this)
        await aside.wait_for()
        return " ".join((await aside.inner_text()).split())

    async def _by_api(self, number: str) -> httpx.Response:
        await asyncio.sleep(max(0.0, self._lead_ms) / 1_000)
        return await self._keys[BY_API].post(f"/questions/{number}/claim")


async def ask(shop: Program, count: int) -> list[str]:
    turns = asyncio.Semaphore(8)

    async def one(number: int) -> str:
        body = {"text": f"My grinder no. {number} makes a noise, what is it?", "customer": {"id": f"c{number}"}}
        async with turns:
            answer = await shop.post("/questions", body)
        return str(answer.raise_for_status().json()["number"])

    return await asyncio.gather(*(one(number) for number in range(count)))


async def sits_down(chromium: Browser, running: Running) -> Page:
    """The first of the two, at the workspace: with the place for commands, and what is meant for them alone."""
    page = await chromium.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(f"{running.address}/workspace/")
    await page.get_by_role("button", name=f"{AT_HOME}, journeyman").click()
    await page.get_by_role("navigation", name="Workspace").wait_for(state="attached")
    await page.goto(f"{running.address}/workspace/you")
    await page.get_by_label("Command", exact=True).wait_for()
    return page


def claims_in(house: House) -> dict[str, list[str]]:
    """Who claimed each question, by the database's own record of what was done."""
    query = (
        "SELECT question, name FROM journal JOIN people ON people.id = actor WHERE verb = 'claim' ORDER BY journal.id"
    )
    found: dict[str, list[str]] = {}
    with closing(sqlite3.connect(f"file:{house.database}?mode=ro", uri=True)) as database:
        for question, name in database.execute(query):
            found.setdefault(spoken_number(QuestionId(question)), []).append(name)
    return found
