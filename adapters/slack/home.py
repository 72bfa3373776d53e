"""App Home: one's desk, part by part."""

from collections.abc import Sequence
from typing import Final

from adapters.slack.blocks import shortened
from adapters.slack.drawing import context, section
from adapters.slack.sizes import VIEW_BLOCKS, VIEW_BYTES, Block, json_bytes
from adapters.slack.text import marked
from bot.card import Card

_EMPTY: Final = "*Nothing here yet.*\n`{command} help` shows what you can say, and `{command} queue` what is open."
_MORE: Final = "… and {count} more: `{command} queue`"
_DIVIDER: Final[Block] = {"type": "divider"}


def home(cards: Sequence[Card], *, command: str = "/hall") -> Block:
    """The Home view, with as many of the cards as Slack takes; `command` is what the slash command is called."""
    said = marked(command)
    if not cards:
        return _view([section(_EMPTY.format(command=said))])
    drawn: list[list[Block]] = []
    pressable = 0
    for card in cards:
        drawn.append(shortened(card, first=pressable))
        pressable += len(card.buttons)
    # Lines between the cards are the first thing to do without.
    for between in ([_DIVIDER], []):
        blocks = _joined(drawn, between)
        if _fits(blocks):
            return _view(blocks)
    shown = len(drawn) - 1
    while not _fits([*_joined(drawn[:shown], []), _more(len(drawn) - shown, said)]):
        shown -= 1
    return _view([*_joined(drawn[:shown], []), _more(len(drawn) - shown, said)])


def _view(blocks: list[Block]) -> Block:
    return {"type": "home", "blocks": blocks}


def _joined(drawn: Sequence[list[Block]], between: list[Block]) -> list[Block]:
    return [block for place, each in enumerate(drawn) for block in ([*between, *each] if place else each)]


def _more(count: int, command: str) -> Block:
    return context(_MORE.format(count=count, command=command))


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= VIEW_BLOCKS and json_bytes(blocks) <= VIEW_BYTES
