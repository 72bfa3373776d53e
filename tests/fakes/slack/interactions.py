"""The payloads of presses, forms, shortcuts and commands (docs.slack.dev/reference/interaction-payloads)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .blocks import elements
from .response_urls import new_url
from .state import Channel, Json, Message, View
from .views import initial_values, new_trigger

if TYPE_CHECKING:
    from .someone import Someone


def common(someone: "Someone", kind: str, *, view_id: str = "") -> Json:
    workspace = someone.workspace
    user = {"id": someone.id, "username": someone.user.name, "name": someone.user.name, "team_id": someone.user.team_id}
    return {
        "type": kind,
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "user": user,
        "api_app_id": workspace.app_id,
        "token": "verification-token",
        "trigger_id": new_trigger(workspace, someone.id, view_id),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def place(someone: "Someone", channel: Channel) -> Json:
    names = {"im": "directmessage", "group": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def pressed_in_message(someone: "Someone", channel: Channel, message: Message, action: Json) -> Json:
    ephemeral = bool(message.ephemeral_for)
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    root = message.thread_ts
    url = new_url(someone.workspace, someone.id, channel.id, message_ts=message.ts, thread_ts=root, ephemeral=ephemeral)
    payload = common(someone, "block_actions") | {"container": container, "channel": place(someone, channel)}
    payload |= {"state": {"values": state_of(someone, message)}, "response_url": url, "actions": [action]}
    return payload if ephemeral else payload | {"message": channel.payload_of(message)}


def state_of(someone: "Someone", message: Message) -> Json:
    """What this person chose in the message's selects, and what they hold from the start."""
    values: Json = {}
    picked = someone.message_values.get(message.ts, {})
    for (block_id, action_id), value in initial_values({"blocks": message.blocks}, {}).items():
        if (block_id, action_id) in picked and "selected_option" in value:
            value["selected_option"] = picked[block_id, action_id]
        values.setdefault(block_id, {})[action_id] = value
    return values


def pressed_in_view(someone: "Someone", view: View, action: Json) -> Json:
    payload = common(someone, "block_actions", view_id=view.id if view.body["type"] == "modal" else "")
    payload |= {"container": {"type": "view", "view_id": view.id}, "view": view.payload(), "actions": [action]}
    return payload


def submitted(someone: "Someone", view: View) -> Json:
    return common(someone, "view_submission", view_id=view.id) | {"view": view.payload(), "response_urls": []}


def closed(someone: "Someone", view: View, *, is_cleared: bool) -> Json:
    payload = common(someone, "view_closed") | {"view": view.payload(), "is_cleared": is_cleared}
    del payload["trigger_id"]
    return payload


def message_shortcut(someone: "Someone", callback_id: str, channel: Channel, message: Message) -> Json:
    url = new_url(someone.workspace, someone.id, channel.id, message_ts=message.ts, thread_ts=message.thread_ts)
    return common(someone, "message_action") | {
        "action_ts": someone.workspace.slack.next_ts(),
        "callback_id": callback_id,
        "message_ts": message.ts,
        "channel": place(someone, channel),
        "message": channel.payload_of(message),
        "response_url": url,
    }


def global_shortcut(someone: "Someone", callback_id: str) -> Json:
    payload = common(someone, "shortcut")
    return payload | {"action_ts": someone.workspace.slack.next_ts(), "callback_id": callback_id}


def command(someone: "Someone", name: str, text: str, channel: Channel) -> Json:
    """A form of texts (docs.slack.dev/interactivity/implementing-slash-commands); there is no thread in it."""
    workspace = someone.workspace
    return {
        "token": "verification-token",
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": place(someone, channel)["name"],
        "user_id": someone.id,
        "user_name": someone.user.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": new_url(workspace, someone.id, channel.id),
        "trigger_id": new_trigger(workspace, someone.id),
    }


def action_of(someone: "Someone", block: Json, element: Json, chosen: Json | None = None) -> Json:
    """What was done to one element, as `actions` tells it."""
    action: Json = {"action_id": element.get("action_id"), "block_id": block.get("block_id")}
    action |= {"type": element["type"], "action_ts": someone.workspace.slack.next_ts()}
    for name in ("text", "value", "style", "url", "confirm", "placeholder"):
        if name in element:
            action[name] = element[name]
    return action | (chosen or {})


def label_of(element: Json) -> str:
    return str(element.get("text", {}).get("text", "")) if element.get("type") == "button" else ""


def pressable(blocks: list[Json], wanted: str) -> Iterator[tuple[Json, Json, Json]]:
    """Block, element and what it chooses, for the button or overflow option of this label, action_id or value."""
    for _, block, element in elements(blocks):
        if element["type"] == "button" and wanted in (
            label_of(element),
            element.get("action_id"),
            element.get("value"),
        ):
            yield block, element, {}
        for option in element.get("options", []) if element["type"] == "overflow" else []:
            if wanted in (option["text"]["text"], option["value"]):
                yield block, element, {"selected_option": option}
