"""A stage for the showing half of the Discord adapter: a fake Discord, one question, and posts about it."""

import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Self

from adapters.discord.calling import Calls
from adapters.discord.places import home
from adapters.discord.posting import Posting
from adapters.discord.settings import DiscordServer
from bot.card import Button, Card, Quote
from bot.model import (
    Audience,
    Category,
    CategoryName,
    FileId,
    Kind,
    Message,
    Notice,
    PersonId,
    Place,
    Post,
    PostKind,
    Question,
    QuestionId,
    Ref,
    State,
    Unit,
    spoken_number,
)
from bot.ports import Facts
from tests.adapters.discord.offices import settings_for, signed_in
from tests.fakes.discord import Channel, FakeDiscord, House, Someone
from tests.fakes.discord.api import Api
from tests.fakes.empty_house import EmptyHouse

QUESTION = QuestionId(7)
NUMBER = spoken_number(QUESTION)
WORDS = "Why was I billed twice? It is the second time this year."
CARD = Card(
    title=f"{NUMBER} · Billing · $1.40 to you",
    quotes=(Quote(author="A customer", text=WORDS),),
    buttons=(Button(label="Claim", sentence=f"claim {NUMBER}"),),
)
LINE = Card(title="Ann wrote", quotes=(Quote(author="Ann", text="Thanks"),), compact=True)
_ids = count(1)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def the_question() -> Question:
    return Question(
        id=QUESTION,
        customer=PersonId("ann"),
        category=CategoryName("billing"),
        language="en",
        origin=Place("web:@ann"),
        state=State.OPEN,
        since=0,
        asked_at=0,
        unit=Unit("USD"),
        bounty=200,
        messages=1,
        offered=True,
    )


def the_words(text: str = WORDS, *, revision: int = 1, redacted: bool = False) -> Message:
    return Message(
        question=QUESTION,
        number=1,
        author=PersonId("ann"),
        kind=Kind.QUESTION,
        audience=Audience.EVERYONE,
        text=text,
        shown_text=text,
        at=0,
        revision=revision,
        redacted=redacted,
    )


class OneQuestion(EmptyHouse):
    """A house that holds one question, and files."""

    def __init__(self) -> None:
        super().__init__()
        self.question = the_question()
        self.first = the_words()
        self.category = Category(name=CategoryName("billing"), title="Billing")
        self.cards: list[Post] = []
        self.files: dict[FileId, bytes] = {}

    async def facts(self, question: QuestionId | None, *, now: int, **_: object) -> Facts:
        if question != QUESTION:
            return Facts(now=now, company="Acme")
        return Facts(now=now, company="Acme", question=self.question, category=self.category, messages={1: self.first})

    async def categories(self) -> Sequence[Category]:
        return (self.category, Category(name=CategoryName("login"), title="Login"))

    async def cards_of(self, question: QuestionId) -> Sequence[Post]:
        return self.cards

    async def content(self, file: FileId) -> bytes:
        return self.files[file]


@dataclass(slots=True, kw_only=True)
class Stage:
    """`billing` is a text channel, `help` a forum; Bo and Ann read both."""

    there: FakeDiscord
    acme: House
    calls: Calls
    posting: Posting
    house: OneQuestion
    billing: Channel
    help: Channel
    bo: Someone
    ann: Someone
    skipped_ms: list[int] = field(default_factory=lambda: [0])

    @classmethod
    @asynccontextmanager
    async def open(cls, **tags: Any) -> AsyncIterator[Self]:
        async with FakeDiscord(seed=1) as there:
            there.faults.hang_s = 0.5
            acme = there.guild("Acme")
            help_forum = acme.forum("help", **({"tags": ("open", "Claimed", "Solved", "Billing", "iOS")} | tags))
            settings = settings_for(there, DiscordServer(name="acme", guild=acme.id))
            house, skipped = OneQuestion(), [0]
            async with signed_in(there) as calls:
                posting = Posting(
                    calls=calls,
                    settings=settings,
                    views=house,  # type: ignore[arg-type]
                    content=house.content,
                    desk=house,
                    now=lambda: now_ms() + skipped[0],
                )
                yield cls(
                    there=there,
                    acme=acme,
                    calls=calls,
                    posting=posting,
                    house=house,
                    billing=acme.channel("billing"),
                    help=help_forum,
                    bo=acme.person("bo"),
                    ann=acme.person("ann"),
                    skipped_ms=skipped,
                )
                assert there.complaints == [], there.complaints

    @contextmanager
    def in_a_hurry(self) -> Iterator[None]:
        """Whoever waits for an answer gives up soon."""
        before, self.calls._timeout_seconds = self.calls._timeout_seconds, 0.3
        try:
            yield
        finally:
            self.calls._timeout_seconds = before

    def place(self, channel: Channel | Someone) -> Place:
        return Place(f"discord:acme:{channel.id}") if isinstance(channel, Channel) else home(channel.id)

    def card(self, channel: Channel | Someone, about: str = "question", **more: Any) -> Post:
        return self._post(self.place(channel), PostKind.CARD, about, **more)

    def line(self, channel: Channel | Someone, under: Ref | None = None, about: str = "message", **more: Any) -> Post:
        return self._post(self.place(channel), PostKind.LINE, about, under, **more)

    def _post(self, place: Place, kind: PostKind, about: str, under: Ref | None = None, **more: Any) -> Post:
        number = next(_ids)
        notice = Notice(recipient=place, slot=f"{NUMBER}/{number}", kind=kind, about=about, question=QUESTION, **more)
        return Post(id=number, notice=notice, revision=1, parent_ref=under, wanted_at=now_ms())

    async def shows(self, post: Post, card: Card) -> Post:
        return replace(post, ref=await self.posting.put(post, card))

    def changes(self, **what: Any) -> None:
        """The question is like that from now on."""
        self.house.question = replace(self.house.question, **what)

    def thread(self, ref: Ref | None) -> Channel:
        return self.there.channels[str(ref)]

    def tags(self, ref: Ref | None) -> set[str]:
        names = {each["id"]: each["name"] for each in self.help.tags}
        return {names[each] for each in self.thread(ref).applied_tags}

    def said(self, words: str) -> int:
        """How many messages of the bot are there with these words."""
        everything = (each for channel in self.there.channels.values() for each in channel.messages.values())
        return sum(each.author is self.there.bot and words in str(each.components) for each in everything)

    def lets_limits_pass(self) -> None:
        """The minutes that Discord asked to wait are over there, too."""
        for route in self.there._runner.app.router.routes():
            api = getattr(route.handler, "__self__", None)
            if isinstance(api, Api):
                api._not_before.clear()
