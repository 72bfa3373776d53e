"""Plain reads for rendering, lists and pages; each sees one consistent moment."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.model import (
    Category,
    CategoryName,
    FileId,
    Identity,
    Message,
    Person,
    PersonId,
    Place,
    Post,
    PostState,
    Question,
    QuestionId,
    Ref,
    State,
    StoredFile,
    Unit,
)
from bot.ports import Facts, Page, SavedRequest, StatementLine, Token
from storage.books import AuditRows, audit_rows, balances_of, payable, statement_page
from storage.codec import decode_shared
from storage.paging import Wanted, answered_by, question_page
from storage.rows import read_person, read_post
from storage.work import SqlWork

T = TypeVar("T")

_AFTER_THE_LAST = 2**62
_UNFINISHED = tuple(state for state in State if state not in (State.SOLVED, State.CLOSED))


class Read(Protocol):
    """Runs a plain function that only reads, in a transaction of its own."""

    def __call__(self, look: Callable[[SqlWork], T], /) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How the product is: `oldest_unsent_at` is since when the post that waits longest could have been sent."""

    unsent: int
    oldest_unsent_at: int | None
    troubled: Mapping[PostState, int]
    unfinished: Mapping[State, int]
    next_due_at: int | None
    last_beat_at: int | None


class SqlViews:
    """`bot.ports.Views`, and what health checks, audits and the API's doors look at."""

    def __init__(self, read: Read) -> None:
        self._read = read

    # Rendering

    async def facts(
        self,
        question: QuestionId | None,
        *,
        now: int,
        people: Iterable[PersonId] = (),
        draft_of: PersonId | None = None,
    ) -> Facts:
        """Everything about a question, its people and `people`. `company` and `policy` are the caller's to add."""
        wanted = tuple(people)
        return await self._read(lambda work: _facts(work, question, now, wanted, draft_of))

    async def draft(self, question: QuestionId, person: PersonId) -> str:
        return await self._read(lambda work: _draft(work, question, person))

    async def drafts(self, person: PersonId) -> Sequence[tuple[QuestionId, str]]:
        return await self._read(lambda work: list(work.sql.drafts_of(work.connection, person=person)))

    async def file(self, file: FileId) -> StoredFile | None:
        return await self._read(lambda work: work.file(file))

    async def file_content(self, file: FileId) -> bytes | None:
        return await self._read(lambda work: work.file_content(file))

    # People and categories

    async def person(self, person: PersonId) -> Person | None:
        return await self._read(lambda work: work.person(person))

    async def person_of(self, who: Identity) -> Person | None:
        return await self._read(lambda work: _person(work, work.person_of(who)))

    async def person_named(self, name: str) -> Person | None:
        return await self._read(lambda work: _person(work, work.person_named(name)))

    async def identities(self, person: PersonId) -> Sequence[Identity]:
        return await self._read(lambda work: work.identities_of(person))

    async def people(self, *, experts: bool = False, staff: bool = False) -> Sequence[Person]:
        """By name: the experts, the staff, both, or everybody when neither is asked for."""
        return await self._read(lambda work: _people(work, experts, staff))

    async def known(self, person: PersonId) -> Sequence[tuple[str, str]]:
        return await self._read(lambda work: work.known(person))

    async def categories(self) -> Sequence[Category]:
        """By name."""
        return await self._read(
            lambda work: [decode_shared(Category, facts) for (facts,) in work.sql.categories(work.connection)]
        )

    # Questions

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
    ) -> Page[Question]:
        """In the order in which they were asked, the newest first unless told otherwise; no states means any."""
        wanted = Wanted(
            states=tuple(states) or tuple(State),
            category=category,
            customer=customer,
            holder=holder,
            oldest_first=oldest_first,
        )
        return await self._read(lambda work: question_page(work, wanted, after=after, limit=limit))

    async def asking_staff(self, limit: int = 50) -> Sequence[Question]:
        return await self._read(
            lambda work: [work.read_question(facts) for (facts,) in work.sql.asking_staff(work.connection, most=limit)]
        )

    async def questions_answered_by(self, person: PersonId, limit: int = 50) -> Sequence[Question]:
        """The newest first."""
        return await self._read(lambda work: answered_by(work, person, limit))

    async def journal(self, question: QuestionId) -> Sequence[Mapping[str, str | int | None]]:
        """The oldest first: id, at, verb, actor, machine, before, after, outcome, and messages and args as JSON."""
        columns = ("id", "at", "verb", "actor", "machine", "before", "after", "outcome", "messages", "args")
        return await self._read(
            lambda work: [
                dict(zip(columns, row, strict=True)) for row in work.sql.journal(work.connection, question=question)
            ]
        )

    # Posts

    async def posts(self, recipient: Place, *, before: int | None = None, limit: int = 50) -> Sequence[Post]:
        return await self._read(lambda work: _tops(work, recipient, before, limit))

    async def thread(self, recipient: Place, parent: str) -> Sequence[Post]:
        return await self._read(lambda work: _thread(work, recipient, parent))

    async def post(self, recipient: Place, slot: str) -> Post | None:
        return await self._read(lambda work: _post(work, recipient, slot))

    async def post_at(self, place: Place, ref: Ref) -> Post | None:
        return await self._read(lambda work: _post_at(work, place, ref))

    async def question_at(self, place: Place, ref: Ref | None = None) -> QuestionId | None:
        return await self._read(lambda work: _question_at(work, place, ref))

    async def cards_of(self, question: QuestionId) -> Sequence[Post]:
        return await self._read(
            lambda work: [read_post(row) for row in work.sql.cards_of(work.connection, question=question)]
        )

    async def messages_from(self, source: Place) -> Sequence[Message]:
        return await self._read(lambda work: work.messages_from(source))

    async def pending_recipients(self) -> Sequence[Place]:
        return await self._read(
            lambda work: [Place(place) for (place,) in work.sql.pending_recipients(work.connection)]
        )

    async def troubled_posts(self, limit: int = 50) -> Sequence[Post]:
        """The newest first."""
        return await self._read(
            lambda work: [read_post(row) for row in work.sql.troubled_posts(work.connection, most=limit)]
        )

    # Money

    async def statement(self, person: PersonId, *, after: str | None = None, limit: int = 200) -> Page[StatementLine]:
        """The newest first. What moves between two of the person's pockets is two lines."""
        return await self._read(
            lambda work: statement_page(work.sql, work.connection, person, after=after, limit=limit)
        )

    async def balances(self, person: PersonId) -> Mapping[tuple[str, Unit], int]:
        return await self._read(lambda work: balances_of(work.sql, work.connection, person))

    async def payable(self) -> Sequence[tuple[Person, Unit, int]]:
        """Everybody with more than nothing to be paid, in minor units."""
        return await self._read(lambda work: _payable(work))

    async def audit_rows(self) -> AuditRows:
        """What `bot.market.audit.audit` judges; reads the whole ledger once."""
        return await self._read(lambda work: audit_rows(work.sql, work.connection))

    # Doors and health

    async def token(self, digest: str) -> Token | None:
        return await self._read(lambda work: work.token(digest))

    async def saved_request(self, key: str) -> SavedRequest | None:
        return await self._read(lambda work: work.saved_request(key))

    async def next_due(self) -> int | None:
        return await self._read(lambda work: _next_due(work))

    async def counts(self) -> Counts:
        return await self._read(_counts)


