"""The system's Chromium, for tests that look at pages as people do."""

import os
import shutil

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str:
    """Where it is. Without one these tests are left out, with a word; where CI runs, that is a failure."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is not None:
        return found
    if os.environ.get("CI"):
        pytest.fail("No Chromium was found, and CI must not leave the browser tests out.")
    pytest.skip("No Chromium on this machine: install it (Debian: apt-get install chromium) to run the browser tests.")
