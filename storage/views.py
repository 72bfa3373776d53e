"""Plain reads for rendering, pages, exports and audits."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")
Read = Callable[[Callable[[Any], Any]], Awaitable[Any]]


class SqlViews:
    def __init__(self, read: Read) -> None:
        self._read = read
