"""What the customer would get if a text were sent now, written by the same hand that will write it."""

from dataclasses import replace
from typing import Final

from adapters.web.adapter import Web
from bot.card import Card
from bot.model import Answer, Audience, Kind, Message, Notice, PersonId, PostKind, QuestionId
from bot.wording import card

# What each verb's words arrive as.
ARRIVES_AS: Final = {
    "answer": Kind.ANSWER,
    "override": Kind.ANSWER,
    "clarify": Kind.CLARIFY,
    "correct": Kind.CORRECTION,
}


async def customers_card(web: Web, verb: str, question: QuestionId, author: PersonId, text: str) -> Card | None:
    """None for verbs whose words do not go to a customer. Nothing is kept."""
    kind = ARRIVES_AS.get(verb)
    facts = await web.views.facts(question, now=web.now(), people=(author,))
    asked = facts.question
    if kind is None or asked is None:
        return None
    number = asked.messages + 1
    message = Message(
        question=question,
        number=number,
        author=author,
        kind=kind,
        audience=Audience.EVERYONE,
        text=text,
        shown_text=text,
        at=facts.now,
    )
    person = facts.people.get(author)
    sent = Answer(
        message=number, author=author, at=facts.now, kind=kind, by_staff=person is not None and person.staff is not None
    )
    facts = replace(
        facts,
        company=web.settings.company,
        policy=web.policy,
        messages={**facts.messages, number: message},
        question=replace(asked, messages=number, answers=(*asked.answers, sent)),
    )
    notice = Notice(
        recipient=asked.origin,
        slot="preview",
        kind=PostKind.LINE,
        about=str(kind),
        question=question,
        message=number,
        person=asked.customer,
    )
    return card(notice, facts)
