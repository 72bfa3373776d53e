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
    blocks: list[Block] = []
    pressable = 0
    for place, card in enumerate(cards):
        drawn = [*([_DIVIDER] if place else []), *shortened(card, first=pressable)]
        if not _fits([*blocks, *drawn], left=len(cards) - place - 1):
            blocks.append(context(_MORE.format(count=len(cards) - place, command=said)))
            break
        blocks += drawn
        pressable += len(card.buttons)
    return {"type": "home", "blocks": blocks or [section(_EMPTY.format(command=said))]}


def _fits(blocks: Sequence[Block], *, left: int) -> bool:
    """Whether there is room, also for the line that says how many more there are."""
    return len(blocks) + (left > 0) <= VIEW_BLOCKS and json_bytes(blocks) <= VIEW_BYTES
