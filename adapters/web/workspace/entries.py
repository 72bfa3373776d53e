"""One input of a form, with its label, its count and what is wrong with it."""

from collections.abc import Callable
from typing import Final

from nicegui import ui
from nicegui.elements.mixins.value_element import ValueElement

from adapters.web.workspace.parts import Words, box, named
from bot.card import Entry, Input

_RADIOS_MAX: Final = 6


class EntryView:
    """`value` is what stands in it now; `check` says what is wrong in place and whether all is well."""

    def __init__(self, entry: Entry, *, on_change: Callable[[], None], focus: bool) -> None:
        self.entry = entry
        self._on_change = on_change
        self._shown_wrong = False
        with box(look="g-entry"):
            self._label = Words("label", entry.label if entry.required else f"{entry.label} (optional)")
            self._input = self._make(focus)
            with box(look="g-under"):
                self._wrong = named(Words("span", "", "g-wrong"), role="alert")
                if entry.hint:
                    Words("span", entry.hint, "g-hint")
                self._count = Words("span", "", "g-count")
        self._tell_count()

    @property
    def value(self) -> str:
        return str(self._input.value or "")

    def check(self) -> bool:
        self._shown_wrong = True
        return not self._say_wrong()

    def _make(self, focus: bool) -> ValueElement[str | None]:
        entry = self.entry
        made: ValueElement[str | None]
        match entry.input:
            case Input.TEXT:
                made = ui.textarea(value=entry.value, on_change=self._changed).props("outlined autogrow")
                named(made, input_class="g-area")
            case Input.CHOICE | Input.PERSON:
                return self._choice()
            case Input.AMOUNT:
                made = ui.input(value=entry.value, on_change=self._changed).props("outlined dense inputmode=decimal")
            case Input.LINE:
                made = ui.input(value=entry.value, on_change=self._changed).props("outlined dense")
        made.props("autocomplete=off hide-bottom-space")
        if focus:
            made.props("autofocus")
        named(self._label, **{"for": str(made.props["for"])})
        return made

    def _choice(self) -> ValueElement[str | None]:
        entry = self.entry
        options = {each.value: each.label for each in entry.choices}
        value = entry.value if entry.value in options else None
        if entry.input is Input.CHOICE and len(options) <= _RADIOS_MAX:
            radio = ui.radio(options, value=value, on_change=self._changed)
            named(radio, role="radiogroup", aria_label=entry.label)
            return radio.classes("g-radios")
        chosen = ui.select(options, value=value, on_change=self._changed, with_input=entry.input is Input.PERSON)
        named(chosen, aria_label=entry.label)
        return chosen.props("outlined dense options-dense")

    def _changed(self) -> None:
        self._tell_count()
        if self._shown_wrong:
            self._say_wrong()
        self._on_change()

    def _tell_count(self) -> None:
        entry = self.entry
        length = len(self.value.strip())
        if length < entry.chars_min:
            self._count.set_text(f"{length} characters, {entry.chars_min} at least")
        elif entry.chars_max:
            self._count.set_text(f"{length} of {entry.chars_max} characters")

    def _say_wrong(self) -> str:
        wrong = self._what_is_wrong()
        self._wrong.set_text(wrong)
        named(self._input, error=bool(wrong))
        return wrong

    def _what_is_wrong(self) -> str:
        entry, length = self.entry, len(self.value.strip())
        if not length:
            return "Please fill this in." if entry.required else ""
        if length < entry.chars_min:
            return f"A little longer, please: {entry.chars_min} characters at least."
        if entry.chars_max and length > entry.chars_max:
            return f"{length - entry.chars_max} characters too many."
        return ""
