"""What Slack remembers: people, channels, messages, files, groups and views, and how it writes them as JSON."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class User:
    """`guest` is "", "multi" (is_restricted) or "single" (is_ultra_restricted as well)."""

    id: str
    team_id: str
    name: str
    real_name: str
    display_name: str = ""
    email: str = ""
    tz: str = "Europe/London"
    guest: str = ""
    deleted: bool = False
    is_bot: bool = False
    stranger: bool = False
    bot_id: str = ""

    @property
    def shown(self) -> str:
        return self.display_name or self.real_name

    def payload(self, *, with_email: bool) -> Json:
        """The user object (docs.slack.dev/reference/objects/user-object); strangers come with a limited profile."""
        profile: Json = {"real_name": self.real_name, "display_name": self.display_name, "team": self.team_id}
        if with_email and self.email and not self.stranger:
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1,
        }
        if self.stranger:
            return user | {"is_stranger": True}
        offset = datetime.now(ZoneInfo(self.tz)).utcoffset()
        return user | {
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": bool(self.guest),
            "is_ultra_restricted": self.guest == "single",
        }


@dataclass(slots=True, kw_only=True)
class Message:
    """One message; `deleted` ones stay when they have replies, as tombstones."""

    ts: str
    user: str
    text: str
    team: str
    channel: str = ""
    thread_ts: str = ""
    subtype: str = ""
    bot_id: str = ""
    app_id: str = ""
    username: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)
    edited: Json = field(default_factory=dict)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    client_msg_id: str = ""
    parent_user: str = ""
    tombstone: bool = False
    ephemeral_for: str = ""

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts

    def payload(self, *, with_metadata: bool = True) -> Json:
        """The message object, as history and events give it."""
        if self.tombstone:
            return {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "ts": self.ts} | {
                "text": "This message was deleted.",
                "thread_ts": self.ts,
            }
        shown: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": self.team}
        for name in ("subtype", "bot_id", "app_id", "username", "thread_ts", "client_msg_id", "blocks", "attachments"):
            if value := getattr(self, name):
                shown[name] = copy.deepcopy(value)
        for name in ("files", "edited"):
            if value := getattr(self, name):
                shown[name] = copy.deepcopy(value)
        if self.bot_id and not self.username:
            shown["bot_profile"] = {"id": self.bot_id, "app_id": self.app_id, "name": "guildhall", "team_id": self.team}
        if self.is_reply and self.parent_user:
            shown["parent_user_id"] = self.parent_user
        if self.metadata and with_metadata:
            shown["metadata"] = copy.deepcopy(self.metadata)
        if self.reactions:
            shown["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ]
        return shown


@dataclass(slots=True, kw_only=True)
class Channel:
    """`kind` is "channel" (public), "group" (private) or "im"."""

    id: str
    name: str
    kind: str = "channel"
    members: list[str] = field(default_factory=list)
    archived: bool = False
    shared: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, dict[str, Message]] = field(default_factory=dict)  # by the root's ts

    def thread(self, ts: str) -> Iterator[Message]:
        """The replies under a message, oldest first."""
        yield from self.replies.get(ts, {}).values()

    def add(self, message: Message) -> None:
        """A message's ts is newer than all before, so that both tables are in the order of time."""
        self.messages[message.ts] = message
        if message.is_reply:
            self.replies.setdefault(message.thread_ts, {})[message.ts] = message

    def drop(self, message: Message) -> None:
        del self.messages[message.ts]
        if message.is_reply:
            del self.replies[message.thread_ts][message.ts]

    def payload_of(self, message: Message, *, with_metadata: bool = True) -> Json:
        """As history gives it: a root knows its replies."""
        shown = message.payload(with_metadata=with_metadata)
        replies = [] if message.is_reply else list(self.thread(message.ts))
        if replies:
            users = list(dict.fromkeys(reply.user for reply in replies))
            shown |= {"thread_ts": message.ts, "reply_count": len(replies), "reply_users": users[:5]}
            shown |= {"reply_users_count": len(users), "latest_reply": replies[-1].ts, "is_locked": False}
        return shown

    def payload(self, bot_user_id: str) -> Json:
        """The conversation object (docs.slack.dev/reference/objects/conversation-object)."""
        shown: Json = {"id": self.id, "created": 1, "is_archived": self.archived, "is_im": self.kind == "im"}
        if self.kind == "im":
            return shown | {"user": next((user for user in self.members if user != bot_user_id), bot_user_id)}
        return shown | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": False,
            "is_mpim": False,
            "is_private": self.kind == "group",
            "is_general": False,
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_member": bot_user_id in self.members,
            "num_members": len(self.members),
        }


