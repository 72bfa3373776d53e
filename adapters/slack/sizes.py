"""How much Slack takes, and how a text is cut so that nothing is lost in silence or torn apart.

Sizes: docs.slack.dev/reference/block-kit and slack_sdk.models; what all blocks together may hold is undocumented,
about 13,000 characters (slackapi/bolt-js#2509), and not of text alone (#2867).
"""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final

Block = dict[str, Any]

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
# Counted as bytes of JSON, which is more than Slack counts for any script: a refused card is worse than a short one.
MESSAGE_BYTES: Final = 12_500
VIEW_BYTES: Final = 240_000
TEXT: Final = 3_000
INPUT: Final = 3_000
VIEW_TITLE: Final = 24
BUTTON_LABEL: Final = 75
BUTTON_VALUE: Final = 2_000
OPTION_LABEL: Final = 75
OPTION_VALUE: Final = 150
OPTIONS: Final = 100
INPUT_LABEL: Final = 2_000

CUT: Final = "…"
_JOINERS: Final = "\u200d\ufe0e\ufe0f\u20e3"
_OBEYED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Where a text may be cut without tearing a line or a word: not in the first half of what would fit.
_EARLIEST: Final = 0.5

Cost = Callable[[str], int]


def units(text: str) -> int:
    """UTF-16 units, the way the strictest of Slack's clients counts: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def json_bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def fits_message(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= MESSAGE_BLOCKS and json_bytes(blocks) <= MESSAGE_BYTES


def shown(text: str) -> str:
    """Without what a screen obeys or a network refuses instead of showing it."""
    return _OBEYED.sub("", text)


def blank(text: str) -> bool:
    """Whether there is nothing to see: Slack refuses empty texts."""
    return all(sign.isspace() or unicodedata.category(sign).startswith("C") for sign in text)


def fitted(text: str, most: int, cost: Cost = units) -> str:
    """The text, or its beginning with `…` when it is longer than `most`."""
    if cost(text) <= most:
        return text
    beginning = pieces(text, most - 1, cost)[0].rstrip()
    return beginning + CUT if cost(beginning) < most else CUT  # one sign alone may be longer than that


def pieces(text: str, most: int, cost: Cost = units) -> tuple[str, ...]:
    """The text in pieces of at most `most`: cut at the end of a line, else behind a word, else between characters.

    `cost` is the sum of what each sign will take. Of the text only the line break or space at a cut is left out.
    """
    found: list[str] = []
    while True:
        end = _reach(text, most, cost)
        if end == len(text):
            return (*found, text)
        stop, start = _cut(text, end)
        found.append(text[:stop])
        text = text[start:]


def _reach(text: str, most: int, cost: Cost) -> int:
    """How many signs of the text fit; at least one, so that cutting comes to an end."""
    if cost(text) <= most:
        return len(text)
    fits, over = 1, len(text)
    while over - fits > 1:
        middle = (fits + over) // 2
        if cost(text[:middle]) <= most:
            fits = middle
        else:
            over = middle
    return fits


def _cut(text: str, end: int) -> tuple[int, int]:
    """Where the piece stops and where the next one starts."""
    earliest = int(end * _EARLIEST)
    for gap in ("\n", " "):
        place = text.rfind(gap, earliest, end + 1)
        if place > 0:
            return place, place + 1
    place = end
    while place > earliest and _is_one_with_the_last(text, place):
        place -= 1
    return (place, place) if place > earliest else (end, end)


def _is_one_with_the_last(text: str, place: int) -> bool:
    """Whether a reader sees the sign and the one before it as one: accents, joined emoji."""
    sign = text[place]
    return sign in _JOINERS or text[place - 1] == "\u200d" or unicodedata.category(sign).startswith("M")
