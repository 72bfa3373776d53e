"""What a file is, read off its bytes and never off its name; and what it is called where people see it."""

import codecs
import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import puremagic

PICTURES: Final = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
# What each kind may be called; the first is given to a name that says something else.
ENDINGS: Final = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/json": (".json",),
    "text/csv": (".csv",),
    "text/plain": (".txt", ".log"),
}
_NAME_CHARS: Final = 80
_HEAD_BYTES: Final = 4_096
_ROWS_LOOKED_AT: Final = 20
# Signatures first (PNG, RFC 2083; JPEG, ISO 10918-1; GIF89a; RIFF; PDF, ISO 32000-1), each at the very first byte.
_SIGNATURES: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"%PDF-[12]\.[0-9]"), "pdf"),
)
# Text that a program would run, or draw as a page, is not plain text.
_ACTIVE: Final = re.compile(
    r"\s*(<!doctype\s+html|<html|<svg|<script|<\?php|#!|(<\?xml[^>]*>\s*(<!--.*?-->\s*)*<svg))", re.I | re.S
)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # on Windows these are devices


class Unfit(StrEnum):
    """Why a file is not taken; each has a sentence."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    TOO_MANY_PIXELS = "too-many-pixels"
    BROKEN = "broken"
    NOT_ALLOWED = "not-allowed"
    NOT_HERE = "not-here"  # it came with something that carries no files


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFile:
    """A file that was not taken: its name as a sentence can say it, and the number that it went beyond."""

    name: str
    why: Unfit
    what: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the bytes are: `picture` by its format, `document` by its media type with its bytes as they are kept, or
    neither, and then `what` names it in a few words when anybody knows."""

    picture: str = ""
    document: str = ""
    content: bytes = b""
    what: str = ""


def kind_of(content: bytes) -> Kind:
    """Pictures and PDF by their signature, text by being nothing else; everything else is only named."""
    for signature, kind in _SIGNATURES:
        if signature.match(content):
            return Kind(document="application/pdf", content=content) if kind == "pdf" else Kind(picture=kind)
    text = _text(content)
    if text is not None and not _ACTIVE.match(text[:_HEAD_BYTES]):
        return Kind(document=_kind_of_text(text), content=text.encode())
    return Kind(what=_named(content))


def clean_name(name: str, media_type: str) -> str:
    """The name without folders and signs that cannot be seen or that turn the reading round, ending as its kind does.

    At most 80 characters; `file` when nothing is left.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name.encode(errors="replace").decode()))[-1]
    seen = "".join(" " if sign.isspace() else sign for sign in last)
    kept = "".join(sign for sign in seen if not unicodedata.category(sign).startswith("C"))
    kept = re.sub(r'[<>:"|?*`]', "_", " ".join(kept.split())).strip(". -")
    stem, dot, ending = kept.rpartition(".")
    endings = ENDINGS[media_type]
    if not dot or f".{ending.lower()}" not in endings:
        stem, ending = kept, endings[0]
    else:
        ending = f".{ending.lower()}"
    stem = stem[: _NAME_CHARS - len(ending)].rstrip(". ")
    return f"{'_' if _RESERVED.match(stem) else ''}{stem or 'file'}{ending}"


def said_name(name: str) -> str:
    """A name that is not kept, as a sentence about it says it: short, and nothing in it that is not seen."""
    last = re.split(r"[/\\]", name.encode(errors="replace").decode())[-1]
    kept = "".join(sign for sign in last if sign == " " or not unicodedata.category(sign).startswith(("C", "Z")))
    return " ".join(kept.split())[:60].rstrip() or "file"


def _text(content: bytes) -> str | None:
    """The text, if it is one: UTF-8, UTF-16 that says so, or Windows-1252, with no signs that texts do not have."""
    known = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    for encoding in (known,) if known else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _NOT_TEXT.search(text) else text
    return None


def _kind_of_text(text: str) -> str:
    start = text.lstrip()[:1]
    if start in ("{", "["):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return "text/plain"
        return "application/json"
    rows = [row for row in text.splitlines()[:_ROWS_LOOKED_AT] if row.strip()]
    for sign in ",;\t":
        counts = {row.count(sign) for row in rows}
        if len(rows) > 1 and len(counts) == 1 and counts != {0}:
            return "text/csv"
    return "text/plain"


def _named(content: bytes) -> str:
    """`HEIF Image format`, as far as its first bytes tell."""
    if content.startswith(b"PK\x03\x04"):
        return "ZIP archive"  # documents of offices are archives too
    try:
        found = puremagic.magic_string(content[:_HEAD_BYTES])
    except (puremagic.PureError, ValueError):
        return ""
    return str(found[0].name) if found else ""
