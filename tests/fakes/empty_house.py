"""A house with nothing in it: what an adapter may ask about, when only the adapter is looked at."""

from collections.abc import Sequence

from bot.card import Card, Choice, Form
from bot.model import Category, FileId, Identity, Person, Place, Post, QuestionId, Ref
from bot.ports import Page


class EmptyHouse:
    """Both `Views` and `Desk`, as far as adapters use them; what they keep is kept."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.keys: set[str] = set()
        self.reports: list[tuple[Place, str]] = []
        self.form: Form | None = None

    # Views

    async def categories(self) -> Sequence[Category]:
        return ()

    async def questions(self, **_: object) -> Page[object]:
        return Page(rows=())

    async def people(self, **_: object) -> Sequence[Person]:
        return ()

    async def person_of(self, who: Identity) -> Person | None:
        return None

    async def identities(self, person: object) -> Sequence[Identity]:
        return ()

    async def post(self, recipient: Place, slot: str) -> Post | None:
        return None

    async def post_at(self, place: Place, ref: Ref) -> Post | None:
        return None

    async def question_at(self, place: Place, ref: Ref | None = None) -> QuestionId | None:
        return None

    async def cards_of(self, question: QuestionId) -> Sequence[Post]:
        return ()

    # Desk

    async def offer(self, who: Identity, question: QuestionId) -> Card | None:
        return None

    async def typing(self, who: Identity, question: QuestionId, verb: str, text: str) -> Card | None:
        return None

    async def home(self, who: Identity, *, guest: bool = False) -> tuple[Card, ...]:
        return ()

    async def asking(self) -> Form:
        assert self.form is not None
        return self.form

    async def suggest(
        self, who: Identity, kind: str, typed: str, verb: str = "", guest: bool = False
    ) -> tuple[Choice, ...]:
        return ()

    async def content(self, file: FileId) -> bytes:
        raise LookupError(file)

    async def report(self, where: Place, why: str = "") -> None:
        self.reports.append((where, why))

    async def taken(self, key: str) -> bool:
        return key in self.keys

    async def recall(self, name: str) -> str | None:
        return self.kept.get(name)

    async def keep(self, name: str, value: str) -> None:
        self.kept[name] = value


async def nothing(post: Post) -> Card | None:
    """Renders nothing."""
    return None
