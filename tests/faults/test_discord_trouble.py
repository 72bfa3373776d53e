"""A Discord that is away, slow, or lets nobody in: said once, waited out, and the rest of the product goes on."""

import asyncio
import os
import signal
import socket
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

import bot
from bot.model import Identity, Place
from bot.ports import Asked
from tests.fakes.discord import FakeDiscord, Fault
from tests.faults.discord_house import DiscordHouse
from tests.faults.discord_town import HASTY, Town, a_town
from tests.faults.house import NAME, House
from tests.faults.judging import all_is_well
from tests.faults.talking import asks, words_of

TRIES = 10
STOP_SECONDS = 10  # promised
ME = "GET /users/@me"
# Discord's three seconds and our half of them, at two fifths of their length; every call takes longer than both.
ANSWER_SECONDS, ACK_SECONDS, SLOW_SECONDS = 1.2, 0.6, 1.5


def loud(said: list[Any]) -> Counter[str]:
    """What somebody would be told by the log, how often."""
    return Counter(each["event"] for each in said if each["log_level"] in ("warning", "error", "critical"))


async def asks_elsewhere(house: House, there: FakeDiscord, name: str) -> None:
    """By another platform, which must not notice anything."""
    who = Identity(platform="web", workspace="", external=name)
    asked = Asked(key=f"web/{name}", who=who, text=words_of(name), origin=Place(f"web:@{name}"), category="billing")
    assert (await house.app.hear(asked)).receipt.question  # type: ignore[union-attr]
    await there.until(lambda: any(each.startswith(f"web:@{name} ") for each in house.elsewhere.shown), 60)


async def tried(town: Town, times: int) -> None:
    """Until it has tried to sign in so many times more."""
    before = town.discord.calls[ME]

    def enough() -> bool:
        town.house.all_run()
        return town.discord.calls[ME] >= before + times

    await town.discord.until(enough, 60, "it gave up")


async def test_discord_that_is_down_at_the_start_is_joined_when_it_is_there(tmp_path: Path) -> None:
    there = FakeDiscord(seed=1, port=free_port())
    acme = there.guild("Acme")
    billing = acme.channel("billing")
    async with DiscordHouse(discord=there, database=tmp_path / "house.db", guild=acme, times=HASTY) as house:
        await house.opens("billing", billing)
        with capture_logs() as said:
            await house.starts(until_connected=False)
            await asks_elsewhere(house, there, "matter0")
            waited = asyncio.create_task(asyncio.sleep(0.5))
            await asyncio.wait([waited, *house.parts.values()], return_when=asyncio.FIRST_COMPLETED)
            assert waited.done(), "a part ended by itself"
        async with there:
            await house.connected()
            await house.quiet()
            await house.stops()
    assert any("matter0." in each["text"] for each in there.applied if each["what"] == "message")
    assert loud(said)["Discord is away"] == 1


async def test_signing_in_goes_on_through_every_fault(tmp_path: Path) -> None:
    async with a_town(tmp_path, replace(HASTY, handshake_seconds=0.3)) as town:
        faults = town.discord.faults
        faults.only, faults.share = {ME, "GET /applications/@me", "GET /oauth2/applications/@me"}, 1.0
        faults.kinds = (Fault.FAILS, Fault.FAILS_AFTER, Fault.CUTS_AFTER, Fault.LATE, Fault.HANGS)
        faults.hang_s = 0.6
        with capture_logs() as said:
            await town.house.starts(until_connected=False)
            await tried(town, 2 * TRIES)
        assert len(faults.met) >= 4
        faults.share = 0.0
        await town.house.connected()
        await town.asks("matter0")
    assert loud(said) == {"Discord is away": 1}


