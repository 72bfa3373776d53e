"""What the core asks of a chat platform, and the four ways in which one can fail."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.card import Card
from bot.model import Post, Ref
from bot.ports.people import Hear


class Adapter(Protocol):
    """One chat platform. All state is the platform's or the database's: an adapter can be restarted at any time."""

    name: str  # the part of a place before the first colon

    async def run(self, hear: Hear) -> None:
        """Listen until cancelled."""

    async def put(self, post: Post, card: Card) -> Ref:
        """Post it (`post.ref` None) or edit it. With a ref, doing the same twice is harmless.

        Raises Busy, Unknown, Blocked or Gone, and nothing else.
        """

    async def find(self, post: Post) -> Ref | None:
        """The message that carries `post.key`, if the platform has it: looked for before posting again."""

    async def remove(self, post: Post) -> None:
        """Take the message away; harmless when it is gone already."""


class PlatformTrouble(Exception):
    """A platform did not do what it was asked."""


class Busy(PlatformTrouble):
    """The platform asks to come back later."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(f"busy for {retry_after_seconds:g} s")
        self.retry_after_seconds = retry_after_seconds


class Unknown(PlatformTrouble):
    """The request may have been applied: settle, look, then send again."""


class Blocked(PlatformTrouble):
    """It cannot be delivered until somebody mends something: `why` is a stable word, `cure` says what to do."""

    def __init__(self, why: str, cure: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.cure = cure


class Gone(PlatformTrouble):
    """The thread or the channel no longer exists: `what` is "thread" or "channel"."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the {what} is gone")
        self.what = what


Render = Callable[[Post], Awaitable[Card | None]]  # None: nothing to show any more
