"""What people see and hear of a message: markup read as Slack reads it, and whom it rings."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

ANGLE: Final = re.compile(r"<([^<>\n]*)>")
BARE_URL: Final = re.compile(r"https?://[^\s<>|]+")
BROADCASTS: Final = ("channel", "here", "everyone")


@dataclass(slots=True, kw_only=True)
class Reader:
    """Who reads, when, and the names that ids stand for."""

    tz: str = "Europe/London"
    now: float = 0.0
    names: dict[str, str] = field(default_factory=dict)

    def name(self, key: str) -> str:
        return self.names.get(key, key)


def reads(content: Any, reader: Reader | None = None, *, text: str = "") -> str:
    """Text as people see it: `content` is mrkdwn text, one block or a list of blocks (`text` stands in for none)."""
    reader = reader or Reader()
    match content:
        case str():
            return mrkdwn(content, reader)
        case dict():
            return "\n".join(block_lines(content, reader))
        case list() if content:
            return "\n".join(line for block in content for line in block_lines(block, reader))
    return mrkdwn(text, reader)


def mrkdwn(text: str, reader: Reader) -> str:
    return html.unescape(ANGLE.sub(lambda found: angle(found[1], reader), text))


def angle(inside: str, reader: Reader) -> str:
    """What stands between < and > in mrkdwn (docs.slack.dev/messaging/formatting-message-text)."""
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{label or reader.name(target[1:])}"
    if target.startswith("#"):
        return f"#{label or reader.name(target[1:])}"
    if target.startswith("!subteam^"):
        return f"@{label.removeprefix('@') or reader.name(target[9:])}"
    if target.startswith("!date^"):
        return date_text(target, label, reader)
    if target.startswith("!") and target[1:] in BROADCASTS:
        return f"@{target[1:]}"
    if target.startswith("!"):
        return f"<{label or target[1:]}>"
    if target.startswith(("http://", "https://", "mailto:", "slack://")):
        return f"{label} ({target})" if label and label != target else target
    return f"<{inside}>"


def date_text(target: str, fallback: str, reader: Reader) -> str:
    parts = target.split("^")
    if len(parts) < 3 or not parts[1].isdigit():
        return fallback
    shown = moment(int(parts[1]), parts[2], reader)
    return fallback if shown is None else shown


def moment(timestamp: int, form: str, reader: Reader) -> str | None:
    """A time in the reader's own zone; None when the form has a token that Slack does not know."""
    zone = ZoneInfo(reader.tz)
    at, today = datetime.fromtimestamp(timestamp, zone), datetime.fromtimestamp(reader.now, zone).date()
    pretty = {today: "today", today - timedelta(1): "yesterday", today + timedelta(1): "tomorrow"}.get(at.date())
    long = f"{at:%A}, {at:%B} {at.day}, {at.year}"
    short = f"{at:%b} {at.day}, {at.year}"
    normal = f"{at:%B} {at.day}, {at.year}"
    tokens = {
        "{date_num}": f"{at:%Y-%m-%d}",
        "{date_slash}": f"{at:%d/%m/%Y}",
        "{date}": normal,
        "{date_short}": short,
        "{date_long}": long,
        "{date_pretty}": pretty or normal,
        "{date_short_pretty}": pretty or short,
        "{date_long_pretty}": pretty or long,
        "{date_long_full}": long,
        "{day_divider_pretty}": pretty or long,
        "{time}": f"{at:%H:%M}",
        "{time_secs}": f"{at:%H:%M:%S}",
        "{ago}": f"{max(int(reader.now) - timestamp, 0) // 60} minutes ago",
    }
    used = re.findall(r"{\w+}", form)
    if not used or any(token not in tokens for token in used):
        return None
    return re.sub(r"{\w+}", lambda found: tokens[found[0]], form)


def block_lines(block: dict[str, Any], reader: Reader) -> list[str]:
    """The lines of one block; buttons as [Label], selects as [Placeholder v], inputs as Label: ____."""
    match block.get("type"):
        case "section":
            lines = [text_object(block["text"], reader)] if block.get("text") else []
            lines += [f"  {text_object(each, reader)}" for each in block.get("fields", [])]
            return lines + ([element_text(block["accessory"], reader)] if block.get("accessory") else [])
        case "header":
            return [text_object(block["text"], reader)]
        case "context":
            return [" ".join(text_object(each, reader) for each in block["elements"])]
        case "actions" | "context_actions":
            return [" ".join(element_text(each, reader) for each in block["elements"])]
        case "divider":
            return ["---"]
        case "image":
            return [f"(image: {block.get('alt_text', '')})"]
        case "markdown":
            return [block["text"]]
        case "rich_text":
            return [line for element in block["elements"] for line in rich_lines(element, reader)]
        case "input":
            hint = f" ({text_object(block['hint'], reader)})" if block.get("hint") else ""
            optional = " (optional)" if block.get("optional") else ""
            return [f"{text_object(block['label'], reader)}{optional}{hint}: {element_text(block['element'], reader)}"]
        case "table":
            return [" | ".join(cell_text(cell, reader) for cell in row) for row in block["rows"]]
    return [f"({block.get('type')})"]


