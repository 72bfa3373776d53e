"""Looks at words before the transaction: cleaned, masked for outsiders, checked before they go to a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from bot import commands as c
from bot.commands import Command
from bot.model import Category, Identity, Words
from bot.ports import Asked, Heard, Wrote
from bot.privacy import KnownValue, clean, mask, objections

Said = TypeVar("Said", Heard, Asked, Wrote)

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
    changed: dict[str, Any] = {}
    for part in fields(said):
        match getattr(said, part.name):
            case str(text):
                changed[part.name] = _whole(text)
            case Mapping() as values:
                changed[part.name] = {_whole(name): _whole(text) for name, text in values.items()}
            case Identity() as who:
                # Told apart still: two strangers must not become one person.
                changed[part.name] = replace(who, external=who.external.encode(errors="backslashreplace").decode())
            case tuple(pairs):
                changed[part.name] = tuple((_whole(kind), _whole(value)) for kind, value in pairs)
            case _:
                continue
    return replace(said, **changed)


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode().replace("\0", "")


def prepared(command: Command, around: Surroundings) -> Command:
    """The command with its words looked at; commands without words are returned as they are."""
    match command:
        case c.SendAnswer() | c.Clarify() | c.Correct():
            return replace(command, words=looked_at(command.words.text, around, outgoing=True))
        case c.Override():
            return replace(
                command,
                words=looked_at(command.words.text, around),
                reason=looked_at(command.reason.text, around),
            )
        case c.Revise() | c.Escalate() | c.Note() | c.StaffNote() | c.Appeal() | c.Flag():
            return replace(command, words=looked_at(command.words.text, around))
        case c.Reply():
            return replace(command, words=looked_at(command.words.text, around))
        case c.Approve() | c.Helped() | c.NotYet() if command.words is not None:
            return replace(command, words=looked_at(command.words.text, around))
        case _:
            return command


def known_values(pairs: Sequence[tuple[str, str]]) -> tuple[KnownValue, ...]:
    return tuple(KnownValue(kind=kind, value=value) for kind, value in pairs)
