"""Application commands over HTTP: replace, read, and the rules for them (docs/interactions/application-commands)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final

from .calls import Answer, Call, route
from .openapi import schema_problems
from .refusals import Problem, Refused, bad_form
from .state import Json

GLOBAL: Final = "/applications/{application_id}/commands"
OF_GUILD: Final = "/applications/{application_id}/guilds/{guild_id}/commands"
SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
MOST: Final = {SLASH: 100, USER_MENU: 15, MESSAGE_MENU: 15}  # 15 menus since 2026-03-03
COMMAND_SIZE, CREATES_A_DAY, OPTIONS, CHOICES = 8000, 200, 25, 25
SUBCOMMAND, GROUP, STRING, INTEGER = 1, 2, 3, 4
NAME: Final = re.compile(r"[-_'\w]{1,32}")
DESCRIPTION_AND_NSFW: Final = frozenset({"description", "nsfw"})


def scope(call: Call) -> str:
    """The guild's id, or "" for global commands."""
    if call.ids["application_id"] != call.discord.application_id:
        raise Refused(10002)
    key = call.ids.get("guild_id", "")
    if key:
        call.guild()
    return key


@route("GET", GLOBAL)
@route("GET", OF_GUILD)
def list_commands(call: Call) -> Answer:
    return list(call.discord.commands.get(scope(call), []))


@route("PUT", GLOBAL)
@route("PUT", OF_GUILD)
def replace_commands(call: Call) -> Answer:
    """All commands of the scope at once; only new names count towards the 200 creates of a day."""
    key, discord = scope(call), call.discord
    given = call.body if isinstance(call.body, list) else []
    if not isinstance(call.body, list):
        raise bad_form([((), "BASE_TYPE_BAD_TYPE", "Must be a list.")])
    checked(given)
    before = {(each["type"], each["name"]): each for each in discord.commands.get(key, [])}
    fresh = sum((each.get("type") or SLASH, each["name"]) not in before for each in given)
    discord.created[key] += fresh
    if discord.created[key] > CREATES_A_DAY:
        raise Refused(30034)
    kept = [stored(call, key, each, before.get((each.get("type") or SLASH, each["name"]))) for each in given]
    discord.commands[key] = kept
    discord.log({"what": "commands", "guild": key, "names": [each["name"] for each in kept], "created": fresh})
    return list(kept)


def checked(given: list[Json]) -> None:
    found: list[Problem] = []
    for place, each in enumerate(given):
        wrong = schema_problems("ApplicationCommandUpdateRequest", each)
        found += [((place, *path), name, text) for path, name, text in wrong]
        if not wrong:
            found += [((place, *path), name, text) for path, name, text in command_problems(each)]
    if found:
        raise bad_form(found)
    kinds = Counter(each.get("type") or SLASH for each in given)
    if any(kinds[kind] > most for kind, most in MOST.items()):
        raise Refused(30032)
    for (_, name), times in Counter((each.get("type") or SLASH, each["name"]) for each in given).items():
        if times > 1:
            raise bad_form(
                [((), "APPLICATION_COMMANDS_DUPLICATE_NAME", f"Application command names must be unique: {name}")]
            )


