"""A plan of faults that is the same for the same seed, whatever order requests arrive in."""

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """What goes wrong with one request."""

    BUSY = "busy"  # 429 with Retry-After
    FAILS = "fails"  # 503, not applied
    FAILS_AFTER = "fails-after"  # applied, then 503
    HANGS = "hangs"  # not applied, and no answer until the client has given up
    HANGS_AFTER = "hangs-after"  # applied, and no answer
    CUTS_AFTER = "cuts-after"  # applied, then the connection breaks in the middle of the answer
    LATE = "late"  # 503 at once, applied a little later


ALL: Final = tuple(Fault)


@dataclass(slots=True, kw_only=True)
class FaultPlan:
    """Which request meets which fault. `share` of all requests do, 0 to 1; times are milliseconds.

    `late_ms` is the server's promise: a request is applied within that time of being sent, or never.
    """

    share: float = 0.0
    seed: int = 0
    late_ms: int = 150
    hang_ms: int = 2_000
    busy_ms: tuple[int, int] = (50, 250)
    met: Counter[Fault] = field(default_factory=Counter)
    _asked: Counter[str] = field(default_factory=Counter)
    _forced: list[Fault] = field(default_factory=list)

    def force(self, *faults: Fault) -> None:
        """The next requests meet these, one each."""
        self._forced.extend(faults)

    def next(self, what: str) -> tuple[Fault | None, float]:
        """The fault that the request `what` ("post g12") meets this time, and how hard: 0 to 1."""
        chance = self.chance(what)
        fault = self._forced.pop(0) if self._forced else None
        if fault is None and chance.random() < self.share:
            fault = chance.choice(ALL)
        if fault is not None:
            self.met[fault] += 1
        return fault, chance.random()

    def chance(self, what: str) -> random.Random:
        """Dice of its own for each time something is asked for."""
        self._asked[what] += 1
        return random.Random(f"{self.seed}/{what}/{self._asked[what]}")
