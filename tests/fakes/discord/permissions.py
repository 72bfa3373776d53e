"""Who may do what where: permission bits, and how roles and overwrites combine (docs/topics/permissions)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .state import Channel, Guild, Member

BITS: Final = {
    "kick_members": 1 << 1,
    "ban_members": 1 << 2,
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "send_tts_messages": 1 << 12,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_external_emojis": 1 << 18,
    "manage_nicknames": 1 << 27,
    "manage_roles": 1 << 28,
    "manage_webhooks": 1 << 29,
    "use_application_commands": 1 << 31,
    "manage_threads": 1 << 34,
    "create_public_threads": 1 << 35,
    "create_private_threads": 1 << 36,
    "send_messages_in_threads": 1 << 38,
    "moderate_members": 1 << 40,
    "pin_messages": 1 << 51,
    "bypass_slowmode": 1 << 52,
}
EVERYTHING: Final = sum(BITS.values())
# What a new server gives everybody.
EVERYBODY_MAY = (
    "view_channel send_messages embed_links attach_files read_message_history add_reactions use_external_emojis "
    "use_application_commands create_public_threads send_messages_in_threads"
)
# What the bot asks for when it is invited; a test takes some away.
BOT_MAY = (
    "view_channel send_messages send_messages_in_threads create_public_threads manage_threads read_message_history "
    "embed_links attach_files add_reactions pin_messages"
)
EVERYBODY: Final = tuple(EVERYBODY_MAY.split())
BOT: Final = tuple(BOT_MAY.split())
WHILE_TIMED_OUT: Final = BITS["view_channel"] | BITS["read_message_history"]
NEED_SENDING: Final = ("mention_everyone", "send_tts_messages", "attach_files", "embed_links")


def bits(names: Iterable[str]) -> int:
    return sum(BITS[name] for name in set(names))


def names(value: int) -> list[str]:
    return [name for name, bit in BITS.items() if value & bit]


def in_guild(guild: "Guild", member: "Member") -> int:
    """The member's permissions before any channel has its say."""
    if guild.owner_id == member.user.id:
        return EVERYTHING
    value = guild.roles[guild.id].permissions
    for role_id in member.role_ids:
        value |= guild.roles[role_id].permissions
    return EVERYTHING if value & BITS["administrator"] else value


def in_channel(channel: "Channel", member: "Member", now: float) -> int:
    """The member's permissions in a channel; threads have those of their parent."""
    guild, place = channel.guild, channel.parent if channel.is_thread else channel
    assert guild is not None
    assert place is not None
    value = in_guild(guild, member)
    if value == EVERYTHING:
        return value
    everybody = place.overwrites.get(guild.id, (0, 0))
    value = value & ~everybody[1] | everybody[0]
    allow = deny = 0
    for role_id in member.role_ids:
        more, less = place.overwrites.get(role_id, (0, 0))
        allow, deny = allow | more, deny | less
    value = value & ~deny | allow
    own = place.overwrites.get(member.user.id, (0, 0))
    value = value & ~own[1] | own[0]
    return implied(value, thread=channel.is_thread, timed_out=member.timed_out_until > now)


def implied(value: int, *, thread: bool, timed_out: bool) -> int:
    """Denying View Channel denies all; denying sending denies what only sending needs; a time-out leaves reading."""
    if not value & BITS["view_channel"]:
        return 0
    if timed_out:
        return value & WHILE_TIMED_OUT
    if not value & BITS["send_messages_in_threads" if thread else "send_messages"]:
        value &= ~bits(NEED_SENDING)
    return value
