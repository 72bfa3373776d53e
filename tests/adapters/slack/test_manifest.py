"""The app asks Slack for what the adapter uses, and for nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import EVENTS, FREE_METHODS, RESERVED, SCOPES, SHORTCUTS, manifest, reasons, request_path
from adapters.slack.settings import SlackWorkspace

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "adapters" / "slack"
METHOD = re.compile(
    r"(?:admin|apps|auth|bookmarks|bots|chat|conversations|files|pins|reactions|search|team|usergroups|users|views)"
    r"(?:\.[a-zA-Z]+)+"
)
SOCKET = SlackWorkspace(name="acme", bot_token="xoxb-1")
HTTP = SlackWorkspace(name="acme", bot_token="xoxb-1", mode="http", command="/kite", ask_command="/kite-ask")


def called(text: str) -> Iterator[str]:
    """The methods that a module of ours calls, by name or as the client's own."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Constant(value=str(said)) if METHOD.fullmatch(said):
                yield said
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLIENTS_OWN:
                yield CLIENTS_OWN[name]


def methods_of_the_client() -> dict[str, str]:
    """`chat_postMessage` calls `chat.postMessage`: the library's own functions and what each sends."""
    names = (name for name in vars(AsyncWebClient) if re.fullmatch(r"[a-z]+_[a-zA-Z_]+", name))
    return {name: name.replace("_", ".") for name in names if METHOD.fullmatch(name.replace("_", "."))}


CLIENTS_OWN = methods_of_the_client()


def in_use() -> set[str]:
    """Every method that the adapter calls. How fast one may be called is not a call."""
    modules = (each for each in FOLDER.glob("*.py") if each.name not in ("manifest.py", "pace.py"))
    return {method for module in modules for method in called(module.read_text(encoding="utf-8"))}


def test_calls_are_seen_in_either_form() -> None:
    assert set(called("await calls.call('chat.update', ts=1)\nawait client.usergroups_users_list(usergroup=g)")) == {
        "chat.update",
        "usergroups.users.list",
    }


def test_every_method_that_is_called_has_its_permission() -> None:
    allowed = {method for scope in SCOPES for method in scope.methods} | FREE_METHODS

    assert {"chat.postMessage", "conversations.open", "users.info"} <= in_use()
    assert in_use() - allowed == set()


def test_no_permission_is_asked_for_without_use() -> None:
    """Each is there for a call, for an event, or for the commands."""
    used = in_use()
    for scope in SCOPES:
        by_event = any(event.needs == scope.name for event in EVENTS)
        assert used & set(scope.methods) or by_event or scope.name == "commands", f"{scope.name} is used by nothing"


def test_every_event_has_the_permission_without_which_it_never_comes() -> None:
    assert {event.needs for event in EVENTS} - {""} <= {scope.name for scope in SCOPES}


def test_everything_has_a_reason_of_one_sentence() -> None:
    for kind, name, why in reasons(SOCKET):
        assert why, f"{kind} {name}"
        assert "\n" not in why
        if kind != "command":
            assert why.endswith("."), f"{kind} {name}: {why}"


def test_the_guide_gives_the_reason_of_each_permission() -> None:
    guide = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| `([a-z_]+(?::[a-z]+)?)` \| (.+) \|$", guide, re.MULTILINE) == [
        (scope.name, scope.why) for scope in SCOPES
    ]


@pytest.mark.parametrize("workspace", [SOCKET, HTTP])
def test_the_manifest_keeps_to_the_sizes_that_slack_takes(workspace: SlackWorkspace) -> None:
    """https://docs.slack.dev/reference/app-manifest"""
    made = manifest(workspace, public_url="https://help.example.com")
    display, features = made["display_information"], made["features"]

    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert 174 <= len(display["long_description"]) <= 4_000
    assert re.fullmatch(r"#[0-9a-f]{6}", display["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", features["bot_user"]["display_name"])
    assert len(features["shortcuts"]) <= 5
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    for command in features["slash_commands"]:
        assert len(command["description"]) <= 2_000
        assert len(command["usage_hint"]) <= 1_000
        assert command["command"] not in RESERVED
    assert len(made["oauth_config"]["scopes"]["bot"]) == len({scope.name for scope in SCOPES})


def test_over_a_socket_nothing_has_an_address() -> None:
    made = manifest(SOCKET)

    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(made)
    assert [each["command"] for each in made["features"]["slash_commands"]] == ["/hall", "/ask"]


def test_over_http_everything_has_the_same_address() -> None:
    made = manifest(HTTP, public_url="https://help.example.com")
    address = f"https://help.example.com{request_path('acme')}"

    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["settings"]["interactivity"] == {"is_enabled": True, "request_url": address}
    assert [(each["command"], each["url"]) for each in made["features"]["slash_commands"]] == [
        ("/kite", address),
        ("/kite-ask", address),
    ]


def test_both_transports_ask_for_the_same() -> None:
    one, other = manifest(SOCKET), manifest(HTTP, public_url="https://help.example.com")

    assert one["oauth_config"] == other["oauth_config"]
    assert (
        one["settings"]["event_subscriptions"]["bot_events"] == other["settings"]["event_subscriptions"]["bot_events"]
    )


def test_the_app_is_one_workspaces_own_and_can_be_written_to() -> None:
    made = manifest(SOCKET)

    assert made["settings"]["org_deploy_enabled"] is False
    assert made["settings"]["token_rotation_enabled"] is False
    assert made["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert [each.callback_id for each in SHORTCUTS] == ["send", "override", "redact", "note"]
