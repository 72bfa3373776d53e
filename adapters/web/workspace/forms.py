"""A form as a dialog: it counts, checks in place, keeps the draft while one writes, and shows what will arrive."""

import asyncio
from collections.abc import Callable
from typing import Final

from nicegui import background_tasks, ui

from adapters.web.workspace.attaching import Attaching
from adapters.web.workspace.entries import EntryView
from adapters.web.workspace.parts import Words, box, named, press_button
from adapters.web.workspace.sitting import SignedOut, Sitting
from bot.card import Card, Entry, Form, Weight
from bot.grammar import verb_said
from bot.model import QuestionId, read_number
from bot.ports import Reply
from bot.wording import DRAFTED, reaches_customer

_PAUSE_SECONDS: Final = 0.4


class FormDialog:
    """One open form. `on_reply` gets what the product said in the end."""

    def __init__(self, sitting: Sitting, form: Form, on_reply: Callable[[Reply | Form], None]) -> None:
        self._sitting = sitting
        self._form = form
        self._on_reply = on_reply
        verb, _, rest = form.sentence.partition(" ")
        known = verb_said(verb)
        self._verb = known.word if known else verb
        self._question: QuestionId | None = read_number(rest.partition(" ")[0])
        self._entries: list[EntryView] = []
        self._resting: asyncio.Task[None] | None = None
        self._sending = False
        with ui.dialog() as self._dialog:
            self._draw()
        self._dialog.on("hide", self._gone, [])
        self._dialog.open()
        self._changed()

    # --- what it looks like

    def _draw(self) -> None:
        form = self._form
        with box("form", "g-form", aria_label=form.title, novalidate="true") as frame:
            frame.on("submit.prevent", self._submit, [])
            frame.on("keydown.ctrl.enter", self._submit, [])
            frame.on("keydown.meta.enter", self._submit, [])
            with box(look="g-form-head"):
                Words("h2", form.title)
                press_button("×", self._dialog.close, look="g-quiet g-close", aria_label="Close; a draft is kept")
            with box(look="g-form-body"):
                self._above()
                self._trouble = box(look="g-trouble", role="alert")
                for position, entry in enumerate(form.entries):
                    self._entries.append(self._entry(entry, first=position == 0))
                self._attaching = Attaching(self._sitting.web.policy)
                self._preview = box("details", "g-preview")
            with box(look="g-form-foot"):
                self._kept = Words("span", "", "g-kept")
                if reaches_customer(self._verb):
                    self._attaching.button()
                press_button("Cancel", self._dialog.close)
                submit = Words("button", form.submit, f"g-button g-{Weight.MAIN}")
                named(submit, type="submit")

    def _above(self) -> None:
        if self._form.intro:
            Words("p", self._form.intro, "g-body")
        for quote in self._form.quotes:
            with box("blockquote", "g-quote"):
                if quote.author:
                    Words("cite", quote.author, "g-author")
                Words("div", quote.text, "g-words")

    def _entry(self, entry: Entry, *, first: bool) -> EntryView:
        return EntryView(entry, on_change=self._changed, focus=first)

    # --- while one writes

    def _changed(self) -> None:
        """Waits until the hands rest, then keeps the draft and shows the customer's side."""
        self._kept.set_text("")
        if self._resting is not None:
            self._resting.cancel()
        self._resting = background_tasks.create(self._rest(), name="form at rest")

    async def _rest(self) -> None:
        await asyncio.sleep(_PAUSE_SECONDS)
        await self._keep()

    async def _keep(self) -> None:
        words = self._words()
        if words is None or self._question is None or self._sending or self._dialog.is_deleted:
            return
        begun = words != self._form_words()
        drafted = self._verb in DRAFTED and begun
        if not drafted and not reaches_customer(self._verb):
            return
        try:
            preview = await self._sitting.typing(self._question, self._verb, words)
        except SignedOut:
            await self._sitting.signed_out()
            return
        if drafted:
            self._kept.set_text("Draft kept")
        if preview is not None:
            self._show_preview(preview)

    def _show_preview(self, shown: Card) -> None:
        if self._preview.is_deleted:
            return
        self._preview.clear()
        with self._preview:
            Words("summary", "What the customer gets")
            Words("p", shown.title, "g-body")
            for quote in shown.quotes:
                Words("div", quote.text, "g-words g-letter")
            Words("p", shown.body, "g-body")
            Words("p", shown.footnote, "g-footnote")

    def _words(self) -> str | None:
        return next((each.value for each in self._entries if each.entry.name == "words"), None)

    def _form_words(self) -> str:
        return next((each.value for each in self._form.entries if each.name == "words"), "")

    # --- sending

    async def _submit(self) -> None:
        checks = [each.check() for each in self._entries]  # all of them, so that every mistake is marked
        if self._sending or not all(checks):
            return
        self._sending = True
        try:
            values = {each.entry.name: each.value for each in self._entries}
            reply = await self._sitting.say(
                self._form.sentence, question=self._question, values=values, files=self._attaching.files
            )
        except SignedOut:
            await self._sitting.signed_out()
            return
        finally:
            self._sending = False
        if isinstance(reply, Reply) and self._is_mendable(reply):
            self._say_trouble(reply)
            return
        self._dialog.close()
        self._on_reply(reply)

    def _is_mendable(self, reply: Reply) -> bool:
        receipt = reply.receipt
        return receipt is None or receipt.mendable

    def _say_trouble(self, reply: Reply) -> None:
        self._trouble.clear()
        with self._trouble:
            Words("strong", reply.card.title)
            if reply.card.body:
                Words("p", reply.card.body)

    async def _gone(self) -> None:
        """Closed, by whatever way: what was written is kept."""
        if self._resting is not None:
            self._resting.cancel()
        await self._keep()
        self._dialog.delete()
