"""The REST API as programs meet it: who may do what, and a question's way round."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.web.tokens import Scope, new_token
from bot.grammar import VERBS, Subject
from bot.model import StaffRole
from bot.policy import DAY_MS
from tests.adapters.calling import DESCRIPTION, NAMES, OPERATIONS, assert_problem, body_of, call, filled, scopes_of
from tests.adapters.site import ANSWER, TEXT, Site

# --- who may do what --------------------------------------------------------------------------------------------------


def test_every_verb_has_a_route() -> None:
    paths = set(DESCRIPTION["paths"])
    for verb in VERBS:
        match verb.subject:
            case Subject.QUESTION if verb.word not in ("helped", "not-yet"):
                assert f"/questions/{{number}}/{verb.word}" in paths
            case Subject.PERSON:
                assert {f"/me/{verb.word}", f"/people/{{person}}/{verb.word}"} & paths
            case Subject.CATEGORY:
                assert f"/categories/{{category}}/{verb.word.removeprefix('category-')}" in paths


def test_scopes_are_as_narrow_as_people_expect() -> None:
    """A few rows by hand, so that the generated table cannot be wrong all over."""
    expected = {
        ("POST", "/questions"): {Scope.ASK},
        ("POST", "/questions/{number}/verdict"): {Scope.ASK},
        ("POST", "/questions/{number}/claim"): {Scope.EXPERT, Scope.STAFF},
        ("POST", "/questions/{number}/override"): {Scope.STAFF},
        ("POST", "/people/{person}/suspend"): {Scope.STAFF},
        ("POST", "/categories/{category}/set"): {Scope.STAFF},
        ("GET", "/questions/{number}"): set(Scope),
        ("GET", "/me"): {Scope.EXPERT, Scope.STAFF},
    }
    found = {(method, path): scopes_of(operation) for method, path, operation in OPERATIONS}
    assert {key: found[key] for key in expected} == expected
    assert all(found.values()), "an operation without a scope is open to everybody"


async def test_no_route_opens_without_a_token(site: Site) -> None:
    for method, path, operation in OPERATIONS:
        for secret in (None, "gh_" + "x" * 43, "not a token", new_token("shop", [Scope.ASK], at=0)[0]):
            response = await site.api(method, filled(path), secret, json=body_of(operation))
            assert_problem(response, 401, "token")
            assert response.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
async def test_no_route_opens_with_another_scope(site: Site, method: str, path: str, operation: dict[str, Any]) -> None:
    bo, sam = await site.world.expert("bo"), await site.world.staff("sam")
    people = {Scope.EXPERT: bo.id, Scope.STAFF: sam.id}
    for scope in Scope:
        program = await site.program(scope, person=people.get(scope))
        response = await call(program, method, filled(path), operation)
        if scope not in scopes_of(operation):
            assert_problem(response, 403, "scope")
        else:
            assert "docs#scope" not in response.text


async def test_somebody_elses_question_is_not_there(site: Site) -> None:
    """Whether it exists and is another's, or does not exist at all, looks the same."""
    await site.world.category("cars", title="Cars")
    bo = await site.world.expert("bo", categories=("cars",))
    asked = await (await site.program(Scope.ASK, client="their shop")).asks()
    mine = await site.program(Scope.ASK, Scope.READ, client="my shop")
    expert = await site.program(Scope.EXPERT, person=bo.id)
    tried = 0
    for method, path, operation in OPERATIONS:
        for program, scopes in ((mine, {Scope.ASK, Scope.READ}), (expert, {Scope.EXPERT})):
            if "{number}" in path and scopes & scopes_of(operation):
                theirs = await call(program, method, filled(path, asked["number"]), operation)
                missing = await call(program, method, filled(path, "QZZZ"), operation)
                assert_problem(theirs, 404, "not-found")
                assert theirs.text == missing.text.replace("QZZZ", asked["number"])
                tried += 1
    assert tried > 20


async def test_a_token_ends_when_it_expires_or_its_person_loses_the_role(site: Site) -> None:
    sam = await site.world.staff("sam", StaffRole.AGENT)
    ada = await site.world.staff("ada")
    short = await site.program(Scope.STAFF, person=sam.id, expires_at=site.world.now + DAY_MS)
    long = await site.program(Scope.STAFF, person=sam.id)
    assert (await short.get("/me")).status_code == 200
    await site.world.passes(days=1)
    told = assert_problem(await short.get("/me"), 401, "token")
    assert "expired" in told["detail"]
    assert (await long.get("/me")).status_code == 200
    await ada.says("dismiss @sam")
    told = assert_problem(await long.get("/me"), 403, "scope")
    assert "no longer has that role" in told["detail"]


