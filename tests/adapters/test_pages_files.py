"""Files on the customer's pages, in a browser without scripts: added, decided about, looked at, and never run."""

import io
import re
from typing import Any

import httpx
import pytest
from PIL import Image

from bot.model import Place, spoken_number
from tests.adapters.site import TEXT, Browser, Site, question_at
from tests.sample_files import archive, drawn, log, shot, telling

Part = tuple[str, tuple[str, bytes, str]]


def part(name: str, content: bytes, media_type: str = "application/octet-stream") -> Part:
    """A file as a browser sends it: what it says about its type is not believed."""
    return ("files", (name, content, media_type))


NOTHING_CHOSEN: Part = part("", b"")


async def sends(browser: Browser, action: str, files: list[Part], **entries: str) -> httpx.Response:
    """Presses the button of a form that has a file entry."""
    fields = {**browser.form(action), **entries}
    browser.page = await browser.client.post(action, data=fields, files=files)
    await browser.site.world.settles()
    return browser.page


async def asks(site: Site, *files: Part, do: str = "ask") -> Browser:
    ann = site.browser()
    await ann.opens("/ask")
    response = await sends(ann, "/ask", list(files), text=TEXT, do=do)
    assert response.status_code == 200, ann.text
    return ann


def addresses(browser: Browser) -> list[str]:
    return re.findall(r'<a href="([^"]+/file/\d+)"', browser.html)


async def held(site: Site, name: str) -> list[str]:
    """The files that somebody sees at home."""
    app = site.world.app
    cards = [await app.render(post) for post in await app.views.posts(Place(f"web:@{name}"))]
    return [file.name for card in cards if card is not None for file in card.files]


async def test_a_question_brings_its_picture(site: Site) -> None:
    ann = await asks(site, part("screenshot.png", drawn()))
    assert "Your file is here too. You decide who may see it." in ann.text
    assert "Whoever answers cannot see it yet" in ann.text
    [address, _] = addresses(ann)
    seen = await ann.client.get(address)
    assert seen.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(seen.content)) as picture:
        assert picture.size == (240, 80)
    assert f'<img src="{address}" alt="screenshot.png"' in ann.html


async def test_the_customer_chooses_with_one_press(site: Site) -> None:
    bo = await site.world.expert("bo")
    ann = await asks(site, part("screenshot.png", drawn()))
    question = question_at(ann.path)
    await bo.says("claim", question)
    await ann.opens(ann.path)
    assert "bo cannot see it yet" in ann.text
    assert await held(site, "bo") == []
    await ann.sends(f"{ann.path}/show-file", {"choice": "blur"})
    assert "bo gets a copy on which nothing can be read" in ann.text
    assert await held(site, "bo") == ["screenshot.png"]
    await ann.sends(f"{ann.path}/show-file", {"choice": "staff"})
    assert "Only Acme staff can see it" in ann.text
    assert await held(site, "bo") == []


async def test_a_choice_needs_the_pages_own_form(site: Site) -> None:
    ann = await asks(site, part("screenshot.png", drawn()))
    fields = {**ann.form(f"{ann.path}/show-file"), "choice": "send", "form_token": "guessed"}
    refused = await ann.client.post(f"{ann.path}/show-file", data=fields)
    assert refused.status_code == 403
    assert (await site.world.question(question_at(ann.path))).files[0].sharing is None


async def test_what_is_refused_is_said_and_the_question_is_asked(site: Site) -> None:
    ann = await asks(site, part("photo.png", archive()), part("app.log", b"it broke\n"))
    assert ann.path.startswith("/q/")
    assert "“photo.png”" in ann.text or '"photo.png"' in ann.text
    assert "was not taken" in ann.text
    assert "app.log" in ann.text


@pytest.mark.parametrize("files", [[NOTHING_CHOSEN], []])
async def test_a_form_without_files_is_a_form_like_any_other(site: Site, files: list[Part]) -> None:
    ann = await asks(site, *files)
    assert ann.path.startswith("/q/")
    assert addresses(ann) == []
    assert "not taken" not in ann.text


async def test_the_preview_asks_for_the_files_again(site: Site) -> None:
    ann = await asks(site, part("screenshot.png", drawn()), do="preview")
    assert "choose them once more" in ann.text
    await sends(ann, "/ask", [part("screenshot.png", drawn())], do="ask")
    assert len(set(addresses(ann))) == 1


async def test_a_reply_brings_files_even_without_words(site: Site) -> None:
    ann = await asks(site)
    await sends(ann, f"{ann.path}/reply", [part("second.png", drawn())], text="")
    assert "second.png" in ann.text
    await sends(ann, f"{ann.path}/reply", [NOTHING_CHOSEN], text="")
    assert ann.page is not None
    assert ann.page.status_code == 409


