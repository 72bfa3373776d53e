"""Where people can be reached, and how the posts of one question are named."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model import Category, PersonId, Place, Question, spoken_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where people can be reached: the category's channels and everybody's home.

    `leads` and `masters` are the homes of those who are told when something waits for them; `quiet_until` is when the
    quiet hours end (milliseconds UTC) of those who have quiet hours now.
    """

    category: Category
    homes: Mapping[PersonId, Place] = field(default_factory=dict)
    leads: Mapping[PersonId, Place] = field(default_factory=dict)
    masters: Mapping[PersonId, Place] = field(default_factory=dict)
    quiet_until: Mapping[PersonId, int] = field(default_factory=dict)


def card_slot(question: Question) -> str:
    return f"{spoken_number(question.id)}/card"


def staff_slot(question: Question) -> str:
    return f"{spoken_number(question.id)}/staff"


def text_slot(question: Question, message: int) -> str:
    """The slot of one numbered text, in a thread and with the customer alike."""
    return f"{spoken_number(question.id)}/m/{message}"
