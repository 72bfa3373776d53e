"""Draws cards in Discord's components: our own sentences as markdown, people's words so that they do nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import Final

from adapters.discord.sizes import CONTAINER, TEXT_DISPLAY, Json
from adapters.discord.text import Moments, bold, inert, marked, marking
from bot.card import Attached, Card, Field, Quote, Tone
from bot.wording.fitting import blank, fitted, one_line, pieces, shown, split, units
from bot.wording.shortening import size_said

BUTTONS: Final = 25

_SIGNS: Final = {Tone.FRESH: "🆕 ", Tone.BUSY: "⏳ ", Tone.GOOD: "✅ ", Tone.ALERT: "⚠️ "}
_COLOURS: Final = {
    Tone.FRESH: 0x3B82F6,
    Tone.BUSY: 0xE0A100,
    Tone.GOOD: 0x2E9E5B,
    Tone.ALERT: 0xD83A3A,
    Tone.DONE: 0x80848E,
}
_DONE_SIGN: Final = "✓"
_TITLE: Final = 1_000
_NAME: Final = 150
_FILES: Final = 10


class Place(IntEnum):
    """What stands together in one text display."""

    HEAD = 0
    QUOTES = 1
    FIELDS = 2
    FOOT = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """Something to be read, which may be cut where its text can be: `draw` makes markdown of any piece of it.

    `start` is markdown before the first piece, and alone where there is no text.
    """

    place: Place
    text: str
    draw: Callable[[str], str]
    start: str = ""

    @property
    def markdown(self) -> str:
        return self.start + self.draw(self.text) if self.text else self.start

    @property
    def size(self) -> int:
        return units(self.markdown)

    def split(self, most: int) -> tuple["Passage", "Passage | None"]:
        """What fits into `most`, and what is left."""
        room = most - units(self.start)
        piece, rest = split(self.text, room, lambda text: units(self.draw(text)))
        left = None if rest is None or blank(rest) else Passage(self.place, rest, self.draw)
        return Passage(self.place, piece, self.draw, self.start), left


def displays(passages: Iterable[Passage]) -> list[Json]:
    """Text displays, one for all that stands together."""
    return [
        {"type": TEXT_DISPLAY, "content": "\n".join(each.markdown for each in together)}
        for _, together in groupby(passages, key=lambda each: each.place)
    ]


def framed(card: Card, components: Sequence[Json]) -> list[Json]:
    """The components with the card's colour beside them. Lines stand in the conversation as they are: a frame around
    each would take a phone's width and say nothing."""
    if card.compact or (card.tone is Tone.CALM and not card.buttons):
        return list(components)
    frame: Json = {"type": CONTAINER, "components": list(components)}
    return [frame | {"accent_color": _COLOURS[card.tone]} if card.tone in _COLOURS else frame]


# --- the parts of a card


def passages(card: Card, *, links: bool = False, note: str = "") -> Iterator[Passage]:
    """All that is read, in its order; `links` as in `inert`, `note` a last line of ours in small print."""
    if card.compact and not card.quotes:
        yield from _one_line(card)
    else:
        yield from _head(card)
        for quote in card.quotes:
            yield from _quote(quote, links=links)
        yield from _files(card.files)
        for field in card.fields:
            yield from _field(field, card.moments)
        # Of several lines below, the last one is the small print.
        upper, _, lowest = card.footnote.rpartition("\n")
        yield from _ours(upper, card.moments, Place.FOOT)
        yield from _small(lowest, card.moments)
    yield from _small(note)


def small(text: str, moments: Moments = ()) -> str:
    """Small print, every line of it."""
    return "\n".join(f"-# {line}" for line in marked(text, moments).split("\n") if not blank(line))


def _head(card: Card) -> Iterator[Passage]:
    title, *rest = pieces(card.title, _TITLE, marking(card.moments))
    line = _title(card, title)
    if not blank(line):
        yield Passage(Place.HEAD, "", str, line)
    for each in (*rest, card.body):
        yield from _ours(each, card.moments, Place.HEAD)


def _title(card: Card, title: str) -> str:
    """`**Q7K3** · Billing · English`: what one looks for in bold, behind a sign for how much it wants to be noticed."""
    ticked = card.body.startswith(_DONE_SIGN) or title.startswith(_DONE_SIGN)
    sign = "" if ticked else _SIGNS.get(card.tone, "")
    first, dot, rest = title.partition(" · ")
    name = bold(first, card.moments)
    return f"{sign if name or not blank(rest) else ''}{name}{marked(dot + rest, card.moments)}"


def _quote(quote: Quote, *, links: bool) -> Iterator[Passage]:
    """One bar beside the words, for each of their lines."""
    author = fitted(one_line(quote.author), _NAME)
    start = "" if blank(author) else bold(f"{author}:", ours=False)
    text = shown(quote.text).strip("\n")
    if blank(text):
        if start:
            yield Passage(Place.QUOTES, "", str, start)
        return
    yield Passage(Place.QUOTES, text, lambda each: _barred(each, links=links), f"{start}\n" if start else "")


def _barred(text: str, *, links: bool) -> str:
    return "\n".join(f"> {line}" for line in inert(text, links=links).split("\n"))


def _files(files: Sequence[Attached]) -> Iterator[Passage]:
    """Names are people's words too."""
    for each in files[:_FILES]:
        yield Passage(Place.FIELDS, "", str, f"📎 {inert(fitted(one_line(each.name), _NAME))}, {size_said(each)}")


def _field(field: Field, moments: Moments) -> Iterator[Passage]:
    """A line each; a value of several lines stands below its label."""
    label, value = fitted(one_line(field.label), _TITLE, marking(moments)), shown(field.value)
    start = "" if blank(label) else bold(f"{label}:", moments)
    if blank(value):
        if start:
            yield Passage(Place.FIELDS, "", str, start)
        return
    gap = "" if not start else "\n" if "\n" in value else " "
    yield Passage(Place.FIELDS, value, lambda text: marked(text, moments), start + gap)


def _ours(text: str, moments: Moments, place: Place) -> Iterator[Passage]:
    if not blank(text):
        yield Passage(place, shown(text), lambda each: marked(each, moments))


def _small(text: str, moments: Moments = ()) -> Iterator[Passage]:
    if not blank(text):
        yield Passage(Place.FOOT, shown(text), lambda each: small(each, moments))


def _one_line(card: Card) -> Iterator[Passage]:
    """What has nothing to press is small print."""
    title = fitted(one_line(card.title), _TITLE, marking(card.moments))
    more = fitted(" ".join((card.body, card.footnote)).strip(), _TITLE, marking(card.moments))
    line = marked(title, card.moments) if not card.buttons and " · " not in title else _title(card, title)
    if not blank(line):
        yield Passage(Place.HEAD, "", str, line if card.buttons else f"-# {line}")
    if not blank(more):
        yield Passage(Place.HEAD, "", str, marked(more, card.moments) if card.buttons else small(more, card.moments))
