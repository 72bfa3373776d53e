"""Slash commands: `/hall claim Q7K3` and `/ask`. They have no thread, so they name their question."""

import re
from dataclasses import dataclass
from typing import Any

from adapters.slack.answering import Where
from adapters.slack.homes import Homes
from adapters.slack.office import Body, Office, where_of
from adapters.slack.people import Member
from adapters.slack.text import read_words
from bot.card import Form
from bot.ports import Asked, Hear, Reply


@dataclass(frozen=True, slots=True)
class Commanding:
    """Each method gives what goes into the acknowledgement: what the one who typed reads at once."""

    office: Office
    homes: Homes

    async def command(self, body: Body, hear: Hear) -> dict[str, Any]:
        member, raw = await self.office.member(body), str(body.get("text") or "").strip() or "help"
        named = await self.office.mentions(raw)
        heard = self.office.heard(member, key_of(body), sentence_of(raw), mentions=named)
        return self._acknowledged(await hear(heard), where_of(body), member)

    async def ask(self, body: Body, hear: Hear) -> dict[str, Any]:
        """With words a question at once, without any the form that says who answers and what they can see."""
        member, where = await self.office.member(body), where_of(body)
        raw = str(body.get("text") or "").strip()
        if raw:
            reply = await hear(asked(self.office, member, key_of(body), await self.office.words(raw)))
            return self._acknowledged(reply, where, member)
        self.office.tell_later(await self.office.desk.asking(), where)
        return {}

    def _acknowledged(self, reply: Reply | Form, where: Where, member: Member) -> dict[str, Any]:
        self.homes.refresh(member)
        if isinstance(reply, Form):
            self.office.tell_later(reply, where)
            return {}
        first, rest = self.office.answering.split(reply.card)
        if rest:
            self.office.later(self.office.answering.say(rest, where))
        return {"response_type": "ephemeral", "text": first.text, "blocks": list(first.blocks)}


def asked(office: Office, member: Member, key: str, words: str, *, category: str = "", said: str = "") -> Asked:
    """A question by command or form: answers come where its customer reads alone. `said` is the dialog's id, which
    asks only once, however often it is sent."""
    return Asked(
        key=key,
        who=member.identity,
        text=words,
        origin=office.people.home(member.user),
        name=member.name,
        category=category,
        source=office.place(said) if said else None,
    )


def key_of(body: Body) -> str:
    return f"slack/command/{body['trigger_id']}"


def sentence_of(raw: str) -> str:
    """Slack's text as the grammar reads it: people stay the signs that Slack gave them, the rest is plain."""
    parts = re.split(r"(<@[A-Z0-9]+)(?:\|[^>]*)?(>)", raw)  # text, sign, bracket, text, sign, bracket ... text
    return "".join(read_words(part) if place % 3 == 0 else part for place, part in enumerate(parts))
