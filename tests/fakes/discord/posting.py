"""What happens when a message is said, changed or deleted: mentions, pings, threads, links, events, the log."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from . import events, permissions
from .components import TEXT, walk
from .refusals import Refused
from .rules import links
from .sleeping import wake
from .state import COMPONENTS_V2, LOADING, SILENT, SUPPRESS_EMBEDS, Channel, Json, Message, User

if TYPE_CHECKING:
    from .server import FakeDiscord

USER: Final = re.compile(r"<@!?(\d+)>")
ROLE: Final = re.compile(r"<@&(\d+)>")
EVERYONE: Final = re.compile(r"@(everyone|here)\b")
EVERYTHING: Final[Json] = {"parse": ["users", "roles", "everyone"], "replied_user": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """Whom a message by the bot made a device ring for: user ids, role ids, "everyone"."""

    channel: str
    message: str
    who: tuple[str, ...]
    text: str


def say(discord: "FakeDiscord", message: Message, allowed: Json | None = None) -> Message:
    """Put a message into its channel, and tell."""
    channel = message.channel
    message.at = discord.clock.now()
    wake(discord, channel)
    rung = mention(discord, message, allowed)
    if message.ephemeral_for:
        discord.ephemerals.setdefault(message.ephemeral_for, []).append(message)
    else:
        channel.messages[message.id] = message
        channel.last_message_id = message.id
        channel.active_at, channel.ever_sent = message.at, channel.ever_sent + 1
        if channel.is_thread and message.author.id not in channel.thread_members:
            channel.thread_members[message.author.id] = message.at
            events.thread_members_event(discord, channel, [message.author.id], [])
    told(discord, "message", message, nonce=message.nonce)
    events.message_event(discord, "MESSAGE_CREATE", message)
    if message.author is discord.bot and rung and not message.flags & SILENT and not message.ephemeral_for:
        discord.rang.append(Rang(channel=channel.id, message=message.id, who=tuple(rung), text=words(message)))
    unfurl(discord, message)
    return message


def told(discord: "FakeDiscord", what: str, message: Message, **more: object) -> None:
    """One line in the log; `first` is the id of the message's first component."""
    entry: Json = {"what": what, "channel": message.channel.id, "id": message.id, "by": message.author.username}
    entry |= {"bot": message.author is discord.bot, "text": words(message)}
    if message.ephemeral_for:
        entry["only_for"] = message.ephemeral_for
    entry |= {"first": message.components[0]["id"]} if message.components else {}
    discord.log(entry | {key: value for key, value in more.items() if value is not None})


