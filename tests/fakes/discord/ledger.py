"""Reads lost, doubled and the order of posts from the log of everything applied."""

from collections import Counter
from collections.abc import Callable, Iterable

from .state import Json

Key = Callable[[Json], str | None]


def posts(applied: Iterable[Json], channel: str = "", *, only_bot: bool = True) -> list[Json]:
    """What was said, in order, in one channel or everywhere; deleted messages are in it."""
    said = (each for each in applied if each["what"] == "message" and (each["bot"] or not only_bot))
    return [each for each in said if channel in ("", each["channel"])]


def by_text(entry: Json) -> str | None:
    return str(entry["text"])


def lost(applied: Iterable[Json], wanted: Iterable[str], key: Key = by_text) -> list[str]:
    """What was wanted and never said; `key` gives of a log entry what `wanted` holds."""
    said = {key(each) for each in posts(applied)}
    return [each for each in wanted if each not in said]


def doubled(applied: Iterable[Json], key: Key = by_text) -> dict[str, int]:
    """What was said more than once in the same channel, and how often."""
    times = Counter((each["channel"], found) for each in posts(applied) if (found := key(each)) is not None)
    return {name: number for (_, name), number in times.items() if number > 1}


def order(applied: Iterable[Json], channel: str, key: Key = by_text) -> list[str]:
    """What was said in one channel or thread, in order."""
    return [found for each in posts(applied, channel) if (found := key(each)) is not None]
