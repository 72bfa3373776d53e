"""Plain words: said to the product alone, in a thread, or where customers ask; and what may become of them."""

from pathlib import Path

import pytest

from bot.model import Place, Rank, State, spoken_number
from bot.ports import Direct, Reply
from tests.world import Said, Someone, World

LONG = "It is only a hold; the bank lets it go after three working days."


async def tells(
    someone: Someone, text: str, *, at: str = "", key: str = "", choice: str = "", source: str = "", **more: object
) -> Said:
    """Plain words, in a direct message unless a place is named."""
    world = someone.world
    said = Direct(
        key=key or world.event(),
        who=someone.who,
        text=text,
        origin=Place(at) if at else someone.home,
        name=someone.name,
        choice=choice,
        source=Place(source) if source else None,
        **more,  # type: ignore[arg-type]
    )
    heard = Said(await world.app.hear(said))
    await world.settles()
    return heard


def carrying(said: Said) -> list[str]:
    assert isinstance(said.reply, Reply)
    return [button.sentence for button in said.reply.card.buttons if button.carries]


async def test_the_first_words_of_a_customer_are_a_question(world: World) -> None:
    ann = await world.customer("ann")
    said = await tells(ann, "Why was I billed twice?", source="web:D1/1.1")
    assert said.receipt.question is not None
    assert await world.state(said.receipt.question) is State.OPEN
    assert "Why was I billed twice?" in world.sees("#billing")


async def test_somebody_nobody_knows_can_ask(world: World) -> None:
    zoe = Someone(world, "zoe", world.app.new_person())
    said = await tells(zoe, "How do I change my address?", category="billing")
    assert not said.refused


async def test_the_same_words_twice_are_one_question(world: World) -> None:
    ann = await world.customer("ann")
    first = await tells(ann, "Why was I billed twice?", key="slack/1")
    again = await tells(ann, "Why was I billed twice?", key="slack/1")
    assert again.receipt == first.receipt
    assert again.text == first.text


async def test_words_in_the_thread_of_ones_own_question_are_a_line_on_it(world: World) -> None:
    ann = await world.customer("ann")
    question = await ann.asks("Why was I billed twice?")
    said = await tells(ann, "On the 3rd of May, that is.", question=question)
    assert said.receipt.verb == "reply"
    assert "On the 3rd of May" in world.sees("#billing")


async def test_words_in_somebody_elses_thread_are_not_taken(world: World) -> None:
    ann, ben = await world.customer("ann"), await world.customer("ben")
    question = await ann.asks("Why was I billed twice?")
    said = await tells(ben, "Me too, since Tuesday!", question=question)
    assert "somebody else's" in said.text
    assert carrying(said) == ["ask"]
    assert "Me too" not in world.sees("#billing")


