"""Cards and forms in the words of the rehearsal chat server: short, pure, and inert."""

import re
from typing import Final

from adapters.rehearsal.wire import (
    BLOCKS,
    BUTTONS,
    HEADING_CHARS,
    LABEL_CHARS,
    TEXT_CHARS,
    Block,
    Bubble,
    WireButton,
    WireEntry,
    WireForm,
)
from bot.card import Button, Card, Entry, Form, Moment, moment_sign
from bot.wording.moments import undated_text

CUT: Final = " …"
OBEYED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # by terminals, when a screen is printed


def bubble_of(card: Card) -> Bubble:
    """All of a card as plain text, so that nobody's words can ping, link or look like ours."""
    return Bubble(
        heading=_fitted(_dated(card.title, card.moments), HEADING_CHARS),
        blocks=_blocks(card),
        buttons=tuple(_button(each) for each in card.buttons[:BUTTONS]),
        colour=str(card.tone),
        markup=False,
    )


def form_of(form: Form) -> WireForm:
    return WireForm(
        title=form.title,
        value=form.sentence,
        submit=form.submit,
        intro=form.intro,
        entries=tuple(_entry(each) for each in form.entries),
    )


def _blocks(card: Card) -> tuple[Block, ...]:
    blocks = []
    if card.body:
        blocks.append(Block(kind="text", text=_fitted(_dated(card.body, card.moments), TEXT_CHARS)))
    for quote in card.quotes:
        label, text = _fitted(quote.author, HEADING_CHARS), _fitted(quote.text, TEXT_CHARS)
        blocks.append(Block(kind="quote", label=label, text=text))
    for field in card.fields:
        label, text = _fitted(field.label, HEADING_CHARS), _fitted(_dated(field.value, card.moments), TEXT_CHARS)
        blocks.append(Block(kind="pair", label=label, text=text))
    if len(blocks) > BLOCKS - 1:
        blocks = [*blocks[: BLOCKS - 2], Block(kind="text", text=CUT.strip())]
    if card.footnote:
        blocks.append(Block(kind="foot", text=_fitted(_dated(card.footnote, card.moments), TEXT_CHARS)))
    return tuple(blocks)


def _button(button: Button) -> WireButton:
    return WireButton(label=_fitted(button.label, LABEL_CHARS), value=button.sentence, look=button.weight.value)


def _entry(entry: Entry) -> WireEntry:
    return WireEntry(
        name=entry.name,
        label=entry.label,
        value=entry.value,
        choices=tuple((each.label, each.value) for each in entry.choices),
        required=entry.required,
        chars_max=entry.chars_max,
    )


def _fitted(text: str, chars_max: int) -> str:
    """The text, or its beginning with a mark that it goes on."""
    text = OBEYED.sub("", text)
    return text if len(text) <= chars_max else text[: chars_max - len(CUT)] + CUT


def _dated(text: str, moments: tuple[Moment, ...]) -> str:
    """The signs for moments as times of day, which a rehearsal shows in UTC to everybody."""
    times = {ord(moment_sign(number)): undated_text(each, "UTC") for number, each in enumerate(moments)}
    return text.translate(times)
