"""The threads and posts of questions: what they are called, their tags, and whether they sleep."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from adapters.discord.calling import Calls, Refused
from adapters.discord.permissions import FORUMS, NEWS, TEXT
from adapters.discord.sizes import THREAD_NAME
from adapters.discord.trouble import TO_KEEP_THREADS, UNKNOWN_CHANNEL, meaning
from bot.model import Category, Question, QuestionId, State, spoken_number
from bot.ports import Blocked, Busy, Facts, Views
from bot.wording.fitting import blank, fitted, one_line

log = structlog.get_logger(__name__)

ARCHIVE_MINUTES: Final = 10_080  # the longest there is: a question is open until it is settled
TAG_CHARS: Final = 20
TAGS_MAX: Final = 5
KNOWN_MAX: Final = 20_000
PLACE_MS: Final = 600_000  # how old what we know of a forum's tags may be
REQUIRE_TAG: Final = 1 << 4
THREADS: Final = (10, 11, 12)

STATE_TAGS: Final[Mapping[State, str]] = {
    State.OPEN: "Open",
    State.CLAIMED: "Claimed",
    State.WAITING: "Waiting",
    State.REVIEW: "In review",
    State.ANSWERED: "Answered",
    State.ESCALATED: "With staff",
    State.SOLVED: "Solved",
    State.CLOSED: "Closed",
    State.HELD: "Held",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A channel or forum as Discord describes it. `tags` are id, name and whether only moderators may use it."""

    kind: int
    tags: tuple[tuple[str, str, bool], ...] = ()
    needs_tag: bool = False
    at: int = 0

    @property
    def is_forum(self) -> bool:
        return self.kind in FORUMS

    @property
    def moderated(self) -> frozenset[str]:
        """The tags that take a permission."""
        return frozenset(key for key, _, moderated in self.tags if moderated)

    @property
    def has_threads(self) -> bool:
        """Whether a message here can have a thread."""
        return self.kind in (TEXT, NEWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What a thread was like when Discord last told."""

    name: str
    tags: tuple[str, ...]
    archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a question's thread should be like. `renames` says that the words in its name may be outdated, `must` that
    they must not be read any more. `tags` is None where there are none, or none that we keep."""

    number: str
    name: str
    renames: bool = False
    must: bool = False
    asleep: bool = False
    tags: tuple[str, ...] | None = None


@dataclass(slots=True, kw_only=True)
class Threads:
    """`now` gives milliseconds UTC. `_not_before` is when a thread may be renamed again."""

    calls: Calls
    views: Views
    now: Callable[[], int]
    _grounds: "OrderedDict[str, Ground]" = field(default_factory=OrderedDict)
    _known: "OrderedDict[str, Thread]" = field(default_factory=OrderedDict)
    _not_before: dict[str, int] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    # What is known

    def told(self, payload: Mapping[str, Any]) -> None:
        """A thread or channel as an event or an answer gives it."""
        channel, kind = str(payload["id"]), payload.get("type")
        if kind not in THREADS:
            if channel in self._grounds and kind is not None:
                _remember(self._grounds, channel, self._ground_of(payload))
            return
        slept = payload.get("thread_metadata")
        if slept is None:
            self.forget(channel)
            return
        tags = tuple(map(str, payload.get("applied_tags") or ()))
        thread = Thread(name=str(payload.get("name") or ""), tags=tags, archived=bool(slept.get("archived")))
        _remember(self._known, channel, thread)

    def forget(self, thread: str) -> None:
        self._known.pop(thread, None)

    def is_asleep(self, thread: str) -> bool:
        """As far as we were told."""
        known = self._known.get(thread)
        return known is not None and known.archived

    async def ground(self, channel: str, *, fresh: bool = False) -> Ground:
        """What kind of channel that is. Raises Refused or a platform's trouble when Discord has to be asked."""
        async with self._lock:
            known = self._grounds.get(channel)
            old = known is not None and known.is_forum and self.now() - known.at > PLACE_MS
            if known is None or fresh or old:
                answer = await self.calls.call("GET", "/channels/{channel_id}", channel_id=channel)
                known = self._ground_of(answer)
                _remember(self._grounds, channel, known)
            return known

    def _ground_of(self, payload: Mapping[str, Any]) -> Ground:
        tags = payload.get("available_tags") or ()
        return Ground(
            kind=int(payload["type"]),
            tags=tuple((str(each["id"]), str(each["name"]), bool(each.get("moderated"))) for each in tags),
            needs_tag=bool(int(payload.get("flags") or 0) & REQUIRE_TAG),
            at=self.now(),
        )

    async def _thread(self, thread: str) -> Thread:
        known = self._known.get(thread)
        if known is None:
            self.told(await self.calls.call("GET", "/channels/{channel_id}", channel_id=thread))
            known = self._known.get(thread)
            if known is None:
                raise Refused("GET thread", UNKNOWN_CHANNEL, 404, "it is no thread")
        return known

    # What is wanted

    async def look(self, facts: Facts, question: QuestionId, *, forum: str = "", thread: str = "") -> Look:
        """How the question's thread should look; `forum` is where it stands, when that is one."""
        subject, number = facts.question, spoken_number(question)
        if subject is None:
            return Look(number=number, name=number)
        private = facts.category is None or facts.category.private
        first = facts.messages.get(1)
        hidden = private or first is None or first.redacted
        tags = None
        if forum:
            present = (await self._thread(thread)).tags if thread else ()
            tags = await self.tags(forum, subject, facts.category, present=present)
        return Look(
            number=number,
            name=thread_name(facts, question),
            renames=hidden or (first is not None and first.revision > 1),
            must=hidden,
            asleep=is_over(facts),
            tags=tags,
        )

    async def tags(
        self, forum: str, question: Question, category: Category | None, *, present: Iterable[str] = ()
    ) -> tuple[str, ...]:
        """The ids of the tags that the question's post should have: state, category, and what people added."""
        ground = await self.ground(forum)
        ids = {name.casefold(): key for key, name, _ in ground.tags}
        wanted = wanted_tags([category.title] if category is not None else [])
        wanted = (STATE_TAGS[question.state], *wanted[len(STATE_TAGS) :])
        found = [ids[name.casefold()] for name in wanted if name.casefold() in ids]
        others = [each for each in present if each not in found]
        if others:
            ours = {name.casefold() for name in wanted_tags(each.title for each in await self.views.categories())}
            names = {key: name.casefold() for key, name, _ in ground.tags}
            found += [each for each in others if each in names and names[each] not in ours]
        return tuple(dict.fromkeys(found))[:TAGS_MAX] or _any_tag(ground)

    async def any_tag(self, forum: str) -> tuple[str, ...]:
        """For posts that are no question's: none, or one where there has to be one."""
        return _any_tag(await self.ground(forum))

    # Making it so

    async def open(self, channel: str, message: str, name: str) -> None:
        """Makes the thread of a message. Raises Refused or a platform's trouble."""
        answer = await self.calls.call(
            "POST",
            "/channels/{channel_id}/messages/{message_id}/threads",
            json={"name": name, "auto_archive_duration": ARCHIVE_MINUTES},
            channel_id=channel,
            message_id=message,
        )
        self.told(answer)

    async def start(
        self, forum: str, name: str, tags: Sequence[str], first: dict[str, Any], files: Sequence[tuple[str, bytes]]
    ) -> str:
        """Makes a post in a forum: its id, and that of its first message. It takes no nonce: sent twice it is two.

        Raises Refused or a platform's trouble.
        """
        answer = await self.calls.call(
            "POST",
            "/channels/{channel_id}/threads",
            json={
                "name": name,
                "auto_archive_duration": ARCHIVE_MINUTES,
                "applied_tags": list(tags),
                "message": first,
            },
            query={"use_nested_fields": 1},
            files=files,
            channel_id=forum,
        )
        self.told(answer)
        return str(answer["id"])

    async def awake(self, thread: str, look: Look | None = None) -> None:
        """Before something in it is changed: what sleeps takes no edit."""
        known = await self._thread(thread)
        if known.archived:
            await self._change(thread, archived=False, **_tags_of(look, known))

    async def wake(self, thread: str) -> None:
        """The same, when Discord says that it sleeps."""
        await self._change(thread, archived=False)

    async def settle(self, thread: str, look: Look) -> None:
        """After the card was changed, awake: the name, when its words were; the tags; and sleep, when all is over."""
        if not (look.renames or look.asleep or look.tags is not None):
            return
        known = await self._thread(thread)
        late = False
        if look.renames and _is_outdated(known.name, look):
            late = not await self._rename(thread, look)
            known = await self._thread(thread)
        changes: dict[str, Any] = _tags_of(look, known)
        if look.asleep and not known.archived:
            changes["archived"] = True
        if changes:
            await self._change(thread, **changes)
        if late and look.must:
            raise Blocked("busy", "Discord lets a thread be renamed twice in ten minutes; it is tried again by itself.")

    async def let_sleep(self, thread: str) -> None:
        await self._change(thread, archived=True)

    async def _rename(self, thread: str, look: Look) -> bool:
        """By a request of its own, for Discord limits new names to two in ten minutes. False: not now."""
        if self.now() < self._not_before.get(thread, 0):
            return False
        await self.awake(thread)
        try:
            await self._change(thread, name=look.name)
        except Busy as busy:
            if len(self._not_before) >= KNOWN_MAX:
                self._not_before.clear()
            self._not_before[thread] = self.now() + int(busy.retry_after_seconds * 1000)
            log.info("thread not renamed yet", question=look.number, seconds=busy.retry_after_seconds)
            return False
        self._not_before.pop(thread, None)
        return True

    async def _change(self, thread: str, **changes: Any) -> None:
        with meaning("thread", *TO_KEEP_THREADS):
            answer = await self.calls.call("PATCH", "/channels/{channel_id}", json=changes, channel_id=thread)
        self.told(answer)


def wanted_tags(titles: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of the tags that a forum should have, in their order: every state, and its categories' titles as far
    as a tag holds them."""
    return (*STATE_TAGS.values(), *(title.strip()[:TAG_CHARS].strip() for title in titles))


def is_over(facts: Facts) -> bool:
    """Whether nothing more is expected to be said about the question."""
    question = facts.question
    return question is not None and (question.settled or question.state is State.CLOSED)


def thread_name(facts: Facts, question: QuestionId) -> str:
    """`Q7K3 · Why was I billed twice`: the number, and the first words of a question that everybody there may read."""
    number, first = spoken_number(question), facts.messages.get(1)
    if facts.category is None or facts.category.private or first is None or first.redacted:
        return number
    words = one_line(first.shown_text)
    return number if blank(words) else fitted(f"{number} · {words}", THREAD_NAME)


def _is_outdated(name: str, look: Look) -> bool:
    """Whether the name is ours and says something else; one that somebody gave it by hand stays."""
    return name != look.name and (name == look.number or name.startswith(f"{look.number} ·"))


def _tags_of(look: Look | None, known: Thread) -> dict[str, Any]:
    """The tags to set, if they are others than it has; their order means nothing."""
    if look is None or look.tags is None or set(look.tags) == set(known.tags):
        return {}
    return {"applied_tags": list(look.tags)}


def _any_tag(ground: Ground) -> tuple[str, ...]:
    """Where a post must have a tag and none of ours is there, the first will do."""
    if not ground.needs_tag:
        return ()
    allowed = [key for key, _, moderated in ground.tags if not moderated]
    return tuple((allowed or [key for key, _, _ in ground.tags])[:1])


def _remember(known: "OrderedDict[str, Any]", key: str, value: object) -> None:
    known[key] = value
    known.move_to_end(key)
    while len(known) > KNOWN_MAX:
        known.popitem(last=False)
