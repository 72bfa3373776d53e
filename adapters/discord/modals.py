"""Forms as Discord's modals: what is known above, the entries below."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.discord.drawing import displays, passages
from adapters.discord.sizes import (
    CUSTOM_ID,
    DESCRIPTION,
    INPUT,
    INPUT_BOX,
    LABEL,
    LABELLED,
    MEMBERS,
    MODAL_PARTS,
    MODAL_TITLE,
    OPTION,
    OPTIONS,
    PLACEHOLDER,
    RADIO,
    RADIOS,
    SELECT,
    TEXT,
    TEXT_DISPLAY,
    UPLOAD,
    Json,
)
from adapters.discord.text import bold, marked
from bot.card import Card, Choice, Entry, Form, Input
from bot.wording.fitting import blank, fitted, one_line, shown, units
from bot.wording.shortening import shortened

FILES: Final = "files"

_FILES_MOST: Final = 5
_OPENED: Final = re.compile(r"form\|(?P<opening>[^|]+)\|(?P<sentence>[^|]+)(?:\|(?P<carry>[^|]+))?")
_MENTION: Final = re.compile(r"<@([0-9]{1,20})>")
_SHORT, _PARAGRAPH = 1, 2

_TITLE: Final = "One moment"
_CHOOSE: Final = "Choose"
_FILES_LABEL: Final = "Files"
_FILES_HINT: Final = "Up to 5 pictures or documents, if they help."
_ONE_OF: Final = "One of these: "
_TOO_LONG: Final = (
    "The text so far is longer than this box takes. It is kept. Write and send it in the thread or the direct messages;"
    " what you type here would take its place."
)
_TOO_LONG_HINT: Final = "The longer text so far is kept; send it from the thread. What you type here replaces it."


@dataclass(frozen=True, slots=True)
class Opened:
    """`opening` is the id of the interaction that opened the modal; `carry` as in `button`."""

    opening: str
    sentence: str
    carry: str = ""


def modal(
    form: Form,
    *,
    opening: str,
    carry: str = "",
    values: Mapping[str, str] | None = None,
    uploads: bool = False,
    members: bool = False,
) -> Json:
    """The modal. `values` are what was typed already; with `uploads` it takes files as well, if there is room, and with
    `members` people are chosen among those of the server."""
    custom_id = "|".join(("form", opening, form.sentence, *((carry,) if carry else ())))
    assert len(custom_id) <= CUSTOM_ID, "a form's sentence is numbers and ids, never words"
    assert len(form.entries) <= MODAL_PARTS, "Discord's modals have five places"
    typed = {each.name: shown((values or {}).get(each.name, each.value)) for each in form.entries}
    room = MODAL_PARTS - len(form.entries)
    above = _above(form, typed) if room else ""
    parts: list[Json] = [{"type": TEXT_DISPLAY, "content": above}] if above else []
    parts += [_labelled(each, typed[each.name], told=bool(room), members=members) for each in form.entries]
    if uploads and len(parts) < MODAL_PARTS:
        parts.append(_upload())
    title = one_line(form.title)
    return {
        "title": fitted(_TITLE if blank(title) else title, MODAL_TITLE),
        "custom_id": custom_id,
        "components": parts,
    }


def opened(custom_id: str) -> Opened | None:
    """What a submitted modal is about; None for one that is no form of ours."""
    found = _OPENED.fullmatch(custom_id)
    return Opened(found["opening"], found["sentence"], found["carry"] or "") if found else None


def entered(components: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What stands in the entries, by their names, from a submitted modal's components."""
    parts = (each["component"] for each in components if each.get("type") == LABELLED)
    return {str(each["custom_id"]): _value(each) for each in parts if each.get("type") != UPLOAD}


