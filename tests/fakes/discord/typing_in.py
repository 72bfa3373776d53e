"""What a person types becomes what Discord's client sends: mentions as ids, a slash command as its options."""

import re
from typing import TYPE_CHECKING, Any

from . import permissions
from .commands import GROUP, INTEGER, SUBCOMMAND
from .state import Channel, Json, Role, User

if TYPE_CHECKING:
    from .server import FakeDiscord

BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 5, 6, 7, 8, 9, 10, 11


def typed(discord: "FakeDiscord", channel: Channel, text: str) -> str:
    """@name, @role and #channel become markup, as the client does when one picks them from the list."""
    marks = {f"@{user.username}": f"<@{user.id}>" for user in discord.users.values()} if "@" in text else {}
    if channel.guild is not None and "@" in text:
        marks |= {f"@{role.name}": f"<@&{role.id}>" for role in channel.guild.roles.values() if mentioned(role)}
    if channel.guild is not None and "#" in text:
        marks |= {f"#{each.name}": f"<#{each.id}>" for each in channel.guild.channels.values()}
    for mark in sorted((mark for mark in marks if mark in text), key=len, reverse=True):
        text = re.sub(rf"(?<![\w<]){re.escape(mark)}(?![\w-])", marks[mark], text)
    return text


def mentioned(role: Role) -> bool:
    """Not @everyone, and not the role that a bot has under its own name."""
    return bool(role.position) and not role.managed_by


def offered(discord: "FakeDiscord", user: User, channel: Channel, kind: int) -> list[Json]:
    """The commands that the client shows this person here."""
    guild = channel.guild
    found = list(discord.commands.get(guild.id, [])) if guild else []
    context = 0 if guild else 1
    for each in discord.commands.get("", []):
        where = each.get("contexts")
        if context in where if where is not None else (guild is not None or each.get("dm_permission", True)):
            found.append(each)
    return [each for each in found if each["type"] == kind and allowed(discord, user, channel, each)]


def allowed(discord: "FakeDiscord", user: User, channel: Channel, command: Json) -> bool:
    """default_member_permissions: "0" is for administrators only."""
    if channel.guild is None:
        return True
    held = discord.permissions_of(user, channel)
    needed = command["default_member_permissions"]
    if not held & permissions.BITS["use_application_commands"]:
        return False
    if needed is None or held == permissions.EVERYTHING:
        return True
    return needed != "0" and held & int(needed) == int(needed)


def command(discord: "FakeDiscord", user: User, channel: Channel, text: str) -> tuple[Json, list[Json], str]:
    """The command typed, the path of its sub-commands, and the rest; AssertionError if it is not offered."""
    words, rest = text.removeprefix("/").split(" "), ""
    found = {each["name"]: each for each in offered(discord, user, channel, 1)}
    assert words[0] in found, f"{user.username} is not offered /{words[0]} here, only {sorted(found)}"
    here, path, used = found[words[0]], [], 1
    while any(each["type"] in (SUBCOMMAND, GROUP) for each in here.get("options", [])):
        inner = {each["name"]: each for each in here["options"]}
        wanted = words[used] if used < len(words) else ""
        assert wanted in inner, f"/{' '.join(words[:used])} knows {sorted(inner)}, not {wanted!r}"
        here, used = inner[wanted], used + 1
        path.append(here)
    rest = " ".join(words[used:])
    return found[words[0]], path, rest


def options(
    discord: "FakeDiscord", known: list[Json], rest: str, *, focused: bool = False
) -> tuple[list[Json], list[str]]:
    """name:value pairs as options, and ids of users named; with `focused` the last one is being typed still."""
    by_name = {each["name"]: each for each in known}
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    pieces = re.split(rf"(?:^|\s)({names}):", " " + rest) if names else [rest]
    assert not pieces[0].strip(), f"{pieces[0]!r} belongs to no option of {sorted(by_name)}"
    given: list[Json] = []
    people: list[str] = []
    for place in range(1, len(pieces), 2):
        option, text = by_name[pieces[place]], pieces[place + 1].strip()
        last = focused and place + 2 >= len(pieces)
        value = text if last else converted(discord, option, text)
        if option["type"] in (USER, MENTIONABLE) and not last:
            people.append(value)
        given.append(
            {"name": option["name"], "type": option["type"], "value": value} | ({"focused": True} if last else {})
        )
    if not focused:
        filled = {each["name"] for each in given}
        for option in known:
            assert not option.get("required") or option["name"] in filled, f"{option['name']} is required"
    return given, people


def converted(discord: "FakeDiscord", option: Json, text: str) -> Any:
    """The value as the client sends it; AssertionError for what it does not let anybody type."""
    choices = {each["name"]: each["value"] for each in option.get("choices", [])}
    if choices:
        assert text in choices or text in map(str, choices.values()), f"{text!r} is none of {sorted(choices)}"
        return choices.get(text, text)
    match option["type"]:
        case kind if kind == INTEGER:
            assert re.fullmatch(r"-?\d+", text), f"{option['name']} is a whole number, not {text!r}"
            return int(text)
        case kind if kind == NUMBER:
            return float(text)
        case kind if kind == BOOLEAN:
            return text.lower() == "true"
        case kind if kind in (USER, MENTIONABLE):
            return next(user.id for user in discord.users.values() if user.username == text.removeprefix("@"))
        case kind if kind == CHANNEL:
            return next(each.id for each in discord.channels.values() if each.name == text.removeprefix("#"))
        case kind if kind == ROLE:
            roles = [role for guild in discord.guilds.values() for role in guild.roles.values()]
            return next(role.id for role in roles if role.name == text.removeprefix("@"))
    most, least = option.get("max_length", 6000), option.get("min_length", 0)
    assert least <= len(text) <= most, f"{option['name']} takes {least} to {most} characters"
    return text


def nested(path: list[Json], given: list[Json]) -> list[Json]:
    """Options inside of their sub-commands."""
    for each in reversed(path):
        given = [{"name": each["name"], "type": each["type"], "options": given}]
    return given
