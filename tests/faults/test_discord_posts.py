"""Posts to a Discord that answers late, wrongly or not at all: each arrives once, in order, and nobody hurries it."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.http import Route

from adapters.discord.messages import message, title_of
from bot.card import Card
from bot.model import Post, QuestionId, Ref, spoken_number
from bot.ports import Busy, Heard
from tests import sample_files
from tests.fakes.discord import Channel, FakeDiscord, House
from tests.faults.discord_house import DiscordHouse
from tests.faults.discord_verdict import judge, posts_of
from tests.faults.judging import Verdict, all_is_well
from tests.faults.talking import asks

LINES = 4
ROOMS = 4  # of text channels, and of forums
PATIENCE_SECONDS = 600.0  # nothing is judged by it
CUSTOMERS = 10
INVALID_FAR_BELOW = 1_000  # of the 10,000 in ten minutes at which Discord shuts everything out
WAYS = ("user", "shared", "global", "cloudflare")


class StockSender:
    """The library as it comes: it sends up to five times when an answer was lost, and looks for nothing."""

    name = "discord"

    def __init__(self, token: str, rooms: Sequence[Channel]) -> None:
        self.client = discord.Client(intents=discord.Intents.none())
        self.rooms = {each.id: each for each in rooms}
        self._token, self._signed_in = token, asyncio.Lock()

    async def run(self, hear: object) -> None:
        """It only sends."""

    async def put(self, post: Post, card: Card) -> Ref:
        try:
            await self._sign_in()
            body: dict[str, Any] = message(card).body()
            channel = post.notice.recipient.rpartition(":")[2]
            if post.ref is not None or channel.startswith("@"):
                return post.ref or Ref("-")
            if self.rooms[channel].type == 15 and not post.parent_ref:
                body = {"name": title_of(card), "message": body}
                route = Route("POST", "/channels/{channel_id}/threads", channel_id=channel)
                return Ref(str((await self.client.http.request(route, json=body))["id"]))
            route = Route("POST", "/channels/{channel_id}/messages", channel_id=post.parent_ref or channel)
            said = await self.client.http.request(route, json=body)
            if not post.parent_ref:
                await self._give_thread(channel, str(said["id"]))
            return Ref(str(said["id"]))
        except Exception as trouble:
            raise Busy(0.1) from trouble

    async def _give_thread(self, channel: str, card: str) -> None:
        route = Route(
            "POST", "/channels/{channel_id}/messages/{message_id}/threads", channel_id=channel, message_id=card
        )
        await self.client.http.request(route, json={"name": "A question"})

    async def _sign_in(self) -> None:
        async with self._signed_in:
            if self.client.user is None:
                await self.client.login(self._token)

    async def find(self, post: Post) -> Ref | None:
        return None

    async def remove(self, post: Post) -> None:
        """Nothing is removed here."""


async def post_away(folder: Path, questions: int, rooms_each: int = ROOMS) -> Verdict:
    """Customers ask, add lines and files, and are answered, while every seventh call goes wrong."""
    async with failing(3) as there:
        acme = there.guild("Acme")
        bo, rooms = acme.person("bo"), rooms_of(acme, rooms_each)
        customers = [acme.person(f"customer{number}") for number in range(CUSTOMERS)]
        async with DiscordHouse(discord=there, database=folder / "house.db", guild=acme) as house:
            for number, room in enumerate(rooms):
                await house.opens(f"c{number}", room)
            await house.enrols(bo)
            await house.starts(until_connected=False)
            names = [f"matter{number}" for number in range(questions)]
            archiving = asyncio.create_task(closes_posts(acme))
            asking = [
                asks_and_is_answered(house, customers[number % CUSTOMERS], bo, name, number, len(rooms))
                for number, name in enumerate(names)
            ]
            await asyncio.gather(*asking)
            await house.quiet(PATIENCE_SECONDS)
            archiving.cancel()
            await there.settled()
        found = judge(there, names, LINES)
        judge_answers(found, there, names)
        print(f"{found}; refused {dict(there.refused)}, met {dict(there.faults.met)}")
        assert len(there.limits.invalid) < INVALID_FAR_BELOW
        return found


def failing(seed: int) -> FakeDiscord:
    there = FakeDiscord(seed=seed, faults=0.15, privileged={"message_content"})
    there.faults.hang_s, there.retry_after_s, there.in_flight_s = 0.6, (0.2, 0.6), 0.1
    there.busy_ways = WAYS
    there.refuses = {"POST /users/@me/channels": (40003, 0.3)}
    return there


def rooms_of(acme: House, each: int) -> list[Channel]:
    return [*(acme.channel(f"text{number}") for number in range(each)), *(acme.forum(f"f{n}") for n in range(each))]


async def post_away_naively(folder: Path, questions: int) -> Verdict:
    """Until the library's own sender has said something twice, or nothing waits any more."""
    async with failing(3) as there:
        there.busy_ways, there.refuses = ("user",), {}
        acme = there.guild("Acme")
        rooms = rooms_of(acme, ROOMS)
        sender = StockSender(there.token, rooms)
        customers = [acme.person(f"customer{number}") for number in range(CUSTOMERS)]
        house = DiscordHouse(discord=there, database=folder / "house.db", guild=acme, naive=lambda: sender)
        async with house:
            for number, room in enumerate(rooms):
                await house.opens(f"c{number}", room)
            await house.starts(until_connected=False)
            names = [f"matter{number}" for number in range(questions)]
            asking = (
                asks(house, customers[number % CUSTOMERS], name, f"c{number % len(rooms)}", LINES)
                for number, name in enumerate(names)
            )
            await asyncio.gather(*asking)
            await there.until(lambda: judge(there, names, LINES).doubled, 60, "the naive sender doubled nothing")
        await sender.client.close()
        return judge(there, names, LINES)