async def test_the_question_that_waits_for_a_reply_here_gets_the_words(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    other = await ann.asks("Where can I see my invoices?")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("clarify Which of the two cards was it?", question)
    await world.passes(seconds=21)
    said = await tells(ann, "The blue one.")
    assert said.receipt.question == question
    assert await world.state(question) is State.CLAIMED
    assert await world.state(other) is State.OPEN


async def test_words_at_another_place_do_not_answer_the_question_that_waits_here(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says("clarify Which of the two cards was it?", question)
    await world.passes(seconds=21)
    said = await tells(ann, "Does anybody know a good bank?", at="web:lobby")
    assert "one of your questions?" in said.text
    assert await world.state(question) is State.WAITING


async def test_with_a_question_open_the_product_asks_which_is_meant(world: World) -> None:
    ann = await world.customer("ann")
    question = await ann.asks("Why was I billed twice in May, although I paid in cash at the shop?")
    said = await tells(ann, "And one more thing: the receipt is wrong.")
    number = spoken_number(question)
    assert carrying(said) == [f"reply {number}", "ask"]
    assert f"[{number} · Why was I billed twice in May, although…]" in said.text
    assert "one more thing" not in world.sees("#billing")

    taken = await tells(ann, "And one more thing: the receipt is wrong.", choice=f"reply {number}")
    assert taken.receipt.question == question
    assert "one more thing" in world.sees("#billing")


async def test_a_button_pressed_twice_asks_once(world: World) -> None:
    ann = await world.customer("ann")
    await ann.asks("Why was I billed twice?")
    first = await tells(ann, "How do I change my address?", choice="ask", source="web:D1/2.2")
    again = await tells(ann, "How do I change my address?", choice="ask", source="web:D1/2.2")
    assert again.receipt.question == first.receipt.question
    assert spoken_number(first.receipt.question or 0) in again.text
    assert "have that already" in again.text


async def test_four_questions_at_most_are_offered(world: World) -> None:
    ann = await world.customer("ann")
    for number in range(3):
        await ann.asks(f"Question number {number} of several?")
    said = await tells(ann, "About one of these.")
    assert len(carrying(said)) == 4


@pytest.mark.parametrize("role", ["expert", "staff"])
async def test_crew_are_told_that_plain_words_do_nothing(world: World, role: str) -> None:
    bo = await (world.expert("bo") if role == "expert" else world.staff("bo"))
    said = await tells(bo, "How do I get paid?")
    assert "'help'" in said.text
    assert carrying(said) == ["ask"]
    assert world.sees("#billing") == ""
    asked = await tells(bo, "How do I get paid?", choice="ask")
    assert not asked.refused
    again = await tells(bo, "I mean this month.")
    assert carrying(again) == [f"reply {spoken_number(asked.receipt.question or 0)}", "ask"]


async def test_whoever_holds_a_question_is_offered_what_to_do_with_their_words(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await ann.asks("Why was I billed twice?")
    assert await world.app.desk.offer(bo.who, question) is None
    await bo.says("claim", question)
    card = await world.app.desk.offer(bo.who, question)
    number = spoken_number(question)
    assert card is not None
    assert [(each.sentence, each.carries) for each in card.buttons] == [
        (f"answer {number}", True),
        (f"clarify {number}", True),
        (f"note {number}", True),
    ]
    for nobody in (ann, cy, Someone(world, "zoe", cy.id)):
        assert await world.app.desk.offer(nobody.who, question) is None
    sent = await bo.says(card.buttons[0].sentence, values={"words": LONG})
    assert not sent.refused


async def test_staff_are_offered_to_answer_until_it_is_solved(world: World) -> None:
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks("Why was I billed twice?")
    card = await world.app.desk.offer(stu.who, question)
    assert card is not None
    assert [each.sentence.split()[0] for each in card.buttons] == ["answer", "note"]
    await stu.says("close done", question)
    assert await world.app.desk.offer(stu.who, question) is None


async def test_what_is_being_written_is_kept_and_shown_as_the_customer_would_get_it(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    card = await world.app.desk.typing(bo.who, question, "answer", LONG)
    assert card is not None
    assert "bo, an Acme community expert, answered" in card.title
    assert [quote.text for quote in card.quotes] == [LONG]
    assert await bo.draft(question) == LONG
    assert await world.app.desk.typing(bo.who, question, "note", "Between us") is None
    assert await bo.draft(question) == LONG


async def test_only_crew_leave_drafts(world: World) -> None:
    ann, ben = await world.customer("ann"), await world.customer("ben")
    question = await ann.asks("Why was I billed twice?")
    assert await world.app.desk.typing(ben.who, question, "answer", LONG) is None
    assert await ben.draft(question) == ""


async def test_what_adapters_keep_outlives_a_restart(world: World, tmp_path: Path) -> None:
    assert await world.app.desk.recall("slack/T1/seen") is None
    await world.app.desk.keep("slack/T1/seen", "12.5")
    assert await world.app.desk.recall("slack/T1/seen") == "12.5"


async def test_it_is_known_which_acts_were_taken(world: World) -> None:
    ann = await world.customer("ann")
    assert not await world.app.desk.taken("slack/9")
    await tells(ann, "Why was I billed twice?", key="slack/9")
    assert await world.app.desk.taken("slack/9")


async def test_a_suspended_expert_is_crew_and_one_who_left_asks_like_anybody(world: World) -> None:
    bo, ada = await world.expert("bo", Rank.MASTER), await world.staff("ada")
    await ada.says("suspend @bo because of copied answers")
    assert "do nothing here" in (await tells(bo, "What happened to my rank?")).text
    await ada.says("reinstate @bo")
    await bo.says("leave")
    assert (await tells(bo, "What happened to my rank?")).receipt.verb == "ask"