async def test_a_token_taken_back_in_the_middle_is_said_once_and_mended_without_a_restart(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        there = town.discord
        await town.house.starts()
        await town.asks("matter0")
        with capture_logs() as said:
            token = there.token
            there.reset_token()
            await tried(town, TRIES)
            await town.says("matter0", 1)
            await asks_elsewhere(town.house, there, "matter2")
        there.token = token
        await town.all_cards(["matter2"])
        all_is_well(await town.verdict(1))
    told = loud(said)
    assert told["Discord does not let us in"] == 1
    assert max(told.values()) == 1, told


async def test_what_takes_discord_five_seconds_is_acknowledged_within_three(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressed, typed, and by a menu on one's own line, for which the name of whom it mentions is looked up first."""
    monkeypatch.setattr("tests.fakes.discord.interactions.ANSWER_S", ANSWER_SECONDS)
    async with a_town(tmp_path, replace(HASTY, ack_seconds=ACK_SECONDS, member_seconds=0.0)) as town:
        there, bo = town.discord, town.bo
        await town.house.starts()
        await town.asks("matter0", "matter1")
        line = await bo.says(town.card("matter0").id, "It is only a hold, @matter0; it goes away by itself.")
        there.slow_s = SLOW_SECONDS
        pressed = await bo.presses(town.card("matter0"), "Claim")
        typed = await bo.types("/hall claim", there.channels[town.card("matter1").id])
        sent = await bo.uses_menu("Send to customer", line)
        await there.until(lambda: any("Sending" in each for each in bo.asides()), 60)
        there.slow_s = 0.0
        assert [each.ok for each in (pressed, typed, sent)] == [True] * 3, bo.errors
        await town.house.quiet()


@pytest.mark.parametrize("forum", [False, True])
async def test_a_card_whose_answer_was_lost_can_be_worked_with_all_the_same(tmp_path: Path, forum: bool) -> None:
    """For half a minute nobody has written down that it is there; people see it all the same."""
    async with a_town(tmp_path) as town:
        there, bo = town.discord, town.bo
        town.house.policy = replace(town.house.policy, settle_seconds=1_000)
        place = town.acme.forum("forum") if forum else town.billing
        if forum:
            await town.house.opens("forum", place)
        await town.house.starts()
        route = f"POST /channels/{{channel_id}}/{'threads' if forum else 'messages/{message_id}/threads'}"
        there.faults.force(Fault.CUTS_AFTER, method=route)
        await asks(town.house, town.acme.person("ann"), "matter0", "forum" if forum else "billing", 0)
        await there.until(lambda: [each for each in town.acme.guild.threads() if each.parent is place], 60, "no card")
        card = bo.thread_with(place, "matter0.")
        await bo.says(card, "!claim")
        await bo.says(card, "!answer It is only a hold; it goes away by itself in three days.")
        await there.until(lambda: "It is only a hold" in town.acme.person("ann").dm(), 60, bo.dm())


# The real program


async def test_a_program_that_is_told_to_stop_ends_in_time_although_discord_hangs(tmp_path: Path) -> None:
    async with FakeDiscord(seed=1) as there:
        acme = there.guild("Acme")
        ann = acme.person("ann")
        settings, place = tmp_path / "guildhall.toml", f"discord:{NAME}:{acme.channel('billing').id}"
        settings.write_text(
            f'[database]\nurl = "sqlite:///{tmp_path / "house.db"}"\n'
            f'[discord]\napi_url = "{there.api_url}"\ngateway_url = "{there.gateway_url}"\n'
            f'[discord.{NAME}]\nguild = "{acme.id}"\n'
            f'[[category]]\nname = "billing"\ntitle = "Billing"\nchannels = ["{place}"]\n'
        )
        process = await a_program(settings, there.token)
        try:
            await there.until(lambda: there.gateway.connected and there.commands.get(""), 60, "nobody came")
            there.faults.share, there.faults.kinds, there.faults.hang_s = 1.0, (Fault.HANGS,), 60.0
            await ann.says("dm", words_of("matter0"))
            await there.until(lambda: there.faults.met[Fault.HANGS], 60, "nothing hangs")
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0, settings.with_suffix(".log").read_text()
        await there.until(lambda: not there.gateway.connections, 60, "a ghost is left")


async def a_program(settings: Path, token: str) -> asyncio.subprocess.Process:
    root = str(Path(bot.__file__).parents[1])
    with settings.with_suffix(".log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "--config", str(settings), "run", "--port", "0"),
            cwd=settings.parent,
            env={**os.environ, "GUILDHALL_DISCORD_TOKEN": token, "PYTHONPATH": root},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=log,
        )


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
