"""Keeps to Slack's limits before Slack has to say so, and stays away for as long as it asked."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.ports import Busy


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` calls at once, then `per_second`. `wait_seconds_max` is how long a caller is held before it is told."""

    per_second: float
    burst: int


# chat.postMessage takes about one message a second in each channel, with short bursts; chat.update and history are
# tier 3, 50 a minute in a workspace: https://docs.slack.dev/apis/web-api/rate-limits
PER_CHANNEL: Final = Limit(per_second=1.0, burst=4)
TIER_2: Final = Limit(per_second=20 / 60, burst=10)
TIER_3: Final = Limit(per_second=50 / 60, burst=25)
TIER_4: Final = Limit(per_second=100 / 60, burst=50)

BY_METHOD: Final = {
    "chat.postMessage": PER_CHANNEL,
    "chat.postEphemeral": TIER_4,
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "conversations.history": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.open": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "views.publish": TIER_4,
}
FORGET_AFTER_SECONDS: Final = 60.0


class Pace:
    """One queue for each method, for each channel where Slack counts by channel.

    `clock` gives seconds that never run backwards; `strict` False lets everything through at once.
    """

    def __init__(self, *, strict: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._strict = strict
        self._clock = clock
        self._free_at: dict[tuple[str, str], float] = {}
        self._shut_until: dict[tuple[str, str], float] = {}

    async def turn(self, method: str, channel: str = "") -> None:
        """Waits for this call's turn. Raises Busy while Slack asked to stay away."""
        lane = _lane(method, channel)
        self._check(lane)
        limit = BY_METHOD.get(method)
        if limit is None or not self._strict:
            return
        now = self._clock()
        # The moment at which the burst would be used up, moved on by one call's share.
        used_up = max(self._free_at.get(lane, 0.0), now) + 1 / limit.per_second
        self._free_at[lane] = used_up
        wait = used_up - now - limit.burst / limit.per_second
        if wait > 0:
            await asyncio.sleep(wait)
            self._check(lane)
        self._forget(now)

    def shut(self, method: str, channel: str, seconds: float) -> None:
        """Slack said when to come back."""
        self._shut_until[_lane(method, channel)] = self._clock() + seconds

    def _check(self, lane: tuple[str, str]) -> None:
        left = self._shut_until.get(lane, 0.0) - self._clock()
        if left > 0:
            raise Busy(left)
        self._shut_until.pop(lane, None)

    def _forget(self, now: float) -> None:
        if len(self._free_at) > 10_000:
            self._free_at = {lane: at for lane, at in self._free_at.items() if at > now - FORGET_AFTER_SECONDS}


def _lane(method: str, channel: str) -> tuple[str, str]:
    """Posting is counted by channel, everything else by workspace."""
    return (method, channel) if BY_METHOD.get(method) is PER_CHANNEL else (method, "")
