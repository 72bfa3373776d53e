"""The part of one's own page that only staff have: what waits for them, how long, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.card import Button, Card, Quote, Tone
from bot.lifecycle.question import ACTIVE
from bot.model import Answer, Notice, Person, Place, PostKind, Question, State
from bot.ports import Facts
from bot.wording.cards import text_on_its_way
from bot.wording.catalogue import tongue_with
from bot.wording.staff_cards import staff_card
from bot.wording.writer import Eyes, Writer

WORDS_CHARS: Final = 300

_WAITS: Final = (State.HELD, State.ESCALATED, State.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """`rows` are shown, the one that waits longest first; `more` is how many further ones wait, `at_least` when it may
    be more than that. `troubled` counts posts that do not arrive and are nobody's question or answer."""

    rows: Sequence[Facts] = ()
    more: int = 0
    at_least: bool = False
    troubled: int = 0


def inbox_cards(person: Person, facts: Facts, inbox: Inbox) -> tuple[Card, ...]:
    """What waits for staff, each with the beginning of the words it is about. `facts` are those of no question."""
    w = _writer(person, facts)
    title = w.say("look.inbox" if inbox.rows else "look.inbox.none")
    body = []
    if inbox.more:
        many = "home.inbox.many" if inbox.at_least else w.tongue.plural_key("home.inbox.more", inbox.more)
        body.append(w.say(many, count=inbox.more))
    if inbox.troubled:
        body.append(w.say("look.inbox.troubled", count=inbox.troubled))
    whole = (Button(label=w.say("button.inbox"), sentence="inbox"),) if inbox.more else ()
    return (w.card(title, body=" ".join(body), buttons=whole), *(_row(person, each) for each in inbox.rows))


def waits(question: Question) -> bool:
    """Whether staff have anything to do about it."""
    return question.state in _WAITS or question.asks_staff or _undelivered(question) is not None


def waits_since(question: Question) -> int:
    """Since when it has been for staff to look at it: milliseconds UTC."""
    lost = _undelivered(question)
    if question.state in _WAITS or lost is None:
        return question.since
    return lost.undelivered_at or question.since


def first_words(text: str, chars_max: int) -> str:
    """The text, or as much of it as fits, with a sign that there is more."""
    return text if len(text) <= chars_max else text[: chars_max - 1].rstrip() + "…"


def _row(person: Person, facts: Facts) -> Card:
    """The staff card's own title and reasons, shortened to what fits on a page of many."""
    w = _writer(person, facts)
    notice = Notice(recipient=Place("home"), slot="home", kind=PostKind.CARD, about="staff", question=w.number)
    full = staff_card(w, notice)
    assert full is not None, "staff have a card of every question"
    why = w.say("home.inbox.asking") if full.compact else full.body
    body = f"{why} {w.say('home.inbox.since', length=w.ago(waits_since(w.question)))}"
    return Card(
        title=full.title,
        body=body,
        tone=Tone.ALERT,
        quotes=_quotes(w, full),
        buttons=_buttons(w),
        moments=tuple(w.moments),
    )


def _quotes(w: Writer, full: Card) -> tuple[Quote, ...]:
    """One quote: the text that is to be judged, else the customer's question."""
    if not full.quotes:
        return ()
    judged = w.question.state is State.REVIEW or _is_about_text(w)
    quote = full.quotes[-1 if judged else 0]
    return (replace(quote, text=first_words(quote.text, WORDS_CHARS)),)


def _buttons(w: Writer) -> tuple[Button, ...]:
    """What can be done without reading more; a text is judged only where all of it stands."""
    question, show, take = w.question, w.button("show"), w.button("take")
    lost = _undelivered(question)
    match question.state:
        case State.HELD if w.category.open_to_experts:
            return (w.button("admit", main=True), take, show)
        case State.HELD | State.ESCALATED:
            return (w.button("take", main=True), w.button("answer"), show)
        case State.REVIEW:
            return (w.button("show", main=True), take)
        case _ if lost is not None:
            also = (take,) if question.state in ACTIVE else ()
            return (w.button("try-now", message=lost.message, main=True), *also, show)
        case _:
            return (w.button("show", main=True), w.button("staff-note"))


def _is_about_text(w: Writer) -> bool:
    return w.question.state not in _WAITS and _undelivered(w.question) is None


def _undelivered(question: Question) -> Answer | None:
    text = text_on_its_way(question)
    return text if text is not None and text.undelivered_at is not None else None


def _writer(person: Person, facts: Facts) -> Writer:
    return Writer(facts, Eyes.STAFF, tongue_with("home", person.languages))
