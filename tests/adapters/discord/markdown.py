"""Reads Discord's markdown as its clients do: which signs act, and what is seen.

support.discord.com "Markdown Text 101", discord.com/developers/docs/reference#message-formatting; the order of the
rules is that of the client's parser, where a backslash comes first and takes a sign's power.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text as it is seen; `kinds` are what acts on it, from the outside in: empty for plain words."""

    kinds: tuple[str, ...]
    text: str


_LINE_RULES: Final = (
    ("heading", re.compile(r" *#{1,3}[^\S\n]+(.+)")),
    ("small", re.compile(r" *-#[^\S\n]+(.+)")),
    ("list", re.compile(r" *(?:[-*+]|\d+\.)[^\S\n]+(.+)")),
)
_QUOTE: Final = re.compile(r" *> (.*)")
_QUOTE_REST: Final = re.compile(r" *>>> (.*)", re.DOTALL)
_RULES: Final = tuple(
    (kind, re.compile(rule, re.DOTALL))
    for kind, rule in (
        ("", r"\\([^0-9A-Za-z\s])"),
        ("block", r"```(.+?)```"),
        ("code", r"(?P<tick>`+)(?P<inside>.*?[^`])(?P=tick)(?!`)"),
        ("link", r"<([A-Za-z][\w+.-]*:/[^ >]+)>"),
        ("link", r"<([^\s<>@]+@[^\s<>]+\.\w+|\+\d{5,})>"),
        ("mention", r"(<(?:@[!&]?|#)\d+>|@everyone|@here|<id:\w+>|</[^<>\n]+:\d+>)"),
        ("time", r"<t:(-?\d+(?::[tTdDfFRsS])?)>"),
        ("emoji", r"(<a?:\w+:\d+>|:(?!(?!100:|1234:)\d+:)[^\s:]+?(?:::skin-tone-\d)?:)"),
        ("link", r"((?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s])"),
        ("masked", r"\[((?:\[[^\]]*\]|[^\[\]])*)\]\([^()\s]+(?:\([^()\s]*\)[^()\s]*)*\)"),
        ("bold", r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)"),
        ("underlined", r"__((?:\\.|[^\\])+?)__(?!_)"),
        ("slanted", r"\b_((?:__|\\.|[^\\_])+?)_\b"),
        ("slanted", r"\*(?=\S)((?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"),
        ("struck", r"~~(.+?)~~"),
        ("spoiler", r"\|\|(.+?)\|\|"),
    )
)
_NESTS: Final = ("masked", "bold", "underlined", "slanted", "struck", "spoiler")
_MAY_ACT: Final = re.compile(r"[\\`<@:*_~|\[]|https?://|steam://|discord://")


def spans(text: str) -> Iterator[Span]:
    """All that is seen, line breaks included."""
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        if place:
            yield Span((), "\n")
        rest = _QUOTE_REST.fullmatch("\n".join(lines[place:]))
        if rest:
            yield from _inside("quote", spans(rest[1]))
            return
        quoted = []
        while place < len(lines) and (quote := _QUOTE.fullmatch(lines[place])):
            quoted.append(quote[1])
            place += 1
        if quoted:
            yield from _inside("quote", spans("\n".join(quoted)))
            continue
        # What begins on one line may end on another, so lines that begin no block are read together.
        plain = []
        while place < len(lines) and not (plain and _begins_block(lines[place])):
            plain.append(lines[place])
            place += 1
            if _line(plain[0]):
                break
        yield from _read("\n".join(plain))


def acting(text: str) -> list[Span]:
    """What does anything at all."""
    return [each for each in spans(text) if each.kinds]


def seen(text: str, time: Callable[[int, str], str] = lambda at, style: "@time") -> str:
    """The words as they are seen; `time` says a time from its seconds and its style."""
    return "".join(said(each, time) for each in spans(text))


def said(span: Span, time: Callable[[int, str], str]) -> str:
    if span.kinds[-1:] != ("time",):
        return span.text
    at, _, style = span.text.partition(":")
    return time(int(at), style or "f")


def _begins_block(line: str) -> bool:
    return bool(_QUOTE.fullmatch(line) or _QUOTE_REST.match(line) or _line(line))


def _line(line: str) -> tuple[str, str] | None:
    return next(((kind, found[1]) for kind, rule in _LINE_RULES if (found := rule.fullmatch(line))), None)


def _read(text: str) -> Iterator[Span]:
    block = _line(text)
    if block:
        yield from _inside(block[0], _inline(block[1]))
    else:
        yield from _inline(text)


def _inline(text: str) -> Iterator[Span]:
    place = 0
    plain: list[str] = []
    while (next_sign := _MAY_ACT.search(text, place)) is not None:
        plain.append(text[place : next_sign.start()])
        place = next_sign.start()
        kind, found = next(((kind, found) for kind, rule in _RULES if (found := rule.match(text, place))), ("", None))
        # An underscore acts only at the edge of a word.
        if found is None or (kind == "slanted" and text[place] == "_" and place and re.match(r"\w", text[place - 1])):
            plain.append(text[place])
            place += 1
            continue
        place = found.end()
        inside = found["inside"] if kind == "code" else found[1]
        if not kind:
            plain.append(inside)
            continue
        if words := "".join(plain):
            yield Span((), words)
        plain = []
        yield from _inside(kind, _inline(inside) if kind in _NESTS else iter((Span((), inside),)))
    if words := "".join((*plain, text[place:])):
        yield Span((), words)


def _inside(kind: str, inner: Iterator[Span]) -> Iterator[Span]:
    for each in inner:
        yield Span((kind, *each.kinds), each.text)
