"""The sentences about verbs, in every language: help and forms are written with them."""

from collections.abc import Iterable

from bot.wording.catalogue import Tongue, tongue_with


def verb_tongue(languages: Iterable[str] = ()) -> Tongue:
    """The first of these languages that the product speaks, or English, with what it says about verbs."""
    return tongue_with("verbs", languages)
