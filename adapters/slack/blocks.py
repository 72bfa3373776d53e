"""Cards as Slack's messages, within all of its limits: one message, or as many as the whole of it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from adapters.slack.buttons import rows
from adapters.slack.drawing import BUTTONS, Part, blocks_of, context, parts, under
from adapters.slack.sizes import MESSAGE_BLOCKS, MESSAGE_BYTES, Block, fits_message, json_bytes
from adapters.slack.text import fallback, heard, marked
from bot.card import Card
from bot.wording import shortening
from bot.wording.fitting import fitted

MESSAGES: Final = 8

_NAME_CHARS: Final = 75
_SHORTENED: Final = "Shortened to fit here."
_IN_FILE: Final = "Shortened to fit here; the file with it has every word."
_HEAD_BYTES: Final = 600


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is what notifications and screen readers give, `blocks` what is seen."""

    text: str
    blocks: tuple[Block, ...]


def message(card: Card, *, carry: str = "") -> Message:
    """The card as one message within all of Slack's limits; `carry` as in `button`.

    Where it has to cut, the message says that a file has every word: `whole_text`.
    """
    blocks = blocks_of(card, carry=carry)
    if not fits_message(blocks):
        blocks = blocks_of(_cut(card, _fits(carry=carry, note=_IN_FILE)), carry=carry, note=_IN_FILE)
    return Message(fallback(card), tuple(blocks))


def messages(card: Card, *, carry: str = "") -> tuple[Message, ...]:
    """All of the card in as many messages as it takes, its buttons on the last; beyond 8 it is cut."""
    blocks = blocks_of(card, carry=carry)
    if fits_message(blocks):
        return (Message(fallback(card), tuple(blocks)),)
    return _split(card, carry)


def whole_text(card: Card) -> str | None:
    """All of the card's words, for a plain text file, when `message` had to cut them; else None."""
    return None if fits_message(blocks_of(card)) else shortening.whole_text(card)


def shortened(card: Card, *, first: int = 0) -> list[Block]:
    """The same within the size of one message, for a view of many cards."""
    blocks = blocks_of(card, first=first)
    if fits_message(blocks):
        return blocks
    return blocks_of(_cut(card, _fits(note=_SHORTENED)), first=first, note=_SHORTENED)


# --- cards that do not fit


def _fits(*, carry: str = "", note: str = "") -> Callable[[Card], bool]:
    return lambda card: fits_message(blocks_of(card, carry=carry, note=note))


def _cut(card: Card, fits: Callable[[Card], bool]) -> Card:
    return shortening.shortened(card, fits, buttons_max=BUTTONS)


def _split(card: Card, carry: str) -> tuple[Message, ...]:
    dealt = _dealt(card, carry)
    if len(dealt) > MESSAGES:
        cut = _cut(card, lambda each: len(_dealt(each, carry, _SHORTENED)) <= MESSAGES)
        dealt = _dealt(cut, carry, _SHORTENED)
    last = len(dealt)
    name = fitted(card.title.partition(" · ")[0], _NAME_CHARS)
    found = []
    for number, dealt_parts in enumerate(dealt, start=1):
        head = f"{name} ({number} of {last})".strip()
        blocks = [part.block for part in dealt_parts]
        if number > 1:
            blocks.insert(0, context(marked(head, card.moments)))
        if number == last:
            blocks += rows(card.buttons[:BUTTONS], 0, carry)
        lines = [(head, True), *((part.said, part.ours) for part in dealt_parts)]
        text = heard(lines, card.moments) if number > 1 else fallback(card)
        found.append(Message(text, tuple(blocks)))
    return tuple(found)


def _dealt(card: Card, carry: str, note: str = "") -> list[list[Part]]:
    """The parts dealt to as few messages as take them in their order, with room for a head and, last, the buttons."""
    buttons = rows(card.buttons[:BUTTONS], 0, carry)
    room = MESSAGE_BYTES - _HEAD_BYTES - 2
    dealt: list[list[Part]] = [[]]
    taken = 0
    for part in (*parts(card), *under(card, note)):
        size = json_bytes(part.block) + 1
        if dealt[-1] and (taken + size > room or len(dealt[-1]) >= MESSAGE_BLOCKS - 1):
            dealt.append([])
            taken = 0
        dealt[-1].append(part)
        taken += size
    below = json_bytes(buttons)
    if dealt[-1] and (taken + below > room or len(dealt[-1]) + len(buttons) >= MESSAGE_BLOCKS):
        dealt.append([])
    return dealt
