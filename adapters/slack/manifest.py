"""Everything the app asks Slack for, each with its reason, and the manifest that makes such an app."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.slack.settings import SlackWorkspace

APP_NAME: Final = "Guildhall"
BOT_NAME: Final = "guildhall"
SOCKET_SCOPE: Final = "connections:write"  # of the app-level token; it is chosen when the token is made

# Built into Slack: an app that takes one of these names never hears of it.
# https://slack.com/help/articles/201259356-Slash-commands-in-Slack
RESERVED: Final = frozenset(
    {"/active", "/apps", "/archive", "/away", "/call", "/canvas", "/clip", "/collapse", "/dm", "/dnd", "/expand"}
    | {"/feed", "/feedback", "/giphy", "/huddle", "/invite", "/join", "/keys", "/kick", "/leave", "/list", "/me"}
    | {"/msg", "/mute", "/open", "/part", "/people", "/prefs", "/remind", "/remove", "/rename", "/search"}
    | {"/shortcuts", "/shrug", "/star", "/status", "/todo", "/topic", "/who"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A permission of the bot. `methods` are the calls of ours that need it; events name it themselves."""

    name: str
    why: str
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something Slack tells us. `needs` is the permission without which it never comes; some need none."""

    name: str
    why: str
    needs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """An entry in the menu of a message."""

    callback_id: str
    name: str
    why: str


# What each method needs: https://docs.slack.dev/reference/methods, each method's own page.
SCOPES: Final = (
    Scope(name="app_mentions:read", why="Hear when somebody writes @guildhall, also in threads."),
    Scope(
        name="channels:history",
        why="Hear what is typed in threads of public channels, and find its own messages again after a failure.",
        methods=("conversations.history", "conversations.replies"),
    ),
    Scope(
        name="channels:read",
        why="See whether a public channel exists, is archived, and has the bot and whom in it.",
        methods=("conversations.info", "conversations.members"),
    ),
    Scope(
        name="chat:write",
        why="Post and edit cards, and answer one person alone.",
        methods=("chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral"),
    ),
    Scope(name="commands", why="Offer the two slash commands and the entries in the menu of a message."),
    Scope(
        name="files:read",
        why="Fetch pictures and documents that customers and experts attach.",
        methods=("files.info",),
    ),
    Scope(
        name="files:write",
        why="Hand such files on to whoever may see them, and take them away again.",
        methods=("files.getUploadURLExternal", "files.completeUploadExternal", "files.delete"),
    ),
    Scope(
        name="groups:history",
        why="Hear and find the same in private channels that the bot was invited to.",
        methods=("conversations.history", "conversations.replies"),
    ),
    Scope(
        name="groups:read",
        why="See the same of private channels that the bot was invited to.",
        methods=("conversations.info", "conversations.members"),
    ),
    Scope(
        name="im:history",
        why="Hear what customers and experts write to the bot directly.",
        methods=("conversations.history", "conversations.replies"),
    ),
    Scope(
        name="im:read",
        why="Know with whom it has direct conversations, to look there for what was missed.",
        methods=("conversations.list",),
    ),
    Scope(name="im:write", why="Begin a direct conversation: notices and answers.", methods=("conversations.open",)),
    Scope(
        name="usergroups:read",
        why="Know who is in the user groups that make somebody an expert or staff.",
        methods=("usergroups.users.list",),
    ),
    Scope(
        name="users:read",
        why="Know somebody's name and time zone, and whether they are a guest, who can never be staff.",
        methods=("users.info",),
    ),
)

# Methods that every token may call.
FREE_METHODS: Final = frozenset(
    {
        "auth.test",
        "apps.connections.open",
        "chat.getPermalink",
        "views.open",
        "views.push",
        "views.update",
        "views.publish",
    }
)

# https://docs.slack.dev/reference/events, each event's own page.
EVENTS: Final = (
    Event(
        name="message.channels", needs="channels:history", why="Talk in threads and help channels, edits, deletions."
    ),
    Event(name="message.groups", needs="groups:history", why="The same in private channels."),
    Event(name="message.im", needs="im:history", why="Questions and replies written to the bot."),
    Event(name="app_mention", needs="app_mentions:read", why="Commands that begin with @guildhall."),
    Event(name="app_home_opened", why="Somebody looks at their desk: it is brought up to date."),
    Event(name="subteam_members_changed", needs="usergroups:read", why="Somebody joined or left a user group."),
    Event(name="subteam_updated", needs="usergroups:read", why="A user group was changed or switched off."),
    Event(name="member_joined_channel", needs="channels:read", why="Somebody, or the bot, came into a channel."),
    Event(name="member_left_channel", needs="channels:read", why="Somebody, or the bot, left one."),
    Event(name="channel_archive", needs="channels:read", why="Cards cannot be posted there any more: staff are told."),
    Event(name="channel_deleted", needs="channels:read", why="The same for good."),
    Event(name="channel_unarchive", needs="channels:read", why="They can again."),
    Event(name="channel_left", needs="channels:read", why="The bot was removed from a channel: staff are told."),
    Event(name="group_archive", needs="groups:read", why="The same for private channels."),
    Event(name="group_deleted", needs="groups:read", why="The same for private channels, for good."),
    Event(name="group_unarchive", needs="groups:read", why="Cards can be posted there again."),
    Event(name="group_left", needs="groups:read", why="The bot was removed from a private channel."),
    Event(name="tokens_revoked", why="The bot may do nothing any more: whoever runs it is told."),
    Event(name="app_uninstalled", why="The same."),
    Event(name="user_change", needs="users:read", why="A name or a time zone changed, or somebody became a guest."),
)

SHORTCUTS: Final = (
    Shortcut(callback_id="send", name="Send to customer", why="Your own message in the thread becomes the answer."),
    Shortcut(callback_id="override", name="Override", why="Staff: this message replaces the expert's answer."),
    Shortcut(callback_id="redact", name="Redact", why="Staff: take these words out of every copy."),
    Shortcut(callback_id="note", name="Keep as note", why="Keep your own message with the question; stays inside."),
)


def manifest(workspace: SlackWorkspace, *, public_url: str = "") -> dict[str, Any]:
    """What Slack makes an app of: https://docs.slack.dev/reference/app-manifest

    In HTTP mode `public_url` is Guildhall's own address, without a slash at its end.
    """
    address = f"{public_url}{request_path(workspace.name)}" if workspace.mode == "http" else ""
    http = {"request_url": address} if address else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": APP_NAME,
            "description": "Customer questions, answered by the people who know the product.",
            "long_description": _LONG.format(command=workspace.command, ask=workspace.ask_command),
            "background_color": "#2f3e46",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": BOT_NAME, "always_online": True},
            "shortcuts": [
                {"name": each.name, "type": "message", "callback_id": each.callback_id, "description": each.why}
                for each in SHORTCUTS
            ],
            "slash_commands": [{**each, **({"url": address} if address else {})} for each in _commands(workspace)],
        },
        "oauth_config": {"scopes": {"bot": [each.name for each in SCOPES]}},
        "settings": {
            "event_subscriptions": {**http, "bot_events": [each.name for each in EVENTS]},
            "interactivity": {"is_enabled": True, **http},
            "org_deploy_enabled": False,
            "socket_mode_enabled": workspace.mode == "socket",
            "token_rotation_enabled": False,
        },
    }


def request_path(name: str) -> str:
    """Where this workspace's events, commands and clicks arrive in HTTP mode, below Guildhall's public address."""
    return f"/slack/{name}"


def reasons(workspace: SlackWorkspace) -> Sequence[tuple[str, str, str]]:
    """Kind, name and reason of everything that is asked for."""
    return (
        *(("scope", each.name, each.why) for each in SCOPES),
        *(("event", each.name, each.why) for each in EVENTS),
        *(("command", str(each["command"]), str(each["description"])) for each in _commands(workspace)),
        *(("shortcut", each.name, each.why) for each in SHORTCUTS),
    )


_LONG: Final = (
    "Guildhall puts each customer's question in front of the people who know the product. One of them claims it and "
    "answers with a button, a form or {command}; the answer goes back to the customer on the channel they used. "
    "Customers in Slack ask with {ask} or by writing to the app. Only what is sent on purpose leaves a thread."
)


def _commands(workspace: SlackWorkspace) -> Sequence[Mapping[str, object]]:
    """`should_escape` turns @names into ids, which commands about people need; customers' words stay as typed."""
    return (
        {
            "command": workspace.command,
            "description": "Everything an expert or staff can do; help lists it",
            "usage_hint": "help, queue, claim Q7K3",
            "should_escape": True,
        },
        {
            "command": workspace.ask_command,
            "description": "Ask the community's experts",
            "usage_hint": "your question",
            "should_escape": False,
        },
    )
