"""Interactions: what people do becomes a payload on the gateway, and the app has 3 seconds to answer it.

docs/interactions/receiving-and-responding
"""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.slack.clock import within

from . import events
from .state import Channel, Json, Message, User

if TYPE_CHECKING:
    from .server import FakeDiscord

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
ANSWER_S, TOKEN_S = 3.0, 900.0
FAILED: Final = "This interaction failed"
NO_ANSWER: Final = "The application did not respond"


@dataclass(slots=True, kw_only=True, eq=False)
class Interaction:
    """`response` is the callback type once there was one; `original` the message that it made or changed."""

    id: str
    token: str
    type: int
    user: User
    channel: Channel
    born: float
    payload: Json
    message: Message | None = None  # under which a component stands
    answered: asyncio.Future[int]
    response: int = 0
    original: Message | None = None
    deferred: bool = False  # a placeholder stands there, or an update was promised
    messages: dict[str, Message] = field(default_factory=dict)
    choices: list[Json] = field(default_factory=list)
    modal: Json | None = None
    triggered_by: Json = field(default_factory=dict)

    def metadata(self, original_id: str = "") -> Json:
        """What messages that answer it carry (message-interaction-metadata)."""
        shown: Json = {"id": self.id, "type": self.type, "user": self.user.payload()}
        shown["authorizing_integration_owners"] = self.payload["authorizing_integration_owners"]
        if original_id:
            shown["original_response_message_id"] = original_id
        if self.type == COMPONENT and self.message is not None:
            shown["interacted_message_id"] = self.message.id
        if self.type == MODAL_SUBMIT:
            shown["triggering_interaction_metadata"] = self.triggered_by
        if self.type == COMMAND and (target := self.payload["data"].get("target_id")):
            kind = self.payload["data"]["type"]
            shown |= {"target_message_id": target} if kind == 3 else {}
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of something that a person did: `response` is the callback's type, `why` what they read if not `ok`."""

    ok: bool
    response: int = 0
    why: str = ""
    choices: tuple[Json, ...] = ()


def new(
    discord: "FakeDiscord",
    user: User,
    channel: Channel,
    kind: int,
    payload: Json,
    *,
    message: Message | None = None,
    triggered_by: Json | None = None,
) -> Interaction:
    """An interaction with everything that Discord tells about it; not sent yet."""
    key, token = discord.snowflake(), f"aW50ZXJhY3Rpb246{discord.mint('token')}"
    shown = described(discord, user, channel) | {"id": key, "type": kind, "token": token, "data": payload}
    if message is not None:
        # The message under a component or modal is our own, ephemeral ones too: it comes whole.
        shown["message"] = message.payload(reader=discord.bot.id)
        events.check(discord, "MessageResponse", shown["message"], "INTERACTION_CREATE")
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    made = Interaction(
        id=key,
        token=token,
        type=kind,
        user=user,
        channel=channel,
        born=discord.clock.now(),
        payload=shown,
        message=message,
        answered=answered,
        triggered_by=triggered_by or {},
    )
    discord.interactions[token] = made
    return made


def described(discord: "FakeDiscord", user: User, channel: Channel) -> Json:
    """Who did it and where, as every interaction tells."""
    shown: Json = {
        "application_id": discord.application_id,
        "version": 1,
        "channel_id": channel.id,
        "channel": channel.payload()
        | ({} if channel.is_dm else {"permissions": str(discord.permissions_of(user, channel))}),
        "locale": "en-GB",
        "app_permissions": str(discord.bot_permissions(channel)),
        "attachment_size_limit": discord.file_bytes,
        "entitlements": [],
        "context": 1 if channel.is_dm else 0,
        "authorizing_integration_owners": {"0": channel.guild.id if channel.guild else "0"},
    }
    if channel.guild is not None:
        member = channel.guild.members[user.id]
        allowed = str(discord.permissions_of(user, channel))
        shown["member"] = member.payload() | {"permissions": allowed}
        events.check(discord, "GuildMemberResponse", shown["member"], "INTERACTION_CREATE")
        shown |= {"guild_id": channel.guild.id, "guild_locale": "en-US"}
        shown["guild"] = {"id": channel.guild.id, "locale": "en-US", "features": []}
    else:
        shown["user"] = user.payload()
    return shown


async def send(discord: "FakeDiscord", made: Interaction) -> Came:
    """Over the gateway, and wait for the callback: 3 seconds."""
    connected = discord.gateway.connected
    guild = made.payload.get("guild_id", "")
    discord.log(
        {
            "what": "interaction",
            "id": made.id,
            "type": made.type,
            "by": made.user.username,
            "data": made.payload["data"],
        }
    )
    with discord.busy():
        discord.gateway.dispatch("INTERACTION_CREATE", lambda _: made.payload, guild_id=guild)
        response = await within(discord.clock, made.answered, ANSWER_S) if connected else None
    if response is None:
        discord.log({"what": "unanswered", "id": made.id, "by": made.user.username})
        return Came(ok=False, why=NO_ANSWER if made.type == COMMAND else FAILED)
    return Came(ok=True, response=response, choices=tuple(made.choices))


def resolved_users(discord: "FakeDiscord", channel: Channel, ids: list[str]) -> Json:
    """users and members of `resolved` (resolved-data-structure)."""
    shown: dict[str, Any] = {"users": {key: discord.users[key].payload() for key in ids}, "members": {}}
    for key in ids:
        if channel.guild and (member := channel.guild.members.get(key)):
            allowed = str(discord.permissions_of(member.user, channel))
            shown["members"][key] = member.payload(with_user=False) | {"permissions": allowed}
    return shown
