"""What was said on Discord since a moment: where it can have been said, and the messages themselves."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any, Final

import structlog

from adapters.discord.calling import Refused
from adapters.discord.directs import DIRECTS
from adapters.discord.office import Json, Office
from adapters.discord.places import spot
from adapters.discord.settings import DiscordServer
from adapters.discord.snowflakes import born_ms
from adapters.discord.times import Times
from bot.model import Category, Place, Question, State
from bot.ports import Blocked, Busy, PlatformTrouble

log = structlog.get_logger(__name__)

PAGE: Final = 100
EDITS: Final = 100  # messages from before the moment that are looked at for edits, where customers speak
WITH_THREADS: Final = frozenset({0, 5, 15, 16})  # text, announcements, forum, media
WITH_WORDS: Final = frozenset({0, 5})  # forums hold posts, which are threads
UNFINISHED: Final = tuple(state for state in State if state not in (State.SOLVED, State.CLOSED))
QUESTIONS_PAGE: Final = 200
QUESTIONS_MAX: Final = 5_000
READS_MAX: Final = 6  # of one page, while Discord is in trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A channel, thread or direct channel in which something may have been said. `edits`: a customer waits there, so
    that what they changed counts too. `look`: it is worth asking first whether there is anything new at all."""

    channel: str
    guild: str = ""
    edits: bool = False
    look: bool = False


