"""Cards that are longer than a platform takes: the same card shorter, and all of its words for a file beside it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.card import Attached, Card, Field, Moment, moment_sign
from bot.wording.fitting import CUT, blank, fitted, shown
from bot.wording.moments import undated_text

_TITLE_CHARS: Final = 300
# What a card that is cut keeps of each of its texts, and of how many quotes and fields.
_LEAST_CHARS: Final = 40
_NEAR_ENOUGH: Final = 16
_MANY: Final = (1_000, 20, 8, 3)


def shortened(card: Card, fits: Callable[[Card], bool], *, buttons_max: int) -> Card:
    """The card with all of its texts cut to the same length, about the longest that fits: short ones stay whole."""
    card = replace(card, buttons=card.buttons[:buttons_max])
    for many in _MANY:
        if fits(_trimmed(card, _LEAST_CHARS, many)):
            break
    else:
        many = _MANY[-1]
        while card.buttons and not fits(_trimmed(card, _LEAST_CHARS, many)):
            card = replace(card, buttons=card.buttons[:-1])
    least, most = _LEAST_CHARS, max(map(len, (card.body, card.footnote, *_texts(card))), default=0) + 1
    while most - least > _NEAR_ENOUGH:
        middle = (least + most) // 2
        if fits(_trimmed(card, middle, many)):
            least = middle
        else:
            most = middle
    return _trimmed(card, least, many)


def whole_text(card: Card) -> str:
    """All of the card's words, for a plain text file."""
    parts = [card.title, card.body]
    for quote in card.quotes:
        parts.append("\n".join(filter(None, (quote.author and f"{quote.author}:", quote.text))))
    parts += ["\n".join(f"{field.label}: {field.value}" for field in card.fields), card.footnote]
    return "\n\n".join(plain(part, card.moments) for part in parts if not blank(part)) + "\n"


def plain(text: str, moments: Sequence[Moment] = ()) -> str:
    """A text of ours for where no dates are known: moments in UTC, named so."""
    return shown(text).translate({ord(moment_sign(place)): in_utc(each) for place, each in enumerate(moments)})


def in_utc(moment: Moment) -> str:
    return f"{undated_text(moment, 'UTC')} UTC"


def size_said(file: Attached) -> str:
    """`12 kB`, `1.2 MB`."""
    kilobytes = -(-file.size_bytes // 1_000)
    return f"{kilobytes} kB" if kilobytes < 1_000 else f"{kilobytes / 1_000:.1f} MB"


def _texts(card: Card) -> Iterator[str]:
    yield from (quote.text for quote in card.quotes)
    yield from (field.value for field in card.fields)


def _trimmed(card: Card, chars: int, many: int) -> Card:
    """Of the quotes the first and the newest stay, of the fields the first."""
    quotes = card.quotes if len(card.quotes) <= many else (card.quotes[0], *card.quotes[1 - many :])
    fields = card.fields if len(card.fields) <= many else (*card.fields[: many - 1], Field(label="", value=CUT))
    return replace(
        card,
        title=fitted(card.title, _TITLE_CHARS),
        body=fitted(card.body, chars),
        quotes=tuple(replace(each, text=fitted(each.text, chars)) for each in quotes),
        fields=tuple(
            replace(each, label=fitted(each.label, chars), value=fitted(each.value, chars)) for each in fields
        ),
        footnote=fitted(card.footnote, chars),
    )
