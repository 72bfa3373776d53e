"""Where each verb stands among Discord's sub-commands, and its slots as options to fill in."""

from collections.abc import Mapping
from typing import Final

from adapters.discord.calling import Json
from bot.grammar import VERBS, Kind, Sight, Slot, Subject, Verb
from bot.lifecycle import Who
from bot.policy import Policy
from bot.wording.commands import choice_line, command_line, slot_line, verb_line

# https://docs.discord.com/developers/interactions/application-commands
SUBCOMMAND: Final = 1
GROUP: Final = 2
STRING: Final = 3
ATTACHMENT: Final = 11
NUMBER: Final = "number"
TEXT_CHARS_MAX: Final = 6_000
DESCRIPTION_CHARS_MAX: Final = 100

PERCENTS: Final = ("100", "75", "50", "25", "0")
# Kinds that are looked for while somebody types, and as what: see `Desk.suggest`.
SOUGHT: Final[Mapping[Kind, str]] = {
    Kind.QUESTION: "question",
    Kind.CATEGORY: "category",
    Kind.CATEGORIES: "categories",
    Kind.PERSON: "person",
    Kind.SETTING: "setting",
    Kind.VERB: "verb",
}
GROUPS: Final = ("review", "customer", "staff", "me", "people", "category")


def path_of(verb: Verb) -> tuple[str, ...]:
    """`("claim",)`, or `("staff", "take")` for one of a group."""
    group = _group(verb)
    if group != "category":
        return (group, verb.word) if group else (verb.word,)
    name = "list" if verb.sight is Sight.CATEGORIES else verb.word.removeprefix("category-")
    return group, name


def takes_number(verb: Verb) -> bool:
    return verb.subject is Subject.QUESTION or verb.sight is Sight.SHOW


def name_of(slot: Slot) -> str:
    """The slot as people call it: `from` for `from_hour`, and an argument by its kind."""
    if slot.name == "argument":
        return slot.kind.value
    if slot.kind is Kind.DURATION:
        return "duration"
    return slot.name.removesuffix("_hour").removesuffix("_percent").replace("_", "-")


def subcommand(verb: Verb, policy: Policy) -> Json:
    """One verb with its options. None is required: what is left out is asked for by a form."""
    options = [_number()] if takes_number(verb) else []
    options += [_option(verb, slot, policy) for slot in verb.slots]
    described = {"type": SUBCOMMAND, "name": path_of(verb)[-1], "description": verb_line(verb, policy)}
    return described | ({"options": options} if options else {})


def _number() -> Json:
    return {"type": STRING, "name": NUMBER, "description": command_line("option.number"), "autocomplete": True}


def _option(verb: Verb, slot: Slot, policy: Policy) -> Json:
    option: Json = {"type": STRING, "name": name_of(slot), "description": slot_line(verb, slot, policy)}
    match slot.kind:
        case Kind.CHOICE:
            values = [str(each.value) for each in slot.options]
            option["choices"] = [{"name": choice_line(verb, slot, each), "value": each} for each in values]
        case Kind.PERCENT:
            option["choices"] = [{"name": choice_line(verb, slot, each), "value": each} for each in PERCENTS]
        case Kind.TEXT | Kind.EDITS | Kind.REASON:
            option["max_length"] = TEXT_CHARS_MAX
        case kind if kind in SOUGHT and verb.word != "category-create":
            option["autocomplete"] = True
    return option


_ANSWERING: Final = Who.EXPERT | Who.CLAIMER | Who.AUTHOR
_OWN_LOOKS: Final = frozenset({Sight.MONEY, Sight.STATEMENT})


def _group(verb: Verb) -> str:
    """What experts say all day stands by itself, the rest by whom or what it is for."""
    match verb.subject:
        case Subject.CATEGORY:
            return "category"
        case Subject.PERSON if verb.who & Who.CUSTOMER:
            return ""  # anybody may
        case Subject.PERSON:
            return "me" if verb.who & Who.SELF else "people"
        case Subject.LOOK if verb.sight is Sight.CATEGORIES:
            return "category"
        case Subject.LOOK if verb.sight in _OWN_LOOKS:
            return "me"
        case Subject.LOOK:
            return "staff" if verb.who == Who.STAFF else ""
        case Subject.QUESTION if verb.who & _ANSWERING:
            return ""
        case Subject.QUESTION if verb.who & Who.MASTER:
            return "review"
        case Subject.QUESTION if verb.who & Who.STAFF:
            return "staff"
        case _:
            return "customer"


BY_PATH: Final[Mapping[tuple[str, ...], Verb]] = {path_of(verb): verb for verb in VERBS}
