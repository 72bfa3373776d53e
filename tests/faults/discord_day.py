"""Discord as people use it on a day of kills."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.discord.acts import COMPONENT
from tests.faults.chat_day import CHANNEL, CUSTOMERS, EXPERTS, HELP, SOLVED, Chat, Day, Line
from tests.faults.chat_day import rehearse as rehearse_in
from tests.faults.discord_verdict import posts_of
from tests.faults.judging import Said
from tests.faults.rehearsing import Kill


@dataclass(slots=True, kw_only=True)
class DiscordChat(Chat):
    """Questions are asked and answered in a help channel, and worked on in a text channel or a forum."""

    @property
    def people(self) -> str:
        return "/people"

    @property
    def read_at(self) -> str:
        return HELP

    async def asks(self, customer: str, words: str) -> None:
        await self.does(customer, "says", HELP, words)

    async def card(self, expert: str, words: str) -> str:
        """By its thread, which has its id; the thread begins with a message that repeats the card."""
        return await self.finds(expert, CHANNEL, words, what="thread_with")

    async def claims(self, expert: str, card: str) -> None:
        """The button is gone when it was taken in, also when the acknowledgement was lost with the program."""
        while (claimed := await self.does(expert, "presses", card, "Claim")) is not None and not claimed["ok"]:
            await self.pauses()

    async def answers(self, expert: str, card: str, words: str) -> None:
        while await self.does(expert, "says", card, f"!answer {words}") is None:
            await self.pauses()  # there is no thread yet

    async def solves(self, customer: str, shown: str) -> bool:
        came = await self.does(customer, "presses", shown, SOLVED)
        return came is None or bool(came["ok"])

    def posts(self, applied: Sequence[Line]) -> list[Said]:
        return posts_of(applied)

    def acknowledged(self, applied: Sequence[Line]) -> list[str]:
        answered = {each["id"] for each in applied if each["what"] == "callback"}
        presses = [each["id"] for each in applied if each["what"] == "interaction" and each["type"] == COMPONENT]
        return [f"discord/act/{each}" for each in presses if each in answered]


async def rehearse(folder: Path, kills: Sequence[Kill], *, seed: int, forum: bool = False) -> Day:
    people = ",".join((*CUSTOMERS, *EXPERTS))
    rooms = ["--channels", HELP if forum else f"{HELP},{CHANNEL}", "--forums", CHANNEL if forum else ""]
    return await rehearse_in(
        folder,
        kills,
        DiscordChat,
        fake="tests.fakes.discord",
        arguments=["--people", people, *rooms, "--intents", "message_content"],
        program="tests.faults.discord_program",
        seed=seed,
    )
