"""Signing in by a one-time link, being anybody on one's own machine, and who is turned away at the door."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.web.people import DOOR_MINUTES, open_door
from bot.policy import MINUTE_MS
from bot.ports import StorageTrouble
from tests.adapters.site import Browser, Site, a_site


async def enters(browser: Browser, path: str) -> httpx.Response:
    """Opens a one-time link and says yes, staying on the spot to see what came back."""
    await browser.opens(path)
    browser.client.follow_redirects = False
    return await browser.sends(path)


async def name_signed_in(browser: Browser) -> str | None:
    """Whom the browser is signed in as, read off the page for signing out."""
    browser.client.follow_redirects = True
    await browser.opens("/leave")
    return browser.text.split("signed in as ")[1].split(".")[0] if "signed in as" in browser.text else None


# --- one-time links ----------------------------------------------------------------------------------------------


async def test_a_link_signs_in_once_and_only_when_pressed(site: Site) -> None:
    bo = await site.world.expert("bo")
    path = await open_door(site.web, bo.id)
    scanner, browser, late = site.browser(), site.browser(), site.browser()
    for _ in range(3):
        await scanner.opens(path)
        assert "Sign in as bo on this browser?" in scanner.text
    assert await name_signed_in(scanner) is None
    entered = await enters(browser, path)
    assert (entered.status_code, entered.headers["location"]) == (303, "/workspace")
    assert await name_signed_in(browser) == "bo"
    assert (await late.opens(path)).status_code == 410
    assert "used already" in late.text


async def test_a_link_ends_after_a_quarter_of_an_hour(site: Site) -> None:
    bo = await site.world.expert("bo")
    path = await open_door(site.web, bo.id)
    browser = site.browser()
    await browser.opens(path)
    await site.world.passes(minutes=DOOR_MINUTES)
    assert (await browser.sends(path)).status_code == 410
    assert (await browser.opens("/enter/somewhere")).status_code == 410


async def test_a_form_of_another_link_does_not_sign_in(site: Site) -> None:
    bo, eve = await site.world.expert("bo"), await site.world.expert("eve")
    mine, theirs = await open_door(site.web, bo.id), await open_door(site.web, eve.id)
    browser = site.browser()
    await browser.opens(mine)
    carried = browser.form(mine)["form_token"]
    for token in ("", carried):
        response = await browser.client.post(theirs, data={"form_token": token})
        assert response.status_code == 403
    assert await name_signed_in(browser) is None


async def test_signing_out_ends_the_session_and_a_session_ends_by_itself(site: Site) -> None:
    bo = await site.world.expert("bo")
    browser = site.browser()
    await enters(browser, await open_door(site.web, bo.id))
    assert await name_signed_in(browser) == "bo"
    await browser.sends("/leave")
    assert "You are signed out." in browser.text
    assert await name_signed_in(browser) is None
    await enters(browser, await open_door(site.web, bo.id))
    site.world.moment[0] += site.web.settings.session_days * 24 * 60 * MINUTE_MS
    assert await name_signed_in(browser) is None


async def test_a_session_cannot_be_made_up(site: Site) -> None:
    bo = await site.world.expert("bo")
    browser = site.browser()
    await enters(browser, await open_door(site.web, bo.id))
    value = browser.client.cookies["guildhall_session"].strip('"')
    person, _, rest = value.partition(":")
    other = site.browser()
    for forged in (value.replace(person, "p999"), f"{person}:9{rest}", value[:-1], "p1", "p1:9999999999999.", "."):
        other.client.cookies.clear()
        other.client.cookies.set("guildhall_session", forged)
        assert await name_signed_in(other) is None


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
async def test_cookies_are_shut_to_scripts_and_sent_over_https(tmp_path: Path, scheme: str, secure: bool) -> None:
    async with a_site(tmp_path, public_url=f"{scheme}://help.acme.example", local=False) as site:
        bo = await site.world.expert("bo")
        entered = await enters(site.browser(), await open_door(site.web, bo.id))
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert ("secure" in cookie) is secure
        ann = site.browser()
        await ann.opens("/ask")
        assert ann.page is not None
        assert "httponly" in ann.page.headers["set-cookie"].lower()


# --- one's own machine -------------------------------------------------------------------------------------------


async def test_on_ones_own_machine_one_can_be_anybody(site: Site) -> None:
    bo, sam = await site.world.expert("bo"), await site.world.staff("sam")
    browser = site.browser()
    await browser.opens("/local")
    assert "bo" in browser.text
    assert "staff, admin" in browser.text
    browser.client.follow_redirects = False
    for person in (bo, sam):
        await browser.opens("/local")
        became = await browser.sends("/local/become", {"person": person.id})
        assert became.headers["location"] == "/workspace"
        assert await name_signed_in(browser) == person.name
        browser.client.follow_redirects = False
    await browser.opens("/local")
    assert (await browser.sends("/local/become", {"person": ""})).headers["location"] == "/ask"
    assert await name_signed_in(browser) is None
    await browser.opens("/local")
    assert (await browser.sends("/local/become", {"person": "p999"})).status_code == 404


async def test_an_expert_who_tries_everything_alone_asks_as_a_stranger(site: Site) -> None:
    """Else one's own question could not be claimed, and the first try would end there."""
    bo = await site.world.expert("bo")
    browser = site.browser()
    await enters(browser, await open_door(site.web, bo.id))
    browser.client.follow_redirects = True
    await browser.asks()
    question = (await site.world.app.views.questions()).rows[0]
    assert question.customer != bo.id
    claimed = await bo.says("claim", question.id)
    assert not claimed.refused, claimed.text


