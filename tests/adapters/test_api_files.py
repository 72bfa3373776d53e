"""Files over the API: base64 beside the words, and out again to those alone who may see them."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from adapters.web.tokens import Scope
from bot.model import spoken_number
from tests.adapters.site import TEXT, Program, Site
from tests.sample_files import archive, drawn, telling

HOLD = "It is only a hold. Your bank lets go of it after three working days."


def sent(name: str = "screenshot.png", content: bytes | None = None) -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(drawn() if content is None else content).decode()}


async def files_of(program: Program, number: str) -> list[dict[str, Any]]:
    messages = (await program.get(f"/questions/{number}/messages")).json()["messages"]
    return [file for message in messages for file in message["files"]]


async def test_a_question_brings_files_and_the_customer_decides(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    bo, stu = await site.world.expert("bo"), await site.world.staff("stu")
    expert = await site.program(Scope.EXPERT, person=bo.id)
    staff = await site.program(Scope.STAFF, person=stu.id)
    asked = await shop.asks(files=[sent("holiday.jpg", telling("JPEG")), sent("app.log", b"it broke\n")])
    assert "2 files are here too" in asked["said"]
    number = asked["number"]
    assert [(each["name"], each["sharing"], each["blurred"]) for each in await files_of(shop, number)] == [
        ("holiday.jpg", None, False),
        ("app.log", None, False),
    ]
    assert await files_of(expert, number) == []
    assert [each["name"] for each in await files_of(staff, number)] == ["app.log"]
    await bo.says("claim", asked["id"])
    chosen = await shop.post(f"/questions/{number}/show-file", {"file": 1, "choice": "blur"})
    assert chosen.status_code == 200, chosen.text
    assert [(each["name"], each["blurred"]) for each in await files_of(expert, number)] == [("holiday.png", True)]
    whole = (await staff.get(f"/questions/{number}/files/1")).json()
    unreadable = (await expert.get(f"/questions/{number}/files/1")).json()
    assert b"CANARY" not in base64.b64decode(whole["content"])
    assert whole["content"] != unreadable["content"]
    with Image.open(io.BytesIO(base64.b64decode(whole["content"]))) as picture:
        assert picture.size == (240, 80)
    assert (await expert.get(f"/questions/{number}/files/2")).status_code == 404


async def test_a_stranger_sees_no_file(site: Site) -> None:
    shop, other = await site.program(Scope.ASK), await site.program(Scope.ASK, client="other")
    cy = await site.world.expert("cy")
    expert = await site.program(Scope.EXPERT, person=cy.id)
    number = (await shop.asks(files=[sent()]))["number"]
    await shop.post(f"/questions/{number}/show-file", {"file": 1, "choice": "send"})
    for program in (other, expert):
        assert (await program.get(f"/questions/{number}/files/1")).status_code == 404
    assert (await other.post(f"/questions/{number}/show-file", {"file": 1, "choice": "send"})).status_code == 404
    assert (await shop.get(f"/questions/{number}/files/1")).status_code == 200
    assert (await shop.get(f"/questions/{number}/files/2")).status_code == 404


async def test_what_is_refused_is_said_and_the_words_are_taken(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    asked = await shop.asks(files=[sent("x.png", archive()), *[sent()] * 5])
    assert '"x.png" (ZIP archive) was not taken' in asked["said"]
    assert "5 files are the most at once" in asked["said"]
    reply = await shop.post(f"/questions/{asked['number']}/reply", {"text": "", "files": [sent("second.png")]})
    assert reply.status_code == 200, reply.text
    assert [each["name"] for each in await files_of(shop, asked["number"])][-1] == "second.png"


async def test_an_experts_answer_brings_files_to_the_customer(site: Site) -> None:
    shop, bo = await site.program(Scope.ASK), await site.world.expert("bo")
    expert = await site.program(Scope.EXPERT, person=bo.id)
    number = (await shop.asks())["number"]
    await expert.post(f"/questions/{number}/claim")
    answered = await expert.post(f"/questions/{number}/answer", {"text": HOLD, "files": [sent("menu.png")]})
    assert answered.status_code == 200, answered.text
    assert "1 file goes with it" in answered.json()["said"]
    assert await files_of(shop, number) == []
    assert (await shop.get(f"/questions/{number}/files/1")).status_code == 404
    await site.world.passes(seconds=21)
    assert [each["name"] for each in await files_of(shop, number)] == ["menu.png"]
    assert (await shop.get(f"/questions/{number}/files/1")).status_code == 200


@pytest.mark.parametrize("content", ["no base64!", "aGk", 5, None, {"a": 1}])
async def test_what_is_no_base64_is_a_flaw_of_the_request(site: Site, content: object) -> None:
    shop = await site.program(Scope.ASK)
    body = {"text": TEXT, "customer": {"id": "c-1"}, "files": [{"name": "a.png", "content": content}]}
    response = await shop.post("/questions", body)
    assert response.status_code == 422
    assert response.json()["flaws"][0]["field"] == "files.0.content"
    assert (await site.world.app.views.questions()).rows == []


async def test_large_requests_pass_only_with_a_token_and_only_where_files_go(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    big = sent("big.txt", b"x" * 400_000)
    assert "big.txt" in [each["name"] for each in await files_of(shop, (await shop.asks(files=[big]))["number"])]
    body = {"text": TEXT, "customer": {"id": "c-1"}, "files": [big]}
    assert (await site.api("POST", "/questions", None, json=body)).status_code == 413
    assert (await shop.post("/say", {"sentence": "x" * 400_000})).status_code == 413


async def test_a_repeat_keeps_the_file_once(site: Site) -> None:
    shop = await site.program(Scope.ASK)
    body = {"text": TEXT, "customer": {"id": "c-1"}, "files": [sent()]}
    first, second = [await shop.post("/questions", body, key="one") for _ in range(2)]
    assert first.json() == second.json()
    question = (await site.world.app.views.questions()).rows[0]
    assert spoken_number(question.id) == first.json()["number"]
    assert len(question.files) == 1
