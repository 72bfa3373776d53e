"""Tells one person what became of what they did: beside the message, in the thread, in a dialog or in their own
conversation. Best effort: what matters is on the card and in posts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import structlog

from adapters.slack.blocks import Message, messages
from adapters.slack.calling import Calls, Refused
from adapters.slack.modals import view
from bot.card import Button, Card, Form, Weight
from bot.grammar import verb_said
from bot.ports import PlatformTrouble, Reply
from bot.wording import reaches_customer

log = structlog.get_logger(__name__)

OPEN_FORM: Final = "Write it"


NOT_OURS: Final = frozenset({"channel_not_found", "not_in_channel", "user_not_in_channel"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where something was done, and what Slack gave for answering there.

    `ephemeral` says that it was done on a message that one person alone sees, which the answer then takes the place of.
    """

    channel: str = ""
    user: str = ""
    thread: str = ""
    trigger: str = ""
    response_url: str = ""
    ephemeral: bool = False
    carry: str = ""

    @property
    def direct(self) -> bool:
        return self.channel.startswith("D")


@dataclass(frozen=True, slots=True)
class Answering:
    calls: Calls

    async def answer(self, reply: Reply | Form, where: Where) -> None:
        """Shows the reply, or opens the form. What Slack refuses is logged and not tried again."""
        try:
            match reply:
                case Form():
                    await self._open(reply, where)
                case Reply(card=card):
                    await self.tell(card, where)
        except (Refused, PlatformTrouble) as trouble:
            log.warning("answer not shown", trouble=str(trouble))

    async def tell(self, card: Card, where: Where) -> None:
        """The card for this person alone. Raises Refused or a platform's trouble.

        Alone with the bot it is a message that stays, unless it has words of a customer: those live in posts, where a
        redaction reaches them.
        """
        try:
            await self._tell(card, where)
        except Refused as refusal:
            if refusal.error not in NOT_OURS:
                raise
            # A command can be said anywhere; where we are not, its answer comes to their own conversation with us.
            opened = await self.calls.call("conversations.open", users=where.user)
            await self._tell(card, Where(channel=str(opened["channel"]["id"]), user=where.user))

    async def _tell(self, card: Card, where: Where) -> None:
        parts = messages(card, carry=where.carry)
        if where.direct and not where.ephemeral and not card.quotes:
            for part in parts:
                what = _shown(part) | {"unfurl_links": False, "unfurl_media": False}
                await self.calls.call("chat.postMessage", channel=where.channel, **what)
        else:
            await self._say(parts, where)

    async def say(self, parts: tuple[Message, ...], where: Where) -> None:
        """What did not fit into an acknowledgement."""
        try:
            await self._say(parts, where)
        except (Refused, PlatformTrouble) as trouble:
            log.warning("answer not shown", trouble=str(trouble))

    def split(self, card: Card) -> tuple[Message, tuple[Message, ...]]:
        """What goes into an acknowledgement, and what has to follow it."""
        first, *rest = messages(card)
        return first, tuple(rest)

    async def _say(self, parts: tuple[Message, ...], where: Where) -> None:
        for position, part in enumerate(parts):
            replaces = where.ephemeral and position == 0
            if not where.response_url or not await self._respond(where, part, replaces=replaces):
                await self._post(where, part)

    async def _post(self, where: Where, part: Message) -> None:
        thread = where.thread or None
        await self.calls.call(
            "chat.postEphemeral", channel=where.channel, user=where.user, thread_ts=thread, **_shown(part)
        )

    async def _respond(self, where: Where, part: Message, *, replaces: bool) -> bool:
        """By the address that came with the act, which works for everybody who can press, members or not."""
        body = _shown(part) | {"response_type": "ephemeral", "replace_original": replaces}
        if where.thread and not replaces:
            body["thread_ts"] = where.thread
        try:
            async with self.calls.session.post(where.response_url, json=body) as answer:
                if answer.status == 200:
                    return True
                log.warning("answer not shown", status=answer.status)
        except (aiohttp.ClientError, TimeoutError) as trouble:
            log.warning("answer not shown", trouble=type(trouble).__name__)
        return False

    async def _open(self, form: Form, where: Where) -> None:
        if not where.trigger:
            await self.tell(_by_button(form), where)
            return
        try:
            await self.calls.call("views.open", trigger_id=where.trigger, view=form_view(form, where))
        except Refused as refusal:
            if refusal.error not in ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"):
                raise
            await self.tell(_by_button(form), where)  # it took too long: one more press opens it


def _shown(part: Message) -> dict[str, Any]:
    return {"text": part.text, "blocks": list(part.blocks)}


def form_view(
    form: Form,
    where: Where,
    *,
    preview: Card | None = None,
    trouble: Card | None = None,
    values: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The form as a dialog that remembers where it was opened."""
    verb = verb_of(form.sentence)
    return view(
        form,
        meta=meta(form.sentence, where),
        preview=preview,
        trouble=trouble,
        values=values,
        previews=reaches_customer(verb),
    )


def verb_of(sentence: str) -> str:
    """The verb's own word, whatever alias the sentence begins with."""
    known = verb_said(sentence.partition(" ")[0])
    return known.word if known else sentence.partition(" ")[0]


def meta(sentence: str, where: Where) -> str:
    """What a dialog carries in `private_metadata`: the sentence it finishes, and where the answer belongs."""
    return json.dumps({"s": sentence, "c": where.channel, "t": where.thread}, separators=(",", ":"))


def read_meta(text: str, user: str) -> tuple[str, Where]:
    found = json.loads(text or "{}")
    return str(found.get("s", "")), Where(channel=str(found.get("c", "")), thread=str(found.get("t", "")), user=user)


def _by_button(form: Form) -> Card:
    """Dialogs open on a press alone, so whoever typed gets something to press."""
    press = Button(label=OPEN_FORM, sentence=form.sentence, weight=Weight.MAIN)
    return Card(title=form.title, body=form.intro, buttons=(press,))