@dataclass(slots=True, kw_only=True)
class Group:
    """A user group."""

    id: str
    handle: str
    team_id: str
    users: list[str]
    disabled: bool = False

    def payload(self, *, with_users: bool) -> Json:
        shown: Json = {"id": self.id, "team_id": self.team_id, "is_usergroup": True, "name": self.handle}
        shown |= {"handle": self.handle, "date_delete": int(self.disabled), "user_count": len(self.users)}
        return shown | ({"users": list(self.users)} if with_users else {})


@dataclass(slots=True, kw_only=True)
class File:
    """`content` is None until they were uploaded; `done` once the upload was completed."""

    id: str
    name: str
    length: int
    user: str
    team_id: str
    mimetype: str
    base_url: str
    title: str = ""
    content: bytes | None = None
    done: bool = False
    deleted: bool = False
    channels: list[str] = field(default_factory=list)
    shares: list[tuple[str, str, str]] = field(default_factory=list)  # channel, ts, thread_ts

    def payload(self, *, check_info: bool = False) -> Json:
        """The file object; in a Slack Connect channel only that it must be looked up (file_access)."""
        if check_info:
            return {"id": self.id, "mode": "file_access", "file_access": "check_file_info", "created": 0, "user": ""}
        url = f"{self.base_url}/files-pri/{self.team_id}-{self.id}/{self.name}"
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2].lower() or "text",
            "user": self.user,
            "size": self.length,
            "mode": "hosted",
            "created": 1,
            "is_external": False,
            "is_public": True,
            "file_access": "visible",
            "url_private": url,
            "url_private_download": url.replace("/files-pri/", "/files-pri-download/"),
            "permalink": f"{self.base_url}/files/{self.user}/{self.id}/{self.name}",
        }


@dataclass(slots=True, kw_only=True)
class View:
    """A modal or a home tab; `values` is what stands in its inputs, by (block_id, action_id)."""

    id: str
    user: str
    team_id: str
    app_id: str
    bot_id: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[tuple[str, str], Json] = field(default_factory=dict)

    def payload(self) -> Json:
        """The view object (docs.slack.dev/reference/objects/view-object)."""
        values: Json = {}
        for (block_id, action_id), value in self.values.items():
            values.setdefault(block_id, {})[action_id] = copy.deepcopy(value)
        defaults: Json = {"private_metadata": "", "callback_id": "", "external_id": ""}
        if self.body["type"] == "modal":
            defaults |= {"close": None, "submit": None, "clear_on_close": False, "notify_on_close": False}
        return (
            defaults
            | copy.deepcopy(self.body)
            | {
                "id": self.id,
                "team_id": self.team_id,
                "app_id": self.app_id,
                "app_installed_team_id": self.team_id,
                "bot_id": self.bot_id,
                "hash": self.hash,
                "root_view_id": self.root_id,
                "previous_view_id": self.previous_id,
                "state": {"values": values},
            }
        )


@dataclass(slots=True)
class Trigger:
    """A trigger_id: one use within 3 s; `view_id` when it came from a modal."""

    user: str
    born: float
    view_id: str = ""
    used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """5 uses in 30 minutes (docs.slack.dev/interactivity/handling-user-interaction)."""

    key: str
    user: str
    channel: str
    born: float
    message_ts: str = ""
    thread_ts: str = ""
    ephemeral: bool = False
    uses: int = 0
