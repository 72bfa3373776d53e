"""Takes the pictures of docs/pictures anew: `python -m tests.browser.pictures`, with the demo's company in them."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import DESK, PATIENCE_MS, PHONE
from tests.browser.running import ROOT, Running, running
from tests.chromium import FLAGS, chromium_path

PICTURES = ROOT / "docs" / "pictures"
QUESTION = "Since I switched to a light roast my shots taste sour, even at 30 seconds. What should I change first?"


def main() -> None:
    expect.set_options(timeout=PATIENCE_MS)
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), "--demo") as program, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        customer = _customer(browser, program)
        expert = _expert(browser, program, DESK)
        expert.locator(".g-card", has_text="Since I switched").last.get_by_role("button", name="Claim").click()
        expect(expert.locator(".g-aside")).to_be_visible()
        expert.locator(".g-card", has_text="Since I switched").first.get_by_role("button", name="Thread").click()
        expect(expert.get_by_role("complementary", name="Thread")).to_contain_text("Since I switched")
        _take(expert, "workspace")
        expert.get_by_role("link", name="My desk").click()
        expect(expert.get_by_role("heading", name="Earnings")).to_be_visible()
        _take(expert, "desk")
        expect(customer.locator("body")).to_contain_text("Wren")
        _take(customer, "customer")
        phone = _expert(browser, program, PHONE)
        expect(phone.locator(".g-card", has_text="Since I switched").first).to_be_visible()
        _take(phone, "workspace-phone")
        browser.close()


def _customer(browser: Browser, program: Running) -> Page:
    page = browser.new_context(viewport={"width": 900, "height": 900}).new_page()
    page.goto(f"{program.address}/ask")
    page.locator("#text").fill(QUESTION)
    page.locator("#category").select_option("brewing")
    page.locator("#send").click()
    page.get_by_role("button", name="Ask now").click()
    page.wait_for_url("**/q/**")
    return page


def _expert(browser: Browser, program: Running, size: dict[str, int]) -> Page:
    page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
    page.goto(program.workspace)
    page.get_by_role("button", name="Wren").click()
    expect(page.locator(".g-side")).to_be_attached()
    page.goto(f"{program.workspace}c/brewing")
    expect(page.locator(".g-card").first).to_be_visible()
    return page


def _take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()