# Rendering


def _facts(
    work: SqlWork,
    number: QuestionId | None,
    now: int,
    people: Iterable[PersonId],
    draft_of: PersonId | None,
) -> Facts:
    question = work.question(number) if number is not None else None
    if question is None:
        return Facts(now=now, company="", people=_by_id(work, people))
    rows = work.sql.messages(work.connection, question=question.id)
    messages = {message.number: message for message in map(work.read_message, rows)}
    mentioned = {*people, *_mentioned(question, messages.values())}
    return Facts(
        now=now,
        company="",
        question=question,
        category=work.category(question.category),
        messages=messages,
        people=_by_id(work, mentioned),
        draft=_draft(work, question.id, draft_of) if draft_of else "",
        files=work.files_of(question.id) if question.files else (),
    )


def _mentioned(question: Question, messages: Iterable[Message]) -> Iterator[PersonId]:
    candidates: list[PersonId | None] = [question.customer, question.holder]
    for answer in question.answers:
        candidates += (answer.author, answer.reviewer)
    for message in messages:
        candidates += (message.author, message.to)
    candidates += (payment.person for payment in question.payments)
    if question.escalation:
        candidates.append(question.escalation.by)
    return (person for person in candidates if person)


def _by_id(work: SqlWork, people: Iterable[PersonId]) -> Mapping[PersonId, Person]:
    found = {person: work.person(person) for person in people}
    return {number: person for number, person in found.items() if person}


