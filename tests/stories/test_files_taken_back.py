"""A message deleted where it was written takes its files along."""

from bot.model import Place, QuestionId, spoken_number
from bot.ports import TookBack
from tests.sample_files import log, shot
from tests.world import World

SOURCE = Place("web:D1/100.1")


async def kept(world: World, question: QuestionId) -> list[str]:
    facts = await world.app.views.facts(question, now=world.now)
    return [each.name for each in facts.files]


async def test_deleting_the_message_deletes_its_files_in_every_copy(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why does it say this code is wrong?", files=(shot(), log()), source=SOURCE)
    await ann.writes("And this.", question, files=(log("second.log"),))
    await ann.says(f"show-file {spoken_number(question)} 1 send")
    await bo.says("claim", question)
    assert [file.name for shown in world.shown(bo.home) for file in shown.card.files] == ["screenshot.png"]
    await world.app.hear(TookBack(key=world.event(), source=SOURCE))
    await world.settles()
    assert await kept(world, question) == ["second.log"]
    assert [file.name for shown in world.shown(bo.home) for file in shown.card.files] == []
    assert "screenshot" not in ann.sees()