def named(values: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of people who were chosen in entries."""
    found = (_MENTION.fullmatch(each) for each in values.values())
    return tuple(each[1] for each in found if each)


def uploaded(data: Mapping[str, Any]) -> tuple[Json, ...]:
    """The attachments that came with a submitted modal, from its interaction's data, in their order."""
    parts = [each["component"] for each in data.get("components") or () if each.get("type") == LABELLED]
    ids = [key for each in parts if each.get("type") == UPLOAD for key in each.get("values") or ()]
    known = (data.get("resolved") or {}).get("attachments") or {}
    return tuple(known[key] for key in ids if key in known)


# --- above the entries


def _above(form: Form, typed: Mapping[str, str]) -> str:
    """What one has to know before writing: a title too long for its place, the form's own sentences, the words it is
    about, but for those that stand in a box below to be edited."""
    too_long = [each.name for each in form.entries if _too_long(each, typed[each.name])]
    below = {value for name, value in typed.items() if name not in too_long}
    title = one_line(form.title)
    said = [bold(fitted(title, TEXT // 10))] if units(title) > MODAL_TITLE else []
    said += [marked(_TOO_LONG)] if too_long else []
    room = TEXT - sum(units(each) + 1 for each in said)
    quotes = tuple(each for each in form.quotes if each.text not in below)
    card = Card(title="", body=form.intro, quotes=quotes)

    def fits(each: Card) -> bool:
        return units(_read(each)) <= room

    words = _read(card if fits(card) else shortened(card, fits, buttons_max=0))
    return "\n".join(each for each in (*said, words) if not blank(each))


def _read(card: Card) -> str:
    return "\n".join(each["content"] for each in displays(passages(card)))


# --- the entries


def _labelled(entry: Entry, value: str, *, told: bool, members: bool) -> Json:
    """An entry with its label and hint; `told`: what has to be known of it stands above."""
    anybody = members and entry.input is Input.PERSON and not entry.choices
    offered = _offered(entry.choices) if entry.input in (Input.CHOICE, Input.PERSON) else ()
    long = _too_long(entry, value)
    component = _choice(entry, offered, value) if offered else _typing(entry, "" if long else value)
    label = one_line(entry.label)
    found: Json = {
        "type": LABELLED,
        "label": fitted(label if not blank(label) else entry.name, LABEL),
        "component": _member(entry, value) if anybody else component,
    }
    hint = _TOO_LONG_HINT if long and not told else _hint(entry, chooses=anybody or bool(offered))
    return found if blank(hint) else found | {"description": fitted(hint, DESCRIPTION)}


def _typing(entry: Entry, value: str) -> Json:
    most = _most(entry)
    found: Json = {
        "type": INPUT_BOX,
        "custom_id": entry.name,
        "style": _PARAGRAPH if entry.input is Input.TEXT else _SHORT,
        "required": entry.required,
        "max_length": most,
    }
    if entry.required:
        # A draft may be shorter than what can be sent: how much is too little is then said when it is sent.
        found["min_length"] = max(1, min(entry.chars_min, most, units(value) if value else most))
    if value:
        found["value"] = value
    return found


def _choice(entry: Entry, offered: Sequence[Choice], value: str) -> Json:
    options = [_option(each, chosen=each.value == value) for each in offered]
    found: Json = {"custom_id": entry.name, "required": entry.required, "options": options}
    if entry.input is Input.CHOICE and 2 <= len(options) <= RADIOS:
        return found | {"type": RADIO}
    return found | {"type": SELECT, "placeholder": fitted(_CHOOSE, PLACEHOLDER), "min_values": int(entry.required)}


def _member(entry: Entry, value: str) -> Json:
    """Anybody of the server, known to us or not."""
    found: Json = {"type": MEMBERS, "custom_id": entry.name, "required": entry.required}
    found |= {"placeholder": fitted(_CHOOSE, PLACEHOLDER), "min_values": int(entry.required)}
    chosen = _MENTION.fullmatch(value)
    return found | ({"default_values": [{"id": chosen[1], "type": "user"}]} if chosen else {})


def _offered(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Each value once, and all of them or none: one of very many, or a very long one, has to be typed."""
    found = {each.value: each for each in choices if each.value}
    fits = len(found) <= OPTIONS and all(len(each) <= OPTION for each in found)
    return tuple(found.values()) if fits else ()


def _option(choice: Choice, *, chosen: bool) -> Json:
    label = one_line(choice.label)
    found: Json = {"label": fitted(label if not blank(label) else choice.value, OPTION), "value": choice.value}
    return found | {"default": True} if chosen else found


def _upload() -> Json:
    component: Json = {
        "type": UPLOAD,
        "custom_id": FILES,
        "required": False,
        "min_values": 0,
        "max_values": _FILES_MOST,
    }
    return {"type": LABELLED, "label": _FILES_LABEL, "description": _FILES_HINT, "component": component}


def _hint(entry: Entry, *, chooses: bool) -> str:
    """How to write a person is of no use where one chooses; what can be written has to be said where one cannot."""
    hint = one_line(entry.hint)
    if chooses:
        return "" if entry.input is Input.PERSON else hint
    if blank(hint) and entry.choices:
        return _ONE_OF + ", ".join(each.value for each in entry.choices)
    return hint


def _too_long(entry: Entry, value: str) -> bool:
    """A part of a text must not be sent by mistake, so that it is not there at all."""
    return entry.input not in (Input.CHOICE, Input.PERSON) and units(value) > _most(entry)


def _most(entry: Entry) -> int:
    return min(entry.chars_max or INPUT, INPUT)


def _value(component: Mapping[str, Any]) -> str:
    chosen = next(iter(component.get("values") or ()), "")
    if component.get("type") == MEMBERS:
        return f"<@{chosen}>" if chosen else ""
    return str(component.get("value") or chosen)
