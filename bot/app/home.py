"""Gathers one's own page: what a person holds, has begun, could take and has asked, and what waits for staff."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bot.app.gathering import SOLVED_DAYS, in_hand, open_for, solved_lately, waiting_for_staff
from bot.app.reader import Reader
from bot.card import Card
from bot.decide import qualifies
from bot.model import Kind, Person, Post, PostState, Question, QuestionId, Rank, State
from bot.ports import Facts
from bot.wording.cards import text_on_its_way
from bot.wording.home import Home, home_cards
from bot.wording.home_asked import asked_card, asker_cards
from bot.wording.home_inbox import Inbox, waits, waits_since

# Together at most 25 cards of at most 4 parts: what a page of 100 parts, such as Slack's, can show.
_HAND: Final = 5
_DRAFTS: Final = 3
_OPEN: Final = 5
_REVIEWS: Final = 3
_INBOX: Final = 5
_ASKED: Final = 2
_ASKER_UNFINISHED: Final = 6
_ASKER_FINISHED: Final = 4

_COUNTED: Final = 50
_LOST_LOOKED_AT: Final = 10
_FINISHED: Final = (State.SOLVED, State.CLOSED)
_UNFINISHED: Final = tuple(state for state in State if state not in _FINISHED)
_IN_HAND_ORDER: Final = (State.CLAIMED, State.REVIEW, State.WAITING)
_TEXTS: Final = frozenset({Kind.ANSWER, Kind.CLARIFY, Kind.CORRECTION})


async def home(reader: Reader, person: Person) -> tuple[Card, ...]:
    """One's own page, part by part, with nothing on it that this person may not see; at most 25 cards.

    Experts and staff have their desk; everybody else, and whoever is blocked, what they asked. A person without an
    id is somebody whom nobody knows yet.
    """
    if person.blocked or (person.expert is None and person.staff is None):
        return await _asker(reader, person)
    asked, _ = await _asked(reader, person, _UNFINISHED, _ASKED)
    return (*home_cards(await _desk(reader, person)), *(asked_card(person, each) for each in asked))


async def _desk(reader: Reader, person: Person) -> Home:
    held = (await in_hand(reader, person, _COUNTED)).rows
    shown = sorted(held, key=_urgency)[:_HAND]
    drafts = [number for number, _ in await reader.views.drafts(person.id) if number not in {each.id for each in held}]
    newest = sorted(drafts, reverse=True)[:_DRAFTS]
    base = await reader.facts(None, person)
    found, more = await open_for(reader, person, limit=_OPEN)
    return Home(
        person=person,
        facts=base,
        days=SOLVED_DAYS,
        solved=await solved_lately(reader.views, person.id, reader.now()),
        balances=await reader.views.balances(person.id),
        hand=[each for each in await _each(reader, [one.id for one in shown], person) if _holds(person, each)],
        in_hand=len(held),
        held=sum(each.state is State.CLAIMED for each in held),
        begun=await _each(reader, newest, person),
        more_begun=len(drafts) - len(newest),
        open=await _without_words(reader, base, found),
        more_open=more,
        reviews=await _reviews(reader, base, person),
        inbox=await _inbox(reader) if person.staff is not None else None,
    )


def _urgency(question: Question) -> tuple[int, int]:
    """Claims first, and among them the one that ends first."""
    return _IN_HAND_ORDER.index(question.state), question.held_until or question.since


def _holds(person: Person, facts: Facts) -> bool:
    """It may have gone to somebody else since it was listed."""
    question = facts.question
    return question is not None and question.holder == person.id and question.state in _IN_HAND_ORDER


async def _each(reader: Reader, questions: Iterable[QuestionId], person: Person) -> Sequence[Facts]:
    found = [await reader.facts(each, person, draft=True) for each in questions]
    return [each for each in found if each.question is not None]


async def _without_words(reader: Reader, base: Facts, questions: Sequence[Question]) -> Sequence[Facts]:
    """The questions with their categories, and nothing that anybody wrote."""
    categories = await reader.categories()
    return [replace(base, question=each, category=categories[each.category]) for each in questions]


async def _reviews(reader: Reader, base: Facts, person: Person) -> Sequence[Facts]:
    """Texts that this master could approve, the oldest first. Private ones are for staff."""
    if person.expert is None or person.expert.rank is not Rank.MASTER or person.staff is not None:
        return ()
    page = await reader.views.questions(states=(State.REVIEW,), oldest_first=True, limit=_COUNTED)
    categories = await reader.categories()
    fit = [each for each in page.rows if _may_review(person, each) and qualifies(person, categories.get(each.category))]
    shared = [each for each in fit if not categories[each.category].private][:_REVIEWS]
    authors = [text.author for each in shared if (text := text_on_its_way(each)) is not None]
    people = (await reader.facts(None, people=authors)).people
    return await _without_words(reader, replace(base, people=people), shared)


def _may_review(person: Person, question: Question) -> bool:
    text = text_on_its_way(question)
    return text is not None and person.id not in (text.author, question.customer)


# --- what waits for staff


async def _inbox(reader: Reader) -> Inbox:
    found = await waiting_for_staff(reader, _COUNTED)
    known = {each.id for each in (*found.questions, *found.asking)}
    lost = [each for each in dict.fromkeys(_lost_texts(found.troubled)) if each not in known]
    looked_at = [(await reader.facts(each)).question for each in lost[:_LOST_LOOKED_AT]]
    unsent = [each for each in looked_at if each is not None and waits(each)]
    rows = sorted((*found.questions, *found.asking, *unsent), key=waits_since)
    shown = [await reader.facts(each.id) for each in rows[:_INBOX]]
    return Inbox(
        rows=[each for each in shown if each.question is not None and waits(each.question)],
        more=max(0, len(rows) - _INBOX) + max(0, len(lost) - _LOST_LOOKED_AT),
        at_least=found.more or len(found.asking) == _COUNTED,
        troubled=sum(not _is_lost_text(each) for each in found.troubled),
    )


def _lost_texts(troubled: Iterable[Post]) -> Iterable[QuestionId]:
    """The questions whose text does not reach the customer, the oldest first."""
    lost = (each.notice.question for each in troubled if _is_lost_text(each))
    return sorted(each for each in lost if each is not None)


def _is_lost_text(post: Post) -> bool:
    """In doubt is not lost: the courier looks again within the minute."""
    return post.state is not PostState.UNKNOWN and post.notice.about in _TEXTS and post.notice.message is not None


# --- what somebody asked


async def _asker(reader: Reader, person: Person) -> tuple[Card, ...]:
    unfinished, open_count = await _asked(reader, person, _UNFINISHED, _ASKER_UNFINISHED)
    finished, over_count = await _asked(reader, person, _FINISHED, _ASKER_FINISHED)
    more = open_count > len(unfinished) or over_count > len(finished)
    base = await reader.facts(None, person)
    return asker_cards(person, base, (*unfinished, *finished), unfinished=open_count, more=more)


async def _asked(reader: Reader, person: Person, states: Sequence[State], limit: int) -> tuple[Sequence[Facts], int]:
    """The newest questions this person asked, and how many there are, counted up to fifty."""
    if not person.id:
        return (), 0
    page = await reader.views.questions(states=states, customer=person.id, limit=_COUNTED)
    return [await reader.facts(each.id, person) for each in page.rows[:limit]], len(page.rows)
