"""Small cards whose buttons take along what somebody has just written: nothing happens until one is pressed."""

from dataclasses import dataclass
from typing import Final

from bot.card import Button, Card, Weight
from bot.model import Message, Person, QuestionId, spoken_number
from bot.ports import Facts
from bot.wording.catalogue import tongue
from bot.wording.writer import Eyes, Writer

_BEGINNING_CHARS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A question its customer may mean, and the words they asked it in."""

    number: QuestionId
    asked: Message | None


def offer_card(facts: Facts, person: Person, *, answer: bool, clarify: bool, note: bool) -> Card | None:
    """What can be done with a line that was written in a question's thread; None when there is nothing."""
    w = Writer(facts, Eyes.STAFF if person.staff else Eyes.EXPERT, tongue(person.languages))
    buttons = (
        *((w.button("send-words", main=True, carries=True),) if answer else ()),
        *((w.button("clarify", carries=True),) if clarify else ()),
        *((w.button("keep-note", carries=True),) if note else ()),
    )
    return w.card(w.say("offer" if answer or clarify else "offer.note"), buttons=buttons) if buttons else None


def crew_card(facts: Facts, person: Person, own: tuple[Own, ...]) -> Card:
    """To experts and staff, who said something that is no command. `own` are questions they asked."""
    w = Writer(facts, Eyes.CUSTOMER, tongue(person.languages))
    ask = Button(label=w.say("button.ask-as-customer"), sentence="ask", carries=True)
    help_ = Button(label=w.say("button.help"), sentence="help")
    return w.card(w.say("direct.crew"), buttons=(help_, *_about(w, own), ask))


def which_card(facts: Facts, person: Person, own: tuple[Own, ...]) -> Card:
    """To a customer with questions that are not finished: which of them is this about, if any?"""
    w = Writer(facts, Eyes.CUSTOMER, tongue(person.languages))
    new = Button(label=w.say("button.ask-new"), sentence="ask", carries=True, weight=Weight.MAIN)
    return w.card(w.say("direct.which"), buttons=(*_about(w, own), new))


def elsewhere_card(facts: Facts, question: QuestionId, person: Person | None) -> Card:
    """To whoever writes in the thread of somebody else's question."""
    w = Writer(facts, Eyes.CUSTOMER, tongue(person.languages if person else ()), question)
    new = Button(label=w.say("button.ask-new"), sentence="ask", carries=True)
    return w.card(w.say("direct.elsewhere"), buttons=(new,))


def _about(w: Writer, own: tuple[Own, ...]) -> tuple[Button, ...]:
    """One button for each, with its first words, since nobody knows their questions by number."""
    return tuple(
        Button(label=_label(w, each), sentence=f"reply {spoken_number(each.number)}", carries=True) for each in own
    )


def _label(w: Writer, own: Own) -> str:
    number = spoken_number(own.number)
    words = " ".join(own.asked.text.split()) if own.asked is not None and not own.asked.redacted else ""
    if len(words) > _BEGINNING_CHARS:
        words = words[: _BEGINNING_CHARS - 1].rstrip() + "…"
    return w.say("button.about", number=number, words=words) if words else number
