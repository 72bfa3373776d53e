"""One attempt to make one post true on its platform, and what its end means."""

import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import structlog

from bot.card import Card
from bot.commands import Delivered, Undelivered
from bot.courier.steps import Step, no_step, stepping
from bot.model import Notice, Post, PostKind, PostState, Ref, platform_of
from bot.policy import MINUTE_MS, SECOND_MS, Policy
from bot.ports import Adapter, Blocked, Busy, Gone, Render, Unknown, Views, Work

TEXTS: Final = frozenset({"answer", "clarify", "correction"})  # what a customer waits for
DOUBTS: Final = ("unconfirmed", "unconfirmed-again", "uncertain")  # `why` after one, two and more unclear ends
BUSY_TOLD_AFTER: Final = 5  # tries; then it counts as not delivered
HOLDS_UP_TRIES: Final = 10  # about half an hour; then a line that stays in doubt lets the later ones of its thread pass
LINES_ANEW: Final = 3

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of an attempt: what to write down, and what to tell the question.

    `until` is the moment (milliseconds UTC) before which nothing more may be sent to this recipient.
    """

    what: str
    write: Callable[[Work], None]
    command: Delivered | Undelivered | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What an attempt needs. `now` gives milliseconds UTC."""

    views: Views
    adapters: Mapping[str, Adapter]
    render: Render
    now: Callable[[], int]
    policy: Policy
    step: Step = no_step

    async def show(self, post: Post) -> Report:
        """Post, edit or remove. Whatever goes wrong is in the report; nothing is raised."""
        adapter = self.adapters.get(platform_of(post.notice.recipient))
        if adapter is None:
            return self._set_back(post, "platform-off", self._longest_ms())
        try:
            card = None if post.notice.absent else await stepping(self.step, "render", self.render(post))
        except Exception:
            log.exception("post not written", slot=post.notice.slot, about=post.notice.about)
            return self._set_back(post, "not-written", self._pause_ms(post))
        try:
            return await self._deliver(adapter, post, card)
        except Busy as busy:
            return self._busy(post, busy.retry_after_seconds)
        except Unknown:
            return self._uncertain(post)
        except Blocked as blocked:
            return self._set_back(post, blocked.why, self._pause_ms(post))
        except Gone as gone:
            return await self._gone(post, gone.what)
        except Exception:
            # A mistake in an adapter says nothing about what it did before.
            log.exception("adapter failed", platform=adapter.name, slot=post.notice.slot)
            return self._uncertain(post)

    async def _deliver(self, adapter: Adapter, post: Post, card: Card | None) -> Report:
        """Raises what the adapter raises."""
        if in_doubt(post):
            ref = await stepping(self.step, "find", adapter.find(post))
            if ref is not None and card is not None:
                return _found(post, ref)
            post = replace(post, ref=ref)
        if card is not None:
            ref = await stepping(self.step, "put", adapter.put(post, card))
            return Report(what="shown", write=lambda work: work.shown(post, ref), command=_delivered(post))
        if post.ref is not None:
            await stepping(self.step, "remove", adapter.remove(post))
        return Report(what="removed", write=lambda work: work.shown(post, None))

    # What an end means

    def _busy(self, post: Post, retry_after_seconds: float) -> Report:
        until = self.now() + math.ceil(retry_after_seconds * SECOND_MS)
        state, why = (PostState.UNKNOWN, post.why) if in_doubt(post) else (PostState.READY, "busy")
        return Report(
            what="busy",
            write=lambda work: work.set_back(post, state=state, retry_at=until, why=why),
            command=_undelivered(post, "busy", until) if post.tries == BUSY_TOLD_AFTER else None,
            until=until,
        )

    def _uncertain(self, post: Post) -> Report:
        """It may have arrived: wait until it would be there, then look. After three such ends staff are told."""
        rounds = DOUBTS.index(post.why) + 1 if post.why in DOUBTS else 0
        why = DOUBTS[min(rounds, len(DOUBTS) - 1)]
        settle_ms = self.settle_ms()
        if why == DOUBTS[-1]:
            return self._set_back(post, why, max(settle_ms, self._pause_ms(post)))
        retry_at = self.now() + settle_ms
        return Report(
            what=why,
            write=lambda work: work.set_back(post, state=PostState.UNKNOWN, retry_at=retry_at, why=why),
        )

    def _set_back(self, post: Post, why: str, wait_ms: int) -> Report:
        retry_at = self.now() + wait_ms
        # What may have arrived may still have arrived, whatever else goes wrong; its thread waits for it.
        holds_up = why not in DOUBTS or post.tries < HOLDS_UP_TRIES
        state = PostState.UNKNOWN if in_doubt(post) and holds_up else PostState.PARKED
        return Report(
            what=why,
            write=lambda work: work.set_back(post, state=state, retry_at=retry_at, why=why),
            command=_undelivered(post, why, retry_at) if post.why != why else None,
        )

    async def _gone(self, post: Post, what: str) -> Report:
        """A thread that was deleted comes back once, as a new card with its last lines; a channel stays away."""
        card = await self._card_of(post) if what == "thread" else None
        if card is None or "anew" in card.notice.args:
            why = f"{what}-gone"
            return Report(
                what=why,
                write=lambda work: work.set_back(post, state=PostState.GONE, retry_at=0, why=why),
                command=_undelivered(post, why),
            )
        at, lines = self.now(), await self._last_lines(card)

        def write(work: Work) -> None:
            for each in (card, *lines):
                work.shown(each, None)
                work.want([_anew(each.notice)], at)
            if all(post.id != each.id for each in (card, *lines)):
                work.set_back(post, state=PostState.READY, retry_at=at, why="busy")

        return Report(what="posted-anew", write=write)

    async def _card_of(self, post: Post) -> Post | None:
        """The card that opens the post's thread, if it is in one."""
        if post.notice.kind is PostKind.CARD:
            return post
        if post.notice.parent is None:
            return None
        return await stepping(self.step, "card", self.views.post(post.notice.recipient, post.notice.parent))

    async def _last_lines(self, card: Post) -> list[Post]:
        lines = await stepping(self.step, "lines", self.views.thread(card.notice.recipient, card.notice.slot))
        return list(lines)[-LINES_ANEW:]

    # Times

    def settle_ms(self) -> int:
        """How long a request may still take effect after its answer was lost."""
        return math.ceil(self.policy.settle_seconds * SECOND_MS)

    def _pause_ms(self, post: Post) -> int:
        return pause_ms(self.policy, f"{post.notice.recipient}/{post.notice.slot}", post.tries)

    def _longest_ms(self) -> int:
        return int(self.policy.retry_last_minutes * MINUTE_MS)


