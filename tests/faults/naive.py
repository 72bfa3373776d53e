"""The control: a courier as one would write it on a Friday. It must fail wherever the real one passes."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from bot.change import Actor, Machine, Receipt
from bot.commands import Delivered
from bot.model import Place, Post, Ref, platform_of
from bot.ports import Adapter, Envelope, PlatformTrouble, Render, Store, Views, Work


class NaiveCourier:
    """Sends, then marks as sent, and sends again whenever anything looks wrong."""

    def __init__(
        self,
        *,
        store: Store,
        views: Views,
        adapters: Mapping[str, Adapter],
        render: Render,
        apply: Callable[[Work, Envelope], Receipt],
        now: Callable[[], int],
    ) -> None:
        self._store, self._views, self._adapters = store, views, adapters
        self._render, self._apply, self._now = render, apply, now

    def nudge(self, recipients: Iterable[Place]) -> None:
        """It looks for itself."""

    async def run(self) -> None:
        now = self._now()
        await self._store.run(lambda work: work.recover_sending(now, now))
        while True:
            for recipient in await self._views.pending_recipients():
                await self._send_next(recipient)
            await asyncio.sleep(0.02)

    async def _send_next(self, recipient: Place) -> None:
        post = await self._store.run(lambda work: work.next_post(recipient, self._now()))
        if post is not None:
            await self._send(post)

    async def _send(self, post: Post) -> None:
        adapter = self._adapters[platform_of(post.notice.recipient)]
        card = None if post.notice.absent else await self._render(post)
        ref: Ref | None = None
        try:
            if card is not None:
                ref = await adapter.put(post, card)
            elif post.ref is not None:
                await adapter.remove(post)
        except PlatformTrouble:
            await self._store.run(lambda work: work.set_back(post, state="ready", retry_at=self._now(), why="again"))
            return
        await self._store.run(lambda work: self._mark(work, post, ref))

    def _mark(self, work: Work, post: Post, ref: Ref | None) -> None:
        work.shown(post, ref)
        notice = post.notice
        if post.ref is None and notice.about in ("answer", "clarify") and notice.question and notice.message:
            command = Delivered(question=notice.question, message=notice.message)
            actor = Actor(machine=Machine.COURIER)
            self._apply(work, Envelope(key=f"naive/{post.id}/{post.revision}", actor=actor, command=command))
