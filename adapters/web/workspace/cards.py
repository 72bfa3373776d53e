"""Draws a card, keeps it true when it changes, and shows beneath it what only its reader is told."""

from collections.abc import Callable, Mapping

from adapters.web.workspace.forms import FormDialog
from adapters.web.workspace.parts import Words, box, has_moments, press_button, worded
from adapters.web.workspace.sitting import SignedOut, Sitting
from bot.card import Button, Card, Form, Tone
from bot.model import QuestionId
from bot.ports import Reply

_TONE_WORDS = {Tone.FRESH: "new", Tone.ALERT: "needs attention", Tone.GOOD: "good", Tone.BUSY: "in work"}
ONLY_YOU = "Only you can see this"


class CardView:
    """One card on screen. `question` is what an unnumbered sentence means here."""

    def __init__(
        self,
        sitting: Sitting,
        card: Card,
        *,
        question: QuestionId | None = None,
        on_thread: Callable[[], None] | None = None,
    ) -> None:
        self.sitting = sitting
        self.question = question
        self._card = card
        self._on_thread = on_thread
        self._busy = False
        self._texts: list[tuple[Words, str]] = []
        with box(look="g-slot") as self.element:
            self._frame = box("article", "g-card")
            self._telling = Telling(sitting)
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
        self._frame.clear()
        self._frame.classes(replace=f"g-card g-tone-{card.tone} {'g-compact' if card.compact else ''}".strip())
        with self._frame:
            self._title(card)
            if card.body:
                self._write("p", card.body, "g-body")
            for quote in card.quotes:
                with box("blockquote", "g-quote"):
                    if quote.author:
                        Words("cite", quote.author, "g-author")
                    Words("div", quote.text, "g-words")
            if card.fields:
                self._fields(card)
            self._buttons(card)
            if card.footnote:
                self._write("p", card.footnote, "g-footnote")

    def _title(self, card: Card) -> None:
        with box("h3", "g-title"):
            if tone := _TONE_WORDS.get(card.tone):
                Words("span", f"{tone}: ", "g-unseen")
            self._write("span", card.title, "g-title-text")

    def _fields(self, card: Card) -> None:
        with box("dl", "g-fields"):
            for field in card.fields:
                self._write("dt", field.label)
                self._write("dd", field.value)

    def _buttons(self, card: Card) -> None:
        if not card.buttons and self._on_thread is None:
            return
        with box(look="g-buttons"):
            for button in card.buttons:
                self._button(button)
            if self._on_thread is not None:
                label = "Thread" if not card.compact else "Open"
                press_button(label, self._on_thread, look="g-quiet", aria_label=f"{label}: {self._plain(card.title)}")

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
            self._frame.classes(remove="g-busy")


class Telling:
    """A spot of the screen that says sentences and shows this person alone what came of them.

    What was told stays when what is above it changes, until it is put away.
    """

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._place = box(look="g-asides", role="status")

    async def say(
        self, sentence: str, *, question: QuestionId | None = None, values: Mapping[str, str] | None = None
    ) -> Reply | Form | None:
        """What the product answered, which is on screen already; None when nobody is signed in any more."""
        try:
            reply = await self._sitting.say(sentence, question=question, values=values)
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
            CardView(self._sitting, reply.card)


def _texts(card: Card) -> list[str]:
    """The card's own texts, in the order in which they are drawn."""
    fields = [text for field in card.fields for text in (field.label, field.value)]
    return [card.title, *([card.body] if card.body else []), *fields, *([card.footnote] if card.footnote else [])]


def _shape(card: Card) -> tuple[object, ...]:
    return (card.tone, card.quotes, len(card.fields), card.buttons, bool(card.body), bool(card.footnote), card.compact)
