"""After every gap: reads what was said meanwhile, so that a message missed by the socket is late and not lost."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import structlog

from adapters.slack.calling import Refused
from adapters.slack.hearing import Hearing
from adapters.slack.office import Body, Office
from adapters.slack.places import spot
from adapters.slack.times import Times
from bot.gaps import Gaps
from bot.model import Category, Place, Question, State
from bot.ports import Blocked, Busy, Hear, PlatformTrouble, StorageTrouble, Unknown

log = structlog.get_logger(__name__)

# Slack delivers an event again at once, after a minute and after five: what is older has been delivered or never will.
REDELIVERED_FOR_SECONDS: Final = 600
FIRST_LOOK_BACK_SECONDS: Final = 3_600
PAGE: Final = 200
ROOTS: Final = 400  # messages of a channel that are looked at for edits and for new replies under them
ROOTS_DIRECT: Final = 50
CONVERSATIONS_MAX: Final = 2_000
UNFINISHED: Final = tuple(state for state in State if state not in (State.SOLVED, State.CLOSED))
QUESTIONS_MAX: Final = 5_000
READS_MAX: Final = 6  # of one page, while Slack is in trouble
TAKES_MAX: Final = 3  # of one message that cannot be taken in; Slack, too, delivers no more often than that


@dataclass(slots=True, kw_only=True)
class CatchingUp:
    """Everything before the mark was delivered; it is kept in the database and moves while the socket is well."""

    office: Office
    hearing: Hearing
    times: Times
    gaps: Gaps = field(init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _failed: "Counter[tuple[str, str]]" = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.gaps = Gaps(hold_seconds=self.times.hold_seconds)

    @property
    def _name(self) -> str:
        return f"slack/{self.office.settings.name}/mark"

    async def move_mark(self) -> None:
        """To be called while everything that happens is known to arrive."""
        if not self._lock.locked():
            await self.office.desk.keep(self._name, str(self._now() - REDELIVERED_FOR_SECONDS))

    async def catch_up(self, hear: Hear) -> int:
        """Takes in what was said since the mark, each channel in the order in which it was said there.

        Gives how many messages it found. What was taken in already is left alone. Raises a platform's trouble, also
        when a message could not be taken in; the mark then stays where it is.
        """
        async with self._lock:
            await self.hearing.once.recall()
            began, gap, found, whole = self._now(), self.gaps.last, 0, True
            mark = await self._mark(began)
            threads = await self._open_threads()
            left = dict.fromkeys(await self._channels())
            self.gaps.release(gap, left)
            while left:
                channel = next(iter(self.gaps.waited_for(left) or left))
                said = {str(each["ts"]): each async for each in self._said(channel, mark, threads[channel])}
                in_order = [said[ts] for ts in sorted(said, key=float)]
                whole = await self._take_all(channel, in_order, mark, hear) and whole
                found += len(said)
                del left[channel]
                self.gaps.release(gap, left)
            if not whole:
                raise Unknown("not everything could be taken in")
            self.gaps.close(gap)
            await self.office.desk.keep(self._name, str(began - REDELIVERED_FOR_SECONDS))
            log.info("caught up", workspace=self.office.settings.name, messages=found)
            return found

    async def _mark(self, now: float) -> float:
        """Never later than it would be kept now: a clock that ran ahead once must not hide what was said since."""
        kept = await self.office.desk.recall(self._name)
        return min(float(kept), now - REDELIVERED_FOR_SECONDS) if kept else now - FIRST_LOOK_BACK_SECONDS

    async def _take_all(self, channel: str, said: list[Body], mark: float, hear: Hear) -> bool:
        """Whether all were: what cannot be taken in holds up its channel, and no other, until it is given up."""
        for event in said:
            which = (channel, str(event["ts"]))
            try:
                await self._take_in(channel, event, mark, hear)
            except (PlatformTrouble, StorageTrouble):
                raise
            except Exception:
                self._failed[which] += 1
                log.exception("message not taken in", channel=channel, ts=which[1], tried=self._failed[which])
                if self._failed[which] < TAKES_MAX:
                    return False
        return True

    async def _take_in(self, channel: str, event: Body, mark: float, hear: Hear) -> None:
        """A message that was taken in before it was edited only needs its new words."""
        edited = bool(event.get("edited")) and event.get("user") and not event.get("bot_id")
        if edited and (float(event["ts"]) <= mark or await self.hearing.knows(channel, str(event["ts"]))):
            await self.hearing.reworded(channel, event, hear)
        elif float(event["ts"]) > mark:
            await self.hearing.message({**event, "channel": channel}, hear, live=False)

    # Where to read

    async def _channels(self) -> list[str]:
        """Ours by the categories, those where customers ask, and people's conversations with the bot."""
        places = [place for each in await self.office.views.categories() for place in _places(each)]
        ours = {spot(place).channel for place in places if place.startswith(self._prefix)}
        return [*sorted(filter(None, ours | set(self.office.settings.help_channels))), *await self._conversations()]

    async def _conversations(self) -> list[str]:
        found: list[str] = []
        try:
            async for each in self._pages("conversations.list", "channels", types="im", exclude_archived=True):
                if not each.get("is_user_deleted"):
                    found.append(str(each["id"]))
                if len(found) >= CONVERSATIONS_MAX:
                    break
        except Refused as refusal:
            log.warning("conversations not listed", workspace=self.office.settings.name, trouble=str(refusal))
        return found

    async def _open_threads(self) -> defaultdict[str, set[str]]:
        """By channel, the threads of unfinished questions: they may be older than what is looked at."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        after: str | None = None
        for _ in range(QUESTIONS_MAX // PAGE):
            page = await self.office.views.questions(states=UNFINISHED, after=after, limit=PAGE)
            for place, thread in [pair for each in page.rows for pair in await self._threads_of(each)]:
                if place.startswith(self._prefix):
                    found[spot(place).channel].add(thread)
            after = page.after
            if after is None:
                break
        return found

    async def _threads_of(self, question: Question) -> list[tuple[Place, str]]:
        cards = await self.office.views.cards_of(question.id)
        threads = [(each.notice.recipient, str(each.ref)) for each in cards if each.ref]
        own = question.origin.partition("/")[2]
        return [*threads, (question.origin, own)] if own else threads

    # What there is to read

    async def _said(self, channel: str, mark: float, threads: Iterable[str]) -> AsyncIterator[Body]:
        """What was said or edited in the channel and in its threads since the mark."""
        try:
            live = set(threads)
            async for root in self._roots(channel, mark):
                live.discard(str(root["ts"]))
                if float(root.get("latest_reply") or 0) > mark:
                    live.add(str(root["ts"]))
                if _is_new(root, mark):
                    yield root
            for thread in sorted(live):
                oldest = f"{mark:.6f}"
                async for reply in self._pages(
                    "conversations.replies", "messages", channel=channel, ts=thread, oldest=oldest
                ):
                    if reply.get("ts") != thread and _is_new(reply, mark):
                        yield reply
        except Refused as refusal:
            name = self.office.settings.name
            log.warning("channel not read", workspace=name, channel=channel, trouble=str(refusal))

    async def _roots(self, channel: str, mark: float) -> AsyncIterator[Body]:
        """Newest first, all since the mark, and some before it: they may have been edited or replied to."""
        enough, seen = ROOTS_DIRECT if channel.startswith("D") else ROOTS, 0
        async for each in self._pages("conversations.history", "messages", channel=channel):
            seen += 1
            if seen > enough and float(each["ts"]) <= mark:
                return
            yield each

    async def _pages(self, method: str, rows: str, **where: Any) -> AsyncIterator[Body]:
        cursor: str | None = None
        while True:
            answer = await self._page(method, limit=PAGE, cursor=cursor, **where)
            for each in answer.get(rows) or ():
                yield each
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _page(self, method: str, **where: Any) -> dict[str, Any]:
        """Reading twice harms nobody, so trouble is waited out here: one page of many must not undo the others."""
        for tried in count(1):
            try:
                return await self.office.calls.call(method, **where)
            except Blocked:
                raise
            except PlatformTrouble as trouble:
                if tried >= READS_MAX:
                    raise
                busy = trouble.retry_after_seconds if isinstance(trouble, Busy) else 0.0
                await asyncio.sleep(max(busy, self.times.again_seconds))
        raise AssertionError("it ends by an answer or by trouble")

    @property
    def _prefix(self) -> str:
        return f"slack:{self.office.settings.name}:"

    def _now(self) -> float:
        return self.office.now() / 1_000


def _is_new(event: Body, mark: float) -> bool:
    return max(float(event["ts"]), float((event.get("edited") or {}).get("ts") or 0)) > mark


def _places(category: Category) -> tuple[Place, ...]:
    return (*category.channels, *((category.staff_channel,) if category.staff_channel else ()))
