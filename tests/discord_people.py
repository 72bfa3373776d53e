"""A person of a story who sits in Discord: what they say becomes what somebody would really do there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from adapters.discord.options import name_of, path_of, takes_number
from adapters.discord.places import home
from bot.card import Form
from bot.commands import Command
from bot.grammar import ME, VERBS, Incomplete, Look, Misread, Verb, read, verb_of
from bot.grammar.slots import Kind, Slot
from bot.model import Identity, Place, QuestionId, Ref, State, spoken_number
from bot.ports import Upload
from tests.chat_people import NOTHING, STAFF_VERBS, InChat, SaidInChat
from tests.chat_world import STAFF
from tests.discord_screen import buttons, parts, seen
from tests.fakes.discord import Channel, Message
from tests.world import Said

if TYPE_CHECKING:
    from tests.discord_world import DiscordWorld
    from tests.fakes.discord.someone import Someone as Native

MENUS: Final = {"answer": "Send to customer"}  # what one's own line in the thread can become
HALF: Final = re.compile("[\ud800-\udfff]")  # which Discord's client sends as the sign for what is no character


@dataclass(slots=True)
class OnDiscord(InChat):
    """`native` is the same person in front of Discord's client; `crew` sees the channels of questions."""

    native: Native
    crew: bool = False

    @property
    def there(self) -> DiscordWorld:
        return self.world  # type: ignore[return-value]

    @property
    def who(self) -> Identity:
        return Identity(platform="discord", workspace="", external=self.native.id)

    @property
    def home(self) -> Place:
        return home(self.native.id)

    # --- what everything comes down to

    async def does(self, doing: Awaitable[object]) -> SaidInChat:
        """Something on Discord, and what came of it before this person's eyes."""
        heard, asides, before = len(self.there.heard), self._asides(), set(self._direct())
        await doing
        await self.world.settles()
        now = self._asides()
        new = [each for each in self.native.ephemerals if now[each.id] != asides.get(each.id)]
        new += [message for key, message in self._direct().items() if key not in before]
        shown = [seen(each, self.there.discord) for each in new] + ([self.native.shown_modal()] if self.form else [])
        told = [answer for said, answer in self.there.heard[heard:] if getattr(said, "who", None) == self.who]
        return SaidInChat(
            told[-1] if told else NOTHING,
            "\n\n".join(shown),
            tuple(button for each in new for button in buttons(each)),
        )

    @property
    def form(self) -> bool:
        """Whether a form is open in front of them."""
        return self.native.modal is not None

    def _asides(self) -> dict[str, str]:
        """What this person alone sees, which one answer takes from another."""
        return {each.id: repr((each.content, each.components)) for each in self.native.ephemerals}

    def _direct(self) -> dict[str, Message]:
        """What the bot wrote to this person alone, as it stands."""
        room = self.native.room("dm")
        return {each.id: each for each in room.messages.values() if each.author.bot}

    async def presses(self, wanted: str) -> SaidInChat:
        """The button of this label or sentence that is nearest to hand: what one alone sees, the newest first, then
        one's own conversation, then the channels with their threads."""
        found = self._button(wanted)
        assert found, f"{self.name} sees no {wanted!r}"
        return await self.does(self.native.presses(*found))

    def sees_button(self, wanted: str) -> bool:
        return self._button(wanted) is not None

    def _button(self, wanted: str) -> tuple[Message, str] | None:
        """The message with it, and the id by which Discord knows it."""
        for message in self._in_sight():
            for each in parts(message.components):
                custom_id = str(each.get("custom_id", ""))
                if wanted in (each.get("label"), custom_id.partition("|")[2].partition("|")[0]):
                    return message, custom_id
        return None

    def _in_sight(self) -> list[Message]:
        rooms = [each for each in self.there.discord.channels.values() if each.guild and self._sees(each)]
        inside = [message for room in rooms for message in room.messages.values()]
        direct = self.native.room("dm").messages.values()
        return [*reversed(self.native.ephemerals), *_newest(direct), *_newest(inside)]

    def _sees(self, room: Channel) -> bool:
        return room.guild is not None and self.native.id in room.guild.members and self._may_look(room)

    def _may_look(self, room: Channel) -> bool:
        return self.there.discord.sees(self.native.user, room)

    def card_of(self, words: str) -> Message:
        """The newest message of the bot in their own conversation, or else in a channel, with these words."""
        for message in self._in_sight():
            if message.author.bot and not message.ephemeral_for and words in seen(message, self.there.discord):
                return message
        raise AssertionError(f"{self.name} sees nothing with {words!r}")

    # --- sentences

    async def says(
        self,
        sentence: str,
        question: QuestionId | None = None,
        *,
        key: str | None = None,
        values: Mapping[str, str] | None = None,
        files: tuple[Upload, ...] = (),
    ) -> Said:
        assert key is None, "Discord names its events itself"
        await self._clears_the_screen()
        sentence = self.there.as_said_here(sentence)
        if question is not None:
            sentence = await self.world.numbered(sentence, question, self)
        meaning = read(sentence, question=question)
        if values:
            filled = await self._fills(sentence, question, values)
            assert filled is not None, f"no form takes {values}"
            return filled
        if files or isinstance(meaning, Misread):
            written = await self._writes_in_thread(sentence, question, files)
            assert written is not None, f"{self.name} has no place to write {sentence!r}"
            return written
        ways = [self._types_it, self._writes_it]
        if isinstance(meaning, Command):
            ways += [self._presses_it, self._fills_it, self._mentions_it, self._sends_own_line]
        turn = next(self.there.ways)
        for way in (*ways[turn % len(ways) :], *ways[: turn % len(ways)]):
            said = await way(sentence, question, meaning)
            if said is not None:
                return said
        raise AssertionError(f"there is no way to say {sentence!r}")

    async def _writes_it(self, sentence: str, question: QuestionId | None, meaning: object) -> Said | None:
        return await self._writes_in_thread(sentence, question, ())

    async def _mentions_it(self, sentence: str, question: QuestionId | None, meaning: Command) -> Said | None:
        return await self._writes_in_thread(sentence, question, (), mention=True)

    async def _types_it(self, sentence: str, question: QuestionId | None, meaning: object) -> Said | None:
        """`/hall claim number:Q7K3`, in the question's thread where there is one for this person."""
        typed = self._command(meaning)
        if typed is None:
            return None
        room = await self._thread(question, sentence) if question is not None else None
        return await self.does(self.native.types(typed, "dm" if room is None or room.archived else room))

    async def _sends_own_line(self, sentence: str, question: QuestionId | None, meaning: Command) -> Said | None:
        """Talk in the thread, and then the menu on one's own line."""
        verb, words = verb_of(meaning), getattr(meaning, "words", None)
        room = await self._thread(question, sentence) if question is not None else None
        if verb is None or verb.word not in MENUS or words is None or room is None or room.archived:
            return None
        line = await self.native.says(room, words.text)
        return await self.does(self.native.uses_menu(MENUS[verb.word], line))

    # --- slash commands

    def _command(self, meaning: object) -> str | None:
        """What one types with its options; None for what Discord's client does not let anybody type."""
        verb: Verb | None
        if isinstance(meaning, Look):
            verb = next(each for each in VERBS if each.sight is meaning.what)
            given = {slot.name: meaning.argument for slot in verb.slots}
        elif isinstance(meaning, Incomplete):
            verb, given = meaning.verb, dict(meaning.values)
        elif isinstance(meaning, Command):
            verb = verb_of(meaning)
            given = {slot.name: getattr(meaning, slot.name, None) for slot in verb.slots} if verb else {}
        else:
            return None
        if verb is None:
            return None
        question = getattr(meaning, "question", None)
        options = [f"number:{spoken_number(question)}"] if takes_number(verb) and question else []
        for slot in verb.slots:
            said = given.get(slot.name)
            text = str(said or "") if isinstance(meaning, Incomplete) else self._typed(slot, said)
            if text is None or "\n" in text or len(text) > 6_000:
                return None
            options += [f"{name_of(slot)}:{text}"] if text else []
        return " ".join(["/hall", *path_of(verb), *options])

    def _typed(self, slot: Slot, value: object) -> str | None:
        """One option's text; "" leaves it out, None is what cannot be typed."""
        match value:
            case None | () | "":
                return ""
            case int() if slot.kind is Kind.AMOUNT:
                return f"{value // 100}.{value % 100:02d}"
            case int() if slot.kind is Kind.QUESTION:
                return spoken_number(QuestionId(value))
            case int() if slot.kind is Kind.DURATION:
                return f"{value} min"
            case str() if slot.kind is Kind.PERSON:
                return "" if value == ME else self._with_ids(value)
            case tuple():
                return " ".join(map(str, value))
        if slot.kind in (Kind.SETTING, Kind.VALUE):
            return None
        return str(getattr(value, "text", value))

    def _with_ids(self, text: str) -> str:
        """People by their ids, as Discord's client sends whoever was picked from its list."""
        called = self.there.discord.people
        return re.sub(r"@([\w.-]+)", lambda at: f"<@{called[at[1]].id}>" if at[1] in called else at[0], text)

    # --- lines in threads

    async def _writes_in_thread(
        self, sentence: str, question: QuestionId | None, files: tuple[Upload, ...], *, mention: bool = False
    ) -> SaidInChat | None:
        """`!claim` in the question's thread, or with the bot's name where plain words may not be read; for experts
        and staff, with its number to the bot alone."""
        room = await self._thread(question, sentence) if question is not None else None
        attached = tuple((each.name, each.content) for each in files)
        if room is not None:
            sign = "@guildhall " if mention or not self.there.content else "!"
            return await self.does(self.native.says(room, f"{sign}{sentence}", files=attached))
        if not self.crew or mention:
            return None
        if question is not None and spoken_number(question) not in sentence:
            sentence = f"{spoken_number(question)} {sentence}"
        return await self.does(self.native.says("dm", f"!{sentence}", files=attached))

    async def _thread(self, question: QuestionId, sentence: str) -> Channel | None:
        """A thread of the question where this person may say this."""
        inside = any(sentence.startswith(verb) for verb in STAFF_VERBS)
        for post in await self.world.app.views.cards_of(question):
            room = self.there.discord.channels.get(str(post.ref))
            if room is None or not room.is_thread or room.parent is None or not self._sees(room):
                continue
            if not inside or room.parent.name == STAFF:
                return room
        return None

    # --- forms

    async def _fills(self, opener: str, question: QuestionId | None, values: Mapping[str, str]) -> Said | None:
        """None when Discord's own client does not take what would be filled in."""
        if self.sees_button(opener):
            said = await self.presses(opener)
        else:
            opened = await self._types_it(opener, question, read(opener, question=question))
            assert isinstance(opened, SaidInChat), f"nobody can type {opener!r}"
            said = opened
        if not self.form:
            return said if isinstance(said.reply, Form) or said.receipt.refused else None
        named = dict(values)
        if "tried" in self._entries() and "words" in named:  # an escalation asks for its words in two parts
            named |= {"tried": named.pop("words"), "check": "Everything else."}
        return await self.fills_in(named)

    async def fills_in(self, values: Mapping[str, str]) -> SaidInChat | None:
        """The open form, by the names of its entries, and sends it; None when the client refuses."""
        entries = self._entries()
        for name, value in values.items():
            custom_id, part = entries[name]
            chosen = [each["label"] for each in part.get("options", []) if value in (each["value"], each["label"])]
            if "options" in part and not chosen:
                return await self._gives_up()
            if len(value) > part.get("max_length", 4_000):
                return await self._gives_up()
            await self.native.fills_in({custom_id: chosen[0] if chosen else value})
        if any(self.native._wrong(label, part) for label, part in self.native.fields()):
            return await self._gives_up()
        return await self.does(self.native.submits())

    def _entries(self) -> dict[str, tuple[str, dict]]:  # type: ignore[type-arg]
        return {
            re.split(r"[|:/]", part["custom_id"])[-1]: (part["custom_id"], part) for _, part in self.native.fields()
        }

    async def _gives_up(self) -> None:
        await self._clears_the_screen()

    async def _clears_the_screen(self) -> None:
        if self.form:
            await self.does(self.native.closes())

    # --- customers

    async def tries_to_ask(self, text: str, **more: object) -> Said:
        await self._clears_the_screen()
        category, wanted = str(more.pop("category", "")), more.pop("staff_wanted", False)
        files = more.pop("files", ())
        assert not more, f"not on Discord: {more}"
        assert isinstance(files, tuple)
        attached, turn = tuple((each.name, each.content) for each in files), next(self.there.ways)
        text = HALF.sub("\ufffd", text)
        if category and turn % 2 and not files:
            said = await self._asks_by_form(text, category)
        elif category or (turn % 3 == 0 and len(files) <= 3 and "\n" not in text and text.strip()):
            typed = f"/ask words:{text}" + (f" category:{category}" if category else "")
            said = await self.does(self.native.types(typed, files=attached))
        else:
            said = await self.does(self.native.says("dm", text, files=attached))
            if "ask" in said.buttons:
                said = await self.presses("ask")
        if wanted and not said.refused:
            assert said.receipt.question is not None
            await self.presses(f"staff-please {spoken_number(said.receipt.question)}")
        return said

    async def _asks_by_form(self, text: str, category: str) -> SaidInChat:
        await self.does(self.native.types("/ask"))
        known = {"words": text, "category": category}
        said = await self.fills_in({name: known[name] for name in known if name in self._entries()})
        assert said is not None
        return said

    async def writes(self, text: str, question: QuestionId, *, files: tuple[Upload, ...] = ()) -> Said:
        """A reply to one of the question's messages, or below them all with the button that says what it is."""
        await self._clears_the_screen()
        attached = tuple((each.name, each.content) for each in files)
        views = self.world.app.views
        about = [
            each for key, each in self._direct().items() if await views.question_at(self.home, Ref(key)) == question
        ]
        over = await self.world.state(question) in (State.SOLVED, State.CLOSED)  # words below would ask anew
        if about and (over or files or next(self.there.ways) % 2):
            return await self.does(self.native.says("dm", text, reply_to=about[-1], files=attached))
        said = await self.does(self.native.says("dm", text, files=attached))
        wanted = f"reply {spoken_number(question)}"
        return await self.presses(wanted) if wanted in said.buttons else said


def _newest(messages) -> list[Message]:  # type: ignore[no-untyped-def]
    return sorted(messages, key=lambda each: -int(each.id))
