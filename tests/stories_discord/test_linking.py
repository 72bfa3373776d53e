"""`/hall link`: the same person on Discord and on the web."""

import re

from bot.model import Rank, State
from tests.discord_world import DiscordWorld
from tests.world import Someone

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


async def test_who_asked_on_the_web_judges_in_discord_after_linking(world: DiscordWorld) -> None:
    bo, ann = await world.expert("bo", Rank.JOURNEYMAN), world.visitor("ann")
    on_web = Someone(world, "ann-on-the-web", world.app.new_person())
    question = await on_web.asks(ASKED)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in on_web.sees()
    refused = await ann.says("helped", question)
    assert refused.refused

    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", (await on_web.says("link")).text)
    assert code
    await ann.native.types(f"/hall link code:{code[0]}")
    await world.settles()
    said = await ann.says("helped", question)
    assert not said.refused, said.text
    assert await world.state(question) is State.SOLVED
    assert await bo.earned() == 140
