"""views.*: modals and home tabs, triggers used once, hashes (docs.slack.dev/reference/methods/views.open)."""

import copy
from typing import TYPE_CHECKING, Any, Final

from .blocks import MOST_VIEW_BYTES, view_bytes, view_problems
from .calls import Call, Refused, invalid_arguments, method
from .chat import with_ids
from .state import Json, Trigger, View

if TYPE_CHECKING:
    from .someone import Someone
    from .workspace import Workspace

TRIGGER_S: Final = 3.0
MOST_STACKED: Final = 3


def new_trigger(workspace: "Workspace", user: str, view_id: str = "") -> str:
    key = f"{workspace.slack.mint('trigger')}.{workspace.team_id}.x"
    workspace.triggers[key] = Trigger(user, workspace.slack.clock.now(), view_id)
    return key


def use_trigger(call: Call) -> Trigger:
    """One use within 3 s. Raises Refused: invalid_trigger_id, exchanged_trigger_id, expired_trigger_id."""
    trigger = call.workspace.triggers.get(call.needed("trigger_id"))
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if call.slack.clock.now() - trigger.born > TRIGGER_S:
        raise Refused("expired_trigger_id")
    return trigger


def view_of(call: Call, kind: str) -> Json:
    """The view that is sent, accepted. Raises Refused: view_too_large, invalid_arguments, duplicate_external_id."""
    view = call.structure("view", "invalid_arguments")
    if not view:
        raise invalid_arguments("missing required field: view")
    return accepted(call, view, kind)


def accepted(call: Call, view: Any, kind: str) -> Json:
    if view_bytes(view) > MOST_VIEW_BYTES:
        raise Refused("view_too_large")
    if found := view_problems(view):
        raise invalid_arguments(*found)
    if view["type"] != kind:
        raise invalid_arguments(f"must be a view of type {kind} [json-pointer:/view/type]")
    view = copy.deepcopy(view)
    view["blocks"] = with_ids(call, view["blocks"])
    return dict(view)


def unique(call: Call, body: Json, but: str = "") -> None:
    """external_id is unique in the workspace."""
    key = body.get("external_id")
    if key and any(each.body.get("external_id") == key and each.id != but for each in call.workspace.views.values()):
        raise Refused("duplicate_external_id")


def make(call: Call, body: Json, user: str, below: View | None = None) -> View:
    workspace = call.workspace
    key = call.slack.mint("V")
    view = View(
        id=key,
        user=user,
        team_id=workspace.team_id,
        app_id=workspace.app_id,
        bot_id=workspace.bot_id,
        body=body,
        hash=call.slack.mint("hash"),
        root_id=below.root_id if below else key,
        previous_id=below.id if below else None,
    )
    view.values = initial_values(body, {})
    workspace.views[key] = view
    return view


def person(call: Call, user: str) -> "Someone":
    return next(each for each in call.workspace.people.values() if each.id == user)


@method("views.open", "trigger_id view interactivity_pointer")
def open_view(call: Call) -> Json:
    body, trigger = view_of(call, "modal"), use_trigger(call)
    unique(call, body)
    trigger.used = True
    someone = person(call, trigger.user)
    someone.stack[:] = [view := make(call, body, trigger.user)]
    return told(call, view, "opens a view")


@method("views.push", "trigger_id view interactivity_pointer")
def push_view(call: Call) -> Json:
    body, trigger = view_of(call, "modal"), use_trigger(call)
    unique(call, body)
    someone = person(call, trigger.user)
    if not someone.stack or not trigger.view_id:
        raise Refused("invalid_trigger_id")
    trigger.used = True
    return told(call, stacked(call, someone, body), "pushes a view")


def stacked(call: Call, someone: "Someone", body: Json) -> View:
    if len(someone.stack) >= MOST_STACKED:
        raise Refused("push_limit_reached")
    view = make(call, body, someone.id, below=someone.stack[-1])
    someone.stack.append(view)
    return view


@method("views.update", "view view_id external_id hash")
def update_view(call: Call) -> Json:
    body = view_of(call, "modal")
    key, outer = call.text("view_id"), call.text("external_id")
    if not key and not outer:
        raise invalid_arguments("missing required field: view_id")
    found = call.workspace.views.get(key) if key else None
    if outer:
        found = next((each for each in call.workspace.views.values() if each.body.get("external_id") == outer), None)
    if found is None or found not in person(call, found.user).stack:
        raise Refused("not_found")
    if call.text("hash") and call.text("hash") != found.hash:
        raise Refused("hash_conflict")
    unique(call, body, but=found.id)
    renew(call, found, body)
    return told(call, found, "updates a view")


@method("views.publish", "user_id view hash")
def publish(call: Call) -> Json:
    body = view_of(call, "home")
    user = call.workspace.users.get(call.needed("user_id"))
    if user is None or user.deleted:
        raise Refused("user_not_found" if user is None else "not_enabled")
    found = call.workspace.homes.get(user.id)
    if found is None:
        unique(call, body)
        found = call.workspace.homes[user.id] = make(call, body, user.id)
    else:
        if call.text("hash") and call.text("hash") != found.hash:
            raise Refused("hash_conflict")
        unique(call, body, but=found.id)
        renew(call, found, body)
    return told(call, found, "publishes a home")


def renew(call: Call, view: View, body: Json) -> None:
    """What was typed stays where block_id and action_id stay (docs.slack.dev/reference/views/home-tab-views)."""
    view.body, view.hash = body, call.slack.mint("hash")
    view.values = initial_values(body, view.values)


def told(call: Call, view: View, what: str) -> Json:
    call.slack.log({"what": what, "team": call.workspace.team_id, "user": view.user, "view": view.id})
    return {"view": view.payload()}


def initial_values(body: Json, kept: dict[tuple[str, str], Json]) -> dict[tuple[str, str], Json]:
    """What stands in each input: what was there, else its initial value, else nothing."""
    values: dict[tuple[str, str], Json] = {}
    for block in body["blocks"]:
        inside = block.get("elements", []) if block["type"] == "actions" else []
        for element in [*inside, block.get("element"), block.get("accessory")]:
            if element and element["type"] not in ("button", "image", "overflow"):
                key = (block["block_id"], element["action_id"])
                old = kept.get(key)
                values[key] = old if old and old["type"] == element["type"] else initial_value(element)
    return values


SELECTED: Final = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}


def initial_value(element: Json) -> Json:
    kind = element["type"]
    name, initial = SELECTED.get(kind, ("value", "initial_value"))
    empty: Any = [] if name.endswith("s") else None
    return {"type": kind, name: copy.deepcopy(element.get(initial, empty))}
