"""What the customer would get if a text were sent now, written by the same hand that will write it."""

from dataclasses import replace
from typing import Final

from bot.card import Card
from bot.model import Answer, Audience, Kind, Message, Notice, PersonId, PostKind
from bot.ports import Facts
from bot.wording.lines import card

# Verbs whose words are kept as the draft of the question's answer until they are sent.
DRAFTED: Final = frozenset({"answer", "clarify", "override"})
_ARRIVES_AS: Final = {
    "answer": Kind.ANSWER,
    "override": Kind.ANSWER,
    "clarify": Kind.CLARIFY,
    "correct": Kind.CORRECTION,
}


def reaches_customer(verb: str) -> bool:
    """Whether the verb's words go to the customer."""
    return verb in _ARRIVES_AS


def customers_card(verb: str, author: PersonId, text: str, facts: Facts) -> Card | None:
    """None for verbs whose words do not go to a customer. `facts` are those of the question, with its `author`."""
    kind, asked = _ARRIVES_AS.get(verb), facts.question
    if kind is None or asked is None:
        return None
    number = asked.messages + 1
    message = Message(
        question=asked.id,
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
        messages={**facts.messages, number: message},
        question=replace(asked, messages=number, answers=(*asked.answers, sent)),
    )
    notice = Notice(
        recipient=asked.origin,
        slot="preview",
        kind=PostKind.LINE,
        about=str(kind),
        question=asked.id,
        message=number,
        person=asked.customer,
    )
    return card(notice, facts)
