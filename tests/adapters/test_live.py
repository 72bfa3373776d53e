"""Pages that are open learn of what happens: over real sockets, from a server inside the program's own loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from adapters.web import Web
from adapters.web.adapter import question_topic
from adapters.web.links import link_path
from bot.model import Place, PostKind
from tests.adapters.site import ANSWER, TEXT, Site


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """The site's web adapter, listening on a free port."""
    running = await runs(site)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{site.web.port}", timeout=20) as client:
            yield client
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def runs(site: Site) -> "asyncio.Task[None]":
    running = asyncio.create_task(site.web.run(site.world.app.hear))
    serving = asyncio.create_task(site.web.serving.wait())
    await asyncio.wait((running, serving), return_when=asyncio.FIRST_COMPLETED)
    assert not running.done(), running.exception()
    return running


async def revisions(lines: AsyncIterator[str]) -> AsyncIterator[int]:
    async for line in lines:
        if line.startswith("data: "):
            yield int(line.removeprefix("data: "))


async def test_an_open_page_hears_of_every_change(site: Site) -> None:
    bo = await site.world.expert("bo")
    ann = await site.world.customer("ann")
    question = await ann.asks(TEXT)
    path = link_path(site.web, question)
    async with served(site) as client, client.stream("GET", f"{path}/live") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        heard = revisions(stream.aiter_lines())
        seen = [await anext(heard)]
        await bo.says("claim", question)
        seen.append(await anext(heard))
        assert "bo is reading your question" in (await client.get(path)).text
        await bo.says(f"answer {ANSWER}", question)
        seen.append(await anext(heard))
        assert ANSWER not in (await client.get(path)).text
        await site.world.passes(seconds=21)
        while ANSWER not in (await client.get(path)).text:
            seen.append(await anext(heard))
        assert seen == sorted(set(seen)), "each revision is told once, in order"
        assert seen[0] == 1


async def test_a_page_of_another_question_hears_nothing(site: Site) -> None:
    ann, cy = await site.world.customer("ann"), await site.world.customer("cy")
    mine, theirs = await ann.asks(TEXT), await cy.asks("Where are my invoices of last year?")
    with site.web.changes(question_topic(mine)) as rings:
        await cy.writes("It is urgent, please.", theirs)
        assert not rings.rung.is_set()
        await ann.writes("It is an Android phone.", mine)
        assert rings.rung.is_set()


async def test_the_live_line_needs_the_whole_address(site: Site) -> None:
    ann = await site.world.customer("ann")
    path = link_path(site.web, await ann.asks(TEXT))
    async with served(site) as client:
        assert (await client.get(f"{path}x/live")).status_code == 404


async def test_the_program_ends_while_pages_are_open(site: Site) -> None:
    ann = await site.world.customer("ann")
    path = link_path(site.web, await ann.asks(TEXT))
    running = await runs(site)
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{site.web.port}", timeout=20) as client,
        client.stream("GET", f"{path}/live") as stream,
    ):
        heard = revisions(stream.aiter_lines())
        await anext(heard)
        running.cancel()
        assert [each async for each in heard] == [], "the line ends, it does not break"
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_taken_address_is_an_error_that_says_so(site: Site) -> None:
    async with served(site):
        second = Web(
            hear=site.web.hear,
            desk=site.web.desk,
            handle=site.web.handle,
            store=site.web.store,
            views=site.web.views,
            render=site.web.render,
            policy=site.web.policy,
            settings=replace(site.web.settings, port=site.web.port),
        )
        with pytest.raises(OSError, match="in use"):
            await second.run(site.world.app.hear)


async def test_a_request_without_its_length_is_cut_off_on_the_wire(site: Site) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(400):
            yield b"text=" + b"a" * 1_000

    async with served(site) as client:
        response = await client.post(
            "/ask", content=drip(), headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert response.status_code == 413
        assert "256 kB" in response.text
        response = await client.post("/ask", content=b"a" * 300_000)
        assert response.status_code == 413


async def test_posting_wakes_who_looks_at_the_place_and_finds_what_is_known(site: Site) -> None:
    ann = await site.world.customer("ann")
    place = Place("web:billing")
    with site.web.changes(place) as rings:
        question = await ann.asks(TEXT)
        assert rings.rung.is_set()
        post = (await site.world.app.views.posts(place))[0]
        assert post.notice.kind is PostKind.CARD
        assert post.notice.question == question
        assert post.ref == post.key == await site.web.find(post)
        rings.rung.clear()
        await site.web.remove(post)
        assert rings.rung.is_set()
    unknown = replace(post, notice=replace(post.notice, slot="Q7K3/card"))
    assert await site.web.find(unknown) is None
