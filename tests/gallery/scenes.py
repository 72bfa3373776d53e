"""The people and the question of the gallery, and what can happen to it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.model import (
    Answer,
    Audience,
    Category,
    CategoryName,
    Escalation,
    EscalationReason,
    Expert,
    Kind,
    Message,
    Person,
    PersonId,
    Place,
    Question,
    QuestionId,
    Rank,
    StaffRole,
    State,
    Unit,
    read_number,
)
from bot.policy import DAY_MS, HOUR_MS, MINUTE_MS
from bot.ports import Facts


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW = ms("2026-11-25T14:07:00")  # a Wednesday
ANN, ANA, BO, CLEO, BEN, DIA = (PersonId(name) for name in ("p-ann", "p-ana", "p-bo", "p-cleo", "p-ben", "p-dia"))
PEOPLE = {
    each.id: each
    for each in (
        Person(id=ANN, name="Ann Weber"),
        Person(id=ANA, name="Ana", expert=Expert(rank=Rank.JOURNEYMAN)),
        Person(id=BO, name="Bo", expert=Expert(paused_until=NOW + HOUR_MS)),
        Person(id=CLEO, name="Cleo", expert=Expert(rank=Rank.MASTER)),
        Person(id=BEN, name="Ben", staff=StaffRole.AGENT),
        Person(id=DIA, name="Dia", staff=StaffRole.LEAD),
    )
}


def number(spoken: str) -> QuestionId:
    found = read_number(spoken)
    assert found is not None
    return found


STAFF_CHANNEL = Place("web:staff")
ACCOUNT = Category(
    name=CategoryName("account"), title="Account access", channels=(Place("web:account"),), staff_channel=STAFF_CHANNEL
)
PRIVATE = replace(ACCOUNT, private=True)
FREE = replace(ACCOUNT, bounty=0)

ASKED = (
    "I changed phones and now the app wants a code that I cannot get.\nMy address is ann@example.org. What can I do?"
)
ASKED_SHOWN = ASKED.replace("ann@example.org", "[e-mail 1]")
ANSWER = "Open Settings on the old phone, choose Move to a new phone, and scan the picture with the new one."


def message(at_number: int, kind: Kind, author: PersonId | None, text: str, **more: Any) -> Message:
    values: dict[str, Any] = {"audience": Audience.EVERYONE, "shown_text": text, "at": NOW - 4 * MINUTE_MS, **more}
    return Message(question=number("Q7K3"), number=at_number, author=author, kind=kind, text=text, **values)


FIRST = message(1, Kind.QUESTION, ANN, ASKED, shown_text=ASKED_SHOWN)
LATER = message(2, Kind.REPLY, ANN, "The old phone still turns on.")
ASKED_BACK = message(3, Kind.CLARIFY, ANA, "Do you still have the old phone?")
ANSWERED = message(4, Kind.ANSWER, ANA, ANSWER)
BY_STAFF = message(5, Kind.ANSWER, BEN, "We have reset it for you: sign in with your password, then choose New phone.")
CORRECTED = message(6, Kind.CORRECTION, ANA, "It is under Privacy rather than Settings.")
TRIED = message(
    7, Kind.REASON, ANA, "Resent the code twice. Please look at the number on file.", audience=Audience.INTERNAL
)
WHY = message(8, Kind.REASON, DIA, "Please name the button as it is called now.", audience=Audience.PERSON, to=ANA)
NOTED = message(9, Kind.NOTE, ANA, "Same as last week?", audience=Audience.INTERNAL)
STAFF_NOTED = message(10, Kind.NOTE, BEN, "Third time this month.", audience=Audience.STAFF)
THANKED = message(11, Kind.THANKS, ANN, "That did it, you are a star!")
PROTEST = message(12, Kind.REASON, ANA, "The button was called that until yesterday.", audience=Audience.STAFF)
FLAGGED = message(14, Kind.FLAG, BO, "That menu was removed in May.", audience=Audience.STAFF)
GONE = replace(message(13, Kind.REPLY, ANN, ""), redacted=True)
MESSAGES = {
    each.number: each
    for each in (FIRST, LATER, ASKED_BACK, ANSWERED, BY_STAFF, CORRECTED, TRIED, WHY, NOTED, STAFF_NOTED, THANKED)
} | {each.number: each for each in (PROTEST, GONE, FLAGGED)}

OPEN = Question(
    id=number("Q7K3"),
    customer=ANN,
    category=ACCOUNT.name,
    language="en",
    origin=Place("email:ann@example.org"),
    state=State.OPEN,
    since=NOW - 4 * MINUTE_MS,
    asked_at=NOW - 4 * MINUTE_MS,
    unit=Unit("USD"),
    bounty=200,
    messages=14,
)


def at(state: State, **more: Any) -> Question:
    return replace(OPEN, state=state, **more)


HELD = at(State.HELD, why_held=("card",))
CLAIMED = at(State.CLAIMED, holder=ANA, claimed_at=NOW, held_until=NOW + 15 * MINUTE_MS)
STAFF_CLAIMED = at(State.CLAIMED, holder=BEN, claimed_at=NOW, held_until=NOW + 4 * HOUR_MS, with_staff=True)
BACK = Answer(message=3, author=ANA, at=NOW, kind=Kind.CLARIFY, release_at=NOW + 20_000)
BACK_ARRIVED = replace(BACK, release_at=NOW - 40_000, delivered_at=NOW - 30_000)
WAITING = at(State.WAITING, holder=ANA, answers=(BACK_ARRIVED,))

TEXT = Answer(message=4, author=ANA, at=NOW, release_at=NOW + 20_000)
REVIEWED = replace(TEXT, release_at=None)
LEFT = replace(TEXT, release_at=NOW - 1_000)
ARRIVED = replace(LEFT, delivered_at=NOW)
CALLED_BAD = replace(ARRIVED, flagged=14)
LOST = replace(LEFT, undelivered_at=NOW - HOUR_MS, undelivered_why="mailbox-full")
STAFF_TEXT = Answer(message=5, author=BEN, at=NOW, release_at=NOW + 20_000, by_staff=True)
STAFF_ARRIVED = replace(STAFF_TEXT, release_at=NOW - 1_000, delivered_at=NOW)
CORRECTION = Answer(message=6, author=ANA, at=NOW, kind=Kind.CORRECTION, release_at=NOW + 20_000)


def answered(*texts: Answer, **more: Any) -> Question:
    return at(State.ANSWERED, **{"holder": ANA, "answers": texts, **more})


REVIEW = at(State.REVIEW, holder=ANA, answers=(REVIEWED,))
ESCALATION = Escalation(
    by=ANA, at=NOW, reason=EscalationReason.NEEDS_ACCOUNT, message=7, stands_until=NOW + 2 * MINUTE_MS
)
WENT = replace(ESCALATION, stands_until=None, went_at=NOW)
STANDING = at(State.CLAIMED, holder=ANA, held_until=NOW + 15 * MINUTE_MS, escalation=ESCALATION)
ESCALATED = at(State.ESCALATED, with_staff=True, escalation=WENT, since=NOW)
SOLVED = at(State.SOLVED, holder=ANA, answers=(ARRIVED,), solved_at=NOW, confirmed=True)
WITH_STAFF = at(State.ESCALATED, with_staff=True, since=NOW - 45 * MINUTE_MS)
AFTER_A_WEEK = NOW + 7 * DAY_MS


def facts(question: Question | None, **more: Any) -> Facts:
    values: dict[str, Any] = {"category": ACCOUNT, "messages": MESSAGES, "people": PEOPLE, **more}
    return Facts(now=NOW, company="Acme", question=question, **values)