@dataclass(slots=True, kw_only=True)
class _Unfinished:
    """Where questions that are not finished live: the `threads` of each channel, and the `users` who are answered
    in their direct messages."""

    threads: defaultdict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    users: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    office: Office
    times: Times

    async def stretches(self, mark_ms: int) -> list[Stretch]:
        """Everywhere that something may have been said since then that the bot is concerned by.

        Raises a platform's trouble that lasts. A server that the bot cannot look into is left out.
        """
        unfinished = await self._unfinished()
        ours = {place for each in await self.office.views.categories() for place in _places(each)}
        found: list[Stretch] = []
        for server in self.office.settings.servers:
            prefix = f"discord:{server.name}:"
            threads = {spot(at).channel: ids for at, ids in unfinished.threads.items() if at.startswith(prefix)}
            channels = {spot(place).channel for place in ours if place.startswith(prefix)}
            found += await self._in_server(server, channels, threads, mark_ms)
        return [*found, *await self._directs(unfinished.users)]

    async def said(self, stretch: Stretch, mark_ms: int) -> list[Json]:
        """What people said or edited there since then, in the order in which it was said.

        Newest first, and not onwards from the mark: the page that reaches the mark shows, for nothing, what was edited
        before it. What is said from now on arrives by itself.
        """
        found: list[Json] = []
        try:
            async for each in self._messages(stretch, mark_ms):
                if _is_new(each, mark_ms) and not _by_bot(each):
                    found.append(each)
        except Refused as refusal:
            log.warning("channel not read", channel=stretch.channel, trouble=str(refusal))
        named = {"guild_id": stretch.guild} if stretch.guild else {}  # as events name it; the history does not
        return [{**each, **named} for each in sorted(found, key=lambda each: int(each["id"]))]

    async def _messages(self, stretch: Stretch, mark_ms: int) -> AsyncIterator[Json]:
        channel, wanted, older = stretch.channel, EDITS if stretch.edits else 1, 0
        if stretch.look and not _is_spoken_in(await self._get("/channels/{channel_id}", channel_id=channel), mark_ms):
            return
        before: dict[str, str] = {}
        while True:
            page = await self._get(
                "/channels/{channel_id}/messages", query={"limit": PAGE, **before}, channel_id=channel
            )
            for each in page:
                yield each
            older += sum(born_ms(str(each["id"])) <= mark_ms for each in page)
            if len(page) < PAGE or older >= wanted:
                return
            before = {"before": str(page[-1]["id"])}

    # Servers

    async def _in_server(
        self, server: DiscordServer, channels: set[str], unfinished: Mapping[str, set[str]], mark_ms: int
    ) -> list[Stretch]:
        """`channels` are our categories', `unfinished` the threads that are known, by their channel."""
        parents = channels | set(server.help_channels) | unfinished.keys()
        if not parents:
            return []
        try:
            everything = await self._get("/guilds/{guild_id}/channels", guild_id=server.guild)
            active = await self._get("/guilds/{guild_id}/threads/active", guild_id=server.guild)
        except Refused as refusal:
            log.warning("server not read", server=server.name, trouble=str(refusal))
            return []
        places = [each for each in everything if str(each["id"]) in parents]
        threads = [each for each in active["threads"] if str(each.get("parent_id")) in parents]
        for each in places:
            threads += [thread async for thread in self._archived_since(each, mark_ms)]
        found: list[Stretch] = []
        for each in (*places, *threads):
            room = self.office.rooms.told(each, server.guild)
            asked_here = room.parent in server.help_channels and room.id in unfinished.get(room.parent, ())
            edits = room.id in server.help_channels or asked_here
            if (room.parent or each.get("type") in WITH_WORDS) and (edits or _is_spoken_in(each, mark_ms)):
                found.append(Stretch(channel=room.id, guild=server.guild, edits=edits))
        # What the lists may leave out: private threads that were archived meanwhile.
        listed = {str(each["id"]) for each in threads}
        for parent, ids in unfinished.items():
            edits = parent in server.help_channels
            found += [Stretch(channel=each, guild=server.guild, edits=edits) for each in sorted(ids - listed)]
        return found

    async def _archived_since(self, channel: Json, mark_ms: int) -> AsyncIterator[Json]:
        """A thread goes to sleep after an hour, if its owner wants: something can have been said there before."""
        before: dict[str, str] = {}
        while channel.get("type") in WITH_THREADS:
            try:
                page = await self._get(
                    "/channels/{channel_id}/threads/archived/public",
                    query={"limit": PAGE, **before},
                    channel_id=str(channel["id"]),
                )
            except Refused as refusal:
                log.warning("archived threads not read", channel=channel["id"], trouble=str(refusal))
                return
            for each in page["threads"]:
                at = str(each["thread_metadata"]["archive_timestamp"])
                if _ms(at) <= mark_ms:
                    return
                yield each
                before = {"before": at}
            if not page.get("has_more") or not page["threads"]:
                return

    async def _unfinished(self) -> _Unfinished:
        found, after = _Unfinished(), None
        for _ in range(QUESTIONS_MAX // QUESTIONS_PAGE):
            page = await self.office.views.questions(states=UNFINISHED, after=after, limit=QUESTIONS_PAGE)
            for each in page.rows:
                await self._note(each, found)
            after = page.after
            if after is None:
                break
        return found

    async def _note(self, question: Question, found: _Unfinished) -> None:
        """The threads under the question's cards, and the one where its customer is answered."""
        for card in await self.office.views.cards_of(question.id):
            at = card.notice.recipient
            if card.ref and "/" not in card.ref and at.startswith("discord:") and not spot(at).user:
                found.threads[at].add(str(card.ref))
        if question.origin.startswith("discord:"):
            asked = spot(question.origin)
            if asked.user:
                found.users.add(asked.user)
            elif asked.thread:
                found.threads[replace(asked, thread="").place].add(asked.thread)

    # Direct messages

    async def _directs(self, asking: set[str]) -> list[Stretch]:
        """Everybody's who ever used one, first of those who wait for an answer."""
        kept: dict[str, str] = json.loads(await self.office.desk.recall(DIRECTS) or "{}")
        found = [Stretch(channel=channel, edits=True) for user, channel in kept.items() if user in asking]
        others = [Stretch(channel=channel, look=True) for user, channel in kept.items() if user not in asking]
        return [*found, *reversed(others)]

    # Asking Discord

    async def _get(self, path: str, *, query: Mapping[str, str | int] | None = None, **ids: Any) -> Any:
        """Reading twice harms nobody, so trouble is waited out here: one page of many must not undo the others."""
        pause = self.times.again_seconds
        for tried in count(1):
            try:
                return await self.office.calls.call("GET", path, query=query, **ids)
            except Blocked:
                raise
            except PlatformTrouble as trouble:
                if tried >= READS_MAX:
                    raise
                await asyncio.sleep(max(trouble.retry_after_seconds if isinstance(trouble, Busy) else 0.0, pause))
                pause = min(pause * 2, self.times.again_seconds_max)
        raise AssertionError("it ends by an answer or by trouble")


def edited_ms(message: Json) -> int:
    """When its author last changed it, 0 for never."""
    edited = message.get("edited_timestamp")
    return _ms(str(edited)) if edited else 0


def _is_new(message: Json, mark_ms: int) -> bool:
    return max(born_ms(str(message["id"])), edited_ms(message)) > mark_ms


def _is_spoken_in(channel: Json, mark_ms: int) -> bool:
    """By the newest message that Discord remembers; a thread that is new itself is looked at in any case."""
    newest = max(int(channel.get("last_message_id") or 0), int(channel["id"]) if channel.get("parent_id") else 0)
    return born_ms(str(newest)) > mark_ms


def _by_bot(message: Json) -> bool:
    return bool((message.get("author") or {}).get("bot") or message.get("webhook_id"))


def _ms(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp() * 1_000)


def _places(category: Category) -> tuple[Place, ...]:
    return (*category.channels, *((category.staff_channel,) if category.staff_channel else ()))
