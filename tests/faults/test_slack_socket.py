"""A socket that is silent, cut, renewed or hurried: every message is taken in once, and in the order it was said."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adapters.slack.times import Times
from bot.ports import Hearable
from tests.fakes.slack import Channel, FakeSlack, HeldTime, Workspace
from tests.fakes.slack.someone import Someone
from tests.faults.judging import Verdict, all_is_well
from tests.faults.slack_house import SlackHouse
from tests.faults.slack_verdict import judge
from tests.faults.talking import words_of

DEFAULTS = Times()
FOUND_WITHIN_SECONDS = 30
SILENT_SECONDS = 600
LINES = 20
HOUR = 3_600


def faster(by: float) -> Times:
    """A life in which ten minutes are short; requests take as long as ever."""
    waits = {name: getattr(DEFAULTS, name) / by for name in Times.__dataclass_fields__}
    return replace(Times(**waits), call_seconds=5.0, hold_seconds=2.0, drain_seconds=5.0, refresh_seconds=600.0)


@dataclass(slots=True)
class Town:
    """Customers in a help channel, an expert in another one."""

    slack: FakeSlack
    acme: Workspace
    house: SlackHouse
    help: Channel
    billing: Channel
    bo: Someone
    asked: dict[str, tuple[Someone, str]] = field(default_factory=dict)  # by its word: who asked, in which thread

    async def asks(self, *names: str) -> None:
        """In the help channel, by somebody new each time; returns when the experts have every card."""
        for name in names:
            customer = self.acme.person(name)
            await customer.joins(self.help)
            self.asked[name] = (customer, await customer.says(self.help, words_of(name)))
        await self.all_cards(names)
        await self.house.quiet()  # a card is there a moment before the program knows

    async def all_cards(self, names: Any) -> None:
        def there() -> bool:
            posted = [each["text"] for each in self.slack.applied if each["what"] == "posts" and not each["thread_ts"]]
            return all(any(f"{name}." in text for text in posted) for name in names)

        await self.slack.until(there, 60, "cards are missing")

    async def says(self, name: str, line: int) -> None:
        customer, thread = self.asked[name]
        await customer.says(self.help, f"Line {line} of {name}", thread)

    async def verdict(self, lines: int) -> Verdict:
        """When everything was posted that is ever going to be."""
        wanted = len(self.asked) * lines

        def there() -> bool:
            posted = {each["text"] for each in self.slack.applied if each["what"] == "posts" and each["thread_ts"]}
            return sum("Line " in each for each in posted) >= wanted

        await self.slack.until(there, 60, "lines are missing")
        await self.house.quiet()
        return judge(self.slack, self.asked, lines)


@asynccontextmanager
async def a_town(folder: Path, times: Times = DEFAULTS, *, held: bool = False) -> AsyncIterator[Town]:
    clock = HeldTime() if held else None
    async with FakeSlack(seed=5, time=clock) as slack:
        acme = slack.workspace("Acme")
        bo = acme.person("bo")
        help_channel, billing = acme.channel("help"), acme.channel("billing", members=[bo])
        async with SlackHouse(
            slack=slack,
            database=folder / "house.db",
            workspace=acme,
            times=times,
            now=lambda: int(slack.clock.now() * 1_000),
            help_channels={help_channel.id: "billing"},
        ) as house:
            await house.opens("billing", billing)
            await house.enrols(bo)
            yield Town(slack, acme, house, help_channel, billing, bo)


# Silence


async def test_ten_silent_minutes_are_noticed_and_lose_nothing(tmp_path: Path, proofs: bool) -> None:
    """500 messages, while every socket falls silent as soon as it is there and Slack's own repeats are lost as well."""
    pace = 20 if proofs else 60
    async with a_town(tmp_path, faster(pace)) as town:
        slack = town.slack
        await town.house.starts()
        threads = [f"matter{number}" for number in range(20)]
        await town.asks(*threads)
        silent: set[Any] = set()
        hushing = asyncio.create_task(_hush(slack, silent))
        direct = await _five_hundred(town, threads, SILENT_SECONDS / pace)
        hushing.cancel()
        await asyncio.gather(hushing, return_exceptions=True)
        slack.sockets.speak()
        await town.all_cards(direct)
        found = await town.verdict(LINES)
        await slack.until(lambda: len(_claimed(town)) == len(threads), 60, "claims are missing")
        most = max(each.unheard for each in silent)
        print(f"{found}; {len(silent)} silent sockets, {most} pings unheard at most")
    all_is_well(found)
    assert judge(slack, direct, 0).lost == []
    assert (most + 1) * DEFAULTS.ping_seconds <= FOUND_WITHIN_SECONDS
    assert len(silent) > SILENT_SECONDS / FOUND_WITHIN_SECONDS


async def _five_hundred(town: Town, threads: list[str], seconds: float) -> list[str]:
    """400 lines, 80 questions and 20 commands, spread over the silence; gives the new questions' words."""
    direct = [f"affair{number}" for number in range(80)]
    cards = {name: town.bo.message_with(town.billing, f"{name}.") for name in threads}
    acts: list[Any] = [town.says(name, line) for line in range(1, LINES + 1) for name in threads]
    for number, name in enumerate(direct):
        acts.insert(6 * number, town.acme.person(name).says("dm", words_of(name)))
    for number, name in enumerate(threads):
        acts.insert(25 * number, town.bo.says(town.billing, "!claim", cards[name]))
    assert len(acts) == 500
    for act in acts:
        await act
        await asyncio.sleep(seconds / len(acts))
    return direct