async def closes_posts(acme: House) -> None:
    """Somebody tidies up all the time: threads go to sleep while things are posted to them."""
    chance = random.Random(3)
    while True:
        awake = [each for each in acme.guild.threads() if not each.archived]
        if awake:
            acme.archives(chance.choice(awake))
        await asyncio.sleep(0.05)


async def asks_and_is_answered(house: DiscordHouse, customer: Any, bo: Any, name: str, number: int, rooms: int) -> None:
    files = (sample_files.shot(f"{name}.png"),) if number % 3 == 0 else ()
    question = await asks(house, customer, name, f"c{number % rooms}", LINES, files=files)
    await says(house, bo, question, "claim")
    await says(house, bo, question, f"answer {answer_to(name)}")


async def says(house: DiscordHouse, bo: Any, question: QuestionId, sentence: str) -> None:
    verb, _, words = sentence.partition(" ")
    said = f"{verb} {spoken_number(question)} {words}".strip()
    await house.app.hear(Heard(key=f"{verb}/{question}", who=house.identity(bo), sentence=said, question=question))


def answer_to(name: str) -> str:
    return f"The charge for {name} is only a hold; it goes away by itself."


def judge_answers(found: Verdict, there: FakeDiscord, names: Sequence[str]) -> None:
    """Each reached its customer once, and so did each file the experts."""
    posts = posts_of(there.applied)
    for name in names:
        reached = sum(answer_to(name) in each.text for each in posts if each.alone)
        if reached != 1:
            (found.doubled if reached else found.lost).append(f"{reached} answers to {name}")


async def test_posts_arrive_once_and_in_order_through_15_percent_of_faults(
    tmp_path: Path, proofs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.trouble.TOO_MUCH_SECONDS", 0.3)
    found = await post_away(tmp_path, 240 if proofs else 17, 3 * ROOMS if proofs else ROOMS)
    assert found.posts >= (2_000 if proofs else 150)
    assert found.faults >= found.posts * 0.15
    assert found.too_early == []
    all_is_well(found)


async def test_the_library_as_it_comes_doubles(tmp_path: Path) -> None:
    """The control: faults that do not catch this sender prove nothing about the other."""
    found = await post_away_naively(tmp_path, 16)
    print(found)
    assert found.doubled != []
