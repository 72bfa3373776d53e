"""Slack's blocks as they stand on a phone's narrow screen, for reading them before anybody has to."""

import textwrap
from collections.abc import Iterator
from typing import Any, Final

from tests.fakes.slack import Reader, reads
from tests.gallery.scenes import NOW

WIDTH: Final = 48
READER: Final = Reader(tz="UTC", now=NOW / 1000)


def screen(blocks: list[dict[str, Any]]) -> str:
    """`*bold*`, `┃ quotes`, `· small print`, `[Button]`, `[[Main button]]`, `[!Dangerous button!]`."""
    return "\n".join(line for block in blocks for line in _block(block))


def view_screen(view: dict[str, Any]) -> str:
    """A modal with its bar: title above, what can be pressed below."""
    if view["type"] == "home":
        return screen(view["blocks"])
    bar = [f"( {view[name]['text']} )" for name in ("close", "submit") if name in view]
    return "\n".join([f"=== {view['title']['text']} ===", screen(view["blocks"]), " ".join(bar)])


def notification(text: str) -> str:
    """What a locked phone shows of it."""
    return textwrap.shorten(reads(text, READER), 110, placeholder=" …")


def _block(block: dict[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "section":
            yield from _wrapped(block["text"]["text"])
            if "accessory" in block:
                yield _element(block["accessory"])
        case "context":
            for element in block["elements"]:
                yield from _wrapped(element["text"], "· ")
        case "rich_text":
            for element in block["elements"]:
                yield from _rich(element)
        case "actions":
            yield " ".join(_element(each) for each in block["elements"])
        case "input":
            yield from _input(block)
        case "divider":
            yield "─" * WIDTH
        case other:
            raise AssertionError(f"nobody has seen a {other} on a phone")


def _rich(element: dict[str, Any]) -> Iterator[str]:
    for part in element["elements"]:
        bold = part.get("style", {}).get("bold")
        text = f"*{part['text']}*" if bold else part["text"]
        yield from _lines(text, "┃ " if element["type"] == "rich_text_quote" else "")


def _input(block: dict[str, Any]) -> Iterator[str]:
    element = block["element"]
    yield from _lines(block["label"]["text"] + (" (optional)" if block["optional"] else ""), "")
    chosen = element.get("initial_option")
    match element["type"]:
        case "plain_text_input":
            box = element.get("initial_value", "")
            yield from _lines(box or " ", "│ ")
            if element["multiline"] and not box:
                yield "│"
        case "radio_buttons":
            for each in element["options"]:
                yield f"({'•' if each == chosen else ' '}) {each['text']['text']}"
        case "static_select":
            yield f"[{chosen['text']['text'] if chosen else element['placeholder']['text']} ▾]"
    if "hint" in block:
        yield from _lines(block["hint"]["text"], "  ")


def _element(element: dict[str, Any]) -> str:
    label = element["text"]["text"]
    return {"primary": f"[[{label}]]", "danger": f"[!{label}!]"}.get(element.get("style", ""), f"[{label}]")


def _wrapped(mrkdwn: str, mark: str = "") -> Iterator[str]:
    return _lines(reads(mrkdwn, READER), mark)


def _lines(text: str, mark: str) -> Iterator[str]:
    for line in text.split("\n"):
        for each in textwrap.wrap(line, WIDTH - len(mark), break_on_hyphens=False) or [""]:
            yield f"{mark}{each}".rstrip()
