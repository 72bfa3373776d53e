"""Posts to a Slack that answers late, wrongly or not at all: each arrives once, in order, and nobody hurries Slack."""

import asyncio
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.posting import shown
from bot.card import Card
from bot.model import Post, Ref
from bot.ports import Busy
from tests.fakes.slack import FakeSlack
from tests.faults.judging import Verdict, all_is_well
from tests.faults.slack_house import SlackHouse
from tests.faults.slack_verdict import judge
from tests.faults.talking import asks

LINES = 4
CHANNELS = 12
CUSTOMERS = 10


class StockSender:
    """The library's client as it comes: it posts again when an answer was lost, and looks for nothing."""

    name = "slack"

    def __init__(self, token: str, url: str) -> None:
        self.client = AsyncWebClient(token=token, base_url=url, timeout=1)

    async def run(self, hear: object) -> None:
        """It only sends."""

    async def put(self, post: Post, card: Card) -> Ref:
        channel = post.notice.recipient.rpartition(":")[2].removeprefix("@")
        try:
            if post.ref is None:
                thread = {"thread_ts": post.parent_ref} if post.parent_ref else {}
                said = await self.client.chat_postMessage(channel=channel, **thread, **shown(card))
                return Ref(str(said["ts"]))
            if not channel.startswith("U"):
                await self.client.chat_update(channel=channel, ts=post.ref, **shown(card))
            return post.ref
        except Exception as trouble:
            raise Busy(0.1) from trouble

    async def find(self, post: Post) -> Ref | None:
        return None

    async def remove(self, post: Post) -> None:
        """Nothing is removed here."""


async def post_away(folder: Path, questions: int, *, naive: bool = False) -> Verdict:
    """Customers ask and add lines while Slack fails every seventh time."""
    async with FakeSlack(seed=3, faults=0.15) as slack:
        slack.faults.hang_s, slack.faults.retry_after_s = 0.6, (1, 1)
        slack.in_flight_s = 0.1  # what was sent before the answer came back is not held against anybody
        acme = slack.workspace("Acme")
        customers = [acme.person(f"customer{number}") for number in range(CUSTOMERS)]
        house = SlackHouse(slack=slack, database=folder / "house.db", workspace=acme)
        house.naive = (lambda: StockSender(acme.bot_token, slack.api_url)) if naive else None
        async with house:
            for number in range(CHANNELS):
                await house.opens(f"c{number}", acme.channel(f"c{number}"))
            await house.starts(until_connected=False)
            names = [f"matter{number}" for number in range(questions)]
            asking = (
                asks(house, customers[number % CUSTOMERS], name, f"c{number % CHANNELS}", LINES)
                for number, name in enumerate(names)
            )
            await asyncio.gather(*asking)
            if naive:
                await slack.until(lambda: judge(slack, names, LINES).doubled, 60, "the naive sender doubled nothing")
            else:
                await house.quiet()
            await slack.settled()
        return judge(slack, names, LINES)


async def test_posts_arrive_once_and_in_order_through_15_percent_of_faults(tmp_path: Path, proofs: bool) -> None:
    questions = 340 if proofs else 50
    found = await post_away(tmp_path, questions)
    print(found)
    assert found.posts >= (2_000 if proofs else 300)
    assert found.faults >= found.posts * 0.15
    assert found.too_early == []
    all_is_well(found)


async def test_the_library_as_it_comes_doubles(tmp_path: Path) -> None:
    """The control: faults that do not catch this sender prove nothing about the other."""
    found = await post_away(tmp_path, 50, naive=True)
    print(found)
    assert found.doubled != []
