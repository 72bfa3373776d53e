"""Slash commands: their definitions out of the verb table, and what somebody filled in as one sentence."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.discord.calling import Calls, Json
from adapters.discord.menus import MENUS, menus
from adapters.discord.options import (
    ATTACHMENT,
    BY_PATH,
    GROUP,
    GROUPS,
    NUMBER,
    SOUGHT,
    STRING,
    SUBCOMMAND,
    TEXT_CHARS_MAX,
    name_of,
    path_of,
    subcommand,
    takes_number,
)
from adapters.discord.settings import DiscordSettings
from bot.grammar import VERBS, Kind, Verb, sentence_for
from bot.model import QuestionId, read_number, spoken_number
from bot.policy import Policy
from bot.ports import Desk
from bot.wording.commands import command_line

__all__ = ["MENUS", "Focus", "Said", "definitions", "focused", "sentence", "synchronise"]

CHAT_INPUT: Final = 1
ASK: Final = "ask"
ASK_FILES: Final = ("file", "file2", "file3")
KEPT: Final = "discord/commands"
_POLICY: Final = Policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A command as `Heard` takes it. `sentence` is the verb with the question's number; everything else stands in
    `values` by slot, unchanged, so that no word of it can be taken for another part of the sentence.

    `mentions` are the ids of people named by a sign, which stands in `values` as `<@id>`. `attachments` are Discord's
    own descriptions of files, in the order of the options. The sentence of a customer's question is "ask".
    """

    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()
    attachments: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """What somebody is typing just now: `kind` and `verb` are those of `Desk.suggest`."""

    kind: str
    typed: str
    verb: str


def definitions(settings: DiscordSettings, policy: Policy = _POLICY) -> list[Json]:
    """All application commands, as one call replaces them. Their numbers are those of `policy`."""
    return [_hall(settings.command, policy), _ask(settings.ask_command), *menus()]


async def synchronise(
    calls: Calls, application: str, desk: Desk, settings: DiscordSettings, policy: Policy = _POLICY
) -> bool:
    """Tells Discord our commands, when they are others than those it was told last; whether it was told.

    Raises what `Calls.call` raises; then nothing is kept, and the next time tells them again.
    """
    wanted = definitions(settings, policy)
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    if await desk.recall(KEPT) == f"{application} {digest}":
        return False
    await calls.call("PUT", "/applications/{application_id}/commands", json=wanted, application_id=application)
    await desk.keep(KEPT, f"{application} {digest}")
    return True


def sentence(data: Mapping[str, object]) -> Said:
    """What the interaction data of a slash command says. Never raises for what people fill in.

    Commands that we no longer have (Discord's clients keep them for a while) are read as their words.
    """
    path, given = _opened(data)
    if not path:
        return _asked(data, given)
    verb = BY_PATH.get(path)
    if verb is None:
        return Said(sentence=" ".join(path))
    said = {str(each["name"]): str(each.get("value", "")) for each in given}
    values: dict[str, str] = {}
    mentions: list[str] = []
    for slot in verb.slots:
        value = said.get(name_of(slot), "")
        if slot.kind is Kind.PERSON:
            value = _MENTION.sub(r"<@\1>", value)
            mentions += _MENTION.findall(value)
        if slot.kind is Kind.QUESTION and (other := _number(value)) is not None:
            value = spoken_number(other)
        if value.strip():
            values[slot.name] = value
    number = said.get(NUMBER, "").strip() if takes_number(verb) else ""
    return Said(sentence=_sentence(verb, number), values=values, mentions=tuple(dict.fromkeys(mentions)))


