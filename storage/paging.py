"""Lists of questions, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from bot.model import CategoryName, PersonId, Question, QuestionId, State
from bot.ports import Page
from storage.work import SqlWork

_BEFORE_THE_FIRST = 0
_AFTER_THE_LAST = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which questions a list is of. None means any."""

    states: tuple[State, ...]
    category: CategoryName | None
    customer: PersonId | None
    holder: PersonId | None
    oldest_first: bool


def question_page(work: SqlWork, wanted: Wanted, *, after: str | None, limit: int) -> Page[Question]:
    """Each state has its part of an index, in order of age; the page is what comes first in all of them."""
    parts = [_in_state(work, wanted, state, after, limit + 1) for state in dict.fromkeys(wanted.states)]
    found = list(islice(merge(*parts, reverse=not wanted.oldest_first), limit + 1))
    rows = [work.read_question(facts) for _, facts in found[:limit]]
    return Page(rows=rows, after=str(rows[-1].id) if len(found) > limit and rows else None)


def answered_by(work: SqlWork, person: PersonId, limit: int) -> Sequence[Question]:
    """Questions this person wrote an answer or a correction for, the newest first."""
    rows = [
        question
        for author in work.ids_of(person)
        for (question,) in work.sql.answered_by(work.connection, author=author, most=limit)
    ]
    newest = sorted(set(rows), reverse=True)[:limit]
    found = [work.question(QuestionId(question)) for question in newest]
    return [question for question in found if question]


def _in_state(work: SqlWork, wanted: Wanted, state: State, after: str | None, most: int) -> Sequence[tuple[int, str]]:
    narrowing: dict[str, str | None] = {}
    by = "in_state"
    if wanted.holder:
        by = "of_holder"
        narrowing = {"holder": wanted.holder, "customer": wanted.customer, "category": wanted.category}
    elif wanted.customer:
        by, narrowing = "of_customer", {"customer": wanted.customer, "category": wanted.category}
    elif wanted.category:
        by, narrowing = "in_category", {"category": wanted.category}
    if wanted.oldest_first:
        read = getattr(work.sql, f"oldest_{by}")
        start = int(after) if after else _BEFORE_THE_FIRST
        return list(read(work.connection, state=state, after=start, most=most, **narrowing))
    read = getattr(work.sql, f"newest_{by}")
    start = int(after) if after else _AFTER_THE_LAST
    return list(read(work.connection, state=state, before=start, most=most, **narrowing))
