"""Forms as Slack's modals: what is known above, the entries, and below what the customer would get."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from adapters.slack.buttons import plain_text
from adapters.slack.drawing import blocks_of, context, quoted, section
from adapters.slack.sizes import (
    INPUT,
    INPUT_LABEL,
    OPTION_LABEL,
    OPTION_VALUE,
    OPTIONS,
    TEXT,
    VIEW_TITLE,
    Block,
)
from adapters.slack.text import marked, marking
from bot.card import Card, Choice, Entry, Form, Input, Quote, Tone
from bot.wording.fitting import blank, fitted, shown, units
from bot.wording.shortening import plain

CALLBACK: Final = "form"
PREVIEW: Final = "preview"
LONG_DRAFT: Final = "long-draft"

_META: Final = 3_000
_RADIOS: Final = 5
_PARTS: Final = 15
_ERROR: Final = 1_000
_ENTRY: Final = "entry:"
_PLACEHOLDER: Final = 150
# What Slack takes of a view that it gave; the rest is its own.
_OWN: Final = (
    "type",
    "callback_id",
    "private_metadata",
    "title",
    "submit",
    "close",
    "notify_on_close",
    "clear_on_close",
)

_SUBMIT: Final = "Send"
_CLOSE: Final = "Close"
_CHOOSE: Final = "Choose"
_SHOW: Final = "Show what the customer gets"
_SHOW_AGAIN: Final = "Show it as it is now"
_SHOWN: Final = "*What the customer gets*"
_OPTIONS_MORE: Final = "These are the first 100. A command takes any other."
_LONGER: Final = "Longer than 3,000 characters? Write it in the thread, and use the buttons that come with it."
_TOO_LONG: Final = "The text so far is too long for this box. It is safe, and here it is:"
_SHORTENED: Final = "Shortened to fit here."
_TITLES: Final = {Tone.ALERT: "That did not work", Tone.GOOD: "Done"}
_TITLE: Final = "One moment"
_KEPT: Final = "*What you wrote*, to copy:"


def view(
    form: Form,
    *,
    meta: str,
    preview: Card | None = None,
    trouble: Card | None = None,
    values: Mapping[str, str] | None = None,
    previews: bool = False,
) -> Block:
    """The modal. `values` are what was typed already; `meta` comes back with it; `previews`: it is for the customer."""
    assert len(meta) <= _META, "Slack carries 3,000 characters of ours in a modal"
    blocks: list[Block] = []
    if trouble is not None:
        blocks += _most(blocks_of(replace(trouble, buttons=()), pressable=False))
    if units(form.title) > VIEW_TITLE:
        blocks.append(section(f"*{marked(fitted(form.title, TEXT // 5))}*"))
    if not blank(form.intro):
        blocks.append(section(marked(fitted(form.intro, TEXT, marking()))))
    blocks += _most([block for quote in form.quotes for block in quoted(quote)])
    for entry in form.entries:
        blocks += _entry(entry, (values or {}).get(entry.name, entry.value), previews=previews)
    if previews and not any(block.get("block_id") == LONG_DRAFT for block in blocks):
        blocks += _preview(preview)
    return _modal(form.title, blocks, meta=meta) | {
        "callback_id": CALLBACK,
        "submit": plain_text(form.submit if not blank(form.submit) else _SUBMIT, VIEW_TITLE),
        "notify_on_close": True,
    }


def with_preview(given: Mapping[str, Any], preview: Card) -> Block:
    """A view as Slack gave it, for an update: with what the customer gets now, and entries that keep what was typed."""
    kept = [block for block in given["blocks"] if not str(block.get("block_id", "")).startswith(PREVIEW)]
    return {name: given[name] for name in _OWN if given.get(name) is not None} | {"blocks": kept + _preview(preview)}


def has_long_draft(given: Mapping[str, Any]) -> bool:
    """Whether the view shows a draft that its box does not hold, so that what is typed there is not all there is."""
    return any(block.get("block_id") == LONG_DRAFT for block in given["blocks"])


def entered(state_values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, str]:
    """What stands in the entries, by their names, from a view's `state.values`."""
    return {
        name.removeprefix(_ENTRY): _value(state)
        for actions in state_values.values()
        for name, state in actions.items()
        if name.startswith(_ENTRY)
    }


def errors(name: str, trouble: Card) -> dict[str, str]:
    """What is wrong with the entry `name`, by its block, for `response_action: errors`."""
    said = " ".join(part for part in (trouble.title, trouble.body) if not blank(part))
    return {f"{_ENTRY}{name}": fitted(plain(said, trouble.moments), _ERROR)}


