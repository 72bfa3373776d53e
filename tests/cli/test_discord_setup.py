"""Setting Discord up: settings and the token, the invite's address, init, and what is said of each mistake."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import MISSING, fields
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.discord.invite import address
from adapters.discord.permissions import CREATE_THREADS, FORUM, NEEDED, TEXT, held_in_channel, missing, names
from adapters.discord.settings import DiscordServer, DiscordSettings
from adapters.discord.threads import wanted_tags
from bot.cli.compose import discord_of
from bot.cli.discord import adapter_settings
from bot.cli.house import open_house
from bot.cli.talking import Mistake
from bot.config import BadConfig, Config, DiscordServerTable, DiscordTable, read_config
from bot.model import Place, Rank, StaffRole
from tests.cli.conftest import BEGINNING, Say
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.permissions import in_channel, in_guild

Told = Callable[..., str]
ROOT = Path(__file__).resolve().parents[2]
Environment = pytest.MonkeyPatch
GUILD, ONE, TWO = "1181234567890123456", "1181234567890123457", "1181234567890123458"
APPLICATION = "1181234567890123999"
TOKEN = "MTE4MTIzNDU2Nzg5MDEyMzk5OQ.Gh0rse.battery-staple-battery-staple-0"
ACME = f"[discord.acme]\nguild = '{GUILD}'\n"


@pytest.fixture(autouse=True)
def no_token_of_this_machine(monkeypatch: Environment) -> None:
    monkeypatch.delenv("GUILDHALL_DISCORD_TOKEN", raising=False)


def settings(text: str) -> Config:
    Path("guildhall.toml").write_text(text, encoding="utf-8")
    return read_config()


def complaint(text: str = "") -> str:
    Path("guildhall.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig) as bad:
        read_config()
    return "\n".join(bad.value.complaints)


# --- settings ----------------------------------------------------------------------------------------------------


def test_a_server_is_read_with_the_bots_token(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_DISCORD_TOKEN", f" {TOKEN}\n")

    config = settings(
        f"""
        [discord]
        message_content = true
        [discord.acme]
        guild = "{GUILD}"
        help_channels = {{ {ONE} = "billing", {TWO} = "" }}
        staff_roles = {{ "{ONE}" = "lead" }}
        expert_roles = {{ "{TWO}" = "journeyman" }}
        [[category]]
        name = "billing"
        channels = ["discord:acme:{ONE}", "web:billing"]
        staff_channel = "discord:acme:{TWO}"
        """
    )
    bot = config.discord_bot()
    [acme] = bot.servers

    assert (bot.token, bot.command, bot.ask_command, bot.message_content) == (TOKEN, "hall", "ask", True)
    assert (acme.name, acme.guild) == ("acme", GUILD)
    assert acme.help_channels == {ONE: "billing", TWO: ""}
    assert acme.staff_roles == {ONE: StaffRole.LEAD}
    assert acme.expert_roles == {TWO: Rank.JOURNEYMAN}
    assert config.categories()[0].staff_channel == Place(f"discord:acme:{TWO}")


def test_ids_without_quotes_stay_exact_and_lists_mean_the_least() -> None:
    largest = "18446744073709551"
    config = settings(
        f"""
        [discord.acme]
        guild = 9223372036854775807
        help_channels = [{ONE}, "{TWO}"]
        staff_roles = [{ONE}]
        expert_roles = ["{TWO}", {largest}]
        """
    )
    [acme] = config.discord_bot().servers

    assert acme.guild == "9223372036854775807"
    assert acme.help_channels == {ONE: "", TWO: ""}
    assert acme.staff_roles == {ONE: StaffRole.AGENT}
    assert acme.expert_roles == {TWO: Rank.APPRENTICE, largest: Rank.APPRENTICE}


def test_a_container_needs_no_file(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_DISCORD__MESSAGE_CONTENT", "true")
    monkeypatch.setenv("GUILDHALL_DISCORD__ACME__GUILD", GUILD)
    monkeypatch.setenv("GUILDHALL_DISCORD__ACME__STAFF_ROLES", f'{{"{ONE}": "lead"}}')
    monkeypatch.setenv("GUILDHALL_DISCORD__ACME__HELP_CHANNELS", f"[{TWO}]")
    monkeypatch.setenv("GUILDHALL_DISCORD_TOKEN", TOKEN)

    bot = read_config().discord_bot()

    assert (bot.message_content, bot.token) == (True, TOKEN)
    assert [(each.guild, each.staff_roles, each.help_channels) for each in bot.servers] == [
        (GUILD, {ONE: StaffRole.LEAD}, {TWO: ""})
    ]


def test_the_token_survives_a_change_of_settings_and_is_never_printed(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_DISCORD_TOKEN", TOKEN)
    config = settings(ACME)

    changed = config.model_copy(update={"web": config.web.model_copy(update={"port": 1})})

    assert changed.discord_bot().token == TOKEN
    assert TOKEN not in f"{changed!r} {changed} {changed.discord_bot()!r} {changed.model_dump()}"
    assert TOKEN not in repr(adapter_settings(changed.discord_bot()))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{ACME}guil = 1", "line 3: Unknown setting discord.acme.guil: did you mean discord.acme.guild?"),
        ("[discord]\ncomand = 'x'", "line 2: Unknown setting discord.comand: did you mean discord.command?"),
        ("[discord.acme]", "line 1: discord.acme.guild is missing."),
        ("[discord.acme]\nguild = 'Acme'", 'discord.acme.guild must be an id of Discord such as "1181234567890123456"'),
        ("[discord.acme]\nguild = 42", "not '42': turn on Developer Mode in Discord, then right-click it"),
        ("[discord.acme]\nguild = 1e18", "line 2: discord.acme.guild must be text in quotes, not 1e+18."),
        ("[discord.acme]\nguild = true", "line 2: discord.acme.guild must be text in quotes, not True."),
        ("[discord]\ncommand = '/hall'", 'discord.command must be a command without its slash such as "hall"'),
        ("[discord]\ncommand = 'ask'", "discord.ask_command must differ from command"),
        ("[discord]\napi_url = 'discord'", "discord.api_url must be an address such as"),
        ("[discord]\ngateway_url = 'https://x'", 'discord.gateway_url must be an address such as "wss://'),
        ("[discord]\nmessage_content = 'perhaps'", "discord.message_content must be true or false, not 'perhaps'."),
        (f"{ACME}help_channels = '#help'", 'help_channels must be a list such as ["1181234567890123456"], or a table'),
        (f"{ACME}help_channels = ['#help']", "must be an id of Discord such as"),
        (f"{ACME}staff_roles = 'Crew'", "line 3: discord.acme.staff_roles must be a list such as"),
        (f"{ACME}[discord.acme.staff_roles]\n{ONE} = 'boss'", f"staff_roles.{ONE} must be 'agent', 'lead' or 'admin'"),
        (f"{ACME}[discord.acme.expert_roles]\n{ONE} = 'novice'", "must be 'apprentice', 'journeyman' or 'master'"),
        ("[discord]\nguild = 1", "line 2: discord.guild is outside of a server: put it under [discord.acme]"),
        ("[discord.Acme]", "line 1: discord.Acme cannot be called 'Acme': its name is short"),
        (f"[discord.dm]\nguild = '{GUILD}'", "discord.dm cannot be called 'dm', which stands for direct messages"),
        (f"{ACME}[discord.beta]\nguild = {GUILD}", "discord.beta.guild is the same server as [discord.acme]"),
        ("discord = 1", "discord must be a table in [brackets], not 1."),
        (
            f"[[category]]\nname = 'a'\nchannels = ['discord:beta:{ONE}']\n{ACME}",
            f"line 3: category.channels names 'discord:beta:{ONE}'; no server is called 'beta': the settings have "
            "[discord.acme].",
        ),
        (
            f"[[category]]\nname = 'a'\nstaff_channel = 'discord:beta:{ONE}'",
            "no server is called 'beta': there is no [discord] yet.",
        ),
        (
            f"[[category]]\nname = 'a'\nchannels = ['discord:acme:#help']\n{ACME}",
            'must name server and channel on Discord as in "discord:acme:1181234567890123456"',
        ),
        (f"[[category]]\nname = 'a'\nchannels = ['discord:dm:{ONE}']\n{ACME}", "must name server and channel on"),
    ],
)
def test_each_mistake_in_the_file_has_its_sentence(text: str, sentence: str) -> None:
    assert sentence in complaint(text)


@pytest.mark.parametrize(
    "text",
    [f"[discord]\ntoken = '{TOKEN}'", f"{ACME}token = '{TOKEN}'", f"[discord]\nbot_token = '{TOKEN}'"],
)
def test_a_token_in_the_file_is_refused_with_the_variable_to_use(text: str) -> None:
    said = complaint(text)

    assert "line " in said
    assert "does not belong in a file; set GUILDHALL_DISCORD_TOKEN in the environment." in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (f"Bot {TOKEN}", "begins with the word Bot. Leave that out"),
        ("Bearer h0rse", "holds a user's access token"),
        ("h0 rse", "a token has no spaces in it"),
        ("https://discord.com/oauth2/authorize?client_id=1", "holds an address"),
        (APPLICATION, "holds an id"),
        ("h0rse-h0rse-h0rse-h0rse-h0rse-12", "holds the client secret"),
        ("0123456789abcdef" * 4, "holds the application's public key"),
        ("mfa.h0rse", "holds the token of somebody's own account"),
        ("h0rse", "a bot's token has three parts with points between them"),
    ],
)
def test_the_wrong_secret_is_said_and_not_shown(value: str, sentence: str, monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_DISCORD_TOKEN", value)

    said = complaint(ACME)

    assert said.startswith("Environment variable GUILDHALL_DISCORD_TOKEN ")
    assert sentence in said
    assert "It is under discord.com/developers/applications, your application, Bot, Reset Token." in said
    assert value not in said


def test_what_stands_in_for_discord_may_have_tokens_of_its_own(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_DISCORD_TOKEN", "opensesame")

    assert settings(f"[discord]\napi_url = 'http://127.0.0.1:9/api/v10/'\n{ACME}").discord_bot().token == "opensesame"


# --- for the adapter ---------------------------------------------------------------------------------------------


def test_the_adapter_gets_everything_it_needs(monkeypatch: Environment) -> None:
    monkeypatch.setenv("GUILDHALL_DISCORD_TOKEN", TOKEN)

    bot = settings(f"[discord]\ncommand = 'kite'\n{ACME}help_channels = ['{ONE}']").discord_bot()

    assert adapter_settings(bot) == DiscordSettings(
        token=TOKEN,
        command="kite",
        servers=(DiscordServer(name="acme", guild=GUILD, help_channels={ONE: ""}),),
    )


def test_settings_have_the_adapters_defaults() -> None:
    """What nobody sets is said in one place only."""
    table, server = DiscordTable(), DiscordServerTable(guild=GUILD)
    for made, kind in ((table, DiscordSettings), (server, DiscordServer)):
        for each in fields(kind):
            if each.name in type(made).model_fields and each.name != "guild":
                default = each.default_factory() if each.default_factory is not MISSING else each.default
                assert getattr(made, each.name) == default, each.name


async def test_guildhall_starts_with_a_token_and_a_server_or_says_which_is_missing(monkeypatch: Environment) -> None:
    async def start() -> object:
        async with open_house(read_config(), create=True) as house:
            return discord_of(house)

    settings("")
    assert await start() is None

    settings(ACME)
    with pytest.raises(Mistake, match="Discord cannot start: set GUILDHALL_DISCORD_TOKEN"):
        await start()

    monkeypatch.setenv("GUILDHALL_DISCORD_TOKEN", TOKEN)
    adapter = await start()
    assert getattr(adapter, "name", "") == "discord"

    settings("")
    with pytest.raises(Mistake, match="GUILDHALL_DISCORD_TOKEN is set, and the settings name no server"):
        await start()


# --- permissions -------------------------------------------------------------------------------------------------


async def test_permissions_are_computed_as_discord_computes_them() -> None:
    """Every layer of overwrites, beside the fake's own reckoning."""
    async with FakeDiscord(seed=3) as discord:
        house = discord.guild("Acme")
        low, high = house.role("Low", "attach_files"), house.role("High", "manage_threads")
        bo = house.person("bo", roles=[low, high])
        room = house.channel("room")
        house.everybody("view_channel", "send_messages", "read_message_history")
        house.denies(room, "everyone", "view_channel", "send_messages")
        house.denies(room, low, "attach_files")
        house.allows(room, high, "view_channel", "send_messages", "attach_files")
        house.denies(room, bo, "read_message_history")
        member = house.guild.members[bo.id]

        held = held_in_channel(house.guild.payload(), room.payload(), bo.id, [low.id, high.id])

        assert held == in_channel(room, member, 0.0)
        assert held != in_guild(house.guild, member)
        assert names(held) == ("View Channels", "Send Messages", "Manage Threads", "Attach Files")
        assert [each.name for each in missing(held, FORUM)] == ["Send Messages in Threads", "Read Message History"]
        assert CREATE_THREADS in missing(held, TEXT)


