"""Sends what happened over the gateway, to those sessions that may know it, with content only where it may be read."""

from typing import TYPE_CHECKING

from .openapi import schema_problems
from .sessions import Session
from .state import Channel, Guild, Json, Member, Message

if TYPE_CHECKING:
    from .server import FakeDiscord


def check(discord: "FakeDiscord", schema: str, payload: Json, event: str) -> None:
    for path, _, text in schema_problems(schema, payload):
        discord.complain(f"the fake itself sends {event} with a wrong {path}: {text}")


def may_read(discord: "FakeDiscord", message: Message, *, asked: bool = True) -> bool:
    """Whether the bot gets what a message says (docs/events/gateway#message-content-intent)."""
    if asked and "message_content" in discord.privileged:
        return True
    bot = discord.bot
    return message.author is bot or message.channel.is_dm or bot in message.mentions


def message_payload(discord: "FakeDiscord", message: Message, *, asked: bool = True) -> Json:
    """The message as the bot gets it; `asked`: the session, or the portal for HTTP, has the intent."""
    shown = message.payload(content=may_read(discord, message, asked=asked), reader=discord.bot.id)
    for each in shown["attachments"]:
        each["url"] = each["proxy_url"] = discord.signed(each["id"])  # read anew, signed anew
    return shown


def message_event(discord: "FakeDiscord", name: str, message: Message) -> None:
    """MESSAGE_CREATE or MESSAGE_UPDATE."""
    channel = message.channel
    if message.ephemeral_for or not discord.bot_sees(channel):
        return
    more: Json = {}
    if channel.guild:
        more["guild_id"] = channel.guild.id
        if member := channel.guild.members.get(message.author.id):
            more["member"] = member.payload(with_user=False)
    whole = message.payload(reader=discord.bot.id)
    check(discord, "MessageResponse", whole, name)

    def adjust(session: Session) -> Json:
        return message_payload(discord, message, asked=session.wants("message_content")) | more

    intent = "dm_messages" if channel.is_dm else "guild_messages"
    discord.gateway.dispatch(name, adjust, intent, guild_id=guild_id(channel))


def message_deleted(discord: "FakeDiscord", channel: Channel, ids: list[str], *, bulk: bool = False) -> None:
    if not discord.bot_sees(channel):
        return
    payload: Json = {"ids": ids} if bulk else {"id": ids[0]}
    payload |= {"channel_id": channel.id} | ({"guild_id": channel.guild.id} if channel.guild else {})
    name = "MESSAGE_DELETE_BULK" if bulk else "MESSAGE_DELETE"
    intent = "dm_messages" if channel.is_dm else "guild_messages"
    discord.gateway.dispatch(name, lambda _: payload, intent, guild_id=guild_id(channel))


def reaction_event(discord: "FakeDiscord", name: str, message: Message, user_id: str, emoji: str) -> None:
    channel = message.channel
    text, _, key = emoji.partition(":")
    payload: Json = {"user_id": user_id, "channel_id": channel.id, "message_id": message.id}
    payload |= {"emoji": {"id": key or None, "name": text}, "burst": False, "type": 0}
    if channel.guild:
        payload["guild_id"] = channel.guild.id
        if name.endswith("ADD") and (member := channel.guild.members.get(user_id)):
            payload["member"] = member.payload()
    intent = "dm_reactions" if channel.is_dm else "guild_reactions"
    if discord.bot_sees(channel):
        discord.gateway.dispatch(name, lambda _: payload, intent, guild_id=guild_id(channel))


def channel_event(discord: "FakeDiscord", name: str, channel: Channel, **more: object) -> None:
    """CHANNEL_* or THREAD_*; threads only if the bot sees them."""
    payload = channel.payload(discord.bot.id) | more
    check(discord, "ThreadResponse" if channel.is_thread else "GuildChannelResponse", payload, name)
    if name == "THREAD_DELETE":
        payload = {key: payload[key] for key in ("id", "guild_id", "parent_id", "type")}
    if channel.is_thread and not discord.bot_sees(channel):
        return
    discord.gateway.dispatch(name, lambda _: payload, "guilds", guild_id=guild_id(channel))


def pins_event(discord: "FakeDiscord", channel: Channel) -> None:
    payload: Json = {"channel_id": channel.id, "last_pin_timestamp": channel.payload().get("last_pin_timestamp")}
    payload |= {"guild_id": channel.guild.id} if channel.guild else {}
    intent = "dm_messages" if channel.is_dm else "guilds"
    discord.gateway.dispatch("CHANNEL_PINS_UPDATE", lambda _: payload, intent, guild_id=guild_id(channel))


def thread_members_event(discord: "FakeDiscord", thread: Channel, added: list[str], removed: list[str]) -> None:
    """Everybody's comings need the members intent; the bot's own come in any case."""
    payload: Json = {"id": thread.id, "guild_id": guild_id(thread), "member_count": len(thread.thread_members)}
    if added:
        assert thread.guild is not None
        members = [
            thread.member_payload(key) | {"presence": None, "member": thread.guild.members[key].payload()}
            for key in added
        ]
        payload["added_members"] = members
        for each in members:
            check(discord, "ThreadMemberResponse", each, "THREAD_MEMBERS_UPDATE")
    if removed:
        payload["removed_member_ids"] = removed
    own = discord.bot.id in (*added, *removed)
    intents = ("guilds",) if own else ("members",)
    if discord.bot_sees(thread):
        discord.gateway.dispatch("THREAD_MEMBERS_UPDATE", lambda _: payload, *intents, guild_id=guild_id(thread))


def member_event(discord: "FakeDiscord", name: str, guild: Guild, member: Member) -> None:
    """GUILD_MEMBER_*; an update of the bot itself needs no intent."""
    payload: Json = {"guild_id": guild.id}
    if name == "GUILD_MEMBER_REMOVE":
        payload["user"] = member.user.payload()
    else:
        payload |= member.payload()
        check(discord, "GuildMemberResponse", member.payload(), name)
    intents = () if member.user is discord.bot and name == "GUILD_MEMBER_UPDATE" else ("members",)
    discord.gateway.dispatch(name, lambda _: payload, *intents, guild_id=guild.id)


def role_event(discord: "FakeDiscord", name: str, guild: Guild, role_id: str) -> None:
    payload: Json = {"guild_id": guild.id}
    if name == "GUILD_ROLE_DELETE":
        payload["role_id"] = role_id
    else:
        payload["role"] = guild.roles[role_id].payload()
        check(discord, "GuildRoleResponse", payload["role"], name)
    discord.gateway.dispatch(name, lambda _: payload, "guilds", guild_id=guild.id)


def guild_event(discord: "FakeDiscord", name: str, guild: Guild, payload: Json) -> None:
    discord.gateway.dispatch(name, lambda _: payload, "guilds", guild_id=guild.id, faulty=False)


def guild_id(channel: Channel) -> str:
    return channel.guild.id if channel.guild else ""
