"""A Slack that is away or lets nobody in: said once, waited out, and the rest of the product goes on; then the end."""

import asyncio
import os
import socket
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

import bot
from adapters.slack.times import Times
from bot.model import Identity, Place
from bot.ports import Asked, Hearable, StorageTrouble
from tests.fakes.slack import FakeSlack, Fault, Workspace
from tests.faults.house import NAME
from tests.faults.judging import all_is_well
from tests.faults.slack_house import SlackHouse
from tests.faults.talking import words_of
from tests.faults.test_slack_socket import a_town

# Pauses so short that a log line for each would be many; a request takes as long as ever.
HASTY = replace(
    Times(),
    call_seconds=0.5,
    again_seconds=0.02,
    again_seconds_max=0.05,
    token_again_seconds=0.02,
    look_seconds=0.02,
    deaf_after_seconds=0.6,
    ping_seconds=0.1,
    close_seconds=0.5,
)
TRIES = 15
STOP_SECONDS = 10  # promised


def loud(said: list[Any]) -> Counter[str]:
    """What somebody would be told by the log, how often."""
    return Counter(each["event"] for each in said if each["log_level"] in ("warning", "error", "critical"))


async def asks_elsewhere(house: SlackHouse, name: str) -> None:
    """By another platform, which must not notice anything."""
    who = Identity(platform="web", workspace="", external=name)
    asked = Asked(key=f"web/{name}", who=who, text=words_of(name), origin=Place(f"web:@{name}"), category="billing")
    assert (await house.app.hear(asked)).receipt.question  # type: ignore[union-attr]
    await house.slack.until(lambda: any(each.startswith(f"web:@{name} ") for each in house.elsewhere.shown), 60)


async def test_slack_that_is_down_at_the_start_is_joined_when_it_is_there(tmp_path: Path) -> None:
    slack = FakeSlack(seed=1, port=free_port())
    acme = slack.workspace("Acme")
    billing = acme.channel("billing")
    async with SlackHouse(slack=slack, database=tmp_path / "house.db", workspace=acme, times=HASTY) as house:
        await house.opens("billing", billing)
        with capture_logs() as said:
            await house.starts(until_connected=False)
            await asks_elsewhere(house, "matter0")
            waited = asyncio.create_task(asyncio.sleep(1))
            await asyncio.wait([waited, *house.parts.values()], return_when=asyncio.FIRST_COMPLETED)
            assert waited.done(), "a part ended by itself"
        async with slack:
            await house.connected()
            await house.quiet()
            await house.stops()
    assert any("matter0." in each["text"] for each in slack.applied if each["what"] == "posts")
    assert loud(said) == {"Slack is away": 1}


async def test_a_token_revoked_in_the_middle_is_said_once_and_mended_without_a_restart(tmp_path: Path) -> None:
    async with a_town(tmp_path, HASTY) as town:
        await town.house.starts()
        await town.asks("matter0")
        with capture_logs() as said:
            town.acme.revoke()
            before = town.slack.calls["auth.test"]
            await town.slack.until(lambda: town.slack.calls["auth.test"] > before + TRIES, 60, "it gave up")
            await town.acme.person("ann").says("dm", words_of("matter1"))
            await asks_elsewhere(town.house, "matter2")
        town.acme.token_trouble = ""
        await town.all_cards(["matter1", "matter2"])
        await town.house.quiet()
    told = loud(said)
    assert told["Slack does not let us in"] == 1
    assert max(told.values()) == 1, told


async def test_addresses_for_sockets_that_fail_for_a_while_are_said_once(tmp_path: Path) -> None:
    async with a_town(tmp_path, HASTY) as town:
        slack = town.slack
        slack.faults.hang_s, slack.faults.retry_after_s = 0.6, (1, 1)
        await town.house.starts()
        await town.asks("matter0")
        with capture_logs() as said:
            slack.faults.only, slack.faults.share = {"apps.connections.open"}, 1.0
            slack.faults.kinds = (Fault.FAILS, Fault.FAILS_AFTER, Fault.CUTS_AFTER, Fault.LATE, Fault.HANGS)
            slack.sockets.cut()
            before = slack.calls["apps.connections.open"]
            await slack.until(lambda: slack.calls["apps.connections.open"] > before + TRIES, 60, "it gave up")
            await town.says("matter0", 1)
        slack.faults.share = 0.0
        await town.house.connected()
        all_is_well(await town.verdict(1))
    told = loud(said)
    assert told["Slack is away"] == 1
    assert max(told.values()) == 1, told
    assert Counter(each["event"] for each in said)["signed in to Slack"] <= 1


async def test_a_workspace_whose_socket_mode_was_switched_off_is_not_stormed(tmp_path: Path) -> None:
    async with a_town(tmp_path, replace(HASTY, token_again_seconds=0.5)) as town:
        await town.house.starts()
        await town.asks("matter0")
        with capture_logs() as said:
            town.acme.transport = "http"  # each new socket is told so, and closed
            before = town.slack.calls["apps.connections.open"]
            await town.slack.sockets.refresh()
            await town.slack.until(lambda: loud(said)["Slack does not let us in"], 60, "nobody was told")
            await asyncio.wait(town.house.parts.values(), timeout=1.1)
        tried = town.slack.calls["apps.connections.open"] - before
        town.acme.transport = "socket"
        await town.says("matter0", 1)
        all_is_well(await town.verdict(1))
    assert tried <= 12
    assert max(loud(said).values()) == 1, loud(said)