def test_the_guide_gives_the_reason_of_each_permission() -> None:
    guide = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")
    asked = guide.partition("## What the bot asks for")[2].partition("\n## ")[0]

    assert re.findall(r"^\| ([A-Z][\w ]+) \| (.+) \|$", asked, re.MULTILINE) == [(e.name, e.why) for e in NEEDED]


def test_the_guide_names_the_tags_in_their_order() -> None:
    guide = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")

    assert f"\n    {', '.join(wanted_tags())}\n" in guide


# --- discord-invite ----------------------------------------------------------------------------------------------


def test_the_address_asks_for_the_least() -> None:
    asked = parse_qs(urlsplit(address(APPLICATION, GUILD)).query)

    assert asked == {
        "client_id": [APPLICATION],
        "scope": ["bot applications.commands"],
        "permissions": [str(sum(each.bit for each in NEEDED))],
        "integration_type": ["0"],
        "guild_id": [GUILD],
        "disable_guild_select": ["true"],
    }
    assert "guild_id" not in address(APPLICATION)
    assert [each.name for each in NEEDED] == [
        "View Channels",
        "Send Messages",
        "Send Messages in Threads",
        "Create Public Threads",
        "Manage Threads",
        "Attach Files",
        "Read Message History",
    ]


def test_the_address_is_for_the_server_of_the_settings(done: Told) -> None:
    settings(ACME)

    assert done("discord-invite", "--application", APPLICATION).strip() == address(APPLICATION, GUILD)


