"""Customers in a help channel of Discord, an expert in another one, and a product that may come and go."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adapters.discord.times import Times
from tests.fakes.discord import Channel, FakeDiscord, HeldTime, Message
from tests.fakes.discord import House as Guild
from tests.fakes.discord.posting import words
from tests.fakes.discord.someone import Someone
from tests.faults.discord_house import DiscordHouse
from tests.faults.discord_verdict import judge
from tests.faults.judging import NUMBERED, Verdict
from tests.faults.talking import words_of

WAIT_SECONDS = 60
# As ever but for pauses: a request takes as long as it takes.
HASTY = replace(
    Times(),
    ready_seconds=0.01,
    again_seconds=0.02,
    again_seconds_max=0.05,
    token_again_seconds=0.02,
    identify_seconds=0.02,
    identify_seconds_max=0.1,
    handshake_seconds=2.0,
    away_seconds=0.2,
)


@dataclass(slots=True)
class Town:
    """`asked` holds, by its word, who asked each question, and with which message."""

    discord: FakeDiscord
    acme: Guild
    house: DiscordHouse
    help: Channel
    billing: Channel
    bo: Someone
    asked: dict[str, tuple[Someone, Message]] = field(default_factory=dict)

    async def asks(self, *names: str) -> None:
        """In the help channel, by somebody new each time; returns when the experts have every card."""
        for name in names:
            customer = self.acme.person(name)
            self.asked[name] = (customer, await customer.says(self.help, words_of(name)))
        await self.all_cards(names)
        await self.house.quiet()  # a card is there a moment before the program knows

    async def all_cards(self, names: Iterable[str]) -> None:
        missing, looked = set(names), 0

        def there() -> bool:
            nonlocal looked
            self.house.all_run()
            fresh, looked = self.discord.applied[looked:], len(self.discord.applied)
            for each in fresh:
                if each["what"] == "message" and each["channel"] == self.billing.id:
                    missing.difference_update([name for name in missing if f"{name}." in each["text"]])
            return not missing

        await self.discord.until(there, WAIT_SECONDS, "cards are missing")

    def _in_thread(self, posted: dict[str, Any]) -> bool:
        """The same words go to whoever holds the question as well."""
        channel = self.discord.channels.get(posted["channel"])
        return bool(posted["bot"]) and channel is not None and channel.is_thread

    async def says(self, name: str, line: int) -> None:
        customer, asked = self.asked[name]
        await customer.says(asked.id, f"Line {line} of {name}")

    def card(self, name: str) -> Message:
        """In the channel itself; in its thread the question's name stands as well."""
        return next(each for each in self.billing.messages.values() if f"{name}." in words(each))

    async def verdict(self, lines: int) -> Verdict:
        """When everything was posted that is ever going to be."""
        wanted = len(self.asked) * lines

        posted: set[str] = set()
        looked = 0

        def there() -> bool:
            nonlocal looked
            self.house.all_run()
            fresh, looked = self.discord.applied[looked:], len(self.discord.applied)
            posted.update(each["text"] for each in fresh if each["what"] == "message" and self._in_thread(each))
            return sum(NUMBERED.search(text) is not None for text in posted) >= wanted

        await self.discord.until(there, WAIT_SECONDS, "lines are missing")
        await self.house.quiet()
        return judge(self.discord, self.asked, lines)


@asynccontextmanager
async def a_town(folder: Path, times: Times = HASTY, *, held: bool = False, port: int = 0) -> AsyncIterator[Town]:
    clock = HeldTime() if held else None
    async with FakeDiscord(seed=5, time=clock, privileged={"message_content"}, port=port) as discord:
        acme = discord.guild("Acme")
        bo = acme.person("bo")
        help_channel, billing = acme.channel("help"), acme.channel("billing")
        async with DiscordHouse(
            discord=discord,
            database=folder / "house.db",
            guild=acme,
            times=times,
            now=lambda: int(discord.clock.now() * 1_000),
            help_channels={help_channel.id: "billing"},
        ) as house:
            await house.opens("billing", billing)
            await house.enrols(bo)
            yield Town(discord, acme, house, help_channel, billing, bo)
