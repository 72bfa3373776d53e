"""Buttons: what pressing one says travels in its custom_id, so that it works after any restart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.discord.sizes import BUTTON, BUTTON_LABEL, CUSTOM_ID, IN_A_ROW, ROW, Json
from bot.card import Button, Weight
from bot.wording.fitting import blank, fitted, one_line

_SAYS: Final = re.compile(r"\d+\|(?P<sentence>[^|]+)(?:\|(?P<carry>[^|]+))?")
_STYLES: Final = {Weight.MAIN: 1, Weight.PLAIN: 2, Weight.DANGER: 4}


@dataclass(frozen=True, slots=True)
class Pressed:
    """`carry` is the address that a carrying button was given, empty for others."""

    sentence: str
    carry: str = ""


def button(b: Button, position: int, carry: str = "") -> Json:
    """The component. `position` is its own in a message; `carry`, a message's address, goes with buttons that carry."""
    custom_id = "|".join((str(position), b.sentence, *((carry,) if b.carries and carry else ())))
    assert len(custom_id) <= CUSTOM_ID, "a button's sentence is numbers and ids, never words"
    label = b.sentence if blank(b.label) else b.label
    return {
        "type": BUTTON,
        "style": _STYLES[b.weight],
        "label": fitted(one_line(label), BUTTON_LABEL),
        "custom_id": custom_id,
    }


def rows(buttons: Sequence[Button], first: int = 0, carry: str = "") -> list[Json]:
    """All of them, five to a row; `first` is the position of the first one in the message."""
    return [
        {
            "type": ROW,
            "components": [
                button(each, first + start + place, carry)
                for place, each in enumerate(buttons[start : start + IN_A_ROW])
            ],
        }
        for start in range(0, len(buttons), IN_A_ROW)
    ]


def pressed(custom_id: str) -> Pressed | None:
    """What a pressed component says; None for one that is not a card's button."""
    found = _SAYS.fullmatch(custom_id)
    return Pressed(found["sentence"], found["carry"] or "") if found else None
