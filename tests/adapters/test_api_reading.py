"""What programs read, page by page, and what an expert's program never reads."""

import json
from collections.abc import AsyncIterator

import pytest

from adapters.web.tokens import Scope
from bot.model import Rank, State
from tests.adapters.calling import OPERATIONS, assert_problem, filled, scopes_of
from tests.adapters.site import ANSWER, TEXT, Program, Site

# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["{}", "#{}", "{0[0]}-{0[1]}{0[2]}{0[3]}", " {} "])
async def test_numbers_are_read_as_people_write_them(site: Site, written: str) -> None:
    shop = await site.program(Scope.ASK)
    number = (await shop.asks())["number"]
    path = written.format(number).lower().replace("#", "%23").replace(" ", "%20")
    assert (await shop.get(f"/questions/{path}")).json()["number"] == number


async def test_pages_hold_every_question_once(site: Site) -> None:
    sam = await site.world.staff("sam")
    shop, desk = await site.program(Scope.ASK), await site.program(Scope.STAFF, person=sam.id)
    asked = [
        (await shop.asks(f"How do I change setting number {each}?", customer={"id": f"c-{each}"}))["number"]
        for each in range(7)
    ]
    for oldest_first in (False, True):
        found, after = [], None
        while True:
            params = {"limit": "3", "oldest_first": str(oldest_first), **({"after": after} if after else {})}
            page = (await desk.get("/questions", params=params)).json()
            assert len(page["questions"]) <= 3
            found += [each["number"] for each in page["questions"]]
            after = page["after"]
            if after is None:
                break
        assert found == (asked if oldest_first else asked[::-1])
    assert_problem(await desk.get("/questions", params={"after": "somewhere"}), 422)
    assert_problem(await desk.get("/questions", params={"limit": "0"}), 422, "unfit")


async def test_a_program_lists_one_customers_questions_at_a_time(site: Site) -> None:
    shop, other = await site.program(Scope.ASK), await site.program(Scope.ASK, client="other")
    mine = await shop.asks(customer={"id": "c-1"})
    await other.asks(customer={"id": "c-1"})
    listed = (await shop.get("/questions", params={"customer": "c-1"})).json()["questions"]
    assert [each["number"] for each in listed] == [mine["number"]]
    assert (await shop.get("/questions", params={"customer": "c-2"})).json()["questions"] == []
    assert_problem(await shop.get("/questions"), 422, "customer")


async def test_the_filters_filter(site: Site) -> None:
    await site.world.category("cars", title="Cars")
    sam = await site.world.staff("sam")
    shop, desk = await site.program(Scope.ASK), await site.program(Scope.STAFF, person=sam.id)
    bills, cars = await shop.asks(category="billing"), await shop.asks("How do I open the bonnet?", category="cars")
    await shop.post(f"/questions/{bills['number']}/staff-please")

    async def numbers(**params: str) -> list[str]:
        return [each["number"] for each in (await desk.get("/questions", params=params)).json()["questions"]]

    assert await numbers(category="cars") == [cars["number"]]
    assert await numbers(state="escalated") == [bills["number"]]
    assert await numbers(category="cars", state="escalated") == []


