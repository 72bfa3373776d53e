"""Draws cards in Slack's blocks: our own sentences in mrkdwn, people's words in rich text, where they do nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.slack.buttons import button, row_id, rows
from adapters.slack.sizes import TEXT, Block
from adapters.slack.text import Moments, marked, marking
from bot.card import Attached, Card, Field, Quote, Tone
from bot.wording.fitting import blank, fitted, pieces, shown, units
from bot.wording.shortening import size_said

BUTTONS: Final = 25

_SIGNS: Final = {Tone.FRESH: "🆕 ", Tone.BUSY: "⏳ ", Tone.GOOD: "✅ ", Tone.ALERT: "⚠️ "}
_DONE_SIGN: Final = "✓"
_TITLE: Final = 1_000
_NAME: Final = 150
_FILES: Final = 10
_QUOTE: Final = 2_800


@dataclass(frozen=True, slots=True)
class Part:
    """One block, and the same for those who cannot see it; `ours` as in `heard`."""

    block: Block
    said: str
    ours: bool = True


def blocks_of(card: Card, *, first: int = 0, carry: str = "", note: str = "", pressable: bool = True) -> list[Block]:
    """The card's blocks, uncut: for one place of a view, or for a message if they fit.

    `first` is the position of the first button; without `pressable` buttons are only named.
    """
    if card.compact and not card.quotes and pressable:
        return _one_line(card, first, carry)
    blocks = [part.block for part in (*parts(card), *under(card, note))]
    if not pressable:
        return blocks + _named(card)
    return blocks + rows(card.buttons[:BUTTONS], first, carry) or [context("…")]


def context(text: str) -> Block:
    """A small line of mrkdwn."""
    return {"type": "context", "elements": [_mrkdwn(text)]}


def section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def quoted(quote: Quote) -> list[Block]:
    """Somebody's words, inert."""
    return [part.block for part in _quote(quote)]


# --- the parts of a card


def parts(card: Card) -> Iterator[Part]:
    """All that is read, in its order, but for what stands below."""
    yield from _head(card)
    for quote in card.quotes:
        yield from _quote(quote)
    if card.files:
        yield _files(card.files)
    yield from _fields(card.fields, card.moments)
    # Of several lines below, the last one is the small print.
    upper, _, _ = card.footnote.rpartition("\n")
    yield from _ours(upper, card.moments, section)


def under(card: Card, note: str) -> Iterator[Part]:
    _, _, lowest = card.footnote.rpartition("\n")
    yield from _ours(lowest, card.moments, context)
    if note:
        yield Part(context(note), note)


def _head(card: Card) -> Iterator[Part]:
    """Title and body in one section where they fit."""
    title, *rest = pieces(card.title, _TITLE, marking(card.moments))
    body = "\n".join(part for part in (*rest, card.body) if not blank(part))
    line, cost = _title(card, title), marking(card.moments)
    if blank(line):
        yield from _ours(body, card.moments, section)
    elif units(line) + 1 + cost(body) <= TEXT:
        said = "\n".join(filter(None, (title, body)))
        yield Part(section(f"{line}\n{marked(body, card.moments)}" if not blank(body) else line), said)
    else:
        yield Part(section(line), title)
        yield from _ours(body, card.moments, section)


def _title(card: Card, title: str) -> str:
    """`*Q7K3* · Billing · English`: what one looks for in bold, behind a sign for how much it wants to be noticed."""
    ticked = card.body.startswith(_DONE_SIGN) or title.startswith(_DONE_SIGN)
    sign = "" if ticked else _SIGNS.get(card.tone, "")
    first, dot, rest = title.partition(" · ")
    name = marked(first.strip(), card.moments)
    bold = "" if blank(name) else f"*{name}*"
    return f"{sign if bold or not blank(rest) else ''}{bold}{marked(dot + rest, card.moments)}"


