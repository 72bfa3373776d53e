"""The sentences about verbs, in every language: help and forms are written with them."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files

from bot.wording.catalogue import Tongue, tongue
from bot.wording.sheet import read_sheet


def verb_tongue(languages: Iterable[str] = ()) -> Tongue:
    """The first of these languages that the product speaks, or English, with what it says about verbs."""
    return _with_verbs(tongue(languages).code)


@cache
def _with_verbs(code: str) -> Tongue:
    plain = tongue((code,))
    sheet = files("bot.wording").joinpath(f"verbs_{code}.txt").read_text(encoding="utf-8")
    return replace(plain, sentences={**plain.sentences, **read_sheet(sheet)})
