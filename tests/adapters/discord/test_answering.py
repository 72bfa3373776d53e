"""An act whose outcome takes its time is acknowledged all the same, and nobody else waits for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from adapters.discord.acts import COMPONENT, Act
from adapters.discord.answering import Answering
from adapters.discord.hooks import LATER, Hooks
from adapters.discord.people import Member
from adapters.discord.rooms import Room
from adapters.discord.times import Times
from bot.afterwards import Afterwards
from bot.card import Card, Form
from bot.ports import Reply


@dataclass(slots=True)
class Window:
    """What arrives at Discord for an act: the kinds of its acknowledgements, then messages."""

    acknowledged: "asyncio.Queue[int]" = field(default_factory=asyncio.Queue)
    told: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)

    async def callback(self, request: web.Request) -> web.Response:
        self.acknowledged.put_nowait((await request.json())["type"])
        return web.Response(status=204)

    async def message(self, request: web.Request) -> web.Response:
        self.told.put_nowait(await request.text())
        return web.json_response({})


@pytest.fixture
async def window() -> AsyncIterator[tuple[Window, str]]:
    window, app = Window(), web.Application()
    app.router.add_post("/interactions/{id}/{token}/callback", window.callback)
    app.router.add_post("/webhooks/{application}/{token}", window.message)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield window, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_what_takes_long_is_acknowledged_first_and_told_when_it_is_known(
    window: tuple[Window, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.afterwards.WAIT_SECONDS_MAX", 3_600.0)  # who is held up stays so
    arrived, address = window
    beside: list[asyncio.Task[None]] = []
    answering = _answering(address, beside)
    known = asyncio.Event()

    async def slow() -> Reply | Form:
        await known.wait()
        return Reply(card=Card(title="It is yours."))

    async def neighbour() -> None:
        shown.set()

    shown = asyncio.Event()
    acting = asyncio.create_task(answering.carry_out(_press(), slow))
    assert await arrived.acknowledged.get() == LATER
    async with asyncio.timeout(30):  # an act that was acknowledged holds up nobody
        await answering.afterwards.show(neighbour)
    assert shown.is_set()
    assert not acting.done()
    known.set()
    await acting
    assert "It is yours" in await arrived.told.get()
    await asyncio.gather(*beside)
    assert arrived.acknowledged.empty(), "Discord takes one acknowledgement"
    await answering.hooks.close()


async def test_what_is_known_at_once_is_acknowledged_once(window: tuple[Window, str]) -> None:
    arrived, address = window
    beside: list[asyncio.Task[None]] = []
    answering = _answering(address, beside)

    async def quick() -> Reply | Form:
        return Reply(card=Card(title="It is yours."))

    await answering.carry_out(_press(), quick)
    await asyncio.gather(*beside)
    assert (arrived.acknowledged.get_nowait(), arrived.acknowledged.empty()) == (LATER, True)
    assert "It is yours" in arrived.told.get_nowait()
    await answering.hooks.close()


def _answering(address: str, beside: list[asyncio.Task[None]]) -> Answering:
    def later(doing: Awaitable[None]) -> None:
        beside.append(asyncio.ensure_future(doing))

    async def direct(user: str, card: Card, carry: str) -> None:
        raise AssertionError("nobody is told elsewhere")

    hooks = Hooks(api_url=address)
    hooks.application = "1"
    return Answering(
        hooks=hooks,
        times=Times(ack_seconds=0.05),
        afterwards=Afterwards(),
        later=later,
        direct=direct,
        filled=lambda user, said: {},
    )


def _press() -> Act:
    return Act(
        id="2",
        token="token",
        kind=COMPONENT,
        data={"custom_id": "0|claim Q7K3"},
        member=Member(user="3"),
        room=Room(id="4"),
        message={"id": "5"},
    )