async def test_the_first_event_is_not_lost_when_slack_does_not_say_who_we_are(tmp_path: Path) -> None:
    """The library would acknowledge it, and answer that the app has to be installed anew."""
    async with a_town(tmp_path) as town:
        await town.house.starts()
        town.slack.faults.force(*[Fault.FAILS] * 3, method="auth.test")
        await town.asks("matter0")


async def test_a_full_disk_stops_nothing_for_good(tmp_path: Path) -> None:
    async with a_town(tmp_path, HASTY) as town:
        full = True

        async def hearing(heard: Hearable) -> None:
            if full:
                raise StorageTrouble("the disk is full")

        town.house.hearing = hearing
        await town.acme.person("ann").says("dm", words_of("matter0"))
        with capture_logs() as said:
            await town.house.starts()
            await town.slack.until(lambda: any(each["event"] == "not caught up yet" for each in said), 60)
            await asyncio.wait(town.house.parts.values(), timeout=0.3)
        assert not any(part.done() for part in town.house.parts.values())
        full = False
        await town.all_cards(["matter0"])
    assert max(loud(said).values()) == 1, loud(said)


async def test_a_card_whose_answer_was_lost_can_be_worked_with_all_the_same(tmp_path: Path) -> None:
    """For half a minute nobody has written down that it is there; people see it all the same."""
    async with a_town(tmp_path) as town:
        town.house.policy = replace(town.house.policy, settle_seconds=1_000)
        await town.house.starts()
        town.slack.faults.force(*[Fault.CUTS_AFTER] * 2, method="chat.postMessage")  # to the customer, to the experts
        customer = town.acme.person("ann")
        await customer.joins(town.help)
        await customer.says("dm", words_of("matter0"))
        await town.all_cards(["matter0"])
        await town.bo.says(town.billing, "!claim", town.bo.message_with(town.billing, "matter0."))
        await town.slack.until(lambda: town.bo.ephemerals, 60, "no answer")
        assert "is yours" in town.bo.asides()[-1]


# The end


async def test_the_end_lets_what_is_under_way_finish_and_says_goodbye(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        slack, bo = town.slack, town.bo
        await town.house.starts()
        await town.asks("matter0")
        hanging, go_on = asyncio.Event(), asyncio.Event()

        async def hearing(heard: Hearable) -> None:
            hanging.set()
            await go_on.wait()

        town.house.hearing = hearing
        connection = slack.sockets.of(town.acme)[0]
        pressing = asyncio.create_task(bo.presses(town.billing, bo.message_with(town.billing, "matter0."), "Claim"))
        await hanging.wait()
        stopping = asyncio.create_task(town.house.stops())
        await asyncio.wait([stopping], timeout=0.2)
        assert not stopping.done()
        go_on.set()
        came = await pressing
        await stopping
        assert came.ok, came
        assert connection.farewell
        assert slack.sockets.connections == []
        assert bo.errors == []


async def test_a_program_that_is_told_to_stop_ends_in_time_although_slack_hangs(tmp_path: Path) -> None:
    """The real one, as a process; its socket is closed in order."""
    async with FakeSlack(seed=1) as slack:
        acme = slack.workspace("Acme")
        settings, place = tmp_path / "guildhall.toml", f"slack:{NAME}:{acme.channel('billing').id}"
        settings.write_text(
            f'[database]\nurl = "sqlite:///{tmp_path / "house.db"}"\n'
            f'[slack.{NAME}]\napi_url = "{slack.api_url}"\n'
            f'[[category]]\nname = "billing"\ntitle = "Billing"\nchannels = ["{place}"]\n'
        )
        process = await a_program(settings, acme)
        try:
            await slack.until(lambda: slack.sockets.of(acme), 60, "no socket came")
            slack.faults.share, slack.faults.kinds, slack.faults.hang_s = 1.0, (Fault.HANGS,), 60.0
            connection = slack.sockets.of(acme)[0]
            await acme.person("ann").says("dm", words_of("matter0"))
            await slack.until(lambda: slack.faults.met[Fault.HANGS], 60, "nothing hangs")
            process.terminate()
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0
        await slack.until(lambda: not slack.sockets.connections, 60, "a ghost is left")
        assert connection.farewell


async def a_program(settings: Path, acme: Workspace) -> asyncio.subprocess.Process:
    root = str(Path(bot.__file__).parents[1])
    secrets: Mapping[str, str] = {
        "GUILDHALL_SLACK_ACME_BOT_TOKEN": acme.bot_token,
        "GUILDHALL_SLACK_ACME_APP_TOKEN": acme.app_token,
    }
    with settings.with_suffix(".log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "--config", str(settings), "run", "--port", "0"),
            cwd=settings.parent,
            env={**os.environ, **secrets, "PYTHONPATH": root},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=log,
        )


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