def told(card: Card, *, text: str = "") -> Block:
    """A last view, which only tells what became of it; `text` is what was written, to be copied."""
    blocks = _most(blocks_of(card))
    if not blank(text):
        blocks += [section(_KEPT), *_most(quoted(Quote(author="", text=text)))]
    return _modal(_TITLES.get(card.tone, _TITLE), blocks) | {"callback_id": "told"}


# --- the view and its parts


def _modal(title: str, blocks: list[Block], *, meta: str = "") -> Block:
    return {
        "type": "modal",
        "title": plain_text(_TITLE if blank(title) else title, VIEW_TITLE),
        "blocks": blocks,
        "close": plain_text(_CLOSE, VIEW_TITLE),
        "private_metadata": meta,
    }


def _most(blocks: list[Block]) -> list[Block]:
    """One part of a view, so that no part takes the room of the others."""
    return blocks if len(blocks) <= _PARTS else [*blocks[: _PARTS - 1], context(_SHORTENED)]


def _preview(card: Card | None) -> list[Block]:
    press = {"type": "button", "action_id": PREVIEW, "text": plain_text(_SHOW_AGAIN if card else _SHOW, OPTION_LABEL)}
    found: list[Block] = [{"type": "actions", "block_id": PREVIEW, "elements": [press]}]
    if card is not None:
        shown_below = [section(_SHOWN), *_most(blocks_of(card, pressable=False))]
        found += [block | {"block_id": f"{PREVIEW}:{place}"} for place, block in enumerate(shown_below)]
    return found


def _entry(entry: Entry, value: str, *, previews: bool) -> list[Block]:
    """The input; above it a text that is too long to be prefilled, so that no part of it is sent by mistake."""
    value = shown(value)
    most = min(entry.chars_max or INPUT, INPUT)
    chooses = entry.input in (Input.CHOICE, Input.PERSON) and bool(_offered(entry.choices))
    too_long = not chooses and units(value) > most
    element = _choice(entry, value) if chooses else _typing(entry, "" if too_long else value, most)
    block: Block = {
        "type": "input",
        "block_id": f"{_ENTRY}{entry.name}",
        "label": plain_text(entry.label if not blank(entry.label) else entry.name, INPUT_LABEL),
        "element": element | {"action_id": f"{_ENTRY}{entry.name}"},
        "optional": not entry.required,
    }
    if hint := _hint(entry, chooses=chooses, previews=previews):
        block["hint"] = plain_text(hint, INPUT_LABEL)
    if entry.input is Input.TEXT and entry.name == "words":
        block["dispatch_action"] = True
    return [*_long_draft(value), block] if too_long else [block]


def _long_draft(value: str) -> list[Block]:
    return [context(_TOO_LONG) | {"block_id": LONG_DRAFT}, *_most(quoted(Quote(author="", text=value)))]


def _typing(entry: Entry, value: str, most: int) -> Block:
    found: Block = {"type": "plain_text_input", "multiline": entry.input is Input.TEXT, "max_length": most}
    if entry.required:
        found["min_length"] = max(1, min(entry.chars_min, most))
    if value:
        found["initial_value"] = value
    if entry.input is Input.TEXT and entry.name == "words":
        found["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return found


def _choice(entry: Entry, value: str) -> Block:
    options = [_option(each) for each in _offered(entry.choices)]
    first = next((each for each in options if each["value"] == value), None)
    few = len(options) <= _RADIOS and entry.input is Input.CHOICE
    found: Block = {"type": "radio_buttons" if few else "static_select", "options": options}
    if not few:
        found["placeholder"] = plain_text(_CHOOSE, _PLACEHOLDER)
    if first is not None:
        found["initial_option"] = first
    return found


def _offered(choices: Sequence[Choice]) -> list[Choice]:
    """As many as Slack takes, each value once; a cut value would say something else."""
    usable = {each.value: each for each in choices if 0 < len(each.value) <= OPTION_VALUE}
    return list(usable.values())[:OPTIONS]


def _option(choice: Choice) -> Block:
    label = choice.label if not blank(choice.label) else choice.value
    return {"text": plain_text(label, OPTION_LABEL), "value": choice.value}


def _hint(entry: Entry, *, chooses: bool, previews: bool) -> str:
    """How to write a person or a value is of no use where one chooses."""
    hints = [entry.hint] if not (chooses and entry.input is Input.PERSON) else []
    if len(entry.choices) > OPTIONS:
        hints.append(_OPTIONS_MORE)
    if previews and entry.name == "words" and entry.chars_max > INPUT:
        hints.append(_LONGER)
    return " ".join(part for part in hints if not blank(part))


def _value(state: Mapping[str, Any]) -> str:
    chosen = state.get("selected_option") or {}
    return str(state.get("value") or chosen.get("value") or "")
