"""Plans of what goes wrong, the same for the same seed: requests that fail, events that come twice or late."""

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """What goes wrong with one request of the Web API."""

    BUSY = "busy"  # 429 with Retry-After in whole seconds
    FAILS = "fails"  # 500 or 503, not applied
    FAILS_AFTER = "fails-after"  # applied, then 500 or 503
    HANGS = "hangs"  # not applied, and no answer until the client has given up
    HANGS_AFTER = "hangs-after"  # applied, and no answer
    CUTS_AFTER = "cuts-after"  # applied, then the connection breaks before the answer or in the middle of it
    LATE = "late"  # 503 at once, applied a little later


ALL: Final = tuple(Fault)


@dataclass(slots=True, kw_only=True)
class FaultPlan:
    """Which request meets which fault. `share` of all requests do, 0 to 1; times are seconds of the fake's clock.

    A request is applied within `late_s` of being sent, or never. `only` names the methods that meet faults (empty:
    all). `kinds` are the faults to choose from.
    """

    share: float = 0.0
    seed: int = 0
    late_s: float = 0.15
    hang_s: float = 2.0
    retry_after_s: tuple[int, int] = (1, 2)
    only: set[str] = field(default_factory=set)
    kinds: tuple[Fault, ...] = ALL
    met: Counter[Fault] = field(default_factory=Counter)
    _asked: Counter[str] = field(default_factory=Counter)
    _forced: list[tuple[Fault, str]] = field(default_factory=list)

    def force(self, *faults: Fault, method: str = "") -> None:
        """The next requests (of this method) meet these, one each."""
        self._forced.extend((fault, method) for fault in faults)

    def next(self, method: str, channel: str) -> tuple[Fault | None, float]:
        """The fault that this call meets, and how hard: 0 to 1."""
        what = f"{method} {channel}"
        self._asked[what] += 1
        chance = random.Random(f"{self.seed}/{what}/{self._asked[what]}")
        fault = self._take(method)
        if fault is None and (not self.only or method in self.only) and chance.random() < self.share:
            fault = chance.choice(self.kinds)
        if fault is not None:
            self.met[fault] += 1
        return fault, chance.random()

    def _take(self, method: str) -> Fault | None:
        for place, (fault, wanted) in enumerate(self._forced):
            if wanted in ("", method):
                del self._forced[place]
                return fault
        return None


@dataclass(slots=True, kw_only=True)
class EventFaults:
    """Share of events that come a second time although they were acknowledged, and that are overtaken by later ones."""

    duplicates: float = 0.0
    reorders: float = 0.0
    seed: int = 0
    within_s: float = 0.2
    met: Counter[str] = field(default_factory=Counter)

    def next(self, event_id: str) -> tuple[float, float | None]:
        """Seconds before the first delivery, and seconds after it until the second one (None: there is none)."""
        chance = random.Random(f"{self.seed}/{event_id}")
        late = chance.random() * self.within_s if chance.random() < self.reorders else 0.0
        again = chance.random() * self.within_s if chance.random() < self.duplicates else None
        self.met["reordered"] += late > 0
        self.met["duplicated"] += again is not None
        return late, again
