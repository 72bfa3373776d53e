"""Slack as people use it on a day of kills."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.chat_day import CHANNEL, CUSTOMERS, EXPERTS, HELP, LOOK_SECONDS, SOLVED, Chat, Day, Line
from tests.faults.chat_day import rehearse as rehearse_in
from tests.faults.judging import Said
from tests.faults.rehearsing import Kill
from tests.faults.slack_verdict import posts_of


@dataclass(slots=True, kw_only=True)
class SlackChat(Chat):
    @property
    def people(self) -> str:
        return f"/people/{self.told['workspace']['team_id']}"

    @property
    def read_at(self) -> str:
        return HELP

    async def asks(self, customer: str, words: str) -> None:
        await self.does(customer, "says", HELP, words)

    async def claims(self, expert: str, card: str) -> None:
        while (claimed := await self.does(expert, "presses", CHANNEL, card, "Claim")) is None or not claimed["ok"]:
            if "has it" in str(await self.does(expert, "payload", CHANNEL, card)):
                break  # it was taken in, and the acknowledgement was lost with the program
            await asyncio.sleep(LOOK_SECONDS)

    async def answers(self, expert: str, card: str, words: str) -> None:
        await self.does(expert, "says", CHANNEL, f"!answer {words}", card)

    async def solves(self, customer: str, shown: str) -> bool:
        came = await self.does(customer, "presses", HELP, shown, SOLVED)
        if came is not None:
            return bool(came["ok"])
        return SOLVED not in str(await self.does(customer, "payload", HELP, shown))

    def posts(self, applied: Sequence[Line]) -> list[Said]:
        return posts_of(applied)

    def acknowledged(self, applied: Sequence[Line]) -> list[str]:
        return [
            f"slack/press/{each['team']}/{each['user']}/{each['act']['action_ts']}"
            for each in applied
            if each["what"] == "interaction" and each["ok"] and "action_ts" in each["act"]
        ]


async def rehearse(folder: Path, kills: Sequence[Kill], *, seed: int) -> Day:
    people, channels = ",".join((*CUSTOMERS, *EXPERTS)), f"{CHANNEL},{HELP}"
    return await rehearse_in(
        folder,
        kills,
        SlackChat,
        fake="tests.fakes.slack",
        arguments=["--people", people, "--channels", channels],
        program="tests.faults.slack_program",
        seed=seed,
    )
