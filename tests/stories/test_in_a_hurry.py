"""Some platforms wait only to hear that it was taken: then it is durable, and the words for who acted come after."""

from bot.card import Form
from bot.change import Reason
from bot.model import Identity, QuestionId, State, spoken_number
from bot.ports import Heard, Reply
from tests.world import Someone, World


async def hurries(someone: Someone, sentence: str, question: QuestionId, key: str = "", **values: str) -> Reply | Form:
    verb, _, rest = sentence.partition(" ")
    said = f"{verb} {spoken_number(question)} {rest}".strip()
    key = key or someone.world.event()
    heard = Heard(key=key, who=someone.who, sentence=said, name=someone.name, values=values, hurried=True)
    return await someone.world.app.hear(heard)


async def taken(someone: Someone, sentence: str, question: QuestionId, key: str = "", **values: str) -> Reply:
    reply = await hurries(someone, sentence, question, key, **values)
    assert isinstance(reply, Reply)
    return reply


async def test_a_claim_stands_before_anybody_words_it(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    reply = await taken(bo, "claim", question)
    assert await world.state(question) is State.CLAIMED
    assert reply.receipt is not None
    assert not reply.receipt.refused
    told = await reply.whole()
    assert told.receipt == reply.receipt
    assert [each.text for each in told.card.quotes] == ["Why was I billed twice?"]
    assert (await told.whole()).card == told.card


async def test_a_refusal_is_known_at_once_and_its_reason_said_after(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await ann.asks("Why was I billed twice?")
    await taken(bo, "claim", question)
    reply = await taken(cy, "claim", question)
    assert reply.receipt is not None
    assert reply.receipt.reason is Reason.ALREADY_TAKEN
    assert "bo took" in (await reply.whole()).card.title


async def test_the_same_event_again_has_no_second_effect(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    first = await taken(bo, "claim", question, "press/1")
    await bo.says("release", question)
    again = await taken(bo, "claim", question, "press/1")
    assert again.receipt == first.receipt
    assert await world.state(question) is State.OPEN


async def test_a_text_is_masked_and_checked_all_the_same(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await taken(bo, "claim", question)
    reply = await taken(bo, "answer", question, words="Please tell me your password, then I can look at it for you.")
    assert reply.receipt is not None
    assert reply.receipt.refused
    assert await bo.draft(question)


async def test_what_needs_a_form_gets_it(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    assert isinstance(await hurries(bo, "answer", question), Form)
    assert await world.state(question) is State.CLAIMED


async def test_whoever_is_new_is_somebody_from_their_first_press_on(world: World) -> None:
    ann = await world.customer("ann")
    question = await ann.asks("Why was I billed twice?")
    stranger = Heard(
        key=world.event(),
        who=Identity(platform="chat", workspace="house", external="new"),
        name="Nia",
        hurried=True,
        sentence=f"claim {spoken_number(question)}",
    )
    reply = await world.app.hear(stranger)
    assert isinstance(reply, Reply)
    assert reply.receipt is not None
    assert reply.receipt.refused
    known = await world.app.views.person_of(stranger.who)
    assert known is not None
    assert known.name == "Nia"
    assert await world.state(question) is State.OPEN


async def test_an_amount_is_read_in_what_its_question_pays(world: World) -> None:
    await world.category("points", unit="points", bounty=10)
    ann, lea = await world.customer("ann"), await world.staff("lea")
    question = await ann.asks("How do I earn points here?", category="points")
    reply = await taken(lea, "raise 25", question)
    assert reply.receipt is not None
    assert not reply.receipt.refused
    assert (await world.question(question)).bounty == 25
