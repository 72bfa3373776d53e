"""Messages over HTTP: create with nonce, edit, delete, read, pins and reactions (docs/resources/message)."""

from typing import Final

from . import events, posting, sleeping
from .calls import Answer, Call, route
from .components import stored
from .limits import OLD_EDITS
from .posting import change, delete, say, sendable
from .refusals import Refused, bad
from .rules import attach, check_message, stored_embeds
from .state import COMPONENTS_V2, SUPPRESS_EMBEDS, Channel, Json, Message, iso

MESSAGES: Final = "/channels/{channel_id}/messages"
ONE: Final = MESSAGES + "/{message_id}"
OLD_S: Final = 3600.0
SYSTEM: Final = (18, 21)


def shown(call: Call, message: Message) -> Json:
    return events.message_payload(call.discord, message)


@route("POST", MESSAGES)
def create_message(call: Call) -> Answer:
    channel = call.channel()
    sendable(channel)
    body = call.form("MessageCreateRequest")
    check_message(body, has_files=bool(call.uploads))
    may_send(call, channel, body)
    if (earlier := by_nonce(call, channel, body)) is not None:
        return shown(call, earlier) | {"nonce": body["nonce"]}
    message = new_message(call, channel, body)
    reference = body.get("message_reference")
    if reference:
        reply_to(call, message, reference)
    say(call.discord, message, body.get("allowed_mentions"))
    if message.nonce is not None:
        call.discord.nonces[str(message.nonce)] = (message.at, message)
    return shown(call, message)


def may_send(call: Call, channel: Channel, body: Json) -> None:
    """Permissions, closed DMs and locked threads."""
    if channel.is_dm:
        reachable(call, channel)
        return
    call.needs(channel, "send_messages_in_threads" if channel.is_thread else "send_messages")
    sleeping.speakable(channel, moderates=call.may(channel, "manage_threads"))
    if call.uploads:
        call.needs(channel, "attach_files")
    if body.get("message_reference"):
        call.needs(channel, "read_message_history")
    if body.get("embeds") and not call.may(channel, "embed_links"):
        call.discord.missing.append(f"embed_links in #{channel.name}")
        raise Refused(50013)


def reachable(call: Call, channel: Channel) -> None:
    """DMs: a guild in common, and open (codes 50278 and 50007)."""
    person = channel.person
    assert person is not None
    if not any(guild.has_bot and person.id in guild.members for guild in call.discord.guilds.values()):
        raise Refused(50278)
    if person.closed_dms:
        raise Refused(50007)


def by_nonce(call: Call, channel: Channel, body: Json) -> Message | None:
    """The message of the past few minutes with the same nonce, if the bot wants each one once."""
    nonce, discord = body.get("nonce"), call.discord
    if nonce is None or not body.get("enforce_nonce"):
        return None
    at, message = discord.nonces.get(str(nonce), (0.0, None))
    if message is None or discord.clock.now() - at > discord.nonce_s:
        return None
    discord.log({"what": "nonce", "channel": channel.id, "id": message.id, "nonce": nonce})
    if message.channel is not channel:
        discord.complain(f"the nonce {nonce} was used in two channels")
    if message.id not in message.channel.messages:
        raise Refused(10008)  # discord-api-docs#6647: the original was deleted
    return message


def new_message(call: Call, channel: Channel, body: Json) -> Message:
    discord = call.discord
    return Message(
        id=discord.snowflake(),
        channel=channel,
        author=discord.bot,
        content=body.get("content") or "",
        flags=(body.get("flags") or 0),
        embeds=stored_embeds(body.get("embeds")),
        components=stored(body.get("components") or []),
        attachments=attach(call, body),
        nonce=body.get("nonce"),
    )