async def test_the_same_form_twice_keeps_its_file_once(site: Site) -> None:
    ann = site.browser()
    await ann.opens("/ask")
    fields = {**ann.form("/ask"), "text": TEXT, "do": "ask"}
    for _ in range(2):
        ann.page = await ann.client.post("/ask", data=fields, files=[part("a.png", drawn())])
    assert len(set(addresses(ann))) == 1
    assert len((await site.world.app.views.questions()).rows) == 1


async def test_another_customers_file_is_not_here(site: Site) -> None:
    ann = await asks(site, part("screenshot.png", drawn()))
    eve = await asks(site, part("mine.png", drawn("eve")))
    mine, hers = addresses(eve)[0], addresses(ann)[0]
    assert (await eve.client.get(mine)).status_code == 200
    token = eve.path.rsplit("/", 1)[1]
    number = spoken_number(question_at(ann.path))
    for guess in (f"/q/{number}/{token}/file/1", f"{eve.path}/file/2", f"{eve.path}/file/0", f"{eve.path}/file/x"):
        assert (await eve.client.get(guess)).status_code in (404, 422)
    assert len(hers.split("/")[3]) == 43, "256 bits"


async def test_nothing_in_a_file_can_run(site: Site) -> None:
    ann = await asks(
        site,
        part('x"><script>.html', b"hello <script>alert(1)</script>\n"),
        part("a.pdf", b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript >> >>\n%%EOF"),
        part("Grüße.png", drawn()),
    )
    assert "<script>.html" not in ann.html
    for address in set(addresses(ann)):
        seen = await ann.client.get(address)
        assert seen.status_code == 200
        assert seen.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in seen.headers["content-security-policy"]
        assert "default-src 'none'" in seen.headers["content-security-policy"]
        assert seen.headers["cache-control"] == "private, no-store"
        kind = seen.headers["content-type"]
        disposition = seen.headers["content-disposition"]
        assert disposition.startswith("inline" if kind.startswith("image/") else "attachment")
        assert kind in ("text/plain; charset=utf-8", "application/pdf", "image/png")
        assert disposition.isascii()
        if kind == "image/png":
            assert "filename*=UTF-8''Gr%C3%BC%C3%9Fe.png" in disposition


async def test_pictures_come_back_without_their_secrets(site: Site) -> None:
    ann = await asks(site, part("holiday.jpg", telling("JPEG")))
    seen = await ann.client.get(addresses(ann)[0])
    assert seen.headers["content-type"] == "image/jpeg"
    assert b"CANARY" not in seen.content


async def test_the_answers_files_are_under_it_once_it_went_out(site: Site) -> None:
    bo = await site.world.expert("bo")
    ann = await asks(site)
    question = question_at(ann.path)
    await bo.says("claim", question)
    words = "Open the menu that this picture shows, and choose the third entry of it."
    await bo.says(f"answer {words}", question, files=(shot("menu.png"), log("steps.txt")))
    await ann.opens(ann.path)
    assert "menu.png" not in ann.html
    early = await ann.client.get(f"{ann.path}/file/1")
    assert early.status_code == 404
    await site.world.passes(seconds=21)
    await ann.opens(ann.path)
    assert "menu.png" in ann.text
    assert "steps.txt" in ann.text
    assert "show-file" not in ann.html
    assert (await ann.client.get(f"{ann.path}/file/1")).headers["content-type"] == "image/png"


async def test_a_removed_text_takes_its_files_off_the_page(site: Site) -> None:
    stu = await site.world.staff("stu")
    ann = await asks(site, part("screenshot.png", drawn()))
    address = addresses(ann)[0]
    await stu.says(f"redact {spoken_number(question_at(ann.path))} 1")
    await ann.opens(ann.path)
    assert "screenshot.png" not in ann.html
    assert (await ann.client.get(address)).status_code == 404


async def test_too_many_bytes_are_turned_away_in_time(site: Site) -> None:
    ann = site.browser()
    await ann.opens("/ask")
    policy = site.web.policy
    huge = policy.file_bytes_max * policy.files_per_message_max + 300 * 1024
    headers: dict[str, Any] = {"content-type": "multipart/form-data; boundary=x", "content-length": str(huge)}
    refused = await ann.client.post("/ask", content=b"", headers=headers)
    assert refused.status_code == 413
    elsewhere = await ann.client.post("/links", content=b"x" * 300 * 1024, headers={"content-type": "text/plain"})
    assert elsewhere.status_code == 413


async def test_one_file_that_is_too_large_is_refused_by_name(site: Site) -> None:
    most = site.web.policy.file_bytes_max
    ann = await asks(site, part("film.png", b"\x89PNG" + b"\0" * most), part("small.png", drawn()))
    assert "larger than 10 MB" in ann.text
    assert "small.png" in ann.text