def pause_ms(policy: Policy, name: str, tries: int) -> int:
    """Doubles from try to try up to a limit, spread a quarter either way by name so that not all come at once."""
    wait_ms = min(policy.retry_first_seconds * SECOND_MS * 2 ** min(tries, 20), policy.retry_last_minutes * MINUTE_MS)
    return int(wait_ms * (0.75 + zlib.crc32(name.encode()) % 1_000 / 2_000))


def in_doubt(post: Post) -> bool:
    """Whether a first post may be there already, and so has to be looked for."""
    return post.ref is None and (post.state is PostState.UNKNOWN or post.why in DOUBTS)


def _found(post: Post, ref: Ref) -> Report:
    """It arrived after all. Which revision did is not known, so any but the first is sent once more as an edit."""
    arrived = replace(post, revision=max(1, post.revision - 1))
    return Report(what="found", write=lambda work: work.shown(arrived, ref), command=_delivered(post))


def _delivered(post: Post) -> Delivered | None:
    """The news for the question, when a text that its customer waits for has just been posted."""
    notice = post.notice
    if post.ref is not None or notice.about not in TEXTS or notice.question is None or notice.message is None:
        return None
    return Delivered(question=notice.question, message=notice.message)


def _undelivered(post: Post, why: str, retry_at: int | None = None) -> Undelivered | None:
    text = _delivered(post)
    if text is None:
        return None
    return Undelivered(question=text.question, message=text.message, why=why, retry_at=retry_at)


def _anew(notice: Notice) -> Notice:
    return replace(notice, args={**notice.args, "anew": 1})
