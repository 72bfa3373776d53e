"""`guildhall doctor discord` beside a Discord that is well, and beside one for each thing that can be wrong."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.discord.threads import wanted_tags
from bot.cli import discord_reading
from bot.cli.discord_doctor import look_at_discord
from bot.cli.findings import Finding
from bot.cli.house import now_ms
from bot.config import read_config
from tests.cli.conftest import Say
from tests.fakes.discord import FakeDiscord, Fault

TAGS = wanted_tags(["Billing"])


class Acme:
    """A server that is well, its settings, and what the doctor says of them."""

    def __init__(self, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
        self.discord, self._monkeypatch = discord, monkeypatch
        self.house = discord.guild("Acme")
        self.experts = self.house.role("Experts")
        self.crew = self.house.role("Crew")
        self.bo = self.house.person("bo", roles=[self.experts])
        self.cards = self.house.forum("billing", tags=TAGS)
        self.staff = self.house.channel("staff", only=[self.crew])
        self.help = self.house.channel("help")
        self.house.takes("embed_links", "add_reactions", "pin_messages")
        self.sets("GUILDHALL_DISCORD_TOKEN", discord.token)
        self.settings()

    def sets(self, variable: str, value: str) -> None:
        self._monkeypatch.setenv(variable, value)

    def settings(
        self,
        more: str = "",
        *,
        bot: str = "",
        address: str = "",
        gateway: str = "",
        category: str = "",
        after: str = "",
    ) -> None:
        """`more` stands in [discord.acme], `bot` in [discord], `after` behind everything."""
        places = f"""
            channels = ["discord:acme:{self.cards.id}"]
            staff_channel = "discord:acme:{self.staff.id}"
            """
        Path("guildhall.toml").write_text(
            f"""
            [[category]]
            name = "billing"
            {category or places}
            [discord]
            api_url = "{address or self.discord.api_url}"
            gateway_url = "{gateway or self.discord.gateway_url}"
            {bot}
            [discord.acme]
            guild = "{self.house.id}"
            {more}
            {after}
            """
        )

    async def look(self, more: str = "", *, running: bool = False, ahead_ms: int = 0) -> list[Finding]:
        """With these settings, else with those that were written before."""
        if more:
            self.settings(more)
        config = read_config()
        return await look_at_discord(config, config.categories(), running=running, now=now_ms() + ahead_ms)


@pytest.fixture
async def acme(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Acme]:
    async with FakeDiscord(seed=7) as discord:
        yield Acme(discord, monkeypatch)
        assert discord.complaints == []


def wrong(findings: Sequence[Finding]) -> dict[str, str]:
    """What is wrong, with its cure."""
    return {each.sentence: each.cure for each in findings if each.cure}


def advised(findings: Sequence[Finding]) -> dict[str, str]:
    """What would be better, with how."""
    return {each.sentence: each.advice for each in findings if each.advice}


def well(findings: Sequence[Finding]) -> list[str]:
    return [each.sentence for each in findings if not each.cure and not each.advice]


async def test_a_server_that_is_well(acme: Acme) -> None:
    findings = await acme.look(
        f"""
        help_channels = ["{acme.help.id}"]
        staff_roles = {{ "{acme.crew.id}" = "lead" }}
        expert_roles = [{acme.experts.id}]
        """
    )

    assert well(findings) == [
        "The bot is @guildhall, of the application guildhall.",
        "Plain words in channels stay unread; buttons, forms and commands need none.",
        "The commands /hall and /ask are made when Guildhall starts.",
        "The gateway opens and says hello.",
        "The bot is in Acme.",
        "The bot can work in #billing (where cards of billing go), a forum.",
        "The bot can work in #staff (the staff channel of billing), a text channel.",
        "The bot can work in #help (a help channel), a text channel.",
        "Whoever has @Crew is lead.",
        "Whoever has @Experts is apprentice.",
    ]
    assert wrong(findings) == advised(findings) == {}
    assert acme.discord.gateway.connections == []
    assert acme.discord.gateway.identifies == []


async def test_a_token_that_is_not_set_is_named_with_where_to_find_it(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUILDHALL_DISCORD_TOKEN")

    assert wrong(await acme.look()) == {
        "The bot's token is not set.": "Set GUILDHALL_DISCORD_TOKEN: discord.com/developers/applications, your "
        "application, Bot, Reset Token."
    }


async def test_a_token_that_is_no_longer_good(acme: Acme) -> None:
    acme.discord.reset_token()

    found = wrong(await acme.look())

    assert found == {
        "Discord does not know the token: it was reset, or belongs to nobody.": "Reset it and set "
        "GUILDHALL_DISCORD_TOKEN anew: discord.com/developers/applications, your application, Bot, Reset Token."
    }


async def test_a_server_that_the_bot_is_not_in(acme: Acme) -> None:
    acme.house.kicks_bot()

    [(sentence, cure)] = wrong(await acme.look()).items()

    assert sentence == f"The bot is not in the server {acme.house.id}."
    assert cure.startswith("Let it in: guildhall discord-invite --server acme; or correct guild")


async def test_permissions_that_a_channel_takes_away_are_named_with_their_reason(acme: Acme) -> None:
    acme.house.denies(acme.cards, "everyone", "send_messages_in_threads", "create_public_threads")
    acme.house.denies(acme.cards, "bot", "send_messages_in_threads", "create_public_threads")
    acme.house.denies(acme.help, "bot", "create_public_threads", "attach_files")

    found = wrong(await acme.look(f'help_channels = ["{acme.help.id}"]'))

    assert set(found) == {
        "The bot lacks Send Messages in Threads in #billing (where cards of billing go).",
        "The bot lacks Create Public Threads, Attach Files in #help (a help channel).",
    }
    assert (
        "Attach Files: Hand on pictures and documents"
        in found["The bot lacks Create Public Threads, Attach Files in #help (a help channel)."]
    )


async def test_what_the_bots_own_role_lacks_shows_in_every_channel(acme: Acme) -> None:
    acme.house.takes("manage_threads")

    found = wrong(await acme.look())

    assert [each.partition(" in #")[0] for each in found] == ["The bot lacks Manage Threads"] * 2


async def test_a_channel_that_the_bot_cannot_see(acme: Acme) -> None:
    acme.house.denies(acme.staff, "bot", "view_channel")

    assert "The bot lacks View Channels in #staff (the staff channel of billing)." in wrong(await acme.look())


async def test_an_administrator_has_more_than_is_needed(acme: Acme) -> None:
    acme.house.gives("administrator")

    findings = await acme.look()

    assert "The bot is in Acme as an administrator." in advised(findings)
    assert wrong(findings) == {}


async def test_channels_that_are_not_there_or_of_a_wrong_kind(acme: Acme) -> None:
    drawer = acme.house.category("Drawer")
    beta = acme.discord.guild("Beta")
    lounge = beta.channel("lounge")
    acme.settings(
        f'help_channels = ["{drawer.id}", "{lounge.id}", "1181234567890123456"]',
        after=f'[discord.beta]\nguild = "{beta.id}"\nhelp_channels = ["{lounge.id}"]',
    )

    found = wrong(await acme.look())

    assert found == {
        "#Drawer (a help channel) is a category of channels, which has no threads for questions.": (
            "Take a text channel or a forum."
        ),
        f"{lounge.id} (a help channel) is not in Acme but in Beta.": "Its place begins with discord:beta: then.",
        "1181234567890123456 (a help channel) is not in Acme.": (
            "Correct its id (right-click it, Copy Channel ID); threads and posts cannot be chosen."
        ),
    }


async def test_a_forum_without_our_tags_is_told_which_to_add_and_in_which_order(acme: Acme) -> None:
    acme.cards = acme.house.forum("bare", tags=["open", "SOLVED"])
    acme.settings()

    [(sentence, advice)] = advised(await acme.look()).items()

    assert sentence == (
        "#bare (where cards of billing go) has no tag for 8 of 10 states and categories; cards say them all the same."
    )
    assert advice == (
        "Edit Channel, Tags, in this order: Claimed, Waiting, In review, Answered, With staff, Closed, Held, Billing."
    )


async def test_a_forum_that_requires_a_tag_needs_one_of_ours(acme: Acme) -> None:
    acme.cards = acme.house.forum("bare", tags=["Fun"], require_tag=True)
    acme.settings()

    [(sentence, cure)] = wrong(await acme.look()).items()

    assert sentence.startswith("#bare (where cards of billing go) takes no post without a tag, and has none of ours")
    assert cure.endswith("Or turn Require people to select tags off.")


async def test_staff_channels_are_for_staff(acme: Acme) -> None:
    roles = f'staff_roles = ["{acme.crew.id}"]\nexpert_roles = ["{acme.experts.id}"]'
    acme.house.allows(acme.staff, acme.experts, "view_channel")
    assert wrong(await acme.look(roles)) == {
        "Whoever has @Experts can read #staff (the staff channel of billing): what is held and what staff say stands "
        "there.": "Edit Channel, Permissions: take View Channel from @Experts, and give it to your staff's role and "
        "to the bot."
    }

    both = f'staff_roles = ["{acme.crew.id}", "{acme.experts.id}"]\nexpert_roles = ["{acme.experts.id}"]'
    assert wrong(await acme.look(both)) == {}

    acme.house.allows(acme.staff, "everyone", "view_channel")
    [sentence] = wrong(await acme.look(roles))
    assert sentence.startswith("Everybody in the server can read #staff (the staff channel of billing): ")


async def test_a_private_category_in_a_public_channel_is_mentioned(acme: Acme) -> None:
    acme.settings(category=f'private = true\nchannels = ["discord:acme:{acme.cards.id}"]')

    [(sentence, advice)] = advised(await acme.look()).items()

    assert sentence == (
        "Everybody in the server can read #billing (where cards of billing go). Cards of Billing hide the words, talk "
        "in threads does not."
    )
    assert advice.startswith("Edit Channel, Permissions")

    acme.house.denies(acme.cards, "everyone", "view_channel")
    acme.house.allows(acme.cards, "bot", "view_channel")
    acme.house.allows(acme.cards, acme.experts, "view_channel")
    assert advised(await acme.look()) == {}


async def test_experts_who_cannot_see_their_channel(acme: Acme) -> None:
    acme.cards = acme.house.channel("vault", only=[acme.crew])
    acme.settings(f'expert_roles = ["{acme.experts.id}"]')

    assert set(advised(await acme.look())) == {"Nobody with @Experts can see #vault (where cards of billing go)."}


async def test_roles_that_cannot_be_meant(acme: Acme) -> None:
    beta = acme.discord.guild("Beta")
    same, other = beta.role("Experts"), beta.role("Visitors")
    managed = next(each.id for each in acme.house.guild.roles.values() if each.managed_by)
    acme.settings(
        f"""
        staff_roles = ["{acme.house.id}", "{managed}"]
        expert_roles = ["{same.id}", "{other.id}", "1181234567890123456"]
        """,
        after=f'[discord.beta]\nguild = "{beta.id}"\nexpert_roles = ["{same.id}"]',
    )

    found = wrong(await acme.look())

    assert {sentence: cure for sentence, cure in found.items() if "_roles names" in sentence} == {
        "staff_roles names @everyone: everybody in the server would be agent.": (
            "Take the id of the role that is meant: Server Settings, Roles, its menu, Copy Role ID."
        ),
        "staff_roles names @guildhall, which belongs to an app: it cannot be given.": (
            "Make a role of your own for it, and give it to those who are meant."
        ),
        "expert_roles names @Experts of Beta, which counts for nothing in Acme.": (
            f"Put it under [discord.beta], or take the one of Acme that has the same name: {acme.experts.id}."
        ),
        "expert_roles names @Visitors of Beta, which counts for nothing in Acme.": "Put it under [discord.beta].",
        "expert_roles names the role 1181234567890123456, which is not in Acme.": (
            "Correct its id: Server Settings, Roles, its menu, Copy Role ID."
        ),
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


async def test_a_server_without_any_channel_shows_nobody_a_card(acme: Acme) -> None:
    acme.settings(category="private = true")

    assert wrong(await acme.look()) == {
        "No category has a channel here, and no customer can ask here.": (
            "guildhall category set NAME channels discord:acme:CHANNEL-ID"
        )
    }


async def test_message_content_must_be_granted_before_it_is_asked_for(acme: Acme) -> None:
    acme.settings(bot="message_content = true")
    [(sentence, cure)] = wrong(await acme.look()).items()
    assert sentence == "message_content is on, and Discord does not grant it."
    assert "Privileged Gateway Intents, Message Content Intent" in cure

    acme.discord.allow("message_content")
    assert "Plain words in channels can be read: message content is granted." in well(await acme.look())

    acme.settings()
    assert any(each.endswith("It is granted in the portal, and not asked for.") for each in well(await acme.look()))


async def test_commands_are_there_once_guildhall_runs(acme: Acme) -> None:
    assert "The commands are not there: /hall, /ask." in wrong(await acme.look(running=True))

    await _make_commands(acme.discord, "hall", "ask")
    assert "The commands /hall and /ask are there." in well(await acme.look(running=True))


async def test_a_bot_that_starts_over_and_over(acme: Acme) -> None:
    acme.discord.gateway.starts_left = 3

    [sentence] = wrong(await acme.look())

    assert sentence.startswith("The bot may sign in 3 times more of 1000")


async def test_a_clock_that_is_wrong_is_noticed(acme: Acme) -> None:
    assert wrong(await acme.look(ahead_ms=600_000)) == {
        "This machine is 10 min ahead of Discord's clock, by which it looks for what it missed.": (
            "Set it right: timedatectl set-ntp true"
        )
    }


async def test_settings_that_send_everything_elsewhere_are_noticed(acme: Acme) -> None:
    portal = {
        "interactions_endpoint_url": "https://old.example.com/interactions",
        "bot_require_code_grant": True,
        "bot_public": True,
    }
    async with _answering({"id": "42", "name": "guildhall", "flags": 0, **portal}) as address:
        acme.settings(address=address)
        findings = await acme.look()

    assert (
        wrong(findings)["Buttons and commands go to https://old.example.com/interactions and never come to Guildhall."]
        == "Empty Interactions Endpoint URL at https://discord.com/developers/applications/42/information."
    )
    assert "The bot cannot be invited with an address alone." in wrong(findings)
    assert "Anybody may invite the bot; it works in the servers of the settings only." in advised(findings)


async def test_discord_that_is_away_busy_or_ill_is_said_as_such(acme: Acme) -> None:
    acme.discord.faults.force(Fault.FAILS)
    assert any(each.startswith("Discord has trouble of its own (status 50") for each in wrong(await acme.look()))

    acme.discord.faults.force(Fault.BUSY)
    assert wrong(await acme.look())["Discord asks for patience."] == "Look again in a few minutes."

    acme.settings(address="http://127.0.0.1:9/api/v10")
    [(sentence, cure)] = wrong(await acme.look()).items()
    assert sentence.startswith("http://127.0.0.1:9/api/v10 cannot be reached: ")
    assert cure == "Look at api_url, and at this machine's way out: name service, firewall, proxy."


async def test_a_discord_that_does_not_answer_is_not_waited_for(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord_reading, "TIMEOUT_SECONDS", 0.05)
    acme.discord.faults.force(Fault.HANGS)

    [sentence] = wrong(await acme.look())

    assert sentence == f"{acme.discord.api_url} has not answered for 0.05 seconds."


async def test_a_gateway_that_does_not_open_is_said_apart(acme: Acme) -> None:
    acme.settings(gateway="ws://127.0.0.1:9")

    [(sentence, cure)] = wrong(await acme.look()).items()

    assert sentence.startswith("The gateway ws://127.0.0.1:9 does not open: ")
    assert cure.startswith("Let WebSockets through")


@pytest.mark.parametrize("body", ["<html>Hello</html>", "{", {"hello": 1}])
@pytest.mark.parametrize("status", [200, 404])
async def test_an_address_that_is_not_discord(acme: Acme, body: str | dict[str, object], status: int) -> None:
    async with _answering(body, status) as address:
        acme.settings(address=address)
        found = wrong(await acme.look())

    assert any(f"{address} does not answer as Discord does" in sentence for sentence in found)


# --- the command -------------------------------------------------------------------------------------------------


async def test_doctor_discord_looks_at_discord_alone(acme: Acme, say: Say) -> None:
    result = await asyncio.to_thread(say, "doctor", "discord")

    assert result.exit_code == 0, result.output
    assert "ok     discord acme: The bot is in Acme." in result.stdout
    assert "All is well." in result.stdout
    assert "port:" not in result.stdout


async def test_advice_is_a_note_and_makes_nothing_wrong(acme: Acme, say: Say) -> None:
    acme.house.gives("administrator")

    result = await asyncio.to_thread(say, "doctor", "discord")

    assert result.exit_code == 0, result.output
    assert "note   discord acme: The bot is in Acme as an administrator." in result.stdout
    assert "       Take Administrator from its role" in result.stdout


async def test_doctor_fails_when_discord_is_not_well_and_never_shows_the_token(acme: Acme, say: Say) -> None:
    token = acme.discord.token
    acme.discord.reset_token()

    result = await asyncio.to_thread(say, "doctor")

    assert result.exit_code == 1
    assert "wrong  discord: Discord does not know the token" in result.stdout
    assert token not in result.output


def test_doctor_discord_without_discord_says_how_to_begin(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUILDHALL_DISCORD_TOKEN", raising=False)

    result = say("doctor", "discord")

    assert result.exit_code == 1
    assert "wrong  discord: No server is set up." in result.stdout
    assert "guildhall init --where discord" in result.stdout


async def _make_commands(discord: FakeDiscord, *names: str) -> None:
    made = [{"name": name, "description": "Does things", "type": 1} for name in names]
    who = {"Authorization": f"Bot {discord.token}", "User-Agent": "DiscordBot (test, 1)"}
    address = f"{discord.api_url}/applications/{discord.application_id}/commands"
    async with aiohttp.ClientSession(headers=who) as session, session.put(address, json=made) as response:
        assert response.status == 200, await response.text()


@asynccontextmanager
async def _answering(body: str | dict[str, object], status: int = 200) -> AsyncIterator[str]:
    """A server that answers everything the same."""

    async def answer(_: web.Request) -> web.Response:
        if isinstance(body, dict):
            return web.json_response(body, status=status)
        return web.Response(text=body, status=status, content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/api/v10"))
