"""What the customer has been told so far: never a text before it really went out."""

from collections.abc import Sequence

from bot.model import Audience, Message, Question
from bot.ports import Facts


def customers_conversation(facts: Facts) -> Sequence[Message]:
    """The customer's own words and what went out to them, oldest first."""
    question = facts.question
    assert question is not None, "a conversation is about a question"
    arrived = arrived_numbers(question)
    return [
        message
        for _, message in sorted(facts.messages.items())
        if message.audience is Audience.EVERYONE and (message.author == question.customer or message.number in arrived)
    ]


def arrived_numbers(question: Question) -> frozenset[int]:
    """The texts that went out. One that could not be delivered is past its undoing too, and is read on the page."""
    return frozenset(
        each.message for each in question.answers if each.delivered_at is not None or each.undelivered_at is not None
    )