def reply_to(call: Call, message: Message, reference: Json) -> None:
    """A reply; forwards (type 1) are not known here."""
    if reference.get("type"):
        call.discord.complain("messages are not forwarded here")
    replied = message.channel.messages.get(str(reference.get("message_id")))
    if replied is None:
        if reference.get("fail_if_not_exists", True):
            raise bad("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return
    if replied.type in SYSTEM:
        raise bad("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")
    message.type, message.replied = 19, replied
    message.reference = {"type": 0, "channel_id": message.channel.id, "message_id": replied.id}
    if message.channel.guild:
        message.reference["guild_id"] = message.channel.guild.id


@route("GET", MESSAGES)
def list_messages(call: Call) -> Answer:
    channel = call.channel()
    sendable(channel)
    limit = call.number("limit", 50, 1, 100)
    if not call.may(channel, "read_message_history"):
        return []  # docs: without it no messages are returned
    everything = sorted((each for each in channel.messages.values() if not each.ephemeral_for), key=lambda m: int(m.id))
    given = [name for name in ("around", "before", "after") if name in call.query]
    if len(given) > 1:
        raise bad(given[0], "BASE_TYPE_BAD_VALUE", "around, before and after exclude each other.")
    if "after" in call.query:
        found = [each for each in everything if int(each.id) > int(call.query["after"])][:limit]
    elif "before" in call.query:
        found = [each for each in everything if int(each.id) < int(call.query["before"])][-limit:]
    elif "around" in call.query:
        middle = int(call.query["around"])
        found = sorted(everything, key=lambda each: abs(int(each.id) - middle))[:limit]
    else:
        found = everything[-limit:]
    return [shown(call, each) for each in sorted(found, key=lambda m: -int(m.id))]


@route("GET", ONE)
def get_message(call: Call) -> Answer:
    channel = call.channel("read_message_history")
    return shown(call, call.message(channel))


@route("PATCH", ONE)
def update_message(call: Call) -> Answer:
    channel = call.channel()
    message = call.message(channel)
    body = call.form("MessageEditRequestPartial", "tts")  # discord.py says so with files
    sleeping.changeable(channel, moderates=call.may(channel, "manage_threads"))
    others = message.author is not call.discord.bot
    if others and (set(body) - {"flags"} or not call.may(channel, "manage_messages")):
        raise Refused(50005)
    if message.type in SYSTEM:
        raise Refused(50021)
    too_often(call, message)
    changes = edited(call, message, body)
    return shown(call, change(call.discord, message, changes, body.get("allowed_mentions")))


def too_often(call: Call, message: Message) -> None:
    discord = call.discord
    if not discord.rate_limits or discord.clock.now() - message.at < OLD_S:
        return
    if discord.limits.old_edit(message.channel.id, discord.clock.now()):
        raise Refused(30046, retry_after=OLD_EDITS[1], **{"global": False})


def edited(call: Call, message: Message, body: Json) -> Json:
    """The fields of the message that an edit changes, checked as a whole."""
    flags = message.flags if body.get("flags") is None else (body["flags"] or 0)
    if message.flags & COMPONENTS_V2 and not flags & COMPONENTS_V2:
        flags |= COMPONENTS_V2  # the flag can be added and never removed
    check_message(body, edits=True, has_files=bool(call.uploads), flags=flags)
    changes: Json = {"flags": message.flags & ~SUPPRESS_EMBEDS | flags & (SUPPRESS_EMBEDS | COMPONENTS_V2)}
    if "content" in body:
        changes["content"] = body["content"] or ""
    if "embeds" in body:
        changes["embeds"] = stored_embeds(body["embeds"])
    if "components" in body:
        changes["components"] = stored(body["components"] or [])
    if "attachments" in body or call.uploads:
        changes["attachments"] = attach(call, body, message.attachments)
    left = {
        name: changes.get(name, getattr(message, name)) for name in ("content", "embeds", "components", "attachments")
    }
    if not any(left.values()):
        raise Refused(50006)
    return changes


@route("DELETE", ONE)
def delete_message(call: Call) -> Answer:
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.discord.bot:
        if channel.is_dm:
            raise Refused(50003)
        call.needs(channel, "manage_messages")
    if message.type in SYSTEM:
        raise Refused(50021)
    sleeping.changeable(channel, moderates=call.may(channel, "manage_threads"))
    delete(call.discord, message, "bot")
    return None


@route("POST", "/channels/{channel_id}/messages/bulk-delete")
def bulk_delete(call: Call) -> Answer:
    channel = call.channel("manage_messages")
    ids = list(dict.fromkeys(str(each) for each in (call.body or {}).get("messages", [])))
    if not 2 <= len(ids) <= 100:
        raise Refused(50016)
    found = [channel.messages[key] for key in ids if key in channel.messages]
    if any(call.discord.clock.now() - each.at > 14 * 86400 for each in found):
        raise Refused(50034)
    for each in found:
        del channel.messages[each.id]
        posting.told(call.discord, "delete", each, by_whom="bot")
    events.message_deleted(call.discord, channel, ids, bulk=True)
    return None


@route("PUT", ONE + "/reactions/{emoji_name}/@me")
def add_reaction(call: Call) -> Answer:
    channel = call.channel("read_message_history")
    message = call.message(channel)
    sleeping.changeable(channel, moderates=call.may(channel, "manage_threads"))
    emoji = call.ids["emoji_name"]
    if emoji not in message.reactions:
        call.needs(channel, "add_reactions")
    if emoji.isascii() and ":" not in emoji:
        raise Refused(10014)
    posting.react(call.discord, message, call.discord.bot, emoji)
    return None


@route("DELETE", ONE + "/reactions/{emoji_name}/@me")
def remove_reaction(call: Call) -> Answer:
    channel = call.channel("read_message_history")
    message = call.message(channel)
    sleeping.changeable(channel, moderates=call.may(channel, "manage_threads"))
    posting.unreact(call.discord, message, call.discord.bot.id, call.ids["emoji_name"])
    return None


@route("GET", "/channels/{channel_id}/messages/pins")
def list_pins(call: Call) -> Answer:
    channel = call.channel("read_message_history")
    limit = call.number("limit", 50, 1, 50)
    found = sorted((each for each in channel.messages.values() if each.pinned_at), key=lambda m: -m.pinned_at)
    items = [{"pinned_at": iso(each.pinned_at), "message": shown(call, each)} for each in found[:limit]]
    return {"items": items, "has_more": len(found) > limit}


@route("GET", "/channels/{channel_id}/pins")
def old_list_pins(call: Call) -> Answer:
    channel = call.channel("read_message_history")
    return [shown(call, each) for each in channel.messages.values() if each.pinned_at]


def pinning(call: Call, *, pinned: bool) -> None:
    channel = call.channel()
    call.needs(channel, "pin_messages")  # its own permission since 2026-02-23
    message = call.message(channel)
    sleeping.changeable(channel, moderates=call.may(channel, "manage_threads"))
    if message.type in SYSTEM:
        raise Refused(50021)
    posting.pin(call.discord, message, pinned=pinned)


@route("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
@route("PUT", "/channels/{channel_id}/pins/{message_id}")
def pin(call: Call) -> Answer:
    pinning(call, pinned=True)
    return None


@route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
@route("DELETE", "/channels/{channel_id}/pins/{message_id}")
def unpin(call: Call) -> Answer:
    pinning(call, pinned=False)
    return None


@route("POST", "/channels/{channel_id}/typing")
def typing(call: Call) -> Answer:
    channel = call.channel()
    sendable(channel)
    call.needs(channel, "send_messages_in_threads" if channel.is_thread else "send_messages")
    return None
