"""What a message on Discord means: a command, a customer's words, an edit, or talk that stays where it was said."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from weakref import WeakValueDictionary

import structlog

from adapters.discord.answering import by_button
from adapters.discord.asking import Asking
from adapters.discord.calling import Refused
from adapters.discord.office import Json, Office
from adapters.discord.people import Member
from adapters.discord.rooms import Room
from adapters.discord.roster import Roster
from adapters.discord.text import mentioned
from bot.announce import said_by_post
from bot.card import Card, Form, Quote
from bot.model import QuestionId, Ref
from bot.once import Once
from bot.ports import Direct, Hear, PlatformTrouble, Reply, Reworded, TookBack

log = structlog.get_logger(__name__)

ASKED_WHETHER_MAX: Final = 5_000
COMMAND_SIGN: Final = "!"
SAID: Final = frozenset({0, 19})  # kinds of messages that people say: plain ones and replies


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message with what was found out about it. `command` is the sentence behind the sign, None for plain words;
    `asks` says that it stands where customers ask."""

    payload: Json
    room: Room
    member: Member
    command: str | None
    asks: bool
    question: QuestionId | None = None

    @property
    def id(self) -> str:
        return str(self.payload["id"])

    @property
    def key(self) -> str:
        """One key for a message, however many events bring it."""
        return key_of(self.room.id, self.id)

    @property
    def carry(self) -> str:
        return f"{self.room.id}/{self.id}"


async def at_once(channel: str) -> None:
    """There is nothing to wait for."""


