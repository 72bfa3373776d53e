"""Finds out which column is the question, the answer, the category: guessed from the names, shown, and overridable."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from rapidfuzz import fuzz, process

from bot.cli.importing.rows import Refused, Row

TARGETS: Final = ("question", "answer", "category", "customer", "asked", "id", "language")
_LIKE_ENOUGH: Final = 60  # percent of letters

# Of each target the first guess that is there; a plus joins texts by an empty line.
_GUESSES: Final[dict[str, tuple[str, ...]]] = {
    "question": (
        *("question", "title+body", "subject+body", "subject+description", "title+description"),
        *("body", "description", "text", "message", "utterance", "query", "title", "subject"),
    ),
    "answer": ("answer", "answers", "accepted_answer", "response", "reply", "resolution", "solution"),
    "category": ("category", "topic", "queue", "intent", "label"),
    "customer": ("customer", "asker", "requester", "user", "author", "from"),
    "asked": ("asked", "asked_at", "created_at", "created", "date", "timestamp", "time"),
    "id": ("id", "number", "ticket", "ticket_id", "key", "url"),
    "language": ("language", "lang", "locale"),
}
# Where the words are when a value is an object.
_WORDS_IN: Final = ("body", "text", "answer", "content", "message")


class BadMap(Exception):
    """The mapping cannot be used; the message says why, and what there is to choose from."""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """For each target the columns whose texts make it, in order."""

    columns: Mapping[str, tuple[str, ...]]

    def __str__(self) -> str:
        return ",".join(f"{target}={'+'.join(self.columns[target])}" for target in TARGETS if target in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one row holds. `asked_at` is milliseconds UTC; an empty text means that it is not there."""

    line: int
    bytes_read: int
    question: str
    answer: str = ""
    category: str = ""
    customer: str = ""
    asked_at: int | None = None
    id: str = ""
    language: str = ""


def columns_of(rows: Iterable[Row | Refused]) -> tuple[str, ...]:
    """Every column that these rows have, in the order in which they appear."""
    return tuple(dict.fromkeys(name for row in rows if isinstance(row, Row) for name in row.values))


def field_map(columns: tuple[str, ...], wanted: str = "") -> FieldMap:
    """What is what: as `wanted` says ("question=title+body,answer=reply"), guessed where it is silent.

    "category=" with nothing behind it leaves that target out. Raises BadMap.
    """
    chosen = dict(_chosen(part, columns) for part in wanted.split(",") if part.strip())
    for target, guesses in _GUESSES.items():
        if target not in chosen and (found := _guessed(guesses, columns)):
            chosen[target] = found
    found_map = FieldMap({target: parts for target, parts in chosen.items() if parts})
    if "question" not in found_map.columns:
        raise BadMap(
            f"Which column is the question? There are: {', '.join(columns) or 'none'}. "
            "Say it like --map question=title+body."
        )
    return found_map


def record_of(row: Row, fields: FieldMap) -> Record | Refused:
    """The row as texts, or why it cannot be used."""
    try:
        texts = {
            target: "\n\n".join(filter(None, (_text(row.values.get(name)) for name in names)))
            for target, names in fields.columns.items()
        }
        asked_at = _moment(texts.pop("asked", ""))
    except ValueError as bad:
        return Refused(
            line=row.line, bytes_read=row.bytes_read, why=str(bad), do="mend it, or leave the column out of --map"
        )
    if not texts["question"].strip():
        names = "+".join(fields.columns["question"])
        why = f"there is no question in {names}"
        return Refused(
            line=row.line, bytes_read=row.bytes_read, why=why, do="fill it in, or choose other columns with --map"
        )
    return Record(line=row.line, bytes_read=row.bytes_read, asked_at=asked_at, **texts)


def _chosen(part: str, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    target, equals, names = (piece.strip() for piece in part.partition("="))
    if target not in TARGETS or not equals:
        meant = process.extractOne(target, TARGETS, scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
        hint = f"did you mean {meant[0]}?" if meant else f"there are {', '.join(TARGETS)}."
        raise BadMap(f"--map {part.strip()}: {target!r} is nothing that can be mapped; {hint}")
    parts = tuple(name.strip() for name in names.split("+") if name.strip())
    for name in parts:
        if name not in columns:
            meant = process.extractOne(name, columns, scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
            hint = f"did you mean {meant[0]}?" if meant else f"there are {', '.join(columns) or 'none'}."
            raise BadMap(f"--map {part.strip()}: the file has no column {name!r}; {hint}")
    return target, parts


def _guessed(guesses: tuple[str, ...], columns: tuple[str, ...]) -> tuple[str, ...]:
    named = {column.casefold(): column for column in reversed(columns)}
    for guess in guesses:
        parts = guess.split("+")
        if all(part in named for part in parts):
            return tuple(named[part] for part in parts)
    return ()


def _text(value: object) -> str:
    """A value as text; of several answers the accepted one, else the one with the most votes, else the first."""
    match value:
        case None:
            return ""
        case str():
            # Half a sign, which JSON can name and no database can keep, becomes the replacement sign.
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
        case bool() | int() | float():
            return json.dumps(value)
        case list() if not value:
            return ""
        case list():
            return _text(max(value, key=_standing))
        case dict():
            return next((_text(value[name]) for name in _WORDS_IN if value.get(name)), "")
        case _:
            raise ValueError(f"a value is a {type(value).__name__}, which is no text")


def _standing(answer: object) -> tuple[bool, float]:
    if not isinstance(answer, dict):
        return (False, 0)
    score = answer.get("score", 0)
    return (answer.get("accepted") is True, float(score) if isinstance(score, int | float) else 0)


def _moment(text: str) -> int | None:
    """Milliseconds UTC of a date (ISO 8601, UTC when no zone is given) or of seconds or milliseconds since 1970."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text[:40]!r} is no date such as 2026-03-31T14:05:00Z") from None
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1_000)
    if not 0 <= seconds < 1e14:  # also what is not a number at all
        raise ValueError(f"{text[:40]!r} is no moment in seconds or milliseconds since 1970")
    return int(seconds * 1_000 if seconds < 1e11 else seconds)
