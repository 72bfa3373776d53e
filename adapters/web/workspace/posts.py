"""The cards and lines of one place, the newest at the bottom, kept true while somebody looks."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from adapters.web.workspace.cards import CardView
from adapters.web.workspace.parts import Words, box, press_button
from adapters.web.workspace.sitting import Sitting, is_sending
from bot.model import Place, Post, PostKind

PAGE: Final = 40


class PostList:
    """Shows `place`, or with `parent` the thread under that card. `on_thread` opens a card's thread."""

    def __init__(
        self,
        sitting: Sitting,
        place: Place,
        *,
        parent: str | None = None,
        on_thread: Callable[[Post], None] | None = None,
        none_yet: str = "",
    ) -> None:
        self.sitting = sitting
        self.place = place
        self.parent = parent
        self._on_thread = on_thread
        self._views: dict[str, CardView] = {}
        self._older: list[Post] = []
        self._refreshing = asyncio.Lock()
        with box(look="g-posts") as self.element:
            self._earlier = box(look="g-earlier")
            self._list = box(look="g-list", role="log", aria_label="Questions" if parent is None else "Conversation")
            self._none = Words("p", none_yet, "g-none")
        self._none.set_visibility(False)

    async def refresh(self) -> None:
        """Raises SignedOut."""
        async with self._refreshing:
            if self.element.is_deleted or not await self.sitting.may_read(self.place):
                return
            newest = await self._posts()
            if self.parent is None:
                self._offer_earlier(newest)
            # What has scrolled out of the newest page stays on screen, and is looked at anew as well.
            known = {post.notice.slot for post in newest}
            posts = [*(each for each in self._older if each.notice.slot not in known), *newest]
            self._older = posts
            await self._show(posts)
            if self.parent is None and posts:
                await self.sitting.has_seen(self.place, posts[-1].id)

    async def _posts(self) -> Sequence[Post]:
        if self.parent is not None:
            return await self.sitting.web.views.thread(self.place, self.parent)
        return await self.sitting.web.views.posts(self.place, limit=PAGE)

    async def _show(self, posts: Sequence[Post]) -> None:
        cards = [(post, await self.sitting.rendered.card(post)) for post in posts]
        if self.element.is_deleted:
            return
        shown = {post.notice.slot for post, card in cards if card is not None}
        for slot in [each for each in self._views if each not in shown]:
            self._views.pop(slot).delete()
        for position, (post, card) in enumerate(each for each in cards if each[1] is not None):
            assert card is not None
            self.sitting.hurried = self.sitting.hurried or is_sending(card)
            view = self._views.get(post.notice.slot)
            if view is not None:
                view.update(card)
                continue
            with self._list:
                view = CardView(self.sitting, card, question=post.notice.question, on_thread=self._thread(post))
            view.element.move(self._list, position)
            self._views[post.notice.slot] = view
        self._none.set_visibility(not self._views and bool(self._none.text))

    def _thread(self, post: Post) -> Callable[[], None] | None:
        if self._on_thread is None or post.notice.kind is not PostKind.CARD:
            return None
        on_thread = self._on_thread
        return lambda: on_thread(post)

    # --- what is further up

    def _offer_earlier(self, newest: Sequence[Post]) -> None:
        if len(newest) == PAGE and not self._older:
            with self._earlier:
                press_button("Show earlier ones", self._load_earlier, look="g-quiet")

    async def _load_earlier(self) -> None:
        async with self._refreshing:
            first = self._older[0].id if self._older else None
            earlier = await self.sitting.web.views.posts(self.place, before=first, limit=PAGE)
            if len(earlier) < PAGE:
                self._earlier.clear()
            self._older = [*earlier, *self._older]
            await self._show(self._older)
