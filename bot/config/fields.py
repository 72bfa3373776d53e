"""How pydantic is told to keep our own sentences, and to take no unknown keys."""

from collections.abc import Callable
from typing import Final, TypeVar

from pydantic import AfterValidator, ConfigDict
from pydantic_core import PydanticCustomError

T = TypeVar("T")
STRICT: Final = ConfigDict(extra="forbid", frozen=True)


def checked(read: Callable[[str], T]) -> AfterValidator:
    """Reads a text with `read`, whose ValueError becomes the complaint, word for word."""

    def check(text: str) -> T:
        try:
            return read(text)
        except ValueError as bad:
            raise PydanticCustomError("sentence", "{why}", {"why": str(bad)}) from None

    return AfterValidator(check)


def about(key: str, why: str, **values: str | int) -> PydanticCustomError:
    """A complaint about one key below, found only when all of the table had been read."""
    return PydanticCustomError("sentence_about", "{why}", {"key": key, "why": why.format(**values) if values else why})
