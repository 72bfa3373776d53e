"""Acknowledges what people did within Discord's 3 seconds, and tells each of them alone what became of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import Final

import structlog

from adapters.discord.acts import Act
from adapters.discord.calling import Refused
from adapters.discord.hooks import LATER, OPENS, SAID, SAID_LATER, Hooks
from adapters.discord.messages import messages
from adapters.discord.modals import modal
from adapters.discord.spoken import spoken
from adapters.discord.times import Times
from bot.afterwards import Afterwards
from bot.announce import said_by_post
from bot.card import Button, Card, Form, Weight
from bot.change import Receipt
from bot.ports import PlatformTrouble, Reply, StorageTrouble
from bot.wording import aside

log = structlog.get_logger(__name__)

OPEN_FORM: Final = "Write it"
TOO_LATE: Final = 10062
WITH_FILES: Final = frozenset({"ask", "answer", "reply", "note", "clarify"})  # forms that take files along

Doing = Callable[[], Awaitable[Reply | Form]]


@dataclass(slots=True, kw_only=True)
class Answering:
    """`direct` tells a person something in their own conversation with the bot. `later` runs what may wait; `filled`
    is what somebody had typed into a form of this sentence that did not go through; `command` is the name of ours."""

    hooks: Hooks
    times: Times
    afterwards: Afterwards
    later: Callable[[Awaitable[None]], None]
    direct: Callable[[str, Card, str], Awaitable[None]]
    filled: Callable[[str, str], dict[str, str]]
    command: str = "hall"

    async def carry_out(self, act: Act, doing: Doing) -> None:
        """Do it, and acknowledge it: with its outcome when that is known in time, else at once.

        What the core could not take in for trouble of its own is said, so that nobody takes it for done.
        """
        with ExitStack() as acting:
            acting.enter_context(self.afterwards.act())
            late: list[asyncio.Task[bool]] = []

            async def acknowledge() -> bool:
                try:
                    return await self._acknowledged(act, SAID_LATER if act.typed else LATER)
                finally:
                    acting.close()

            # Most acts are over long before, so nothing but a timer is made for those that are not.
            left = max(0.0, self.times.ack_seconds - (time.monotonic() - act.began))
            timer = asyncio.get_running_loop().call_later(left, lambda: late.append(asyncio.create_task(acknowledge())))
            try:
                answer = await self._done(act, doing)
            finally:
                timer.cancel()
            in_time = not late or not await late[0]
            await self._answer(answer, act, in_time=in_time)

    async def _answer(self, answer: Reply | Form, act: Act, *, in_time: bool) -> None:
        if isinstance(answer, Form):
            await self._open(answer, act, in_time=in_time)
        elif act.typed:
            await self._say(answer, act, in_time=in_time)
        else:
            told = not in_time or await self._acknowledged(act, LATER)
            self.later(self.afterwards.show(lambda: self._tell(answer, act, told=told)))

    async def _done(self, act: Act, doing: Doing) -> Reply | Form:
        try:
            answer = await doing()
            return answer if isinstance(answer, Form) or not act.typed else await answer.whole()
        except (StorageTrouble, PlatformTrouble, Refused) as trouble:
            log.warning("not taken in", trouble=str(trouble))
        except Exception:
            log.exception("failed to take in")
        return Reply(card=aside("not-taken"))

    # Acknowledging

    async def _acknowledged(self, act: Act, kind: int) -> bool:
        """Whether the act can still be answered by its token."""
        try:
            await self.hooks.answer(act, kind, {"flags": 64} if kind == SAID_LATER else None)
        except (Refused, PlatformTrouble) as trouble:
            log.warning("act not acknowledged", trouble=str(trouble))
            return False
        return True

    async def _say(self, reply: Reply, act: Act, *, in_time: bool) -> None:
        """What was typed is answered by a message, whatever there is to say; by a short one where a post says it."""
        card = reply.news or aside("below") if _posted_here(reply.receipt, act) else reply.card
        first, *rest = messages(spoken(card, self.command), carry=act.carry)
        try:
            if in_time:
                await self.hooks.answer(act, SAID, message=first)
            else:
                await self.hooks.edit(act, first)
            for each in rest:
                await self.hooks.follow(act, each)
        except (Refused, PlatformTrouble) as trouble:
            await self._elsewhere(reply.card, act, trouble)

    async def _tell(self, reply: Reply, act: Act, *, told: bool) -> None:
        """What came of a press or a form, unless a post says the same in the same place."""
        whole = await reply.whole()
        card = whole.news if _posted_here(whole.receipt, act) else whole.card
        if card is None:
            return
        first, *rest = messages(spoken(card, self.command), carry=act.carry)
        try:
            if not told:
                raise Refused("callback", TOO_LATE, 404)
            await (self.hooks.edit(act, first) if act.alone else self.hooks.follow(act, first))
            for each in rest:
                await self.hooks.follow(act, each)
        except (Refused, PlatformTrouble) as trouble:
            await self._elsewhere(card, act, trouble)

    async def _open(self, form: Form, act: Act, *, in_time: bool) -> None:
        """A form can only be the first answer; later, and in answer to a form, it takes one more press."""
        if in_time and "components" not in act.data:
            shown = modal(
                form,
                opening=act.id,
                carry=act.carry,
                values=self.filled(act.member.user, form.sentence),
                uploads=form.sentence.partition(" ")[0] in WITH_FILES,
                members=not act.room.direct,
            )
            try:
                await self.hooks.answer(act, OPENS, shown)
                return
            except (Refused, PlatformTrouble) as trouble:
                log.warning("form not opened", trouble=str(trouble))
                in_time = False
                await self._elsewhere(by_button(form), act, trouble)
                return
        reply = Reply(card=by_button(form))
        if act.typed:
            await self._say(reply, act, in_time=in_time)
        else:
            await self._tell(reply, act, told=not in_time or await self._acknowledged(act, LATER))

    async def _elsewhere(self, card: Card, act: Act, trouble: Exception) -> None:
        """It came too late for its place: what one has to know comes by direct message."""
        log.warning("answer not shown in its place", trouble=str(trouble))
        with suppress(Refused, PlatformTrouble):
            await self.direct(act.member.user, card, act.carry)


def _posted_here(receipt: Receipt | None, act: Act) -> bool:
    """Whether a post says it where it was done. A question brings what is to be said elsewhere as news; what somebody
    typed in a channel, or did on what they alone were shown there, is told nowhere else in it."""
    if receipt is None or not said_by_post(receipt):
        return False
    if act.room.direct or receipt.verb == "ask":
        return True
    return bool(act.room.parent) and not act.typed and not act.alone


def by_button(form: Form) -> Card:
    press = Button(label=OPEN_FORM, sentence=form.sentence, weight=Weight.MAIN)
    return Card(title=form.title, body=form.intro, buttons=(press,))


def with_way_back(card: Card, sentence: str, label: str) -> Card:
    """The card with a button that opens the form again, unless it has one."""
    if any(each.sentence == sentence for each in card.buttons):
        return card
    return replace(card, buttons=(Button(label=label, sentence=sentence, weight=Weight.MAIN), *card.buttons))
