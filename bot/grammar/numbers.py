"""Finds the spoken number of a question at the beginning of a text, and leaves ordinary words alone."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.model import QuestionId, read_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """`rest` is what stands behind it; `said` is how it was written. No `question`: it cannot be a number."""

    question: QuestionId | None
    said: str
    rest: str


def number_first(text: str, *, before_words: bool, known: QuestionId | None = None) -> Number | None:
    """The question's number that `text` begins with, if it begins with one.

    `before_words` says that somebody's own words may follow: then a word such as "quite" or "Q4" is one of those,
    though it could be heard as a number. `known` is the question of the thread, which settles "q 7 k 3 a ...".
    """
    words = _words(text)
    if not words or words[0][0].lstrip("([")[:1] not in ("q", "Q", "#", "ｑ", "Ｑ"):
        return None
    first, end = words[0]
    plain = _plain(first)
    if (question := read_number(plain)) and _looks_like_one(first, plain, before_words):
        return Number(question=question, said=first, rest=text[end:])
    if len(plain) <= 3 and (spread := _spread(text, words, before_words, known)):
        return spread
    if _cannot_be_one(first, plain, before_words, known):
        return Number(question=None, said=first, rest=text[end:])
    return None


_WORD: Final = re.compile(r"\s*+(\S{1,24})(?=\s|$)")
_TRAILING: Final = ":,.;!?)]"
_DASHES: Final = re.compile("[‐‑‒–—―−]")
_SPREAD_WORDS_MAX: Final = 11
# Words that people begin a text with and that could be heard as numbers; those in "qu" are told by the u.
_ORDINARY: Final = frozenset({"qatar", "qantas", "qwerty", "qwertz"})


def _words(text: str) -> list[tuple[str, int]]:
    """The first words, each with the position behind it."""
    found: list[tuple[str, int]] = []
    position = 0
    while len(found) < _SPREAD_WORDS_MAX and (match := _WORD.match(text, position)):
        position = match.end()
        found.append((match[1], position))
    return found


def _plain(word: str) -> str:
    """`Q7K3` for "(#q7k-3):" - still in the case in which it was written."""
    narrow = _DASHES.sub("-", unicodedata.normalize("NFKC", word)).strip()
    return narrow.lstrip("([").rstrip(_TRAILING).replace("#", "").replace("-", "")


def _looks_like_one(word: str, plain: str, before_words: bool) -> bool:
    """Whether a word that could be heard as a number was meant as one."""
    if "#" in word or any(sign.isdigit() for sign in plain):
        return True
    if plain[1:2] in "uU" or plain.lower() in _ORDINARY:
        return False
    if plain.isupper() or not before_words:
        return True
    return plain.islower() and not set(plain[1:]) & set("ilou")


def _spread(text: str, words: list[tuple[str, int]], before_words: bool, known: QuestionId | None) -> Number | None:
    """A number said sign by sign: "q 7 k 3"."""
    parts: list[tuple[str, int]] = []
    for word, end in words:
        plain = _plain(word)
        if parts and not _continues(plain, parts[0][0]):
            break
        parts.append((plain, end))
    candidates: list[tuple[QuestionId, int]] = []
    for count in range(2, len(parts) + 1):
        last, end = parts[count - 1]
        question = read_number("".join(plain for plain, _ in parts[:count]))
        # "a" and "I" rather begin a sentence than end a number
        if question and not (before_words and candidates and last.lower() in ("a", "i")):
            candidates.append((question, end))
    if not candidates:
        return None
    question, end = next((each for each in candidates if each[0] == known), candidates[-1])
    return Number(question=question, said=text[:end].strip(), rest=text[end:])


def _continues(plain: str, first: str) -> bool:
    if not plain.isalnum():
        return False
    if len(plain) <= 2:
        return len(plain) == 1 or any(sign.isdigit() for sign in plain)
    return len(first) == 1 and len(plain) <= 9 and any(sign.isdigit() for sign in plain)


def _cannot_be_one(word: str, plain: str, before_words: bool, known: QuestionId | None) -> bool:
    """Whether a word was surely meant as a number, though no question can have it."""
    if not plain or not plain.isascii() or not plain.isalnum():
        return False
    if not any(sign.isdigit() for sign in plain):
        return False
    if word.startswith("#"):
        return not before_words
    long_enough = len(plain) > 3
    return plain[0] in "qQ" and (long_enough or not before_words or known is None)
