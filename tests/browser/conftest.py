"""A browser, the program it looks at, and people who sit in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.running import Running, running
from tests.chromium import FLAGS, chromium_path

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 15_000

Someone = Callable[..., Page]


# Not for the session: while it is open, Playwright's own event loop stands in the way of everybody else's.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("house")
    with running(folder) as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers that share nothing with each other, and watches what goes wrong in them."""
    made: list[BrowserContext] = []
    wrong: list[str] = []

    def make(**options: object) -> BrowserContext:
        new = browser.new_context(**{"viewport": DESK, "timezone_id": "Europe/Berlin", **options})  # type: ignore[arg-type]
        new.set_default_timeout(PATIENCE_MS)
        new.on("weberror", lambda error: wrong.append(str(error.error)))
        made.append(new)
        return new

    yield make
    for each in made:
        each.close()
    assert wrong == []


@pytest.fixture
def crew(context: Callable[..., BrowserContext], program: Running) -> Someone:
    """Somebody of the crew at the workspace, in a browser of their own."""

    def sits_down(name: str, path: str = "", **options: object) -> Page:
        page = context(**options).new_page()
        page.goto(program.workspace)
        page.get_by_role("button", name=name).click()
        expect(page.locator(".g-side")).to_be_attached()
        if path:
            page.goto(program.workspace + path)
            expect(page.locator(".g-side")).to_be_attached()
        return page

    return sits_down


@pytest.fixture
def customer(context: Callable[..., BrowserContext], program: Running) -> Someone:
    """A customer who has just asked; the page is the question's own."""

    def asks(text: str, category: str = "brewing", **more: str) -> Page:
        page = context().new_page()
        page.goto(f"{program.address}/ask")
        page.locator("#text").fill(text)
        page.locator("#category").select_option(category)
        if more:
            page.locator("details summary").first.click()
            for name, value in more.items():
                page.locator(f"#{name}").fill(value)
        page.locator("#send").click()
        page.get_by_role("button", name="Ask now").click()
        page.wait_for_url("**/q/**")
        return page

    return asks


def number_of(page: Page) -> str:
    """The number of the question whose private page this is."""
    return page.url.split("/q/")[1].split("/")[0]
