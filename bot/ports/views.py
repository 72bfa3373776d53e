"""What pages, exports and rendering read: each call sees one consistent moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from bot.model import (
    Account,
    Category,
    CategoryName,
    FileId,
    Identity,
    Message,
    Person,
    PersonId,
    Place,
    Post,
    Question,
    QuestionId,
    Ref,
    State,
    StoredFile,
    Unit,
)
from bot.policy import Policy

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that rendering one post or reply may read, loaded by its numbers. `now` is when it is rendered."""

    now: int
    company: str
    question: Question | None = None
    category: Category | None = None
    messages: Mapping[int, Message] = field(default_factory=dict)
    people: Mapping[PersonId, Person] = field(default_factory=dict)
    draft: str = ""
    files: tuple[StoredFile, ...] = ()
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One transfer as its owner reads it: signed `amount` in minor units, positive when it came in."""

    at: int
    account: Account
    amount: int
    unit: Unit
    why: str
    question: QuestionId | None
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """`after` is the key of the next page, None on the last."""

    rows: Sequence[T]
    after: str | None = None


class Views(Protocol):
    """Plain reads for rendering, pages and exports; each sees one consistent moment."""

    async def facts(
        self,
        question: QuestionId | None,
        *,
        now: int,
        people: Iterable[PersonId] = (),
        draft_of: PersonId | None = None,
    ) -> Facts: ...
    async def person(self, person: PersonId) -> Person | None: ...
    async def person_of(self, who: Identity) -> Person | None: ...
    async def person_named(self, name: str) -> Person | None: ...
    async def identities(self, person: PersonId) -> Sequence[Identity]: ...
    async def people(self, *, experts: bool = False, staff: bool = False) -> Sequence[Person]: ...
    async def known(self, person: PersonId) -> Sequence[tuple[str, str]]: ...
    async def categories(self) -> Sequence[Category]: ...
    async def questions(
        self,
        *,
        states: Iterable[State] = (),
        category: CategoryName | None = None,
        customer: PersonId | None = None,
        holder: PersonId | None = None,
        oldest_first: bool = False,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Question]: ...
    async def asking_staff(self, limit: int = 50) -> Sequence[Question]:
        """Questions that somebody flagged or appealed, and that staff have not acted on, the oldest first."""

    async def questions_answered_by(self, person: PersonId, limit: int = 50) -> Sequence[Question]: ...
    async def draft(self, question: QuestionId, person: PersonId) -> str: ...
    async def drafts(self, person: PersonId) -> Sequence[tuple[QuestionId, str]]: ...
    async def file(self, file: FileId) -> StoredFile | None:
        """One copy of a file, without its bytes; None when it is gone."""

    async def file_content(self, file: FileId) -> bytes | None: ...
    async def posts(self, recipient: Place, *, before: int | None = None, limit: int = 50) -> Sequence[Post]:
        """Cards and lines shown at a place, outside threads, newest last; `before` is a post id."""

    async def thread(self, recipient: Place, parent: str) -> Sequence[Post]:
        """The lines shown under a card, oldest first."""

    async def post(self, recipient: Place, slot: str) -> Post | None: ...
    async def post_at(self, place: Place, ref: Ref) -> Post | None:
        """The post that is the message `ref` at that place."""

    async def question_at(self, place: Place, ref: Ref | None = None) -> QuestionId | None:
        """The question of the message `ref` at that place; without one, the question whose customer is told there
        when the place serves one question alone (a thread of theirs)."""

    async def messages_from(self, source: Place) -> Sequence[Message]:
        """The texts that this message of a platform was, the oldest first."""

    async def cards_of(self, question: QuestionId) -> Sequence[Post]:
        """The question's cards, in every channel that shows one."""

    async def pending_recipients(self) -> Sequence[Place]:
        """Every place something is still to be sent to."""

    async def troubled_posts(self, limit: int = 50) -> Sequence[Post]:
        """Posts that are parked, unknown or gone, with the reason."""

    async def next_due(self) -> int | None: ...
    async def statement(
        self, person: PersonId, *, after: str | None = None, limit: int = 200
    ) -> Page[StatementLine]: ...
    async def balances(self, person: PersonId) -> Mapping[tuple[str, Unit], int]:
        """By (pocket, unit): "pending", "payable", "paid", "points"."""

    async def payable(self) -> Sequence[tuple[Person, Unit, int]]: ...
    async def journal(self, question: QuestionId) -> Sequence[Mapping[str, str | int | None]]: ...
