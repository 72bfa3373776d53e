"""What Discord remembers: people, guilds, roles, channels, messages; and how it writes them as JSON."""

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

Json = dict[str, Any]

TEXT, DM, NEWS, NEWS_THREAD, THREAD, PRIVATE_THREAD, FORUM, CATEGORY = 0, 1, 5, 10, 11, 12, 15, 4
THREADS: Final = (NEWS_THREAD, THREAD, PRIVATE_THREAD)
EPHEMERAL, LOADING, SUPPRESS_EMBEDS, HAS_THREAD, SILENT, COMPONENTS_V2 = 64, 128, 4, 32, 4096, 1 << 15
REQUIRE_TAG, PINNED_POST = 1 << 4, 1 << 1
EPOCH_MS: Final = 1_420_070_400_000
ARCHIVE_MINUTES: Final = (60, 1440, 4320, 10080)


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def born(snowflake: str) -> float:
    """Seconds since 1970 at which an id was made (docs/reference#snowflakes)."""
    return ((int(snowflake) >> 22) + EPOCH_MS) / 1000


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    id: str
    username: str
    global_name: str | None = None
    bot: bool = False
    closed_dms: bool = False

    @property
    def shown(self) -> str:
        return self.global_name or self.username

    def payload(self) -> Json:
        return {
            "id": self.id,
            "username": self.username,
            "global_name": self.global_name,
            "avatar": None,
            "discriminator": "0",
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        } | ({"bot": True} if self.bot else {})


@dataclass(slots=True, kw_only=True, eq=False)
class Role:
    id: str
    name: str
    permissions: int = 0
    position: int = 1
    mentionable: bool = False
    managed_by: str = ""

    def payload(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": bool(self.managed_by),
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        } | ({"tags": {"bot_id": self.managed_by}} if self.managed_by else {})


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    user: User
    joined_at: float
    role_ids: list[str] = field(default_factory=list)
    nick: str | None = None
    pending: bool = False
    timed_out_until: float = 0.0

    @property
    def shown(self) -> str:
        return self.nick or self.user.shown

    def payload(self, *, with_user: bool = True) -> Json:
        return {
            "avatar": None,
            "banner": None,
            "communication_disabled_until": iso(self.timed_out_until) if self.timed_out_until else None,
            "flags": 0,
            "joined_at": iso(self.joined_at),
            "nick": self.nick,
            "pending": self.pending,
            "premium_since": None,
            "roles": list(self.role_ids),
            "mute": False,
            "deaf": False,
        } | ({"user": self.user.payload()} if with_user else {})


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """`ephemeral_for` is the only person who sees it; `interaction` the metadata of the interaction it answers."""

    id: str
    channel: "Channel"
    author: User
    content: str = ""
    type: int = 0
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    reference: Json = field(default_factory=dict)
    replied: "Message | None" = None
    edited_at: float = 0.0
    pinned_at: float = 0.0
    nonce: str | int | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    webhook_id: str = ""
    interaction: Json = field(default_factory=dict)
    ephemeral_for: str = ""
    thread: "Channel | None" = None
    at: float = 0.0

    def payload(self, *, content: bool = True, reader: str = "", nested: bool = True) -> Json:
        """The message object; without `content` what it says is left empty (docs/resources/message)."""
        shown: Json = {
            "id": self.id,
            "type": self.type,
            "channel_id": self.channel.id,
            "author": self.author.payload(),
            "content": self.content if content else "",
            "embeds": copy.deepcopy(self.embeds) if content else [],
            "attachments": copy.deepcopy(self.attachments) if content else [],
            "components": with_media(self.components, self.attachments) if content else [],
            "mentions": [user.payload() for user in self.mentions],
            "mention_roles": list(self.mention_roles),
            "mention_everyone": self.mention_everyone,
            "timestamp": iso(self.at),
            "edited_timestamp": iso(self.edited_at) if self.edited_at else None,
            "flags": self.flags,
            "pinned": bool(self.pinned_at),
            "tts": False,
        }
        if self.nonce is not None:
            shown["nonce"] = self.nonce
        if self.reference:
            shown["message_reference"] = dict(self.reference)
            if self.type in (19, 21) and nested:
                shown["referenced_message"] = (
                    self.replied.payload(content=content, nested=False) if self.replied else None
                )
        if self.webhook_id:
            shown |= {"webhook_id": self.webhook_id, "application_id": self.webhook_id}
        if self.interaction:
            shown["interaction_metadata"] = copy.deepcopy(self.interaction)
        if self.thread is not None:
            shown["thread"] = self.thread.payload()
        if self.reactions:
            shown["reactions"] = [reaction(name, users, reader) for name, users in self.reactions.items()]
        return shown


