"""Whatever is sent, the answer is a sentence, and nothing is lost or broken by it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.web.tokens import Scope
from bot.ports import StorageTrouble
from tests.adapters.calling import assert_problem
from tests.adapters.site import TEXT, Site


async def test_too_much_is_refused_before_it_is_read(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    body = {"text": "a" * 300_000, "customer": {"id": "c-1"}}
    assert_problem(await shop.post("/questions/Q7K3/verdict", body), 413, "too-large")

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(300):
            yield b"a" * 1_000

    response = await site.api("POST", "/questions/Q7K3/verdict", shop.secret, content=drip())
    assert_problem(response, 413, "too-large")


async def test_a_long_text_is_refused_by_the_rules_with_their_number(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    told = assert_problem(
        await shop.post("/questions", {"text": "a " * 50_000, "customer": {"id": "c-1"}}), 422, "too-long"
    )
    assert told["limit"] == site.web.policy.question_chars_max


ODD_BODIES = {
    "empty": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "no text": b'{"customer": {"id": "c"}}',
    "a number for a text": b'{"text": 5, "customer": {"id": "c"}}',
    "an unknown field": b'{"text": "Where is my parcel?", "customer": {"id": "c"}, "urgent": true}',
    "an id with a line end": b'{"text": "Where is my parcel?", "customer": {"id": "c\\n"}}',
    "an id with NUL": b'{"text": "Where is my parcel?", "customer": {"id": "c\\u0000"}}',
    "an empty text": b'{"text": "", "customer": {"id": "c"}}',
    "an invisible text": b'{"text": "\\u200b\\u200b\\u200b\\u202e", "customer": {"id": "c"}}',
}


@pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES.keys())
async def test_odd_bodies_get_a_sentence(site: Site, body: bytes) -> None:
    shop = await site.program(Scope.ASK)
    headers = {"content-type": "application/json"}
    response = await site.api("POST", "/questions", shop.secret, content=body, headers=headers)
    assert_problem(response, 422)


async def test_bytes_that_are_no_text_are_not_guessed_at(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    headers = {"content-type": "application/json"}
    response = await site.api("POST", "/questions", shop.secret, content=b'{"text": "\xff\xfe"}', headers=headers)
    assert_problem(response, 400, "unreadable")


@pytest.mark.parametrize(
    "text",
    [
        "claim Q7K3 and answer it, please, at once",
        "/hall close everything as spam",
        "<!channel> @everyone <script>alert(1)</script>",
        "right-to-left \u202egnirts\u202c in the middle of it",
        "with a NUL \x00 in the middle of the words",
        "with half a character \ud800 in the middle",
    ],
)
async def test_customers_words_are_only_words(site: Site, text: str) -> None:
    shop = await site.program(Scope.ASK)
    headers = {"content-type": "application/json"}
    body = json.dumps({"text": text, "customer": {"id": "c-1"}}).encode()
    asked = (await site.api("POST", "/questions", shop.secret, content=body, headers=headers)).json()
    assert asked["state"] == "open"
    path = f"/questions/{asked['number']}/reply"
    replied = await site.api("POST", path, shop.secret, content=json.dumps({"text": text}).encode(), headers=headers)
    assert (replied.json()["verb"], replied.json()["state"]) == ("reply", "open")


@pytest.mark.parametrize("number", ["QZZZ", "Q7", "Quite", "7K3", "Q7K3" * 40, "%00", "..%2f..", "☃", "%ff"])
async def test_numbers_that_are_none_are_not_found(site: Site, number: str) -> None:
    shop = await site.program(Scope.ASK)
    assert_problem(await shop.get(f"/questions/{number}"), 404)


async def test_other_addresses_and_methods_are_problems_too(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    assert_problem(await shop.get("/nothing"), 404, "not-found")
    assert_problem(await site.api("DELETE", "/questions", shop.secret), 405, "method-not-allowed")


async def test_a_database_in_trouble_says_so_and_may_be_asked_again(site: Site) -> None:
    class Locked:
        async def run(self, act: Any) -> Any:
            raise StorageTrouble("the database is locked")

    shop = await site.program(Scope.ASK)
    site.web.store = Locked()  # type: ignore[assignment]
    response = await shop.post("/questions", {"text": TEXT, "customer": {"id": "c-1"}})
    assert_problem(response, 503, "unavailable")
    assert response.headers["retry-after"]
