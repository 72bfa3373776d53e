"""A browser for the doors that only a browser can open."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.chromium import FLAGS, chromium_path
from tests.cli.conftest import logs_as_before

__all__ = ["chromium", "logs_as_before"]


@pytest_asyncio.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        await browser.close()
