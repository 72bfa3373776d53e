"""Rules for components that the published schema lacks, what Discord stores of them, and how to find one again.

discord.com/developers/docs/components/reference
"""

import copy
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any, Final

from .refusals import Problem
from .state import COMPONENTS_V2, Json

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(1, 9)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL, FILE_UPLOAD = 9, 10, 11, 12, 13, 14, 17, 18, 19
RADIO, CHECKBOXES, CHECKBOX = 21, 22, 23
SELECTS: Final = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
LINK, PREMIUM = 5, 6
MOST_ROWS, MOST_V2, MOST_V2_TEXT, MOST_PARTS = 5, 40, 4000, 5
Path = tuple[str | int, ...]


def walk(components: list[Json], path: Path = ("components",)) -> Iterator[tuple[Path, Json]]:
    """Every component with its path, nested ones after what holds them."""
    for place, each in enumerate(components):
        here = (*path, place)
        yield here, each
        yield from walk(each.get("components") or [], (*here, "components"))
        for name in ("accessory", "component"):
            if each.get(name):
                yield (*here, name), each[name]


def problems(components: list[Json], flags: int) -> Iterator[Problem]:
    """What Discord refuses in a message's components."""
    everything = list(walk(components))
    if flags & COMPONENTS_V2:
        yield from v2_problems(everything)
    else:
        if len(components) > MOST_ROWS:
            yield ("components",), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_ROWS} in length."
        for path, each in everything:
            if each["type"] not in (ROW, BUTTON, *SELECTS):
                yield (*path, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" needs the flag IS_COMPONENTS_V2.'
    for path, each in everything:
        yield from one(path, each)
    yield from doubled(everything)


def v2_problems(everything: list[tuple[Path, Json]]) -> Iterator[Problem]:
    if len(everything) > MOST_V2:
        yield ("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"No more than {MOST_V2} components in all."
    words = sum(len(each.get("content") or "") for _, each in everything)
    if words > MOST_V2_TEXT:
        yield ("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", f"No more than {MOST_V2_TEXT} characters."


def one(path: Path, each: Json) -> Iterator[Problem]:
    match each["type"]:
        case 1:
            inner = [part["type"] for part in each["components"]]
            selects = sum(kind != BUTTON for kind in inner)
            if selects and len(inner) > 1 and TEXT_INPUT not in inner:
                yield path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The layout width of the row is exceeded."
        case 2:
            yield from button(path, each)
        case kind if kind in SELECTS:
            least, most = each.get("min_values"), each.get("max_values")
            if (1 if least is None else least) > (1 if most is None else most):
                yield (*path, "min_values"), "BASE_TYPE_BAD_VALUE", "min_values is more than max_values."
            values = [option["value"] for option in each.get("options") or []]
            for value, times in Counter(values).items():
                if times > 1:
                    yield (*path, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", f"{value!r} comes twice."
            if values and (most or 1) > len(values):
                yield (*path, "max_values"), "BASE_TYPE_BAD_VALUE", "max_values is more than there are options."


def button(path: Path, each: Json) -> Iterator[Problem]:
    link, custom_id = each["style"] == LINK, each.get("custom_id")
    if link and (custom_id or not each.get("url")):
        yield (
            (*path, "url"),
            "BUTTON_COMPONENT_CUSTOM_ID_AND_URL_MUTUALLY_EXCLUSIVE",
            "A link has a url and no custom id.",
        )
    if not link and each["style"] != PREMIUM and (not custom_id or each.get("url")):
        yield (*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id required"
    if not each.get("label") and not each.get("emoji") and each["style"] != PREMIUM:
        yield (*path, "label"), "BUTTON_COMPONENT_INVALID_EMOJI_OR_LABEL", "A button needs a label or an emoji."


def doubled(everything: list[tuple[Path, Json]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, each in everything:
        key = each.get("custom_id")
        if key and key in seen:
            yield (*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
        if key:
            seen.add(key)


def modal_problems(modal: Json) -> Iterator[Problem]:
    """What Discord refuses in a modal (docs/interactions/receiving-and-responding, modal callback)."""
    parts = modal["components"]
    if len(parts) > MOST_PARTS:
        yield ("components",), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_PARTS} in length."
    everything = list(walk(parts))
    for path, each in everything:
        yield from one(path, each)
        if each["type"] == TEXT_INPUT:
            least, most = each.get("min_length") or 0, each.get("max_length") or 4000
            if least > most:
                yield (*path, "min_length"), "BASE_TYPE_BAD_VALUE", "min_length is more than max_length."
            if len(each.get("value") or "") > most:
                yield (*path, "value"), "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."
        if each["type"] == ROW and len(each["components"]) != 1:
            yield path, "BASE_TYPE_BAD_LENGTH", "A row of a modal holds one text input."
    for path, each in walk(parts):
        in_row = len(path) > 2 and path[-2] == "components"
        if each["type"] == TEXT_INPUT and in_row and not each.get("label"):
            yield (*path, "label"), "BASE_TYPE_REQUIRED", "This field is required"
    yield from doubled(everything)


DEFAULTS: Final[dict[int, Json]] = {
    STRING_SELECT: {"min_values": 1, "max_values": 1},
    USER_SELECT: {"min_values": 1, "max_values": 1},
    ROLE_SELECT: {"min_values": 1, "max_values": 1},
    MENTIONABLE_SELECT: {"min_values": 1, "max_values": 1},
    CHANNEL_SELECT: {"min_values": 1, "max_values": 1},
    CONTAINER: {"accent_color": None, "spoiler": False},
    SEPARATOR: {"spacing": 1, "divider": True},
}


def stored(components: list[Json]) -> list[Json]:
    """As Discord keeps them: every component has an id, unset fields are left out."""
    numbers = count(1)
    return [kept(each, numbers) for each in components]


def kept(value: Any, numbers: Iterator[int]) -> Any:
    match value:
        case {"type": int(kind), **fields}:
            used = {name: part for name, part in fields.items() if part is not None}
            shown: Json = {"type": kind, "id": used.pop("id", None) or next(numbers)} | DEFAULTS.get(kind, {})
            return shown | {name: kept(part, numbers) for name, part in used.items()}
        case dict():
            return {name: kept(part, numbers) for name, part in value.items() if part is not None}
        case list():
            return [kept(part, numbers) for part in value]
    return copy.deepcopy(value)


def pressable(components: list[Json], wanted: str) -> Json | None:
    """The button with this label or custom_id."""
    for _, each in walk(components):
        if each["type"] == BUTTON and wanted in (each.get("label"), each.get("custom_id")):
            return each
    return None


def select(components: list[Json], wanted: str) -> Json | None:
    """The select with this placeholder or custom_id; "" takes the first."""
    for _, each in walk(components):
        if each["type"] in SELECTS and wanted in ("", each.get("placeholder"), each.get("custom_id")):
            return each
    return None
