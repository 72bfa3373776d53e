"""A gateway that is silent, cut, renewed or forgetful: every message is taken in once, in the order it was said."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.discord.hearing import key_of
from adapters.discord.sessions import Identifying
from adapters.discord.times import Times
from tests.faults.discord_town import HASTY, Town, a_town
from tests.faults.discord_verdict import judge
from tests.faults.judging import all_is_well
from tests.faults.talking import words_of

LINES = 20
KNOWN = 20
TWO_HOURS = 7_200.0
DAY_SECONDS = 86_400.0
STARTS_FAR_BELOW = 400  # of the 1,000 a day after which Discord takes the token back


async def test_500_messages_of_two_hours_without_a_session_are_taken_in_once(tmp_path: Path) -> None:
    """Each session is ended as soon as it has begun, and nothing that is said reaches anybody; then all is well."""
    async with a_town(tmp_path, held=True) as town:
        await town.house.starts()
        threads = [f"matter{number}" for number in range(20)]
        await town.asks(*threads)
        for number in range(KNOWN):
            await town.acme.person(f"affair{number}").types("/hall help", "dm")
        await town.house.caught_up()
        town.discord.gateway.faults.missed = 1.0
        storm = asyncio.create_task(ends_sessions(town))
        direct = await five_hundred(town, threads)
        storm.cancel()
        town.discord.gateway.faults.missed = 0.0
        town.discord.gateway.invalidate(resumable=False)
        going_on = asyncio.create_task(time_goes_on(town))  # or nothing would be tried again
        await town.all_cards(direct)
        found = await town.verdict(LINES)
        going_on.cancel()
        said = [each for each in town.discord.applied if each["what"] == "message" and each["text"] == "!claim"]
        taken = [await town.house.app.desk.taken(key_of(each["channel"], each["id"])) for each in said]
        assert taken == [True] * len(threads), "claims, some of which have lapsed by now"
        print(f"{found}; {len(town.discord.gateway.identifies)} sessions")
        assert town.discord.gateway.faults.met["missed"] >= 500
    all_is_well(found)
    all_is_well(judge(town.discord, direct, 0))


async def time_goes_on(town: Town) -> None:
    while True:
        await town.discord.clock.passes(1.0)  # type: ignore[attr-defined]


async def ends_sessions(town: Town) -> None:
    while True:
        town.discord.gateway.invalidate(resumable=False)
        await asyncio.sleep(0.05)


async def five_hundred(town: Town, threads: list[str]) -> list[str]:
    """400 lines, 80 questions and 20 commands, spread over the two hours; gives the new questions' words.

    Those who ask in direct messages have used the bot before: Discord tells a bot of no others.
    """
    direct = [f"affair{number}" for number in range(80)]
    cards = {name: town.card(name) for name in threads}
    acts: list[Any] = [town.says(name, line) for line in range(1, LINES + 1) for name in threads]
    for number, name in enumerate(direct):
        where = "dm" if number < KNOWN else town.help
        acts.insert(6 * number, town.acme.person(name).says(where, words_of(name)))
    for number, name in enumerate(threads):
        acts.insert(25 * number, town.bo.says(cards[name].id, "!claim"))
    assert len(acts) == 500
    for number, act in enumerate(acts):
        await act
        if number % 20 == 0:
            await town.discord.clock.passes(TWO_HOURS / 25)  # type: ignore[attr-defined]
    return direct


async def test_renewals_cuts_and_doubles_in_the_middle_of_talk_lose_nothing(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        gateway, names = town.discord.gateway, [f"matter{number}" for number in range(10)]
        await town.house.starts()
        await town.asks(*names)
        gateway.faults.duplicates = 0.3
        disturbances: list[Callable[[], object]] = [
            gateway.reconnect,
            gateway.cut,
            lambda: gateway.invalidate(resumable=True),
            gateway.close,
        ]
        for line in range(1, LINES + 1):
            for name in names:
                await town.says(name, line)
            if line % 4 == 0 and disturbances:
                await town.discord.until(lambda: gateway.connected and gateway.resumes == 4 - len(disturbances), 60)
                disturbances.pop()()
        found = await town.verdict(LINES)
        print(f"{found}; {gateway.faults.met}, {gateway.resumes} resumed")
        assert gateway.faults.met["duplicated"] > 20
        assert gateway.resumes == 4
        assert len(gateway.identifies) == 1, "what can be resumed is"
    all_is_well(found)


async def test_what_arrives_out_of_order_is_taken_in_all_the_same(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        gateway, names = town.discord.gateway, [f"matter{number}" for number in range(10)]
        await town.house.starts()
        await town.asks(*names)
        gateway.faults.reorders, gateway.faults.duplicates = 0.5, 0.3
        await asyncio.gather(*(town.says(name, line) for line in range(1, 11) for name in names))
        found = await town.verdict(10)
        assert gateway.faults.met["reordered"] > 30
    found.disordered.clear()
    all_is_well(found)


async def test_a_gateway_that_says_nothing_any_more_is_left_for_another(tmp_path: Path) -> None:
    async with a_town(tmp_path, replace(HASTY, deaf_seconds=0.4)) as town:
        gateway = town.discord.gateway
        gateway.heartbeat_ms = 150
        await town.house.starts()
        await town.asks("matter0")
        gateway.silence()
        for line in range(1, 4):
            await town.says("matter0", line)
        all_is_well(await town.verdict(3))
        assert gateway.resumes + len(gateway.identifies) >= 2


async def test_handshakes_that_fail_are_tried_again_the_very_first_as_well(tmp_path: Path) -> None:
    """The library gives up for good after a failed first one."""
    async with a_town(tmp_path) as town:
        gateway = town.discord.gateway
        gateway.handshakes_fail = 3
        await town.house.starts()
        await town.asks("matter0")
        gateway.handshakes_fail = 3
        gateway.cut()
        await town.says("matter0", 1)
        all_is_well(await town.verdict(1))
        assert gateway.handshakes_fail == 0


# How often sessions begin


def test_a_day_on_which_every_session_ends_at_once_takes_few_of_them() -> None:
    times = Times()
    identifying = Identifying(first_seconds=times.identify_seconds, most_seconds=times.identify_seconds_max)
    now, begun = 0.0, 0
    while now < DAY_SECONDS:
        now += identifying.wait_seconds(now)
        identifying.begins(now)
        begun += 1
        now += 0.2  # until Discord has ended it
    assert begun < STARTS_FAR_BELOW


async def test_a_storm_of_ended_sessions_is_met_more_and_more_slowly(tmp_path: Path) -> None:
    """And over the end of a client, which makes room for the next."""
    times = replace(HASTY, identify_seconds=0.05, identify_seconds_max=0.3)
    async with a_town(tmp_path, times) as town:
        gateway = town.discord.gateway
        await town.house.starts()
        storm = asyncio.create_task(ends_sessions(town))
        await town.discord.until(lambda: len(gateway.identifies) >= 12, 60, "it gave up")
        storm.cancel()
        town.house.all_run()
        pauses = [later - earlier for earlier, later in zip(gateway.identifies, gateway.identifies[1:], strict=False)]
        assert min(pauses) > times.identify_seconds * 0.8
        assert min(pauses[8:]) > times.identify_seconds_max * 0.8
        await town.asks("matter0")
