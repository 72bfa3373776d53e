"""A platform in the same process: it shows what it was sent, and can be busy, in doubt, blocked or gone on request."""

from dataclasses import dataclass, field
from itertools import count

from bot.card import Card
from bot.model import Place, Post, Ref
from bot.ports import Gone, Hear, PlatformTrouble, Unknown
from bot.wording.plain import plain_card


@dataclass(slots=True)
class Shown:
    """One message as the platform has it."""

    place: Place
    key: str
    parent: str | None
    card: Card
    edits: int = 0

    @property
    def text(self) -> str:
        return plain_card(self.card)


@dataclass(slots=True)
class Screen:
    """`trouble` is raised by the next calls, one each; an Unknown applies the post before it is raised."""

    name: str = "web"
    messages: dict[Ref, Shown] = field(default_factory=dict)
    trouble: list[PlatformTrouble] = field(default_factory=list)
    closed: dict[Place, PlatformTrouble] = field(default_factory=dict)
    first_posts: list[tuple[Place, str]] = field(default_factory=list)
    ever: list[tuple[Place, str]] = field(default_factory=list)  # every text that was ever shown, edits included
    _refs: "count[int]" = field(default_factory=count)

    async def run(self, hear: Hear) -> None:
        raise AssertionError("people speak to the world directly")

    async def put(self, post: Post, card: Card) -> Ref:
        if post.notice.recipient in self.closed:
            raise self.closed[post.notice.recipient]
        trouble = self.trouble.pop(0) if self.trouble else None
        if isinstance(trouble, Gone):
            self._lose(post)
        if trouble is not None and not isinstance(trouble, Unknown):
            raise trouble
        ref = post.ref
        self.ever.append((post.notice.recipient, plain_card(card)))
        if ref is None:
            ref = Ref(f"{self.name}-{next(self._refs)}")
            self.first_posts.append((post.notice.recipient, post.notice.slot))
            self.messages[ref] = Shown(post.notice.recipient, post.key, post.parent_ref, card)
        elif ref in self.messages:
            shown = self.messages[ref]
            shown.card, shown.edits = card, shown.edits + 1
        if trouble is not None:
            raise trouble
        return ref

    def _lose(self, post: Post) -> None:
        """What is gone is no longer there: the thread that the post is in, or opens."""
        thread = post.parent_ref or post.ref
        for ref in [
            ref for ref, shown in self.messages.items() if thread is not None and thread in (ref, shown.parent)
        ]:
            del self.messages[ref]

    async def find(self, post: Post) -> Ref | None:
        found = (ref for ref, shown in self.messages.items() if shown.key == post.key)
        return next(found, None)

    async def remove(self, post: Post) -> None:
        if post.ref is not None:
            self.messages.pop(post.ref, None)

    def at(self, place: Place) -> list[Shown]:
        return [shown for shown in self.messages.values() if shown.place == place]
