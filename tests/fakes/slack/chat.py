"""chat.*: post, change, delete, show to one person (docs.slack.dev/reference/methods/chat.postMessage ...)."""

from typing import Any, Final

from . import posting
from .blocks import problems, too_long_together
from .calls import Call, Refused, method
from .state import Channel, Json, Message

CUT_AT: Final = 40_000  # chat.postMessage cuts longer text
ADVISED: Final = 4_000
CONTENT: Final = "blocks attachments text parse link_names metadata mrkdwn markdown_text"


def blocks_of(call: Call) -> list[Json]:
    """Blocks that Slack accepts in a message, each with an id. Raises Refused: invalid_blocks, msg_blocks_too_long."""
    blocks = call.structure("blocks", "invalid_blocks_format")
    if not blocks:
        return []
    found = problems(blocks)
    if isinstance(blocks, list) and too_long_together(blocks) and len(found) == 1:
        raise Refused("msg_blocks_too_long")
    if found:
        raise Refused("invalid_blocks", errors=found, response_metadata={"messages": [f"[ERROR] {x}" for x in found]})
    return with_ids(call, blocks)


def with_ids(call: Call, blocks: list[Json]) -> list[Json]:
    """Slack names what has no block_id or action_id."""
    for block in blocks:
        block.setdefault("block_id", call.slack.mint("b"))
        for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
            kind = str(element.get("type")) if isinstance(element, dict) else "image"
            if kind not in ("mrkdwn", "plain_text", "image") and not kind.startswith(("rich_text", "None")):
                element.setdefault("action_id", call.slack.mint("a"))
    return blocks


def content_of(call: Call, *, most: int) -> Json:
    """Text, blocks, attachments and metadata. Raises Refused: no_text, msg_too_long, metadata errors."""
    text, blocks = call.text("text"), blocks_of(call)
    attachments: Any = call.structure("attachments", "invalid_attachments") or []
    if call.args.get("markdown_text"):
        if text or blocks:
            raise Refused("markdown_text_conflict")
        text = call.text("markdown_text")
    if not text and not blocks and not attachments:
        raise Refused("no_text")
    if len(text) > most:
        raise Refused("msg_too_long")
    if blocks and not text:
        call.slack.complain(f"{call.method}: blocks without text are silent for screen readers and notifications")
    if len(text) > ADVISED:
        call.slack.complain(f"{call.method}: text of {len(text)} characters, {ADVISED} are advised")
    return {"text": text, "blocks": blocks, "attachments": attachments, "metadata": metadata_of(call)}


def metadata_of(call: Call) -> Json:
    """event_type and event_payload (docs.slack.dev/messaging/message-metadata)."""
    metadata = call.structure("metadata", "invalid_metadata_format")
    if not metadata:
        return {}
    well = isinstance(metadata, dict) and set(metadata) == {"event_type", "event_payload"}
    if not well or not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        raise Refused("invalid_metadata_format")
    return dict(metadata)


def writable(call: Call, channel: Channel, *, archived: str = "is_archived") -> None:
    if channel.archived:
        raise Refused(archived)
    if call.workspace.bot_user_id not in channel.members and "chat:write.public" not in call.workspace.scopes:
        raise Refused("not_in_channel")


def root_of(call: Call, channel: Channel) -> str:
    """The thread that is written to. Raises Refused: thread_not_found."""
    ts = call.text("thread_ts")
    if not ts:
        return ""
    root = channel.messages.get(ts)
    if root is None:
        raise Refused("thread_not_found")
    if root.is_reply:
        call.slack.complain(f"{call.method}: thread_ts {ts} is a reply, not the thread's first message")
        return root.thread_ts
    return ts


def post_channel(call: Call) -> Channel:
    """A channel by id or name; a person's id means their direct channel."""
    name = call.needed("channel")
    workspace = call.workspace
    if name in workspace.users:
        if workspace.users[name].deleted:
            raise Refused("channel_not_found")
        return workspace.dm(name)
    for channel in workspace.channels.values():
        if channel.name and channel.name == name.removeprefix("#") and channel.kind == "channel":
            return channel
    return call.channel()