def words(message: Message) -> str:
    """Everything that a message says, for the log."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.get("title", ""), embed.get("description", "")]
        parts += [f"{each['name']}: {each['value']}" for each in embed.get("fields", [])]
    return "\n".join(each for each in (*parts, *displayed(message)) if each)


def displayed(message: Message) -> list[str]:
    """What stands in text displays, where mentions ring as in content, and links do not unfurl."""
    return [each["content"] for _, each in walk(message.components) if each["type"] == TEXT]


def mention(discord: "FakeDiscord", message: Message, allowed: Json | None) -> list[str]:
    """Fill in whom the message mentions under `allowed_mentions`; gives whom it rings."""
    # Without the field everything is parsed (docs/resources/message#allowed-mentions-object).
    rule = EVERYTHING if allowed is None else allowed
    parse, guild = set(rule.get("parse") or []), message.channel.guild
    rung: list[str] = []
    message.mentions, message.mention_roles, message.mention_everyone = [], [], False
    if message.replied is not None and rule.get("replied_user") and message.reference:
        mention_user(message, message.replied.author, rung)
    text = "\n".join((message.content, *displayed(message)))
    for key in USER.findall(text):
        user = discord.users.get(key)
        if user and ("users" in parse or key in map(str, rule.get("users") or [])):
            mention_user(message, user, rung)
    if guild is None:
        return rung
    may = bool(discord.permissions_of(message.author, message.channel) & permissions.BITS["mention_everyone"])
    for key in ROLE.findall(text):
        role = guild.roles.get(key)
        if role and ("roles" in parse or key in map(str, rule.get("roles") or [])) and (role.mentionable or may):
            message.mention_roles.append(key)
            rung.append(key)
    if may and "everyone" in parse and EVERYONE.search(text):
        message.mention_everyone = True
        rung.append("everyone")
    return rung


def mention_user(message: Message, user: User, rung: list[str]) -> None:
    if user not in message.mentions:
        message.mentions.append(user)
    if user is not message.author and user.id not in rung:
        rung.append(user.id)


def unfurl(discord: "FakeDiscord", message: Message) -> None:
    """Links get their embeds a moment later, as a MESSAGE_UPDATE that is no edit (discord-api-docs#1669)."""
    found = links(message.content)
    may = message.channel.is_dm or bool(
        discord.permissions_of(message.author, message.channel) & permissions.BITS["embed_links"]
    )
    if not found or message.flags & (SUPPRESS_EMBEDS | COMPONENTS_V2) or not may or message.ephemeral_for:
        return
    if message.author is discord.bot:
        discord.unfurled += found
    if not discord.resolves_links:
        return
    message.embeds = [*message.embeds, *({"type": "link", "url": url, "title": "A page"} for url in found[:5])]
    events.message_event(discord, "MESSAGE_UPDATE", message)


def change(discord: "FakeDiscord", message: Message, changes: Json, allowed: Json | None = None) -> Message:
    """Edit a message: `changes` are fields of Message. Edits never ring."""
    for name, value in changes.items():
        setattr(message, name, value)
    if "content" in changes or "components" in changes:
        mention(discord, message, allowed)
    message.flags &= ~LOADING
    message.edited_at = discord.clock.now()
    told(discord, "edit", message)
    events.message_event(discord, "MESSAGE_UPDATE", message)
    return message


def delete(discord: "FakeDiscord", message: Message, by: str) -> None:
    message.channel.messages.pop(message.id, None)
    if message.ephemeral_for:
        discord.ephemerals[message.ephemeral_for].remove(message)
    told(discord, "delete", message, by_whom=by)
    if not message.ephemeral_for:
        events.message_deleted(discord, message.channel, [message.id])


def react(discord: "FakeDiscord", message: Message, user: User, emoji: str) -> None:
    users = message.reactions.setdefault(emoji, [])
    if user.id in users:
        return
    if len(message.reactions) > 20:
        del message.reactions[emoji]
        raise Refused(30010)
    users.append(user.id)
    discord.log(
        {"what": "reaction", "channel": message.channel.id, "id": message.id, "by": user.username, "emoji": emoji}
    )
    events.reaction_event(discord, "MESSAGE_REACTION_ADD", message, user.id, emoji)


def unreact(discord: "FakeDiscord", message: Message, user_id: str, emoji: str) -> None:
    users = message.reactions.get(emoji, [])
    if user_id not in users:
        return
    users.remove(user_id)
    if not users:
        del message.reactions[emoji]
    events.reaction_event(discord, "MESSAGE_REACTION_REMOVE", message, user_id, emoji)


def pin(discord: "FakeDiscord", message: Message, *, pinned: bool) -> None:
    channel = message.channel
    if pinned and sum(bool(each.pinned_at) for each in channel.messages.values()) >= 50:
        raise Refused(30003)
    message.pinned_at = discord.clock.now() if pinned else 0.0
    channel.last_pin_at = message.pinned_at or channel.last_pin_at
    events.message_event(discord, "MESSAGE_UPDATE", message)
    events.pins_event(discord, channel)


def sendable(channel: Channel) -> None:
    """Refused for channels that take no messages."""
    if channel.type not in (0, 1, 5, 10, 11, 12):
        raise Refused(50008)