def with_media(components: list[Json], attachments: list[Json]) -> list[Json]:
    """What was named as attachment://name, as what became of it (docs/components/reference#unfurled-media-item).

    A name that no file has stays as it is, which the published description does not take.
    """
    files = {f"attachment://{each['filename']}": each for each in attachments}

    def media(named: Json) -> Json:
        file = files.get(str(named.get("url")))
        if file is None:
            return dict(named)
        shown = {name: file[name] for name in ("id", "url", "proxy_url", "content_type")}
        return shown | {"attachment_id": file["id"]}

    def shown(part: Json) -> Json:
        kept = copy.deepcopy(part)
        if "components" in kept:
            kept["components"] = [shown(each) for each in kept["components"]]
        if "items" in kept:
            kept["items"] = [
                {"description": None, "spoiler": False} | each | {"media": media(each["media"])}
                for each in kept["items"]
            ]
        if "file" in kept:
            file = files.get(str(kept["file"].get("url")), {})
            kept = {"spoiler": False} | kept | {"name": file.get("filename"), "size": file.get("size")}
            kept["file"] = media(kept["file"])
        return kept

    return [shown(each) for each in components]


def reaction(name: str, users: list[str], reader: str) -> Json:
    text, _, key = name.partition(":")
    return {
        "emoji": {"id": key or None, "name": text},
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": reader in users,
    }


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    """Any channel: text, forum, category, thread or DM; the fields that its type lacks stay empty."""

    id: str
    type: int
    name: str = ""
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    topic: str | None = None
    position: int = 0
    flags: int = 0
    overwrites: dict[str, tuple[int, int]] = field(default_factory=dict)  # id -> allow, deny
    slowmode_s: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    last_message_id: str | None = None
    last_pin_at: float = 0.0
    tags: list[Json] = field(default_factory=list)
    person: User | None = None  # the other side of a DM
    # Of threads:
    owner_id: str = ""
    applied_tags: list[str] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    archive_after_min: int = 4320
    archive_changed_at: float = 0.0
    active_at: float = 0.0
    created_at: float = 0.0
    thread_members: dict[str, float] = field(default_factory=dict)
    ever_sent: int = 0

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS

    @property
    def is_dm(self) -> bool:
        return self.type == DM

    @property
    def is_post(self) -> bool:
        return self.is_thread and self.parent is not None and self.parent.type == FORUM

    def payload(self, reader: str = "") -> Json:
        shown: Json = {"id": self.id, "type": self.type, "flags": self.flags, "last_message_id": self.last_message_id}
        if self.last_pin_at:
            shown["last_pin_timestamp"] = iso(self.last_pin_at)
        if self.is_dm:
            return shown | {"recipients": [self.person.payload()] if self.person else []}
        assert self.guild is not None
        shown |= {"guild_id": self.guild.id, "name": self.name, "parent_id": self.parent.id if self.parent else None}
        shown["rate_limit_per_user"] = self.slowmode_s
        return shown | (self._of_thread(reader) if self.is_thread else self._of_place())

    def _of_place(self) -> Json:
        shown: Json = {"position": self.position, "topic": self.topic, "nsfw": False}
        shown["permission_overwrites"] = [
            {"id": key, "type": 0 if self.guild and key in self.guild.roles else 1} | {"allow": str(a), "deny": str(d)}
            for key, (a, d) in self.overwrites.items()
        ]
        if self.type == FORUM:
            shown |= {"available_tags": copy.deepcopy(self.tags), "default_reaction_emoji": None}
            shown |= {"default_sort_order": None, "default_forum_layout": 0}
        return shown

    def _of_thread(self, reader: str) -> Json:
        count = max(0, len(self.messages) - 1)  # the starter does not count
        shown: Json = {
            "owner_id": self.owner_id,
            "message_count": count,
            "member_count": len(self.thread_members),
            "total_message_sent": max(count, self.ever_sent - 1),
            "thread_metadata": {
                "archived": self.archived,
                "archive_timestamp": iso(self.archive_changed_at),
                "auto_archive_duration": self.archive_after_min,
                "locked": self.locked,
                "create_timestamp": iso(self.created_at),
            },
        }
        if self.is_post:
            shown["applied_tags"] = list(self.applied_tags)
        if reader in self.thread_members:
            shown["member"] = self.member_payload(reader)
        return shown

    def member_payload(self, user_id: str) -> Json:
        return {"id": self.id, "user_id": user_id, "join_timestamp": iso(self.thread_members[user_id]), "flags": 0}


@dataclass(slots=True, kw_only=True, eq=False)
class Guild:
    id: str
    name: str
    owner_id: str
    created_at: float
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)  # threads as well
    has_bot: bool = True

    def threads(self) -> list[Channel]:
        return [each for each in self.channels.values() if each.is_thread]

    def payload(self) -> Json:
        """The guild object, as the HTTP API gives it."""
        none = ("icon", "home_header", "splash", "discovery_splash", "banner", "application_id", "afk_channel_id")
        none += ("system_channel_id", "widget_channel_id", "vanity_url_code", "rules_channel_id", "description")
        none += ("safety_alerts_channel_id", "public_updates_channel_id", "max_presences", "incidents_data")
        zero = ("system_channel_flags", "verification_level", "default_message_notifications", "mfa_level")
        zero += ("explicit_content_filter", "premium_tier", "premium_subscription_count", "nsfw_level")
        return {
            **dict.fromkeys(none),
            **dict.fromkeys(zero, 0),
            "id": self.id,
            "name": self.name,
            "features": [],
            "owner_id": self.owner_id,
            "region": "deprecated",
            "afk_timeout": 300,
            "widget_enabled": False,
            "roles": [role.payload() for role in self.roles.values()],
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "preferred_locale": "en-US",
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "emojis": [],
            "stickers": [],
        }
