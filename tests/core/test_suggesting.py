"""While somebody types, they are offered what they could mean, and nothing that is not theirs to read or do."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.card import Choice
from bot.model import Identity, QuestionId, Rank, StaffRole, spoken_number
from bot.wording.suggestions import LABEL_CHARS_MAX
from tests.world import Someone, World

ANSWER = "answer It is a hold by your bank, and it goes away within three days."


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.begins(tmp_path / "world.db")
    yield world
    await world.ends()


async def offered(who: Someone, kind: str, typed: str = "", verb: str = "", *, guest: bool = False) -> list[str]:
    """The values."""
    return [each.value for each in await choices(who, kind, typed, verb, guest=guest)]


async def choices(
    who: Someone, kind: str, typed: str = "", verb: str = "", *, guest: bool = False
) -> tuple[Choice, ...]:
    return await who.world.app.desk.suggest(who.who, kind, typed, verb, guest=guest)


def said(*questions: QuestionId) -> list[str]:
    return [spoken_number(each) for each in questions]


# --- questions


async def test_a_question_is_found_by_its_number_and_by_its_words(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    twice = await ann.asks("Why was I billed twice for the same month?")
    phone = await ann.asks("I changed phones, how do I move my contacts?")
    number = spoken_number(twice)
    assert (await choices(bo, "question", "", "claim"))[0] == Choice(
        label=f"{number} · Billing · Why was I billed twice for the same month?", value=number
    )
    assert await offered(bo, "question", "", "claim") == said(twice, phone), "the one that waits longest comes first"
    assert await offered(bo, "question", "phones", "claim") == said(phone)
    assert await offered(bo, "question", "phnoes", "claim") == said(phone)
    assert await offered(bo, "question", "billed twise for the sane month", "claim") == said(twice)
    assert await offered(bo, "question", "quarrel", "claim") == []
    for typed in (number[:3], number.lower(), f"#{number}", number[1:]):
        assert said(twice)[0] in await offered(bo, "question", typed, "claim"), typed
    assert await offered(bo, "question", number, "claim") == said(twice)


async def test_each_verb_is_offered_the_questions_it_can_be_said_of(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    dia = await world.staff("dia")
    mine = await ann.asks("Why was I billed twice for the same month?")
    other = await ann.asks("How do I cancel before the month ends?")
    free = await ann.asks("Where do I see when I pay next?")
    await bo.says("claim", mine)
    await cy.says("claim", other)

    assert await offered(bo, "question", "", "answer") == said(mine)
    assert await offered(bo, "question", "", "extend") == said(mine)
    assert await offered(bo, "question", "", "claim") == said(free)
    assert await offered(bo, "question", "", "show") == said(mine, free, other)
    assert await offered(bo, "question", "", "take") == [], "that is for staff"
    for taken in (mine, other):
        assert await offered(bo, "question", spoken_number(taken), "claim") == [], "nor by its number"
    assert set(await offered(dia, "question", "", "take")) == set(said(mine, other, free))
    assert await offered(dia, "question", "", "reopen") == [], "nothing is finished"
    assert await offered(ann, "question", "", "withdraw") == said(free, other, mine), "the newest first"
    assert await offered(ann, "question", "", "helped") == []
    assert await offered(ann, "question", "", "claim") == []

    await bo.says("pass", free)
    assert await offered(bo, "question", "", "claim") == [], "what was not for them is not offered again"
    await bo.says(ANSWER, mine)
    await world.passes(seconds=21)
    assert await offered(bo, "question", "", "correct") == said(mine)
    assert await offered(cy, "question", "", "correct") == []
    assert await offered(ann, "question", "", "helped") == said(mine)
    assert await offered(bo, "question", "", "help") == [], "no verb about a question"


async def test_what_one_holds_comes_first_and_what_ends_first_before_it(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    first, second, third = [await ann.asks(f"Why is there a fee on month {each} of my bill?") for each in (1, 2, 3)]
    await bo.says("claim", second)
    await world.passes(minutes=2)
    await bo.says("claim", third)
    assert await offered(bo, "question", "", "answer") == said(second, third)
    await bo.says("clarify Which of the months was it, and on which day?", second)
    assert (await offered(bo, "question", "", "show"))[:3] == said(third, second, first)


async def test_words_of_a_private_category_are_for_the_claimer_and_staff(world: World) -> None:
    await world.category("account", title="Account", private=True)
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    dia = await world.staff("dia")
    question = await ann.asks("My landlord Ernest reads my account, what now?", category="account")
    number = spoken_number(question)
    bare = (Choice(label=f"{number} · Account", value=number),)
    assert await choices(bo, "question", "", "claim") == bare
    assert await offered(bo, "question", "landlord", "claim") == [], "nor can they be guessed at"
    assert await offered(bo, "question", "acco", "claim") == said(question)
    await bo.says("claim", question)
    assert "landlord" in (await choices(bo, "question", "", "answer"))[0].label
    assert await choices(cy, "question", number, "show") == bare
    assert "landlord" in (await choices(dia, "question", "landlord", "answer"))[0].label
    assert "landlord" in (await choices(ann, "question", "", "withdraw"))[0].label


async def test_experts_read_words_masked_and_never_what_was_not_shown_to_them(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo", categories=("billing",))
    dia = await world.staff("dia")
    await world.category("orders", title="Orders")
    masked = await ann.asks("Why was ann@example.org billed twice in May?")
    away = await ann.asks("Where is the parcel that I ordered in May?", category="orders")
    wanted = await ann.asks("I want somebody of yours to look at my case in May.", staff_wanted=True)
    shown = await choices(bo, "question", "may")
    assert [each.value for each in shown] == said(masked)
    assert "ann@example.org" not in shown[0].label
    for hidden in (away, wanted):
        assert await offered(bo, "question", spoken_number(hidden), "show") == []
    assert set(await offered(dia, "question", "may", "show")) == set(said(masked, away, wanted))
    assert "ann@example.org" in (await choices(dia, "question", spoken_number(masked), "show"))[0].label
    await dia.says("redact 1", masked)
    assert "billed" not in (await choices(dia, "question", spoken_number(masked), "show"))[0].label


async def test_a_label_is_one_short_line_whatever_was_asked(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    await ann.asks("Why?\n\n\u202eevil\u200b \ue000 \t @everyone <@1>\x07 " + "long " * 200)
    (choice,) = await choices(bo, "question", "", "claim")
    assert len(choice.label) <= LABEL_CHARS_MAX
    assert choice.label.endswith("…")
    assert "Why? evil @everyone <@1> long long" in choice.label
    assert choice.label.isprintable()


async def test_there_are_at_most_25_and_the_others_are_found_by_typing(world: World) -> None:
    bo = await world.expert("bo")
    asked: list[QuestionId] = []
    for each in range(52):
        ann = await world.customer(f"ann{each}")
        asked.append(await ann.asks(f"Why is there a fee on bill number {1_000 + each}?"))
    assert await offered(bo, "question", "", "claim") == said(*asked[:25])
    assert await offered(bo, "question", "1029", "claim") == said(asked[29])
    assert await offered(bo, "question", spoken_number(asked[28]), "claim") == said(asked[28])
    assert await offered(bo, "question", spoken_number(asked[51]), "claim") == said(asked[51]), (
        "beyond what is searched"
    )


# --- who asks


async def test_strangers_and_the_blocked_get_nothing_but_where_to_ask(world: World) -> None:
    ann, dia = await world.customer("ann"), await world.staff("dia")
    await world.category("closed", title="Closed", open_to_experts=False)
    await ann.asks("Why was I billed twice for the same month?")
    stranger = replace(ann, name="nobody")
    for kind in ("question", "person", "setting", "verb", "category", "categories", "nonsense"):
        for verb in ("", "claim", "withdraw", "assign", "queue", "nonsense"):
            assert await offered(stranger, kind, "", verb) == []
    assert await offered(stranger, "category", "", "ask") == ["billing"]
    assert await offered(ann, "category", "bil", "ask") == ["billing"]
    assert not (await dia.says("block p:" + ann.id)).refused
    assert await offered(ann, "category", "", "ask") == await offered(ann, "question", "", "withdraw") == []


async def test_a_guest_is_never_staff(world: World) -> None:
    ann, dia = await world.customer("ann"), await world.staff("dia")
    await world.expert("bo")
    question = await ann.asks("Why was I billed twice for the same month?")
    assert await offered(dia, "question", "", "take") == said(question)
    for kind, verb in (("question", "take"), ("question", "show"), ("person", "assign"), ("setting", "category-set")):
        assert await offered(dia, kind, "", verb, guest=True) == []


# --- people, categories, settings, verbs


async def test_staff_find_people_by_name_and_say_them_so_that_they_are_understood(world: World) -> None:
    await world.category("orders", title="Orders")
    bo = await world.expert("bo", Rank.JOURNEYMAN, ("billing", "orders"))
    await world.expert("Bo Derek", Rank.MASTER)
    dia, agent = await world.staff("dia"), await world.staff("eve", StaffRole.AGENT)
    ann = await world.customer("ann")
    question = await ann.asks("Why was I billed twice for the same month?")

    shown = await choices(dia, "person", "", "assign")
    assert [each.label for each in shown] == ["bo · journeyman · Billing, Orders", "Bo Derek · master · all categories"]
    assert await offered(dia, "person", "@der", "assign") == [shown[1].value]
    for each in shown:
        assert not (await dia.says(f"assign {spoken_number(question)} {each.value}")).refused, each
    assert await offered(bo, "person", "", "statement") == [], "who is an expert is for staff to know"
    assert await offered(dia, "person", "", "reinstate") == []
    assert not (await dia.says("suspend @bo because the answers are copied")).refused
    assert await offered(dia, "person", "", "reinstate") == ["@bo"]
    assert "@bo" not in await offered(dia, "person", "", "assign")
    assert await offered(dia, "person", "", "dismiss") == ["@dia", "@eve"]
    assert await offered(dia, "person", "", "block") == [], "customers are not listed"
    assert [each.label for each in await choices(agent, "person", "di", "dismiss")] == ["dia · admin"]


async def test_categories_are_those_that_the_verb_is_for(world: World) -> None:
    await world.category("orders", title="Orders and parcels")
    await world.category("late", title="Late", open_to_experts=False)
    bo, dia = await world.expert("bo", categories=("orders",)), await world.staff("dia")
    assert await choices(bo, "category", "parc", "queue") == (
        Choice(label="Orders and parcels · orders", value="orders"),
    )
    assert await offered(bo, "category", "", "queue") == ["orders"]
    assert await offered(dia, "category", "", "who") == ["billing", "late", "orders"]
    assert await offered(dia, "category", "", "category-open") == ["late"]
    assert await offered(dia, "category", "", "category-close") == ["billing", "orders"]
    assert await offered(dia, "category", "", "category-create") == [], "its name is new"


async def test_several_categories_are_suggested_one_behind_the_other(world: World) -> None:
    await world.category("orders", title="Orders")
    await world.category("account", title="Account")
    dia = await world.staff("dia")
    assert await offered(dia, "categories", "", "enrol") == ["account", "billing", "orders"]
    assert await offered(dia, "categories", "billing or", "enrol") == ["billing orders"]
    assert (await choices(dia, "categories", "billing, or", "enrol"))[0].label == "billing, Orders · orders"
    assert await offered(dia, "categories", "billing", "enrol") == ["billing", "billing account", "billing orders"]
    assert await offered(dia, "categories", "billing, ", "enrol") == ["billing account", "billing orders"]


async def test_settings_and_verbs_are_found_by_what_they_are_called(world: World) -> None:
    bo, dia = await world.expert("bo"), await world.staff("dia")
    ann = await world.customer("ann")
    assert (await offered(dia, "setting", "staff h", "category-set"))[0] == "staff_hours"
    assert await offered(dia, "setting", "bou", "category-set") == ["bounty", "unit"]
    assert await offered(bo, "setting", "", "category-set") == []
    assert (await choices(bo, "verb", "cla", "help"))[0] == Choice(
        label="claim · take a question for 15 minutes", value="claim"
    )
    assert await offered(bo, "verb", "reply", "help") == ["answer"], "by what people also say"
    assert await offered(bo, "verb", "override", "help") == []
    assert "withdraw" in await offered(ann, "verb", "", "help")


async def test_every_choice_fits_where_it_is_shown(world: World) -> None:
    for each in range(30):
        await world.category(f"category-{each}", title=f"A category with rather a long title number {each} " * 3)
    await world.expert("b" * 60)
    dia = await world.staff("dia")
    bystander = Identity(platform="web", workspace="", external="nobody")
    for kind in ("question", "category", "categories", "person", "setting", "verb"):
        for typed in ("", "a", "category-1 category-2", "x" * 7_000, "\x00", "Q" * 200, "%", "((("):
            found = await choices(dia, kind, typed, "show" if kind == "question" else "enrol")
            assert len(found) <= 25
            assert all(1 <= len(each.label) <= 100 and 1 <= len(each.value) <= 100 for each in found)
            await world.app.desk.suggest(bystander, kind, typed, "ask")