async def test_switching_people_leads_only_to_our_own_pages(site: Site) -> None:
    bo = await site.world.expert("bo")
    browser = site.browser()
    for to, location in (
        ("/workspace/billing", "/workspace/billing"),
        ("https://evil.example", "/workspace"),
        ("//evil.example", "/workspace"),
        ("/\\evil.example", "/workspace"),
        ("/\t/evil.example", "/workspace"),
    ):
        browser.client.follow_redirects = True
        await browser.opens("/local")
        browser.client.follow_redirects = False
        became = await browser.sends("/local/become", {"person": bo.id}, to=to)
        assert became.headers["location"] == location


async def test_nobody_switches_people_where_others_can_reach_it(tmp_path: Path) -> None:
    async with a_site(tmp_path, public_url="https://help.acme.example", local=False) as site:
        bo = await site.world.expert("bo")
        browser = site.browser()
        assert (await browser.opens("/local")).status_code == 404
        response = await browser.client.post("/local/become", data={"person": bo.id})
        assert response.status_code in (404, 405)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]"]
)
async def test_another_name_for_ones_own_machine_is_a_trick(site: Site, host: str) -> None:
    for path in ("/ask", "/local", "/healthz", "/static/pages.css", "/workspace"):
        response = await site.programs.get(path, headers={"host": host})
        assert response.status_code == 421
        assert "answers only to localhost" in response.text
    response = await site.programs.get("/api/v1/me", headers={"host": host})
    assert response.status_code == 421
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "[::1]"])
async def test_loopback_names_are_ones_own_machine(site: Site, host: str) -> None:
    assert (await site.programs.get("/healthz", headers={"host": host})).status_code == 200


# --- alive and ready ---------------------------------------------------------------------------------------------


async def test_alive_and_ready_are_two_things(site: Site) -> None:
    assert (await site.programs.get("/healthz")).text == "ok\n"
    assert (await site.programs.get("/readyz")).text == "ready\n"

    class Full:
        async def run(self, act: Any) -> Any:
            raise StorageTrouble

    whole, site.web.store = site.web.store, Full()  # type: ignore[assignment]
    assert (await site.programs.get("/healthz")).status_code == 200
    assert (await site.programs.get("/readyz")).status_code == 503
    response = await site.programs.get("/enter/some-link")
    assert response.status_code == 503
    assert "try again in a moment" in response.text
    site.web.store = whole
