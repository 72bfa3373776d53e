"""What happens to messages, whoever does it: said, changed, deleted, shown to one; logged and told to the app."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import events
from .reading import links, pings
from .state import Channel, Json, Message

if TYPE_CHECKING:
    from .workspace import Workspace


@dataclass(slots=True, kw_only=True)
class Rang:
    """Somebody's phone rang: `whom` is "channel", "here", "everyone", a user id or a group id."""

    channel: str
    ts: str
    whom: str
    text: str


def say(
    workspace: "Workspace", channel: Channel, message: Message, *, flags: Json | None = None, what: str = "says"
) -> Message:
    """Store a message and tell everybody; `flags` are link_names, unfurl_links and unfurl_media of a bot's post."""
    message.channel = channel.id
    if message.thread_ts and (root := channel.messages.get(message.thread_ts)):
        message.parent_user = root.user
    channel.add(message)
    log(workspace, what, channel, message)
    if message.bot_id:
        ring(workspace, channel, message, flags or {})
    events.said(workspace, channel, message)
    return message


def change(
    workspace: "Workspace",
    channel: Channel,
    message: Message,
    fields: Json,
    *,
    by: str,
    what: str,
    edit: bool = True,
) -> None:
    """Change fields of a message; `edit`: people see that it was edited. The event goes out either way."""
    before = channel.payload_of(message)
    for name, value in fields.items():
        setattr(message, name, value)
    if edit:
        message.edited = {"user": by, "ts": workspace.slack.next_ts()}
    log(workspace, what, channel, message)
    events.changed(workspace, channel, message, before)


def delete(workspace: "Workspace", channel: Channel, message: Message, *, by: str) -> None:
    """A root with replies stays as a tombstone and arrives as message_changed."""
    before = channel.payload_of(message)
    log(workspace, "deletes", channel, message, by=by)
    if not message.is_reply and any(channel.thread(message.ts)):
        message.tombstone, message.text, message.blocks, message.files = True, "", [], []
        events.changed(workspace, channel, message, before)
        return
    channel.drop(message)
    events.deleted(workspace, channel, message, before)


def show_to_one(workspace: "Workspace", channel: Channel, message: Message) -> Message:
    """An ephemeral message: for one person, in no history, and no event."""
    message.channel = channel.id
    for person in workspace.people.values():
        if person.id == message.ephemeral_for:
            person.ephemerals.append(message)
    log(workspace, "ephemeral", channel, message)
    return message


def joined(workspace: "Workspace", channel: Channel, user: str) -> None:
    fields = {"user": user, "channel": channel.id, "team": workspace.users[user].team_id}
    kind = "C" if channel.kind == "channel" else "G"
    events.emit(workspace, {"type": "member_joined_channel", "channel_type": kind} | fields, channel)


def left(workspace: "Workspace", channel: Channel, user: str) -> None:
    fields = {"user": user, "channel": channel.id, "team": workspace.users[user].team_id}
    kind = "C" if channel.kind == "channel" else "G"
    events.emit(workspace, {"type": "member_left_channel", "channel_type": kind} | fields, channel)


def ring(workspace: "Workspace", channel: Channel, message: Message, flags: Json) -> None:
    """Edits do not ring, new messages do; links unfurl unless both flags are off."""
    named = bool(flags.get("link_names")) or flags.get("parse") == "full"
    rung = pings(message.text, message.blocks, link_names=named, names=workspace.called())
    slack = workspace.slack
    slack.rang += [Rang(channel=channel.id, ts=message.ts, whom=whom, text=message.text) for whom in rung]
    if flags.get("unfurl_links") is False and flags.get("unfurl_media") is False:
        return
    slack.unfurled += links(message.text, message.blocks)


def log(workspace: "Workspace", what: str, channel: Channel, message: Message, **more: str) -> None:
    workspace.slack.log(
        {
            "what": what,
            "team": workspace.team_id,
            "channel": channel.id,
            "ts": message.ts,
            "thread_ts": message.thread_ts,
            "user": message.user,
            "bot": bool(message.bot_id),
            "text": message.text,
            "metadata": message.metadata,
            "files": [each["id"] for each in message.files],
        }
        | ({"for": message.ephemeral_for} if message.ephemeral_for else {})
        | more
    )
