"""A request with a key of its own is done once, whatever happens in between."""

import asyncio
from typing import Any

import pytest

from adapters.web.signing import fingerprint
from adapters.web.tokens import Scope
from bot.ports import Asked, Heard, Reply, StorageTrouble, Work, Wrote
from tests.adapters.calling import assert_problem
from tests.adapters.site import TEXT, Site


async def test_the_same_request_twice_has_one_effect_and_one_answer(site: Site) -> None:
    shop = await site.program(Scope.ASK, Scope.READ)
    body = {"text": TEXT, "customer": {"id": "c-1"}}
    first = await shop.post("/questions", body, key="k" * 255)
    await shop.post(f"/questions/{first.json()['number']}/withdraw")
    again = await shop.post("/questions", body, key="k" * 255)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    kept = await site.world.store.run(lambda work: work.saved_request(kept_under("shop", "k" * 255)))
    assert kept is not None
    assert first.json()["link"].rpartition("/")[2] not in kept.body, "what is kept opens nobody's page"
    assert len((await shop.get("/questions", params={"customer": "c-1"})).json()["questions"]) == 1
    other = await shop.post("/questions", body, key="another")
    assert other.json()["number"] != first.json()["number"]


def kept_under(client: str, key: str) -> str:
    """The name under which an integration's request is kept."""
    return fingerprint("request", client, "", key)


async def test_a_refusal_is_repeated_too_even_when_it_would_work_by_now(site: Site) -> None:
    ana, bo = await site.world.expert("ana"), await site.world.expert("bo")
    asked = await (await site.program(Scope.ASK)).asks()
    await ana.says("claim", asked["id"])
    expert = await site.program(Scope.EXPERT, person=bo.id)
    first = await expert.post(f"/questions/{asked['number']}/claim", key="k1")
    await ana.says("release", asked["id"])
    again = await expert.post(f"/questions/{asked['number']}/claim", key="k1")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert_problem(again, 409, "already-taken")
    assert (await expert.post(f"/questions/{asked['number']}/claim", key="k2")).status_code == 200


async def test_another_request_under_the_same_key_is_refused(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    await shop.post("/questions", {"text": TEXT, "customer": {"id": "c-1"}}, key="k1")
    for text, customer in ((TEXT + " Please!", "c-1"), (TEXT, "c-2")):
        body = {"text": text, "customer": {"id": customer}}
        assert_problem(await shop.post("/questions", body, key="k1"), 422, "key-reused")
    body = {"text": "It is an Android phone."}
    number = (await shop.asks("Where are my invoices of last year?"))["number"]
    assert_problem(await shop.post(f"/questions/{number}/reply", body, key="k1"), 422, "key-reused")


async def test_a_key_belongs_to_its_program(site: Site) -> None:
    body = {"text": TEXT, "customer": {"id": "c-1"}}
    mine, theirs = await site.program(Scope.ASK), await site.program(Scope.ASK, client="other")
    renewed = await site.program(Scope.ASK)
    number = (await mine.post("/questions", body, key="k1")).json()["number"]
    assert (await theirs.post("/questions", body, key="k1")).json()["number"] != number
    assert (await renewed.post("/questions", body, key="k1")).json()["number"] == number


async def test_a_request_that_never_began_leaves_its_key_free(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    assert_problem(await shop.post("/questions", {"text": TEXT}, key="k1"), 422, "unfit")
    body = {"text": TEXT, "customer": {"id": "c-1"}}
    assert (await shop.post("/questions", body, key="k1")).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_has_a_length(site: Site, key: str) -> None:
    shop = await site.program(Scope.ASK)
    body = {"text": TEXT, "customer": {"id": "c-1"}}
    assert_problem(await shop.post("/questions", body, key=key), 400, "key-length")


async def test_a_request_that_is_still_worked_on_is_not_begun_again(site: Site) -> None:
    began, may_go_on = asyncio.Event(), asyncio.Event()
    hear = site.web.hear

    async def slowly_at_first(heard: Heard | Asked | Wrote) -> Any:
        if not began.is_set():
            began.set()
            await may_go_on.wait()
        return await hear(heard)

    site.web.hear = slowly_at_first
    shop = await site.program(Scope.ASK)
    body = {"text": TEXT, "customer": {"id": "c-1"}}
    first = asyncio.create_task(shop.post("/questions", body, key="k1"))
    await began.wait()
    second = await shop.post("/questions", body, key="k1")
    assert_problem(second, 409, "in-flight")
    assert second.headers["retry-after"] == "1"
    may_go_on.set()
    assert (await first).status_code == 201
    assert (await shop.post("/questions", body, key="k1")).content == (await first).content


class Forgetful:
    """A store that fails where the answer to a request would be kept, as when the program ends just then."""

    def __init__(self, site: Site) -> None:
        self._store = site.world.store

    async def run(self, act: Any) -> Any:
        def losing(work: Work) -> Any:
            class Losing:
                def __getattr__(self, name: str) -> Any:
                    if name == "answer_request":
                        raise StorageTrouble
                    return getattr(work, name)

            return act(Losing())

        return await self._store.run(losing)


async def test_a_request_whose_answer_was_lost_is_not_done_twice(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    body = {"text": TEXT, "customer": {"id": "c-1"}}
    whole, site.web.store = site.web.store, Forgetful(site)  # type: ignore[assignment]
    assert_problem(await shop.post("/questions", body, key="k1"), 503, "unavailable")
    site.web.store = whole
    again = await shop.post("/questions", body, key="k1")
    assert again.status_code == 201
    listed = (await shop.get("/questions", params={"customer": "c-1"})).json()["questions"]
    assert [each["number"] for each in listed] == [again.json()["number"]]


async def test_a_failure_is_repeated_and_says_nothing_of_its_inside(site: Site) -> None:
    hear = site.web.hear

    async def broken(_: Heard | Asked | Wrote) -> Reply:
        raise RuntimeError("the inside of the house")

    site.web.hear = broken
    shop = await site.program(Scope.ASK)
    body = {"text": TEXT, "customer": {"id": "c-1"}}
    first = await shop.post("/questions", body, key="k1")
    site.web.hear = hear
    again = await shop.post("/questions", body, key="k1")
    assert first.content == again.content
    assert "inside" not in assert_problem(again, 500, "failed")["detail"]
