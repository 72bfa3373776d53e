"""People on the fake Slack, in front of the real libraries, over Socket Mode."""

import asyncio
import re
import time
from typing import Any, Self

from adapters.slack import Slack, SlackWorkspace
from adapters.slack.calling import Calls
from adapters.slack.pace import Pace
from bot.card import Card, Form
from bot.model import Place, Ref
from bot.ports import Hearable, Reply
from tests.contracts.adapter import Break
from tests.fakes.empty_house import EmptyHouse, nothing
from tests.fakes.slack import FakeSlack, Fault, Workspace

WAIT_SECONDS = 5
FAULTS = {Break.LOST: Fault.HANGS, Break.LOST_ANSWER: Fault.CUTS_AFTER, Break.FAILS_AFTER: Fault.FAILS_AFTER}


def unpaced() -> Pace:
    """Nothing is held back, as at a Slack without limits."""
    return Pace(strict=False)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class SlackRig:
    """A workspace of its own for each test. Bo and Ann are in its one channel."""

    def __init__(self, transport: str = "socket") -> None:
        self.slack = FakeSlack(seed=1)
        self.slack.faults.hang_s = 0.6
        self.transport = transport
        self.house = EmptyHouse()
        self._heard: asyncio.Queue[Hearable] = asyncio.Queue()
        self._answer: Reply | Form = Reply(card=Card(title="Done"))
        self._fails = False

    async def __aenter__(self) -> Self:
        await self.slack.__aenter__()
        self.acme = self.slack.workspace("Acme", transport=self.transport)
        self.acme.scopes.discard("chat:write.public")  # not one of ours
        self.bo, self.ann = self.acme.person("bo"), self.acme.person("ann")
        self.billing = self.acme.channel("billing", members=[self.bo, self.ann])
        self.place = Place(f"slack:acme:{self.billing.id}")
        self._deliver = self.slack.delivery.event
        self.slack.delivery.event = self._note_and_deliver  # type: ignore[method-assign]
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()
        await self.slack.__aexit__()

    async def _start(self) -> None:
        settings = SlackWorkspace(
            name="acme", bot_token=self.acme.bot_token, app_token=self.acme.app_token, api_url=self.slack.api_url
        )
        self.adapter = Slack([settings], views=self.house, desk=self.house, render=nothing, now=now_ms, pace=unpaced)  # type: ignore[arg-type]
        self.calls._timeout = 0.4
        self._listening = asyncio.create_task(self.adapter.run(self._hear))
        await self.slack.until(lambda: self.slack.sockets.of(self.acme), what="a socket")

    async def _stop(self) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self.calls.close()

    @property
    def calls(self) -> Calls:
        return self.adapter.installations["acme"].calls

    async def hears(self) -> Hearable:
        return await asyncio.wait_for(self._heard.get(), WAIT_SECONDS)

    def answers(self, answer: Reply | Form) -> None:
        self._answer = answer

    async def presses(self, ref: Ref, label: str) -> None:
        await self.bo.presses(self.billing, ref, label)

    async def types(self, sentence: str) -> None:
        await self.bo.says(self.billing, f"!{sentence}")

    async def talks(self, text: str) -> None:
        """Bo says something to others, not to us."""
        await self.bo.says(self.billing, text)

    def fails_once(self) -> None:
        """The core fails at the next event, having heard it."""
        self._fails = True

    async def fills(self, **values: str) -> None:
        await self.bo.fills_in({f"entry:{name}": value for name, value in values.items()})
        await self.bo.submits()

    async def asks(self, text: str) -> None:
        await self.ann.types("/ask", text)

    async def told(self) -> str:
        """Dialogs open on a press, so that a form comes as a button first."""
        await self.slack.until(lambda: self.bo.ephemerals, what="something for Bo alone")
        told = self.bo.asides()[-1]
        if "Write it" not in told:
            return told
        await self.bo.presses_ephemeral("Write it")
        await self.hears()
        await self.slack.until(lambda: self.bo.stack, what="a dialog")
        return self.bo.modal

    async def screen(self) -> str:
        """As Ann sees it: what is bold begins a line of ours, and is no sign that anybody reads."""
        return re.sub(r"(?m)^(\s*)\*([^*\n]+)\*", r"\1\2", self.ann.reads(self.billing))

    async def rang(self) -> list[str]:
        return [str(each) for each in self.slack.rang]

    async def breaks(self, how: Break, at: Ref | None = None) -> None:
        match how:
            case Break.BUSY:
                self.slack.faults.retry_after_s = (3, 3)
                self.slack.faults.force(Fault.BUSY, method="chat.postMessage")
            case Break.AWAY:
                await self.slack.sockets.close()
                await self.slack._runner.cleanup()
            case Break.CHANNEL_GONE:
                del self.acme.channels[self.billing.id]
            case Break.THREAD_GONE:
                assert at is not None
                self.acme.removes(self.billing, at)
            case Break.SHUT:
                self.acme.kick_bot(self.billing)
            case _:
                self.slack.faults.force(FAULTS[how], method="chat.postMessage")

    async def again(self) -> None:
        """The program starts anew, and Slack delivers what it did before."""
        await self._stop()
        await self._start()
        self._deliver(self.acme, self._last)

    def _note_and_deliver(self, workspace: Workspace, body: dict[str, Any]) -> None:
        self._last = body
        self._deliver(workspace, body)

    async def copies(self, text: str) -> int:
        return (await self.screen()).count(text)

    async def _hear(self, heard: Hearable) -> Reply | Form:
        self._heard.put_nowait(heard)
        if self._fails:
            self._fails = False
            raise OSError("the disk is full")
        return self._answer
