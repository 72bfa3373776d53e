"""Sends what has come due, and moves deadlines that fell into a time when the product was not there."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from bot.change import Actor, Due, Machine, Receipt
from bot.commands import Postpone, Remind
from bot.courier.attempt import pause_ms
from bot.lifecycle import verb_name
from bot.model import QuestionId
from bot.policy import SECOND_MS, Policy
from bot.ports import Envelope, Store, Views, Work

HEARTBEAT_MS: Final = 15 * SECOND_MS
AT_ONCE: Final = 64
POSTPONE_TRIES: Final = 3
NEVER: Final = 2**62

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A timer that was sent `tries` times and is still due."""

    tries: int
    retry_at: int


class Clock:
    """The actor behind lapses, reminders and silence. `handle` carries out a command; `now` is milliseconds UTC.

    Naps are measured by the machine's steady clock, so that a wall clock that is set shows as a gap, not as time.
    """

    def __init__(
        self,
        *,
        store: Store,
        views: Views,
        handle: Callable[[Envelope], Awaitable[Receipt]],
        now: Callable[[], int],
        policy: Policy,
    ) -> None:
        self._store, self._views, self._handle = store, views, handle
        self._now, self._policy = now, policy
        self._bell = asyncio.Event()
        self.wakes_at = NEVER  # milliseconds UTC
        self._beaten_at = -HEARTBEAT_MS
        self._stuck: dict[str, Stuck] = {}

    def nudge(self, at: int | None = None) -> None:
        """There is a new timer, at `at`; without it, look at once."""
        if at is None or at < self.wakes_at:
            self._bell.set()

    async def run(self) -> None:
        """Until cancelled. Besides the timers it wakes for one heartbeat every 15 seconds."""
        failed, looked_at = 0, self._now() - NEVER
        while True:
            self._bell.clear()
            self.wakes_at = NEVER
            try:
                if self._now() - looked_at > self._downtime_ms():
                    await self.catch_up()
                looked_at = self._now()
                at = await self.tick()
                failed = 0
            except Exception:
                log.exception("clock interrupted")
                at = self._now() + pause_ms(self._policy, "clock", failed)
                failed += 1
            self.wakes_at = at
            await self._nap(at - self._now())

    async def catch_up(self) -> None:
        """Moves the deadlines that fell between the last heartbeat and now, when that is a downtime."""
        now = self._now()
        since, questions = await self._store.run(lambda work: self._gap(work, now))
        if since is not None and questions:
            log.warning("deadlines move", since=since, by_ms=now - since, questions=len(questions))
            await self._postpone_all(questions, since, now - since)
            await self._store.run(lambda work: work.beat(now))
        self._beaten_at = now

    async def tick(self) -> int:
        """One round: a heartbeat when it is time, and what is due. Returns when to look again."""
        now = self._now()
        if not 0 <= now - self._beaten_at < HEARTBEAT_MS:
            await self._store.run(lambda work: work.beat(now))
            self._beaten_at = now
        return min(await self.send_due(), self._beaten_at + HEARTBEAT_MS)

    async def send_due(self) -> int:
        """Sends the timers that have come due. Returns when to look again: now, while there may be more."""
        now = self._now()
        limit = AT_ONCE + len(self._stuck)
        due = await self._store.run(lambda work: work.due_questions(now, limit))
        named = {_key(question, each): (question, each) for question, each in due}
        self._stuck = {key: each for key, each in self._stuck.items() if key in named}
        ready = [key for key in named if key not in self._stuck or self._stuck[key].retry_at <= now]
        if ready:
            await asyncio.gather(*(self._send(key, *named[key]) for key in ready))
            return now
        retries = [each.retry_at for each in self._stuck.values()]
        next_at = await self._views.next_due()
        return min([*retries, *([next_at] if next_at is not None and next_at > now else []), now + HEARTBEAT_MS])

    async def _send(self, key: str, question: QuestionId, due: Due) -> None:
        """One that fails, or changes nothing, comes up again: later and later, and never in the way of others."""
        tries = self._stuck[key].tries if key in self._stuck else 0
        self._stuck[key] = Stuck(tries=tries + 1, retry_at=self._now() + pause_ms(self._policy, key, tries))
        try:
            # A key that had its effect has none again: whatever is still due needs one of its own.
            receipt = await self._handle(_envelope(f"{key}/{tries}" if tries else key, due))
        except Exception:
            log.exception("timer failed", key=key, question=question, tries=tries + 1)
            return
        if receipt.refused:
            log.warning("timer refused", key=key, question=question, reason=receipt.reason, tries=tries + 1)

    def _gap(self, work: Work, now: int) -> tuple[int | None, Sequence[QuestionId]]:
        """Since when the product was away, and whose deadlines fell into that time.

        The old beat stays until they are moved, so that a crash in between begins anew.
        """
        last = work.beat(now)
        if last is None or now - last <= self._downtime_ms():
            return None, ()
        questions = work.due_since(last, now)
        if questions:
            work.beat(last)
        return last, questions

    async def _postpone_all(self, questions: Sequence[QuestionId], since: int, by_ms: int) -> None:
        """One whose deadline cannot be moved after a few tries keeps it; the others do not wait for it."""
        for tried in range(POSTPONE_TRIES):
            moved = await asyncio.gather(*(self._postpone(each, since, by_ms) for each in questions))
            questions = [each for each, done in zip(questions, moved, strict=True) if not done]
            if not questions:
                return
            await asyncio.sleep(pause_ms(self._policy, "clock", tried) / SECOND_MS)

    async def _postpone(self, question: QuestionId, since: int, by_ms: int) -> bool:
        """Its key makes it happen once for each gap."""
        command = Postpone(question=question, by_ms=by_ms)
        key = f"clock/{question}/postpone/{since}"
        try:
            await self._handle(Envelope(key=key, actor=Actor(machine=Machine.CLOCK), command=command))
        except Exception:
            log.exception("deadline not moved", key=key, question=question)
            return False
        return True

    def _downtime_ms(self) -> int:
        return self._policy.downtime_seconds_min * SECOND_MS

    async def _nap(self, wait_ms: int) -> None:
        try:
            async with asyncio.timeout(max(wait_ms, 0) / SECOND_MS):
                await self._bell.wait()
        except TimeoutError:
            return


def _envelope(key: str, due: Due) -> Envelope:
    return Envelope(key=key, actor=Actor(machine=Machine.CLOCK), command=due.command)


def _key(question: QuestionId, due: Due) -> str:
    """Names this timer at this time: sent twice, it has one effect."""
    verb = verb_name(type(due.command))
    what = f"-{due.command.what}" if isinstance(due.command, Remind) else ""
    return f"clock/{question}/{verb}{what}/{due.at}"
