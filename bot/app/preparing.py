"""Looks at words before the transaction: cleaned, masked for outsiders, checked before they go to a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any, TypeVar

from bot import commands as c
from bot.commands import Command
from bot.model import Category, Identity, Words
from bot.ports import Hearable, Upload
from bot.privacy import KnownValue, clean, mask, objections

Said = TypeVar("Said", bound=Hearable)

# An answer goes out under a pseudonym, but never beyond what the longest text may be: the rest is refused anyway.
_LOOKED_AT_CHARS = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What masking needs to know: the customer's own values, and earlier texts so that placeholders agree."""

    known: tuple[KnownValue, ...] = ()
    earlier: tuple[str, ...] = ()
    category: Category | None = None


def looked_at(text: str, around: Surroundings, *, outgoing: bool = False) -> Words:
    """The words as they are stored: what was written, what outsiders may see, and what stands against it."""
    cleaned = clean(text)
    if len(cleaned) > _LOOKED_AT_CHARS:
        # Too long for any policy: it will be refused, so it is not worth reading.
        return Words(text=cleaned, shown_text="")
    masked = mask(cleaned, around.known, earlier=around.earlier)
    against: tuple[str, ...] = ()
    if outgoing:
        links = around.category.links_allowed if around.category is not None else ()
        against = tuple(str(each.value) for each in objections(cleaned, shortest_chars=0, links_allowed=links))
    return Words(text=cleaned, shown_text=masked.text, held=masked.held, objections=against)


def storable(said: Said) -> Said:
    """What was said, with nothing in it that databases cannot write down: half characters and NUL."""
    return replace(said, **{part.name: _storable(getattr(said, part.name)) for part in fields(said)})


def _storable(value: Any) -> Any:
    match value:
        case None | bool() | int() | Enum():
            return value
        case str():
            return whole(value)
        case Identity():
            # Told apart still: two strangers must not become one person.
            return replace(value, external=value.external.encode(errors="backslashreplace").decode())
        case Upload():
            return replace(value, name=whole(value.name))
        case Mapping():
            return {whole(name): _storable(each) for name, each in value.items()}
        case tuple():
            return tuple(_storable(each) for each in value)
        case _:
            return value


def whole(text: str) -> str:
    """The text without what databases cannot write down."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode(errors="replace").decode().replace("\0", "")


def prepared(command: Command, around: Surroundings) -> Command:
    """The command with all its words looked at, strictly where an expert's words go to a customer."""
    outgoing = isinstance(command, c.SendAnswer | c.Clarify | c.Correct)
    texts = {part.name: getattr(command, part.name) for part in fields(command)}
    looked: dict[str, Any] = {
        name: looked_at(words.text, around, outgoing=outgoing)
        for name, words in texts.items()
        if isinstance(words, Words)
    }
    return replace(command, **looked) if looked else command


def has_words(command: Command) -> bool:
    """Whether `prepared` has anything to look at."""
    return any(isinstance(getattr(command, part.name), Words) for part in fields(command))


def known_values(pairs: Sequence[tuple[str, str]]) -> tuple[KnownValue, ...]:
    return tuple(KnownValue(kind=kind, value=value) for kind, value in pairs)
