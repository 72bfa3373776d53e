"""Small true-to-life subjects and changes that tests of the store write down and read back."""

from dataclasses import replace

from bot.change import Actor, Change, Due, Machine, Outcome
from bot.commands import Ask, Claim, Command, CreateCategory, Enrol
from bot.model import (
    Account,
    Audience,
    Category,
    CategoryName,
    Expert,
    Identity,
    Kind,
    Message,
    Notice,
    Person,
    PersonId,
    Place,
    PostKind,
    Question,
    QuestionId,
    State,
    Transfer,
    Unit,
    Words,
)
from bot.ports import Work

USD = Unit("USD")
BILLING = CategoryName("billing")
CHANNEL = Place("web:billing")
ANN, BO = PersonId("ann"), PersonId("bo")


def someone(number: str, /, **more: object) -> Person:
    return replace(Person(id=PersonId(number), name=number), **more)  # type: ignore[arg-type]


def web_identity(name: str) -> Identity:
    return Identity(platform="web", workspace="", external=name)


def settle_in(work: Work, at: int = 1) -> None:
    """Ann, who asks; Bo, who is an expert; and the category billing."""
    work.add_person(someone("ann"), web_identity("ann"), at)
    work.add_person(someone("bo", expert=Expert()), web_identity("bo"), at)
    add_category(work, Category(name=BILLING, title="Billing", channels=(CHANNEL,)), at)


def add_category(work: Work, category: Category, at: int = 1) -> None:
    command = CreateCategory(category=category.name, as_=category, why="to begin with")
    actor = Actor(machine=Machine.CLOCK)
    work.save_category(Change(command=command, actor=actor, at=at, before=None, after=category), None)


def said(question: QuestionId, number: int, text: str, author: PersonId = ANN, at: int = 1) -> Message:
    return Message(
        question=question,
        number=number,
        author=author,
        kind=Kind.QUESTION,
        audience=Audience.EVERYONE,
        text=text,
        shown_text=text,
        at=at,
    )


def ask(
    work: Work, text: str = "Why was I billed twice?", at: int = 1, customer: PersonId = ANN, due: Due | None = None
) -> Question:
    """A new open question with one message, as the core would save it."""
    number = work.next_question()
    question = Question(
        id=number,
        customer=customer,
        category=BILLING,
        language="en",
        origin=Place(f"web:@{customer}"),
        state=State.OPEN,
        since=at,
        asked_at=at,
        unit=USD,
        bounty=200,
        messages=1,
        revision=1,
    )
    command = Ask(
        question=number,
        customer=customer,
        category=BILLING,
        language="en",
        words=Words.plain(text),
        origin=question.origin,
    )
    message = said(number, 1, text, customer, at)
    actor = Actor(person=someone(customer))
    work.save_question(
        Change(
            command=command,
            actor=actor,
            at=at,
            before=None,
            after=question,
            outcome=Outcome.OPENED,
            messages=(message,),
        ),
        due,
    )
    return question


def change(
    work: Work,
    before: Question,
    command: Command,
    *messages: Message,
    at: int = 2,
    due: Due | None = None,
    **more: object,
) -> Question:
    """The question with some fields changed, saved as the outcome of a command."""
    after = replace(before, revision=before.revision + 1, **more)  # type: ignore[arg-type]
    actor = Actor(person=someone("bo"))
    saved = Change(command=command, actor=actor, at=at, before=before, after=after, messages=messages)
    work.save_question(saved, due)
    return after


def claim(work: Work, question: Question, at: int = 2, due: Due | None = None) -> Question:
    command = Claim(question=question.id)
    return change(work, question, command, at=at, due=due, state=State.CLAIMED, holder=BO, since=at)


def enrol(work: Work, before: Person, after: Person, at: int = 2) -> None:
    command = Enrol(person=before.id)
    actor = Actor(person=someone("lea"))
    work.save_person(Change(command=command, actor=actor, at=at, before=before, after=after), None)


def card(slot: str, recipient: Place = CHANNEL, **more: object) -> Notice:
    notice = Notice(recipient=recipient, slot=slot, kind=PostKind.CARD, about="question")
    return replace(notice, **more)  # type: ignore[arg-type]


def line(slot: str, parent: str | None = None, recipient: Place = CHANNEL, **more: object) -> Notice:
    notice = Notice(recipient=recipient, slot=slot, kind=PostKind.LINE, about="message", parent=parent)
    return replace(notice, **more)  # type: ignore[arg-type]


def transfer(key: str, debit: str, credit: str, amount: int = 5, **more: object) -> Transfer:
    moved = Transfer(key=key, debit=Account(debit), credit=Account(credit), amount=amount, unit=USD, why="bounty")
    return replace(moved, **more)  # type: ignore[arg-type]
