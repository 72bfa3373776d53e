"""Who is woken once a transaction is durable."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.model import Place, QuestionId


@dataclass(slots=True, kw_only=True)
class Effects:
    """Called on the event loop after each commit: the courier with the places that have something new to show, the
    clock with the next timer, live pages with the question that changed. The composition fills them in."""

    wanted: list[Callable[[frozenset[Place]], None]] = field(default_factory=list)
    due: list[Callable[[int], None]] = field(default_factory=list)
    changed: list[Callable[[QuestionId], None]] = field(default_factory=list)

    def look(self, places: frozenset[Place]) -> None:
        """Something new is to be shown there."""
        for wanted in self.wanted:
            wanted(places)
