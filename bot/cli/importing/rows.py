"""Reads JSON lines and CSV row by row; a row that cannot be read is an answer too, and the rest goes on."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

ROW_BYTES_MAX: Final = 1_000_000
_NOT_UTF_8: Final = "this is not text in UTF-8"
_SAVE_AS_UTF_8: Final = "save the file as UTF-8 and import it again"
_LOST: Final = re.compile("[\udc80-\udcff]")  # how a byte that is no UTF-8 is marked


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row's values by column or key. `line` is where it begins, from 1; `bytes_read` is where it ends."""

    line: int
    bytes_read: int
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that was not brought in: why, and what to do about it."""

    line: int
    bytes_read: int
    why: str
    do: str


def format_of(path: Path) -> Format:
    """By the file's ending, else by its first byte."""
    match path.suffix.lower():
        case ".jsonl" | ".ndjson" | ".json":
            return Format.JSONL
        case ".csv" | ".tsv":
            return Format.CSV
    with path.open("rb") as file:
        return Format.JSONL if file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else Format.CSV


def read_rows(path: Path, kind: Format) -> Iterator[Row | Refused]:
    """Every row of the file, in order, one in memory at a time. Raises OSError when the file cannot be read."""
    with path.open("rb") as file:
        yield from (_json_rows if kind is Format.JSONL else _csv_rows)(file)


def _json_rows(file: BinaryIO) -> Iterator[Row | Refused]:
    for number, raw in enumerate(_lines(file), start=1):
        text = _decoded(raw, number, file.tell())
        if isinstance(text, Refused):
            yield text
        elif text.strip():
            yield _json_row(text, number, file.tell())


def _json_row(text: str, number: int, done: int) -> Row | Refused:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as bad:
        why = f"this is not JSON ({bad.msg})" if isinstance(bad, json.JSONDecodeError) else "this is not JSON"
        return Refused(line=number, bytes_read=done, why=why, do="write one complete JSON object on each line")
    if not isinstance(found, dict):
        return Refused(
            line=number, bytes_read=done, why="this is not a JSON object", do='write it as {"question": "..."}'
        )
    return Row(line=number, bytes_read=done, values=found)


def _decoded(raw: bytes, number: int, done: int) -> str | Refused:
    if len(raw) > ROW_BYTES_MAX:
        why = f"this line is longer than {ROW_BYTES_MAX // 1_000_000} MB"
        return Refused(line=number, bytes_read=done, why=why, do="take out the fields that are not needed")
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        return Refused(line=number, bytes_read=done, why=_NOT_UTF_8, do=_SAVE_AS_UTF_8)


def _csv_rows(file: BinaryIO) -> Iterator[Row | Refused]:
    """A row may run over several lines, which is why a broken one is told by its first."""
    lines = _Texts(file)
    headings = _LOST.sub("\ufffd", next(lines, ""))
    delimiter = max((",", ";", "\t"), key=headings.count)
    try:
        [columns] = csv.reader([headings], delimiter=delimiter) if headings.strip() else [[]]
    except csv.Error as bad:
        do = "put the headings on a line of their own, save the file as CSV in UTF-8 and import it again"
        yield Refused(line=1, bytes_read=file.tell(), why=f"the headings are not CSV ({bad})", do=do)
        return
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as bad:
            do = 'put a text with quotes, commas or line breaks into quotes, and write a quote inside it as ""'
            yield Refused(line=line, bytes_read=file.tell(), why=f"this is not CSV ({bad})", do=do)
            continue
        if any(_LOST.search(cell) for cell in cells):
            yield Refused(line=line, bytes_read=file.tell(), why=_NOT_UTF_8, do=_SAVE_AS_UTF_8)
        elif any(cell.strip() for cell in cells):
            yield _csv_row([each.strip() for each in columns], cells, line, file.tell())


def _csv_row(columns: list[str], cells: list[str], line: int, done: int) -> Row | Refused:
    if len(cells) != len(columns):
        why = f"this row has {len(cells)} cells and the headings are {len(columns)}"
        return Refused(line=line, bytes_read=done, why=why, do="give every row one cell for each heading")
    return Row(line=line, bytes_read=done, values=dict(zip(columns, cells, strict=True)))


class _Texts:
    """Lines as text. Bytes that are no UTF-8 are marked and not lost: the borders of the rows are still right."""

    def __init__(self, file: BinaryIO) -> None:
        self._lines = _lines(file)
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = next(self._lines)
        self.line += 1
        return raw.decode("utf-8-sig" if self.line == 1 else "utf-8", errors="surrogateescape").replace("\0", "")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines, of which one that is longer than a row may be is cut off."""
    while line := file.readline(ROW_BYTES_MAX + 1):
        rest = line
        while len(rest) > ROW_BYTES_MAX and not rest.endswith(b"\n"):
            rest = file.readline(ROW_BYTES_MAX + 1)
        yield line
