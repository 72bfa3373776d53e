"""People at one terminal."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Self

from adapters.console import Console
from bot.card import Card, Form
from bot.model import Place, Ref
from bot.ports import Asked, Heard, Reply, Wrote

WAIT_SECONDS = 5


class ConsoleRig:
    """Bo's and Ann's fingers on the keyboard. What is shown under a name such as [g12] is that name's newest text."""

    def __init__(self) -> None:
        self.place = Place("console:billing")
        self.adapter = Console(self._lines(), self._say, who="bo")
        self._typed: asyncio.Queue[str] = asyncio.Queue()
        self._heard: asyncio.Queue[Heard | Asked | Wrote] = asyncio.Queue()
        self._answer: Reply | Form = Reply(card=Card(title="Done"))
        self._posts: dict[str, str] = {}
        self._said: asyncio.Queue[str] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self._listening = asyncio.create_task(self.adapter.run(self._hear))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def hears(self) -> Heard | Asked | Wrote:
        return await asyncio.wait_for(self._heard.get(), WAIT_SECONDS)

    def answers(self, answer: Reply | Form) -> None:
        self._answer = answer

    async def presses(self, ref: Ref, label: str) -> None:
        found = re.search(rf"^  {re.escape(label)}: (.*)$", self._posts[ref], re.MULTILINE)
        assert found, f"no button {label} in {self._posts[ref]}"
        await self.types(found[1])

    async def types(self, sentence: str) -> None:
        await self._typed.put(sentence)

    async def fills(self, **values: str) -> None:
        for value in values.values():
            await self._typed.put(value)

    async def asks(self, text: str) -> None:
        for line in ("/as ann", f"/ask {text}", "/as bo"):
            await self._typed.put(line)

    async def told(self) -> str:
        said = [await asyncio.wait_for(self._said.get(), WAIT_SECONDS)]
        while not self._said.empty():
            said.append(self._said.get_nowait())
        return "\n".join(said)

    async def screen(self) -> str:
        return "\n".join(self._posts.values())

    async def rang(self) -> list[str]:
        return []

    async def _lines(self) -> AsyncIterator[str]:
        while True:
            yield await self._typed.get()

    async def _hear(self, heard: Heard | Asked | Wrote) -> Reply | Form:
        self._heard.put_nowait(heard)
        return self._answer

    def _say(self, text: str) -> None:
        named = re.match(r"\[(g\d+)\] (.*)", text, re.DOTALL)
        if named is None:
            self._said.put_nowait(text)
        elif named[2] == "-":
            self._posts.pop(named[1], None)
        else:
            self._posts[named[1]] = named[2]
