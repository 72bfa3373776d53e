"""How a text is cut so that nothing is lost in silence or torn apart, for whatever platform has limits."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

CUT: Final = "…"

_JOINERS: Final = "\u200d\ufe0e\ufe0f\u20e3"
_OBEYED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Where a text may be cut without tearing a line or a word: not in the first half of what would fit.
_EARLIEST: Final = 0.5

# What a text takes on its platform; never less than one for each of its signs, and more for a longer beginning.
Cost = Callable[[str], int]


def units(text: str) -> int:
    """UTF-16 units, the way the strictest clients count: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shown(text: str) -> str:
    """Without what a screen obeys or a network refuses instead of showing it."""
    return _OBEYED.sub("", text)


def blank(text: str) -> bool:
    """Whether there is nothing to see: platforms refuse empty texts."""
    return all(sign.isspace() or unicodedata.category(sign).startswith("C") for sign in text)


def one_line(text: str) -> str:
    """The text as a label or a title: shown, with single spaces for whatever space it has."""
    return " ".join(shown(text).split())


def fitted(text: str, most: int, cost: Cost = units) -> str:
    """The text, or its beginning with `…` when it is longer than `most`."""
    if cost(text) <= most:
        return text
    beginning = split(text, most - 1, cost)[0].rstrip()
    return beginning + CUT if cost(beginning) < most else CUT  # one sign alone may be longer than that


def pieces(text: str, most: int, cost: Cost = units) -> tuple[str, ...]:
    """The text in pieces of at most `most`: cut at the end of a line, else behind a word, else between characters.

    Of the text only the line break or space at a cut is left out.
    """
    found: list[str] = []
    rest: str | None = text
    while rest is not None:
        piece, rest = split(rest, most, cost)
        found.append(piece)
    return tuple(found)


def split(text: str, most: int, cost: Cost = units) -> tuple[str, str | None]:
    """The first piece of the text, and what is left of it: None when the piece is all of it."""
    end = _reach(text, most, cost)
    if end == len(text):
        return text, None
    stop, start = _cut(text, end)
    return text[:stop], text[start:]


def _reach(text: str, most: int, cost: Cost) -> int:
    """How many signs of the text fit; at least one, so that cutting comes to an end."""
    if len(text) <= most and cost(text) <= most:
        return len(text)  # nearly always, and what a beginning costs need not be asked
    fits, over = 1, min(len(text), most) + 1
    while over - fits > 1:
        middle = (fits + over) // 2
        if cost(text[:middle]) <= most:
            fits = middle
        else:
            over = middle
    return min(fits, len(text))


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
