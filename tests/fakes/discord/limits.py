"""Discord's rate limits: buckets per route and major parameter, 50 requests a second for all, 10,000 invalid ones.

docs/topics/rate-limits gives the global figures and forbids relying on those per route; the figures below are what
bots have met. They bind only when `FakeDiscord.rate_limits` is set.
"""

import hashlib
from collections import deque
from dataclasses import dataclass, field
from typing import Final

GLOBAL: Final = (50, 1.0)  # docs/topics/rate-limits#global-rate-limit; interactions and webhooks are exempt
INVALID: Final = (10_000, 600.0)  # docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
RENAMES: Final = (2, 600.0)  # discord-api-docs#1900: name and topic, not told in headers
OLD_EDITS: Final = (30, 3600.0)  # discord-api-docs#4413: there is a limit, its figure is not published
USUAL: Final = (10, 5.0)
MET: Final = {
    "POST /channels/{channel_id}/messages": (5, 5.0),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
    "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": (1, 0.25),
    "PATCH /channels/{channel_id}": (10, 15.0),
    "POST /webhooks/{webhook_id}/{webhook_token}": (5, 2.0),  # discord-api-docs#367
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": (5, 2.0),
    "POST /users/@me/channels": (10, 10.0),
}
MAJOR: Final = ("channel_id", "guild_id", "webhook_token", "interaction_token")


@dataclass(slots=True, kw_only=True)
class Told:
    """What the headers of one answer say; `wait` is 0 when the call may go on."""

    limit: int
    remaining: int
    reset_after: float
    wait: float = 0.0
    scope: str = "user"
    all_routes: bool = False


@dataclass(slots=True)
class Window:
    began: float = 0.0
    used: int = 0

    def take(self, now: float, most: int, seconds: float) -> Told:
        if now >= self.began + seconds:
            self.began, self.used = now, 0
        left = self.began + seconds - now
        if self.used >= most:
            return Told(limit=most, remaining=0, reset_after=left, wait=left)
        self.used += 1
        return Told(limit=most, remaining=most - self.used, reset_after=left)


@dataclass(slots=True)
class Limits:
    """Counts calls per bucket."""

    _windows: dict[str, Window] = field(default_factory=dict)
    invalid: deque[float] = field(default_factory=deque)

    def take(self, route: str, major: str, now: float) -> Told:
        if not route.split(" ")[1].startswith(("/interactions", "/webhooks")):
            everything = self._window("global").take(now, *GLOBAL)
            if everything.wait:
                everything.all_routes, everything.scope = True, "global"
                return everything
        return self._window(f"{route} {major}").take(now, *MET.get(route, USUAL))

    def rename(self, channel_id: str, now: float) -> float:
        """Seconds to wait before this channel may be renamed."""
        return self._window(f"rename {channel_id}").take(now, *RENAMES).wait

    def old_edit(self, channel_id: str, now: float) -> float:
        """Seconds to wait before another edit of messages older than an hour."""
        return self._window(f"old {channel_id}").take(now, *OLD_EDITS).wait

    def count_invalid(self, now: float) -> None:
        self.invalid.append(now)

    def banned(self, now: float, most: int) -> bool:
        while self.invalid and self.invalid[0] <= now - INVALID[1]:
            self.invalid.popleft()
        return len(self.invalid) >= most

    def _window(self, key: str) -> Window:
        return self._windows.setdefault(key, Window())


def bucket(route: str) -> str:
    """The opaque name of a bucket, as X-RateLimit-Bucket gives it."""
    return hashlib.blake2s(route.encode(), digest_size=8).hexdigest()
