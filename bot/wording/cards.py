"""The card of a question, in every state, for an expert channel; and the pointer to one that is open to everyone."""

from typing import Final

from bot.card import Button, Card, Quote, Tone
from bot.market.pay import own, share_cents
from bot.model import Answer, Audience, CloseReason, Kind, Message, Notice, Question, State, spoken_number
from bot.wording.files import files_with
from bot.wording.writer import Eyes, Writer

_QUESTION_CHARS: Final = 1_200
_REPLY_CHARS: Final = 400
_REVIEW_CHARS: Final = 2_400
_REPLIES: Final = 2


def question_card(w: Writer, _notice: Notice) -> Card | None:
    """The one card that a channel has of the question; None while staff have not let it through."""
    question = w.question
    if standing(question):
        return _standing(w)
    text = text_on_its_way(question)
    if text is not None:
        return _text_card(w, text)
    match question.state:
        case State.HELD:
            return None
        case State.OPEN:
            return _open(w)
        case State.CLAIMED:
            return _claimed(w)
        case State.WAITING:
            return _plain(w, w.say("card.waiting"), Tone.CALM, (w.button("escalate"),))
        case State.REVIEW | State.ANSWERED:
            return _answered(w)
        case State.ESCALATED:
            return w.card(w.say("card.escalated"), tone=Tone.DONE, compact=True)
        case State.SOLVED:
            return _solved(w)
        case State.CLOSED:
            return w.card(closed_line(w, "card.closed"), tone=Tone.DONE, compact=True)


def pointer(w: Writer, _notice: Notice) -> Card | None:
    """One line at the bottom of the channel; None as soon as somebody has it."""
    if w.question.state is not State.OPEN:
        return None
    paid = share_cents(w.question, w.facts.policy) > 0
    title = w.say("pointer" if paid else "pointer-volunteer")
    return w.card(title, tone=Tone.FRESH, compact=True, buttons=(w.button("claim", main=True),))


# --- what a question is in, beside its state


def standing(question: Question) -> bool:
    """Whether an expert has handed it to staff and a master may still say no."""
    escalation = question.escalation
    return escalation is not None and escalation.went_at is None and escalation.stands_until is not None


def text_on_its_way(question: Question) -> Answer | None:
    """The newest text that the customer does not have yet, unless it no longer matters."""
    text = next((each for each in reversed(question.answers) if not each.rejected), None)
    if text is None or text.delivered_at is not None:
        return None
    matters = (State.REVIEW, State.ANSWERED, State.WAITING)
    if question.state in matters or (question.state is State.SOLVED and text.kind is Kind.CORRECTION):
        return text
    return None


def customer_words(w: Writer, *, shortened: bool = True) -> tuple[tuple[Quote, ...], bool]:
    """What the customer asked and the newest things they added, and whether anything was left out."""
    asked = sorted(
        (
            each
            for each in w.facts.messages.values()
            if each.kind in (Kind.QUESTION, Kind.REPLY)
            and each.audience is Audience.EVERYONE
            # A removed reply says nothing; a removed question still says that there is one.
            and (each.kind is Kind.QUESTION or not each.redacted)
        ),
        key=lambda each: each.number,
    )
    if not shortened:
        return tuple(w.quote(each, _customer(w, place, each)) for place, each in enumerate(asked)), False
    shown = [*asked[:1], *asked[1:][-_REPLIES:]]
    most = [_QUESTION_CHARS, *[_REPLY_CHARS] * _REPLIES]
    quotes = [w.quote(each, _customer(w, place, each), most[place]) for place, each in enumerate(shown)]
    cut = len(asked) > len(shown) or any(len(w.words(each)) > chars for each, chars in zip(shown, most, strict=False))
    return tuple(quotes), cut


def _customer(w: Writer, place: int, message: Message) -> str:
    author = w.say("by.customer-later" if place else "by.customer")
    files = files_with(w, message)
    return w.say("by.with-files", author=author, files=files) if files else author


def closed_line(w: Writer, key: str) -> str:
    question = w.question
    reason = question.closed_as or CloseReason.DONE
    if reason is CloseReason.DUPLICATE and question.duplicate_of is not None:
        return w.say(f"{key}.duplicate-of", other=spoken_number(question.duplicate_of))
    return w.say(f"{key}.{reason}")


def why_undelivered(w: Writer, why: str) -> str:
    return w.first(f"undelivered.{why}", "undelivered.other")


def keeps_trying(why: str) -> bool:
    """Where the place itself is gone, no further try is made."""
    return not why.endswith("gone")


# --- the states


def _open(w: Writer) -> Card:
    paid = share_cents(w.question, w.facts.policy) > 0
    buttons = (w.button("answer", main=True), w.button("claim"), w.button("pass"), w.button("escalate"))
    body = w.say("card.again") if w.question.rejections else ""
    return _full(w, w.say("card.open" if paid else "card.open-volunteer"), body, Tone.FRESH, buttons)