def focused(data: Mapping[str, object]) -> Focus | None:
    """What an autocomplete interaction asks to be completed; None for what we do not complete."""
    path, given = _opened(data)
    option = next((each for each in given if each.get("focused")), None)
    if option is None:
        return None
    name, typed = str(option["name"]), str(option.get("value", ""))
    if not path:
        return Focus(kind="category", typed=typed, verb=ASK) if name == "category" else None
    verb = BY_PATH.get(path)
    if verb is None:
        return None
    if name == NUMBER and takes_number(verb):
        return Focus(kind="question", typed=typed, verb=verb.word)
    slot = next((each for each in verb.slots if name_of(each) == name), None)
    if slot is None or slot.kind not in SOUGHT:
        return None
    # Another question is one to look at, whatever is done with this one.
    return Focus(kind=SOUGHT[slot.kind], typed=typed, verb="show" if slot.kind is Kind.QUESTION else verb.word)


_MENTION: Final = re.compile(r"<@!?([0-9]{1,20})>")
_IN_SERVERS_AND_DIRECT: Final = (0, 1)


def _hall(name: str, policy: Policy) -> Json:
    alone = [subcommand(verb, policy) for verb in VERBS if len(path_of(verb)) == 1]
    groups = [_grouped(group, policy) for group in GROUPS]
    return _command(name, "command.hall", [*alone, *groups])


def _grouped(group: str, policy: Policy) -> Json:
    verbs = [verb for verb in VERBS if path_of(verb)[0] == group and len(path_of(verb)) == 2]
    described = {"type": GROUP, "name": group, "description": command_line(f"group.{group}")}
    return described | {"options": [subcommand(verb, policy) for verb in verbs]}


def _ask(name: str) -> Json:
    words, category = command_line("command.ask.words"), command_line("command.ask.category")
    file = command_line("command.ask.file")
    options: list[Json] = [
        {"type": STRING, "name": "words", "description": words, "max_length": TEXT_CHARS_MAX},
        {"type": STRING, "name": "category", "description": category, "autocomplete": True},
        *({"type": ATTACHMENT, "name": each, "description": file} for each in ASK_FILES),
    ]
    return _command(name, "command.ask", options)


def _command(name: str, described: str, options: list[Json]) -> Json:
    return {
        "type": CHAT_INPUT,
        "name": name,
        "description": command_line(described),
        "options": options,
        "contexts": list(_IN_SERVERS_AND_DIRECT),
        "integration_types": [0],
        "default_member_permissions": None,
    }


def _opened(data: Mapping[str, object]) -> tuple[tuple[str, ...], list[Json]]:
    """The path of sub-commands, and the options that were given at its end."""
    path: list[str] = []
    options = _listed(data.get("options"))
    while len(options) == 1 and options[0].get("type") in (SUBCOMMAND, GROUP):
        path.append(str(options[0]["name"]))
        options = _listed(options[0].get("options"))
    return tuple(path), options


def _listed(options: object) -> list[Json]:
    return [each for each in options if isinstance(each, dict)] if isinstance(options, list) else []


def _asked(data: Mapping[str, object], given: Iterable[Json]) -> Said:
    said = {str(each["name"]): str(each.get("value", "")) for each in given}
    resolved = data.get("resolved")
    files = resolved.get("attachments", {}) if isinstance(resolved, dict) else {}
    return Said(
        sentence=ASK,
        values={name: said[name] for name in ("words", "category") if said.get(name, "").strip()},
        attachments=tuple(files[said[name]] for name in ASK_FILES if said.get(name) in files),
    )


def _sentence(verb: Verb, number: str) -> str:
    question = _number(number)
    if question is not None or not any(sign.isalnum() for sign in number):
        return sentence_for(verb.word, question)
    # What is no number must not be left out: the verb would then mean the question of the thread. Where it could be
    # taken for what belongs behind the verb, the question is looked for and nothing is done.
    return f"{verb.word if not verb.slots else 'show'} {number}"


def _number(typed: str) -> QuestionId | None:
    """The question in "Q7K3", "7K3" or the whole line that was suggested, "Q7K3 · Billing"."""
    first = typed.split()[0] if typed.split() else ""
    for said in (typed, first):
        if (question := read_number(said)) is not None:
            return question
        if any(sign.isdigit() for sign in said) and (question := read_number(f"Q{said}")) is not None:
            return question
    return None