async def test_a_token_of_somebody_who_is_blocked_opens_nothing(site: Site) -> None:
    bo, ada = await site.world.expert("bo"), await site.world.staff("ada")
    program = await site.program(Scope.EXPERT, person=bo.id)
    assert (await program.get("/questions")).status_code == 200
    await ada.says("block @bo")
    assert_problem(await program.get("/questions"), 403, "scope")
    assert_problem(await program.post("/say", {"sentence": "queue"}), 403, "scope")
    await ada.says("unblock @bo")
    assert (await program.get("/questions")).status_code == 200


async def test_a_revoked_token_is_refused_at_once(site: Site) -> None:
    secret, token = new_token("shop", [Scope.READ], at=site.world.now)
    await site.world.store.run(lambda work: work.save_token(token))
    assert (await site.api("GET", "/categories", secret)).status_code == 200
    revoked = type(token)(
        id=token.id,
        digest=token.digest,
        client=token.client,
        scopes=token.scopes,
        made_at=token.made_at,
        revoked_at=site.world.now,
    )
    await site.world.store.run(lambda work: work.save_token(revoked))
    told = assert_problem(await site.api("GET", "/categories", secret), 401, "token")
    assert "revoked" in told["detail"]
    kept = await site.world.store.run(lambda work: work.tokens())
    assert secret not in repr(kept)


async def test_staff_do_not_slip_in_under_an_experts_scope(site: Site) -> None:
    """The product would give staff their rights whatever the token says, so the token must not open for them."""
    sam = await site.world.staff("sam")
    program = await site.program(Scope.EXPERT, person=sam.id)
    assert_problem(await program.post("/say", {"sentence": "inbox"}), 403, "scope")


# --- the loop ---------------------------------------------------------------------------------------------------------


async def test_a_question_goes_round_by_api_alone(site: Site) -> None:
    bo = await site.world.expert("bo")
    shop = await site.program(Scope.ASK, Scope.READ)
    expert = await site.program(Scope.EXPERT, person=bo.id)
    asked = await shop.asks(customer={"id": "c-1", "name": "Ann Marsh"})
    path = f"/questions/{asked['number'].lower()}"
    assert asked["state"] == "open"
    assert f"/q/{asked['number']}/" in asked["link"]

    listed = (await expert.get("/questions", params={"state": "open"})).json()
    assert [each["number"] for each in listed["questions"]] == [asked["number"]]
    assert (await expert.post(f"{path}/claim")).json()["state"] == "claimed"
    sent = (await expert.post(f"{path}/answer", {"text": ANSWER})).json()
    assert (sent["outcome"], sent["message"]) == ("sending", 2)
    assert ANSWER not in (await shop.get(f"{path}/messages")).text
    assert (await shop.get(path)).json()["answers"] == []

    await site.world.passes(seconds=21)
    said = [(each["author"], each["text"]) for each in (await shop.get(f"{path}/messages")).json()["messages"]]
    assert said == [("customer", TEXT), ("expert", ANSWER)]
    verdict = {"answer": 2, "verdict": "helped", "text": "Thank you!"}
    assert (await shop.post(f"{path}/verdict", verdict)).json()["state"] == "solved"
    desk = (await expert.get("/me")).json()
    assert {"pocket": "pending", "money": {"amount": 140, "unit": "USD", "text": "$1.40"}} in desk["balances"]
    assert [each["why"] for each in desk["statement"]["rows"]].count("bounty") == 1


async def test_undo_takes_an_answer_back_and_the_draft_is_on_the_desk(site: Site) -> None:
    bo = await site.world.expert("bo")
    shop, expert = await site.program(Scope.ASK), await site.program(Scope.EXPERT, person=bo.id)
    number = (await shop.asks())["number"]
    await expert.post(f"/questions/{number}/claim")
    await expert.post(f"/questions/{number}/answer", {"text": ANSWER})
    undone = await expert.post(f"/questions/{number}/undo", {"message": 2})
    assert undone.json()["state"] == "claimed"
    assert (await expert.get("/me")).json()["drafts"] == [{"question": number, "text": ANSWER}]
    await site.world.passes(minutes=5)
    assert ANSWER not in (await shop.get(f"/questions/{number}/messages")).text


async def test_not_yet_needs_a_complaint_and_returns_it_to_the_same_expert(site: Site) -> None:
    bo = await site.world.expert("bo")
    shop = await site.program(Scope.ASK)
    asked = await shop.asks()
    await site.answered(asked["id"], "bo")
    path = f"/questions/{asked['number']}"
    assert_problem(await shop.post(f"{path}/verdict", {"answer": 2, "verdict": "not-yet"}), 422, "complaint")
    verdict = {"answer": 2, "verdict": "not-yet", "complaint": "did-not-work"}
    assert (await shop.post(f"{path}/verdict", verdict)).json()["state"] == "claimed"
    assert (await shop.get(path)).json()["holder"] == bo.name
    late = assert_problem(await shop.post(f"{path}/verdict", {"answer": 2, "verdict": "helped"}), 409)
    assert late["question"] == asked["number"]


