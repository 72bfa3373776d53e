"""What was said while nobody listened is taken in as if somebody had."""

import asyncio
from pathlib import Path

from bot.model import Rank, State
from tests.discord_world import discord_world
from tests.fakes.discord import House

ASKED = "Why was I billed twice for my subscription in June?"


async def test_a_claim_found_in_the_history_counts_by_the_role_that_its_writer_holds(tmp_path: Path) -> None:
    """The history names no roles: nobody loses theirs by being read."""
    roles = {}

    def settings(house: House) -> dict[str, object]:
        roles["experts"] = house.role("Experts")
        return {"expert_roles": {roles["experts"].id: Rank.JOURNEYMAN}}

    async with discord_world(tmp_path / "world.db", settings=settings) as world:
        ann = await world.customer("ann")
        bo = world.visitor("bo", crew=True, roles=[roles["experts"]])
        question = await ann.asks(ASKED)
        await bo.native.says(world.channel("billing"), "!queue")
        await world.settles()
        await world.stops_listening()
        await world.passes(minutes=30)
        await bo.native.says(world.acme.guild.threads()[0], "!claim")
        mark = await world.app.desk.recall("discord/mark")
        await world.listens()
        for _ in range(1_000):
            if await world.app.desk.recall("discord/mark") != mark:
                break
            await asyncio.sleep(0.005)
        await world.settles()
        assert await world.state(question) is State.CLAIMED
