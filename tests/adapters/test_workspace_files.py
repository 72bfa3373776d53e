"""Files in the workspace: the address of one opens for those alone who may see it at that moment."""

from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response

from adapters.web import create_app
from adapters.web.people import sign_in
from adapters.web.workspace.attaching import file
from bot.model import Copy, FileId, QuestionId, Rank, StoredFile, spoken_number
from tests.adapters.site import TEXT, Site
from tests.sample_files import drawn, log, shot
from tests.world import Someone

HOLD = "It is only a hold. Your bank lets go of it after three working days."


@dataclass
class Desk:
    """Browsers of the crew, signed in as themselves."""

    site: Site

    def __post_init__(self) -> None:
        def mount(app: FastAPI, _: object) -> None:
            app.add_api_route("/workspace/file/{file}", file)

        self.site.web.mounts = (mount,)
        self.transport = httpx.ASGITransport(create_app(self.site.web))

    async def looks(self, who: Someone | None, address: object) -> httpx.Response:
        async with httpx.AsyncClient(transport=self.transport, base_url="http://localhost:8080") as client:
            if who is not None:
                response = Response()
                sign_in(response, self.site.web, who.id)
                client.headers["cookie"] = response.headers["set-cookie"].partition(";")[0]
            return await client.get(f"/workspace/file/{address}")

    async def sees(self, who: Someone | None, stored: StoredFile) -> bool:
        response = await self.looks(who, stored.id)
        assert response.status_code in (200, 404), response.text
        return response.status_code == 200

    async def copy(self, question: QuestionId, copy: Copy = Copy.PLAIN, number: int = 1) -> StoredFile:
        facts = await self.site.world.app.views.facts(question, now=self.site.world.now)
        return next(each for each in facts.files if (each.number, each.copy) == (number, copy))


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


async def test_only_whoever_may_see_a_copy_gets_it(site: Site, desk: Desk) -> None:
    world = site.world
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    mo, stu = await world.expert("mo", Rank.MASTER), await world.staff("stu")
    question = await ann.asks(TEXT, files=(shot(),))
    await bo.says("claim", question)
    plain, blurred = await desk.copy(question), await desk.copy(question, Copy.BLURRED)
    everybody = {"nobody": None, "ann": ann, "bo": bo, "cy": cy, "mo": mo, "stu": stu}

    async def seen(stored: StoredFile) -> set[str]:
        return {name for name, who in everybody.items() if await desk.sees(who, stored)}

    assert await seen(plain) == await seen(blurred) == set()
    for choice, whole, unreadable in (
        ("send", {"bo", "stu"}, set()),
        ("blur", {"stu"}, {"bo"}),
        ("staff", {"stu"}, set()),
    ):
        await ann.says(f"show-file {spoken_number(question)} 1 {choice}")
        assert await seen(plain) == whole, choice
        assert await seen(blurred) == unreadable, choice
    await ann.says(f"show-file {spoken_number(question)} 1 send")
    await bo.says("release", question)
    assert await seen(plain) == {"stu"}
    await bo.says("claim", question)
    assert await seen(plain) == {"bo", "stu"}
    await stu.says("suspend @bo", values={"why": "A test"})
    assert await seen(plain) == {"stu"}


async def test_an_answers_file_is_seen_by_its_author_reviewers_and_staff(site: Site, desk: Desk) -> None:
    world = site.world
    ann, al = await world.customer("ann"), await world.expert("al", Rank.APPRENTICE)
    mo, bo, stu = await world.expert("mo", Rank.MASTER), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(TEXT)
    await al.says("claim", question)
    await al.says(f"answer {HOLD}", question, files=(shot(),))
    stored = await desk.copy(question)
    assert [await desk.sees(each, stored) for each in (al, mo, stu, bo, None)] == [True, True, True, False, False]


async def test_what_is_there_no_more_is_not_here(site: Site, desk: Desk) -> None:
    ann, stu = await site.world.customer("ann"), await site.world.staff("stu")
    question = await ann.asks(TEXT, files=(log(),))
    stored = await desk.copy(question)
    assert await desk.sees(stu, stored)
    await stu.says(f"redact {spoken_number(question)} 1")
    assert not await desk.sees(stu, stored)
    for address in (FileId(0), FileId(999), "x", "1%2F2"):
        assert (await desk.looks(stu, address)).status_code in (404, 422)


async def test_it_cannot_run_there_either(site: Site, desk: Desk) -> None:
    ann, stu = await site.world.customer("ann"), await site.world.staff("stu")
    question = await ann.asks(TEXT, files=(log("x.html"), shot()))
    await ann.says(f"show-file {spoken_number(question)} 2 staff")
    text, picture = (
        await desk.looks(stu, (await desk.copy(question)).id),
        await desk.looks(stu, (await desk.copy(question, number=2)).id),
    )
    assert text.headers["content-disposition"].startswith("attachment")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert picture.headers["content-disposition"].startswith("inline")
    assert picture.content[:4] == drawn()[:4]
    for each in (text, picture):
        assert "sandbox" in each.headers["content-security-policy"]
        assert each.headers["x-content-type-options"] == "nosniff"