async def test_customers_reply_withdraw_and_call_staff(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    first, second = await shop.asks(), await shop.asks("Where do I find my invoices of last year?")
    replied = await shop.post(f"/questions/{first['number']}/reply", {"text": "It is an Android phone."})
    assert replied.json()["message"] == 2
    assert (await shop.post(f"/questions/{first['number']}/staff-please")).json()["state"] == "escalated"
    assert (await shop.post(f"/questions/{second['number']}/withdraw")).json()["state"] == "closed"
    closed = (await shop.get(f"/questions/{second['number']}")).json()
    assert (closed["state"], closed["closed_as"]) == ("closed", "withdrawn")


async def test_staff_take_override_and_set_what_experts_earn(site: Site) -> None:
    await site.world.expert("bo")
    ada = await site.world.staff("ada")
    shop, desk = await site.program(Scope.ASK), await site.program(Scope.STAFF, person=ada.id)
    asked = await shop.asks()
    await site.answered(asked["id"], "bo")
    override = {"text": "Please write to us from your old address instead.", "reason": "This needs the account."}
    done = await desk.post(f"/questions/{asked['number']}/override", override)
    assert done.json()["outcome"] == "correction"
    changed = await desk.post("/categories/billing/set", {"setting": "bounty", "to": "3.00"})
    assert changed.status_code == 200
    told = (await desk.get("/categories")).json()["categories"][0]
    assert told["reward"]["text"] == "$3.00"
    assert_problem(await desk.post("/categories/billing/set", {"setting": "bounti", "to": "3"}), 422)
    assert (await desk.post("/people/bo/suspend", {"why": "breach"})).status_code == 200
    assert_problem(await desk.post("/people/nobody at all/suspend", {"why": "breach"}), 404, "no-such-person")


async def test_the_loser_of_a_race_is_told_who_won(site: Site) -> None:
    ana, bo = await site.world.expert("ana"), await site.world.expert("bo")
    number = (await (await site.program(Scope.ASK)).asks())["number"]
    programs = [await site.program(Scope.EXPERT, person=each.id) for each in (ana, bo)]
    answers = await asyncio.gather(*(each.post(f"/questions/{number}/claim") for each in programs))
    assert sorted(each.status_code for each in answers) == [200, 409]
    lost = next(each for each in answers if each.status_code == 409)
    won = "ana" if answers[0].status_code == 200 else "bo"
    assert won in assert_problem(lost, 409, "already-taken")["detail"]


async def test_sentences_are_said_as_in_a_chat(site: Site) -> None:
    bo = await site.world.expert("bo")
    expert = await site.program(Scope.EXPERT, person=bo.id)
    asked = await (await site.program(Scope.ASK)).asks()
    queue = (await expert.post("/say", {"sentence": "queue"})).json()
    assert asked["number"] in queue["text"]
    assert queue["done"] is None
    assert f"claim {asked['number']}" in [each["sentence"] for each in queue["next"]]
    claimed = (await expert.post("/say", {"sentence": f"claim {asked['number'].lower()}"})).json()
    assert claimed["done"]["state"] == "claimed"
    told = assert_problem(await expert.post("/say", {"sentence": "clame it"}), 422, "not-understood")
    assert "clame" in told["detail"]
    assert_problem(await expert.post("/say", {"sentence": "answer", "question": asked["number"]}), 422, "incomplete")
    assert_problem(await expert.post("/say", {"sentence": "claim", "question": "7K3"}), 422, "bad-number")


# --- the manual -------------------------------------------------------------------------------------------------------


async def test_the_manual_is_complete_and_comes_from_nowhere_else(site: Site) -> None:
    described = (await site.api("GET", "/openapi.json", None)).json()
    assert described["paths"].keys() == DESCRIPTION["paths"].keys()
    page = await site.api("GET", "/docs", None)
    assert page.status_code == 200
    assert all(f"/api/v1{path}" in page.text for path in described["paths"])
    assert "https://" not in page.text
    assert "http://" not in page.text
    for kind in ("already-taken", "too-large", "key-reused", "scope"):
        assert f'id="{kind}"' in page.text


def test_examples_fit_their_own_description() -> None:
    for _, path, operation in OPERATIONS:
        assert operation["summary"], path
        for each in refs(operation):
            assert each.rpartition("/")[2] in DESCRIPTION["components"]["schemas"], each


def refs(part: object) -> Iterator[str]:
    match part:
        case dict():
            for key, value in part.items():
                if key == "$ref":
                    yield str(value)
                yield from refs(value)
        case list():
            for value in part:
                yield from refs(value)
