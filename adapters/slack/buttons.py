"""Buttons: what pressing one says travels in its value, so that it works after any restart."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.slack.sizes import BUTTON_LABEL, BUTTON_VALUE, Block
from bot.card import Button, Weight
from bot.wording.fitting import blank, fitted
from bot.wording.shortening import plain

# Slack takes 25 in one row, but clients fold what is more than five away.
IN_A_ROW: Final = 5
_SAYS: Final = re.compile(r"say:\d+")
_STYLES: Final = {Weight.MAIN: "primary", Weight.DANGER: "danger"}
_CONFIRM_TITLE: Final = 100
_CONFIRM_LABEL: Final = 30
_SURE: Final = "Nothing has happened yet."
_NOT_NOW: Final = "Not now"


@dataclass(frozen=True, slots=True)
class Pressed:
    """`carry` is the address that a carrying button was given, empty for others."""

    sentence: str
    carry: str = ""


def button(b: Button, position: int, carry: str = "") -> Block:
    """The element. `position` is its own in a message; `carry`, a message's address, goes with buttons that carry."""
    value = f"{b.sentence}\n{carry}" if b.carries and carry else b.sentence
    assert len(value) <= BUTTON_VALUE, "a button's sentence is numbers and ids, never words"
    label = _label(b)
    found = {"type": "button", "action_id": f"say:{position}", "text": plain_text(label, BUTTON_LABEL), "value": value}
    if b.weight in _STYLES:
        found["style"] = _STYLES[b.weight]
    if b.weight is Weight.DANGER:
        found["confirm"] = {
            "title": plain_text(f"{label}?", _CONFIRM_TITLE),
            "text": plain_text(_SURE, _CONFIRM_TITLE),
            "confirm": plain_text(label, _CONFIRM_LABEL),
            "deny": plain_text(_NOT_NOW, _CONFIRM_LABEL),
            "style": "danger",
        }
    return found


def rows(buttons: Sequence[Button], first: int = 0, carry: str = "") -> list[Block]:
    """All of them, five to an actions block; `first` is the position of the first one in the message or view."""
    return [
        {
            "type": "actions",
            "block_id": row_id(first + start),
            "elements": [
                button(each, first + start + place, carry)
                for place, each in enumerate(buttons[start : start + IN_A_ROW])
            ],
        }
        for start in range(0, len(buttons), IN_A_ROW)
    ]


def row_id(position: int) -> str:
    return f"row:{position}"


def pressed(action: Mapping[str, Any]) -> Pressed | None:
    """What a pressed element says; None for one that is not a card's button."""
    if not _SAYS.fullmatch(str(action.get("action_id", ""))):
        return None
    sentence, _, carry = str(action.get("value") or "").partition("\n")
    return Pressed(sentence, carry) if sentence else None


def plain_text(text: str, most: int) -> Block:
    """A plain text object, in which `:smile:` stays what it is."""
    said = " ".join(plain(text).split())
    return {"type": "plain_text", "text": fitted(said, most), "emoji": False}


def _label(b: Button) -> str:
    return b.sentence if blank(b.label) else b.label
