"""What people do in Discord's client, and what it says: commands, buttons, forms, menus on messages."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.discord.acts import AUTOCOMPLETE, CHAT, COMMAND, COMPONENT, FORM, MESSAGE_MENU, Act
from adapters.discord.answering import with_way_back
from adapters.discord.asking import Asking
from adapters.discord.buttons import pressed
from adapters.discord.calling import Refused
from adapters.discord.calling_over import READ
from adapters.discord.commands import MENUS, focused, sentence
from adapters.discord.hooks import CHOICES
from adapters.discord.modals import entered, named, opened, uploaded
from adapters.discord.office import Office
from adapters.discord.places import home
from adapters.discord.roster import Roster
from bot.card import Card, Choice, Form, Quote
from bot.model import Place, PostKind, QuestionId, Ref, read_number, spoken_number
from bot.ports import Direct, Hear, PlatformTrouble, Reply
from bot.wording import aside

OWN_LINES: Final = frozenset({"answer", "note", "clarify", "staff-note"})  # these put one's own name under the words
REPLY: Final = "reply "  # and a number: a customer's further words, never a sentence of the grammar
OF_CUSTOMERS: Final = ("ask", "reply")  # what a customer's own words are for; never a sentence of the grammar
WRITE_ON: Final = "Write on"
FILLED_MAX: Final = 500


@dataclass(slots=True, kw_only=True)
class Acting:
    """`_filled` is what people typed into forms that did not go through, by person and sentence, the latest last."""

    office: Office
    asking: Asking
    roster: Roster
    _filled: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    async def act(self, act: Act, hear: Hear) -> None:
        """Returns when it was carried out and acknowledged."""
        if act.kind == AUTOCOMPLETE:
            await self._roles(act, hear)
            await self._suggest(act)
            return

        async def doing() -> Reply | Form:
            if act.room.direct:
                await self.office.directs.told(act.member.user, act.room.id)
            await self._roles(act, hear)
            return await self._done(act, hear)

        await self.office.answering.carry_out(act, doing)

    async def _roles(self, act: Act, hear: Hear) -> None:
        """What the actor's roles make of them counts in this act already."""
        if act.room.direct:
            await self.roster.seen_direct(act.member.user, hear)
        else:
            await self.roster.acted(act.member, hear)

    async def _done(self, act: Act, hear: Hear) -> Reply | Form:
        match act.kind:
            case kind if kind == COMPONENT:
                return await self._press(act, hear)
            case kind if kind == FORM:
                return await self._submit(act, hear)
            case kind if kind == COMMAND and act.data.get("type") == MESSAGE_MENU:
                return await self._use(act, hear)
            case kind if kind == COMMAND and act.data.get("type", CHAT) == CHAT:
                return await self._command(act, hear)
        return Reply(card=aside("stale"))

    async def _suggest(self, act: Act) -> None:
        """Autocomplete; whoever gets no choices can still type everything."""
        asked = focused(act.data)
        choices: tuple[Choice, ...] = ()
        if asked is not None:
            choices = await self.office.desk.suggest(
                act.member.identity, asked.kind, asked.typed, asked.verb, guest=act.member.guest or act.member.pending
            )
        shown = {"choices": [{"name": each.label, "value": each.value} for each in choices]}
        try:
            await self.office.answering.hooks.answer(act, CHOICES, shown)
        except (Refused, PlatformTrouble):
            return  # they typed on

    # Commands

    async def _command(self, act: Act, hear: Hear) -> Reply | Form:
        if act.data.get("name") == self.office.settings.ask_command:
            return await self.asking.command(act, hear)
        said = sentence(act.data)
        question = await self.office.question(act.room.id, act.room.parent, act.room.guild)
        return await hear(
            self.office.heard(
                act.member,
                act.key,
                said.sentence,
                question=question,
                values={name: await self._plain(value, act) for name, value in said.values.items()},
                mentions=await self.office.mentions(said.mentions, act.room.guild),
                files=await self.office.uploads(said.attachments),
                hurried=True,
            )
        )

    async def _plain(self, value: str, act: Act) -> str:
        """What was filled in as it was meant; a person stays the sign that Discord gave them."""
        return value if re.fullmatch(r"<@\d+>", value.strip()) else await self.office.words(value, act.room.guild)

    # Buttons

    async def _press(self, act: Act, hear: Hear) -> Reply | Form:
        custom_id = str(act.data.get("custom_id") or "")
        if custom_id.startswith(f"{READ}|"):
            return await self._read(custom_id, act)
        said = pressed(custom_id)
        if said is None:
            return Reply(card=aside("stale"))
        if said.carry:
            return await self._carry(replace(act, carry=said.carry), said.sentence, hear)
        if said.sentence == "ask":
            return await self.asking.button(act)
        if said.sentence.startswith(REPLY):
            return self.asking.reply_form(said.sentence)
        question = question_of(said.sentence)
        return await hear(self.office.heard(act.member, act.key, said.sentence, question=question, hurried=True))

    async def _carry(self, act: Act, said: str, hear: Hear) -> Reply | Form:
        """The words of one's own line are fetched now, since none were kept."""
        channel, _, ref = act.carry.partition("/")
        found = await self._message(channel, ref)
        if found is None or str((found.get("author") or {}).get("id")) != act.member.user:
            return Reply(card=aside("line-gone"))
        room = await self.office.rooms.room(channel)
        return await self._with_words(act, said, found, channel, room.guild, hear)

    async def _with_words(
        self, act: Act, said: str, found: Mapping[str, Any], channel: str, guild: str, hear: Hear
    ) -> Reply | Form:
        words = await self.office.words(str(found.get("content") or ""), guild)
        files = await self.office.uploads(found.get("attachments"))
        if said.partition(" ")[0] not in OF_CUSTOMERS:
            question = question_of(said)
            values = {"words": words}
            return await hear(
                self.office.heard(
                    act.member, act.key, said, question=question, values=values, files=files, hurried=True
                )
            )
        return await hear(
            Direct(
                key=act.key,
                who=act.member.identity,
                text=words,
                origin=await self.asking.origin(channel, guild, act.member, str(found["id"])),
                name=act.member.name,
                source=self.office.place(channel, guild, str(found["id"])),
                choice=said,
                category=self.office.category(channel, guild) or "",
                files=files,
            )
        )

    async def _message(self, channel: str, ref: str) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = await self.office.calls.call(
                "GET", "/channels/{channel_id}/messages/{message_id}", channel_id=channel, message_id=ref
            )
        except Refused:
            return None
        return found

    async def _read(self, custom_id: str, act: Act) -> Reply:
        """Whoever takes no direct messages reads their news here, and nobody else does."""
        _, recipient, slot = custom_id.split("|", 2)
        post = await self.office.views.post(Place(recipient), slot)
        mine = recipient == home(act.member.user)
        card: Card | None = await self.office.render(post) if post is not None and mine else None
        if card is None or post is None:
            return Reply(card=aside("not-for-you"))
        return Reply(card=await self.asking.with_reply(card, post))

    # Menus on messages

    async def _use(self, act: Act, hear: Hear) -> Reply | Form:
        verb = MENUS.get(str(act.data.get("name")), "")
        if not verb:
            return Reply(card=aside("stale"))
        target = str(act.data.get("target_id"))
        said = ((act.data.get("resolved") or {}).get("messages") or {}).get(target) or {}
        question = await self._question_of(act, target)
        if question is None:
            return Reply(card=aside("no-question"))
        opening = f"{verb} {spoken_number(question)}"
        if verb == "redact":
            return await self._redact(act, opening, target, question, hear)
        if verb in OWN_LINES and str((said.get("author") or {}).get("id")) != act.member.user:
            return Reply(card=aside("not-your-line"))
        return await self._with_words(act, opening, said, act.room.id, act.room.guild, hear)

    async def _question_of(self, act: Act, target: str) -> QuestionId | None:
        """That of the thread, or of the card in a channel."""
        room = act.room
        if room.parent:
            return await self.office.question(room.id, room.parent, room.guild)
        return await self.office.views.question_at(self.office.place(room.id, room.guild), Ref(target))

    async def _redact(self, act: Act, opening: str, target: str, question: QuestionId, hear: Hear) -> Reply | Form:
        """The text that a card or a line of ours shows."""
        place = self.office.place(act.room.parent or act.room.id, act.room.guild)
        post = await self.office.views.post_at(place, Ref(target))
        number = post and (1 if post.notice.kind is PostKind.CARD else post.notice.message)
        if not number:
            return Reply(card=aside("not-redactable"))
        heard = self.office.heard(act.member, act.key, f"{opening} {number}", question=question, hurried=True)
        return await hear(heard)

    # Forms

    async def _submit(self, act: Act, hear: Hear) -> Reply | Form:
        form = opened(str(act.data.get("custom_id") or ""))
        if form is None:
            return Reply(card=aside("stale"))
        values = entered(act.data.get("components") or ())
        files = await self.office.uploads(uploaded(act.data))
        # The same form sent again, because its first acknowledgement was late, is one act; with other words it is not.
        key = f"discord/form/{act.member.user}/{form.opening}/{_sign(values)}"
        if form.sentence == "ask":
            reply: Reply | Form = await self.asking.form(act, key, values, files, hear)
        elif form.sentence.startswith(REPLY):
            reply = await self.asking.replied(act, key, form.sentence, values, files, hear)
        else:
            question = question_of(form.sentence)
            heard = self.office.heard(
                act.member,
                key,
                form.sentence,
                question=question,
                values=values,
                mentions=await self.office.mentions(named(values), act.room.guild),
                files=files,
                hurried=True,
            )
            reply = await hear(heard)
        if isinstance(reply, Form) or (reply.receipt is not None and not reply.receipt.refused):
            self._filled.pop((act.member.user, form.sentence), None)
            return reply
        return await self._kept(reply, act, form.sentence, values)

    async def _kept(self, reply: Reply, act: Act, said: str, values: dict[str, str]) -> Reply:
        """Nothing that was typed is lost: it is in the form when that is opened again, and below to be copied."""
        self._filled[act.member.user, said] = values
        while len(self._filled) > FILLED_MAX:
            self._filled.pop(next(iter(self._filled)))
        whole = await reply.whole()
        text = values.get("words", "")
        card = whole.card
        if text and all(text not in each.text for each in card.quotes):
            card = replace(card, quotes=(*card.quotes, Quote(author="", text=text)))
        if whole.receipt is None or whole.receipt.mendable:
            card = with_way_back(card, said, WRITE_ON)
        return replace(whole, card=card, rest=None)

    def filled(self, user: str, said: str) -> dict[str, str]:
        return self._filled.get((user, said), {})


def question_of(said: str) -> QuestionId | None:
    """The question that a button's sentence names."""
    return read_number(said.partition(" ")[2].partition(" ")[0])


def _sign(values: Mapping[str, str]) -> str:
    return hashlib.sha256(repr(sorted(values.items())).encode(errors="replace")).hexdigest()[:16]
