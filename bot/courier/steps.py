"""Names for the moments between which a program can die, so that tests can make it die there."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
Step = Callable[[str], None]


def no_step(name: str) -> None:
    """Outside tests nobody is told."""


async def stepping(step: Step, name: str, doing: Awaitable[T]) -> T:
    """Await it, telling `step` before and after."""
    step(f"before {name}")
    done = await doing
    step(f"after {name}")
    return done
