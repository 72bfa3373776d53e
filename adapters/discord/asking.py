"""How customers ask in Discord: by command, by form, by a button in a public channel; and where they are answered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from adapters.discord.acts import Act
from adapters.discord.calling import Refused
from adapters.discord.calling_over import ASKED_IN
from adapters.discord.commands import sentence
from adapters.discord.messages import message
from adapters.discord.office import Office
from adapters.discord.people import Member
from adapters.discord.rooms import Room
from bot.announce import said_by_post
from bot.card import Button, Card, Entry, Form, Weight
from bot.model import Place, Post, read_number, spoken_number
from bot.ports import Asked, Hear, Reply, Upload, Wrote
from bot.wording import aside


@dataclass(slots=True, kw_only=True)
class Asking:
    office: Office

    async def command(self, act: Act, hear: Hear) -> Reply | Form:
        """`/ask`: with words a question at once, without any the form that says who answers and what they can see."""
        said = sentence(act.data)
        words = await self.office.words(said.values.get("words", ""), act.room.guild)
        files = await self.office.uploads(said.attachments)
        if not words.strip() and not files:
            return await self.office.desk.asking()
        return await self._asked(act, act.key, words, said.values.get("category", ""), files, hear)

    async def button(self, act: Act) -> Form:
        """The form; in somebody's own post it begins with the post's title."""
        form = await self.office.desk.asking()
        if self._is_own_post(act.room, act.member) and act.room.name:
            entries = tuple(
                replace(each, value=f"{act.room.name}\n") if each.name == "words" else each for each in form.entries
            )
            form = replace(form, entries=entries)
        return form

    async def form(
        self, act: Act, key: str, values: Mapping[str, str], files: tuple[Upload, ...], hear: Hear
    ) -> Reply | Form:
        return await self._asked(act, key, values.get("words", ""), values.get("category", ""), files, hear)

    # Replies, from where nobody can write under what they read

    async def with_reply(self, card: Card, post: Post) -> Card:
        """A customer's news with a button for their answer to it."""
        number = post.notice.question
        facts = await self.office.views.facts(number, now=self.office.now()) if number is not None else None
        if number is None or facts is None or facts.question is None or post.notice.person != facts.question.customer:
            return card
        press = Button(label=aside("reply-button").title, sentence=f"reply {spoken_number(number)}")
        return replace(card, buttons=(*card.buttons, press))

    def reply_form(self, said: str) -> Form:
        words = Entry(name="words", label=aside("reply-words").title)
        title, button = aside("reply-title", number=said.partition(" ")[2]).title, aside("reply-button").title
        return Form(title=title, sentence=said, entries=(words,), submit=button)

    async def replied(
        self, act: Act, key: str, said: str, values: Mapping[str, str], files: tuple[Upload, ...], hear: Hear
    ) -> Reply | Form:
        question = read_number(said.partition(" ")[2])
        if question is None:
            return Reply(card=aside("stale"))
        text = values.get("words", "")
        return await hear(Wrote(key=key, who=act.member.identity, question=question, text=text, files=files))

    async def _asked(
        self, act: Act, key: str, words: str, category: str, files: tuple[Upload, ...], hear: Hear
    ) -> Reply | Form:
        room = act.room
        own = self._is_own_post(room, act.member)
        origin = self.office.place(room.parent, room.guild, room.id) if own else act.member.home
        if not room.direct:  # for when their direct messages are closed
            await self.office.desk.keep(f"{ASKED_IN}{act.member.user}", room.id)
        here = self.office.category(room.parent or room.id, room.guild)
        reply = await hear(
            Asked(
                key=key,
                who=act.member.identity,
                text=words,
                origin=origin,
                name=act.member.name,
                category=category or here or "",
                files=files,
            )
        )
        return reply if room.direct or own else _from_afar(reply)

    def _is_own_post(self, room: Room, member: Member) -> bool:
        """Whether this is a post or thread of theirs where customers ask."""
        asks_here = room.parent and self.office.category(room.parent, room.guild) is not None
        return bool(asks_here) and room.owner == member.user

    async def origin(self, channel: str, guild: str, member: Member, message_id: str) -> Place:
        """Where a customer is answered: alone where they spoke alone, or in a thread that belongs to somebody else's
        question; else in the thread under their words.

        The first line that is posted there opens that one: a thread for all that is said here would soon fill the
        server, which has room for 1,000.
        """
        if not guild:
            return member.home
        room = await self.office.rooms.room(channel, guild)
        if not room.parent:
            return self.office.place(channel, guild, message_id)
        if await self._is_of_another(room, member):
            return member.home
        return self.office.place(room.parent, guild, room.id)

    async def _is_of_another(self, room: Room, member: Member) -> bool:
        question = await self.office.question(room.id, room.parent, room.guild)
        if question is None:
            return False
        facts = await self.office.views.facts(question, now=self.office.now())
        person = await self.office.views.person_of(member.identity)
        return facts.question is None or person is None or facts.question.customer != person.id

    # Buttons in public places

    async def invite(self, channel: str) -> None:
        """A button under a post whose words may not be read. Raises Refused or a platform's trouble."""
        body = message(_invitation("ask-here-post")).body()
        await self.office.calls.call("POST", "/channels/{channel_id}/messages", json=body, channel_id=channel)

    async def stand(self, channel: str) -> None:
        """The button that stands in a channel where customers ask: posted once, and again when somebody took it away.
        In a forum it stands under each post.

        Raises Refused or a platform's trouble.
        """
        if (await self.office.rooms.room(channel)).forum:
            return
        name = f"discord/stand/{channel}"
        kept = await self.office.desk.recall(name)
        body = message(_invitation("ask-here")).body()
        if kept:
            try:
                await self.office.calls.call(
                    "PATCH",
                    "/channels/{channel_id}/messages/{message_id}",
                    json=body,
                    channel_id=channel,
                    message_id=kept,
                )
                return
            except Refused as refusal:
                if refusal.code != 10008:
                    raise
        sent = body | {"nonce": f"stand{channel}"[:25], "enforce_nonce": True}
        shown = await self.office.calls.call("POST", "/channels/{channel_id}/messages", json=sent, channel_id=channel)
        await self.office.desk.keep(name, str(shown["id"]))

    def standing_places(self) -> list[str]:
        return [channel for each in self.office.settings.servers for channel in each.help_channels]


def _from_afar(reply: Reply | Form) -> Reply | Form:
    """Asked in a channel and answered by direct message: the channel says so."""
    if isinstance(reply, Form) or reply.receipt is None or not said_by_post(reply.receipt):
        return reply
    number = reply.receipt.question
    if reply.news is not None or number is None:
        return reply
    return replace(reply, news=aside("asked", number=spoken_number(number)))


def _invitation(said_as: str) -> Card:
    said = aside(said_as)
    press = Button(label=aside("ask-button").title, sentence="ask", weight=Weight.MAIN)
    return replace(said, buttons=(press,))
