"""One person at one open page: who they are at this moment, what they say, and what they are shown live."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
from fastapi import Request

from adapters.web.adapter import Web
from adapters.web.changes import Listening
from adapters.web.people import current_person, identity_of, web_place
from adapters.web.workspace.access import Channel, channels_for, may_enter
from bot.card import Card, Form, Tone
from bot.model import Category, CategoryName, Person, Place, Post, QuestionId
from bot.ports import Heard, Reply, StorageTrouble, Upload

log = structlog.get_logger(__name__)

Refresh = Callable[[], Awaitable[None]]

_FRESH_MS: Final = 15_000
_SENDING_FRESH_MS: Final = 900
_KEPT_CARDS_MAX: Final = 2_000
_SENDING_SECONDS: Final = 1.0
_TIMES_SECONDS: Final = 15.0


class SignedOut(Exception):
    """Whoever sits here is no longer signed in, or no longer one of the crew."""


@dataclass(slots=True)
class Rendered:
    """Cards as they were last rendered, for all open pages: a change is rendered once, not once for every reader."""

    web: Web
    _kept: dict[tuple[int, int], tuple[int, Card | None]] = field(default_factory=dict)

    async def card(self, post: Post) -> Card | None:
        """What the post shows now; None when there is nothing to show."""
        if post.notice.absent:
            return None
        key, now = (post.id, post.revision), self.web.now()
        kept = self._kept.get(key)
        if kept is not None and now - kept[0] < (_SENDING_FRESH_MS if is_sending(kept[1]) else _FRESH_MS):
            return kept[1]
        card = await self.web.render(post)
        if len(self._kept) >= _KEPT_CARDS_MAX:
            self._kept.clear()
        self._kept[key] = (now, card)
        return card


def is_sending(card: Card | None) -> bool:
    """Whether the card counts seconds: a text that can still be taken back."""
    return card is not None and any(button.sentence.startswith("send-now ") for button in card.buttons)


@dataclass(slots=True)
class Sitting:
    """`request` is the one that loaded the page: its cookies say who sits here, again at every press."""

    web: Web
    request: Request
    rendered: Rendered
    signed_out: Refresh
    timezone: str = "UTC"
    refreshes: dict[str, Refresh] = field(default_factory=dict)
    hurried: bool = False
    seen: dict[str, int] = field(default_factory=dict)
    _listening: Listening | None = None
    _topics: frozenset[str] = frozenset()

    # --- who

    async def person(self) -> Person:
        """As they are now. Raises SignedOut."""
        person = await current_person(self.request)
        if person is None or not may_enter(person):
            raise SignedOut
        return person

    async def categories(self) -> Mapping[CategoryName, Category]:
        return {each.name: each for each in await self.web.views.categories()}

    async def channels(self) -> Sequence[Channel]:
        """What this person may read now. Raises SignedOut."""
        return channels_for(await self.person(), await self.web.views.categories())

    async def may_read(self, place: Place) -> bool:
        """Raises SignedOut."""
        person = await self.person()
        if place == web_place(person.id):
            return True
        return any(each.place == place for each in channels_for(person, await self.web.views.categories()))

    # --- saying

    async def say(
        self,
        sentence: str,
        *,
        question: QuestionId | None = None,
        values: Mapping[str, str] | None = None,
        files: tuple[Upload, ...] = (),
    ) -> Reply | Form:
        """What the product answers; each call is one press. Raises SignedOut."""
        person = await self.person()
        heard = Heard(
            key=f"web/press/{secrets.token_urlsafe(16)}",
            who=await identity_of(self.web, person.id),
            sentence=sentence,
            name=person.name,
            question=question,
            place=web_place(person.id),
            values=values or {},
            files=files,
        )
        try:
            reply = await self.web.hear(heard)
        except StorageTrouble as trouble:
            log.warning("storage trouble", trouble=type(trouble).__name__)
            return Reply(card=Card(title="That did not get through. Please press it again.", tone=Tone.ALERT))
        asyncio.get_running_loop().call_soon(self.wake)
        return reply

    async def typing(self, question: QuestionId, verb: str, text: str) -> Card | None:
        """Keeps a draft; what the customer would get. Raises SignedOut."""
        who = await identity_of(self.web, (await self.person()).id)
        return await self.web.desk.typing(who, question, verb, text)

    # --- live

    def wake(self) -> None:
        if self._listening is not None:
            self._listening.rung.set()

    async def listen(self) -> None:
        """Until cancelled, or until nobody is signed in any more: whatever changes is shown at once.

        In between only times are refreshed: every second while a text can still be taken back, else now and then.
        """
        try:
            await self._hear_all()
            while self._listening is not None:
                await self._listening.wait(_SENDING_SECONDS if self.hurried else _TIMES_SECONDS)
                await self.refresh()
                await self._hear_all()
        except SignedOut:
            await self.signed_out()
        finally:
            self.close()

    async def refresh(self) -> None:
        """Brings everything on this page up to date. Raises SignedOut."""
        self.hurried = False
        for name, refresh in list(self.refreshes.items()):
            try:
                await refresh()
            except SignedOut:
                raise
            except Exception:
                log.exception("not refreshed", part=name)

    def close(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    async def _hear_all(self) -> None:
        """Listens at every place this person may read: a role given or taken changes which those are."""
        person = await self.person()
        channels = channels_for(person, await self.web.views.categories())
        topics = frozenset({str(web_place(person.id)), *(str(each.place) for each in channels)})
        if topics == self._topics and self._listening is not None:
            return
        self.close()
        self._topics = topics
        self._listening = self.web.changes(*topics)

    # --- what was seen

    async def load_seen(self) -> None:
        """Raises SignedOut."""
        key = await self._seen_key()
        kept = await self.web.store.run(lambda work: work.setting(key))
        self.seen = {str(place): int(post) for place, post in json.loads(kept or "{}").items()}

    async def has_seen(self, place: Place, post: int) -> None:
        """Everything there up to this post was on screen. Raises SignedOut."""
        if self.seen.get(place, 0) >= post:
            return
        self.seen[place] = post
        key, value = await self._seen_key(), json.dumps(self.seen)
        await self.web.store.run(lambda work: work.set_setting(key, value))

    async def is_unread(self, place: Place) -> bool:
        newest = await self.web.views.posts(place, limit=1)
        return bool(newest) and newest[-1].id > self.seen.get(place, 0)

    async def _seen_key(self) -> str:
        return f"workspace/seen/{(await self.person()).id}"