def test_without_settings_the_address_is_for_any_server(done: Told) -> None:
    assert done("discord-invite", "--application", APPLICATION).strip() == address(APPLICATION)


def test_with_several_servers_one_is_named_or_chosen_there(done: Told) -> None:
    settings(f"{ACME}[discord.beta]\nguild = '{ONE}'")

    assert done("discord-invite", "--application", APPLICATION).strip() == address(APPLICATION)
    chosen = done("discord-invite", "--application", APPLICATION, "--server", "beta")
    assert chosen.strip() == address(APPLICATION, ONE)


@pytest.fixture
async def there(monkeypatch: Environment) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(seed=5) as discord:
        monkeypatch.setenv("GUILDHALL_DISCORD_TOKEN", discord.token)
        settings(f"[discord]\napi_url = '{discord.api_url}'\n{ACME}")
        yield discord
        assert discord.complaints == []


async def test_discord_tells_which_application_the_token_is_of(there: FakeDiscord, say: Say) -> None:
    told = await asyncio.to_thread(say, "discord-invite")

    assert told.stdout.strip() == address(there.application_id, GUILD)


async def test_a_token_that_discord_refuses_gives_no_address(there: FakeDiscord, say: Say) -> None:
    there.reset_token()

    told = await asyncio.to_thread(say, "discord-invite")

    assert told.exit_code == 1
    assert "Discord does not know the token" in told.stderr


