"""What the bot has to be allowed on Discord, with the reason of each, and who is allowed what in a channel."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

TEXT: Final = 0
NEWS: Final = 5
FORUM: Final = 15
MEDIA: Final = 16
FORUMS: Final = frozenset({FORUM, MEDIA})
PLACES: Final = frozenset({TEXT, NEWS}) | FORUMS  # where threads can be

ADMINISTRATOR: Final = 1 << 3
EVERYTHING: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """`name` is what Discord calls it in a server's settings."""

    bit: int
    name: str
    why: str


# What each allows: docs/topics/permissions; what threads and posts take: docs/topics/threads#permissions.
VIEW: Final = Permission(bit=1 << 10, name="View Channels", why="See the channels it works in, and what happens there.")
SEND: Final = Permission(bit=1 << 11, name="Send Messages", why="Post cards in channels, and posts in forums.")
ATTACH: Final = Permission(
    bit=1 << 15, name="Attach Files", why="Hand on pictures and documents, and whole texts too long for a message."
)
HISTORY: Final = Permission(
    bit=1 << 16,
    name="Read Message History",
    why="Find its own messages again after a failure, and read what was written while it was away.",
)
MANAGE_THREADS: Final = Permission(
    bit=1 << 34,
    name="Manage Threads",
    why="Keep state tags on customers' own posts, use tags kept for moderators, and edit cards in locked threads.",
)
CREATE_THREADS: Final = Permission(
    bit=1 << 35, name="Create Public Threads", why="Give each card in a text channel a thread of its own."
)
SEND_IN_THREADS: Final = Permission(
    bit=1 << 38, name="Send Messages in Threads", why="Say in a question's thread or post what happens to it."
)
NEEDED: Final = (VIEW, SEND, SEND_IN_THREADS, CREATE_THREADS, MANAGE_THREADS, ATTACH, HISTORY)
BITS: Final = sum(each.bit for each in NEEDED)


def names(bits: int) -> tuple[str, ...]:
    """What Discord calls the permissions among `bits` that the bot needs."""
    return tuple(each.name for each in NEEDED if each.bit & bits)


def missing(held: int, kind: int) -> tuple[Permission, ...]:
    """What whoever holds `held` lacks to do the bot's work in a channel of this kind: posts in forums are threads from
    the beginning, and need no permission to create any."""
    return tuple(each for each in NEEDED if not held & each.bit and not (each is CREATE_THREADS and kind in FORUMS))


def held_in_server(server: Mapping[str, Any], user: str, roles: Collection[str]) -> int:
    """The permissions of a member with these roles, before any channel has its say. `server` is Discord's guild with
    its roles; its own id is the id of @everyone.

    docs/topics/permissions#permission-hierarchy
    """
    if user and server.get("owner_id") == user:
        return EVERYTHING
    ids = {str(server["id"]), *roles}
    held = 0
    for each in server.get("roles") or ():
        if each["id"] in ids:
            held |= int(each["permissions"])
    return EVERYTHING if held & ADMINISTRATOR else held


def held_in_channel(server: Mapping[str, Any], channel: Mapping[str, Any], user: str, roles: Collection[str]) -> int:
    """The same in a channel with its overwrites: those of @everyone first, of the roles together, of the member last.

    Without a user: of anybody who has just these roles.
    """
    held = held_in_server(server, user, roles)
    if held == EVERYTHING:
        return held
    overwrites: Sequence[Mapping[str, Any]] = channel.get("permission_overwrites") or ()
    everyone = str(server["id"])
    for concerned in ({everyone}, set(roles) - {everyone}, {user} - {""}):
        allow = deny = 0
        for each in overwrites:
            if each["id"] in concerned:
                allow, deny = allow | int(each["allow"]), deny | int(each["deny"])
        held = held & ~deny | allow
    return held
