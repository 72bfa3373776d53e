"""One queue for each recipient, woken by commits and by the time of the next try; never by asking around."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

import structlog

from bot.change import Actor, Machine, Receipt
from bot.commands import Delivered, Undelivered
from bot.courier.attempt import Attempt, Report, pause_ms
from bot.courier.steps import Step, no_step, stepping
from bot.model import Place, Post, platform_of
from bot.policy import SECOND_MS, Policy
from bot.ports import Adapter, Envelope, Render, Store, Views, Work

Apply = Callable[[Work, Envelope], Receipt]

SENDS_AT_ONCE: Final = 32  # to one platform
STOP_SECONDS: Final = 10
NAP_SECONDS_MAX: Final = 60.0  # the wall clock may be set meanwhile
TELLS_MAX: Final = 4  # attempts to tell the question, when that alone may be what fails
TROUBLED_MAX: Final = 10_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What is to be sent next; without one, when there will be one (None: nothing is pending)."""

    post: Post | None = None
    at: int | None = None


class Courier:
    """Delivers posts. `apply` carries out a command inside a transaction; `now` gives milliseconds UTC; `step` is told
    the name of every step, before and after it."""

    def __init__(
        self,
        *,
        store: Store,
        views: Views,
        adapters: Mapping[str, Adapter],
        render: Render,
        apply: Apply,
        now: Callable[[], int],
        policy: Policy,
        step: Step = no_step,
    ) -> None:
        self._store, self._views, self._adapters = store, views, adapters
        self._apply, self._now, self._policy, self._step = apply, now, policy, step
        self._attempt = Attempt(views=views, adapters=adapters, render=render, now=now, policy=policy, step=step)
        self._queues: dict[Place, asyncio.Task[None]] = {}
        self._bells: dict[Place, asyncio.Event] = {}
        self._held: dict[Place, int] = {}
        self._lanes: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(SENDS_AT_ONCE))
        self._running = self._stopping = False
        self._attempts = 0

    def nudge(self, recipients: Iterable[Place]) -> None:
        """Something may have to be shown at these places; harmless when not, and before and after `run`."""
        for recipient in recipients if self._running else ():
            if recipient in self._bells:
                self._bells[recipient].set()
            else:
                self._bells[recipient] = asyncio.Event()
                self._queues[recipient] = asyncio.create_task(self._attend(recipient), name=f"courier {recipient}")

    async def run(self) -> None:
        """Deliver until cancelled; then what is under way is finished, for ten seconds at most."""
        await self.recover()
        self._running = True
        try:
            self.nudge(await self._views.pending_recipients())
            await asyncio.Event().wait()
        finally:
            await self._stop()

    async def recover(self) -> None:
        """What was under way when the program ended may have arrived: it is looked for once it had the time to.

        What waited for a platform that was not configured is tried again if it is now.
        """
        now, settle_ms = self._now(), self._attempt.settle_ms()
        troubled = await self._views.troubled_posts(limit=TROUBLED_MAX)
        back = [each.notice for each in troubled if each.why == "platform-off" and self._serves(each.notice.recipient)]

        def act(work: Work) -> None:
            work.recover_sending(now, now + settle_ms)
            for notice in back:
                work.hurry(notice.recipient, notice.slot, now)

        await self._store.run(act)

    async def flush(self) -> None:
        """Deliver everything that is ready now, and return; not while `run` is running."""
        before = -1
        while before != self._attempts:
            before = self._attempts
            pending = await self._views.pending_recipients()
            await asyncio.gather(*(self.serve(each) for each in pending))

    async def serve(self, recipient: Place) -> int | None:
        """Deliver what is ready at this place; says when more will be (milliseconds UTC), None when nothing is left."""
        held = self._held.get(recipient, 0)
        if held > self._now():
            return held
        self._held.pop(recipient, None)
        async with self._lanes[platform_of(recipient)]:
            turn = await stepping(self._step, "take", self._store.run(lambda work: self._next(work, recipient)))
            while turn.post is not None:
                self._attempts += 1
                turn = await self._record(turn.post, await self._attempt.show(turn.post))
        return turn.at

    # Queues

    async def _attend(self, recipient: Place) -> None:
        """One recipient's queue, for as long as something is pending there."""
        bell, failed = self._bells[recipient], 0
        try:
            while not self._stopping:
                bell.clear()
                try:
                    at = await self.serve(recipient)
                    failed = 0
                except Exception:
                    log.exception("queue interrupted", recipient=recipient)
                    at = self._now() + pause_ms(self._policy, recipient, failed)
                    failed += 1
                if at is not None:
                    await self._nap(bell, at)
                elif not bell.is_set():
                    return
        finally:
            del self._bells[recipient], self._queues[recipient]

    async def _nap(self, bell: asyncio.Event, until: int) -> None:
        seconds = min((until - self._now()) / SECOND_MS, NAP_SECONDS_MAX)
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await bell.wait()
        except TimeoutError:
            return

    async def _stop(self) -> None:
        self._running, self._stopping = False, True
        for bell in self._bells.values():
            bell.set()
        queues = list(self._queues.values())
        if queues:
            _, late = await asyncio.wait(queues, timeout=STOP_SECONDS)
            for queue in late:
                queue.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._stopping = False

    # Writing down

    async def _record(self, post: Post, report: Report) -> Turn:
        """Writes down what became of a post and takes the next, in one transaction.

        While that fails nothing more goes to this recipient, and what was sent is not sent again.
        """
        notice = post.notice
        log.info("post", what=report.what, recipient=notice.recipient, slot=notice.slot, revision=post.revision)
        if report.until is not None:
            self._held[notice.recipient] = report.until
        for tried in count():
            command = report.command if tried < TELLS_MAX else None

            def act(work: Work, command: Delivered | Undelivered | None = command) -> Turn:
                report.write(work)
                self._step("within record")
                self._tell(work, post, command)
                return Turn(at=report.until) if report.until is not None else self._next(work, notice.recipient)

            try:
                return await stepping(self._step, "record", self._store.run(act))
            except Exception:
                log.exception("post not written down", slot=notice.slot, what=report.what, tried=tried)
                await asyncio.sleep(pause_ms(self._policy, notice.recipient, tried) / SECOND_MS)
        raise AssertionError("it ends by writing it down")

    def _tell(self, work: Work, post: Post, command: Delivered | Undelivered | None) -> None:
        if command is None:
            return
        verb = "delivered" if isinstance(command, Delivered) else f"undelivered/{post.tries}"
        key = f"post/{post.id}/{post.revision}/{verb}"
        self._apply(work, Envelope(key=key, actor=Actor(machine=Machine.COURIER), command=command))

    def _next(self, work: Work, recipient: Place) -> Turn:
        if self._stopping:
            return Turn()
        post = work.next_post(recipient, self._now())
        return Turn(post=post) if post is not None else Turn(at=work.next_post_at(recipient))

    def _serves(self, recipient: Place) -> bool:
        return platform_of(recipient) in self._adapters
