"""A customer who closed the way by which they asked is answered by another one of theirs."""

from bot.model import Identity, Place
from bot.ports import Asked, Blocked
from tests.world import Someone, World

HOLD = "It is only a hold. Your bank lets go of it after three working days."
ELSEWHERE = Place("web:@ann-elsewhere")
PUBLIC = Place("web:help/7")


async def _asks(world: World, ann: Someone, text: str, origin: Place) -> None:
    who = Identity(platform="web", workspace="", external=ann.name)
    await world.app.hear(Asked(key=world.event(), who=ann.who or who, text=text, origin=origin, name=ann.name))
    await world.settles()


async def test_an_answer_goes_another_way_when_its_own_is_closed(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await _asks(world, ann, "How do I change my address?", ELSEWHERE)
    await _asks(world, ann, "Where is the help forum?", PUBLIC)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    world.screen.closed[ann.home] = Blocked("discord-no-direct")
    await world.passes(minutes=1)
    assert HOLD in world.sees(ELSEWHERE)
    assert HOLD not in world.sees(PUBLIC)  # others read there
    assert "reached the customer" in world.sees("#billing")
    assert "has not arrived" not in world.sees(bo.home)
    # What is closed may be opened again, but nothing is said twice.
    del world.screen.closed[ann.home]
    await world.passes(days=1)
    assert HOLD not in ann.sees()


async def test_a_correction_goes_the_way_that_worked(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await _asks(world, ann, "How do I change my address?", ELSEWHERE)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    world.screen.closed[ann.home] = Blocked("slack-no-direct")
    await world.passes(minutes=1)
    await bo.says(f"correct {HOLD} At most five.", question)
    await world.passes(minutes=1)
    assert "At most five." in world.sees(ELSEWHERE)


async def test_each_way_is_tried_once_and_then_people_look_for_another(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await _asks(world, ann, "How do I change my address?", ELSEWHERE)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    for place in (ann.home, ELSEWHERE):
        world.screen.closed[place] = Blocked("discord-no-direct")
    await world.passes(minutes=1)
    assert "takes no direct messages on Discord" in world.sees("#billing")
    assert "has not arrived" in world.sees(bo.home)
    del world.screen.closed[ELSEWHERE]
    await bo.says("try now", question)
    assert HOLD in world.sees(ELSEWHERE)


async def test_a_full_mailbox_is_waited_for(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await _asks(world, ann, "How do I change my address?", ELSEWHERE)
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    world.screen.closed[ann.home] = Blocked("mailbox-full")
    await world.passes(minutes=1)
    assert HOLD not in world.sees(ELSEWHERE)
    assert "mailbox is full" in world.sees("#billing")