@dataclass(slots=True, kw_only=True)
class Hearing:
    """Messages of all servers and of people's own conversations with the bot. `reached` returns when what was said
    before in a channel has been taken in."""

    office: Office
    asking: Asking
    roster: Roster
    reached: Callable[[str], Awaitable[None]] = at_once
    once: Once = field(init=False)
    _asked_whether: "OrderedDict[str, None]" = field(default_factory=OrderedDict)  # "thread user"
    _turns: "WeakValueDictionary[str, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    def __post_init__(self) -> None:
        self.once = Once(desk=self.office.desk, name="discord/answered")

    async def message(self, payload: Json, hear: Hear, *, live: bool = True) -> None:
        """A message as an event or the history (not `live`) gives it: taken in once."""
        channel, author = str(payload["channel_id"]), payload.get("author") or {}
        if not author.get("id") or author.get("bot") or payload.get("webhook_id"):
            return
        if payload.get("type", 0) not in SAID:
            return
        if not self._may_concern_us(payload):
            return
        if live:
            await self.reached(channel)
        key = key_of(channel, str(payload["id"]))
        async with self._turn(key), self.once.turn(key, f"{channel} {author.get('id')}") as new:
            if new:
                said = await self._read(payload)
                if live or not await self.knows(channel, said.id):
                    await self._said(said, hear)

    def _turn(self, key: str) -> asyncio.Lock:
        """For what happens to one message: it may be changed while its files are still on their way."""
        return self._turns.setdefault(key, asyncio.Lock())

    def _may_concern_us(self, payload: Json) -> bool:
        """A busy server says thousands of things an hour that are neither commands nor customers' words."""
        if not payload.get("guild_id") or self._command_of(str(payload.get("content") or "")) is not None:
            return True
        server = self.office.settings.server_of(str(payload["guild_id"]))
        return server is not None and bool(server.help_channels)

    async def knows(self, channel: str, message: str) -> bool:
        """Whether this message was taken in, now or before a restart."""
        return await self.once.knows(key_of(channel, message))

    # Said

    async def _said(self, said: Said, hear: Hear) -> None:
        if said.command is not None:
            await self._command(said, said.command, hear)
        elif said.room.direct or said.asks:
            await self._plain(said, hear)

    async def _read(self, payload: Json) -> Said:
        channel, guild = str(payload["channel_id"]), str(payload.get("guild_id") or "")
        room = await self.office.rooms.room(channel, guild) if guild or "guild_id" not in payload else Room(id=channel)
        if room.guild and not guild:  # the history does not name the server
            payload = {**payload, "guild_id": room.guild}
        member = self.office.people.seen(payload)
        if room.direct:
            await self.office.directs.told(member.user, channel)
        elif "member" not in payload:
            member = await self.office.people.member(member.user, room.guild)
        said = Said(
            payload=payload,
            room=room,
            member=member,
            command=self._command_of(str(payload.get("content") or "")),
            asks=self.office.category(room.parent or room.id, room.guild) is not None,
        )
        said = replace(said, question=await self._question(said))
        if said.command is not None and not await self._may_command(said):
            said = replace(said, command=None)
        return said

    async def _may_command(self, said: Said) -> bool:
        """Where customers speak, their words are never commands, whatever they begin with; and where no questions
        are, the sign calls other bots."""
        if not said.room.direct and not said.asks:
            signed = str(said.payload.get("content") or "").strip().startswith(COMMAND_SIGN)
            return not signed or said.question is not None or await self._is_of_crew(said.room)
        person = await self.office.views.person_of(said.member.identity)
        return person is not None and person.is_crew

    async def _is_of_crew(self, room: Room) -> bool:
        """Whether questions are shown in that channel, or in the one above."""
        place = self.office.place(room.parent or room.id, room.guild)
        return any(place in (*each.channels, each.staff_channel) for each in await self.office.views.categories())

    def _command_of(self, raw: str) -> str | None:
        """What stands behind `!` or the bot's mention; None when it is no command."""
        text = raw.strip()
        if text.startswith(COMMAND_SIGN):
            rest = text.removeprefix(COMMAND_SIGN).strip()
            return rest if re.match(r"\w", rest) else None  # "!!!" is no command
        if not self.office.bot_user:
            return None
        found = re.match(rf"<@!?{self.office.bot_user}>[\s,:]*", text)
        return (text[found.end() :].strip().removeprefix(COMMAND_SIGN) or "help") if found else None

    async def _question(self, said: Said) -> QuestionId | None:
        """The question of the thread that it was said in, or of the message of ours that it replies to."""
        room = said.room
        if room.parent:
            return await self.office.question(room.id, room.parent, room.guild)
        replied = str((said.payload.get("message_reference") or {}).get("message_id") or "")
        if not replied:
            return None
        views = self.office.views
        if not room.direct:
            return await views.question_at(self.office.place(room.id, room.guild), Ref(replied))
        known = await views.question_at(said.member.home, Ref(replied))
        own = () if known is not None else await views.messages_from(self.office.place(room.id, "", replied))
        return own[0].question if own else known

    async def _roles(self, said: Said, hear: Hear) -> None:
        """What the speaker's roles make of them counts in this act already."""
        if said.room.direct:
            await self.roster.seen_direct(said.member.user, hear)
        else:
            await self.roster.acted(said.member, hear)

    async def _command(self, said: Said, raw: str, hear: Hear) -> None:
        member, office, guild = said.member, self.office, said.room.guild
        await self._roles(said, hear)
        reply = await hear(
            office.heard(
                member,
                said.key,
                re.sub(r"<@!(\d+)>", r"<@\1>", raw),
                question=said.question,
                mentions=await office.mentions(mentioned(raw), guild),
                files=await office.uploads(said.payload.get("attachments")),
                hurried=True,
            )
        )
        await self._answered(said, reply)

    async def _is_for_us(self, said: Said) -> bool:
        """Whether a customer writes where they asked, or in a post that they opened. Whoever has something to say in
        somebody else's thread is asked once whether it is a question; crew never."""
        if said.question is None:
            return said.room.owner == said.member.user
        person = await self.office.views.person_of(said.member.identity)
        facts = await self.office.views.facts(said.question, now=self.office.now())
        if person is not None and facts.question is not None and facts.question.customer == person.id:
            return True
        which = f"{said.room.id} {said.member.user}"
        if which in self._asked_whether or (person is not None and person.is_crew):
            return False
        self._asked_whether[which] = None
        while len(self._asked_whether) > ASKED_WHETHER_MAX:
            self._asked_whether.popitem(last=False)
        return True

    async def _plain(self, said: Said, hear: Hear) -> None:
        """Words to the bot alone, or in a channel where customers ask."""
        office, room = self.office, said.room
        words = await self._words(said)
        if room.parent and not await self._is_for_us(said):
            return  # talk in somebody else's post
        files = await office.uploads(said.payload.get("attachments"))
        if not words.strip() and not files:
            await self._unread(said)
            return
        await self._roles(said, hear)
        reply = await hear(
            Direct(
                key=said.key,
                who=said.member.identity,
                text=titled(room, said.id, words),
                origin=await self.asking.origin(room.id, room.guild, said.member, said.id),
                name=said.member.name,
                source=office.place(room.id, room.guild, said.id),
                question=said.question,
                choice="ask" if await self._is_new_post(said) else "",
                category=office.category(room.parent or room.id, room.guild) or "",
                files=files,
            )
        )
        await self._answered(said, reply)

    async def _words(self, said: Said) -> str:
        return await self.office.words(str(said.payload.get("content") or ""), said.room.guild)

    async def _is_new_post(self, said: Said) -> bool:
        """Whoever begins a post asks something new, whatever else they asked. What crew post there is no question."""
        if not begins_post(said.room, said.id):
            return False
        person = await self.office.views.person_of(said.member.identity)
        return person is None or not person.is_crew

    async def _unread(self, said: Said) -> None:
        """A new post whose words may not be read: its author is shown the button that asks."""
        if begins_post(said.room, said.id):
            try:
                await self.asking.invite(said.room.id)
                await self.once.note_answered(said.key)
            except (Refused, PlatformTrouble) as trouble:
                log.warning("no button to ask with", channel=said.room.id, trouble=str(trouble))

    async def _answered(self, said: Said, reply: Reply | Form) -> None:
        if not isinstance(reply, Reply) or reply.receipt is None:
            await self.once.note_answered(said.key)
        self.office.later(self._tell(said, reply))

    async def _tell(self, said: Said, reply: Reply | Form) -> None:
        """A message can only be answered for all to see, so what one person alone is told comes by direct message."""
        card: Card | None = None
        if isinstance(reply, Reply):
            whole = await reply.whole()
            card = whole.news if whole.receipt is not None and said_by_post(whole.receipt) else whole.card
            if card is not None and whole.receipt is None and said.asks and not said.room.direct:
                card = replace(card, quotes=(*card.quotes, Quote(author="", text=await self._words(said))))
        else:
            card = by_button(reply)
        if card is not None:
            await self.office.answering.direct(said.member.user, card, said.carry)

    # Changed and deleted

    async def changed(self, payload: Json, hear: Hear) -> None:
        """Only a person's own edit: Discord says "updated" for link previews and for our own messages, too."""
        author = payload.get("author") or {}
        if payload.get("edited_timestamp") and author.get("id") and not author.get("bot"):
            channel = str(payload["channel_id"])
            await self.reached(channel)
            async with self._turn(key_of(channel, str(payload["id"]))):
                await self.reworded(payload, hear)

    async def reworded(self, payload: Json, hear: Hear) -> None:
        """A message as it reads after its author's edit. Words that may not be read change nothing."""
        channel, ref = str(payload["channel_id"]), str(payload["id"])
        guild = str(payload.get("guild_id") or "") or await self._guild_of(payload)
        if not await self.office.views.messages_from(self.office.place(channel, guild, ref)):
            return
        text = await self.office.words(str(payload.get("content") or ""), guild)
        if not text.strip():
            return
        if channel == ref:
            text = titled(await self.office.rooms.room(channel, guild), ref, text)
        await hear(
            Reworded(
                key=f"discord/edit/{channel}/{ref}/{payload.get('edited_timestamp')}",
                who=self.office.people.seen(payload).identity,
                source=self.office.place(channel, guild, ref),
                text=text,
            )
        )

    async def _guild_of(self, payload: Mapping[str, Any]) -> str:
        """The history and events of direct messages do not name the server."""
        return (await self.office.rooms.room(str(payload["channel_id"]))).guild

    async def deleted(self, channel: str, guild: str, messages: tuple[str, ...], hear: Hear) -> None:
        await self.reached(channel)
        for ref in messages:
            source = self.office.place(channel, guild, ref)
            async with self._turn(key_of(channel, ref)):
                if await self.office.views.messages_from(source):
                    await hear(TookBack(key=f"discord/deleted/{channel}/{ref}", source=source))


def begins_post(room: Room, message: str) -> bool:
    """Whether it is the first message of a post in a forum. That of a thread stands in the channel above it."""
    return bool(room.parent) and message == room.id


def titled(room: Room, message: str, words: str) -> str:
    """People say half of it in a post's title."""
    return f"{room.name}\n{words}".strip() if begins_post(room, message) else words


def key_of(channel: str, message: str) -> str:
    return f"discord/message/{channel}/{message}"
