"""Slack's rate limits: tiers per method and workspace, about one post a second per channel.

Tiers: docs.slack.dev/apis/web-api/rate-limits. A tier's figure is "that many and more a minute"; the fake takes the
figure itself, and lets a whole minute's worth go in one burst. Posts: one a second per channel, short bursts.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

A_MINUTE: Final = {1: 1, 2: 20, 3: 50, 4: 100}
POST_BURST: Final = 4  # "short bursts" has no figure; four is careful
POST_WINDOW_S: Final = 4.0

TIERS: Final = {
    "apps.connections.open": 3,
    "auth.test": 4,
    "chat.update": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.getPermalink": 4,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.info": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.join": 3,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "files.info": 4,
    "files.delete": 3,
    "reactions.add": 3,
    "reactions.remove": 2,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.conversations": 3,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
}
SMALL_HISTORY: Final = {"conversations.history", "conversations.replies"}


@dataclass(slots=True)
class Limits:
    """Counts calls; `wait` gives the seconds to wait, 0 when the call may go on."""

    _calls: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, key: str, method: str, now: float, *, small_history: bool) -> float:
        if method == "chat.postMessage":
            return self._count(key, now, most=POST_BURST, window=POST_WINDOW_S)
        tier = 1 if small_history and method in SMALL_HISTORY else TIERS.get(method)
        if tier is None:
            return 0
        return self._count(key, now, most=A_MINUTE[tier], window=60.0)

    def _count(self, key: str, now: float, *, most: int, window: float) -> float:
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - window:
            calls.popleft()
        if len(calls) >= most:
            return calls[0] + window - now
        calls.append(now)
        return 0
