"""People on the rehearsal chat server."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any, Self

import httpx

from adapters.rehearsal.adapter import Rehearsal
from adapters.rehearsal.faults import Fault, FaultPlan
from adapters.rehearsal.remote import Remote, running
from adapters.rehearsal.wire import Bubble, Shown, ShownAside
from bot.card import Card, Form
from bot.model import Place, Ref
from bot.ports import Asked, Heard, Reply, Wrote
from tests.contracts.adapter import Break

WAIT_SECONDS = 5
FAULTS = {Break.LOST: Fault.HANGS, Break.LOST_ANSWER: Fault.CUTS_AFTER, Break.FAILS_AFTER: Fault.FAILS_AFTER}


class RehearsalRig:
    """A server of its own for each test, over a real socket."""

    def __init__(self) -> None:
        self.place = Place("rehearsal:billing")
        self.remote = Remote(plan=FaultPlan(hang_ms=600))
        self._heard: asyncio.Queue[Heard | Asked | Wrote] = asyncio.Queue()
        self._answer: Reply | Form = Reply(card=Card(title="Done"))
        self._fails = False
        self._stack, self._server = AsyncExitStack(), AsyncExitStack()

    async def __aenter__(self) -> Self:
        url = await self._server.enter_async_context(running(self.remote))
        self.adapter = Rehearsal(url, timeout_seconds=0.4, wait_seconds=0.5)
        self._people = await self._stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False))
        self._listening = asyncio.create_task(self.adapter.run(self._hear))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self.adapter.close()
        await self._stack.aclose()
        await self._server.aclose()

    async def hears(self) -> Heard | Asked | Wrote:
        return await asyncio.wait_for(self._heard.get(), WAIT_SECONDS)

    def answers(self, answer: Reply | Form) -> None:
        self._answer = answer

    async def presses(self, ref: Ref, label: str) -> None:
        bubble = self.remote.rooms.message(ref).bubble
        value = next(button.value for button in bubble.buttons if button.label == label)
        await self._does("/people/bo/press", params={"where": ref, "value": value})

    async def types(self, sentence: str) -> None:
        await self._says("bo", {"kind": "type", "channel": "billing", "text": f"!{sentence}"})

    async def talks(self, text: str) -> None:
        """Bo says something to others, not to us."""
        await self._says("bo", {"kind": "type", "channel": "billing", "text": text})

    def fails_once(self) -> None:
        """The core fails at the next event, having heard it."""
        self._fails = True

    async def fills(self, **values: str) -> None:
        form = (await self._aside()).aside.form
        assert form is not None
        assert {entry.name for entry in form.entries} == set(values)
        await self._says("bo", {"kind": "submit", "text": form.value, "values": values})

    async def asks(self, text: str) -> None:
        await self._says("ann", {"kind": "ask", "text": text, "name": "Ann"})

    async def told(self) -> str:
        aside = (await self._aside()).aside
        return read_aloud(aside.bubble) if aside.bubble else str(aside.form)

    async def screen(self) -> str:
        shown = (await self._people.get("/screen", params={"channel": "billing"})).json()
        return "\n".join(read_aloud(Shown.model_validate(each).bubble) for each in shown["messages"])

    async def rang(self) -> list[str]:
        pinged: list[Any] = [line.get("pinged") or [] for line in self.remote.lines]
        return [person for each in pinged for person in each]

    async def breaks(self, how: Break, at: Ref | None = None) -> None:
        rooms = self.remote.rooms
        match how:
            case Break.BUSY:
                self.remote.plan.busy_ms = (3_000, 3_000)
                self.remote.plan.force(Fault.BUSY)
            case Break.AWAY:
                await self._server.aclose()
            case Break.CHANNEL_GONE:
                rooms.close("billing")
            case Break.THREAD_GONE:
                assert at is not None
                rooms.remove(at)
            case Break.SHUT:
                rooms.shut("billing", True)
            case _:
                self.remote.plan.force(FAULTS[how])

    async def again(self) -> None:
        self.remote.rooms.repeat_last()

    async def copies(self, text: str) -> int:
        return (await self.screen()).count(text)

    async def _hear(self, heard: Heard | Asked | Wrote) -> Reply | Form:
        self._heard.put_nowait(heard)
        if self._fails:
            self._fails = False
            raise OSError("the disk is full")
        return self._answer

    async def _says(self, person: str, what: dict[str, object]) -> None:
        await self._does(f"/people/{person}/say", json={"person": person, **what})

    async def _does(self, path: str, **options: Any) -> None:
        (await self._people.post(path, **options)).raise_for_status()

    async def _aside(self) -> ShownAside:
        """The newest, once there is one."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not (found := self.remote.rooms.asides("bo")):
                await self.remote.rooms.told.wait()
            return found[-1]


def read_aloud(bubble: Bubble) -> str:
    """A message as it stands on the screen: with markup, the server would make of it what the writer meant."""
    assert not bubble.markup
    labels = [f"{block.label}: {block.text}" if block.label else block.text for block in bubble.blocks]
    return "\n".join([bubble.heading, *labels, *(button.label for button in bubble.buttons)])