def text_object(value: dict[str, Any], reader: Reader) -> str:
    match value.get("type"):
        case "mrkdwn":
            return mrkdwn(value["text"], reader)
        case "image":
            return f"(image: {value.get('alt_text', '')})"
    return str(value.get("text", ""))


def element_text(element: dict[str, Any], reader: Reader) -> str:
    kind = element.get("type", "")
    if kind == "button":
        return f"[{text_object(element['text'], reader)}]"
    if kind == "image":
        return f"(image: {element.get('alt_text', '')})"
    chosen = element.get("initial_option") or next(iter(element.get("initial_options") or []), None)
    if kind in ("checkboxes", "radio_buttons"):
        return " ".join(f"( {text_object(each['text'], reader)} )" for each in element["options"])
    if kind == "overflow":
        return "[... " + " / ".join(text_object(each["text"], reader) for each in element["options"]) + "]"
    if "select" in kind or kind.endswith("picker"):
        shown = text_object(chosen["text"], reader) if chosen else text_object(element.get("placeholder", {}), reader)
        return f"[{shown or 'Choose'} v]"
    return str(element.get("initial_value") or "____")


def cell_text(cell: dict[str, Any], reader: Reader) -> str:
    return (
        " ".join(block_lines(cell, reader)) if cell["type"] == "rich_text" else str(cell.get("text", cell.get("value")))
    )


def rich_lines(element: dict[str, Any], reader: Reader) -> list[str]:
    match element["type"]:
        case "rich_text_quote":
            return [f"> {line}" for line in "".join(parts(element, reader)).split("\n")]
        case "rich_text_list":
            ordered, indent = element["style"] == "ordered", "  " * element.get("indent", 0)
            return [
                f"{indent}{f'{place}.' if ordered else '•'} {''.join(parts(item, reader))}"
                for place, item in enumerate(element["elements"], start=1 + element.get("offset", 0))
            ]
    return "".join(parts(element, reader)).split("\n")


def parts(element: dict[str, Any], reader: Reader) -> Iterator[str]:
    names: dict[str, Callable[[dict[str, Any]], str]] = {
        "text": lambda part: part["text"],
        "link": lambda part: f"{part['text']} ({part['url']})" if part.get("text") else part["url"],
        "emoji": lambda part: f":{part['name']}:",
        "user": lambda part: f"@{reader.name(part['user_id'])}",
        "usergroup": lambda part: f"@{reader.name(part['usergroup_id'])}",
        "channel": lambda part: f"#{reader.name(part['channel_id'])}",
        "broadcast": lambda part: f"@{part['range']}",
        "color": lambda part: part["value"],
        "date": lambda part: moment(part["timestamp"], part["format"], reader) or part.get("fallback", ""),
    }
    for part in element.get("elements", []):
        yield names[part["type"]](part)


def pings(text: str, blocks: list[Any], *, link_names: bool = False, names: dict[str, str] | None = None) -> list[str]:
    """Whom a message rings: "channel", "here", "everyone", user ids and group ids, in order of appearance.

    `names` (name -> id) matters for link_names, where plain @name and @channel ring as well.
    """
    found: list[str] = []
    for piece in [text, *marked_texts(blocks)]:
        for inside in ANGLE.findall(piece):
            target = inside.partition("|")[0]
            if target[:1] == "@" or target.startswith("!subteam^"):
                found.append(target.removeprefix("@").removeprefix("!subteam^"))
            elif target[:1] == "!" and target[1:] in BROADCASTS:
                found.append(target[1:])
        if link_names:
            called = re.findall(r"@([\w.-]+)", ANGLE.sub("", piece))
            found += [(names or {}).get(name, name) for name in called if name in BROADCASTS or name in (names or {})]
    found += rich_pings(blocks)
    return list(dict.fromkeys(found))


def marked_texts(value: Any) -> Iterator[str]:
    """Every mrkdwn text in blocks, and every markdown block."""
    match value:
        case {"type": "mrkdwn" | "markdown", "text": str(text)}:
            yield text
        case dict():
            for part in value.values():
                yield from marked_texts(part)
        case list():
            for part in value:
                yield from marked_texts(part)


def rich_pings(value: Any) -> Iterator[str]:
    match value:
        case {"type": "user", "user_id": str(key)} | {"type": "usergroup", "usergroup_id": str(key)}:
            yield key
        case {"type": "broadcast", "range": str(key)}:
            yield key
        case dict():
            for part in value.values():
                yield from rich_pings(part)
        case list():
            for part in value:
                yield from rich_pings(part)


def links(text: str, blocks: list[Any]) -> list[str]:
    """Links that Slack would unfurl."""
    return [url for piece in (text, *marked_texts(blocks)) for url in BARE_URL.findall(piece)]
