"""Where one types: commands at the bottom of a channel, and in a thread words that go nowhere by accident."""

import asyncio
from typing import Final

from nicegui import background_tasks, ui

from adapters.web.workspace.attaching import Attaching
from adapters.web.workspace.cards import Telling
from adapters.web.workspace.parts import Words, box, named, press_button
from adapters.web.workspace.sitting import SignedOut, Sitting
from bot.card import Form, Weight
from bot.grammar import Incomplete, Look, Misread, Verb, hats, read, verb_said, verbs_for
from bot.model import QuestionId, spoken_number
from bot.ports import Reply

COMMAND_SIGNS: Final = ("!", "/hall ", "/")
_SUGGESTIONS_MAX: Final = 6
_PAUSE_SECONDS: Final = 0.4


class CommandBar:
    """A line for commands; what the product answers stands above it, for this person alone."""

    def __init__(self, sitting: Sitting, *, question: QuestionId | None = None) -> None:
        self.sitting = sitting
        self.question = question
        self._verbs: tuple[Verb, ...] = ()
        with box(look="g-say"):
            self._telling = Telling(sitting)
            self._suggestions = box(look="g-suggestions", aria_label="Commands that fit")
            with box(look="g-say-line"):
                self._make_input()

    async def load(self) -> None:
        """Raises SignedOut."""
        self._verbs = verbs_for(hats(await self.sitting.person()))

    def _make_input(self) -> None:
        self._input = ui.input(placeholder="Type a command: queue, claim Q7K3, help", on_change=self._typed)
        self._input.props("outlined dense autocomplete=off")
        named(self._input, aria_label="Command")
        self._input.on("keydown.enter", self._enter, [])
        press_button("Run", self._enter, aria_label="Run the command")

    @property
    def text(self) -> str:
        return str(self._input.value or "")

    def _typed(self) -> None:
        self._suggest()

    def _suggest(self) -> None:
        begun = _unsigned(self.text).casefold()
        fits = [verb.word for verb in self._verbs if begun and verb.word.startswith(begun) and verb.word != begun]
        self._suggestions.clear()
        with self._suggestions:
            for word in fits[:_SUGGESTIONS_MAX]:
                press_button(word, lambda word=word: self._take(word), look="g-chip")

    def _take(self, word: str) -> None:
        self._input.set_value(f"{word} ")
        self._input.run_method("focus")

    async def _enter(self) -> None:
        sentence = _unsigned(self.text)
        if sentence:
            await self.run(sentence)

    async def run(self, sentence: str, values: dict[str, str] | None = None) -> bool:
        """Say it; what was typed stays when it came to nothing. Whether it came to something."""
        reply = await self._telling.say(sentence, question=self.question, values=values)
        went_well = isinstance(reply, Form) or (reply is not None and self._went_well(sentence, reply))
        if went_well:
            self.clear()
        return went_well

    def _went_well(self, sentence: str, reply: Reply) -> bool:
        if reply.receipt is None:
            return not isinstance(read(sentence, question=self.question), Misread)
        return not reply.receipt.refused

    def clear(self) -> None:
        self._input.set_value("")
        self._suggestions.clear()


class Composer(CommandBar):
    """The line of a thread. Talk goes nowhere: only [Send to customer] reaches the customer, only [Note] the thread."""

    question: QuestionId

    def __init__(self, sitting: Sitting, *, question: QuestionId) -> None:
        self._resting: asyncio.Task[None] | None = None
        self._kept_text = ""
        super().__init__(sitting, question=question)

    async def load(self) -> None:
        """Begins with the draft this person left. Raises SignedOut."""
        await super().load()
        person = await self.sitting.person()
        self._kept_text = await self.sitting.web.views.draft(self.question, person.id)
        self._input.set_value(self._kept_text)

    def _make_input(self) -> None:
        with box(look="g-compose"):
            self._input = ui.textarea(placeholder="Write an answer, a note, or !command", on_change=self._typed)
            self._input.props("outlined dense autogrow autocomplete=off")
            named(self._input, aria_label=f"Write about {spoken_number(self.question)}", input_class="g-area")
            self._input.on("keydown.enter.exact.prevent", self._enter, [])
            self._ask = Words("p", "", "g-ask")
            named(self._ask, role="status")
            self._attaching = Attaching(self.sitting.web.policy)
            with box(look="g-buttons"):
                press_button("Send to customer", self._send, Weight.MAIN)
                press_button("Note", self._note, aria_label="Leave it as a note for experts and staff")
                self._attaching.button()

    def _typed(self) -> None:
        self._ask.set_text("")
        super()._typed()
        if self._resting is not None:
            self._resting.cancel()
        self._resting = background_tasks.create(self._rest(), name="composer at rest")

    async def _rest(self) -> None:
        await asyncio.sleep(_PAUSE_SECONDS)
        text = self.text
        if text == self._kept_text or text.startswith(COMMAND_SIGNS):
            return
        try:
            await self.sitting.typing(self.question, "answer", text)
            self._kept_text = text
        except SignedOut:
            await self.sitting.signed_out()

    async def _enter(self) -> None:
        text = self.text.strip()
        if not text:
            return
        if text.startswith(COMMAND_SIGNS) or self._is_plain_command(text):
            await self.run(_unsigned(text))
            return
        self._ask.set_text("Nothing was sent. For whom is this: the customer, or a note for experts and staff?")

    def _is_plain_command(self, text: str) -> bool:
        """Whether it can only be meant as a command: no words of one's own are in it, so "Note that ..." is talk."""
        meaning = read(text, question=self.question)
        if isinstance(meaning, Misread):
            return False
        if isinstance(meaning, Look | Incomplete):
            return True
        verb = verb_said(text.split()[0])
        return verb is None or verb.wordless or spoken_number(self.question) in text.upper().split()[:2]

    async def _send(self) -> None:
        await self._run_with_words("answer")

    async def _note(self) -> None:
        await self._run_with_words("note")

    async def _run_with_words(self, verb: str) -> None:
        """The words travel beside the sentence, so that nothing in them can be read as a command."""
        text = self.text.strip()
        values = {"words": text} if text else {}
        files = self._attaching.files if verb == "answer" else ()  # a note goes to no customer, and takes none along
        sentence = f"{verb} {spoken_number(self.question)}"
        reply = await self._telling.say(sentence, question=self.question, values=values, files=files)
        if isinstance(reply, Reply) and reply.receipt is not None and not reply.receipt.refused:
            self._kept_text = ""
            self.clear()
            if files:
                self._attaching.clear()


def _unsigned(text: str) -> str:
    text = text.strip()
    for sign in COMMAND_SIGNS:
        if text.startswith(sign):
            return text.removeprefix(sign).strip()
    return text
