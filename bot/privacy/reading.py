"""A text as a careful reader sees it: full-width signs, foreign digits and invisible gaps undone, every sign
traceable to the place it stands in the original."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`text` as read, and for each of its characters the index in the original it comes from."""

    text: str
    origin: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Give the half-open stretch of the original that reads as `text[start:end]` (not empty)."""
        return self.origin[start], self.origin[end - 1] + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """Something personal in a reading: half-open stretch, kind, the value that tells it from others."""

    start: int
    end: int
    kind: str
    value: str
    known: bool = False


def read(text: str) -> Reading:
    """Read `text`; plain ASCII is read as it stands."""
    if text.isascii():
        return Reading(text=text, origin=range(len(text)))
    signs: list[str] = []
    origin: list[int] = []
    for index, sign in enumerate(text):
        for shape in _shape(sign):
            signs.append(shape)
            origin.append(index)
    return Reading(text="".join(signs), origin=origin)


def squeeze(reading: Reading) -> Reading:
    """Reduce a reading to its letters and digits, without case and accents; `origin` points into `reading`."""
    signs: list[str] = []
    origin: list[int] = []
    for index, sign in enumerate(reading.text):
        for shape in _squeezed(sign):
            signs.append(shape)
            origin.append(index)
    return Reading(text="".join(signs), origin=origin)


def key(value: str) -> str:
    """Give the form in which two writings of one value are equal: only letters and digits, no case, no accents."""
    return squeeze(read(value)).text


def words(text: str) -> frozenset[str]:
    """Give the set of the words in a list of words."""
    return frozenset(text.split())


@lru_cache(maxsize=8192)
def _shape(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _FULL_STOPS:
        return "."
    match unicodedata.category(sign):
        case "Cf" | "Cs":
            return ""
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case "Nd":
            return str(unicodedata.digit(sign))
        case "Mn" if unicodedata.combining(sign) == 0 and _is_hint(sign):
            return ""
    if sign in _BLANK_LETTERS:
        return ""
    if sign == "\u2212":
        return "-"
    return unicodedata.normalize("NFKC", sign)


@lru_cache(maxsize=8192)
def _squeezed(sign: str) -> str:
    if sign.isascii():
        return sign.lower() if sign.isalnum() else ""
    folded = unicodedata.normalize("NFKD", sign.casefold().translate(_PLAIN_LETTERS))
    return "".join(part for part in folded if part.isalnum() or _is_spacing_mark(part))


def _is_spacing_mark(sign: str) -> bool:
    # Vowel signs of Indic scripts are marks that carry the word; accents are not.
    return unicodedata.category(sign) in ("Mn", "Mc") and unicodedata.combining(sign) == 0


def _is_hint(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef" or sign in "\u034f\u180b\u180c\u180d"


_FULL_STOPS = "\u3002\uff61\uff0e\u2024"
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u034f"
_PLAIN_LETTERS = str.maketrans(
    {"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th"}
)