async def _hush(slack: FakeSlack, silent: set[Any]) -> None:
    while True:
        slack.sockets.silence()
        silent.update(slack.sockets.connections)
        await asyncio.sleep(0.005)


def _claimed(town: Town) -> set[str]:
    """Cards that say whose they are."""
    now = {each["ts"]: each["text"] for each in town.slack.applied if each["what"] == "updates"}
    return {ts for ts, text in now.items() if "Bo has it" in text}


def test_at_its_ordinary_pace_silence_is_found_within_30_seconds() -> None:
    longest = DEFAULTS.ping_seconds + DEFAULTS.deaf_after_seconds + DEFAULTS.look_seconds * 2 + DEFAULTS.close_seconds
    assert longest < FOUND_WITHIN_SECONDS


async def test_an_address_that_leads_nowhere_is_left_for_another(tmp_path: Path) -> None:
    """It is good for one use, so that trying it again can never work."""
    async with a_town(tmp_path, faster(20)) as town:
        sockets, asked = town.slack.sockets, Counter[str]()
        good = sockets.ticket

        def ticket(workspace: Workspace) -> str:
            asked["ticket"] += 1
            return good(workspace) if asked["ticket"] > 2 else f"ws://127.0.0.1:{town.slack.port}/link/?ticket=used"

        sockets.ticket = ticket  # type: ignore[method-assign]
        await town.house.starts()
        await town.asks("matter0")


# Renewed, cut, doubled, out of order


async def test_renewals_cuts_and_doubles_in_the_middle_of_talk_lose_nothing(tmp_path: Path) -> None:
    async with a_town(tmp_path, faster(20)) as town:
        slack, names = town.slack, [f"matter{number}" for number in range(10)]
        slack.event_faults.duplicates = 0.3
        await town.house.starts()
        await town.asks(*names)
        for line in range(1, LINES + 1):
            for name in names:
                await town.says(name, line)
            await asyncio.sleep(0.1)
            match line:
                case 4 | 16:
                    await slack.sockets.refresh()
                case 8:
                    await slack.sockets.warn()
                case 12:
                    slack.sockets.cut()
        found = await town.verdict(LINES)
        print(f"{found}; {dict(slack.event_faults.met)}, {slack.sockets.opened} sockets")
        assert slack.event_faults.met["duplicated"] > 20
        assert slack.sockets.opened >= 5
        assert len(slack.sockets.of(town.acme)) == 1
    all_is_well(found)


async def test_lines_said_in_one_breath_stay_in_order(tmp_path: Path) -> None:
    """Although some of them take longer to be taken in."""
    async with a_town(tmp_path) as town:
        await town.house.starts()
        await town.asks("matter0", "matter1")

        async def hearing(heard: Hearable) -> None:
            if getattr(heard, "text", "").startswith(("Line 3", "Line 7", "Line 1")):
                await asyncio.sleep(0.02)

        town.house.hearing = hearing
        for line in range(1, LINES + 1):
            await town.says("matter0", line)
            await town.says("matter1", line)
        all_is_well(await town.verdict(LINES))


async def test_what_arrives_out_of_order_is_taken_in_all_the_same(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        slack, names = town.slack, [f"matter{number}" for number in range(10)]
        await town.house.starts()
        await town.asks(*names)
        slack.event_faults.reorders, slack.event_faults.duplicates = 0.5, 0.3
        await asyncio.gather(*(town.says(name, line) for line in range(1, LINES + 1) for name in names))
        found = await town.verdict(LINES)
        assert slack.event_faults.met["reordered"] > 50
    found.disordered.clear()
    all_is_well(found)


async def test_what_failed_unacknowledged_is_delivered_again_and_counts_once(tmp_path: Path) -> None:
    """The disk is full at every third message; afterwards some were carried out, but not acknowledged."""
    failed: Counter[str] = Counter()
    async with a_town(tmp_path) as town:
        names = [f"matter{number}" for number in range(10)]
        await town.house.starts()
        await town.asks(*names)

        async def hearing(heard: Hearable) -> None:
            failed[heard.key] += 1
            if failed[heard.key] == 1 and len(failed) % 3 == 0:
                raise OSError("the disk is full")
            if failed[heard.key] == 1 and len(failed) % 3 == 1:
                await town.house.app.hear(heard)
                raise OSError("the power went, a moment too late")

        town.house.hearing = hearing
        for line in range(1, 4):
            for name in names:
                await town.says(name, line)
        found = await town.verdict(3)
        assert sum(times > 1 for times in failed.values()) >= 20
        assert [each for each in town.slack.lost if each["event"]["type"] == "message"] == []
    found.disordered.clear()  # what failed is behind what did not
    all_is_well(found)


async def test_a_mention_that_comes_as_two_events_is_one_command(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await town.house.starts()
        await town.asks("matter0")
        card = town.bo.message_with(town.billing, "matter0.")
        await town.bo.says(town.billing, "@guildhall claim", card)
        await town.slack.until(lambda: town.bo.ephemerals and _claimed(town), 60, "no claim, or no answer to it")
        await town.slack.settled()
        await town.house.quiet()
        assert len(town.bo.ephemerals) == 1, town.bo.asides()
        assert len(_claimed(town)) == 1
        assert len(town.slack.delivery.taken) == len(set(town.slack.delivery.taken))
