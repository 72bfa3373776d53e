"""Discord's components as they stand on a phone's narrow screen, for reading them before anybody has to."""

import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from tests.adapters.discord.markdown import Span, said, spans
from tests.gallery.scenes import NOW

WIDTH: Final = 48
_COLOURS: Final = {0x3B82F6: "blue", 0xE0A100: "amber", 0x2E9E5B: "green", 0xD83A3A: "red", 0x80848E: "grey"}
_KEPT: Final = "\ue0ff"  # a space at which no line ends
_MARKS: Final = {"bold": "*", "code": "`"}
_EDGES: Final = {"quote": "┃ ", "small": "· "}
_NEVER: Final = frozenset(
    {"heading", "list", "slanted", "underlined", "struck", "spoiler", "masked", "mention", "emoji"}
)


def screen(components: list[dict[str, Any]]) -> str:
    """`*bold*`, `┃ quotes`, `· small print`, `[Button]`, `[[Main button]]`, `[!Dangerous button!]`; a frame with its
    colour around what stands in one."""
    return "\n".join(line for each in components for line in _component(each))


def modal_screen(modal: dict[str, Any]) -> str:
    """A modal with its bar; Discord's own words are on its buttons."""
    return "\n".join([f"=== {modal['title']} ===", screen(modal["components"]), "( Cancel ) ( Submit )"])


def words_seen(markdown: str, width: int = WIDTH) -> Iterator[str]:
    """The lines of a text display."""
    for edge, text in _edged(markdown):
        for line in text.split("\n"):
            for each in textwrap.wrap(line, width - len(edge), break_on_hyphens=False) or [""]:
                yield f"{edge}{each}".rstrip()


def _component(each: dict[str, Any]) -> Iterator[str]:
    match each["type"]:
        case 17:
            colour = _COLOURS.get(each.get("accent_color", 0), "plain")
            yield f"┌─ {colour}"
            for part in each["components"]:
                yield from (f"│ {line}".rstrip() for line in _component(part))
            yield "└─"
        case 10:
            yield from words_seen(each["content"])
        case 1:
            kept = " ".join(_button(part).replace(" ", _KEPT) for part in each["components"])
            yield from (line.replace(_KEPT, " ") for line in textwrap.wrap(kept, WIDTH))
        case 12:
            yield from (f"(picture: {item['description']})" for item in each["items"])
        case 13:
            yield f"(file: {each['file']['url'].removeprefix('attachment://')})"
        case 18:
            yield from _labelled(each)
        case other:
            raise AssertionError(f"nobody has seen a {other} on a phone")


def _labelled(label: dict[str, Any]) -> Iterator[str]:
    part = label["component"]
    yield from textwrap.wrap(label["label"] + (" *" if part["required"] else ""), WIDTH)
    if "description" in label:
        yield from textwrap.wrap(label["description"], WIDTH, initial_indent="  ", subsequent_indent="  ")
    options = part.get("options", [])
    chosen = next((each["label"] for each in options if each.get("default")), "")
    match part["type"]:
        case 4:
            for line in (part.get("value") or " ").split("\n"):
                yield from (f"▏{each}".rstrip() for each in textwrap.wrap(line, WIDTH - 1) or [""])
            if part["style"] == 2 and not part.get("value"):
                yield "▏"
        case 21:
            yield from (f"({'•' if each['label'] == chosen else ' '}) {each['label']}" for each in options)
        case 3 | 5:
            yield f"[{chosen or part['placeholder']} ▾]"
        case 19:
            yield "[Upload ⬆]"


def _button(button: dict[str, Any]) -> str:
    label = button["label"]
    return {1: f"[[{label}]]", 4: f"[!{label}!]"}.get(button["style"], f"[{label}]")


def _edged(markdown: str) -> Iterator[tuple[str, str]]:
    """Stretches of text with what stands at their left edge."""
    for edge, run in groupby(spans(markdown), key=_edge):
        stretches = groupby(run, key=lambda each: next((kind for kind in each.kinds if kind in _MARKS), ""))
        text = "".join(_marked(kind, "".join(_shown(each) for each in same)) for kind, same in stretches)
        text = text.removesuffix("\n").removeprefix("\n") if text != "\n" else ""
        if text or edge:
            yield edge, text


def _edge(span: Span) -> str:
    return next((_EDGES[kind] for kind in span.kinds if kind in _EDGES), "")


def _shown(span: Span) -> str:
    assert not _NEVER & set(span.kinds), f"{span} would surprise whoever reads it"
    return said(span, _time)


def _marked(kind: str, text: str) -> str:
    return f"{_MARKS.get(kind, '')}{text}{_MARKS.get(kind, '')}"


def _time(at: int, style: str) -> str:
    """A reader in UTC sees it so, at the gallery's own time."""
    there = datetime.fromtimestamp(at, UTC)
    match style:
        case "t":
            return f"{there:%H:%M}"
        case "F":
            return f"{there:%A, %B} {there.day}, {there.year} {there:%H:%M}"
    assert style == "R", f"nobody has seen a time of style {style}"
    minutes = round((NOW / 1000 - at) / 60)
    counts = ((1_440, "day"), (60, "hour"), (1, "minute"))
    size, name = next(((size, name) for size, name in counts if abs(minutes) >= size), (1, "minute"))
    count = abs(minutes) // size
    length = f"{count} {name}{'' if count == 1 else 's'}"
    return f"{length} ago" if minutes >= 0 else f"in {length}"
