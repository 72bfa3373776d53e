"""Makes Discord show what it should: cards with threads, posts in forums, lines, direct messages, files."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.discord.calling import Calls, Refused
from adapters.discord.calling_over import READ, CallingOver, may_be_called
from adapters.discord.directs import Directs
from adapters.discord.finding import Finding
from adapters.discord.lost import NOT_IN_SERVER, is_lost
from adapters.discord.messages import Message, title_of
from adapters.discord.places import Spot, spot
from adapters.discord.saying import Saying
from adapters.discord.settings import DiscordSettings
from adapters.discord.threads import Threads, thread_name
from adapters.discord.trouble import (
    DIRECT_CLOSED,
    NO_DIRECT,
    TAG_REQUIRED,
    THREAD_EXISTS,
    TO_ATTACH,
    TO_KEEP_THREADS,
    TO_LOOK,
    TO_OPEN_THREADS,
    TO_SEND,
    TO_SPEAK,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    UNKNOWN_TAG,
    log,
    meaning,
    plainly,
    trouble_of,
)
from bot.card import Card
from bot.model import FileId, Post, PostKind, QuestionId, Ref
from bot.ports import Blocked, Busy, Desk, Facts, Gone, Unknown, Views
from bot.wording import aside

__all__ = ["READ", "Posting"]

HAS_THREAD: Final = 1 << 5  # flag of a message


@dataclass(slots=True, kw_only=True)
class Posting:
    """The showing half of the bot. `content` gives the bytes of a file that a card shows; `now` milliseconds UTC."""

    calls: Calls
    settings: DiscordSettings
    views: Views
    content: Callable[[FileId], Awaitable[bytes]]
    desk: Desk
    now: Callable[[], int]
    threads: Threads = field(init=False)
    directs: Directs = field(init=False)
    _saying: Saying = field(init=False)
    _finding: Finding = field(init=False)
    _calling_over: CallingOver = field(init=False)

    def __post_init__(self) -> None:
        calls, views = self.calls, self.views
        self.threads = Threads(calls=calls, views=views, now=self.now)
        self.directs = Directs(calls=calls, desk=self.desk)
        self._saying = Saying(calls=calls, threads=self.threads, views=views, content=self.content, now=self.now)
        self._finding = Finding(calls=calls)
        self._calling_over = CallingOver(calls=calls, settings=self.settings, views=views, desk=self.desk)

    async def put(self, post: Post, card: Card) -> Ref:
        """Raises Busy, Unknown, Blocked or Gone."""
        try:
            with plainly():
                return await self._first(post, card) if post.ref is None else await self._edit(post, card, post.ref)
        except Gone as gone:
            if await is_lost(self.desk, spot(post.notice.recipient).server):
                raise Blocked(NOT_IN_SERVER, "Invite the bot again: `guildhall discord-invite`.") from gone
            raise

    async def find(self, post: Post) -> Ref | None:
        """Looks through the channel, thread or forum since the post was wanted. Raises as `put` does."""
        try:
            with plainly(*TO_LOOK):
                return await self._find(post)
        except Gone:
            return None
        except Blocked as blocked:
            if blocked.why == DIRECT_CLOSED:
                return None
            raise

    async def remove(self, post: Post) -> None:
        """Takes the message away, a card with its thread; harmless when they are gone. Raises as `put` does."""
        if post.ref is None:
            return
        try:
            with plainly(*TO_KEEP_THREADS):
                await self._remove(post, post.ref)
        except Gone:
            return

    # First posts

    async def _first(self, post: Post, card: Card) -> Ref:
        target = self._target(post)
        if target.user:
            return await self._direct(post, card, target.user)
        what = await self._saying.drawn(post, card)
        if post.parent_ref:
            return await self._line(post, what, target, post.parent_ref)
        if target.thread:
            return await self._line(post, what, target, target.thread)
        ground = await self.threads.ground(target.channel)
        if ground.is_forum:
            return await self._forum_post(post, card, what, target.channel)
        facts = await self._facts(post) if _is_question(post) and ground.has_threads else None
        with meaning("channel", *TO_SEND, *_with(what)):
            found = await self._saying.say(target.channel, post, what)
        if facts is not None and not _has_thread(found):
            try:
                await self._give_thread(post, facts, target.channel, str(found["id"]))
            except Busy as busy:
                raise Unknown("the card is there, its thread is not") from busy
        return Ref(str(found["id"]))

    async def _give_thread(self, post: Post, facts: Facts, channel: str, card: str) -> None:
        """The card is there in any case: what is refused here is said by the first line that needs the thread."""
        assert post.notice.question is not None
        try:
            await self.threads.open(channel, card, thread_name(facts, post.notice.question))
        except Refused as refusal:
            if refusal.code != THREAD_EXISTS:
                log.warning("card without a thread", slot=post.notice.slot, trouble=str(refusal))

    async def _forum_post(self, post: Post, card: Card, what: Message, forum: str) -> Ref:
        """A thread with its first message, in one request that Discord would carry out as often as it is sent."""
        try:
            return await self._posted(post, card, what, forum)
        except Refused as refusal:
            if refusal.code not in (TAG_REQUIRED, UNKNOWN_TAG):
                raise
        await self.threads.ground(forum, fresh=True)  # the forum's tags have changed
        return await self._posted(post, card, what, forum)

    async def _posted(self, post: Post, card: Card, what: Message, forum: str) -> Ref:
        name, tags = title_of(card), await self.threads.any_tag(forum)
        if _is_question(post) and post.notice.question is not None:
            look = await self.threads.look(await self._facts(post), post.notice.question, forum=forum)
            name, tags = look.name, look.tags if look.tags is not None else tags
        moderated = TO_KEEP_THREADS if set(tags) & (await self.threads.ground(forum)).moderated else ()
        try:
            return Ref(await self.threads.start(forum, name, tags, what.body(), what.files))
        except Refused as refusal:
            if refusal.code in (TAG_REQUIRED, UNKNOWN_TAG):
                raise
            raise trouble_of(refusal, "channel", (*TO_SEND, *_with(what), *moderated)) from refusal

    async def _line(self, post: Post, what: Message, target: Spot, thread: str) -> Ref:
        """Into the thread under a message, which is made if it is not there: of a card, or of a customer's words."""
        ground = await self.threads.ground(target.channel)
        if not (ground.is_forum or ground.has_threads):
            with meaning("channel", *TO_SEND, *_with(what)):
                return Ref(str((await self._saying.say(target.channel, post, what))["id"]))
        slept = self.threads.is_asleep(thread)
        with meaning("thread", *TO_SPEAK, *_with(what)):
            try:
                found = await self._saying.say(thread, post, what)
            except Refused as refusal:
                if refusal.code != UNKNOWN_CHANNEL or ground.is_forum:
                    raise
                await self._open(post, target.channel, thread)
                found = await self._saying.say(thread, post, what)
        if slept:
            await self._saying.sleep_again(thread, post)
        return Ref(str(found["id"]))

    async def _open(self, post: Post, channel: str, parent: str) -> None:
        """The thread that a line needs. One that Discord had before, and has no more, was deleted by somebody."""
        name = aside("your-question").title
        if post.parent_ref and post.notice.question is not None:
            name = thread_name(await self._facts(post), post.notice.question)
        try:
            await self.threads.open(channel, parent, name)
        except Refused as refusal:
            if refusal.code == THREAD_EXISTS:
                raise Gone("thread") from refusal
            raise trouble_of(refusal, "channel", TO_OPEN_THREADS) from refusal

    async def _direct(self, post: Post, card: Card, user: str) -> Ref:
        what = await self._saying.drawn(post, card)
        try:
            channel = await self.directs.channel(user)
            return Ref(str((await self._saying.say(channel, post, what))["id"]))
        except Refused as refusal:
            if refusal.code not in NO_DIRECT:
                raise
            closed = refusal
        place = await self._calling_over.where(post, user) if may_be_called(closed) else None
        if place is None:
            raise closed
        try:
            return Ref(f"{place}/{await self._calling_over.call(post, user, place)}")
        except Refused as refusal:
            log.warning("not called over either", slot=post.notice.slot, trouble=str(refusal))
            raise closed from refusal

    # Edits

    async def _edit(self, post: Post, card: Card, ref: Ref) -> Ref:
        if card.files or "/" in ref:
            return ref  # a file does not change, and a call only points at what is shown when it is asked for
        target = self._target(post)
        channel = await self._channel(post, target, ref)
        what = await self._saying.drawn(post, card)
        with meaning("channel" if channel == target.channel else "thread", *TO_KEEP_THREADS):
            if _is_question(post) and post.notice.question is not None and not target.user:
                await self._edit_card(post, post.notice.question, what, target.channel, channel)
                return ref
            try:
                await self._saying.change(channel, ref, post, what)
            except Refused as refusal:
                if refusal.code != UNKNOWN_MESSAGE or post.notice.kind is not PostKind.LINE:
                    raise  # a line that somebody took away needs no edit
        return ref

    async def _edit_card(self, post: Post, question: QuestionId, what: Message, home: str, channel: str) -> None:
        """`channel` is where the message is: the post itself in a forum, else the channel `home`."""
        assert post.ref is not None
        facts, ground = await self._facts(post), await self.threads.ground(home)
        if ground.is_forum:
            look = await self.threads.look(facts, question, forum=home, thread=post.ref)
            await self.threads.awake(post.ref, look)
            await self._saying.change(channel, post.ref, post, what)
            await self.threads.settle(post.ref, look)
            return
        found = await self._saying.change(channel, post.ref, post, what)
        if not ground.has_threads:
            return
        if not _has_thread(found):
            await self._give_thread(post, facts, channel, post.ref)
        try:
            await self.threads.settle(post.ref, await self.threads.look(facts, question))
        except Gone:
            return  # the thread alone was deleted: the next line finds that out
        except Refused as refusal:
            if refusal.code != UNKNOWN_CHANNEL:
                raise

    # Removals

    async def _remove(self, post: Post, ref: Ref) -> None:
        if "/" in ref:
            channel, _, ref_there = ref.partition("/")
            await self._saying.take_away(channel, ref_there, post)
            return
        target = self._target(post)
        channel = await self._channel(post, target, ref)
        if channel != ref:  # the message alone; in a forum it goes with its post
            await self._gone_already(self._saying.take_away(channel, ref, post))
        if channel == ref or (_is_question(post) and not target.user):
            await self._gone_already(self.calls.call("DELETE", "/channels/{channel_id}", channel_id=ref))
            self.threads.forget(ref)

    async def _gone_already(self, doing: Awaitable[Any]) -> None:
        try:
            await doing
        except Refused as refusal:
            if refusal.code not in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
                raise
        except Gone:
            return

    # Finding

    async def _find(self, post: Post) -> Ref | None:
        target = self._target(post)
        if target.user:
            return await self._find_direct(post, target.user)
        ground = await self.threads.ground(target.channel)
        inside = post.parent_ref or target.thread
        if inside and (ground.is_forum or ground.has_threads):
            return _ref_of(await self._finding.message(inside, post))
        if ground.is_forum:
            server = self.settings.server(target.server)
            assert server is not None
            thread = await self._finding.forum_post(server.guild, target.channel, post)
            if thread is not None:
                self.threads.told(thread)
            return _ref_of(thread)
        found = await self._finding.message(target.channel, post)
        if found is not None and _is_question(post) and ground.has_threads and not _has_thread(found):
            await self._give_thread(post, await self._facts(post), target.channel, str(found["id"]))
        return _ref_of(found)

    async def _find_direct(self, post: Post, user: str) -> Ref | None:
        try:
            found = await self._finding.message(await self.directs.channel(user), post)
            if found is not None:
                return _ref_of(found)
        except Refused as refusal:
            if refusal.code not in NO_DIRECT:
                raise
        place = await self._calling_over.where(post, user)
        called = await self._finding.message(place, post) if place is not None else None
        return Ref(f"{place}/{called['id']}") if called is not None else None

    # Addresses

    def _target(self, post: Post) -> Spot:
        """Raises Blocked for a server that is not configured, or no longer."""
        target = spot(post.notice.recipient)
        if not target.user and self.settings.server(target.server) is None:
            raise Blocked("platform-off", f"There is no [discord.{target.server}] in the settings.")
        return target

    async def _channel(self, post: Post, target: Spot, ref: Ref) -> str:
        """Where a message that is shown is; a post in a forum is a channel of its own, with the message's id."""
        if target.user:
            return await self.directs.channel(target.user)
        ground = await self.threads.ground(target.channel)
        inside = post.parent_ref or target.thread
        if inside and (ground.is_forum or ground.has_threads):
            return inside
        return ref if ground.is_forum else target.channel

    async def _facts(self, post: Post) -> Facts:
        return await self.views.facts(post.notice.question, now=self.now())


def _is_question(post: Post) -> bool:
    """Whether it is a card that has a thread."""
    return post.notice.about in ("question", "staff") and post.notice.question is not None and not post.parent_ref


def _has_thread(found: Mapping[str, Any]) -> bool:
    return bool(int(found.get("flags") or 0) & HAS_THREAD)


def _with(what: Message) -> tuple[Any, ...]:
    """What its files need."""
    return TO_ATTACH if what.files else ()


def _ref_of(found: Mapping[str, Any] | None) -> Ref | None:
    return Ref(str(found["id"])) if found is not None else None
