"""auth, apps, users, usergroups and reactions: who is who (docs.slack.dev/reference/methods/users.info ...)."""

from . import events
from .calls import Call, Refused, method
from .state import Group, Json


@method("auth.test")
def auth_test(call: Call) -> Json:
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.users[workspace.bot_user_id].name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", app_token=True)
def connections_open(call: Call) -> Json:
    return {"url": call.slack.sockets.ticket(call.workspace)}


@method("users.info", "user include_locale", scope="users:read", reading=True)
def user_info(call: Call) -> Json:
    user = call.workspace.users.get(call.needed("user"))
    if user is None:
        raise Refused("user_not_found")
    return {"user": user.payload(with_email="users:read.email" in call.workspace.scopes)}


@method("users.list", "cursor limit include_locale team_id", scope="users:read", reading=True)
def user_list(call: Call) -> Json:
    with_email = "users:read.email" in call.workspace.scopes
    users = [user.payload(with_email=with_email) for user in call.workspace.users.values() if not user.stranger]
    page, following = call.page(users, call.number("limit", 0) or max(len(users), 1), 1000)
    return {"members": page, "cache_ts": 1} | following


def paid(call: Call) -> None:
    """User groups are for paid plans."""
    if not call.workspace.paid:
        raise Refused("plan_upgrade_required")


def group(call: Call) -> Group:
    found = call.workspace.groups.get(call.needed("usergroup"))
    if found is None:
        raise Refused("no_such_subteam")
    return found


@method(
    "usergroups.list",
    "include_count include_disabled include_users team_id",
    scope="usergroups:read",
    reading=True,
)
def group_list(call: Call) -> Json:
    paid(call)
    shown = [each for each in call.workspace.groups.values() if not each.disabled or call.flag("include_disabled")]
    return {"usergroups": [each.payload(with_users=bool(call.flag("include_users"))) for each in shown]}


@method("usergroups.users.list", "usergroup include_disabled team_id", scope="usergroups:read", reading=True)
def group_users(call: Call) -> Json:
    paid(call)
    return {"users": list(group(call).users)}


@method("reactions.add", "channel name timestamp", scope="reactions:write")
def reaction_add(call: Call) -> Json:
    return react(call, adding=True)


@method("reactions.remove", "channel name timestamp", scope="reactions:write")
def reaction_remove(call: Call) -> Json:
    return react(call, adding=False)


def react(call: Call, *, adding: bool) -> Json:
    channel, name, bot = call.channel(), call.needed("name").strip(":"), call.workspace.bot_user_id
    if channel.archived:
        raise Refused("is_archived")
    if bot not in channel.members:
        raise Refused("not_in_channel" if adding else "no_reaction")
    message = channel.messages.get(call.needed("timestamp"))
    if message is None:
        raise Refused("message_not_found")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise Refused("invalid_name")
    users = message.reactions.setdefault(name, [])
    if adding == (bot in users):
        raise Refused("already_reacted" if adding else "no_reaction")
    if adding and len(message.reactions) > 23:  # docs.slack.dev/reference/methods/reactions.add: too_many_emoji
        raise Refused("too_many_emoji")
    users.append(bot) if adding else users.remove(bot)
    message.reactions = {key: value for key, value in message.reactions.items() if value}
    what = "reaction_added" if adding else "reaction_removed"
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    events.emit(call.workspace, {"type": what, "user": bot, "reaction": name, "item": item}, channel)
    call.slack.log(
        {"what": what, "channel": channel.id, "ts": message.ts, "name": name, "team": call.workspace.team_id}
    )
    return {}
