"""One's own page for whoever asks: how to, what they asked, and where it stands."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.card import Button, Card, Quote, Tone
from bot.model import Audience, Kind, Message, Person, State, spoken_number
from bot.ports import Facts
from bot.wording.cards import text_on_its_way
from bot.wording.catalogue import tongue_with
from bot.wording.customer_page import customer_view
from bot.wording.home_inbox import WORDS_CHARS
from bot.wording.writer import Eyes, Writer

_FINISHED_CHARS: Final = 100
_UNDELIVERED_CHARS: Final = 2_400
_TONES: Final = {
    State.WAITING: Tone.FRESH,
    State.ANSWERED: Tone.FRESH,
    State.SOLVED: Tone.DONE,
    State.CLOSED: Tone.DONE,
}
_TO_READ: Final = (State.WAITING, State.ANSWERED)


def asker_cards(
    person: Person, facts: Facts, asked: Sequence[Facts], *, unfinished: int = 0, more: bool = False
) -> tuple[Card, ...]:
    """The page of somebody without any rights. `facts` are those of no question, `asked` those of the questions that
    are shown; `unfinished` counts all that are open in any way, `more` tells that there are others."""
    w = _writer(person, facts)
    help_button = Button(label=w.say("button.help"), sentence="help")
    how = _how_to_ask(w, person, unfinished)
    body = how if asked else f"{w.say('home.asked.none')} {how}"
    head = w.card(w.say("home.asker"), body=body, footnote=w.say("disclosure-all"), buttons=(help_button,))
    rows = [asked_card(person, each) for each in asked]
    if more and rows:
        rows[-1] = replace(rows[-1], footnote=w.say("home.asked.more"))
    return (head, *rows)


def asked_card(person: Person, facts: Facts) -> Card:
    """Where a question of one's own stands, with the text that waits for oneself, if there is one."""
    w = _writer(person, facts)
    question, number = w.question, spoken_number(w.question.id)
    view = customer_view(question, facts, facts.policy)
    # A headline that names the question already stands alone.
    title = view.headline if number in view.headline else w.say("home.asked", headline=view.headline)
    return Card(
        title=title,
        body=view.explanation,
        tone=_TONES.get(question.state, Tone.CALM),
        quotes=_quotes(w),
        buttons=view.buttons,
        moments=view.moments,
    )


def _how_to_ask(w: Writer, person: Person, unfinished: int) -> str:
    if person.blocked:
        return w.say("no.blocked")
    if unfinished >= w.facts.policy.open_questions_per_customer_max:
        return w.say(w.tongue.plural_key("no.too-many-open", unfinished), count=unfinished)
    return w.say("home.how-to-ask")


def _quotes(w: Writer) -> tuple[Quote, ...]:
    """What they asked, and what they were sent while it waits for a word of theirs."""
    state = w.question.state
    chars = _FINISHED_CHARS if state in (State.SOLVED, State.CLOSED) else WORDS_CHARS
    asked = min((each for each in w.facts.messages.values() if each.kind is Kind.QUESTION), key=_number, default=None)
    sent = _newest_sent(w) if state in _TO_READ else None
    return (
        *((w.quote(asked, w.say("home.by.you"), chars),) if asked is not None else ()),
        *((w.quote(sent, w.first_name(sent.author), _sent_chars(w)),) if sent is not None else ()),
    )


def _sent_chars(w: Writer) -> int:
    """Where it could not be delivered, this is the place to read it."""
    text = text_on_its_way(w.question)
    return _UNDELIVERED_CHARS if text is not None and text.undelivered_at is not None else WORDS_CHARS


def _newest_sent(w: Writer) -> Message | None:
    """The newest text that went out to the customer: what may still be taken back, or awaits review, did not."""
    texts = [each for each in w.question.answers if each.delivered_at is not None or each.undelivered_at is not None]
    message = w.message(texts[-1].message) if texts else None
    return message if message is not None and message.audience is Audience.EVERYONE else None


def _number(message: Message) -> int:
    return message.number


def _writer(person: Person, facts: Facts) -> Writer:
    return Writer(facts, Eyes.CUSTOMER, tongue_with("home", person.languages))
