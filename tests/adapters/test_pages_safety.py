"""What people write stays words, forms of others are not taken, and looking changes nothing."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adapters.web.tokens import Scope
from tests.adapters.site import TEXT, Site, a_site, question_at

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</template></title><script>alert(1)</script>",
    '<a href="javascript:alert(1)">press</a>',
    "{{ 7 * 7 }}{% raw %}",
    "${alert(1)}",
    "<!--<script>alert(1)</script>-->",
    '" onmouseover="alert(1)" x="',
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<style>@import'//evil.example'</style>",
    "\ue000\ue001<email-1>",
]


class Parsed(HTMLParser):
    """Everything in a page that could act: scripts, handlers, addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.acting: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        ours = tag == "script" and (values.get("src") or "").startswith("/static/")
        if tag in ("script", "style", "iframe", "object", "embed", "base", "img", "svg") and not ours:
            self.acting.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.acting.append(name)
            if name in ("href", "src", "action") and not re.match(r"^(/(?!/)|#)", value or ""):
                self.acting.append(f"{name}={value}")


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_nothing_that_people_write_becomes_more_than_words(tmp_path: Path, payload: str) -> None:
    """Question, reply, answer, thanks, the customer's name, a category's title: on every page that shows them."""
    words = f"Why does it say {payload} when I sign in?"
    async with a_site(tmp_path) as site:
        await site.world.category("cars", title=f"Cars {payload}"[:60])
        sam = await site.world.staff("sam")
        ann = site.browser()
        seen = [(await ann.opens("/ask")).text]
        await ann.sends("/ask", {"do": "preview"}, text=words, name=payload, email=payload, category="cars")
        seen.append(ann.html)
        await ann.sends("/ask", {"do": "edit"})
        seen.append(ann.html)
        path = await ann.asks(words, name=payload, category="cars")
        seen.append(ann.html)
        await ann.sends(f"{path}/reply", text=words)
        seen.append(ann.html)
        await sam.says("take", question_at(path))
        await sam.says(f"answer {words} It is a hold; it goes away in three days.", question_at(path))
        await site.world.passes(minutes=1)
        seen.append((await ann.opens(path)).text)
        assert payload.lstrip("\ue000\ue001") in ann.text or "&" in payload or "\ue000" in payload
        await ann.sends(f"{path}/verdict", {"choice": "helped"}, text=words)
        seen.append(ann.html)
        seen.append((await ann.opens("/links")).text)
        seen.append((await ann.opens(f"/q/{payload.replace('/', '')}/{payload.replace('/', '')}")).text)
        for html in seen:
            assert Parsed(html).acting == []
            assert "say 49" not in html


async def test_every_page_shuts_the_same_doors(site: Site) -> None:
    ann = site.browser()
    path = await ann.asks()
    for address in ("/", "/ask", path, "/links", "/local", "/leave", "/q/x/y", "/nowhere", "/static/pages.css"):
        headers = (await ann.opens(address)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        if not address.startswith("/static"):
            assert headers["cache-control"] == "no-store"


async def test_pages_work_where_cookies_are_refused(site: Site) -> None:
    """The private page needs none; the ask form says what is missing and keeps what was written."""
    ann, bare = site.browser(), site.browser()
    path = await ann.asks()
    await bare.opens(path)
    bare.client.cookies.clear()
    await bare.sends(f"{path}/reply", text="It is an Android phone.")
    assert "It is an Android phone." in bare.text
    await bare.opens("/ask")
    bare.client.cookies.clear()
    await bare.sends("/ask", {"do": "ask"}, text=TEXT)
    assert "your browser keeps no cookies" in bare.text
    assert bare.form("/ask")["text"].strip() == TEXT


async def test_forms_of_others_are_not_taken(site: Site) -> None:
    ann, eve = site.browser(), site.browser()
    path = await ann.asks()
    await eve.opens("/ask")
    theirs = eve.form("/ask")["form_token"]
    posts: list[tuple[str, dict[str, str]]] = [
        ("/ask", {"text": TEXT, "do": "ask"}),
        ("/ask/preview", {"text": TEXT}),
        ("/links", {"email": "ann@nest.example"}),
        ("/leave", {}),
        ("/local/become", {"person": ""}),
        *((f"{path}/{verb}", {"text": "Hello there"}) for verb in ("reply", "verdict", "staff-please", "withdraw")),
    ]
    before = await site.world.question(question_at(path))
    for address, fields in posts:
        for token in ("", theirs):
            response = await ann.client.post(address, data={**fields, "form_token": token})
            assert response.status_code == 403, address
        for origin in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
            response = await ann.client.post(address, data=fields, headers=origin)
            assert response.status_code == 403, address
            assert "another site" in response.text
    assert await site.world.question(question_at(path)) == before
    assert len((await site.world.app.views.questions()).rows) == 1


async def test_only_a_programs_token_excuses_from_coming_from_our_own_pages(site: Site) -> None:
    """Pages read no tokens: a header that anybody can make up opens none of their doors."""
    eve = site.browser()
    elsewhere = {"sec-fetch-site": "cross-site", "authorization": "Bearer gh_made-up"}
    response = await eve.client.post("/local/become", data={"person": ""}, headers=elsewhere)
    assert response.status_code == 403
    assert "another site" in response.text
    response = await eve.client.post("/api/v1/questions", json={}, headers=elsewhere)
    assert response.status_code == 401


async def test_looking_changes_nothing(site: Site) -> None:
    """Whatever a link scanner opens, in whatever way, everything stays as it was."""
    bo = await site.world.expert("bo")
    shop = await site.program(Scope.ASK)
    await shop.asks()
    ann = site.browser()
    path = await ann.asks("Where do I find my invoices of last year?")
    await site.answered(question_at(path), "bo")
    before = await site.world.question(question_at(path))
    for action in ("", "/reply", "/verdict", "/withdraw", "/staff-please", "?choice=helped", "/verdict?choice=helped"):
        for method in ("GET", "HEAD", "OPTIONS"):
            await ann.client.request(method, f"{path}{action}")
    await site.world.passes(seconds=5)
    assert await site.world.question(question_at(path)) == before
    assert await bo.earned() == 0
