"""The fake Discord's gateway: sessions, RESUME, intents, and everything a test does to them; driven by discord.py."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import Channel, FakeDiscord, HeldTime, House, Someone, points, running
from tests.fakes.discord.bare import Bare


@dataclass
class Rig:
    there: FakeDiscord
    acme: House
    bo: Someone
    billing: Channel


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with FakeDiscord(seed=7, privileged={"message_content"}) as there:
        acme = there.guild("Acme")
        bo = acme.person("bo")
        with points(there):
            yield Rig(there, acme, bo, acme.channel("billing"))
        assert [each for each in there.complaints if "the fake itself" in each] == []


async def says(rig: Rig, *texts: str) -> None:
    for text in texts:
        await rig.bo.says(rig.billing, text)


async def test_a_client_gets_ready_with_its_guilds(rig: Rig) -> None:
    async with running(client := Bare(content=True), rig.there.token):
        assert [guild.name for guild in client.guilds] == ["Acme"]
        await says(rig, "hello")
        await rig.there.until(lambda: client.texts() == ["hello"])
        assert [name for name in client.names() if name != "op 11"][:3] == ["op 10", "READY", "GUILD_CREATE"]


@pytest.mark.parametrize("compress", ["", "zlib-stream"])
async def test_the_protocol_as_a_socket_sees_it(rig: Rig, compress: str) -> None:
    """HELLO, heartbeat, IDENTIFY, numbered events; a resume replays what came after the number."""
    async with aiohttp.ClientSession() as session:
        query = "?v=10&encoding=json" + (f"&compress={compress}" if compress else "")
        async with session.ws_connect(rig.there.gateway_url + query) as socket:
            read = reader(socket, compress)
            assert (await read())["op"] == 10
            identify = {"token": rig.there.token, "intents": 513, "properties": {}}
            await socket.send_json({"op": 2, "d": identify})
            ready = await read()
            assert (ready["t"], ready["s"]) == ("READY", 1)
            assert (await read())["t"] == "GUILD_CREATE"
            await socket.send_json({"op": 1, "d": 2})
            assert (await read())["op"] == 11
            await says(rig, "one")
            assert (await read())["s"] == 3
            await socket.close(code=4000)
        await says(rig, "two", "three")
        async with session.ws_connect(rig.there.gateway_url + query) as socket:
            read = reader(socket, compress)
            await read()
            resume = {"token": rig.there.token, "session_id": ready["d"]["session_id"], "seq": 3}
            await socket.send_json({"op": 6, "d": resume})
            told = [await read() for _ in range(3)]
            assert [(each["t"], each["s"]) for each in told] == [
                ("MESSAGE_CREATE", 4),
                ("MESSAGE_CREATE", 5),
                ("RESUMED", 6),
            ]


def reader(socket: aiohttp.ClientWebSocketResponse, compress: str) -> Any:
    inflating = zlib.decompressobj()

    async def read() -> Any:
        message = await asyncio.wait_for(socket.receive(), 5)
        return json.loads(inflating.decompress(message.data) if compress else message.data)

    return read


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"op": 3, "d": {}}, 4003),
        ({"op": 2, "d": {"token": "wrong", "intents": 0}}, 4004),
        ({"op": 2, "d": {"token": "TOKEN", "intents": 1 << 40}}, 4013),
        ({"op": 2, "d": {"token": "TOKEN", "intents": 2}}, 4014),
        ({"op": 2, "d": {"token": "TOKEN", "intents": 1, "shard": [2, 2]}}, 4010),
        ({"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 1}}, 4004),
        ({"op": 1, "d": "x" * 5000}, 4002),
    ],
)
async def test_a_wrong_command_closes_with_its_code(rig: Rig, said: Any, code: int) -> None:
    if said["d"].__class__ is dict and said["d"].get("token") == "TOKEN":
        said = {"op": said["op"], "d": said["d"] | {"token": rig.there.token}}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(rig.there.gateway_url + "?v=10&encoding=json") as socket,
    ):
        await socket.receive()
        await socket.send_json(said)
        await asyncio.wait_for(socket.receive(), 5)
        assert socket.close_code == code


async def test_a_privileged_intent_that_the_portal_does_not_allow_ends_the_client(rig: Rig) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(Bare(members=True), rig.there.token):
            pass


async def test_what_people_say_is_empty_without_the_intent(rig: Rig) -> None:
    async with running(client := Bare(), rig.there.token):
        await says(rig, "secret", "hello @guildhall")
        await rig.bo.says("dm", "between us")
        sent = await client.get_partial_messageable(int(rig.billing.id)).send("ours")
        await rig.bo.says(rig.billing, "a reply that pings", reply_to=str(sent.id))
        await rig.bo.says(rig.billing, "a silent reply", reply_to=str(sent.id), ping=False)
        await rig.there.until(lambda: len(client.texts()) == 5)
        bot = f"<@{rig.there.bot.id}>"
        assert client.texts() == ["", f"hello {bot}", "between us", "a reply that pings", ""]


async def test_links_come_a_moment_later_as_an_update_that_is_no_edit(rig: Rig) -> None:
    async with running(client := Bare(content=True), rig.there.token):
        await says(rig, "see https://example.org")
        await rig.there.until(lambda: client.payloads("MESSAGE_UPDATE"))
        assert client.payloads("MESSAGE_UPDATE")[0]["edited_timestamp"] is None
        assert client.payloads("MESSAGE_UPDATE")[0]["embeds"][0]["url"] == "https://example.org"


async def test_after_a_cut_everything_is_replayed_once(rig: Rig) -> None:
    async with running(client := Bare(content=True), rig.there.token):
        await says(rig, "one")
        await rig.there.until(lambda: client.texts() == ["one"])
        rig.there.gateway.cut()
        await says(rig, "two", "three")
        await rig.there.until(lambda: client.texts() == ["one", "two", "three"], 15)
        assert (rig.there.gateway.resumes, len(rig.there.gateway.identifies)) == (1, 1)


async def test_reconnect_leads_to_a_resume(rig: Rig) -> None:
    async with running(client := Bare(content=True), rig.there.token):
        rig.there.gateway.reconnect()
        await rig.there.until(lambda: "RESUMED" in client.names(), 15)
        await says(rig, "after")
        await rig.there.until(lambda: client.texts() == ["after"])


async def test_a_session_that_is_gone_loses_what_was_said(rig: Rig) -> None:
    async with running(client := Bare(content=True), rig.there.token):
        rig.there.gateway.forget()
        rig.there.gateway.cut()
        await says(rig, "nobody hears this")
        await rig.there.until(lambda: client.names().count("READY") == 2, 30)
        await says(rig, "after")
        await rig.there.until(lambda: client.texts() == ["after"])
        assert rig.there.gateway.invalid == 1


async def test_a_silent_socket_says_nothing_and_the_session_keeps_it(rig: Rig) -> None:
    async with running(client := Bare(content=True), rig.there.token):
        assert rig.there.gateway.silence() == 1
        await says(rig, "into the dark")
        await rig.there.settled()
        assert client.texts() == []
        rig.there.gateway.cut()
        await rig.there.until(lambda: client.texts() == ["into the dark"], 15)


async def test_heartbeats_are_counted_and_missed_ones_end_the_connection(rig: Rig) -> None:
    rig.there.gateway.heartbeat_ms = 100
    async with running(Bare(content=True), rig.there.token):
        await rig.there.until(lambda: rig.there.gateway.heartbeats > 2)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(rig.there.gateway_url + "?v=10&encoding=json") as socket,
    ):
        await socket.receive()
        await asyncio.wait_for(socket.receive(), 5)
        assert socket.close_code == 4009


async def test_events_come_twice_out_of_order_or_never_as_planned(rig: Rig) -> None:
    faults = rig.there.gateway.faults
    faults.within_s = 0.05
    async with running(client := Bare(content=True), rig.there.token):
        wanted = [f"line {number}" for number in range(30)]
        faults.duplicates, faults.reorders = 0.4, 0.4
        await says(rig, *wanted)
        await rig.there.settled()
        await rig.there.until(lambda: set(client.texts()) == set(wanted))
        await rig.there.until(lambda: len(client.texts()) == 30 + faults.met["duplicated"])
        assert faults.met["duplicated"] > 3
        assert list(dict.fromkeys(client.texts())) != wanted
        faults.duplicates, faults.reorders, faults.missed = 0.0, 0.0, 1.0
        await says(rig, "never")
        faults.missed = 0.0
        await says(rig, "at last")
        await rig.there.until(lambda: "at last" in client.texts())
        assert "never" not in client.texts()


async def test_too_many_starts_cost_the_token(rig: Rig) -> None:
    rig.there.gateway.starts_left = 0
    old = rig.there.token
    with pytest.raises((discord.LoginFailure, discord.ConnectionClosed)):
        async with running(Bare(), old):
            pass
    assert rig.there.token != old


async def test_the_gateway_tells_where_it_is_and_how_often_one_may_start(rig: Rig) -> None:
    async with running(discord.AutoShardedClient(intents=discord.Intents(guilds=True)), rig.there.token):
        assert (await start_limit(rig))["session_start_limit"]["remaining"] == 999


async def start_limit(rig: Rig) -> Any:
    headers = {"Authorization": f"Bot {rig.there.token}", "User-Agent": "DiscordBot (test, 1)"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(rig.there.api_url + "/gateway/bot") as told,
    ):
        return await told.json()


async def test_members_roles_and_channels_are_told(rig: Rig) -> None:
    rig.there.allow("members")
    async with running(client := Bare(members=True), rig.there.token):
        experts = rig.acme.role("Experts")
        ann = rig.acme.person("ann")
        await ann.gets_role(rig.acme, experts)
        await ann.leaves(rig.acme)
        staff = rig.acme.channel("staff")
        rig.acme.renames(staff, "team")
        rig.acme.kicks_bot()
        await rig.there.until(lambda: "GUILD_DELETE" in client.names())
        told = [name for name in client.names() if name.startswith(("GUILD_MEMBER_", "GUILD_ROLE", "CHANNEL_"))]
        wanted = ["GUILD_ROLE_CREATE", "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"]
        assert [name for name in told if name != "GUILD_MEMBERS_CHUNK"] == [*wanted, "CHANNEL_CREATE", "CHANNEL_UPDATE"]


async def test_an_invalid_session_may_be_resumed_or_not(rig: Rig) -> None:
    async with running(client := Bare(content=True), rig.there.token):
        rig.there.gateway.invalidate(resumable=True)
        await rig.there.until(lambda: "RESUMED" in client.names(), 15)
        rig.there.gateway.close(4000)
        await says(rig, "kept")
        await rig.there.until(lambda: client.texts() == ["kept"], 15)
        assert (len(rig.there.gateway.identifies), rig.there.gateway.resumes) == (1, 2)
        rig.there.gateway.faults.resumes_fail = True
        rig.there.gateway.close(4000)
        await says(rig, "lost")
        await rig.there.until(lambda: client.names().count("READY") == 2, 30)
        assert client.texts() == ["kept"]


async def test_a_click_replayed_after_three_seconds_is_too_late() -> None:
    held = HeldTime(start=1_800_000_000.0)
    async with FakeDiscord(seed=7, time=held) as there:
        acme = there.guild("Acme")
        bo, billing = acme.person("bo"), acme.channel("billing")
        codes: list[int] = []

        async def answer(interaction: Any) -> None:
            with pytest.raises(discord.NotFound) as caught:
                await interaction.response.defer()
            codes.append(caught.value.code)

        with points(there):
            async with running(client := Bare(), there.token):
                client.answer = answer
                view = discord.ui.View(timeout=None)
                view.add_item(discord.ui.Button(label="Claim", custom_id="q:1:claim"))
                sent = await client.get_partial_messageable(int(billing.id)).send("Q7K3", view=view)
                there.gateway.silence()
                pressing = asyncio.ensure_future(bo.presses(str(sent.id), "Claim"))
                await held.passes(4)
                assert not (await pressing).ok
                there.gateway.cut()
                await there.until(lambda: codes == [10062], 15)
                await held.passes(200)
                assert there.complaints == []