def _claimed(w: Writer) -> Card:
    question = w.question
    if question.with_staff:
        return _plain(w, w.say("card.claimed-staff"), Tone.BUSY, _staff_buttons(w))
    buttons = [w.button("answer", main=True), w.button("clarify"), w.button("release"), w.button("escalate")]
    if "claim-ends" in question.reminded and question.extensions < w.facts.policy.claim_extensions_max:
        buttons.insert(0, w.button("extend"))
    again = any(each.rejected for each in question.answers)
    return _plain(w, w.say("card.claimed-again" if again else "card.claimed"), Tone.BUSY, tuple(buttons))


def _staff_buttons(w: Writer) -> tuple[Button, ...]:
    """Where a category has no staff channel, staff act on the card that everybody sees."""
    if w.category.staff_channel is not None:
        return ()
    return (w.button("answer", main=True), w.button("hand-back"))


def _standing(w: Writer) -> Card:
    escalation = w.question.escalation
    assert escalation is not None
    assert escalation.stands_until is not None
    body = w.say(
        "card.standing",
        person=w.name(escalation.by),
        reason=w.say(f"reason.{escalation.reason}"),
        at=w.time(escalation.stands_until),
    )
    tried = w.message(escalation.message)
    extra = (w.quote(tried, w.say("by.tried", person=w.name(escalation.by)), _REVIEW_CHARS),) if tried else ()
    return _full(w, w.say("card.title"), body, Tone.ALERT, (w.button("veto"),), extra)


def _text_card(w: Writer, text: Answer) -> Card:
    """A text between its author and the customer: under review, about to go, on its way, or not delivered."""
    person, kind = w.name(text.author), text.kind
    if text.release_at is None:
        return _review(w, text, person)
    if text.undelivered_at is not None:
        why = why_undelivered(w, text.undelivered_why)
        safe = w.say("card.undelivered-safe" if keeps_trying(text.undelivered_why) else "card.undelivered-gone")
        body = f"{w.say(f'card.undelivered.{kind}', person=person, why=why)} {safe}"
        return _plain(w, body, Tone.ALERT, (w.button("try-now", message=text.message, main=True),))
    if w.facts.now < text.release_at:
        buttons = (w.button("undo", message=text.message), w.button("send-now", message=text.message))
        return _plain(w, w.say(f"card.sending.{kind}", person=person), Tone.BUSY, buttons)
    return _plain(w, w.say(f"card.sent.{kind}", person=person), Tone.BUSY, ())


def _review(w: Writer, text: Answer, person: str) -> Card:
    body = w.say(f"card.review.{text.kind}", person=person)
    undo = w.button("undo", message=text.message)
    if _hidden(w):
        return w.card(
            w.say("card.title"), body=w.say("card.review-private", person=person), tone=Tone.BUSY, buttons=(undo,)
        )
    approve = w.button("approve", message=text.message, main=True)
    return _full(
        w,
        w.say("card.title"),
        body,
        Tone.BUSY,
        (approve, w.button("revise", message=text.message), undo),
        under_review(w, text),
    )


def under_review(w: Writer, text: Answer) -> tuple[Quote, ...]:
    message = w.message(text.message)
    if message is None:
        return ()
    author, files = w.say("by.review", author=w.name(text.author)), files_with(w, message)
    return (w.quote(message, w.say("by.with-files", author=author, files=files) if files else author, _REVIEW_CHARS),)


def _answered(w: Writer) -> Card:
    answer = w.question.answer
    assert answer is not None, "an answered question has an answer"
    assert answer.delivered_at is not None, "a text on its way has a card of its own"
    at = w.time(answer.delivered_at)
    if answer.by_staff:
        return w.card(w.say("card.done"), body=w.say("card.delivered-staff", at=at), tone=Tone.GOOD)
    body = w.say("card.delivered", person=w.name(answer.author), at=at)
    number = answer.message
    buttons = (w.button("answer-again"), w.button("correct", message=number), w.button("flag", message=number))
    return _full(w, w.say("card.done"), body, Tone.GOOD, buttons)


def _solved(w: Writer) -> Card:
    question = w.question
    answer = question.answer
    if answer is None or answer.by_staff:
        return w.card(w.say("card.staff-answered"), tone=Tone.DONE, compact=True)
    got = own(question, answer.author)
    reward = w.money(got.total) if got.total else w.say("volunteer")
    key = "card.solved" if question.confirmed else "card.silent"
    return w.card(w.say(key, person=w.name(answer.author), reward=reward), tone=Tone.DONE, compact=True)


# --- putting it together


def _plain(w: Writer, body: str, tone: Tone, buttons: tuple[Button, ...]) -> Card:
    return _full(w, w.say("card.title"), body, tone, buttons)


def _full(
    w: Writer, title: str, body: str, tone: Tone, buttons: tuple[Button, ...], extra: tuple[Quote, ...] = ()
) -> Card:
    """A card with the customer's words; in a private category without anybody's."""
    if _hidden(w):
        private = w.say("card.private-held" if w.question.holder else "card.private")
        return w.card(title, body=f"{body} {private}" if body else private, tone=tone, buttons=buttons)
    words, cut = customer_words(w)
    footnote = w.say("card.cut") if cut and w.question.state is State.OPEN else ""
    return w.card(title, body=body, tone=tone, quotes=(*words, *extra), buttons=buttons, footnote=footnote)


def _hidden(w: Writer) -> bool:
    return w.category.private and w.eyes is Eyes.EXPERT
