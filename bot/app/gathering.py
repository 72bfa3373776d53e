"""Gathers what is one person's to see, so that every page that shows it shows the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.app.reader import Reader
from bot.decide import qualifies
from bot.model import CategoryName, Person, PersonId, Post, Question, State
from bot.policy import DAY_MS
from bot.ports import Page, Views

SOLVED_DAYS: Final = 30

_IN_HAND: Final = (State.CLAIMED, State.WAITING, State.REVIEW)
_STAFF_STATES: Final = (State.HELD, State.ESCALATED, State.REVIEW)
_OPEN_LOOKED_AT: Final = 100
_ANSWERED_LOOKED_AT: Final = (250, 1_000, 5_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for staff: by the state it is in, because somebody asked for a look, and posts that do not arrive.

    `more` tells that further questions wait in one of those states.
    """

    questions: Sequence[Question]
    asking: Sequence[Question]
    troubled: Sequence[Post]
    more: bool


async def in_hand(reader: Reader, person: Person, limit: int) -> Page[Question]:
    """The questions this person holds: claimed, waiting for the customer, or with a text under review."""
    return await reader.views.questions(states=_IN_HAND, holder=person.id, limit=limit)


async def open_for(
    reader: Reader, person: Person, category: CategoryName | None = None, *, limit: int = 10
) -> tuple[list[Question], bool]:
    """The oldest open questions this person could claim, and whether there are more."""
    categories = await reader.categories()
    page = await reader.views.questions(
        states=(State.OPEN,), category=category, oldest_first=True, limit=_OPEN_LOOKED_AT
    )
    fit = [
        each
        for each in page.rows
        if person.staff is not None
        or (
            qualifies(person, categories.get(each.category))
            and person.id not in each.passed
            and each.customer != person.id
        )
    ]
    return fit[:limit], len(fit) > limit or page.after is not None


async def waiting_for_staff(reader: Reader, limit: int) -> Waiting:
    """At most `limit` of each kind, the oldest first. For the eyes of staff alone."""
    page = await reader.views.questions(states=_STAFF_STATES, oldest_first=True, limit=limit)
    asking = [each for each in await reader.views.asking_staff(limit) if each.state not in _STAFF_STATES]
    troubled = await reader.views.troubled_posts()
    return Waiting(questions=page.rows, asking=asking, troubled=troubled, more=page.after is not None)


async def solved_lately(views: Views, person: PersonId, now: int) -> int:
    """How many questions of the last 30 days this person's answer solved. `now` is milliseconds UTC.

    Questions are read from the newest back until one was asked so long ago that hardly any behind it can have been
    solved lately.
    """
    since = now - SOLVED_DAYS * DAY_MS
    answered: Sequence[Question] = ()
    for limit in _ANSWERED_LOOKED_AT:
        answered = await views.questions_answered_by(person, limit=limit)
        if len(answered) < limit or answered[-1].asked_at < since - SOLVED_DAYS * DAY_MS:
            break
    return sum(
        1
        for each in answered
        if each.solved_at is not None
        and each.solved_at >= since
        and each.answer is not None
        and each.answer.author == person
    )
