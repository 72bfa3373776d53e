"""Looks on Discord for posts that may be there although their answer was lost."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from adapters.discord.calling import Calls, Refused
from adapters.discord.messages import post_of
from adapters.discord.snowflakes import born_ms, first_of
from adapters.discord.trouble import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from bot.model import Post

PAGE: Final = 100
PAGES_MAX: Final = 25
POSTS_MAX: Final = 200
CLOCKS_MS: Final = 300_000  # how far Discord's clock and ours may be apart

Json = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Finding:
    """Everything here raises Refused or a platform's trouble."""

    calls: Calls

    async def message(self, channel: str, post: Post) -> Json | None:
        """The post among the messages of a channel, thread or direct conversation."""
        async for found in self._messages(channel, since(post)):
            if self._is(found, post):
                return found
        return None

    async def forum_post(self, guild: str, forum: str, post: Post) -> Json | None:
        """The post among the threads of a forum, whose first messages carry their ids."""
        looked = 0
        async for thread in self._threads(guild, forum, since(post)):
            if looked >= POSTS_MAX:
                return None
            looked += 1
            try:
                first = await self.calls.call(
                    "GET",
                    "/channels/{channel_id}/messages/{message_id}",
                    channel_id=str(thread["id"]),
                    message_id=str(thread["id"]),
                )
            except Refused as refusal:
                if refusal.code not in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
                    raise
                continue
            if self._is(first, post):
                return thread
        return None

    def _is(self, found: Json, post: Post) -> bool:
        """Others may use the same ids inside of their messages."""
        return str((found.get("author") or {}).get("id")) == self._own() and post_of(found) == post.id

    def _own(self) -> str:
        client = self.calls.client
        return str(client.user.id) if client is not None and client.user is not None else ""

    async def _messages(self, channel: str, after: int) -> AsyncIterator[Json]:
        for page in range(PAGES_MAX):
            found = await self.calls.call(
                "GET",
                "/channels/{channel_id}/messages",
                query={"after": str(after), "limit": PAGE},
                channel_id=channel,
            )
            if not found and page == 0:
                await self._check_sight(channel, after)
            for each in found:
                yield each
            if len(found) < PAGE:
                return
            after = max(int(each["id"]) for each in found)

    async def _check_sight(self, channel: str, after: int) -> None:
        """Whoever may not read the history is shown an empty one: what cannot be seen must not be taken for lost."""
        last = (await self.calls.call("GET", "/channels/{channel_id}", channel_id=channel)).get("last_message_id")
        if not last or int(last) <= after:
            return
        try:
            await self.calls.call(
                "GET", "/channels/{channel_id}/messages/{message_id}", channel_id=channel, message_id=str(last)
            )
        except Refused as refusal:
            if refusal.code != UNKNOWN_MESSAGE:
                raise

    async def _threads(self, guild: str, forum: str, after: int) -> AsyncIterator[Json]:
        """Our own posts in the forum that are as young, the awake ones first."""
        answer = await self.calls.call("GET", "/guilds/{guild_id}/threads/active", guild_id=guild)
        for each in answer.get("threads") or ():
            if str(each.get("parent_id")) == forum and self._is_ours(each, after):
                yield each
        before: dict[str, str | int] = {}
        for _ in range(PAGES_MAX):
            answer = await self.calls.call(
                "GET",
                "/channels/{channel_id}/threads/archived/public",
                query={"limit": PAGE} | before,
                channel_id=forum,
            )
            found = answer.get("threads") or ()
            for each in found:
                if self._is_ours(each, after):
                    yield each
            slept = [str(each["thread_metadata"]["archive_timestamp"]) for each in found]
            if not answer.get("has_more") or not slept or min(map(_ms, slept)) < born_ms(after):
                return
            before = {"before": min(slept)}

    def _is_ours(self, thread: Json, after: int) -> bool:
        return str(thread.get("owner_id")) == self._own() and int(thread["id"]) > after


def since(post: Post) -> int:
    """The least id that the post can have."""
    return first_of(post.wanted_at - CLOCKS_MS)


def _ms(timestamp: str) -> int:
    return int(datetime.fromisoformat(timestamp).astimezone(UTC).timestamp() * 1000)
