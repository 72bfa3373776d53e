"""Dialogs: the draft is kept while one types, the preview drawn when asked for, mistakes are said in place."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakValueDictionary

from adapters.slack.answering import form_view, read_meta, verb_of
from adapters.slack.calling import Refused
from adapters.slack.commanding import asked
from adapters.slack.homes import Homes
from adapters.slack.modals import entered, errors, has_long_draft, told, with_preview
from adapters.slack.office import Body, Office
from adapters.slack.people import Member
from adapters.slack.pressing import question_of
from bot.card import Card, Form
from bot.ports import Hear, PlatformTrouble, Reply

ASK: Final = "ask"
SENT_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Dialogs:
    """`_sent` are dialogs that were taken in, the latest last: a letter that Slack tells of after that is no draft."""

    office: Office
    homes: Homes
    _sent: dict[str, None] = field(default_factory=dict)
    _turns: "WeakValueDictionary[str, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    async def typed(self, body: Body) -> None:
        """While somebody writes, or asks what the customer would get."""
        shown, action = body["view"], body["actions"][0]
        preview = await self._keep(shown, await self.office.member(body))
        if action.get("action_id") == "preview" and preview is not None:
            await self._redraw(shown, preview)

    async def closed(self, body: Body) -> None:
        """Closed without sending: what was typed last is kept."""
        await self._keep(body["view"], await self.office.member(body))

    async def _keep(self, shown: Body, member: Member) -> Card | None:
        sentence, _ = read_meta(shown.get("private_metadata", ""), member.user)
        question, values = question_of(sentence), _values(shown)
        if question is None or "words" not in values or has_long_draft(shown):
            return None
        async with self._turn(shown):
            if str(shown["id"]) in self._sent:
                return None
            return await self.office.desk.typing(member.identity, question, verb_of(sentence), values["words"])

    def _turn(self, shown: Body) -> asyncio.Lock:
        """One thing at a time happens to a dialog, in the order in which Slack told of it."""
        return self._turns.setdefault(str(shown["id"]), asyncio.Lock())

    async def _redraw(self, shown: Body, preview: Card) -> None:
        """The same dialog with what the customer gets below; entries keep their ids, and so what was typed."""
        view = with_preview(shown, preview)
        try:
            await self.office.calls.call("views.update", view_id=shown["id"], hash=shown.get("hash"), view=view)
        except (Refused, PlatformTrouble):
            return  # somebody typed on meanwhile; the next press shows it

    async def submit(self, body: Body, hear: Hear) -> dict[str, Any]:
        """What goes into the acknowledgement: mistakes in place, a refusal with the text kept, or nothing."""
        async with self._turn(body["view"]):
            if str(body["view"]["id"]) in self._sent:
                return {}  # pressed again because the first acknowledgement was late
            answer = await self._submit(body, hear)
            if not answer:
                self._sent[str(body["view"]["id"])] = None
        while len(self._sent) > SENT_MAX:
            self._sent.pop(next(iter(self._sent)))
        return answer

    async def _submit(self, body: Body, hear: Hear) -> dict[str, Any]:
        shown, member = body["view"], await self.office.member(body)
        sentence, where = read_meta(shown.get("private_metadata", ""), member.user)
        values, key = _values(shown), f"slack/form/{body.get('trigger_id') or shown['id']}"
        if sentence == ASK:
            words, category = values.get("words", ""), values.get("category", "")
            reply = await hear(asked(self.office, member, key, words, category=category, said=shown["id"]))
        else:
            question = question_of(sentence)
            heard = self.office.heard(member, key, sentence, question=question, values=values, hurried=True)
            reply = await hear(heard)
        self.homes.refresh(member)
        if isinstance(reply, Form):
            return {"response_action": "update", "view": form_view(reply, where, values=values)}
        if reply.receipt is None or reply.receipt.refused:
            return _refused(await reply.whole(), values)
        self.office.tell_later(reply, where)
        return {}


def _refused(reply: Reply, values: Mapping[str, str]) -> dict[str, Any]:
    """Beside the text where a change to it helps; else instead of the dialog, with the text to copy."""
    card = reply.card
    entry = "words" if "words" in values else next(iter(values), "")
    if entry and (reply.receipt is None or reply.receipt.mendable):
        return {"response_action": "errors", "errors": errors(entry, card)}
    return {"response_action": "update", "view": told(card, text=values.get("words", ""))}


def _values(shown: Body) -> dict[str, str]:
    return entered((shown.get("state") or {}).get("values") or {})
