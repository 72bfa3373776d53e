"""conversations.*: channels, who is in them, what was said (docs.slack.dev/reference/methods/conversations.*)."""

import re
from typing import Final

from . import posting
from .calls import Call, Refused, invalid_arguments, method
from .events import HISTORY, READ
from .state import Channel, Json, Message

TS: Final = re.compile(r"\d{1,12}(\.\d{1,6})?")
WINDOW: Final = "channel cursor inclusive include_all_metadata latest limit oldest"


def seen(call: Call) -> Channel:
    """A channel that the bot reads: it is in it and has the scope."""
    channel = call.channel()
    call.needs_scope(HISTORY[channel.kind])
    if call.workspace.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def in_window(call: Call, messages: list[Message]) -> list[Message]:
    """Those between oldest and latest; the ends only when `inclusive`."""
    for name in ("oldest", "latest"):
        if call.text(name) and not TS.fullmatch(call.text(name)):
            raise Refused(f"invalid_ts_{name}")
    inclusive = bool(call.flag("inclusive"))
    oldest, latest = as_number(call.text("oldest", "0")), as_number(call.text("latest") or "9" * 12)
    if inclusive:
        return [each for each in messages if oldest <= as_number(each.ts) <= latest]
    return [each for each in messages if oldest < as_number(each.ts) < latest]


def as_number(ts: str) -> int:
    whole, _, part = ts.partition(".")
    return int(whole or "0") * 1_000_000 + int(part.ljust(6, "0"))


def limit(call: Call, default: int, most: int) -> tuple[int, int]:
    """At most 999 or 1,000; 15 for apps outside the Marketplace since 2025-05-29."""
    if call.slack.small_history:
        return min(call.number("limit", 15), 15), 15
    return call.number("limit", default), most


@method("conversations.history", WINDOW, reading=True)
def history(call: Call) -> Json:
    channel = seen(call)
    shown = [each for each in channel.messages.values() if not each.is_reply or each.subtype == "thread_broadcast"]
    shown = in_window(call, shown[::-1])
    amount, most = limit(call, 100, 999)
    page, following = call.page(shown, amount, most)
    with_metadata = bool(call.flag("include_all_metadata"))
    messages = [channel.payload_of(each, with_metadata=with_metadata) for each in page]
    more = bool(following["response_metadata"]["next_cursor"])
    return {"messages": messages, "has_more": more, "pin_count": 0} | (following if more else {})


@method("conversations.replies", WINDOW + " ts", reading=True)
def replies(call: Call) -> Json:
    """The thread's first message comes with every page."""
    channel = seen(call)
    ts = call.needed("ts")
    root = channel.messages.get(ts)
    if root is None:
        raise Refused("thread_not_found")
    thread = [] if root.is_reply else in_window(call, list(channel.thread(ts)))
    amount, most = limit(call, 1000, 1000)
    page, following = call.page(thread, amount, most)
    with_metadata = bool(call.flag("include_all_metadata"))
    messages = [channel.payload_of(each, with_metadata=with_metadata) for each in (root, *page)]
    more = bool(following["response_metadata"]["next_cursor"])
    return {"messages": messages, "has_more": more} | (following if more else {})


@method("conversations.info", "channel include_locale include_num_members", reading=True)
def about(call: Call) -> Json:
    channel = call.channel()
    call.needs_scope(READ[channel.kind])
    return {"channel": channel.payload(call.workspace.bot_user_id)}


@method("conversations.list", "cursor exclude_archived limit team_id types", reading=True)
def listed(call: Call) -> Json:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    asked = [each.strip() for each in call.text("types", "public_channel").split(",")]
    if unknown := [each for each in asked if each not in kinds]:
        raise Refused("invalid_types", detail=unknown)
    for each in asked:
        call.needs_scope(READ.get(kinds[each], "mpim:read"))
    bot = call.workspace.bot_user_id
    found = [
        each
        for each in call.workspace.channels.values()
        if each.kind in {kinds[name] for name in asked}
        and (each.kind == "channel" or bot in each.members)
        and not (call.flag("exclude_archived") and each.archived)
    ]
    page, following = call.page(found, call.number("limit", 100), 999)
    return {"channels": [each.payload(bot) for each in page]} | following


@method("users.conversations", "cursor exclude_archived limit types user", reading=True)
def of_user(call: Call) -> Json:
    """The channels that the bot is in."""
    whole = listed(call)
    return whole | {"channels": [each for each in whole["channels"] if each.get("is_member") or each["is_im"]]}


@method("conversations.members", "channel cursor limit", reading=True)
def members(call: Call) -> Json:
    channel = call.channel()
    call.needs_scope(READ[channel.kind])
    page, following = call.page(list(channel.members), call.number("limit", 100), 999)
    return {"members": page} | following


@method("conversations.open", "channel prevent_creation return_im users", scope="im:write")
def open_direct(call: Call) -> Json:
    users = [each for each in call.text("users").split(",") if each]
    if call.text("channel"):
        channel = call.channel()
        return {"channel": {"id": channel.id}}
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 1:
        raise invalid_arguments("the fake opens direct channels with one person only")
    user = call.workspace.users.get(users[0])
    if user is None:
        raise Refused("user_not_found")
    if user.deleted:
        raise Refused("user_disabled")
    if user.is_bot:
        raise Refused("cannot_dm_bot")
    if user.id in call.workspace.unreachable:
        raise Refused("user_not_visible")
    existed = any(each.kind == "im" and user.id in each.members for each in call.workspace.channels.values())
    channel = call.workspace.dm(user.id)
    whole = channel.payload(call.workspace.bot_user_id) if call.flag("return_im") else {"id": channel.id}
    return {"channel": whole} | ({"no_op": True, "already_open": True} if existed else {})


@method("conversations.join", "channel", scope="channels:join")
def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    if call.workspace.bot_user_id in channel.members:
        return {"channel": channel.payload(call.workspace.bot_user_id), "warning": "already_in_channel"}
    channel.members.append(call.workspace.bot_user_id)
    posting.joined(call.workspace, channel, call.workspace.bot_user_id)
    return {"channel": channel.payload(call.workspace.bot_user_id)}
