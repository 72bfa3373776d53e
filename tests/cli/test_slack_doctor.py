"""`guildhall doctor slack` beside a Slack that is well, and beside one for each thing that can be wrong."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import SCOPES
from bot.cli.findings import Finding
from bot.cli.house import now_ms
from bot.cli.slack_doctor import look_at_slack
from bot.config import read_config
from tests.cli.conftest import Say
from tests.fakes.slack import FakeSlack, Fault, Workspace


class Acme:
    """A workspace that is well, its settings, and what the doctor says of them."""

    def __init__(self, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
        self.slack, self._monkeypatch = slack, monkeypatch
        self.space: Workspace = slack.workspace("Acme", scopes=[each.name for each in SCOPES])
        self.ann = self.space.person("ann")
        self.cards = self.space.channel("billing")
        self.staff = self.space.channel("staff", private=True)
        self.help = self.space.channel("help")
        self.experts = self.space.group("experts", [self.ann])
        self.sets("GUILDHALL_SLACK_BOT_TOKEN", self.space.bot_token)
        self.sets("GUILDHALL_SLACK_APP_TOKEN", self.space.app_token)
        self.settings()

    def sets(self, variable: str, value: str) -> None:
        self._monkeypatch.setenv(variable, value)

    def settings(self, more: str = "", web: str = "", *, address: str = "", category: str = "") -> None:
        places = f"""
            channels = ["slack:acme:{self.cards.id}"]
            staff_channel = "slack:acme:{self.staff.id}"
            """
        Path("guildhall.toml").write_text(
            f"""
            [web]
            {web}
            [[category]]
            name = "billing"
            {category or places}
            [slack.acme]
            api_url = "{address or self.slack.api_url}"
            {more}
            """
        )

    async def look(self, more: str = "", web: str = "", *, running: bool = False, ahead_ms: int = 0) -> list[Finding]:
        """With these settings, else with those that were written before."""
        if more or web:
            self.settings(more, web)
        config = read_config()
        return await look_at_slack(config, config.categories(), running=running, now=now_ms() + ahead_ms)


@pytest.fixture
async def acme(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Acme]:
    async with FakeSlack(seed=7) as slack:
        yield Acme(slack, monkeypatch)
        assert slack.complaints == []


def wrong(findings: Sequence[Finding]) -> dict[str, str]:
    """What is wrong, with its cure."""
    return {each.sentence: each.cure for each in findings if each.cure}


def well(findings: Sequence[Finding]) -> list[str]:
    return [each.sentence for each in findings if not each.cure]


async def test_a_workspace_that_is_well(acme: Acme) -> None:
    findings = await acme.look(
        f"""
        help_channels = ["{acme.help.id}"]
        expert_group = "{acme.experts.id}"
        staff_channel = "{acme.staff.id}"
        """
    )

    assert well(findings) == [
        f"@guildhall is in Acme ({acme.space.team_id}).",
        f"All {len(SCOPES)} permissions are there.",
        "The bot is in #billing (where cards of billing go).",
        "The bot is in #staff (the staff channel of billing, the list of staff).",
        "The bot is in #help (a help channel).",
        f"expert_group {acme.experts.id} has 1 member.",
        "The socket opens, and Slack says hello.",
    ]
    assert wrong(findings) == {}
    assert {each.about for each in findings} == {"slack acme"}
    assert acme.slack.sockets.connections == []


async def test_a_running_guildhall_keeps_its_socket_to_itself(acme: Acme) -> None:
    findings = await acme.look(running=True)

    assert "The app-level token is good; the socket itself is Guildhall's, which runs now." in well(findings)
    assert acme.slack.sockets.opened == 0


async def test_missing_secrets_are_named_with_where_to_find_them(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUILDHALL_SLACK_BOT_TOKEN")
    monkeypatch.delenv("GUILDHALL_SLACK_APP_TOKEN")

    assert wrong(await acme.look()) == {
        "The bot token is not set.": "Set GUILDHALL_SLACK_BOT_TOKEN; Slack shows it under OAuth & Permissions, Bot "
        "User OAuth Token.",
        "The app-level token is not set.": "Set GUILDHALL_SLACK_APP_TOKEN; Slack shows it under Basic Information, "
        "App-Level Tokens.",
    }


@pytest.mark.parametrize(
    ("trouble", "sentence", "cure"),
    [
        ("token_revoked", "The token was revoked.", "Install the app again (Install App), and set GUILDHALL_SLACK_BOT"),
        ("account_inactive", "The app was uninstalled, or its workspace closed.", "Install the app again"),
        ("invalid_auth", "Slack does not know the token.", "Copy it again, and set GUILDHALL_SLACK_BOT_TOKEN."),
    ],
)
async def test_a_token_that_is_no_longer_good(acme: Acme, trouble: str, sentence: str, cure: str) -> None:
    acme.space.token_trouble = trouble

    found = wrong(await acme.look())

    assert found[sentence].startswith(cure)
    assert "OAuth & Permissions" in found[sentence]


async def test_an_app_token_that_slack_does_not_know(acme: Acme) -> None:
    acme.sets("GUILDHALL_SLACK_APP_TOKEN", "xapp-1-A1-other")

    found = wrong(await acme.look())

    assert found == {
        "Socket: Slack does not know the token.": "Copy it again, and set GUILDHALL_SLACK_APP_TOKEN. Slack shows it "
        "under Basic Information, App-Level Tokens."
    }


async def test_each_missing_permission_has_its_reason(acme: Acme) -> None:
    acme.space.scopes -= {"users:read", "files:write"}
    acme.space.scopes |= {"chat:write.public"}

    found = wrong(await acme.look())

    assert set(found) == {
        "The permission files:write is missing. It is there to: hand such files on to whoever may see them, and take "
        "them away again.",
        "The permission users:read is missing. It is there to: know somebody's name and time zone, and whether they "
        "are a guest, who can never be staff.",
    }
    assert set(found.values()) == {"Paste the manifest anew (App Manifest), then reinstall the app (Install App)."}


async def test_more_permissions_than_needed_are_mentioned(acme: Acme) -> None:
    acme.space.scopes |= {"chat:write.public"}

    assert f"All {len(SCOPES)} permissions are there. It needs no chat:write.public." in well(await acme.look())


async def test_a_permission_that_a_question_needs_is_named(acme: Acme) -> None:
    acme.space.scopes -= {"usergroups:read", "channels:read", "groups:read"}

    found = wrong(await acme.look(f'expert_group = "{acme.experts.id}"'))

    assert f"expert_group {acme.experts.id}: The permission usergroups:read is missing." in found
    assert any(each.startswith(f"{acme.cards.id} (where cards of billing go): The permission ") for each in found)


async def test_channels_that_are_not_as_they_should_be(acme: Acme) -> None:
    acme.space.kick_bot(acme.cards)
    acme.space.kick_bot(acme.staff)
    acme.space.archive(acme.help)

    found = wrong(await acme.look(f'help_channels = ["{acme.help.id}", "C0NOTHERE"]'))

    assert found == {
        "The bot is not in #billing (where cards of billing go).": "Type in that channel: /invite @guildhall",
        f"{acme.staff.id} (the staff channel of billing) is not there, or is private without the bot in it.": (
            "Type /invite @guildhall there; if there is no such channel, correct its id."
        ),
        "#help (a help channel) is archived.": "Unarchive it, or take another channel.",
        "C0NOTHERE (a help channel) is not there, or is private without the bot in it.": (
            "Type /invite @guildhall there; if there is no such channel, correct its id."
        ),
    }


async def test_shared_channels_are_for_experts_and_never_for_staff(acme: Acme) -> None:
    acme.cards.shared = True
    assert (
        "The bot is in #billing (where cards of billing go). Another company shares it: its people are experts if you "
        "name them, never staff." in well(await acme.look())
    )

    acme.staff.shared = True
    assert wrong(await acme.look()) == {
        "#staff (the staff channel of billing) is shared with another company, which reads it.": (
            "Take a channel that is not shared (Slack Connect)."
        )
    }


async def test_a_public_channel_cannot_be_the_list_of_staff(acme: Acme) -> None:
    lobby = acme.space.channel("lobby")

    assert wrong(await acme.look(f'staff_channel = "{lobby.id}"')) == {
        "#lobby (the list of staff) is public: whoever joins it becomes staff.": (
            "Make it private (Edit settings, Change to a private channel)."
        )
    }


async def test_customers_and_experts_do_not_meet_in_one_channel(acme: Acme) -> None:
    found = wrong(await acme.look(f'help_channels = {{ {acme.cards.id} = "biling" }}'))

    assert found == {
        f"{acme.cards.id} is both a help channel and where cards of billing go: customers would read it.": (
            "Take one of them elsewhere."
        ),
        f"{acme.cards.id} asks in category 'biling', which is not there: did you mean billing?": (
            "Correct help_channels, or make it: guildhall category add biling"
        ),
    }


async def test_user_groups_that_cannot_be_used(acme: Acme) -> None:
    empty = acme.space.group("nobody")
    found = wrong(await acme.look(f'staff_group = "{empty.id}"\nexpert_group = "S0NOTHERE"'))
    assert found == {
        f"staff_group {empty.id} is empty.": (
            "Put people into it, or set staff_channel to a private channel whose members are meant."
        ),
        "expert_group S0NOTHERE is not there, or switched off.": (
            "Correct the id: People & user groups, the group, Copy group ID."
        ),
    }

    acme.space.paid = False
    found = wrong(await acme.look())
    assert found[f"staff_group {empty.id}: free workspaces have no user groups."] == (
        "Instead of staff_group set staff_channel to a private channel whose members are meant, or name people: "
        "guildhall staff add NAME"
    )


async def test_the_socket_may_be_off_or_shared(acme: Acme) -> None:
    acme.space.transport = "http"
    assert wrong(await acme.look()) == {"Socket: Socket Mode is off.": "Turn it on (Socket Mode), or set mode to http."}

    acme.space.transport = "socket"
    async with _listening(acme):
        assert wrong(await acme.look()) == {
            "1 other program listens with this app-level token.": (
                "Stop it, or make an app of its own for each: Slack tells every event to one listener only."
            )
        }


async def test_over_http_slack_needs_a_public_address(acme: Acme) -> None:
    acme.sets("GUILDHALL_SLACK_SIGNING_SECRET", acme.space.signing_secret)
    assert wrong(await acme.look('mode = "http"')) == {
        "Slack sends events to an https address only, and there is none.": (
            "Set [web] public_url to the https address of the proxy in front, or set mode to socket."
        )
    }

    findings = await acme.look('mode = "http"', 'public_url = "https://help.example.com/"')
    assert "Slack sends events to https://help.example.com/slack/acme." in well(findings)
    assert acme.slack.sockets.opened == 0


async def test_commands_of_slacks_own_cannot_be_taken(acme: Acme) -> None:
    assert wrong(await acme.look('command = "/me"')) == {
        "/me is a command of Slack's own, so nobody can use yours.": (
            "Set another command under [slack.acme], then paste the manifest anew."
        )
    }


async def test_two_names_for_one_workspace_would_say_everything_twice(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.settings(f'[slack.beta]\napi_url = "{acme.slack.api_url}"\nhelp_channels = ["{acme.help.id}"]')
    for kind, token in (("BOT", acme.space.bot_token), ("APP", acme.space.app_token)):
        monkeypatch.delenv(f"GUILDHALL_SLACK_{kind}_TOKEN")
        acme.sets(f"GUILDHALL_SLACK_ACME_{kind}_TOKEN", token)
        acme.sets(f"GUILDHALL_SLACK_BETA_{kind}_TOKEN", token)

    assert wrong(await acme.look()) == {
        "It is the same app in the same workspace as acme.": (
            "Remove one of the two, or give beta the tokens of its own app."
        )
    }


async def test_a_workspace_without_any_channel_shows_nobody_a_card(acme: Acme) -> None:
    acme.settings(category="private = true")

    assert wrong(await acme.look()) == {
        "No category has a channel here, so nobody sees a card.": (
            "guildhall category set NAME channels slack:acme:C0123ABC45"
        )
    }


async def test_slack_that_is_away_or_busy_is_said_as_such(acme: Acme) -> None:
    acme.slack.faults.force(Fault.BUSY)
    found = wrong(await acme.look())
    assert found["Slack asks for patience."] == "Look again in a minute."

    acme.settings(address="http://127.0.0.1:9/api/")
    found = wrong(await acme.look())
    [cure] = set(found.values())
    assert all("http://127.0.0.1:9/api/ cannot be reached: " in sentence for sentence in found)
    assert cure == "Look at api_url, and at this machine's way out: name service, firewall, proxy."


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("<html>Hello</html>", "text/html"), ("{", "application/json"), ("{}", "application/json")],
)
async def test_an_address_that_is_not_slack(acme: Acme, body: str, content_type: str) -> None:
    async with _answering(body, content_type) as address:
        acme.settings(address=address)
        found = wrong(await acme.look())

    assert found
    assert all(f"{address} does not answer as Slack does." in sentence for sentence in found)


async def test_a_clock_that_is_wrong_is_noticed(acme: Acme) -> None:
    cure = "Set it right: timedatectl set-ntp true"

    assert wrong(await acme.look(ahead_ms=600_000)) == {
        "This machine is 10 min ahead of Slack's clock; from 5 min on, requests over HTTP are refused.": cure
    }
    assert wrong(await acme.look(ahead_ms=-120_000)) == {
        "This machine is 2 min behind Slack's clock; from 5 min on, requests over HTTP are refused.": cure
    }


# --- the command -------------------------------------------------------------------------------------------------


async def test_doctor_slack_looks_at_slack_alone(acme: Acme, say: Say) -> None:
    result = await asyncio.to_thread(say, "doctor", "slack")

    assert result.exit_code == 0, result.output
    assert f"ok     slack acme: @guildhall is in Acme ({acme.space.team_id})." in result.stdout
    assert "All is well." in result.stdout
    assert "port:" not in result.stdout


async def test_doctor_fails_when_slack_is_not_well_and_never_shows_a_token(acme: Acme, say: Say) -> None:
    acme.space.revoke()

    result = await asyncio.to_thread(say, "doctor")

    assert result.exit_code == 1
    assert "wrong  slack acme: The token was revoked." in result.stdout
    assert "port:" in result.stdout
    assert acme.space.bot_token not in result.output
    assert acme.space.app_token not in result.output


def test_doctor_slack_without_slack_says_how_to_begin(folder: Path, say: Say) -> None:
    result = say("doctor", "slack")

    assert result.exit_code == 1
    assert "No workspace is set up." in result.stdout
    assert "guildhall init --where slack" in result.stdout


def test_doctor_looks_at_nothing_else_alone(folder: Path, say: Say) -> None:
    result = say("doctor", "fax")

    assert result.exit_code != 0
    assert "'fax' is not" in result.stderr


# --- Slack's side ------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _listening(acme: Acme) -> AsyncIterator[None]:
    """Another program that listens for the same app."""
    client = AsyncWebClient(token=acme.space.app_token, base_url=acme.slack.api_url, retry_handlers=[])
    opened = await client.apps_connections_open(app_token=acme.space.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as socket:
        await socket.receive_json()
        yield


@asynccontextmanager
async def _answering(body: str, content_type: str) -> AsyncIterator[str]:
    """A server that says the same to everything."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type=content_type)

    site = web.Application()
    site.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(site) as server:
        yield f"{server.make_url('/api/')}"