@method(
    "chat.postMessage",
    CONTENT + " channel thread_ts reply_broadcast unfurl_links unfurl_media username icon_emoji icon_url as_user",
    scope="chat:write",
)
def post_message(call: Call) -> Json:
    channel = post_channel(call)
    writable(call, channel)
    content = content_of(call, most=10**9)
    if len(content["text"]) > CUT_AT:
        content["text"] = content["text"][:CUT_AT]
    root = root_of(call, channel)
    username = call.text("username")
    if username:
        call.needs_scope("chat:write.customize")
    broadcast = bool(root) and bool(call.flag("reply_broadcast"))
    message = bot_message(call, content, thread_ts=root)
    message.username = username
    message.subtype = "thread_broadcast" if broadcast else "bot_message" if username else ""
    flags = {"link_names": call.flag("link_names"), "parse": call.text("parse")}
    flags |= {"unfurl_links": call.flag("unfurl_links"), "unfurl_media": call.flag("unfurl_media")}
    posting.say(call.workspace, channel, message, flags=flags, what="posts")
    return {"channel": channel.id, "ts": message.ts, "message": message.payload()}


def bot_message(call: Call, content: Json, *, thread_ts: str = "") -> Message:
    workspace = call.workspace
    return Message(
        ts=call.slack.next_ts(),
        user=workspace.bot_user_id,
        team=workspace.team_id,
        bot_id=workspace.bot_id,
        app_id=workspace.app_id,
        thread_ts=thread_ts,
        **content,
    )


def own_message(call: Call, error: str) -> tuple[Channel, Message]:
    name = call.needed("channel")
    if name in call.workspace.users:  # the D… id is needed, not the person's (chat.update's page)
        raise Refused("channel_not_found")
    channel = call.channel()
    message = channel.messages.get(call.needed("ts"))
    if message is None or message.tombstone:
        raise Refused("message_not_found")
    if message.user != call.workspace.bot_user_id:
        raise Refused(error)
    return channel, message


@method(
    "chat.update",
    CONTENT + " channel ts reply_broadcast file_ids as_user unfurl_links unfurl_media",
    scope="chat:write",
)
def update(call: Call) -> Json:
    channel, message = own_message(call, "cant_update_message")
    if channel.archived:
        raise Refused("is_inactive")
    if call.workspace.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    content = content_of(call, most=ADVISED)  # chat.update: text over 4,000 is msg_too_long
    # What is left out stays as it was: blocks, attachments, metadata (chat.update's page).
    fields = {name: value for name, value in content.items() if name in call.args or name == "text"}
    if not fields["text"]:
        fields["text"] = message.text
    if "blocks" not in call.args and message.blocks:
        call.slack.complain("chat.update: text without blocks leaves the old blocks standing")
    posting.change(call.workspace, channel, message, fields, by=call.workspace.bot_user_id, what="updates")
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.payload()}


@method("chat.delete", "channel ts as_user", scope="chat:write")
def delete(call: Call) -> Json:
    channel, message = own_message(call, "cant_delete_message")
    posting.delete(call.workspace, channel, message, by="app")
    return {"channel": channel.id, "ts": message.ts}


@method(
    "chat.postEphemeral",
    CONTENT + " channel user thread_ts username icon_emoji icon_url as_user",
    scope="chat:write",
)
def post_ephemeral(call: Call) -> Json:
    channel = call.channel()
    writable(call, channel)
    user = call.workspace.users.get(call.needed("user"))
    if user is None or user.deleted or user.id not in channel.members:
        raise Refused("user_not_in_channel")
    message = bot_message(call, content_of(call, most=CUT_AT), thread_ts=root_of(call, channel))
    message.ephemeral_for = user.id
    posting.show_to_one(call.workspace, channel, message)
    return {"message_ts": message.ts}


@method("chat.getPermalink", "channel message_ts", reading=True)
def get_permalink(call: Call) -> Json:
    channel, ts = call.channel(), call.needed("message_ts")
    message = channel.messages.get(ts)
    if message is None:
        raise Refused("message_not_found")
    under = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else ""
    link = f"https://{call.workspace.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}{under}"
    return {"channel": channel.id, "permalink": link}
