"""People on the fake Discord, in front of the real library, over its gateway."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from typing import Self

from adapters.discord import Discord, DiscordServer, DiscordSettings
from adapters.discord.times import Times
from bot.card import Card, Form
from bot.model import Place, Ref
from bot.ports import Hearable, Reply
from tests.adapters.discord.stage import OneQuestion, now_ms
from tests.contracts.adapter import Break
from tests.discord_screen import buttons, shown_in
from tests.fakes.discord import FakeDiscord, Fault, Message, events, points
from tests.fakes.empty_house import nothing

WAIT_SECONDS = 5
BUSY_SECONDS = 31.0  # what is shorter is waited for by the library
QUICK = Times(ready_seconds=0.01, again_seconds=0.05, again_seconds_max=0.2)
FAULTS = {
    Break.BUSY: Fault.BUSY,
    Break.LOST: Fault.HANGS,
    Break.LOST_ANSWER: Fault.CUTS_AFTER,
    Break.FAILS_AFTER: Fault.FAILS_AFTER,
}


class DiscordRig:
    """A server of its own for each test. Bo and Ann read its one channel, and talk in another when it is a forum."""

    def __init__(self, *, forum: bool = False) -> None:
        self.there = FakeDiscord(seed=1, privileged={"message_content"})
        self.there.faults.hang_s = 0.7
        self.forum = forum
        self.house = OneQuestion()
        self._heard: asyncio.Queue[Hearable] = asyncio.Queue()
        self._answer: Reply | Form = Reply(card=Card(title="Done"))
        self._fails = False
        self._pointed = ExitStack()

    async def __aenter__(self) -> Self:
        await self.there.__aenter__()
        self._pointed.enter_context(points(self.there))
        self.acme = self.there.guild("Acme")
        self.bo, self.ann = self.acme.person("bo"), self.acme.person("ann")
        self.room = self.acme.forum("help", tags=("Open", "Billing")) if self.forum else self.acme.channel("billing")
        self.talk = self.acme.channel("talk") if self.forum else self.room
        self.place = Place(f"discord:acme:{self.room.id}")
        talk = Place(f"discord:acme:{self.talk.id}")
        self.house.category = replace(self.house.category, channels=(self.place, talk))
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()
        await self.there.__aexit__()
        self._pointed.close()
        assert self.there.complaints == [], self.there.complaints

    async def _start(self) -> None:
        settings = DiscordSettings(
            token=self.there.token,
            servers=(DiscordServer(name="acme", guild=self.acme.id),),
            api_url=self.there.api_url,
            gateway_url=self.there.gateway_url,
            message_content=True,
        )
        self.adapter = Discord(settings, views=self.house, desk=self.house, render=nothing, now=now_ms, times=QUICK)  # type: ignore[arg-type]
        self._listening = asyncio.create_task(self.adapter.run(self._hear))
        await self.there.until(lambda: self.there.gateway.connected, what="nobody came to the gateway")

    async def _stop(self) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def hears(self) -> Hearable:
        return await asyncio.wait_for(self._heard.get(), WAIT_SECONDS)

    def answers(self, answer: Reply | Form) -> None:
        self._answer = answer

    async def presses(self, ref: Ref, label: str) -> None:
        await self.bo.presses(str(ref), label)

    async def types(self, sentence: str) -> None:
        self._last = await self.bo.says(self.talk, f"!{sentence}")

    async def talks(self, text: str) -> None:
        """Bo says something to others, not to us."""
        await self.bo.says(self.talk, text)

    def fails_once(self) -> None:
        """The core fails at the next event, having heard it."""
        self._fails = True

    async def fills(self, **values: str) -> None:
        await self.bo.fills_in(dict(values))
        await self.bo.submits()

    async def asks(self, text: str) -> None:
        await self.ann.types(f"/ask words:{text}", self.talk)

    async def told(self) -> str:
        """What was typed for all to see is answered to Bo alone; forms open on a press, so one comes as a button."""
        room = self.bo.room("dm")
        await self.there.until(lambda: room.messages, what="something for Bo alone")
        newest: Message = list(room.messages.values())[-1]
        if "Write it" not in self.bo.dm():
            return self.bo.dm()
        await self.bo.presses(newest, "Write it")
        await self.hears()
        return self.bo.shown_modal()

    async def screen(self) -> str:
        """The bot's messages in the channel and its threads as Ann sees them, with the labels of their buttons."""
        assert self.there.sees(self.ann.user, self.room)
        posted = shown_in(self.there, self.room, self.place)
        return "\n\n".join(
            "\n".join([each.text, *(f"[{button.label}]" for button in buttons(each.message))]) for each in posted
        )

    async def rang(self) -> list[str]:
        return [str(each) for each in self.there.rang]

    async def breaks(self, how: Break, at: Ref | None = None) -> None:
        match how:
            case Break.AWAY:
                await self.there.gateway.end()
                await self.there._runner.cleanup()
            case Break.CHANNEL_GONE:
                self.acme.removes(self.room)
            case Break.THREAD_GONE:
                self.acme.removes(self.there.channels[str(at)])
                if not self.forum:
                    self.acme.removes(self.room.messages[str(at)])
            case Break.SHUT:
                for who in ("everyone", "bot"):
                    self.acme.denies(self.room, who, "send_messages")
            case _:
                self.there.retry_after_s = (BUSY_SECONDS, BUSY_SECONDS)
                self.adapter.calls._timeout_seconds = 0.5 if how is Break.LOST else QUICK.call_seconds
                route = "POST /channels/{channel_id}/" + ("threads" if self.forum else "messages")
                self.there.faults.force(FAULTS[how], method=route)

    async def again(self) -> None:
        """The program died before it noted what it had answered, and starts anew; what was said is there to be read,
        and Discord delivers it once more."""
        await self._stop()
        self.house.kept.pop("discord/answered", None)
        await self._start()
        events.message_event(self.there, "MESSAGE_CREATE", self._last)

    async def copies(self, text: str) -> int:
        return (await self.screen()).count(text)

    async def _hear(self, heard: Hearable) -> Reply | Form:
        self._heard.put_nowait(heard)
        if self._fails:
            self._fails = False
            raise OSError("the disk is full")
        return self._answer
