"""Filling in what is on the screen: inputs by label, checked as Slack's own client checks them before it submits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .reading import Reader, reads
from .state import Json, View
from .views import SELECTED


@dataclass(slots=True, kw_only=True)
class Field:
    """An input in a view, with its label ("" outside input blocks)."""

    block: Json
    element: Json
    label: str

    @property
    def key(self) -> tuple[str, str]:
        return self.block["block_id"], self.element["action_id"]


def fields(view: View) -> Iterator[Field]:
    for block in view.body["blocks"]:
        label = block["label"]["text"] if block["type"] == "input" else ""
        inside = block.get("elements", []) if block["type"] == "actions" else []
        for element in [*inside, block.get("element"), block.get("accessory")]:
            if element and (block["block_id"], element.get("action_id")) in view.values:
                yield Field(block=block, element=element, label=label)


def field_called(view: View, wanted: str) -> Field:
    """By label, block_id or action_id. Raises AssertionError when it is not on the screen."""
    for field in fields(view):
        shown = field.element.get("placeholder", {}).get("text")
        if wanted in (field.label, field.block["block_id"], field.element["action_id"], shown):
            return field
    raise AssertionError(f"there is no input {wanted!r} among {[field.label for field in fields(view)]}")


def put(view: View, field: Field, value: Any) -> None:
    """Type or choose: text, an option's label or value, or a list of them. Raises AssertionError when not offered."""
    kind = field.element["type"]
    name = SELECTED.get(kind, ("value", ""))[0]
    if name == "selected_option":
        value = None if value is None else option(field.element, value)
    elif name == "selected_options":
        value = [option(field.element, each) for each in value]
    most = field.element.get("max_length", 3000) if kind == "plain_text_input" else None
    if most is not None and value is not None:
        value = str(value)
        assert len(value) <= most, f"{field.label} takes {most} characters at most: Slack's client stops there"
    view.values[field.key] = {"type": kind, name: value if value != "" else None}


def option(element: Json, wanted: str) -> Json:
    groups = [each["options"] for each in element.get("option_groups", [])]
    offered = [*element.get("options", []), *(each for group in groups for each in group)]
    for each in offered:
        if wanted in (each["text"]["text"], each["value"]):
            return dict(each)
    raise AssertionError(f"{wanted!r} is not offered among {[each['text']['text'] for each in offered]}")


def not_filled_in(view: View) -> list[str]:
    """What Slack's client would not submit: required inputs left empty, texts under their least length."""
    found = []
    for field in fields(view):
        if field.block["type"] != "input":
            continue
        value = next(value for name, value in view.values[field.key].items() if name != "type")
        if not value and not field.block.get("optional"):
            found.append(f"{field.label}: please complete this required field")
        least = field.element.get("min_length", 0)
        if value and isinstance(value, str) and len(value) < least:
            found.append(f"{field.label}: at least {least} characters")
    return found


def shown(view: View, reader: Reader, errors: dict[str, str]) -> str:
    """The screen as text: title, blocks with what stands in the inputs, buttons, and errors beside their inputs."""
    lines = [reads(view.body["title"]["text"])] if view.body["type"] == "modal" else []
    for block in view.body["blocks"]:
        lines.append(reads(filled(view, block), reader))
        if block.get("block_id") in errors:
            lines.append(f"  ! {errors[block['block_id']]}")
    if view.body["type"] == "modal":
        close = view.body.get("close", {"text": "Cancel"})["text"]
        submit = view.body.get("submit")
        lines.append(f"[{close}]" + (f" [{submit['text']}]" if submit else ""))
    return "\n".join(lines)


def filled(view: View, block: Json) -> Json:
    """The block with what was typed or chosen in place of what it began with."""
    element = block.get("element")
    if not element:
        return block
    state = view.values.get((block["block_id"], element["action_id"]), {})
    value = next((value for name, value in state.items() if name != "type"), None)
    _, initial = SELECTED.get(element["type"], ("value", "initial_value"))
    kept = {name: each for name, each in element.items() if name != initial}
    return block | {"element": kept | ({initial: value} if value else {})}
