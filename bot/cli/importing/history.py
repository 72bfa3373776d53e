"""Keeps a question that was solved before Guildhall came: words and who asked, masked as ever, but no money."""

from typing import Final

from bot.app.preparing import Surroundings, looked_at
from bot.change import Actor, Change, Machine, Outcome, Receipt
from bot.cli.house import House
from bot.cli.importing.mapping import Record
from bot.cli.importing.rows import Refused
from bot.commands import Ask
from bot.model import (
    Answer,
    Audience,
    Category,
    Identity,
    Kind,
    Message,
    Person,
    PersonId,
    Question,
    QuestionId,
    State,
    Words,
    direct_place,
)
from bot.ports import Work

# Who answered is not known here by any account that could be paid.
EARLIER: Final = Person(id=PersonId("earlier"), name="An earlier answer")
_QUESTION, _ANSWER = 1, 2


async def keep(house: House, key: str, who: Identity, record: Record, category: Category) -> Refused | None:
    """Keep the record as a solved question, or say why not."""
    asked = looked_at(record.question, Surroundings(category=category))
    answered = looked_at(record.answer, Surroundings(category=category, earlier=(asked.text,)))
    longest = house.app.policy.question_chars_max
    if not answered.text.strip():
        return _refused(record, "there is no answer", "import it with --as questions, or map the answer with --map")
    if max(len(asked.text), len(answered.text)) > longest:
        return _refused(record, f"it is longer than {longest} characters", "shorten it")
    now = house.app.now()
    at = min(record.asked_at if record.asked_at is not None else now, now)

    def act(work: Work) -> None:
        if work.receipt(key) is not None:
            return
        customer = _customer(house, work, who, now)
        if work.person(EARLIER.id) is None:
            work.add_person(EARLIER, None, now)
        question = _solved(work.next_question(), customer, record, category, at)
        messages = (
            _message(question.id, _QUESTION, Kind.QUESTION, customer, asked, at),
            _message(question.id, _ANSWER, Kind.ANSWER, EARLIER.id, answered, at),
        )
        command = Ask(
            question=question.id,
            customer=customer,
            category=category.name,
            language=question.language,
            words=asked,
            origin=question.origin,
        )
        actor = Actor(machine=Machine.INTEGRATION)
        work.save_question(
            Change(command=command, actor=actor, at=now, before=None, after=question, messages=messages), None
        )
        work.remember(key, Receipt(verb="ask", question=question.id, outcome=Outcome.DONE, after=State.SOLVED), now)

    await house.store.run(act)
    return None


def _customer(house: House, work: Work, who: Identity, now: int) -> PersonId:
    known = work.person_of(who)
    if known is not None:
        return known
    customer = house.app.new_person()
    work.add_person(Person(id=customer, name="Customer"), who, now)
    return customer


def _solved(number: QuestionId, customer: PersonId, record: Record, category: Category, at: int) -> Question:
    answer = Answer(message=_ANSWER, author=EARLIER.id, at=at, release_at=at, delivered_at=at)
    return Question(
        id=number,
        customer=customer,
        category=category.name,
        language=record.language or category.language,
        origin=direct_place("web", customer),
        state=State.SOLVED,
        since=at,
        asked_at=at,
        unit=category.unit,
        bounty=0,
        messages=_ANSWER,
        answers=(answer,),
        solved_at=at,
        settled=True,
        revision=1,
    )


def _message(question: QuestionId, number: int, kind: Kind, author: PersonId, words: Words, at: int) -> Message:
    return Message(
        question=question,
        number=number,
        author=author,
        kind=kind,
        audience=Audience.EVERYONE,
        text=words.text,
        shown_text=words.shown_text,
        at=at,
    )


def _refused(record: Record, why: str, do: str) -> Refused:
    return Refused(line=record.line, bytes_read=record.bytes_read, why=why, do=do)
