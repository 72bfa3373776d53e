"""One's own page as each kind of person finds it, card by card."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.card import Card
from bot.model import POINTS, Answer, Expert, Person, PersonId, Question, Rank, StaffRole, Standing, State, Unit
from bot.policy import DAY_MS, HOUR_MS, MINUTE_MS, Policy
from bot.ports import Facts
from bot.wording.home import Home, home_cards
from bot.wording.home_asked import asked_card, asker_cards
from bot.wording.home_inbox import Inbox
from tests.gallery import scenes as s

ANA, ANN, BEN, CLEO, DIA = (s.PEOPLE[each] for each in (s.ANA, s.ANN, s.BEN, s.CLEO, s.DIA))
USD = Unit("USD")
EARNED = {
    ("pending", USD): 140,
    ("payable", USD): 1_280,
    ("paid", USD): 5_740,
    ("payable", Unit("gems")): 3,
    ("points", POINTS): 212,
}
DRAFT = (
    "Open Settings on the old phone. Then choose Move to a new phone, and hold the new one beside it until they " * 2
)
NOBODYS = s.facts(None, category=None, messages={})


def page(person: Person, **more: Any) -> Home:
    values: dict[str, Any] = {"person": person, "facts": NOBODYS, "days": 30, "solved": 0, "balances": {}, **more}
    hand: Sequence[Facts] = values.get("hand", ())
    claimed = sum(each.question is not None and each.question.state is State.CLAIMED for each in hand)
    return Home(**{"in_hand": len(hand), "held": claimed, **values})


def listed(*questions: Question, **more: Any) -> list[Facts]:
    return [s.facts(each, **{"messages": {}, **more}) for each in questions]


OLDER = replace(s.OPEN, id=s.number("Q8M2"), asked_at=s.NOW - 3 * HOUR_MS, bounty=0)
LONG = replace(s.FIRST, shown_text="Nothing works. " * 100, text="Nothing works. " * 100)
AGAIN = replace(s.CLAIMED, answers=(replace(s.ARRIVED, rejected=True),), extensions=2)
UNSENT_BACK = replace(
    s.BACK, release_at=s.NOW - HOUR_MS, undelivered_at=s.NOW - HOUR_MS, undelivered_why="mailbox-full"
)
GONE_BACK = replace(UNSENT_BACK, undelivered_why="thread-gone")

ONE_WAITS = Inbox(rows=[s.facts(s.HELD)], more=1)
EVERYTHING = Inbox(
    rows=[
        s.facts(s.HELD),
        s.facts(replace(s.HELD, why_held=("safety",)), category=replace(s.ACCOUNT, open_to_experts=False)),
        s.facts(s.ESCALATED),
        s.facts(replace(s.WITH_STAFF, rejections=2), messages={1: LONG}),
        s.facts(replace(s.REVIEW, since=s.NOW - 12 * MINUTE_MS)),
        s.facts(replace(s.answered(s.CALLED_BAD), asks_staff=True)),
        s.facts(replace(s.answered(s.ARRIVED), asks_staff=True)),
        s.facts(s.answered(s.LOST)),
        s.facts(replace(s.SOLVED, answers=(s.ARRIVED, replace(s.LOST, message=6, kind=s.CORRECTION.kind)))),
    ],
    more=45,
    at_least=True,
    troubled=2,
)


def pages() -> Iterator[tuple[str, tuple[Card, ...]]]:
    """A name, and the whole page."""
    apprentice = replace(ANA, expert=Expert(reviews=(True, False, True)))
    yield "a new expert", home_cards(page(apprentice))
    full = page(
        ANA,
        solved=41,
        balances=EARNED,
        hand=[
            s.facts(s.CLAIMED, draft=DRAFT),
            s.facts(replace(AGAIN, id=s.number("Q9K1")), messages={1: LONG, 2: s.LATER}, category=s.PRIVATE),
            s.facts(replace(s.STANDING, id=s.number("Q9K2"))),
        ],
        in_hand=9,
        open=listed(s.OPEN, OLDER),
        more_open=True,
    )
    yield "an expert with full hands", home_cards(full)
    others = [
        s.REVIEW,
        replace(s.REVIEW, answers=()),
        s.WAITING,
        replace(s.WAITING, escalation=s.ESCALATION),
        replace(s.WAITING, answers=(s.BACK,)),
        replace(s.WAITING, answers=(UNSENT_BACK,)),
        replace(s.WAITING, answers=(GONE_BACK,)),
    ]
    yield "an expert who waits", home_cards(page(ANA, hand=[s.facts(each) for each in others], open=listed(OLDER)))
    paused = Expert(rank=Rank.JOURNEYMAN, paused_until=s.NOW + 2 * DAY_MS, quiet_from_hour=0, quiet_until_hour=0)
    yield "an expert on a break", home_cards(page(replace(ANA, expert=paused), balances=EARNED))
    yield "an expert with drafts", home_cards(page(ANA, begun=drafts(), more_begun=2))
    one_at_a_time = page(
        ANA,
        facts=replace(NOBODYS, policy=Policy(claims_per_expert_max=1)),
        hand=[s.facts(s.CLAIMED)],
        begun=[s.facts(OLDER, draft=DRAFT)],
        more_begun=1,
        open=listed(OLDER),
    )
    yield "drafts with full hands", home_cards(one_at_a_time)
    closed = replace(s.ACCOUNT, open_to_experts=False)
    yield "an expert of a closed category", home_cards(page(ANA, hand=[s.facts(s.CLAIMED, category=closed)], held=1))
    yield "a master", home_cards(page(CLEO, reviews=listed(s.REVIEW), open=listed(s.OPEN)))
    for standing in (Standing.SUSPENDED, Standing.LEFT):
        yield standing, home_cards(page(replace(ANA, expert=Expert(standing=standing)), balances=EARNED))
    yield "staff", home_cards(page(BEN, inbox=Inbox(), open=listed(s.OPEN)))
    yield "staff with one more", home_cards(page(BEN, inbox=ONE_WAITS, open=listed(s.OPEN)))
    yield "staff at work", home_cards(busy_staff())
    yield "staff with some more", home_cards(page(BEN, inbox=replace(ONE_WAITS, more=2)))
    both = replace(DIA, expert=Expert(rank=Rank.MASTER))
    yield "staff who were experts", home_cards(page(both, inbox=Inbox(troubled=1), balances=EARNED))
    yield from askers()


def drafts() -> list[Facts]:
    others = replace(s.CLAIMED, holder=PersonId("p-bo"))
    return [s.facts(each, draft=DRAFT) for each in (s.OPEN, others, s.answered(s.ARRIVED))]


def busy_staff() -> Home:
    admin = replace(BEN, staff=StaffRole.ADMIN)
    return page(
        admin,
        hand=[s.facts(s.STAFF_CLAIMED), s.facts(replace(s.WAITING, holder=s.BEN, with_staff=True))],
        begun=[s.facts(s.ESCALATED, draft=DRAFT), s.facts(s.SOLVED, draft=DRAFT)],
        open=listed(s.OPEN),
        inbox=EVERYTHING,
    )


def askers() -> Iterator[tuple[str, tuple[Card, ...]]]:
    yield "nobody yet", asker_cards(Person(id=PersonId(""), name="Somebody"), NOBODYS, ())
    unsent: Answer = replace(s.TEXT, message=4)
    states = [
        s.OPEN,
        s.HELD,
        s.CLAIMED,
        s.WAITING,
        s.REVIEW,
        s.answered(unsent),
        s.answered(s.ARRIVED),
        s.answered(s.LOST),
        s.ESCALATED,
        s.SOLVED,
        s.at(State.CLOSED),
    ]
    yield "somebody who asked", asker_cards(ANN, NOBODYS, [s.facts(each) for each in states], unfinished=2, more=True)
    yield "somebody who asked a lot", asker_cards(ANN, NOBODYS, [s.facts(s.OPEN, messages={1: LONG})], unfinished=3)
    yield "somebody who is blocked", asker_cards(replace(ANN, blocked=True), NOBODYS, ())
    yield "an expert who asked", (asked_card(ANA, s.facts(replace(s.OPEN, customer=s.ANA))),)


def homes() -> Iterator[tuple[str, Card]]:
    for name, cards in pages():
        for number, card in enumerate(cards, start=1):
            yield f"{name}, {number}", card
