"""Turns the nouns and verbs into JSON text and back, driven by their type hints."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

import bot.commands
from bot.commands import CategoryCommand, Command, PersonCommand, QuestionCommand
from bot.model import Category, Enclosed, Words

T = TypeVar("T")
Read = Callable[[Any], Any]

_COMMANDS = (QuestionCommand, PersonCommand, CategoryCommand)
_VERB = "verb"  # names the class where any command may stand


def encode(thing: object) -> str:
    """Every field by its name, nested as it is; a command also says which one it is.

    Raises TypeError for words of people: they live in messages and drafts only.
    """
    return _dump(thing)


def decode(kind: type[T], text: str) -> T:
    """What `encode` wrote. Fields a newer version added are ignored, fields an older one lacked take defaults.

    Raises KeyError, TypeError or ValueError for text that `encode` could not have written.
    """
    hint: Any = kind
    found: T = _reader(hint)(json.loads(text))
    return found


def decode_shared(kind: type[T], text: str) -> T:
    """The same for things that are read far more often than they change: equal texts give one and the same object.

    Only for classes that nobody can change in place.
    """
    hint: Any = kind
    shared: T = _decode_once(hint, text)
    return shared


def decode_command(text: str) -> Command:
    """A command of any class."""
    command: Command = _read_command(json.loads(text))
    return command


def args_of(command: Command) -> dict[str, object]:
    """What the journal keeps of a command: numbers, ids and short words, and never what people wrote.

    Left out are the subject, which has a column of its own, names of people, which an erasure must be able to
    reach, codes, files, places of people and of their words, and a category's settings, which are in its versions.
    """
    kind: Any = type(command)
    kept = {name: getattr(command, name) for name in _journalled(kind)}
    return {name: value for name, value in kept.items() if value is not None}


# Writing


def _plain(thing: Any) -> dict[str, object]:
    if isinstance(thing, Words):
        raise TypeError("words are kept in messages only")
    kind: Any = type(thing)
    names, values = _fields_of(kind)
    plain = dict(zip(names, values(thing), strict=True))
    if isinstance(thing, _COMMANDS):
        plain[_VERB] = kind.__name__
    return plain


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


@cache
def _fields_of(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The names of a class's fields, and what reads them all at once."""
    names = _names(kind)
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda thing: tuple(getattr(thing, name) for name in names)


@cache
def _names(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not one of the model's nouns or verbs")
    return tuple(field.name for field in fields(kind))


@cache
def _journalled(kind: type) -> tuple[str, ...]:
    left_out = {"question", "source"} if issubclass(kind, QuestionCommand) else {"person", "name", "home", "code"}
    if issubclass(kind, CategoryCommand):
        left_out = {"category", "why"}
    hints = get_type_hints(kind)
    return tuple(
        name
        for name in _names(kind)
        if name not in left_out and not {Words, Category, Enclosed} & _mentioned(hints[name])
    )


def _mentioned(hint: Any) -> set[Any]:
    return {hint}.union(*(_mentioned(each) for each in get_args(hint)))


_decode_once = lru_cache(maxsize=2_048)(decode)


# Reading: each type gets one function, made once


@cache
def _reader(hint: Any) -> Read:
    """The function that turns parsed JSON into a value of this type."""
    if isinstance(hint, NewType):
        return _reader(hint.__supertype__)
    if hint == Command:
        return _read_command
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _optional_reader(get_args(hint))
    if origin is tuple:
        return _tuple_reader(get_args(hint))
    if origin in (dict, Mapping):
        return _same
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {member.value: member for member in hint}.__getitem__
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass_reader(hint)
    if hint in (str, int, bool, float):
        return _same
    raise TypeError(f"cannot read a {hint} back")


def _same(value: Any) -> Any:
    return value


def _optional_reader(choices: tuple[Any, ...]) -> Read:
    readers = {_reader(choice) for choice in choices if choice is not NoneType}
    if len(readers) != 1:
        raise TypeError(f"cannot tell {choices} apart when reading")
    read = readers.pop()
    if read is _same:
        return _same
    return lambda value: None if value is None else read(value)


def _tuple_reader(parts: tuple[Any, ...]) -> Read:
    if len(parts) == 2 and parts[1] is Ellipsis:
        read = _reader(parts[0])
        return tuple if read is _same else lambda values: tuple([read(value) for value in values])
    reads = tuple(_reader(part) for part in parts)
    return lambda values: tuple(read(value) for read, value in zip(reads, values, strict=True))


def _dataclass_reader(kind: type) -> Read:
    hints = get_type_hints(kind)
    converted = {name: read for name in _names(kind) if (read := _reader(hints[name])) is not _same}
    known = frozenset(_names(kind))

    def read_fields(row: dict[str, Any]) -> Any:
        if not row.keys() <= known:
            row = {name: value for name, value in row.items() if name in known}
        for name, read in converted.items():
            if name in row:
                row[name] = read(row[name])
        return kind(**row)

    return read_fields


def _read_command(row: dict[str, Any]) -> Command:
    command: Command = _reader(_verbs()[row[_VERB]])(row)
    return command


@cache
def _verbs() -> dict[str, type]:
    """Every command by its name."""
    found = (getattr(bot.commands, name) for name in bot.commands.__all__)
    return {
        each.__name__: each
        for each in found
        if isinstance(each, type) and issubclass(each, _COMMANDS) and each not in _COMMANDS
    }
