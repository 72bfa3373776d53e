"""Long texts go along as a text file; what becomes of the words becomes of the file, too."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from adapters.slack.blocks import whole_text
from adapters.slack.calling import Calls, Refused
from adapters.slack.files import handed_over, name_with_key
from bot.card import Card
from bot.model import Post, spoken_number
from bot.ports import Desk

KEPT_MAX: Final = 20_000
FILE_GONE: Final = frozenset({"file_not_found", "file_deleted"})

Find = Callable[[], Awaitable[str | None]]  # the id of a file that was handed over under the post's key


@dataclass(slots=True, kw_only=True)
class Enclosing:
    """The text files of one workspace. `_files` are, by post, the file's id and what its words were; it is kept in the
    database, where a file stands before it is handed over, then without an id."""

    calls: Calls
    desk: Desk
    workspace: str
    _files: dict[str, tuple[str, str]] | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def enclose(self, post: Post, card: Card, channel: str, thread: str | None, find: Find) -> None:
        """Before the message itself, so that it cannot be forgotten."""
        text = whole_text(card)
        if text is None or (post.tries and await find()):
            return
        await self._hand_over(post, card, text, channel, thread)

    async def follow(self, post: Post, card: Card, channel: str, thread: str | None, find: Find) -> None:
        """After an edit: a file with words that are no longer shown goes, and one with the new words takes its place
        when they, too, are long."""
        known = (await self._known()).get(post.key)
        if known is None or known[1] == _words(card):
            return
        await self.take_away(post, find)
        text = whole_text(card)
        if text is not None:
            await self._hand_over(post, card, text, channel, thread)

    async def take_away(self, post: Post, find: Find) -> None:
        """The post's file, if there is one."""
        known = (await self._known()).get(post.key)
        if known is None:
            return
        file = known[0] or await find()
        try:
            if file:
                await self.calls.call("files.delete", file=file)
        except Refused as refusal:
            if refusal.error not in FILE_GONE:
                raise
        await self._keep(post, None)

    async def _hand_over(self, post: Post, card: Card, text: str, channel: str, thread: str | None) -> None:
        number = spoken_number(post.notice.question) if post.notice.question is not None else "text"
        name = name_with_key(f"{number}.txt", post.key)
        await self._keep(post, ("", _words(card)))
        file = await handed_over(self.calls, text.encode(), name, channel=channel, thread=thread or "")
        await self._keep(post, (file, _words(card)))

    async def _known(self) -> dict[str, tuple[str, str]]:
        async with self._lock:
            if self._files is None:
                kept = json.loads(await self.desk.recall(self._name) or "{}")
                self._files = {key: (str(file), str(words)) for key, (file, words) in kept.items()}
            return self._files

    async def _keep(self, post: Post, what: tuple[str, str] | None) -> None:
        files = await self._known()
        if what is None:
            files.pop(post.key, None)
        else:
            files[post.key] = what
        while len(files) > KEPT_MAX:
            files.pop(next(iter(files)))
        await self.desk.keep(self._name, json.dumps(files))

    @property
    def _name(self) -> str:
        return f"slack/{self.workspace}/enclosed"


def _words(card: Card) -> str:
    """A sign for what people wrote on the card, which does not tell it."""
    said = "\0".join(quote.text for quote in card.quotes)
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:16]
