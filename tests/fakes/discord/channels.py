"""Channels and threads over HTTP: read, change, delete, start threads, list them (docs/resources/channel)."""

from typing import Final

from . import events, sleeping
from .calls import Answer, Call, route
from .components import stored
from .posting import say
from .refusals import Refused, bad, bad_form
from .rules import attach, check_message, stored_embeds
from .state import (
    ARCHIVE_MINUTES,
    DM,
    FORUM,
    HAS_THREAD,
    NEWS,
    PINNED_POST,
    PRIVATE_THREAD,
    REQUIRE_TAG,
    TEXT,
    THREAD,
    Channel,
    Json,
    Message,
)

ONE: Final = "/channels/{channel_id}"
MOST_TAGS, TAGS_PER_POST, TAG_NAME, TOPIC, FORUM_TOPIC = 20, 5, 20, 1024, 4096
RENAMES: Final = ("name", "topic")


@route("GET", ONE)
def get_channel(call: Call) -> Answer:
    return call.channel().payload(call.discord.bot.id)


@route("PATCH", ONE)
def update_channel(call: Call) -> Answer:
    channel = call.channel()
    if channel.type == DM:
        raise Refused(50003)
    return update_thread(call, channel) if channel.is_thread else update_place(call, channel)


def renames(call: Call, channel: Channel, body: Json) -> None:
    """Two new names or topics in ten minutes; the headers do not tell (discord-api-docs#1900)."""
    changed = any(name in body and body[name] != getattr(channel, name) for name in RENAMES)
    if (
        changed
        and call.discord.rate_limits
        and (wait := call.discord.limits.rename(channel.id, call.discord.clock.now()))
    ):
        raise Refused(20028, message="You are being rate limited.", retry_after=wait, **{"global": False})


def update_thread(call: Call, thread: Channel) -> Answer:
    """docs/resources/channel#modify-channel-json-params-thread."""
    body = call.form("UpdateThreadRequestPartial")
    moderates = call.may(thread, "manage_threads")
    wakes = body.get("archived") is False
    if thread.archived and not wakes and set(body) - {"archived"}:
        raise Refused(50083)
    only_wakes = wakes and not thread.locked and set(body) <= {"archived", "locked"} and not body.get("locked")
    own = thread.owner_id == call.discord.bot.id and not thread.locked
    if only_wakes:
        call.needs(thread, "send_messages_in_threads")
    elif not moderates and (not own or {"locked", "rate_limit_per_user", "flags"} & set(body)):
        call.needs(thread, "manage_threads")
    renames(call, thread, body)
    if "applied_tags" in body:
        thread.applied_tags = checked_tags(call, thread.parent, body["applied_tags"] or [], before=thread.applied_tags)
    if body.get("name") is not None:
        if not body["name"].strip():
            raise bad("name", "BASE_TYPE_REQUIRED", "This field is required")
        thread.name = body["name"]
    thread.locked = thread.locked if body.get("locked") is None else body["locked"]
    thread.slowmode_s = body.get("rate_limit_per_user") or thread.slowmode_s
    if body.get("auto_archive_duration"):
        thread.archive_after_min, thread.active_at = body["auto_archive_duration"], call.discord.clock.now()
    if body.get("flags") is not None:
        thread.flags = thread.flags & ~PINNED_POST | body["flags"] & PINNED_POST
    if body.get("archived") is not None and body["archived"] != thread.archived:
        sleeping.archive(call.discord, thread, archived=body["archived"], tell=False)
    call.discord.log({"what": "thread", "channel": thread.id, "name": thread.name, "tags": list(thread.applied_tags)})
    events.channel_event(call.discord, "THREAD_UPDATE", thread)
    return thread.payload(call.discord.bot.id)


def update_place(call: Call, channel: Channel) -> Answer:
    body = call.form("UpdateGuildChannelRequestPartial")
    call.needs(channel, "manage_channels")
    renames(call, channel, body)
    if len(body.get("topic") or "") > (FORUM_TOPIC if channel.type == FORUM else TOPIC):
        raise bad("topic", "BASE_TYPE_MAX_LENGTH", "Must be 1024 or fewer in length.")
    for name in ("name", "topic", "position"):
        if body.get(name) is not None:
            setattr(channel, name, body[name])
    if body.get("available_tags") is not None:
        channel.tags = new_tags(call, body["available_tags"], channel.tags)
    if body.get("flags") is not None:
        channel.flags = channel.flags & ~REQUIRE_TAG | body["flags"] & REQUIRE_TAG
    if body.get("permission_overwrites") is not None:
        call.needs(channel, "manage_roles")
        channel.overwrites = overwrites(body["permission_overwrites"])
    events.channel_event(call.discord, "CHANNEL_UPDATE", channel)
    return channel.payload()


def overwrites(given: list[Json]) -> dict[str, tuple[int, int]]:
    return {str(each["id"]): (int(each.get("allow") or 0), int(each.get("deny") or 0)) for each in given}


