"""Single messages on Discord: said once however often they are sent, changed and taken away where threads sleep."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from adapters.discord.calling import Calls, Refused
from adapters.discord.messages import Message, file_message, message
from adapters.discord.places import spot
from adapters.discord.threads import Threads, is_over
from adapters.discord.trouble import ARCHIVED, UNKNOWN_MESSAGE, log
from bot.card import Card
from bot.model import FileId, Post
from bot.ports import Blocked, PlatformTrouble, Views

MESSAGES: Final = "/channels/{channel_id}/messages"
MESSAGE: Final = "/channels/{channel_id}/messages/{message_id}"
NONCE_CHARS: Final = 25


@dataclass(slots=True, kw_only=True)
class Saying:
    """Everything here raises Refused or a platform's trouble. `now` gives milliseconds UTC."""

    calls: Calls
    threads: Threads
    views: Views
    content: Callable[[FileId], Awaitable[bytes]]
    now: Callable[[], int]

    async def drawn(self, post: Post, card: Card) -> Message:
        """The card as Discord's message; a card of a file is the file with its caption."""
        if not card.files:
            return message(card, post=post.id, links=await self._is_for_asker(post))
        attached = card.files[0]
        try:
            content = await self.content(attached.id)
        except LookupError:
            raise Blocked("file-gone", "The file was removed meanwhile.") from None
        return file_message(attached, content, attached.name, card, post=post.id)

    async def _is_for_asker(self, post: Post) -> bool:
        """Addresses in texts that were checked on their way to a customer can be followed there."""
        target = spot(post.notice.recipient)
        if post.notice.question is None or not (target.user or target.thread):
            return False
        facts = await self.views.facts(post.notice.question, now=self.now())
        return facts.question is not None and facts.question.origin == post.notice.recipient

    async def say(self, channel: str, post: Post, what: Message) -> dict[str, Any]:
        """The message as Discord has it now. Sent again within minutes it is the same one."""
        nonce = post.key + ("a" if "anew" in post.notice.args else "")
        try:
            return await self._send(channel, what, nonce)
        except Refused as refusal:
            if refusal.code != UNKNOWN_MESSAGE:
                raise
        # Somebody deleted what was sent under this nonce, which Discord holds against it for a while.
        return await self._send(channel, what, f"{nonce}.{self.now():x}"[:NONCE_CHARS])

    async def _send(self, channel: str, what: Message, nonce: str) -> dict[str, Any]:
        body = what.body() | {"nonce": nonce, "enforce_nonce": True}
        answer = await self.calls.call("POST", MESSAGES, json=body, files=what.files, channel_id=channel)
        return dict(answer)

    async def change(self, channel: str, ref: str, post: Post, what: Message) -> dict[str, Any]:
        """The message as it is after the edit."""
        body = what.body(edit=True)

        async def doing() -> Any:
            return await self.calls.call(
                "PATCH", MESSAGE, json=body, files=what.files, channel_id=channel, message_id=ref
            )

        return dict(await self._awake(channel, post, doing))

    async def take_away(self, channel: str, ref: str, post: Post) -> None:
        async def doing() -> Any:
            return await self.calls.call("DELETE", MESSAGE, channel_id=channel, message_id=ref)

        await self._awake(channel, post, doing)

    async def _awake(self, channel: str, post: Post, doing: Callable[[], Awaitable[Any]]) -> Any:
        """Nothing in a thread that sleeps can be changed."""
        slept = self.threads.is_asleep(channel)
        if slept:
            await self.threads.wake(channel)
        try:
            done = await doing()
        except Refused as refusal:
            if refusal.code != ARCHIVED:
                raise
            slept = True
            await self.threads.wake(channel)
            done = await doing()
        if slept:
            await self.sleep_again(channel, post)
        return done

    async def sleep_again(self, thread: str, post: Post) -> None:
        """A thread that was woken for this post goes back to sleep if its question is over.

        The post is there: whatever goes wrong with this must not be held against it.
        """
        self.threads.forget(thread)  # saying something woke it
        if post.notice.question is None or not post.parent_ref:
            return
        try:
            if is_over(await self.views.facts(post.notice.question, now=self.now())):
                await self.threads.let_sleep(thread)
        except (PlatformTrouble, Refused) as trouble:
            log.warning("thread left awake", trouble=str(trouble))