def test_every_permission_is_explained(done: Told) -> None:
    told = done("discord-invite", "--reasons")

    for each in NEEDED:
        assert each.name in told
        assert each.why in told
    assert "applications.commands" in told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Set GUILDHALL_DISCORD_TOKEN (discord.com/developers/applications, your application, Bot, Reset Token)"),
        (("--application", "guildhall"), "--application must be the id under General Information"),
        (("--server", "acne"), "There is no server 'acne' in the settings: did you mean acme?"),
    ],
)
def test_what_gives_no_address_is_said(words: tuple[str, ...], sentence: str, refused: Told) -> None:
    settings(ACME)

    assert sentence in refused("discord-invite", *words)


# --- init --------------------------------------------------------------------------------------------------------

ON_DISCORD = (
    *("--where", "discord", "--server", "kite", "--guild", GUILD, "--channel", ONE, "--staff-channel", TWO),
    *("--expert-role", "1181234567890123459", "--staff-role", "1181234567890123460"),
)


def test_init_writes_the_server_and_says_what_is_next(done: Told) -> None:
    told = done("init", *BEGINNING, *ON_DISCORD)

    config = read_config()
    [kite] = config.discord_bot().servers
    [category] = config.categories()
    assert (kite.name, kite.guild) == ("kite", GUILD)
    assert kite.expert_roles == {"1181234567890123459": Rank.APPRENTICE}
    assert kite.staff_roles == {"1181234567890123460": StaffRole.AGENT}
    assert category.channels == (Place(f"discord:kite:{ONE}"),)
    assert category.staff_channel == Place(f"discord:kite:{TWO}")
    for step in (
        "https://discord.com/developers/applications",
        "GUILDHALL_DISCORD_TOKEN",
        "guildhall discord-invite",
        "guildhall doctor discord",
        "guildhall run",
        "guildhall staff link Dana",
    ):
        assert step in told
    assert "category set" not in told
    assert f"discord:kite:{ONE}" in done("category", "show", "getting-started")


