"""A customer changes or deletes a message where they wrote it: everybody sees what they now say, or nothing."""

from bot.change import Outcome, Reason
from bot.model import Kind, Place, QuestionId, State, spoken_number
from bot.ports import Reworded, TookBack, Wrote
from tests.world import Said, Someone, World

LONG = "It is only a hold; the bank lets it go after three working days."
HERE = Place("web:D1/100.1")
THERE = Place("web:D1/100.2")


async def rewords(someone: Someone, text: str, source: Place = HERE, *, key: str = "") -> Said:
    world = someone.world
    heard = Reworded(key=key or world.event(), who=someone.who, source=source, text=text)
    said = Said(await world.app.hear(heard))
    await world.settles()
    return said


async def takes_back(world: World, source: Place = HERE) -> Said:
    said = Said(await world.app.hear(TookBack(key=world.event(), source=source)))
    await world.settles()
    return said


async def adds(someone: Someone, text: str, question: QuestionId, source: Place = THERE) -> None:
    wrote = Wrote(key=someone.world.event(), who=someone.who, question=question, text=text, source=source)
    assert not Said(await someone.world.app.hear(wrote)).refused
    await someone.world.settles()


async def answered(world: World) -> tuple[Someone, Someone, QuestionId]:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?", source=HERE)
    await bo.says("claim", question)
    await bo.says(f"answer {LONG}", question)
    await world.passes(seconds=21)
    return ann, bo, question


async def test_a_changed_question_changes_its_card(world: World) -> None:
    ann = await world.customer("ann")
    question = await ann.asks("Why was I billed twice?", source=HERE)
    said = await rewords(ann, "Why was I billed three times?")
    assert said.receipt.outcome is Outcome.DONE
    assert "three times" in world.sees("#billing")
    assert "twice" not in world.sees("#billing")
    assert world.shown("#billing")[1:] == []  # nobody holds it, so nobody has to be told
    assert await world.state(question) is State.OPEN


async def test_whoever_holds_it_reads_in_the_thread_that_it_changed(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?", source=HERE)
    await bo.says("claim", question)
    await adds(ann, "With the blue card.", question)
    await rewords(ann, "Why was I billed three times?")
    assert "The customer changed their question." in world.sees("#billing")
    await rewords(ann, "With the red card.", THERE)
    assert "With the red card." in world.sees("#billing")
    assert "blue" not in world.sees("#billing")
    assert "The customer changed what they wrote above." in world.sees("#billing")
    assert await world.state(question) is State.CLAIMED


async def test_changed_words_are_masked_anew(world: World) -> None:
    ann = await world.customer("ann", known=(("email", "ann@example.org"),))
    await ann.asks("Why was I billed twice?", source=HERE)
    await rewords(ann, "Why was I billed twice? Write to ann@example.org or call +49 171 2345678.")
    assert "ann@example.org" not in world.sees("#billing")
    assert "2345678" not in world.sees("#billing")


async def test_an_edit_that_changes_no_word_is_nothing(world: World) -> None:
    ann = await world.customer("ann")
    question = await ann.asks("Why was I billed twice?", source=HERE)
    before = await world.question(question)
    assert (await rewords(ann, "Why was I billed twice? ")).receipt.outcome is Outcome.NOTHING
    assert await world.question(question) == before


async def test_the_same_edit_twice_is_one(world: World) -> None:
    ann, _bo, question = await answered(world)
    first = await rewords(ann, "Why was I billed three times?", key="slack/7")
    before = await world.question(question)
    assert (await rewords(ann, "Why was I billed three times?", key="slack/7")).receipt == first.receipt
    assert await world.question(question) == before


async def test_after_an_answer_the_new_words_follow_and_the_old_stay(world: World) -> None:
    ann, bo, question = await answered(world)
    await rewords(ann, "Why was I billed three times?")
    shown = world.sees("#billing")
    assert "twice" in shown
    assert "three times" in shown
    assert "replied" in bo.sees()
    # What follows is now what the message says: another edit changes that one.
    await rewords(ann, "Why was I billed four times?")
    shown = world.sees("#billing")
    assert "twice" in shown
    assert "four times" in shown
    assert "three times" not in shown
    assert await world.state(question) is State.ANSWERED


async def test_an_edit_after_a_question_back_is_the_reply(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?", source=HERE)
    await bo.says("claim", question)
    await bo.says("clarify Which card did you use for it?", question)
    await world.passes(seconds=21)
    await rewords(ann, "Why was I billed twice? With the blue card.")
    assert await world.state(question) is State.CLAIMED
    assert "With the blue card." in bo.sees()


async def test_thanks_that_become_a_question_reach_the_expert(world: World) -> None:
    ann, bo, question = await answered(world)
    await adds(ann, "Thank you!", question)
    await rewords(ann, "Thank you! But how long does it take?", THERE)
    assert "how long does it take" in bo.sees()


async def test_a_question_deleted_before_anybody_has_it_is_withdrawn(world: World) -> None:
    ann = await world.customer("ann")
    question = await ann.asks("Why was I billed twice?", source=HERE)
    await takes_back(world)
    assert await world.state(question) is State.CLOSED
    assert "twice" not in world.sees("#billing")
    assert "withdrawn" in world.sees("#billing")
    assert "withdrawn" in ann.sees()
    assert (await takes_back(world)).receipt.outcome is Outcome.NOTHING


async def test_a_question_deleted_while_somebody_has_it_goes_on_without_its_words(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?", source=HERE)
    await bo.says("claim", question)
    await takes_back(world)
    assert await world.state(question) is State.CLAIMED
    assert "twice" not in world.sees("#billing")
    assert "The customer deleted their question." in world.sees("#billing")
    assert not (await bo.says("clarify Do you still need an answer?", question)).refused


async def test_everything_one_message_was_is_deleted_with_it(world: World) -> None:
    ann, _bo, question = await answered(world)
    await rewords(ann, "Why was I billed three times?")
    await takes_back(world)
    facts = await world.app.views.facts(question, now=world.now)
    words = [each for each in facts.messages.values() if each.kind in (Kind.QUESTION, Kind.REPLY)]
    assert len(words) == 2
    assert all(each.redacted for each in words)
    assert await world.state(question) is State.ANSWERED
    assert LONG in world.sees("#billing")


async def test_what_staff_removed_does_not_come_back(world: World) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?", source=HERE)
    await stu.says("redact 1", question)
    assert (await rewords(ann, "Why was I billed twice, you thieves?")).receipt.outcome is Outcome.NOTHING
    assert "thieves" not in world.sees("#billing")


async def test_a_message_that_was_never_ours_is_left_alone(world: World) -> None:
    ann = await world.customer("ann")
    await ann.asks("Why was I billed twice?", source=HERE)
    assert (await rewords(ann, "Something else", THERE)).receipt.reason is Reason.NOT_FOUND
    assert (await takes_back(world, THERE)).receipt.reason is Reason.NOT_FOUND


async def test_nobody_changes_somebody_elses_words(world: World) -> None:
    ann, ben = await world.customer("ann"), await world.customer("ben")
    question = await ann.asks("Why was I billed twice?", source=HERE)
    assert (await rewords(ben, "Buy my watches!")).refused
    assert "watches" not in world.sees("#billing")
    await (await world.staff("stu")).says("block @ann")
    assert (await rewords(ann, "Buy my watches!")).receipt.reason is Reason.BLOCKED
    assert not (await takes_back(world)).refused
    assert spoken_number(question) in world.sees("#billing")