def _quote(quote: Quote) -> Iterator[Part]:
    """One bar beside the words; very long ones go on in a block of their own."""
    author = fitted(shown(quote.author), _NAME)
    text = shown(quote.text)
    words = [] if blank(text) else [each for each in pieces(text, _QUOTE) if not blank(each)]
    name = [] if blank(author) else [_rich("rich_text_section", f"{author}:", bold=True)]
    if name and not words:
        yield Part(_rich_text(name), f"{author}:", ours=False)
    for place, each in enumerate(words):
        heading = name if place == 0 else []
        said = f"{author}:\n{each}" if heading else each
        yield Part(_rich_text([*heading, _rich("rich_text_quote", each)]), said, ours=False)


def _files(files: Sequence[Attached]) -> Part:
    """Names are people's words too."""
    lines = [f"📎 {fitted(' '.join(shown(each.name).split()), _NAME)}, {size_said(each)}" for each in files[:_FILES]]
    said = "\n".join(lines)
    return Part(_rich_text([_rich("rich_text_section", said)]), said, ours=False)


def _fields(fields: Sequence[Field], moments: Moments) -> Iterator[Part]:
    """A line each, many to a section; a value of several lines is a section of its own.

    Slack's own fields would stand in two columns on a desk and twice as high on a phone.
    """
    lines: list[str] = []
    said: list[str] = []
    for field in fields:
        line, text = _field(field, moments), f"{field.label}: {field.value}"
        alone = "\n" in field.value or units(line) > TEXT
        if lines and (alone or units("\n".join((*lines, line))) > TEXT):
            yield Part(section("\n".join(lines)), "\n".join(said))
            lines, said = [], []
        if alone:
            yield from _long_field(field, moments)
        elif not blank(line):
            lines.append(line)
            said.append(text)
    if lines:
        yield Part(section("\n".join(lines)), "\n".join(said))


def _field(field: Field, moments: Moments) -> str:
    label = marked(" ".join(field.label.split()), moments)
    return f"*{label}:* {marked(field.value, moments)}" if not blank(label) else marked(field.value, moments)


def _long_field(field: Field, moments: Moments) -> Iterator[Part]:
    label = marked(fitted(" ".join(field.label.split()), _TITLE, marking(moments)), moments)
    if units(label) + 4 + marking(moments)(field.value) <= TEXT and not blank(label) and not blank(field.value):
        yield Part(section(f"*{label}*\n{marked(field.value, moments)}"), f"{field.label}:\n{field.value}")
        return
    if not blank(label):
        yield Part(section(f"*{label}*"), field.label)
    yield from _ours(field.value, moments, section)


def _ours(text: str, moments: Moments, kind: Callable[[str], Block]) -> Iterator[Part]:
    """A text of ours in as many blocks as it takes."""
    if blank(text):
        return
    for each in pieces(text, TEXT, marking(moments)):
        if not blank(each):
            yield Part(kind(marked(each, moments)), each)


def _one_line(card: Card, first: int, carry: str) -> list[Block]:
    """A finished card is small print; one with something to press keeps its button beside it."""
    title = fitted(card.title, _TITLE, marking(card.moments))
    small = not card.buttons and " · " not in title
    line = marked(title, card.moments) if small else _title(card, title)
    more = fitted(" ".join((card.body, card.footnote)).strip(), _TITLE, marking(card.moments))
    if not blank(more):
        line = f"{line}\n{marked(more, card.moments)}"
    line = "…" if blank(line) else line
    match card.buttons:
        case ():
            return [context(line)]
        case (only,):
            return [section(line) | {"block_id": row_id(first), "accessory": button(only, first, carry)}]
    return [section(line), *rows(card.buttons[:BUTTONS], first, carry)]


def _named(card: Card) -> list[Block]:
    """Buttons where nothing can be pressed."""
    labels = fitted(" ".join(f"[{each.label}]" for each in card.buttons), _TITLE // 5)
    return [] if blank(labels) else [context(marked(labels))]


def _mrkdwn(text: str) -> Block:
    """`verbatim`, so that Slack makes no links and mentions of what it finds in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _rich_text(elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": elements}


def _rich(kind: str, text: str, *, bold: bool = False) -> Block:
    part: Block = {"type": "text", "text": text}
    if bold:
        part["style"] = {"bold": True}
    return {"type": kind, "elements": [part]}
