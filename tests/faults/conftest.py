"""Logs in which an exception is one line: here many are raised on purpose, and drawing their frames takes seconds."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(processors=[structlog.processors.add_log_level, structlog.processors.KeyValueRenderer()])
    yield
    structlog.configure(**before)
