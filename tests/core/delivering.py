"""A courier at work: one platform that does as it is told, a clock that stands still, and notices to deliver."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.card import Card
from bot.change import Receipt
from bot.commands import Delivered, Undelivered
from bot.courier import Courier
from bot.model import Notice, Place, Post, PostKind, QuestionId, Ref
from bot.policy import Policy
from bot.ports import Envelope, Hear, Unknown, Work
from storage import SqliteStore

SECOND = 1_000
CHANNEL, OTHER, ANN = Place("chat:billing"), Place("chat:other"), Place("chat:@ann")
POLICY = Policy()
SETTLE = int(POLICY.settle_seconds * SECOND)


@dataclass(slots=True)
class Platform:
    """A platform that does to each request what it is told: `next` are things that happen to the next ones.

    "lost" applies and then loses the answer, "swallowed" loses the request; an exception is raised and nothing applied.
    """

    name: str = "chat"
    next: list[object] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    messages: dict[Ref, tuple[Place, str, str]] = field(default_factory=dict)
    inside: Callable[[], None] | None = None

    async def run(self, hear: Hear) -> None:
        raise AssertionError("nobody listens here")

    async def put(self, post: Post, card: Card) -> Ref:
        self.calls.append(("edit" if post.ref else "post", post.notice.slot))
        fate = self._fate()
        ref = post.ref or Ref(f"m{len(self.calls)}")
        self.messages[ref] = (post.notice.recipient, post.key, card.title)
        if self.inside is not None:
            inside, self.inside = self.inside, None
            inside()
            await asyncio.sleep(0)
        if fate == "lost":
            raise Unknown
        return ref

    async def find(self, post: Post) -> Ref | None:
        self.calls.append(("find", post.notice.slot))
        self._fate()
        return next((ref for ref, (_, key, _) in self.messages.items() if key == post.key), None)

    async def remove(self, post: Post) -> None:
        self.calls.append(("remove", post.notice.slot))
        assert post.ref is not None
        self.messages.pop(post.ref, None)

    def titles(self, place: Place) -> list[str]:
        return [title for where, _, title in self.messages.values() if where == place]

    def _fate(self) -> object:
        fate = self.next.pop(0) if self.next else None
        if fate == "swallowed":
            raise Unknown
        if isinstance(fate, Exception):
            raise fate
        return fate


@dataclass(slots=True)
class Office:
    """A courier with a clock that stands still unless told, in front of one platform."""

    store: SqliteStore
    platform: Platform = field(default_factory=Platform)
    now: int = 1_000_000
    told: list[Envelope] = field(default_factory=list)
    apply_fails: int = 0
    unreadable: set[str] = field(default_factory=set)
    nothing_to_show: set[str] = field(default_factory=set)
    steps: list[str] = field(default_factory=list)
    policy: Policy = POLICY

    def courier(self, *, configured: bool = True) -> Courier:
        return Courier(
            store=self.store,
            views=self.store.views,
            adapters={"chat": self.platform} if configured else {},
            render=self._render,
            apply=self._apply,
            now=lambda: self.now,
            policy=self.policy,
            step=self.steps.append,
        )

    async def wants(self, *notices: Notice) -> None:
        await self.store.run(lambda work: work.want(notices, self.now))

    async def flush(self, courier: Courier, *, after: int = 0) -> None:
        self.now += after
        await courier.flush()

    async def post(self, notice: Notice) -> Post:
        post = await self.store.views.post(notice.recipient, notice.slot)
        assert post is not None
        return post

    @property
    def news(self) -> list[str]:
        return [
            f"undelivered {each.command.why}" if isinstance(each.command, Undelivered) else "delivered"
            for each in self.told
            if isinstance(each.command, Delivered | Undelivered)
        ]

    async def _render(self, post: Post) -> Card | None:
        if post.notice.slot in self.unreadable:
            raise ValueError("no such sentence")
        if post.notice.slot in self.nothing_to_show:
            return None
        return Card(title=f"{post.notice.slot} {post.notice.args.get('say', '')}".strip())

    def _apply(self, work: Work, envelope: Envelope) -> Receipt:
        if self.apply_fails:
            self.apply_fails -= 1
            raise ArithmeticError("a rule is broken")
        self.told.append(envelope)
        return Receipt(verb="delivered")


def card(slot: str = "Q1/card", place: Place = CHANNEL, **more: object) -> Notice:
    return Notice(recipient=place, slot=slot, kind=PostKind.CARD, about="question", **more)  # type: ignore[arg-type]


def line(slot: str, place: Place = CHANNEL, **more: object) -> Notice:
    return Notice(recipient=place, slot=slot, kind=PostKind.LINE, about="message", **more)  # type: ignore[arg-type]


def answer(number: int = 2) -> Notice:
    return Notice(
        recipient=ANN,
        slot=f"Q1/m/{number}",
        kind=PostKind.LINE,
        about="answer",
        question=QuestionId(1),
        message=number,
    )
