"""The contract of adapters, for the ones that come with the product."""

from collections.abc import AsyncIterator

import pytest

from bot.ports import Heard
from tests.contracts.adapter import AdapterContract, WireContract
from tests.contracts.console_rig import ConsoleRig
from tests.contracts.rehearsal_rig import RehearsalRig
from tests.contracts.slack_rig import SlackRig


class TestConsole(AdapterContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[ConsoleRig]:
        async with ConsoleRig() as rig:
            yield rig


class TestRehearsal(WireContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[RehearsalRig]:
        async with RehearsalRig() as rig:
            yield rig

    async def test_an_event_that_could_not_be_taken_in_comes_again(self, rig: RehearsalRig) -> None:
        rig.fails_once()
        await rig.types("claim Q7K3")
        first = await rig.hears()
        again = await rig.hears()
        assert again == first

    async def test_talk_is_not_heard(self, rig: RehearsalRig) -> None:
        await rig.talks("I think this is a hold, claim it if you like")
        await rig.types("queue")
        heard = await rig.hears()
        assert isinstance(heard, Heard)
        assert heard.sentence == "queue"


class TestSlack(WireContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[SlackRig]:
        async with SlackRig() as rig:
            yield rig

    async def test_an_event_that_could_not_be_taken_in_comes_again(self, rig: SlackRig) -> None:
        rig.fails_once()
        await rig.types("claim Q7K3")
        first = await rig.hears()
        again = await rig.hears()
        assert again == first

    async def test_talk_is_not_heard(self, rig: SlackRig) -> None:
        await rig.talks("I think this is a hold, claim it if you like")
        await rig.types("queue")
        heard = await rig.hears()
        assert isinstance(heard, Heard)
        assert heard.sentence == "queue"
