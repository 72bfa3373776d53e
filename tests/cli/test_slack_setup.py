"""Setting Slack up: settings and secrets, the app's manifest, and what is said of each mistake."""

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from adapters.slack.settings import SlackWorkspace
from bot.cli.slack import workspace_of
from bot.config import BadConfig, Config, SlackTable, read_config
from bot.model import Place, Rank, StaffRole
from tests.cli.conftest import BEGINNING, Say

Told = Callable[..., str]
BOT, APP = "xoxb-1-abc", "xapp-1-A1-abc"
Environment = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def no_secrets_of_this_machine(monkeypatch: Environment) -> None:
    for ending in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET"):
        monkeypatch.delenv(f"GUILDHALL_SLACK_{ending}", raising=False)


def settings(text: str) -> Config:
    Path("guildhall.toml").write_text(text, encoding="utf-8")
    return read_config()


def complaint(text: str = "") -> str:
    Path("guildhall.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig) as bad:
        read_config()
    return "\n".join(bad.value.complaints)


# --- settings ----------------------------------------------------------------------------------------------------


def test_a_workspace_is_read_with_its_secrets(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("GUILDHALL_SLACK_APP_TOKEN", f" {APP}\n")

    config = settings(
        """
        [slack.acme]
        help_channels = { C0123 = "billing", C0124 = "" }
        staff_group = "S0123"
        staff_role = "lead"
        expert_channel = "C0125"
        expert_rank = "journeyman"
        [[category]]
        name = "billing"
        channels = ["slack:acme:C0126", "web:billing"]
        staff_channel = "slack:acme:G0127"
        """
    )
    [acme] = config.slack_workspaces()

    assert (acme.name, acme.mode, acme.bot_token, acme.app_token) == ("acme", "socket", BOT, APP)
    assert (acme.command, acme.ask_command, acme.api_url) == ("/hall", "/ask", "https://slack.com/api/")
    assert acme.help_channels == {"C0123": "billing", "C0124": ""}
    assert (acme.staff_group, acme.staff_role) == ("S0123", StaffRole.LEAD)
    assert (acme.expert_channel, acme.expert_rank) == ("C0125", Rank.JOURNEYMAN)
    assert acme.missing == ()
    assert config.categories()[0].staff_channel == Place("slack:acme:G0127")


def test_an_address_of_another_slack_ends_in_a_slash() -> None:
    config = settings("[slack.acme]\napi_url = 'http://127.0.0.1:9/api'\nhelp_channels = ['C01', 'C02']")
    [acme] = config.slack_workspaces()

    assert acme.api_url == "http://127.0.0.1:9/api/"
    assert acme.help_channels == {"C01": "", "C02": ""}


def test_tokens_alone_make_one_workspace(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("GUILDHALL_SLACK_APP_TOKEN", APP)

    config = settings("[[category]]\nname = 'a'\nchannels = ['slack:main:C0123']")

    assert [(each.name, each.missing) for each in config.slack_workspaces()] == [("main", ())]


def test_a_container_needs_no_file(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_SLACK__ACME__MODE", "http")
    monkeypatch.setenv("GUILDHALL_SLACK_ACME_BOT_TOKEN", BOT)
    monkeypatch.setenv("GUILDHALL_SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")

    [acme] = read_config().slack_workspaces()

    assert (acme.name, acme.mode, acme.bot_token, acme.missing) == ("acme", "http", BOT, ())


def test_each_workspace_has_its_own_secrets(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_SLACK_ACME_BOT_TOKEN", BOT)
    monkeypatch.setenv("GUILDHALL_SLACK_ACME_LABS_BOT_TOKEN", "xoxb-2")

    config = settings("[slack.acme]\n[slack.acme-labs]\nmode = 'http'")
    acme, labs = config.slack_workspaces()

    assert (acme.bot_token, labs.bot_token) == (BOT, "xoxb-2")
    assert [acme.variable(each) for each in acme.missing] == ["GUILDHALL_SLACK_ACME_APP_TOKEN"]
    assert [labs.variable(each) for each in labs.missing] == ["GUILDHALL_SLACK_ACME_LABS_SIGNING_SECRET"]


def test_settings_can_be_read_before_there_are_tokens() -> None:
    [acme] = settings("[slack.acme]").slack_workspaces()

    assert [acme.variable(each) for each in acme.missing] == ["GUILDHALL_SLACK_BOT_TOKEN", "GUILDHALL_SLACK_APP_TOKEN"]


def test_secrets_survive_a_change_of_settings_and_are_never_printed(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_SLACK_BOT_TOKEN", BOT)
    config = settings("[slack.acme]")

    changed = config.model_copy(update={"web": config.web.model_copy(update={"port": 1})})

    assert changed.slack_workspaces()[0].bot_token == BOT
    assert BOT not in f"{changed!r} {changed} {changed.slack_workspaces()!r} {changed.model_dump()}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[slack.acme]\nmod = 'http'", "line 2: Unknown setting slack.acme.mod: did you mean slack.acme.mode?"),
        ("[slack.acme]\nmode = 'rtm'", "line 2: slack.acme.mode must be 'socket' or 'http', not 'rtm'."),
        ("[slack.acme]\ncommand = 'hall'", 'line 2: slack.acme.command must be a command such as "/hall"'),
        ("[slack.acme]\ncommand = '/ask'", "line 1: slack.acme.ask_command must differ from command"),
        ("[slack.acme]\nstaff_group = 'C01'", "slack.acme.staff_group must be the id of a user group such as"),
        ("[slack.acme]\nstaff_channel = '#staff'", "slack.acme.staff_channel must be the id of a channel such as"),
        ("[slack.acme]\nhelp_channels = ['#help']", "must be the id of a channel such as \"C0123ABC45\", not '#help'."),
        ("[slack.acme]\nhelp_channels = 'C01'", 'help_channels must be a list such as ["C0123ABC45"], or a table'),
        (
            "[slack.acme.help_channels]\nC01 = 'Billing!'",
            'line 2: slack.acme.help_channels.C01 must be a short name such as "billing" (a-z, 0-9 and -), not',
        ),
        ("[slack.acme]\nexpert_rank = 'novice'", "slack.acme.expert_rank must be 'apprentice', 'journeyman' or"),
        ("[slack.acme]\napi_url = 'slack'", "slack.acme.api_url must be an address such as"),
        ("[slack]\nmode = 'http'", "line 2: slack.mode is outside of a workspace: put it under [slack.acme]"),
        ("[slack.Acme]", "line 1: slack.Acme cannot be called 'Acme': its name is short"),
        ("slack = 1", "slack must be a table in [brackets], not 1."),
        ("[slak.acme]\nmode = 'http'", "Unknown setting slak: did you mean slack?"),
        (
            "[[category]]\nname = 'a'\nchannels = ['slack:beta:C01']\n[slack.acme]",
            "line 3: category.channels names 'slack:beta:C01'; no workspace is called 'beta': the settings have "
            "[slack.acme].",
        ),
        (
            "[[category]]\nname = 'a'\nstaff_channel = 'slack:beta:C01'",
            "category.staff_channel names 'slack:beta:C01'; no workspace is called 'beta': there is no [slack] yet.",
        ),
        (
            "[[category]]\nname = 'a'\nchannels = ['slack:acme:#help']\n[slack.acme]",
            'category.channels must name workspace and channel on Slack as in "slack:acme:C0123ABC45"',
        ),
    ],
)
def test_each_mistake_in_the_file_has_its_sentence(text: str, sentence: str) -> None:
    assert sentence in complaint(text)


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        (f"[slack.acme]\nbot_token = '{BOT}'", "GUILDHALL_SLACK_ACME_BOT_TOKEN"),
        (f"[slack.acme-labs]\nsigning_secret = '{BOT}'", "GUILDHALL_SLACK_ACME_LABS_SIGNING_SECRET"),
        (f"[slack]\napp_token = '{BOT}'", "GUILDHALL_SLACK_APP_TOKEN"),
    ],
)
def test_a_token_in_the_file_is_refused_with_the_variable_to_use(text: str, variable: str) -> None:
    said = complaint(text)

    assert "line 2" in said
    assert "does not belong in a file; set" in said
    assert f" {variable} " in said
    assert BOT not in said


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("BOT_TOKEN", "xoxp-h0rse", "holds a user token. What is needed is the bot token"),
        ("BOT_TOKEN", "xapp-h0rse", "OAuth & Permissions, Bot User OAuth Token and begins with xoxb-."),
        ("BOT_TOKEN", "xoxe.xoxb-h0rse", "turn off token rotation"),
        ("BOT_TOKEN", "h0rse", "a bot token begins with xoxb-."),
        ("BOT_TOKEN", "xoxb-h0 rse", "has no spaces in it"),
        ("APP_TOKEN", "xoxb-h0rse", "holds a bot token. What is needed is the app-level token"),
        ("SIGNING_SECRET", "xoxb-h0rse", "holds a bot token. What is needed is the signing secret"),
        ("ACNE_BOT_TOKEN", "xoxb-h0rse", "did you mean GUILDHALL_SLACK_ACME_BOT_TOKEN?"),
        ("ZEBRA_BOT_TOKEN", "xoxb-h0rse", "Write [slack.zebra] into the settings; the table may be empty."),
    ],
)
def test_the_wrong_secret_is_said_and_not_shown(name: str, value: str, sentence: str, monkeypatch: Environment) -> None:
    monkeypatch.setenv(f"GUILDHALL_SLACK_{name}", value)

    said = complaint("[slack.acme]")

    assert said.startswith(f"Environment variable GUILDHALL_SLACK_{name}")
    assert sentence in said
    assert value not in said


