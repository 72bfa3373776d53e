"""What Slack would refuse about blocks and views, as pure functions.

Sizes: docs.slack.dev/reference/block-kit/blocks and slack_sdk.models.blocks; 13,000 characters in all:
slackapi/bolt-js#2509; views: docs.slack.dev/reference/views and slack_sdk.models.views.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from .elements import CHOICES, ID, IMAGE, MENUS, SELECTS, TYPING, marked, plain, text
from .rich import RICH_TEXT
from .schema import (
    Check,
    Problems,
    anything,
    at_least_one,
    both,
    by_type,
    flag,
    many,
    one_of,
    problem,
    shape,
    url,
    whole,
    words,
)

MOST_BLOCKS: Final = {"message": 50, "modal": 100, "home": 100}
MOST_CHARACTERS: Final = 13_000
MOST_MARKDOWN: Final = 12_000
MOST_VIEW_BYTES: Final = 250_000

INTERACTIVE = MENUS | SELECTS | CHOICES
CELL = by_type(
    {
        "raw_text": shape("raw_text", {"text": words(13_000)}),
        "raw_number": shape("raw_number", {"value": anything}, {"text": words(100)}),
        "rich_text": shape("rich_text", {"elements": RICH_TEXT}, {"block_id": ID}),
    },
    "cell",
)


def block(name: str, needs: dict[str, Check], may: dict[str, Check] | None = None) -> Check:
    return shape(name, needs, {"block_id": ID} | (may or {}))


EVERYWHERE: dict[str, Check] = {
    "section": both(
        block(
            "section",
            {},
            {
                "text": text(3000),
                "fields": many(text(2000), 10),
                "accessory": by_type(INTERACTIVE | {"image": IMAGE}, "accessory"),
                "expand": flag,
            },
        ),
        at_least_one("text", "fields"),
    ),
    "divider": block("divider", {}),
    "header": block("header", {"text": plain(150)}, {"level": whole(1, 6)}),
    "image": both(
        block(
            "image",
            {"alt_text": words(2000)},
            {"image_url": url(3000), "title": plain(2000), "slack_file": anything},
        ),
        at_least_one("image_url", "slack_file"),
    ),
    "context": block(
        "context",
        {"elements": many(by_type({"plain_text": plain(3000), "mrkdwn": marked(3000), "image": IMAGE}, "element"), 10)},
    ),
    "actions": block("actions", {"elements": many(by_type(INTERACTIVE, "action element"), 25)}),
    "rich_text": block("rich_text", {"elements": RICH_TEXT}),
    "input": block(
        "input",
        {"label": plain(2000), "element": by_type(TYPING | SELECTS | CHOICES, "input element")},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
}
IN_MESSAGES: dict[str, Check] = {
    "markdown": block("markdown", {"text": words(MOST_MARKDOWN)}),
    "table": block("table", {"rows": many(many(CELL, 20), 100)}, {"column_settings": many(anything, 20)}),
    "file": block("file", {"external_id": words(255), "source": one_of("remote")}),
}
SURFACES: Final = {"message": EVERYWHERE | IN_MESSAGES, "modal": EVERYWHERE, "home": EVERYWHERE}


def problems(blocks: Any, surface: str = "message", at: str = "/blocks") -> list[str]:
    """What Slack would refuse; `surface` is "message", "modal" or "home". Empty when nothing."""
    kinds = SURFACES[surface]
    found = list(many(by_type(kinds, "block"), MOST_BLOCKS[surface], least=0)(blocks, at))
    if not isinstance(blocks, list):
        return found
    found += ids_differ(blocks, at)
    if surface == "message" and too_long_together(blocks):
        found.append(problem(f"msg_blocks_too_long: {characters(blocks)} of {MOST_CHARACTERS} characters", at))
    marked_down = sum(len(str(each.get("text"))) for each in blocks if is_kind(each, "markdown"))
    if marked_down > MOST_MARKDOWN:
        found.append(problem(f"all markdown blocks together hold {MOST_MARKDOWN} characters", at))
    if sum(is_kind(each, "table") for each in blocks) > 1:
        found.append(problem("only one table is allowed", at))
    focused = sum(element.get("focus_on_load") is True for _, _, element in elements(blocks))
    return found + ([problem("only one element can have focus_on_load", at)] if focused > 1 else [])


def too_long_together(blocks: list[Any]) -> bool:
    """Over 13,000 characters in all: msg_blocks_too_long (slackapi/bolt-js#2509)."""
    return characters(blocks) > MOST_CHARACTERS


def characters(value: Any) -> int:
    """All that people read in blocks, in characters."""
    match value:
        case dict():
            return sum(
                len(part) if key in ("text", "alt_text", "fallback") and isinstance(part, str) else characters(part)
                for key, part in value.items()
            )
        case list():
            return sum(characters(part) for part in value)
    return 0


def elements(blocks: list[Any]) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Place of the block, block and element, for all that can be pressed, chosen or typed into."""
    for place, each in enumerate(blocks):
        if not isinstance(each, dict):
            continue
        inside = each.get("elements") if each.get("type") in ("actions", "context_actions") else None
        found = [*(inside if isinstance(inside, list) else []), each.get("accessory"), each.get("element")]
        for element in found:
            if isinstance(element, dict) and element.get("type") not in (None, "image"):
                yield place, each, element


def ids_differ(blocks: list[Any], at: str) -> Problems:
    """block_id once per message or view, action_id once per block."""
    seen: set[str] = set()
    for place, each in enumerate(blocks):
        name = each.get("block_id") if isinstance(each, dict) else None
        if name is not None and name in seen:
            yield problem(f"block_id must be unique: {name}", f"{at}/{place}/block_id")
        seen.add(str(name))
    pressed: set[tuple[int, str]] = set()
    for place, _, element in elements(blocks):
        name = element.get("action_id")
        if name is not None and (place, str(name)) in pressed:
            yield problem(f"action_id must be unique in its block: {name}", f"{at}/{place}")
        pressed.add((place, str(name)))


def is_kind(value: Any, kind: str) -> bool:
    return isinstance(value, dict) and value.get("type") == kind


MODAL = shape(
    "view",
    {"title": plain(24), "blocks": anything},
    {
        "submit": plain(24),
        "close": plain(24),
        "private_metadata": words(3000, 0),
        "callback_id": words(255, 0),
        "external_id": words(255, 0),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
HOME = shape(
    "view",
    {"blocks": anything},
    {"private_metadata": words(3000, 0), "callback_id": words(255, 0), "external_id": words(255, 0)},
)


def view_problems(view: Any) -> list[str]:
    """What Slack would refuse about a modal or a home tab. Empty when nothing."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return [problem("must be a view of type modal or home", "/view")]
    surface = view["type"]
    found = list((MODAL if surface == "modal" else HOME)(view, "/view"))
    found += problems(view.get("blocks"), surface, "/view/blocks")
    blocks = view.get("blocks")
    has_inputs = isinstance(blocks, list) and any(is_kind(each, "input") for each in blocks)
    if surface == "modal" and has_inputs and not view.get("submit"):
        found.append(problem("submit is required when there are input blocks", "/view"))
    return found + (["view_too_large"] if view_bytes(view) > MOST_VIEW_BYTES else [])


def view_bytes(view: Any) -> int:
    """250 kB at most (docs.slack.dev/surfaces/modals)."""
    return len(json.dumps(view, ensure_ascii=False).encode())
