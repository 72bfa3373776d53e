"""A person of a story who sits in Slack: what they say becomes what somebody would really do there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.card import Form
from bot.commands import Command
from bot.grammar import Misread, read, verb_of
from bot.model import Identity, Place, QuestionId, Ref, State, spoken_number
from bot.ports import Upload
from tests.chat_people import NOTHING, STAFF_VERBS, InChat, SaidInChat
from tests.chat_world import STAFF
from tests.fakes.slack import Message
from tests.slack_screen import buttons, elements, seen
from tests.world import Said

if TYPE_CHECKING:
    from tests.fakes.slack.someone import Someone as Native
    from tests.slack_world import SlackWorld

WORDY: Final = frozenset({"answer", "clarify", "note"})  # one's own line in the thread can become these


@dataclass(slots=True)
class OnSlack(InChat):
    """`native` is the same person in front of Slack's client; `crew` answers questions, `staff` looks after them."""

    native: Native
    crew: bool = False
    staff: bool = False

    @property
    def slack(self) -> SlackWorld:
        return self.world  # type: ignore[return-value]

    @property
    def who(self) -> Identity:
        return Identity(platform="slack", workspace=self.native.user.team_id, external=self.native.id)

    @property
    def home(self) -> Place:
        names = {id(each): name for name, each in self.slack.workspaces.items()}
        return Place(f"slack:{names[id(self.native.workspace)]}:@{self.native.id}")

    def belongs(self, channel: str) -> bool:
        """Whether they sit in the channel of that name."""
        return self.staff if channel == STAFF else self.crew

    # --- what everything comes down to

    async def does(self, doing: Awaitable[object]) -> SaidInChat:
        """Something on Slack, and what came of it before this person's eyes."""
        heard, asides, before = len(self.slack.heard), self._asides(), set(self._direct())
        await doing
        await self.world.settles()
        new = [each for each in self.native.ephemerals if self._asides()[each.ts] != asides.get(each.ts)]
        new += [message for ts, message in self._direct().items() if ts not in before]
        reader = self.native.reader()
        shown = [seen(each, reader) for each in new] + ([self.native.modal] if self.native.stack else [])
        told = [answer for said, answer in self.slack.heard[heard:] if getattr(said, "who", None) == self.who]
        return SaidInChat(
            told[-1] if told else NOTHING,
            "\n\n".join(shown),
            tuple(button for each in new for button in buttons(each)),
        )

    def _asides(self) -> dict[str, str]:
        """What this person alone sees, which one answer takes from another."""
        return {each.ts: f"{each.text}{each.blocks}" for each in self.native.ephemerals}

    def _direct(self) -> dict[str, Message]:
        """What the bot wrote to this person alone, as it stands."""
        room = self.native.room("dm")
        return {each.ts: each for each in room.messages.values() if each.bot_id}

    async def presses(self, wanted: str) -> SaidInChat:
        """The button of this label or sentence that is nearest to hand: what one alone sees, the newest first, then
        one's own conversation, then the channels."""
        if any(wanted in (each.label, each.sentence) for aside in self.native.ephemerals for each in buttons(aside)):
            return await self.does(self.native.presses_ephemeral(self._value(self.native.ephemerals, wanted)))
        for room, message in self._in_sight():
            if any(wanted in (each.label, each.sentence) for each in buttons(message)):
                return await self.does(self.native.presses(room, message.ts, self._value([message], wanted)))
        raise AssertionError(f"{self.name} sees no {wanted!r}")

    def sees_button(self, wanted: str) -> bool:
        messages = [*self.native.ephemerals, *(message for _, message in self._in_sight())]
        return any(wanted in (each.label, each.sentence) for message in messages for each in buttons(message))

    def _in_sight(self) -> list[tuple[str, Message]]:
        rooms = [self.native.room("dm"), *self._rooms()]
        return [(room.id, room.messages[ts]) for room in rooms for ts in sorted(room.messages, reverse=True)]

    def _rooms(self) -> list:  # type: ignore[type-arg]
        found = self.native.workspace.channels.values()
        return [each for each in found if each.kind != "im" and self.native.id in each.members]

    def _value(self, messages: list[Message], wanted: str) -> str:
        """The value by which Slack knows the button."""
        for message in reversed(messages):
            for element in elements(message.blocks):
                value = str(element.get("value", ""))
                if wanted in (element["text"]["text"], value.partition("\n")[0]):
                    return value
        raise AssertionError(f"no button {wanted!r}")

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
        assert key is None, "Slack names its events itself"
        await self._clears_the_screen()
        sentence = self.slack.as_said_here(sentence)
        if question is not None:
            sentence = await self.world.numbered(sentence, question, self)
        meaning = read(sentence, question=question)
        if values:
            return await self._fills(sentence, question, values) or await self._types(sentence, question)
        if files or isinstance(meaning, Misread):
            return await self._writes_in_thread(sentence, question, files) or await self._types(sentence, question)
        if not isinstance(meaning, Command):
            return await self._types(sentence, question)
        ways = [self._presses_it, self._writes_it, self._fills_it, self._sends_own_line, self._types_it]
        turn = next(self.slack.ways)
        for way in (*ways[turn % len(ways) :], *ways[: turn % len(ways)]):
            said = await way(sentence, question, meaning)
            if said is not None:
                return said
        raise AssertionError(f"there is no way to say {sentence!r}")

    async def _writes_it(self, sentence: str, question: QuestionId | None, meaning: Command) -> Said | None:
        return await self._writes_in_thread(sentence, question, ())

    async def _types_it(self, sentence: str, question: QuestionId | None, meaning: Command) -> Said | None:
        return await self._types(sentence, question)

    async def _sends_own_line(self, sentence: str, question: QuestionId | None, meaning: Command) -> Said | None:
        """Talk in the thread, and then the button that comes with it."""
        verb, words = verb_of(meaning), getattr(meaning, "words", None)
        place = await self._thread(question, sentence) if question is not None else None
        if verb is None or verb.word not in WORDY or words is None or place is None:
            return None
        assert question is not None
        room, ts = place
        offered = await self.does(self.native.says(room, words.text, ts))
        if f"{verb.word} {spoken_number(question)}" not in offered.buttons:
            return None
        return await self.presses(f"{verb.word} {spoken_number(question)}")

    async def _types(self, sentence: str, question: QuestionId | None) -> SaidInChat:
        """`/hall Q7K3 ...`; Slack gives people in a command by their ids."""
        number = spoken_number(question) if question is not None else ""
        named = sentence if not number or re.search(rf"\b{number}\b", sentence) else f"{number} {sentence}"
        return await self.does(self.native.types("/hall", self._with_ids(named)))

    def _with_ids(self, text: str) -> str:
        called = self.native.workspace.people
        return re.sub(r"@([\w.-]+)", lambda at: f"<@{called[at[1]].id}|{at[1]}>" if at[1] in called else at[0], text)

    async def _writes_in_thread(
        self, sentence: str, question: QuestionId | None, files: tuple[Upload, ...]
    ) -> SaidInChat | None:
        """`!claim` in the question's thread, or, for experts and staff, with its number to the bot alone."""
        place = await self._thread(question, sentence) if question is not None else None
        attached = tuple((each.name, each.content) for each in files)
        if place is not None:
            return await self.does(self.native.says(place[0], f"!{sentence}", place[1], files=attached))
        if not self.crew:
            return None
        if question is not None and spoken_number(question) not in sentence:
            sentence = f"{spoken_number(question)} {sentence}"
        return await self.does(self.native.says("dm", f"!{sentence}", files=attached))

    async def _thread(self, question: QuestionId, sentence: str) -> tuple[str, str] | None:
        """Channel and root of a thread of the question where this person may say this."""
        inside = any(sentence.startswith(verb) for verb in STAFF_VERBS)
        for post in await self.world.app.views.cards_of(question):
            room = self.native.workspace.channels.get(post.notice.recipient.split(":")[-1])
            here = {self.native.id, self.native.workspace.bot_user_id}
            if room is None or room.archived or not here <= set(room.members) or post.ref not in room.messages:
                continue
            if not inside or room.name == STAFF:
                return room.id, str(post.ref)
        return None

    # --- forms

    async def _fills(self, opener: str, question: QuestionId | None, values: Mapping[str, str]) -> Said | None:
        """None when Slack's own client does not take what would be filled in."""
        said = await (self.presses(opener) if self.sees_button(opener) else self._types(opener, question))
        if not self.native.stack:
            return said if isinstance(said.reply, Form) or said.receipt.refused else None
        inputs = str(self.native.stack[-1].body)
        named = dict(values)
        if "entry:tried" in inputs and "words" in named:  # an escalation asks for its words in two parts
            named |= {"tried": named.pop("words"), "check": "Everything else."}
        await self.does(self.native.fills_in({f"entry:{name}": value for name, value in named.items()}))
        errors = len(self.native.errors)
        sent = await self.does(self.native.submits())
        if len(self.native.errors) > errors:
            del self.native.errors[errors:]
            await self._clears_the_screen()
            return None
        return sent

    async def _clears_the_screen(self) -> None:
        if self.native.stack:
            await self.does(self.native.closes(all_of_them=True))

    # --- customers

    async def tries_to_ask(self, text: str, **more: object) -> Said:
        await self._clears_the_screen()
        category, wanted = str(more.pop("category", "")), more.pop("staff_wanted", False)
        files = more.pop("files", ())
        assert not more, f"not on Slack: {more}"
        assert isinstance(files, tuple)
        if category:
            said = await self._asks_by_form(text, category)
        elif files or next(self.slack.ways) % 3:
            attached = tuple((each.name, each.content) for each in files)
            said = await self.does(self.native.says("dm", text, files=attached))
            if "ask" in said.buttons:
                said = await self.presses("ask")
        else:
            said = await self.does(self.native.types("/ask", text))
        if wanted and not said.refused:
            assert said.receipt.question is not None
            await self.presses(f"staff-please {spoken_number(said.receipt.question)}")
        return said

    async def _asks_by_form(self, text: str, category: str) -> SaidInChat:
        await self.does(self.native.types("/ask"))
        values = {"entry:words": text}
        if "entry:category" in str(self.native.stack[-1].body):
            values["entry:category"] = category
        await self.native.fills_in(values)
        return await self.does(self.native.submits())

    async def writes(self, text: str, question: QuestionId, *, files: tuple[Upload, ...] = ()) -> Said:
        """A reply under one of the question's messages, or below them all with the button that says what it is."""
        await self._clears_the_screen()
        attached = tuple((each.name, each.content) for each in files)
        room = self.native.room("dm")
        views = self.world.app.views
        threads = [ts for ts in self._direct() if await views.question_at(self.home, Ref(ts)) == question]
        over = await self.world.state(question) in (State.SOLVED, State.CLOSED)  # words below would ask anew
        if threads and (over or files or next(self.slack.ways) % 2):
            return await self.does(self.native.says(room, text, threads[-1], files=attached))
        said = await self.does(self.native.says(room, text, files=attached))
        wanted = f"reply {spoken_number(question)}"
        return await self.presses(wanted) if wanted in said.buttons else said