def test_other_implementations_may_have_tokens_of_their_own(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_SLACK_BOT_TOKEN", "opensesame")

    [acme] = settings("[slack.acme]\napi_url = 'http://127.0.0.1:9/api/'").slack_workspaces()

    assert acme.bot_token == "opensesame"


def test_with_several_workspaces_a_token_says_whose_it_is(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_SLACK_BOT_TOKEN", BOT)

    assert (
        "there are several workspaces. Set GUILDHALL_SLACK_ACME_BOT_TOKEN or GUILDHALL_SLACK_BETA_BOT_TOKEN, "
        "one for each." in complaint("[slack.acme]\n[slack.beta]")
    )


def test_two_tokens_for_the_same_thing_must_agree(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("GUILDHALL_SLACK_ACME_BOT_TOKEN", BOT)
    assert settings("[slack.acme]").slack_workspaces()[0].bot_token == BOT

    monkeypatch.setenv("GUILDHALL_SLACK_ACME_BOT_TOKEN", "xoxb-2")
    assert "GUILDHALL_SLACK_BOT_TOKEN and GUILDHALL_SLACK_ACME_BOT_TOKEN differ: keep one" in complaint("[slack.acme]")


# --- for the adapter ---------------------------------------------------------------------------------------------


def test_the_adapter_gets_everything_it_needs(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("GUILDHALL_SLACK_APP_TOKEN", APP)

    [acme] = settings("[slack.acme]\ncommand = '/kite'\nhelp_channels = ['C01']").slack_workspaces()

    assert workspace_of(acme) == SlackWorkspace(
        name="acme", bot_token=BOT, app_token=APP, command="/kite", help_channels={"C01": ""}
    )


def test_settings_have_the_adapters_defaults() -> None:
    """What nobody sets is said in one place only."""
    adapters = SlackWorkspace(name="acme", bot_token=BOT)
    for each in fields(SlackWorkspace):
        if each.name in SlackTable.model_fields:
            assert getattr(SlackTable(), each.name) == getattr(adapters, each.name), each.name


# --- slack-manifest ----------------------------------------------------------------------------------------------


def test_the_manifest_is_json_that_can_be_pasted(done: Told) -> None:
    made = json.loads(done("slack-manifest"))

    assert made["settings"]["socket_mode_enabled"] is True
    assert made["features"]["slash_commands"][0]["command"] == "/hall"


def test_the_manifest_follows_the_settings(done: Told) -> None:
    settings(
        """
        [web]
        public_url = "https://help.example.com/"
        [slack.acme]
        mode = "http"
        command = "/kite"
        [slack.beta]
        """
    )

    acme, beta = (json.loads(done("slack-manifest", "--workspace", name)) for name in ("acme", "beta"))

    assert acme["settings"]["interactivity"]["request_url"] == "https://help.example.com/slack/acme"
    assert acme["features"]["slash_commands"][0]["command"] == "/kite"
    assert beta["settings"]["socket_mode_enabled"] is True


def test_the_manifest_for_another_transport_can_be_had(done: Told) -> None:
    made = json.loads(done("slack-manifest", "--workspace", "acme", "--http", "https://help.example.com"))

    assert made["settings"]["event_subscriptions"]["request_url"] == "https://help.example.com/slack/acme"
    assert made["settings"]["socket_mode_enabled"] is False


def test_every_permission_is_explained(done: Told) -> None:
    told = done("slack-manifest", "--reasons")

    assert "scope     usergroups:read" in told
    assert "Know who is in the user groups that make somebody an expert or staff." in told
    assert "shortcut  Send to customer" in told


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        (
            "[slack.acme]\n[slack.beta]",
            (),
            "Which workspace? There are acme, beta: guildhall slack-manifest --workspace",
        ),
        ("[slack.acme]", ("--workspace", "acne"), "There is no workspace 'acne' in the settings: did you mean acme?"),
        ("[slack.acme]\nmode = 'http'", (), "Set [web] public_url, or run: guildhall slack-manifest --http https://"),
        ("", ("--http", "http://help.example.com"), "Slack sends events to an https address only"),
        ("", ("--http", "help"), "--http must be an address such as"),
        ("[slack.acme]\ncommand = '/remind'", (), "/remind is a command of Slack's own"),
    ],
)
def test_a_manifest_that_slack_would_not_take_is_not_printed(
    text: str, words: tuple[str, ...], sentence: str, refused: Told
) -> None:
    Path("guildhall.toml").write_text(text)

    assert sentence in refused("slack-manifest", *words)


# --- init --------------------------------------------------------------------------------------------------------


def test_init_writes_the_workspace_and_says_what_is_next(done: Told) -> None:
    told = done("init", *BEGINNING, "--where", "slack", "--workspace", "kite", "--channel", "C0123ABC45")

    config = read_config()
    [kite] = config.slack_workspaces()
    assert (kite.name, kite.mode) == ("kite", "socket")
    assert config.categories()[0].channels == (Place("slack:kite:C0123ABC45"),)
    for step in (
        "guildhall slack-manifest",
        "GUILDHALL_SLACK_BOT_TOKEN and GUILDHALL_SLACK_APP_TOKEN",
        "/invite @guildhall",
        "guildhall doctor slack",
        "guildhall staff link Dana",
    ):
        assert step in told
    assert "slack:kite:C0123ABC45" in done("category", "show", "getting-started")


def test_init_can_leave_the_channel_for_later(done: Told) -> None:
    told = done("init", *BEGINNING, "--where", "slack", typed="\n\n")

    assert [each.name for each in read_config().slack_workspaces()] == ["kite"]
    [line] = [line for line in told.splitlines() if "category set" in line]
    assert "guildhall category set getting-started channels slack:kite:CHANNEL-ID" in line
    done("category", "set", "getting-started", "channels", "slack:kite:C0123ABC45")


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--channel", "#billing", "The channel must be the id of a channel such as \"C0123ABC45\", not '#billing'."),
        ("--workspace", "Kite!", "The workspace cannot be called 'Kite!'"),
    ],
)
def test_init_takes_no_place_that_does_not_exist(option: str, value: str, sentence: str, refused: Told) -> None:
    words = {"--workspace": "kite", "--channel": "", option: value}

    said = refused("init", *BEGINNING, "--where", "slack", *(word for pair in words.items() for word in pair))

    assert sentence in said
    assert list(Path().iterdir()) == []


def test_the_doctor_sees_channels_of_workspaces_that_are_not_there(done: Told, say: Say) -> None:
    done("init", *BEGINNING, "--where", "slack", "--workspace", "kite", "--channel", "C0123ABC45")
    done("category", "set", "getting-started", "staff_channel", "slack:beta:C0123ABC46")

    told = say("doctor").stdout

    assert "wrong  category getting-started: It has a channel in beta, a workspace without settings." in told
    assert "Write [slack.beta] into the settings." in told
    assert "on slack, which is not set up" not in told
