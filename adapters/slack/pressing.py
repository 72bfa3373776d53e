"""Buttons: on a card, under one's own line, on what one person alone was shown, at home."""

from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.answering import Where
from adapters.slack.buttons import Pressed, pressed
from adapters.slack.homes import Homes
from adapters.slack.office import Body, Office, where_of
from adapters.slack.people import Member
from adapters.slack.reading import READ_ACTION
from bot.card import Card, Form
from bot.model import Place, QuestionId, read_number
from bot.ports import Direct, Hear, Reply
from bot.wording import aside

OF_CUSTOMERS = ("ask", "reply")  # what a customer's own words are for; never a sentence of the grammar


@dataclass(frozen=True, slots=True)
class Pressing:
    office: Office
    homes: Homes

    async def press(self, body: Body, hear: Hear) -> None:
        """Returns when what was pressed has been carried out; what it led to is shown later."""
        action = body["actions"][0]
        member, where = await self.office.member(body), where_of(body)
        if action.get("action_id") == READ_ACTION:
            self.office.later(self._read(str(action.get("value", "")), member, where))
            return
        said = pressed(action)
        if said is None:
            return
        key = f"slack/press/{member.team}/{member.user}/{action.get('action_ts')}"
        if said.carry:
            reply = await self._carry(said, key, member, hear)
        else:
            reply = await hear(self._heard(said.sentence, key, member))
        self.office.tell_later(reply, replace(where, carry=said.carry))
        self.homes.refresh(member)

    def _heard(self, sentence: str, key: str, member: Member, **more: Any) -> Any:
        return self.office.heard(member, key, sentence, question=question_of(sentence), hurried=True, **more)

    async def _carry(self, said: Pressed, key: str, member: Member, hear: Hear) -> Reply | Form:
        """The words of one's own line are fetched now, since none were kept."""
        channel, thread, ts = said.carry.split("/")
        found = await self.office.message(channel, thread, ts)
        if found is None or found.get("user") != member.user:
            return Reply(card=aside("line-gone"))
        words, files = await self.office.words(str(found.get("text") or "")), await self.office.uploads(found)
        if said.sentence.partition(" ")[0] not in OF_CUSTOMERS:
            return await hear(self._heard(said.sentence, key, member, values={"words": words}, files=files))
        return await hear(
            Direct(
                key=key,
                who=member.identity,
                text=words,
                origin=self.office.origin(channel, thread, member),
                name=member.name,
                source=self.office.place(channel, ts),
                choice=said.sentence,
                category=self.office.category(channel),
                files=files,
            )
        )

    async def _read(self, named: str, member: Member, where: Where) -> None:
        """Whoever takes no direct messages reads their news here, and nobody else does."""
        recipient, _, slot = named.partition(" ")
        post = await self.office.views.post(Place(recipient), slot)
        mine = recipient == self.office.people.home(member.user)
        card: Card | None = await self.office.render(post) if post is not None and mine else None
        await self.office.answering.answer(Reply(card=card or aside("not-for-you")), where)


def question_of(sentence: str) -> QuestionId | None:
    """The question that a button's sentence names."""
    return read_number(sentence.partition(" ")[2].partition(" ")[0])