async def test_an_unwritten_category_is_named_in_the_refusal(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    body = {"text": TEXT, "customer": {"id": "c-1"}, "category": "astrology"}
    assert_problem(await shop.post("/questions", body), 422, "category-unknown")


# --- what experts never read ------------------------------------------------------------------------------------------

CANARIES = ("canary@nest.example", "+49 30 901820 77", "Wilhelmina Quillfeather", "nest-external-0017")


@pytest.mark.parametrize("private", [False, True])
async def test_no_byte_of_the_customer_reaches_an_expert(site: Site, private: bool) -> None:
    """Whatever an expert's token reads, in whatever state, nothing that is known of the customer is in it."""
    await site.world.category("safe", title="Safe", private=private)
    bo, ada = await site.world.expert("bo", Rank.MASTER), await site.world.staff("ada")
    shop = await site.program(Scope.ASK)
    email, phone, name, external = CANARIES
    customer = {"id": external, "name": name, "email": email, "phone": phone}
    text = f"I am {name}, write to {email} or call {phone}; my app shows nothing at all since Tuesday."
    asked = await shop.asks(text, customer=customer, category="safe")
    expert = await site.program(Scope.EXPERT, person=bo.id)
    path = f"/questions/{asked['number']}"
    heard = [each async for each in everything_an_expert_can_read(expert, asked["number"])]
    await shop.post(f"{path}/reply", {"text": f"You reach me under {email.upper()}, says {name.split()[1]}."})
    await expert.post(f"{path}/claim")
    heard += [each async for each in everything_an_expert_can_read(expert, asked["number"])]
    assert any("since Tuesday" in each for each in heard), "the claimer reads the words"
    await site.world.people["bo"].says(f"answer {ANSWER}", asked["id"])
    await site.world.passes(seconds=21)
    await shop.post(f"{path}/verdict", {"answer": 3, "verdict": "helped", "text": f"Thanks, yours {name}, {email}"})
    await ada.says(f"staff-note {email} is {name}", asked["id"])
    heard += [each async for each in everything_an_expert_can_read(expert, asked["number"])]
    for canary in CANARIES:
        assert all(canary.lower() not in each.lower() for each in heard), canary
        assert all(json.dumps(canary)[1:-1].lower() not in each.lower() for each in heard), canary


async def everything_an_expert_can_read(expert: Program, number: str) -> AsyncIterator[str]:
    for method, path, operation in OPERATIONS:
        if method == "GET" and Scope.EXPERT in scopes_of(operation):
            yield (await expert.get(filled(path, number))).text
    for sentence in ("queue", "desk", f"show {number}", "statement", f"claim {number}", f"answer {number}"):
        yield (await expert.post("/say", {"sentence": sentence})).text


async def test_in_a_private_category_the_words_are_the_claimers(site: Site) -> None:
    await site.world.category("safe", title="Safe", private=True)
    ana, bo = await site.world.expert("ana"), await site.world.expert("bo")
    asked = await (await site.program(Scope.ASK)).asks(category="safe")
    programs = {each.name: await site.program(Scope.EXPERT, person=each.id) for each in (ana, bo)}
    path = f"/questions/{asked['number']}"
    await programs["bo"].post(f"{path}/claim")
    assert (await programs["bo"].get(path)).json()["text"] == TEXT
    assert (await programs["ana"].get(path)).json()["text"] is None
    assert TEXT not in (await programs["ana"].get(f"{path}/messages")).text


async def test_staff_read_both_what_was_written_and_what_experts_see(site: Site) -> None:
    sam = await site.world.staff("sam")
    desk = await site.program(Scope.STAFF, person=sam.id)
    asked = await (await site.program(Scope.ASK)).asks("My address ann@nest.example gets no code, what can I do?")
    message = (await desk.get(f"/questions/{asked['number']}/messages")).json()["messages"][0]
    assert message["text"].startswith("My address ann@nest.example")
    assert message["shown_text"].startswith("My address <email-1>")


async def test_a_text_under_review_is_for_its_author_and_masters(site: Site) -> None:
    app, ana, bo = (
        await site.world.expert("app", Rank.APPRENTICE),
        await site.world.expert("ana"),
        await site.world.expert("bo", Rank.MASTER),
    )
    asked = await (await site.program(Scope.ASK)).asks()
    await app.says("claim", asked["id"])
    await app.says(f"answer {ANSWER}", asked["id"])
    assert (await site.world.question(asked["id"])).state is State.REVIEW
    reads = {}
    for each in (app, ana, bo):
        program = await site.program(Scope.EXPERT, person=each.id)
        reads[each.name] = ANSWER in (await program.get(f"/questions/{asked['number']}/messages")).text
    assert reads == {"app": True, "ana": False, "bo": True}
