"""Categories that change while questions are open, people who sleep, and what each is told."""

from bot.model import Rank, State, spoken_number
from bot.ports import Blocked
from bot.wording.plain import plain_card
from tests.world import World

HOLD = "It is only a hold. Your bank lets go of it after three working days."


async def test_open_questions_follow_their_category_to_another_channel(world: World) -> None:
    ann, bo, lea = await world.customer("ann"), await world.expert("bo"), await world.staff("lea")
    question = await ann.asks("Why was I billed twice?")
    await lea.says("category-set billing channels web:money")
    assert "billed twice" in world.sees("#money")
    assert "billed twice" not in world.sees("#billing")
    await bo.says("claim", question)
    assert "bo" in world.card(question, "#money").body
    await lea.says("category-set billing channels web:billing")
    assert "bo" in world.card(question, "#billing").body
    assert not world.sees("#money")


async def test_what_becomes_private_disappears_from_the_channel(world: World) -> None:
    ann, bo, lea = await world.customer("ann"), await world.expert("bo"), await world.staff("lea")
    question = await ann.asks("Why was I billed twice?")
    await ann.writes("It was my blue card.", question)
    await bo.says("claim", question)
    await lea.says("category-set billing private yes")
    assert spoken_number(question) in world.sees("#billing")
    for words in ("billed twice", "blue card"):
        assert words not in world.sees("#billing")


async def test_a_category_that_closes_gives_its_open_questions_to_staff(world: World) -> None:
    ann, lea = await world.customer("ann"), await world.staff("lea")
    question = await ann.asks("Why was I billed twice?")
    await lea.says("category-close billing")
    assert await world.state(question) is State.ESCALATED
    assert "billed twice" in world.sees("#staff")
    assert "staff" in ann.sees().lower()
    await lea.says("category-open billing")
    assert not (await lea.says("hand back", question)).refused


async def test_money_news_waits_for_the_end_of_quiet_hours_and_a_claim_does_not(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question, other = await ann.asks("Why was I billed twice?"), await ann.asks("How do I change my plan?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(hours=11)  # from noon to 23:00
    await bo.says("claim", other)
    await ann.says("helped 2 Thank you, you saved my day.", question)
    assert "$1.40 is yours" not in bo.sees()
    assert "saved my day" not in bo.sees()
    await world.passes(minutes=13)
    assert spoken_number(other) in bo.sees(), "a claim that ends is said at any hour"
    await world.passes(hours=8.7)  # 7:55
    assert "$1.40 is yours" not in bo.sees()
    await world.passes(minutes=10)
    assert "$1.40 is yours" in bo.sees()
    assert "saved my day" in bo.sees()


async def test_equal_hours_mean_no_quiet_hours(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await bo.says("quiet 0 0")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(hours=11)
    await ann.says("helped", question)
    assert "$1.40" in bo.sees()


async def test_the_third_lapse_is_told_with_the_end_of_the_pause(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    for lapses in range(3):
        assert any("resume" in each.text.lower() for each in world.shown(bo.home)) is False, lapses
        await bo.says("claim", question)
        await world.passes(minutes=15)
    told = [each for each in world.shown(bo.home) for button in each.card.buttons if button.sentence == "resume"]
    assert len(told) == 1
    assert told[0].card.moments[0].at == world.now + 60 * 60_000


async def test_an_undelivered_answer_names_the_next_try(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    world.screen.closed[ann.home] = Blocked("mailbox-full")
    await world.passes(seconds=20)
    (told,) = [each for each in world.shown(bo.home) if "full" in plain_card(each.card)]
    assert [moment.at for moment in told.card.moments if moment.at > world.now]


async def test_staff_are_told_of_a_text_that_nobody_reviews(world: World) -> None:
    ann, al = await world.customer("ann"), await world.expert("al", Rank.APPRENTICE)
    question = await ann.asks("Why was I billed twice?")
    await al.says("claim", question)
    await al.says(f"answer {HOLD}", question)
    assert HOLD not in world.sees("#staff")
    await world.passes(minutes=10)
    lines = [each for each in world.shown("#staff") if each.parent is not None]
    assert any(HOLD in each.text for each in lines)
    assert "approve" in world.buttons(question, "#staff")


async def test_in_a_private_category_staff_see_a_text_under_review_at_once(world: World) -> None:
    await world.category("account", private=True)
    ann, al = await world.customer("ann"), await world.expert("al", Rank.APPRENTICE)
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks("Somebody changed my address yesterday", category="account")
    await al.says("claim", question)
    await al.says(f"answer {HOLD}", question)
    assert HOLD in world.sees("#staff")
    assert HOLD not in world.sees("#account")
    assert HOLD not in mo.sees()