def new_tags(call: Call, given: list[Json], before: list[Json]) -> list[Json]:
    """A forum's tags: 20, their names 1 to 20 characters and no two alike."""
    if len(given) > MOST_TAGS:
        raise Refused(30048)
    names = [each["name"] for each in given]
    if len(set(names)) < len(names):
        raise Refused(40061)
    if any(not 1 <= len(name) <= TAG_NAME for name in names):
        raise bad("available_tags", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {TAG_NAME} in length.")
    known = {each["id"] for each in before}
    return [
        {
            "id": each["id"] if each.get("id") in known else call.discord.snowflake(),
            "name": each["name"],
            "moderated": bool(each.get("moderated")),
            "emoji_id": each.get("emoji_id"),
            "emoji_name": each.get("emoji_name"),
        }
        for each in given
    ]


@route("DELETE", ONE)
def delete_channel(call: Call) -> Answer:
    channel = call.channel()
    if channel.type == DM:
        return channel.payload()
    call.needs(channel, "manage_threads" if channel.is_thread else "manage_channels")
    shown = channel.payload(call.discord.bot.id)
    call.discord.drop_channel(channel)
    return shown


@route("POST", ONE + "/threads", status=201)
def create_thread(call: Call) -> Answer:
    channel = call.channel()
    if channel.type == FORUM:
        return create_post(call, channel)
    if channel.type not in (TEXT, NEWS):
        raise Refused(50024)
    body = call.form("CreateTextThreadWithoutMessageRequest")
    kind = body.get("type") or PRIVATE_THREAD  # docs: defaults to PRIVATE_THREAD
    call.needs(channel, "create_private_threads" if kind == PRIVATE_THREAD else "create_public_threads")
    thread = new_thread(call, channel, body, kind=kind)
    if kind == THREAD:
        notice = Message(id=call.discord.snowflake(), channel=channel, author=call.discord.bot, type=18)
        notice.content, notice.reference = (
            thread.name,
            {"type": 0, "channel_id": thread.id, "guild_id": thread.guild.id},
        )  # type: ignore[union-attr]
        say(call.discord, notice, {"parse": []})
    return thread.payload(call.discord.bot.id)


def create_post(call: Call, forum: Channel) -> Answer:
    """A post: a thread and its first message with the same id. It takes no nonce."""
    body = call.form("CreateForumThreadRequest", "type")
    message_body = body["message"]
    if "nonce" in message_body or "enforce_nonce" in message_body:
        call.discord.complain("a forum post takes no nonce")
    check_message(message_body, has_files=bool(call.uploads))
    call.needs(forum, "send_messages")
    if call.uploads:
        call.needs(forum, "attach_files")
    tags = checked_tags(call, forum, body.get("applied_tags") or [])
    attachments = attach(call, message_body)
    thread = new_thread(call, forum, body, tags=tags, tell=False)
    events.channel_event(call.discord, "THREAD_CREATE", thread, newly_created=True)
    starter = Message(
        id=thread.id,
        channel=thread,
        author=call.discord.bot,
        content=message_body.get("content") or "",
        flags=message_body.get("flags") or 0,
        embeds=stored_embeds(message_body.get("embeds")),
        components=stored(message_body.get("components") or []),
        attachments=attachments,
    )
    say(call.discord, starter, message_body.get("allowed_mentions"))
    return thread.payload(call.discord.bot.id) | {"message": events.message_payload(call.discord, starter)}


def checked_tags(call: Call, forum: Channel | None, given: list[str], before: list[str] | None = None) -> list[str]:
    assert forum is not None
    known = {each["id"]: each for each in forum.tags}
    wanted = list(dict.fromkeys(str(each) for each in given))
    if len(wanted) > TAGS_PER_POST:
        raise bad("applied_tags", "BASE_TYPE_MAX_LENGTH", f"Must be {TAGS_PER_POST} or fewer in length.")
    if any(key not in known for key in wanted):
        raise Refused(10087)
    if forum.flags & REQUIRE_TAG and not wanted:
        raise Refused(40067)
    moderated = [key for key in set(wanted) ^ set(before or []) if key in known and known[key]["moderated"]]
    if moderated:
        call.needs(forum, "manage_threads")
    return wanted


def new_thread(
    call: Call,
    parent: Channel,
    body: Json,
    *,
    kind: int = THREAD,
    id: str = "",
    tags: list[str] | None = None,
    tell: bool = True,
) -> Channel:
    discord, guild = call.discord, parent.guild
    assert guild is not None
    sleeping.room_for_one(discord, guild)
    minutes = body.get("auto_archive_duration") or 4320
    if minutes not in ARCHIVE_MINUTES:
        raise bad("auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of {ARCHIVE_MINUTES}.")
    if not body["name"].strip():
        raise bad_form([(("name",), "BASE_TYPE_REQUIRED", "This field is required")])
    thread = discord.start_thread(parent, body["name"], discord.bot, kind=kind, id=id, tags=tags, minutes=minutes)
    thread.slowmode_s = body.get("rate_limit_per_user") or 0
    if tell:
        events.channel_event(discord, "THREAD_CREATE", thread, newly_created=True)
    return thread


@route("POST", ONE + "/messages/{message_id}/threads", status=201)
def thread_from_message(call: Call) -> Answer:
    """One thread per message, with the message's id; a repeat is 160004."""
    channel = call.channel("create_public_threads", "read_message_history")
    message = call.message(channel)
    body = call.form("CreateTextThreadWithMessageRequest")
    if channel.type not in (TEXT, NEWS):
        raise Refused(50024)
    if message.flags & HAS_THREAD:
        raise Refused(160004)
    thread = new_thread(call, channel, body, id=message.id)
    message.flags |= HAS_THREAD
    message.thread = thread
    events.message_event(call.discord, "MESSAGE_UPDATE", message)
    first = Message(id=call.discord.snowflake(), channel=thread, author=call.discord.bot, type=21, replied=message)
    first.reference = {"type": 0, "channel_id": channel.id, "message_id": message.id, "guild_id": channel.guild.id}  # type: ignore[union-attr]
    say(call.discord, first, {"parse": []})
    return thread.payload(call.discord.bot.id)


@route("GET", "/guilds/{guild_id}/threads/active")
def active_threads(call: Call) -> Answer:
    found = [each for each in call.guild().threads() if not each.archived and call.discord.bot_sees(each)]
    return listed(call, sorted(found, key=lambda each: -int(each.id)), more=False)


def listed(call: Call, threads: list[Channel], *, more: bool) -> Json:
    me = call.discord.bot.id
    members = [each.member_payload(me) for each in threads if me in each.thread_members]
    return {"threads": [each.payload(me) for each in threads], "members": members, "has_more": more}


def archived_of(call: Call, channel: Channel, kinds: tuple[int, ...]) -> Json:
    limit = call.number("limit", 50, 2, 100)
    guild = channel.guild
    assert guild is not None
    found = [each for each in guild.threads() if each.parent is channel and each.archived and each.type in kinds]
    found.sort(key=lambda each: -each.archive_changed_at)
    if before := call.query.get("before"):
        # An ISO 8601 time (docs/resources/channel#list-public-archived-threads).
        found = [each for each in found if each.payload()["thread_metadata"]["archive_timestamp"] < before]
    return listed(call, found[:limit], more=len(found) > limit)


@route("GET", ONE + "/threads/archived/public")
def archived_public(call: Call) -> Answer:
    return archived_of(call, call.channel("read_message_history"), (THREAD, 10))


@route("GET", ONE + "/threads/archived/private")
def archived_private(call: Call) -> Answer:
    return archived_of(call, call.channel("read_message_history", "manage_threads"), (PRIVATE_THREAD,))


@route("PUT", ONE + "/permissions/{overwrite_id}")
def set_overwrite(call: Call) -> Answer:
    channel = call.channel("manage_roles")
    # Permissions come as text here too (docs/topics/permissions), where the description says integer.
    body = call.body if isinstance(call.body, dict) else {}
    if not all(str(body.get(name) or 0).isdigit() for name in ("allow", "deny")):
        raise bad("allow", "NUMBER_TYPE_COERCE", "Permissions are numbers.")
    channel.overwrites |= overwrites([body | {"id": call.ids["overwrite_id"]}])
    events.channel_event(call.discord, "CHANNEL_UPDATE", channel)
    return None


def thread_of(call: Call) -> Channel:
    thread = call.channel()
    if not thread.is_thread:
        raise Refused(50024)
    return thread


@route("GET", ONE + "/thread-members")
def thread_members(call: Call) -> Answer:
    thread = thread_of(call)
    return [thread.member_payload(key) for key in thread.thread_members]


@route("PUT", ONE + "/thread-members/@me")
def join_thread(call: Call) -> Answer:
    sleeping.add_member(call.discord, thread_of(call), call.discord.bot.id)
    return None


@route("DELETE", ONE + "/thread-members/@me")
def leave_thread(call: Call) -> Answer:
    sleeping.remove_member(call.discord, thread_of(call), call.discord.bot.id)
    return None


@route("PUT", ONE + "/thread-members/{user_id}")
def add_thread_member(call: Call) -> Answer:
    thread = thread_of(call)
    call.needs(thread, "send_messages_in_threads")
    assert thread.guild is not None
    if call.ids["user_id"] not in thread.guild.members:
        raise Refused(10007)
    sleeping.add_member(call.discord, thread, call.ids["user_id"])
    return None


@route("DELETE", ONE + "/thread-members/{user_id}")
def remove_thread_member(call: Call) -> Answer:
    thread = thread_of(call)
    sleeping.changeable(thread, moderates=True)
    if thread.owner_id != call.discord.bot.id:
        call.needs(thread, "manage_threads")
    sleeping.remove_member(call.discord, thread, call.ids["user_id"])
    return None
