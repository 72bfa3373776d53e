"""Which events go out to the app, and what they look like (docs.slack.dev/apis/events-api)."""

from typing import TYPE_CHECKING, Final

from .state import Channel, Json, Message

if TYPE_CHECKING:
    from .workspace import Workspace

HISTORY: Final = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
PLURAL: Final = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
READ: Final = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
SCOPE_OF: Final = {
    "app_mention": "app_mentions:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "user_change": "users:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "app_home_opened": "",
    "tokens_revoked": "",
    "app_uninstalled": "",
}
# Leaving is told to the one who left.
TOLD_WITHOUT_BEING_IN: Final = {"channel_left", "group_left"}


def emit(workspace: "Workspace", event: Json, channel: Channel | None = None) -> None:
    """Send an event if the app is subscribed to it, has its scope and is in the channel."""
    if not wanted(workspace, event, channel):
        return
    slack = workspace.slack
    event.setdefault("event_ts", slack.next_ts())
    body = {
        "token": "verification-token",
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": slack.mint("Ev"),
        "event_time": int(slack.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.shared),
        "event_context": f"4-{slack.mint('ctx')}",
    }
    slack.delivery.event(workspace, body)


def wanted(workspace: "Workspace", event: Json, channel: Channel | None) -> bool:
    kind = event["type"]
    if workspace.token_trouble:
        return False
    if channel and workspace.bot_user_id not in channel.members and kind not in TOLD_WITHOUT_BEING_IN:
        return False
    if kind == "message" and channel:
        return PLURAL[channel.kind] in workspace.events and HISTORY[channel.kind] in workspace.scopes
    if kind not in workspace.events:
        return False
    scope = SCOPE_OF.get(kind, READ[channel.kind] if channel else "")
    return not scope or scope in workspace.scopes


def said(workspace: "Workspace", channel: Channel, message: Message) -> None:
    """`message`, and `app_mention` in addition when the bot is named outside a direct channel."""
    base = message.payload() | {"channel": channel.id, "event_ts": message.ts}
    if channel.shared:  # Slack Connect tells whose workspace the author is of
        base |= {"user_team": message.team, "source_team": message.team}
    emit(workspace, base | {"channel_type": channel.kind}, channel)
    named = f"<@{workspace.bot_user_id}>" in message.text
    if named and channel.kind != "im" and message.user != workspace.bot_user_id:
        emit(workspace, base | {"type": "app_mention"}, channel)


def changed(workspace: "Workspace", channel: Channel, message: Message, before: Json) -> None:
    """docs.slack.dev/reference/events/message/message_changed: the outer ts is the event's."""
    ts = workspace.slack.next_ts()
    emit(
        workspace,
        {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "channel": channel.id,
            "channel_type": channel.kind,
            "ts": ts,
            "event_ts": ts,
            "message": channel.payload_of(message) | {"source_team": message.team, "user_team": message.team},
            "previous_message": before,
        },
        channel,
    )


def deleted(workspace: "Workspace", channel: Channel, message: Message, before: Json) -> None:
    ts = workspace.slack.next_ts()
    emit(
        workspace,
        {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "channel": channel.id,
            "channel_type": channel.kind,
            "ts": ts,
            "event_ts": ts,
            "deleted_ts": message.ts,
            "previous_message": before,
        },
        channel,
    )
