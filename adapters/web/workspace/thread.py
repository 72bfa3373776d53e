"""The thread of one card: the card itself, the conversation under it, and the line to write in."""

from collections.abc import Callable

from adapters.web.workspace.cards import CardView
from adapters.web.workspace.parts import Words, box, press_button
from adapters.web.workspace.posts import PostList
from adapters.web.workspace.saying import Composer
from adapters.web.workspace.sitting import Sitting, is_sending
from bot.model import Place, Post, QuestionId, platform_of, spoken_number

CARD_KINDS = ("staff", "card")


class ThreadPane:
    """Beside the channel, or over it on a phone. `on_close` takes it out of the address."""

    def __init__(self, sitting: Sitting, on_close: Callable[[], None]) -> None:
        self._sitting = sitting
        self._on_close = on_close
        self._post: Post | None = None
        self._card: CardView | None = None
        self._lines: PostList | None = None
        with box("aside", "g-thread", aria_label="Thread") as self.element:
            self._inside = box(look="g-thread-inside")
        self.element.set_visibility(False)

    async def show(self, place: Place, question: QuestionId) -> None:
        """Opens the question's thread as this place has it. Raises SignedOut."""
        post = await self._find(place, question)
        if post is None:
            self.hide()
            return
        if self._post is not None and self._post.id == post.id:
            return
        self._post = post
        self._inside.clear()
        self.element.set_visibility(True)
        with self._inside:
            with box("header", "g-head"):
                Words("h2", f"Thread {spoken_number(question)}")
                press_button("×", self._on_close, look="g-quiet g-close", aria_label="Close the thread")
            with box(look="g-scroll g-thread-scroll"), box(look="g-scrolled"):
                self._card_box = box()
                self._card = None
                self._lines = PostList(
                    self._sitting, place, parent=post.notice.slot, none_yet="Nothing was said here yet."
                )
            composer = Composer(self._sitting, question=question)
        await self.refresh()
        await composer.load()

    def hide(self) -> None:
        self._post = self._card = self._lines = None
        self._inside.clear()
        self.element.set_visibility(False)

    async def refresh(self) -> None:
        """Raises SignedOut."""
        if self._post is None or self._lines is None:
            return
        notice = self._post.notice
        if not await self._sitting.may_read(notice.recipient):
            self.hide()
            return
        lines = self._lines
        post = await self._sitting.web.views.post(notice.recipient, notice.slot)
        card = await self._sitting.rendered.card(post) if post is not None else None
        if lines is not self._lines:
            return
        if card is not None:
            self._sitting.hurried = self._sitting.hurried or is_sending(card)
            if self._card is not None:
                self._card.update(card)
            else:
                with self._card_box:
                    self._card = CardView(self._sitting, card, question=notice.question)
        await lines.refresh()

    async def _find(self, place: Place, question: QuestionId) -> Post | None:
        if platform_of(place) != self._sitting.web.name or not await self._sitting.may_read(place):
            return None
        for kind in CARD_KINDS:
            post = await self._sitting.web.views.post(place, f"{spoken_number(question)}/{kind}")
            if post is not None:
                return post
        return None


async def place_of_thread(sitting: Sitting, question: QuestionId) -> Place | None:
    """Where this person reads the question's thread best: staff in the staff channel, others where its card is.

    Raises SignedOut.
    """
    channels = await sitting.channels()
    found: list[tuple[bool, Place]] = []
    for channel in channels:
        for kind in CARD_KINDS:
            if await sitting.web.views.post(channel.place, f"{spoken_number(question)}/{kind}") is not None:
                found.append((channel.staff_only, channel.place))
    return max(found)[1] if found else None
