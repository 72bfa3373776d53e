"""Questions, messages and amounts in the shapes of the API."""

from typing import Literal

from adapters.web.api.files import files_shown
from adapters.web.api.seeing import Sight
from adapters.web.api.shapes import AnswerMark, MessageShown, Money, QuestionRow, QuestionShown
from bot.market.pay import share_cents
from bot.model import Answer, Message, Question, Unit, money_text, spoken_number
from bot.policy import Policy
from bot.wording.writer import Eyes


def row_shape(question: Question) -> QuestionRow:
    return QuestionRow(
        number=spoken_number(question.id),
        id=question.id,
        state=question.state,
        state_since=question.since,
        category=question.category,
        language=question.language,
        asked_at=question.asked_at,
        with_staff=question.with_staff,
        closed_as=question.closed_as,
    )


def question_shape(sight: Sight, policy: Policy, link: str) -> QuestionShown:
    """`link` is the customer's private page; it goes to whoever may hand it to the customer."""
    question, facts = sight.question, sight.facts
    holder = facts.people.get(question.holder) if question.holder is not None else None
    first = facts.messages.get(1)
    for_customer = sight.eyes is Eyes.CUSTOMER
    return QuestionShown(
        **dict(row_shape(question)),
        text=sight.words(first) if first is not None and sight.shows_words else None,
        customer=_customer(sight),
        holder=holder.name if holder else None,
        held_until=None if for_customer else question.held_until,
        reward=None if for_customer else money_shape(share_cents(question, policy), question.unit),
        answers=[_mark(each, sight) for each in question.answers if sight.answer_is_visible(each.message)],
        link=None if sight.eyes is Eyes.EXPERT else link,
    )


def message_shape(message: Message, sight: Sight) -> MessageShown:
    author = sight.facts.people.get(message.author) if message.author is not None else None
    by_customer = message.author == sight.question.customer
    named = author is not None and (not by_customer or sight.eyes is Eyes.STAFF)
    return MessageShown(
        number=message.number,
        kind=message.kind,
        audience=message.audience,
        author=_role(message, sight),
        name=author.name if author is not None and named else None,
        text=sight.words(message),
        shown_text=message.shown_text if sight.eyes is Eyes.STAFF else None,
        at=message.at,
        redacted=message.redacted,
        files=files_shown(message, sight),
    )


def money_shape(amount: int, unit: Unit) -> Money:
    return Money(amount=amount, unit=unit, text=money_text(amount, unit))


def _customer(sight: Sight) -> str | None:
    match sight.eyes:
        case Eyes.CUSTOMER:
            return sight.external
        case Eyes.STAFF:
            customer = sight.facts.people.get(sight.question.customer)
            return customer.name if customer else None
        case Eyes.EXPERT:
            return None


def _role(message: Message, sight: Sight) -> Literal["customer", "expert", "staff", "product"]:
    if message.author is None:
        return "product"
    if message.author == sight.question.customer:
        return "customer"
    author = sight.facts.people.get(message.author)
    return "staff" if author is not None and author.staff else "expert"


def _mark(answer: Answer, sight: Sight) -> AnswerMark:
    author = sight.facts.people.get(answer.author)
    return AnswerMark(
        number=answer.message,
        kind=answer.kind,
        author=author.name if author else "",
        by_staff=answer.by_staff,
        state=_answer_state(answer),
        rejected=answer.rejected,
        at=answer.at,
    )


def _answer_state(answer: Answer) -> Literal["review", "sending", "delivered", "undelivered"]:
    if answer.delivered_at is not None:
        return "delivered"
    if answer.undelivered_at is not None:
        return "undelivered"
    return "review" if answer.release_at is None else "sending"
