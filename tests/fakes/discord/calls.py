"""One call of the HTTP API as its endpoint sees it, and the table in which endpoints are registered."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from . import permissions
from .openapi import schema_problems, unknown_fields
from .refusals import Refused, bad, bad_form
from .state import Channel, Guild, Json, Message

if TYPE_CHECKING:
    from .server import FakeDiscord

Answer = Json | list[Json] | None


@dataclass(slots=True, kw_only=True)
class Upload:
    """One part of a multipart request."""

    name: str
    content: bytes
    type: str


@dataclass(slots=True, kw_only=True)
class Call:
    """A call that is allowed to run; `ids` are the parts of its path."""

    discord: "FakeDiscord"
    ids: dict[str, str]
    query: dict[str, str]
    body: Any = None
    uploads: dict[int, Upload] = field(default_factory=dict)

    def form(self, schema: str, *extra: str) -> Json:
        """The body, checked by the published schema; fields named neither there nor in `extra` are complained about."""
        body = {} if self.body is None else ids_as_text(self.body)
        if problems := schema_problems(schema, body):
            raise bad_form(problems)
        for name in unknown_fields(schema, body, frozenset(extra)):
            self.discord.complain(f"{schema}: unknown field {name}")
        return dict(body)

    def channel(self, *needs: str, name: str = "channel_id") -> Channel:
        """The channel, which the bot must see and in which it must hold these permissions."""
        channel = self.discord.channels.get(self.ids[name])
        if channel is None:
            raise Refused(10003)
        if channel.guild and not channel.guild.has_bot:
            raise Refused(50001)  # "Missing Access", as everywhere outside of its servers
        self.needs(channel, "view_channel", code=50001)
        self.needs(channel, *needs)
        return channel

    def needs(self, channel: Channel, *names: str, code: int = 50013) -> None:
        if channel.is_dm:
            return
        held = self.discord.bot_permissions(channel)
        for name in names:
            if not held & permissions.BITS[name]:
                self.discord.missing.append(f"{name} in #{channel.name}")
                raise Refused(code)

    def may(self, channel: Channel, name: str) -> bool:
        return channel.is_dm or bool(self.discord.bot_permissions(channel) & permissions.BITS[name])

    def guild(self, *needs: str) -> Guild:
        guild = self.discord.guilds.get(self.ids["guild_id"])
        if guild is None or not guild.has_bot:
            raise Refused(10004) if guild is None else Refused(50001)
        held = permissions.in_guild(guild, guild.members[self.discord.bot.id])
        for name in needs:
            if not held & permissions.BITS[name]:
                self.discord.missing.append(f"{name} in {guild.name}")
                raise Refused(50013)
        return guild

    def message(self, channel: Channel, name: str = "message_id") -> Message:
        message = channel.messages.get(self.ids[name])
        if message is None or message.ephemeral_for:
            raise Refused(10008)
        return message

    def number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.query.get(name, str(default))
        if not text.isdigit() or not least <= int(text) <= most:
            raise bad(name, "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")
        return int(text)

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() in ("1", "true")


ID_FIELDS: Final = {"message_id", "channel_id", "guild_id", "recipient_id", "parent_id", "id"}
ID_LISTS: Final = {"applied_tags", "users", "roles"}
WITHIN: Final = {"message", "data", "message_reference", "allowed_mentions", "attachments"}


def ids_as_text(value: Any) -> Any:
    """Discord takes ids as numbers too, and discord.py sends some so; the description knows text only."""
    match value:
        case list():
            return [ids_as_text(each) for each in value]
        case dict():
            return {name: one_as_text(name, each) for name, each in value.items()}
    return value


def one_as_text(name: str, value: Any) -> Any:
    if name in WITHIN:
        return ids_as_text(value)
    if name in ID_LISTS and isinstance(value, list):
        return [str(each) if isinstance(each, int) else each for each in value]
    return str(value) if name in ID_FIELDS and isinstance(value, int) else value


@dataclass(slots=True, kw_only=True)
class Route:
    """`open` ones need no bot token: their address holds one."""

    method: str
    path: str
    run: Callable[[Call], Answer]
    status: int = 200
    open: bool = False
    pattern: re.Pattern[str]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


ROUTES: Final[list[Route]] = []


def route(
    method: str, path: str, *, status: int = 200, open: bool = False
) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
    """Register what answers to this path; None as an answer is 204 with nothing."""

    def register(run: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path) + "$")
        ROUTES.append(Route(method=method, path=path, run=run, status=status, open=open, pattern=pattern))
        # A path with fixed words goes before one that takes anything in their place.
        ROUTES.sort(key=lambda each: each.path.count("{"))
        return run

    return register


def find(method: str, path: str) -> tuple[Route | None, dict[str, str], bool]:
    """The route, the ids in its path, and whether the path is known with another method."""
    other = False
    for each in ROUTES:
        if found := each.pattern.match(path):
            if each.method == method:
                return each, found.groupdict(), False
            other = True
    return None, {}, other
