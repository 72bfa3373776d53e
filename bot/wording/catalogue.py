"""Every language the product speaks: a catalogue of sentences keyed by stable ids.

A language is one sheet beside this file (`en.txt`) and one row in `LANGUAGES`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Final

from bot.wording.sheet import read_sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """One language's sentences.

    `plural` names the form that goes with a count; `with_article` puts a company's name behind its article, where
    the language has one.
    """

    code: str
    sentences: Mapping[str, str]
    plural: Callable[[int], str]
    with_article: Callable[[str], str]

    def knows(self, key: str) -> bool:
        return key in self.sentences

    def say(self, key: str, **values: str | int) -> str:
        """The sentence `key` with its placeholders filled. Raises KeyError when either is missing."""
        return self.sentences[key].format(**values)

    def plural_key(self, key: str, count: int) -> str:
        """The id of the sentence `key` in the plural form that goes with `count`."""
        return f"{key}[{self.plural(count)}]"

    def count(self, key: str, count: int) -> str:
        """`1 second`, `2 seconds`."""
        return self.say(self.plural_key(key, count), count=count)


def tongue(wanted: Iterable[str] = ()) -> Tongue:
    """The first of these languages ("de", "pt-BR") that the product speaks, or English."""
    for code in wanted:
        for each in (code, code.partition("-")[0]):
            if each in LANGUAGES:
                return LANGUAGES[each]
    return LANGUAGES["en"]


def tongue_with(sheet: str, wanted: Iterable[str] = ()) -> Tongue:
    """The same with the sentences of one more sheet (`verbs_en.txt`), kept apart because few need them."""
    return _with(sheet, tongue(wanted).code)


@cache
def _with(sheet: str, code: str) -> Tongue:
    plain = LANGUAGES[code]
    return replace(plain, sentences={**plain.sentences, **_sheet(f"{sheet}_{code}")})


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def differences(mine: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """What a second language lacks, has too much, or fills differently: one line each, empty when they agree.

    Plural forms may differ in number, so each sentence is compared with all of its forms together.
    """
    here, there = _by_id(mine), _by_id(other)
    found = [f"{key} is missing" for key in sorted(here.keys() - there.keys())]
    found += [f"{key} is not used" for key in sorted(there.keys() - here.keys())]
    found += [
        f"{key} has {sorted(there[key])} where {sorted(here[key])} belong"
        for key in sorted(here.keys() & there.keys())
        if here[key] != there[key]
    ]
    return found


def _by_id(sentences: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for key, text in sentences.items():
        name = re.sub(r"\[\w+\]$", "", key)
        found[name] = found.get(name, frozenset()) | placeholders(text)
    return found


def _sheet(name: str) -> Mapping[str, str]:
    return read_sheet(files("bot.wording").joinpath(f"{name}.txt").read_text(encoding="utf-8"))


def _english_plural(count: int) -> str:
    return "one" if count == 1 else "other"


def _english_article(name: str) -> str:
    """`an Acme`, `a Globex`: by the sound of the first letters, as far as spelling shows it."""
    start = name.casefold()
    vowel = start.startswith(("a", "e", "i", "o", "u")) and not start.startswith(("eu", "one", "uni", "use"))
    return f"an {name}" if vowel else f"a {name}"


LANGUAGES: Final[dict[str, Tongue]] = {
    "en": Tongue(code="en", sentences=_sheet("en"), plural=_english_plural, with_article=_english_article),
}
