"""Faults and limits of the fake Discord: planned, the same for the same seed, and what was lost is counted."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import Channel, FakeDiscord, Fault, ledger

MESSAGES = "POST /channels/{channel_id}/messages"


@pytest.fixture
async def there() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(seed=7) as there:
        yield there
        assert [each for each in there.complaints if "the fake itself" in each] == []


@pytest.fixture
def billing(there: FakeDiscord) -> Channel:
    return there.guild("Acme").channel("billing")


async def post(there: FakeDiscord, channel: Channel, text: str, **more: Any) -> tuple[int, Any, Any]:
    """Status, headers, body; 0 when the connection broke or nothing came within a second."""
    headers = {"Authorization": f"Bot {there.token}", "User-Agent": "DiscordBot (test, 1)"}
    url = f"{there.api_url}/channels/{channel.id}/messages"
    try:
        async with (
            aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(1)) as session,
            session.post(url, json={"content": text} | more) as answer,
        ):
            return answer.status, answer.headers, await answer.json() if "json" in answer.content_type else None
    except (aiohttp.ClientError, TimeoutError):
        return 0, {}, None


@pytest.mark.parametrize(
    ("fault", "statuses", "applied"),
    [
        (Fault.BUSY, {429}, 0),
        (Fault.FAILS, {500, 502}, 0),
        (Fault.FAILS_AFTER, {500, 502}, 1),
        (Fault.HANGS, {0}, 0),
        (Fault.HANGS_AFTER, {0}, 1),
        (Fault.CUTS_AFTER, {0}, 1),
        (Fault.LATE, {500, 502}, 1),
    ],
)
async def test_each_fault(there: FakeDiscord, billing: Channel, fault: Fault, statuses: set[int], applied: int) -> None:
    there.faults.force(fault, method=MESSAGES)
    status, _, _ = await post(there, billing, "one")
    assert status in statuses
    await there.until(lambda: len(ledger.posts(there.applied)) == applied)
    await there.settled()
    assert len(billing.messages) == applied


async def test_a_call_before_its_time_is_noted(there: FakeDiscord, billing: Channel) -> None:
    there.faults.force(Fault.BUSY)
    status, headers, body = await post(there, billing, "one")
    assert (status, headers["Via"], body["global"]) == (429, "1.1 google", False)
    assert isinstance(body["retry_after"], float)
    assert (await post(there, billing, "one"))[0] == 429
    assert len(there.too_early) == 1
    await asyncio.sleep(body["retry_after"])
    assert (await post(there, billing, "one"))[0] == 200
    assert len(there.too_early) == 1


async def test_buckets_are_told_in_headers(there: FakeDiscord, billing: Channel) -> None:
    assert "X-RateLimit-Limit" not in (await post(there, billing, "free"))[1]
    there.rate_limits = True
    told = [await post(there, billing, str(number)) for number in range(6)]
    assert [status for status, _, _ in told] == [200] * 5 + [429]
    assert [int(headers["X-RateLimit-Remaining"]) for _, headers, _ in told] == [4, 3, 2, 1, 0, 0]
    assert told[5][1]["X-RateLimit-Scope"] == "user"
    assert 0 < told[5][2]["retry_after"] <= 5


async def test_ten_thousand_invalid_requests_are_a_ban(there: FakeDiscord, billing: Channel) -> None:
    there.most_invalid = 3
    there.houses["Acme"].denies(billing, "bot", "send_messages")
    assert [(await post(there, billing, "no"))[0] for _ in range(4)] == [403, 403, 403, 429]
    assert "Via" not in (await post(there, billing, "no"))[1]


async def test_the_same_seed_is_the_same_run() -> None:
    runs = []
    for _ in range(2):
        async with FakeDiscord(seed=3, faults=0.4) as there:
            there.faults.hang_s = 0.01
            there.retry_after_s = (0.0, 0.0)
            billing = there.guild("Acme").channel("billing")
            runs.append([(await post(there, billing, str(number)))[0] for number in range(25)])
    assert runs[0] == runs[1]
    assert {0, 200} < set(runs[0])


async def test_a_naive_sender_loses_and_doubles_and_one_with_a_nonce_does_not(there: FakeDiscord) -> None:
    acme = there.guild("Acme")
    naive, careful = acme.channel("naive"), acme.channel("careful")
    there.faults.share, there.faults.hang_s, there.faults.late_s = 0.3, 0.02, 0.05
    there.faults.kinds = (Fault.FAILS, Fault.FAILS_AFTER, Fault.HANGS_AFTER, Fault.CUTS_AFTER)
    for number in range(40):
        for channel, more in ((naive, {}), (careful, {"nonce": f"n{number}", "enforce_nonce": True})):
            for _ in range(8):
                if (await post(there, channel, f"{channel.name} {number}", **more))[0] == 200:
                    break
    await there.settled()
    doubled = ledger.doubled(there.applied)
    assert any(text.startswith("naive") for text in doubled)
    assert not any(text.startswith("careful") for text in doubled)
    wanted = [f"careful {number}" for number in range(40)]
    assert ledger.lost(there.applied, wanted) == []
    assert ledger.order(there.applied, careful.id) == wanted


async def test_it_runs_as_a_process_that_people_drive_over_http() -> None:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.discord", "--seed", "7", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert running.stdout is not None
        ways = json.loads(await asyncio.wait_for(running.stdout.readline(), 30))
        async with aiohttp.ClientSession() as session:
            act = {"args": ["billing", "hello"]}
            async with session.post(f"{ways['url']}/people/bo/says", json=act) as answer:
                message = (await answer.json())["result"]
            async with session.get(f"{ways['url']}/people/ann/reads?channel=billing") as answer:
                assert (await answer.json())["result"] == "bo: hello"
            async with session.post(f"{ways['url']}/switches", json={"faults": 0.1, "missed": 0.1}) as answer:
                assert (await answer.json())["connections"] == 0
            async with session.get(f"{ways['url']}/verdict") as answer:
                assert (await answer.json())["applied"][-1]["id"] == message
    finally:
        running.terminate()
        await running.wait()