def command_problems(command: Json) -> Iterator[Problem]:
    kind, description = command.get("type") or SLASH, command.get("description") or ""
    if kind == SLASH:
        yield from name_problems(("name",), command["name"])
        if not 1 <= len(description) <= 100:
            yield ("description",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
        if size(command) > COMMAND_SIZE:
            yield (), "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({COMMAND_SIZE})"
    elif description or command.get("options"):
        yield ("description",), "APPLICATION_COMMAND_INVALID_DESCRIPTION", "Context menu commands have none."
    yield from option_problems(("options",), command.get("options") or [], depth=0)


def name_problems(path: tuple[str | int, ...], name: str) -> Iterator[Problem]:
    """Lower case, letters, digits, - and _ (docs: application-command-naming)."""
    lower = all(not char.isupper() or unicodedata.category(char) != "Lu" for char in name)
    if not NAME.fullmatch(name) or not lower:
        yield path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid"


def option_problems(path: tuple[str | int, ...], options: list[Json], depth: int) -> Iterator[Problem]:
    if len(options) > OPTIONS:
        yield path, "BASE_TYPE_MAX_LENGTH", f"Must be {OPTIONS} or fewer in length."
    optional_before, names = False, [each["name"] for each in options]
    if len(set(names)) < len(names):
        yield path, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique."
    nested = {each["type"] in (SUBCOMMAND, GROUP) for each in options}
    if len(nested) > 1:
        yield path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands and values do not stand side by side."
    for place, each in enumerate(options):
        here = (*path, place)
        yield from name_problems((*here, "name"), each["name"])
        if not 1 <= len(each.get("description") or "") <= 100:
            yield (*here, "description"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
        if each["type"] in (SUBCOMMAND, GROUP):
            if depth > (1 if each["type"] == SUBCOMMAND else 0):
                yield (*here, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deeply."
            yield from option_problems((*here, "options"), each.get("options") or [], depth + 1)
            continue
        if each.get("required") and optional_before:
            text = "Required options must be placed before non-required options"
            yield here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text
        optional_before = optional_before or not each.get("required")
        if each.get("choices") and each.get("autocomplete"):
            yield (
                here,
                "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
                "Choices and autocomplete exclude each other.",
            )


def size(value: Json) -> int:
    """Names, descriptions and values of a command and all within, which count towards 8,000 characters."""
    own = len(value.get("name", "")) + len(value.get("description") or "") + len(str(value.get("value", "")))
    return own + sum(size(each) for name in ("options", "choices") for each in value.get(name) or [])


def stored(call: Call, key: str, given: Json, before: Json | None) -> Json:
    discord = call.discord
    permissions = given.get("default_member_permissions")
    kept: Json = {name: value for name, value in given.items() if value is not None}
    for option in kept.get("options", []):
        tidy(option)
    kept |= {
        "id": before["id"] if before else discord.snowflake(),
        "application_id": discord.application_id,
        "version": discord.snowflake(),
        "type": given.get("type") or SLASH,
        "description": given.get("description") or "",
        "default_member_permissions": None if permissions is None else str(permissions),
        "nsfw": bool(given.get("nsfw")),
    }
    if key:
        kept["guild_id"] = key
        kept.pop("contexts", None)
    else:
        kept["contexts"] = given.get("contexts")
        kept["integration_types"] = given.get("integration_types") or [0]
        kept["dm_permission"] = given.get("dm_permission") is not False
    return kept


def tidy(option: Json) -> None:
    for name in [name for name, value in option.items() if value is None]:
        del option[name]
    for inner in option.get("options", []):
        tidy(inner)


@route("POST", GLOBAL, status=201)
@route("POST", OF_GUILD, status=201)
def create_command(call: Call) -> Answer:
    """One command; one of the same name is replaced."""
    key, discord = scope(call), call.discord
    given = call.form("ApplicationCommandCreateRequest", *DESCRIPTION_AND_NSFW)
    others = [each for each in discord.commands.get(key, []) if each["name"] != given["name"]]
    before = next((each for each in discord.commands.get(key, []) if each["name"] == given["name"]), None)
    checked([given])
    discord.created[key] += before is None
    kept = stored(call, key, given, before)
    discord.commands[key] = [*others, kept]
    return kept


@route("DELETE", GLOBAL + "/{command_id}")
@route("DELETE", OF_GUILD + "/{command_id}")
def delete_command(call: Call) -> Answer:
    key = scope(call)
    kept = [each for each in call.discord.commands.get(key, []) if each["id"] != call.ids["command_id"]]
    if len(kept) == len(call.discord.commands.get(key, [])):
        raise Refused(10063)
    call.discord.commands[key] = kept
    return None
