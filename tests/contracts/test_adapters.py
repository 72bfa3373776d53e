"""The contract of adapters, for the ones that come with the product."""

from collections.abc import AsyncIterator

import pytest

from bot.ports import Busy, Heard
from tests.contracts.adapter import CARD, AdapterContract, Break, WireContract, a_post
from tests.contracts.console_rig import ConsoleRig
from tests.contracts.discord_rig import BUSY_SECONDS, DiscordRig
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


class TestDiscord(WireContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[DiscordRig]:
        async with DiscordRig() as rig:
            yield rig

    async def test_a_rate_limit_is_busy_with_its_seconds(self, rig: DiscordRig) -> None:
        """The library waits for short ones itself."""
        await rig.breaks(Break.BUSY)
        with pytest.raises(Busy) as trouble:
            await rig.adapter.put(a_post(rig.place), CARD)
        assert trouble.value.retry_after_seconds == pytest.approx(BUSY_SECONDS, abs=0.01)
        assert await rig.copies(CARD.title) == 0

    async def test_an_event_that_could_not_be_taken_in_comes_again(self, rig: DiscordRig) -> None:
        rig.fails_once()
        await rig.types("claim Q7K3")
        first = await rig.hears()
        again = await rig.hears()
        assert isinstance(again, Heard)
        assert again == first

    async def test_talk_is_not_heard(self, rig: DiscordRig) -> None:
        await rig.talks("I think this is a hold, claim it if you like")
        await rig.types("queue")
        heard = await rig.hears()
        assert isinstance(heard, Heard)
        assert heard.sentence == "queue"


class TestDiscordForum(WireContract):
    """The same where cards are posts in a forum, which no nonce keeps from being posted twice."""

    @pytest.fixture
    async def rig(self) -> AsyncIterator[DiscordRig]:
        async with DiscordRig(forum=True) as rig:
            yield rig

    test_a_rate_limit_is_busy_with_its_seconds = TestDiscord.test_a_rate_limit_is_busy_with_its_seconds