def test_init_asks_and_leaves_for_later_what_is_not_known_yet(done: Told) -> None:
    told = done("init", *BEGINNING, "--where", "discord", typed=f"\n{GUILD}\n\n\n\n\n")

    [kite] = read_config().discord_bot().servers
    assert (kite.name, kite.guild, dict(kite.staff_roles)) == ("kite", GUILD, {})
    assert "guildhall category set getting-started channels discord:kite:CHANNEL-ID" in told
    assert "guildhall category set getting-started staff_channel discord:kite:CHANNEL-ID" in told
    done("category", "set", "getting-started", "channels", f"discord:kite:{ONE}")


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--channel", "#billing", "The experts' channel must be an id of Discord such as"),
        ("--staff-channel", "42", "The staff's channel must be an id of Discord such as"),
        ("--guild", "", "The server must be an id of Discord such as"),
        ("--expert-role", "@Experts", "The experts' role must be an id of Discord such as"),
        ("--staff-role", "x", "The staff's role must be an id of Discord such as"),
        ("--server", "Kite!", "The server cannot be called 'Kite!'"),
        ("--server", "dm", "The server cannot be called 'dm'"),
    ],
)
def test_init_takes_no_place_that_does_not_exist(option: str, value: str, sentence: str, refused: Told) -> None:
    assert sentence in refused("init", *BEGINNING, *ON_DISCORD, option, value)
    assert list(Path().iterdir()) == []


# --- people and categories ---------------------------------------------------------------------------------------


def test_an_experts_account_on_discord_is_known_by_its_number(begun: Path, done: Told, refused: Told) -> None:
    done("expert", "add", "Ana", "--discord", ONE)
    done("staff", "add", "Jonas", "--discord", TWO)

    assert f"{ONE} of Discord is Ana here" in refused("expert", "add", "Bo", "--discord", ONE)
    assert "'ana#1234' is no Discord account" in refused("expert", "add", "Cy", "--discord", "ana#1234")
    assert "Name one account now." in refused("expert", "add", "Cy", "--discord", ONE, "--slack", "T0123:U0456")


def test_the_doctor_sees_channels_of_servers_that_are_not_there(done: Told, say: Say) -> None:
    done("init", *BEGINNING, *ON_DISCORD)
    done("category", "set", "getting-started", "staff_channel", f"discord:beta:{ONE}")

    told = say("doctor").stdout

    assert "wrong  category getting-started: It has a channel in beta, a server without settings." in told
    assert "Write [discord.beta] into the settings." in told
    assert "on discord, which is not set up" not in told
