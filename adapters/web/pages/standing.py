"""Everything a private page shows, read off the question once: texts, times, and the forms that fit its state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from adapters.web.adapter import Web
from adapters.web.conversation import customers_conversation
from adapters.web.pages.enclosures import Enclosure, enclosures
from adapters.web.pages.waits import recent_waits
from adapters.web.wording import page_tongue, time_of, timed
from bot.model import Kind, Message, Person, State
from bot.ports import Facts
from bot.wording import CustomerView, customer_view
from bot.wording.moments import length_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One text of the conversation. `by` is who said it, in words; `number` is what a verdict names."""

    number: int
    mine: bool
    by: str
    text: str
    at: Markup
    fresh: bool
    note: str
    files: Sequence[Enclosure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something the customer can press: `verb` in the words of the grammar, about the answer `answer`."""

    verb: str
    label: str
    answer: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A private page at one moment."""

    headline: Markup
    explanation: Markup
    next_step: Markup
    waits: str
    bubbles: Sequence[Bubble]
    offers: Sequence[Offer]
    judged_by: str
    can_withdraw: bool
    awaits_reply: bool
    zone: str

    def offer(self, verb: str) -> Offer | None:
        return next((each for each in self.offers if each.verb == verb), None)


async def standing_of(web: Web, facts: Facts) -> Standing:
    """Raises nothing; a question's category that is gone counts as one with UTC."""
    question = facts.question
    assert question is not None, "a private page is about a question"
    known = replace(facts, company=web.settings.company, policy=web.policy)
    view = customer_view(question, known, web.policy)
    zone = facts.category.staff_hours.timezone if facts.category else "UTC"
    offers = _offers(view)
    return Standing(
        headline=_text(view.headline, view, facts, zone),
        explanation=_text(view.explanation, view, facts, zone),
        next_step=_text(view.next_step, view, facts, zone),
        waits=await _waits(web) if question.state in (State.HELD, State.OPEN) else "",
        bubbles=_bubbles(web, known, zone),
        offers=offers,
        judged_by=_judged_by(known, offers),
        can_withdraw=question.state in _WITHOUT_ANSWER,
        awaits_reply=question.state is State.WAITING,
        zone=zone,
    )


_WITHOUT_ANSWER = (State.HELD, State.OPEN, State.CLAIMED, State.WAITING, State.REVIEW, State.ESCALATED)


def _text(text: str, view: CustomerView, facts: Facts, zone: str) -> Markup:
    assert facts.question is not None, "a private page is about a question"
    return timed(text, view.moments, facts.now, zone, facts.question.language)


def _offers(view: CustomerView) -> list[Offer]:
    """The buttons of the view: each says a verb, the question's number and, where it judges, the answer's."""
    offers = []
    for button in view.buttons:
        verb, _, *rest = button.sentence.split()
        offers.append(Offer(verb=verb, label=button.label, answer=int(rest[0]) if rest else None))
    return offers


def _judged_by(facts: Facts, offers: Sequence[Offer]) -> str:
    number = next((each.answer for each in offers if each.answer is not None), None)
    message = facts.messages.get(number) if number is not None else None
    author = facts.people.get(message.author) if message is not None and message.author else None
    return author.name if author else ""


def _bubbles(web: Web, facts: Facts, zone: str) -> list[Bubble]:
    messages = customers_conversation(facts)
    return [_bubble(web, each, facts, zone, fresh=each is messages[-1]) for each in messages]


def _bubble(web: Web, message: Message, facts: Facts, zone: str, *, fresh: bool) -> Bubble:
    assert facts.question is not None
    mine = message.author == facts.question.customer
    author = facts.people.get(message.author) if message.author else None
    tongue = page_tongue([facts.question.language])
    company = web.settings.company
    return Bubble(
        number=message.number,
        mine=mine,
        by=tongue.say("question.you") if mine else _by(message, author, company),
        text=tongue.say("question.removed") if message.redacted else message.text,
        at=time_of(_said_at(message, facts), "day", facts.now, zone),
        fresh=fresh and not mine,
        note=""
        if mine or author is None or author.staff
        else tongue.say("question.disclosure", person=author.name, company=company),
        files=() if message.redacted else enclosures(message, facts),
    )


def _said_at(message: Message, facts: Facts) -> int:
    """When the customer got it; what they wrote themselves, when they wrote it."""
    text = facts.question.answer_numbered(message.number) if facts.question else None
    return message.at if text is None or text.delivered_at is None else text.delivered_at


def _by(message: Message, author: Person | None, company: str) -> str:
    tongue = page_tongue()
    name = author.name if author else company
    if message.kind is Kind.CORRECTION:
        return tongue.say("question.correction", person=name)
    key = "question.by-staff" if author is not None and author.staff else "question.by-expert"
    return tongue.say(key, person=name, company=company, a_company=tongue.with_article(company))


async def _waits(web: Web) -> str:
    waits = await recent_waits(web)
    if waits is None:
        return ""
    tongue = page_tongue()
    usual = length_text(waits.usual_ms, tongue)
    if waits.worst_ms is None:
        return tongue.say("question.waits", usual=usual)
    return tongue.say("question.waits-worst", usual=usual, worst=length_text(waits.worst_ms, tongue))
