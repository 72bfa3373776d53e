"""Says what our sentences call by a verb as it is said in Discord: `/hall staff who` for 'who', which does nothing when
it is written there."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from adapters.discord.menus import MENUS
from adapters.discord.options import path_of
from bot.card import Card, Field
from bot.grammar import VERBS, Verb
from bot.wording import aside

_BY_WORD: Final[Mapping[str, Verb]] = {verb.word: verb for verb in VERBS}
_QUOTED: Final = re.compile(r"(?<!\w)'([a-z][^'\n]*)'(?!\w)")
# Help lists verbs with an example each: `claim Q7K3: take a question`. Discord shows what belongs behind one by itself.
_LISTED: Final = re.compile(r"^([a-z][^:\n]*)(?=: )", re.MULTILINE)
_MENU: Final = re.compile("'(" + "|".join(map(re.escape, MENUS)) + ")'")


def spoken(card: Card, command: str) -> Card:
    """The card with verbs and menus named as people find them here; `command` is the slash command's name. Words of
    people stay as they are."""
    explained = _LISTED.match(card.title)
    verb, _ = _verb_of(explained[1]) if explained else (None, "")
    return replace(
        card,
        title=_listed(_quoted(card.title, command), command),
        body=_quoted(card.body, command),
        footnote=_quoted(card.footnote, command),
        fields=tuple(_field(each, verb, command) for each in card.fields),
    )


def _field(field: Field, explained: Verb | None, command: str) -> Field:
    """The example of a verb that is `explained` begins with it."""
    verb, rest = _verb_of(field.value)
    if verb is not None and verb is explained:
        return replace(field, value=_said(verb, command) + rest)
    return replace(field, value=_listed(_quoted(field.value, command), command))


def _quoted(text: str, command: str) -> str:
    def named(found: re.Match[str]) -> str:
        verb, rest = _verb_of(found[1])
        return f"'{_said(verb, command)}{rest}'" if verb is not None else found[0]

    text = _QUOTED.sub(named, text)
    return _MENU.sub(lambda found: aside("in-menu", name=found[1]).title, text)


def _listed(text: str, command: str) -> str:
    def named(found: re.Match[str]) -> str:
        verb, _ = _verb_of(found[1])
        return _said(verb, command) if verb is not None else found[0]

    return _LISTED.sub(named, text)


def _verb_of(text: str) -> tuple[Verb | None, str]:
    """The verb that the text begins with, and what stands behind it: `category set` is one, too."""
    words = text.split(" ")
    for count in (2, 1):
        verb = _BY_WORD.get("-".join(words[:count]))
        if verb is not None:
            return verb, "".join(f" {each}" for each in words[count:])
    return None, ""


def _said(verb: Verb, command: str) -> str:
    return f"/{command} {' '.join(path_of(verb))}"
