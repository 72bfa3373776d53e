"""What people say in fault tests: words by which each question and each line of it is known again."""

from typing import Any

from bot.model import QuestionId
from bot.ports import Asked, Upload, Wrote
from tests.faults.house import House


def words_of(name: str) -> str:
    return f"Something is strange with {name}. What can I do about it?"


async def asks(
    house: House, customer: Any, name: str, category: str, lines: int, *, files: tuple[Upload, ...] = ()
) -> QuestionId:
    """A question with its lines, past the platform, so that what is posted is all that can go wrong. `files` come with
    the question."""
    who = house.identity(customer)
    asked = await house.app.hear(
        Asked(
            key=f"ask/{name}",
            who=who,
            text=words_of(name),
            origin=house.place(customer),
            name=customer.name,
            category=category,
            files=files,
        )
    )
    question: QuestionId = asked.receipt.question  # type: ignore[union-attr,assignment]
    for line in range(1, lines + 1):
        text = f"Line {line} of {name}"
        await house.app.hear(Wrote(key=f"line/{name}/{line}", who=who, question=question, text=text))
    return question
