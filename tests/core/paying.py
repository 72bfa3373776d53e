"""Questions, answers and changes for the tests about money and points, said in few words."""

from typing import Any, Final

from bot.change import Actor, Change
from bot.commands import Note, QuestionCommand
from bot.model import (
    Answer,
    CategoryName,
    Escalation,
    EscalationReason,
    Payment,
    PersonId,
    Place,
    Question,
    QuestionId,
    State,
    Transfer,
    Unit,
    Words,
)
from bot.policy import Policy

POLICY: Final = Policy()
NOW: Final = 1_000_000
CUSTOMER, ANA, BO, CY, REVIEWER, STAFF = map(PersonId, ("customer", "ana", "bo", "cy", "reviewer", "staff"))
NUMBER: Final = QuestionId(17)


def asked(bounty: int = 200, *answers: Answer, **more: Any) -> Question:
    """An answered question with its bounty in escrow, unless `more` says otherwise."""
    facts: dict[str, Any] = {
        "id": NUMBER,
        "customer": CUSTOMER,
        "category": CategoryName("billing"),
        "language": "en",
        "origin": Place("web:@customer"),
        "state": State.ANSWERED,
        "since": 0,
        "asked_at": 0,
        "unit": Unit("USD"),
        "bounty": bounty,
        "escrow": bounty,
        "answers": answers,
    }
    return Question(**(facts | more))


def answer(author: PersonId, message: int = 2, **more: Any) -> Answer:
    """A delivered answer."""
    facts: dict[str, Any] = {"message": message, "author": author, "at": NOW, "delivered_at": NOW}
    return Answer(**(facts | more))


def escalated(by: PersonId) -> Escalation:
    return Escalation(by=by, at=NOW, reason=EscalationReason.BUG, message=3)


def changed(
    before: Question | None, after: Question, command: QuestionCommand | None = None, at: int = NOW
) -> Change[Question]:
    words = Words.plain("so that there is a verb")
    return Change(
        command=command or Note(question=after.id, words=words), actor=Actor(), at=at, before=before, after=after
    )


def got(question: Question) -> dict[str, int]:
    """What each person has from the question, in either pocket; the house is called house."""
    sums: dict[str, int] = {}
    for payment in question.payments:
        name = payment.person or "house"
        sums[name] = sums.get(name, 0) + payment.amount
    return sums


def worth(question: Question) -> int:
    """All the money there is in and from the question."""
    return question.escrow + sum(payment.amount for payment in question.payments)


def pockets(question: Question) -> set[str]:
    return {payment.pocket for payment in question.payments}


def moves(transfers: tuple[Transfer, ...]) -> list[tuple[str, str, int, str]]:
    return [(each.debit, each.credit, each.amount, each.why) for each in transfers]


def payment_of(question: Question, person: PersonId | None) -> Payment:
    (found,) = [each for each in question.payments if each.person == person]
    return found