def _draft(work: SqlWork, question: QuestionId, person: PersonId) -> str:
    return work.sql.draft(work.connection, question=question, person=person) or ""


# People


def _person(work: SqlWork, person: PersonId | None) -> Person | None:
    return work.person(person) if person else None


def _people(work: SqlWork, experts: bool, staff: bool) -> Sequence[Person]:
    sql, connection = work.sql, work.connection
    if not experts and not staff:
        return [read_person(*row) for row in sql.everybody(connection)]
    rows = [*(sql.experts(connection) if experts else ()), *(sql.staff(connection) if staff else ())]
    found = {person.id: person for person in (read_person(*row) for row in rows)}
    return sorted(found.values(), key=lambda person: (person.name.casefold(), person.id))


def _payable(work: SqlWork) -> Sequence[tuple[Person, Unit, int]]:
    rows = [(work.person(owner), unit, amount) for owner, unit, amount in payable(work.sql, work.connection)]
    return [(person, unit, amount) for person, unit, amount in rows if person]


# Posts


def _tops(work: SqlWork, recipient: Place, before: int | None, limit: int) -> Sequence[Post]:
    start = _AFTER_THE_LAST if before is None else before
    rows = work.sql.tops(work.connection, recipient=recipient, before=start, most=limit)
    return [read_post(row) for row in rows][::-1]


def _thread(work: SqlWork, recipient: Place, parent: str) -> Sequence[Post]:
    ref = work.sql.ref_of(work.connection, recipient=recipient, slot=parent)
    rows = work.sql.thread(work.connection, recipient=recipient, parent=parent)
    return [read_post((*row, ref)) for row in rows]


def _post(work: SqlWork, recipient: Place, slot: str) -> Post | None:
    row = work.sql.post(work.connection, recipient=recipient, slot=slot)
    return read_post(row) if row else None


def _post_at(work: SqlWork, place: Place, ref: Ref) -> Post | None:
    row = work.sql.post_at(work.connection, recipient=place, ref=ref)
    return read_post(row) if row else None


def _question_at(work: SqlWork, place: Place, ref: Ref | None) -> QuestionId | None:
    if ref is not None:
        post = _post_at(work, place, ref)
        return post.notice.question if post else None
    if "/" not in place.rpartition(":")[2]:
        return None  # a channel or a person's own place: what is said there can be about anything
    rows = list(work.sql.questions_told(work.connection, recipient=place))
    return QuestionId(rows[0][0]) if len(rows) == 1 else None


# Health


def _next_due(work: SqlWork) -> int | None:
    due: int | None = work.sql.next_due(work.connection)
    return due


def _counts(work: SqlWork) -> Counts:
    unsent, oldest = work.sql.count_pending(work.connection)
    last_beat = work.last_beat()
    return Counts(
        unsent=unsent,
        oldest_unsent_at=oldest,
        troubled={PostState(state): count for state, count in work.sql.count_troubled(work.connection)},
        unfinished={state: work.sql.count_in_state(work.connection, state=state) for state in _UNFINISHED},
        next_due_at=_next_due(work),
        last_beat_at=last_beat,
    )
