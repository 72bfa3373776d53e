"""The fake Slack's events and presses reach slack_bolt over sockets and signed HTTP, with Slack's retries."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Channel, FakeSlack, HeldTime, Workspace
from tests.fakes.slack.http_events import signed
from tests.fakes.slack.someone import Someone

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Heard:
    """What a bolt app heard; it fails on the first `fails` messages."""

    app: AsyncApp
    fails: int = 0
    messages: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    retries: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


def listener(slack: FakeSlack, acme: Workspace) -> Heard:
    client = AsyncWebClient(token=acme.bot_token, base_url=slack.api_url, retry_handlers=[])
    app = AsyncApp(client=client, signing_secret=acme.signing_secret, process_before_response=True)
    heard = Heard(app)

    @app.event("message")
    async def hear(event: dict[str, Any], body: dict[str, Any], request: Any) -> None:
        heard.retries += request.headers.get("x-slack-retry-num", [])
        if heard.fails > 0:
            heard.fails -= 1
            raise RuntimeError("the listener dies")
        heard.events.append(event)
        heard.ids.append(body["event_id"])
        heard.messages.append(event.get("text", event.get("subtype", "")))

    @app.event("app_mention")
    async def mention(event: dict[str, Any]) -> None:
        heard.mentions.append(event["ts"])

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any]) -> None:
        heard.events.append(event)

    return heard


@dataclass
class Rig:
    slack: FakeSlack
    acme: Workspace
    bo: Someone
    billing: Channel
    heard: Heard
    held: HeldTime

    async def connect(self) -> AsyncSocketModeHandler:
        web_client = AsyncWebClient(base_url=self.slack.api_url)
        sockets = AsyncSocketModeHandler(self.heard.app, self.acme.app_token, web_client=web_client, ping_interval=0.2)
        count = len(self.slack.sockets.connections)
        await sockets.connect_async()
        await self.slack.until(lambda: len(self.slack.sockets.connections) == count + 1)
        return sockets


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    held = HeldTime()
    async with FakeSlack(seed=7, time=held) as slack:
        acme = slack.workspace("Acme")
        bo = acme.person("bo")
        billing = acme.channel("billing", members=[bo])
        yield Rig(slack, acme, bo, billing, listener(slack, acme), held)


async def test_a_mention_comes_as_message_and_as_mention(rig: Rig) -> None:
    sockets = await rig.connect()
    ts = await rig.bo.says(rig.billing, "hello @guildhall <b>")
    await rig.slack.settled()
    assert rig.heard.messages == [f"hello <@{rig.acme.bot_user_id}> &lt;b&gt;"]
    assert rig.heard.mentions == [ts]
    await sockets.close_async()


async def test_only_what_is_subscribed_and_allowed_comes(rig: Rig) -> None:
    sockets = await rig.connect()
    rig.acme.events.discard("message.groups")
    rig.acme.scopes.discard("im:history")
    private = rig.acme.channel("private", members=[rig.bo], private=True)
    outside = rig.acme.channel("outside", members=[rig.bo], bot=False)
    for place in (private, outside, "dm"):
        await rig.bo.says(place, "quiet")
    await rig.bo.says(rig.billing, "loud")
    await rig.slack.settled()
    assert rig.heard.messages == ["loud"]
    await sockets.close_async()


async def test_edits_unfurls_and_deletions_come_as_changes(rig: Rig) -> None:
    sockets = await rig.connect()
    ts = await rig.bo.says(rig.billing, "see https://a.example")
    await rig.bo.edits(rig.billing, ts, "see there")
    rig.acme.unfurls(rig.billing, ts)
    await rig.bo.deletes(rig.billing, ts)
    await rig.slack.settled()
    _, edited, unfurled, deleted = rig.heard.events
    assert (edited["previous_message"]["text"], edited["message"]["text"]) == ("see <https://a.example>", "see there")
    assert edited["message"]["edited"]["user"] == rig.bo.id
    assert unfurled["message"]["edited"] == edited["message"]["edited"]
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
    await sockets.close_async()


async def test_an_event_whose_listener_dies_comes_again(rig: Rig) -> None:
    sockets = await rig.connect()
    rig.heard.fails = 2
    await rig.bo.says(rig.billing, "again")
    await rig.slack.until(lambda: rig.heard.fails == 1)
    await rig.held.passes(3.1)
    await rig.slack.until(lambda: rig.heard.fails == 0)
    assert rig.heard.messages == []
    await rig.held.passes(3.1)
    await rig.held.passes(60)
    await rig.slack.until(lambda: rig.heard.messages == ["again"])
    await rig.slack.settled()
    assert rig.heard.retries[-2:] == ["1", "2"]
    assert rig.slack.lost == []
    await sockets.close_async()


async def test_an_event_that_nobody_takes_is_lost_after_three_retries(rig: Rig) -> None:
    await rig.bo.says(rig.billing, "into the void")
    await rig.held.passes(359)
    assert rig.slack.lost == []
    await rig.held.passes(2)
    assert [each["event"]["text"] for each in rig.slack.lost] == ["into the void"]


async def test_events_come_twice_and_out_of_order_by_plan(rig: Rig) -> None:
    sockets = await rig.connect()
    rig.slack.event_faults.duplicates = rig.slack.event_faults.reorders = 0.5
    for number in range(40):
        await rig.bo.says(rig.billing, f"{number}")
    await rig.held.passes(1)
    await rig.slack.settled()
    assert set(rig.heard.messages) == {f"{number}" for number in range(40)}
    assert len(rig.heard.ids) > 45 > len(set(rig.heard.ids)) == 40
    first_times = [int(text) for text in dict.fromkeys(rig.heard.messages)]
    assert first_times != sorted(first_times)
    await sockets.close_async()


async def test_a_refresh_makes_clients_come_back(rig: Rig) -> None:
    sockets = await rig.connect()
    await rig.slack.sockets.refresh()
    await rig.slack.until(lambda: rig.slack.sockets.opened == 2)
    await rig.bo.says(rig.billing, "still there")
    await rig.slack.until(lambda: rig.heard.messages == ["still there"])
    await sockets.close_async()


async def test_a_silent_socket_swallows_envelopes_until_another_comes(rig: Rig) -> None:
    sockets = await rig.connect()
    assert rig.slack.sockets.silence() == 1
    await rig.bo.says(rig.billing, "unheard")
    await rig.slack.until(lambda: rig.slack.sockets.opened == 2)  # the client notices that no pong comes
    await rig.held.passes(3.1)
    await rig.slack.until(lambda: rig.heard.messages == ["unheard"])
    await sockets.close_async()


async def test_the_eleventh_connection_is_turned_away(rig: Rig) -> None:
    async with aiohttp.ClientSession() as http:
        open_ones = []
        for number in range(1, 12):
            socket = await http.ws_connect(rig.slack.sockets.ticket(rig.acme))
            told = (await socket.receive()).json()
            open_ones.append(socket)
            if number <= 10:
                assert (told["type"], told["num_connections"]) == ("hello", number)
            else:
                assert (told["type"], told["reason"]) == ("disconnect", "too_many_websockets")
        url = rig.slack.sockets.ticket(rig.acme)
        open_ones.append(await http.ws_connect(url))
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)
        for socket in open_ones:
            await socket.close()


async def test_sockets_are_refused_when_the_app_listens_over_http(rig: Rig) -> None:
    rig.acme.transport = "http"
    async with aiohttp.ClientSession() as http, http.ws_connect(rig.slack.sockets.ticket(rig.acme)) as socket:
        assert (await socket.receive()).json()["reason"] == "link_disabled"


@dataclass
class Listening:
    url: str
    statuses: list[int]


@asynccontextmanager
async def listening(app: AsyncApp) -> AsyncIterator[Listening]:
    """bolt's own route, on a port of its own."""
    statuses: list[int] = []

    @web.middleware
    async def noting(request: web.Request, handler: Any) -> web.StreamResponse:
        response: web.StreamResponse = await handler(request)
        statuses.append(response.status)
        return response

    served = app.web_app("/slack/events")
    served.middlewares.append(noting)
    runner = web.AppRunner(served)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Listening(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", statuses)
    finally:
        await runner.cleanup()


async def test_signed_requests_reach_bolt_and_come_again_when_refused(rig: Rig) -> None:
    async with listening(rig.heard.app) as server:
        await rig.acme.listens_at(server.url)
        rig.heard.fails = 1
        await rig.bo.says(rig.billing, "over http")
        await rig.slack.until(lambda: rig.heard.messages == ["over http"])
        await rig.slack.settled()
        assert rig.heard.retries == ["1"]
        assert server.statuses == [200, 500, 200]
        rig.acme.signing_secret = "another"
        await rig.bo.says(rig.billing, "forged")
        await rig.slack.until(lambda: server.statuses[-1] == 401)
        assert rig.heard.messages == ["over http"]


async def test_a_stale_signature_is_not_taken(rig: Rig) -> None:
    async with listening(rig.heard.app) as server:
        body = json.dumps({"type": "url_verification", "challenge": "x"})
        headers = signed(rig.acme.signing_secret, body) | {"Content-Type": "application/json"}
        async with aiohttp.ClientSession() as http:
            async with http.post(server.url, data=body, headers=headers) as answer:
                assert answer.status == 200
            headers["X-Slack-Request-Timestamp"] = str(int(time.time()) - 600)
            async with http.post(server.url, data=body, headers=headers) as answer:
                assert answer.status == 401


async def test_presses_and_commands_are_answered_over_http(rig: Rig) -> None:
    @rig.heard.app.command("/hall")
    async def hall(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"you said {command['text']}")

    @rig.heard.app.action("claim")
    async def claim(ack: Any) -> None:
        await ack()

    async with listening(rig.heard.app) as server:
        await rig.acme.listens_at(server.url)
        came = await rig.bo.types("/hall", "next & more", rig.billing)
        assert came.ok
        assert rig.bo.asides() == ["you said next & more"]
        element = {"type": "button", "text": {"type": "plain_text", "text": "Claim"}, "action_id": "claim"}
        card = await rig.heard.app.client.chat_postMessage(
            channel=rig.billing.id, text="card", blocks=[{"type": "actions", "elements": [element]}]
        )
        assert (await rig.bo.presses(rig.billing, card["ts"], "Claim")).ok
    assert not (await rig.bo.presses(rig.billing, card["ts"], "Claim")).ok
    assert "⚠" in rig.bo.errors[-1]


async def test_two_workspaces_have_sockets_of_their_own(rig: Rig) -> None:
    other = rig.slack.workspace("Other")
    ann = other.person("ann")
    room = other.channel("help", members=[ann])
    elsewhere = listener(rig.slack, other)
    here = await rig.connect()
    there = AsyncSocketModeHandler(
        elsewhere.app, other.app_token, web_client=AsyncWebClient(base_url=rig.slack.api_url)
    )
    await there.connect_async()
    await ann.says(room, "over there")
    await rig.bo.says(rig.billing, "over here")
    await rig.slack.settled()
    assert (rig.heard.messages, elsewhere.messages) == (["over here"], ["over there"])
    await here.close_async()
    await there.close_async()


async def test_it_runs_as_a_process_that_another_drives(tmp_path: Path) -> None:
    log = tmp_path / "applied.jsonl"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.slack", "--port", "0", "--seed", "7", "--log", str(log)),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=dict(os.environ),
    )
    assert process.stdout is not None
    told = json.loads(await process.stdout.readline())
    team, channel = told["workspace"]["team_id"], told["workspace"]["channels"]["billing"]
    client = AsyncWebClient(token=told["workspace"]["bot_token"], base_url=told["api_url"])
    await client.chat_postMessage(channel=channel, text="card")
    async with aiohttp.ClientSession() as http:
        said = {"args": [channel, "hello"]}
        async with http.post(f"{told['url']}/people/{team}/bo/says", json=said) as answer:
            ts = (await answer.json())["result"]
        async with http.get(f"{told['url']}/people/{team}/bo/reads?channel=billing") as answer:
            assert (await answer.json())["result"] == "Guildhall (app): card\nbo: hello"
        async with http.post(f"{told['url']}/people/{team}/bo/presses", json={"args": [channel, ts, "No"]}) as answer:
            assert answer.status == 409
    process.terminate()
    assert await process.wait() == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["what"] for line in lines] == ["posts", "says"]
