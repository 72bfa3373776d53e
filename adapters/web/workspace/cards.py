"""Draws a card, keeps it true when it changes, and shows beneath it what only its reader is told."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from nicegui import background_tasks, ui

from adapters.web.workspace.attaching import draw_files
from adapters.web.workspace.forms import FormDialog
from adapters.web.workspace.parts import Words, box, has_moments, named, press_button, worded
from adapters.web.workspace.sitting import SignedOut, Sitting
from bot.card import Button, Card, Form, Tone
from bot.model import QuestionId
from bot.ports import Reply, Upload

_TONE_WORDS: Final = {Tone.FRESH: "new", Tone.ALERT: "needs attention", Tone.GOOD: "good", Tone.BUSY: "in work"}
ONLY_YOU: Final = "Only you can see this"
_PAST_SECONDS: Final = 2.0


class CardView:
    """One card on screen. `question` is what an unnumbered sentence means here."""

    def __init__(
        self,
        sitting: Sitting,
        card: Card,
        *,
        question: QuestionId | None = None,
        on_thread: Callable[[], None] | None = None,
        telling: "Telling | None" = None,
    ) -> None:
        """`telling` is where replies to its buttons go; a place of its own below it, when none is given."""
        self.sitting = sitting
        self.question = question
        self._card = card
        self._on_thread = on_thread
        self._busy = False
        self._texts: list[tuple[Words, str]] = []
        self._inside: ui.element | None = None
        with box(look="g-slot") as self.element:
            self._frame = box("article", "g-card")
            self._telling = telling or Telling(sitting)
        self._draw()

    # --- the card

    def update(self, card: Card) -> None:
        """Shows the card as it is now, touching only what changed: whoever is on a button stays there."""
        if card != self._card:
            same_shape = _shape(card) == _shape(self._card)
            self._card = card
            if not same_shape:
                self._draw()
                return
            for (words, _), text in zip(self._texts, _texts(card), strict=True):
                self._say(words, text)
            self._texts = [(words, text) for (words, _), text in zip(self._texts, _texts(card), strict=True)]
        self._tell_times()

    def delete(self) -> None:
        self.element.delete()

    def _draw(self) -> None:
        card = self._card
        self._texts = []
        self._put_past()
        self._frame.classes(replace=f"g-card g-tone-{card.tone} {'g-compact' if card.compact else ''}".strip())
        with self._frame, box(look="g-inside") as self._inside:
            self._title(card)
            if card.body:
                self._write("p", card.body, "g-body")
            for quote in card.quotes:
                with box("blockquote", "g-quote"):
                    if quote.author:
                        Words("cite", quote.author, "g-author")
                    Words("div", quote.text, "g-words")
            draw_files(card.files)
            if card.fields:
                self._fields(card)
            self._buttons(card)
            if card.footnote:
                self._write("p", card.footnote, "g-footnote")

    def _put_past(self) -> None:
        """What the card showed stays for a moment, out of sight: a press that is on its way still finds its button,
        and whoever pressed is told who was quicker."""
        if self._inside is not None:
            past = named(self._inside, aria_hidden="true").classes(replace="g-past")
            background_tasks.create(_forget(past), name="card of before")

    def _title(self, card: Card) -> None:
        with box(look="g-title"):
            with box("h3", "g-title-text"):
                if tone := _TONE_WORDS.get(card.tone):
                    Words("span", f"{tone}: ", "g-unseen")
                first, rest = _title_parts(card.title)
                self._write("span", first, "g-title-first")
                self._write("span", rest, "g-title-rest")
            if self._on_thread is not None:
                press_button("Thread", self._on_thread, look="g-quiet", aria_label=f"Thread of {first}")

    def _fields(self, card: Card) -> None:
        with box("dl", "g-fields"):
            for field in card.fields:
                self._write("dt", field.label)
                self._write("dd", field.value)

    def _buttons(self, card: Card) -> None:
        if card.buttons:
            with box(look="g-buttons"):
                for button in card.buttons:
                    self._button(button)

    def _button(self, button: Button) -> None:
        press_button(button.label, lambda: self.press(button.sentence), button.weight)

    def _write(self, tag: str, text: str, look: str = "") -> None:
        words = Words(tag, "", look)
        self._texts.append((words, text))
        self._say(words, text)

    def _say(self, words: Words, text: str) -> None:
        said = self._plain(text)
        if words.text != said:
            words.set_text(said)

    def _plain(self, text: str) -> str:
        return worded(text, self._card.moments, self.sitting.web.now(), self.sitting.timezone)

    def _tell_times(self) -> None:
        for words, text in self._texts:
            if has_moments(text):
                self._say(words, text)

    # --- pressing

    async def press(self, sentence: str) -> None:
        """One press, one sentence; presses while it is under way are the same press."""
        if self._busy:
            return
        self._busy = True
        self._frame.classes("g-busy")
        try:
            await self._telling.say(sentence, question=self.question)
        finally:
            self._busy = False
            if not self._frame.is_deleted:
                self._frame.classes(remove="g-busy")


class Telling:
    """A spot of the screen that says sentences and shows this person alone what came of them.

    What was told stays when what is above it changes, until it is put away.
    """

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._place = box(look="g-asides", role="status")

    async def say(
        self,
        sentence: str,
        *,
        question: QuestionId | None = None,
        values: Mapping[str, str] | None = None,
        files: tuple[Upload, ...] = (),
    ) -> Reply | Form | None:
        """What the product answered, which is on screen already; None when nobody is signed in any more."""
        try:
            reply = await self._sitting.say(sentence, question=question, values=values, files=files)
        except SignedOut:
            await self._sitting.signed_out()
            return None
        self.tell(reply)
        return reply

    def tell(self, reply: Reply | Form) -> None:
        if self._place.is_deleted:
            return
        if isinstance(reply, Form):
            with self._place:
                FormDialog(self._sitting, reply, self.tell)
            return
        self._place.clear()
        with self._place, box(look="g-aside"):
            with box(look="g-aside-head"):
                Words("span", ONLY_YOU, "g-only-you")
                press_button("×", self._place.clear, look="g-quiet g-close", aria_label="Put away")
            # What comes of its buttons takes its place: one private word at a time, the newest.
            CardView(self._sitting, reply.card, telling=self)


async def _forget(past: ui.element) -> None:
    await asyncio.sleep(_PAST_SECONDS)
    if not past.is_deleted:
        past.delete()


def _texts(card: Card) -> list[str]:
    """The card's own texts, in the order in which they are drawn."""
    fields = [text for field in card.fields for text in (field.label, field.value)]
    return [
        *_title_parts(card.title),
        *([card.body] if card.body else []),
        *fields,
        *([card.footnote] if card.footnote else []),
    ]


def _title_parts(title: str) -> tuple[str, str]:
    """`Q7K3` and ` · Billing · English ...`: what one looks for, and what one reads after it."""
    first, dot, rest = title.partition(" · ")
    return first, f"{dot}{rest}"


def _shape(card: Card) -> tuple[object, ...]:
    has = (len(card.fields), bool(card.body), bool(card.footnote))
    return (card.tone, card.quotes, card.files, has, card.buttons, card.compact)
