"""The smallest pieces of the screen: texts that stay plain text, buttons, and times that keep themselves fresh."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from bot.card import Moment, Weight, moment_sign
from bot.wording import moment_text

E = TypeVar("E", bound=ui.element)

FIRST_SIGN: Final = moment_sign(0)
_MOMENTS_MAX: Final = 256


class Words(TextElement):
    """One element that shows text as it is: nothing in it is ever read as markup."""

    def __init__(self, tag: str, text: str = "", look: str = "") -> None:
        super().__init__(tag=tag, text=text)
        if look:
            self.classes(look)


def box(tag: str = "div", look: str = "", **attributes: str) -> ui.element:
    """An element for others to stand in; attributes are written with _ for -: `aria_label="Queue"`."""
    element = ui.element(tag)
    if look:
        element.classes(look)
    return named(element, **attributes)


def named(element: E, **attributes: str | bool) -> E:
    """The element with these attributes; values are never parsed, so any text will do."""
    for name, value in attributes.items():
        element.props[name.replace("_", "-")] = value
    return element


def press_button(
    label: str, on_press: Callable[..., Any], weight: Weight = Weight.PLAIN, look: str = "", **attributes: str
) -> Words:
    """A button; `attributes` such as `aria_label`."""
    button = Words("button", label, f"g-button g-{weight} {look}".strip())
    named(button, type="button", **attributes)
    button.on("click", lambda _: on_press(), [])
    return button


def link(label: str, address: str, look: str = "", **attributes: str) -> Words:
    element = Words("a", label, look)
    named(element, href=address, **attributes)
    return element


def worded(text: str, moments: Sequence[Moment], now: int, timezone: str) -> str:
    """The text with its moments said in the reader's own time."""
    if not has_moments(text):
        return text
    signs = {moment_sign(position): moment for position, moment in enumerate(moments)}
    return "".join(moment_text(signs[sign], now, timezone) if sign in signs else sign for sign in text)


def has_moments(text: str) -> bool:
    return any(FIRST_SIGN <= sign < moment_sign(_MOMENTS_MAX) for sign in text)
