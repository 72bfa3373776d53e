"""The web as a platform: its screens read posts from the database, so that posting only has to wake them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from fastapi import FastAPI

from adapters.web.changes import Changes, Listening
from adapters.web.serving import serve
from adapters.web.settings import WebSettings
from bot.card import Card
from bot.change import Receipt
from bot.model import Post, QuestionId, Ref
from bot.policy import DAY_MS, Policy
from bot.ports import Desk, Envelope, Hear, Render, StorageTrouble, Store, Views

REQUESTS_KEPT_DAYS: Final = 2  # at least one is promised
_TIDY_SECONDS: Final = 3_600
log = structlog.get_logger(__name__)

Handle = Callable[[Envelope], Awaitable[Receipt]]
MailLinks = Callable[[str], Awaitable[None]]  # mails an address the private links that belong to it, if any do
Mount = Callable[[FastAPI, "Web"], None]


def question_topic(question: QuestionId) -> str:
    """What to listen to for everything that happens to one question."""
    return f"question:{question}"


class Web:
    """The adapter of places such as `web:billing` (a channel) and `web:@<person>` (what one person alone reads).

    `port` is the real one once `serving` is set. `mounts` add further pages to the application (the workspace, the
    desk). `mail_links` is absent as long as no way to send e-mail is configured. `now` gives milliseconds UTC.
    """

    name = "web"

    def __init__(
        self,
        *,
        hear: Hear,
        desk: Desk,
        handle: Handle,
        store: Store,
        views: Views,
        render: Render,
        policy: Policy,
        settings: WebSettings,
        now: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        mail_links: MailLinks | None = None,
        mounts: Sequence[Mount] = (),
    ) -> None:
        self.hear = hear
        self.desk = desk
        self.handle = handle
        self.store = store
        self.views = views
        self.render = render
        self.policy = policy
        self.settings = settings
        self.now = now
        self.mail_links = mail_links
        self.mounts = tuple(mounts)
        self.port = settings.port
        self.serving = asyncio.Event()
        self._changes = Changes()

    def changes(self, *topics: str) -> Listening:
        """Rings whenever something changed there; listens from this call on.

        A topic is a place, for the posts it shows, or a `question_topic`.
        """
        return self._changes(*topics)

    def question_changed(self, question: QuestionId) -> None:
        """Wakes the pages of one question; for the list of what is called after each commit."""
        self._changes.ring(question_topic(question))

    async def run(self, hear: Hear) -> None:
        """Serve pages and API until cancelled. Raises OSError when the address cannot be listened on."""
        from adapters.web.app import create_app  # the pages need the adapter, not the other way round

        self.hear = hear
        tidying = asyncio.create_task(self._tidy())
        try:
            await serve(create_app(self), self.settings, self._serves, self._changes.close)
        finally:
            tidying.cancel()
            self._changes.close()

    async def put(self, post: Post, card: Card) -> Ref:
        self._changes.ring_for_post(post.notice.recipient)
        return Ref(post.key)

    async def find(self, post: Post) -> Ref | None:
        """What the database wants shown is what the screens show, so a post that is known is there."""
        if await self.views.post(post.notice.recipient, post.notice.slot) is None:
            return None
        self._changes.ring_for_post(post.notice.recipient)
        return Ref(post.key)

    async def remove(self, post: Post) -> None:
        self._changes.ring_for_post(post.notice.recipient)

    async def _tidy(self) -> None:
        """Answers to programs are kept for their repeats, not for ever."""
        while True:
            try:
                await self.store.run(lambda work: work.forget_requests(self.now() - REQUESTS_KEPT_DAYS * DAY_MS))
            except StorageTrouble as trouble:
                log.warning("old requests are still kept", trouble=type(trouble).__name__)
            await asyncio.sleep(_TIDY_SECONDS)

    def _serves(self, port: int) -> None:
        self.port = port
        self.serving.set()
