"""What one expert or member of staff is told: what became of their claim, their text and their money."""

from bot.card import Button, Card, Quote, Tone
from bot.market.pay import matures_at, own
from bot.model import Message, Notice, PersonId, State
from bot.wording.cards import customer_words, keeps_trying, under_review, why_undelivered
from bot.wording.moments import length_text
from bot.wording.writer import Eyes, Writer, readable


def claim_ends(w: Writer, _notice: Notice) -> Card | None:
    if w.question.state is not State.CLAIMED:
        return None
    more = w.question.extensions < w.facts.policy.claim_extensions_max
    extend = (w.button("extend", main=True),) if more else ()
    title = w.say("me.claim-ends" if more else "me.claim-ends-last")
    return w.card(title, tone=Tone.ALERT, buttons=(*extend, w.button("answer"), w.button("release")))


def lapsed(w: Writer, _notice: Notice) -> Card:
    buttons = (w.button("claim"),) if w.question.state is State.OPEN else ()
    return w.card(w.say("me.lapsed"), body=w.say("me.lapsed-body"), buttons=buttons)


def assigned(w: Writer, _notice: Notice) -> Card:
    timed = not w.question.with_staff
    title = w.say("me.assigned" if timed else "me.assigned-staff")
    return w.card(title, tone=Tone.FRESH, quotes=customer_words(w, shortened=False)[0], buttons=claim_buttons(w))


def returned(w: Writer, notice: Notice) -> Card:
    complaint = str(notice.args.get("complaint", ""))
    key = f"me.returned.{complaint}"
    body = w.say(key) if w.tongue.knows(key) else ""
    return w.card(w.say("me.returned"), body=body, tone=Tone.ALERT, quotes=_words(w, notice), buttons=claim_buttons(w))


def replied(w: Writer, notice: Notice) -> Card:
    yours = w.question.state is State.CLAIMED and w.question.holder == notice.person and not w.question.with_staff
    title = w.say("me.replied-yours" if yours else "me.replied")
    buttons = (w.button("answer", main=True),) if w.question.state is State.CLAIMED else ()
    return w.card(title, tone=Tone.FRESH, quotes=_words(w, notice), buttons=buttons)


def thanks(w: Writer, notice: Notice) -> Card:
    return w.card(w.say("me.thanks"), tone=Tone.GOOD, quotes=_words(w, notice))


def delivered(w: Writer, notice: Notice) -> Card:
    text = w.question.answer_numbered(notice.message) if notice.message is not None else None
    at = w.time(text.delivered_at if text and text.delivered_at else w.facts.now)
    buttons = (w.button("correct", message=notice.message),) if notice.message is not None else ()
    return w.card(w.say("me.delivered", at=at), tone=Tone.GOOD, buttons=buttons)


def undelivered(w: Writer, notice: Notice) -> Card:
    text = w.question.answer_numbered(notice.message) if notice.message is not None else None
    reason = str(notice.args.get("why") or (text.undelivered_why if text else ""))
    why = why_undelivered(w, reason)
    retry_at = notice.args.get("retry_at")
    if isinstance(retry_at, int):
        body = w.say("me.undelivered-at", why=why, at=w.time(retry_at))
    else:
        body = w.say("me.undelivered-body" if keeps_trying(reason) else "me.undelivered-gone", why=why)
    buttons = (w.button("try-now", message=notice.message, main=True),) if notice.message is not None else ()
    return w.card(w.say("me.undelivered"), body=body, tone=Tone.ALERT, buttons=buttons)


def approved(w: Writer, notice: Notice) -> Card:
    message = w.message(notice.message)
    text = w.question.answer_numbered(notice.message) if notice.message is not None else None
    person = w.name(text.reviewer if text else None)
    if message is None or message.revision == 1:
        return w.card(w.say("me.approved", person=person), tone=Tone.GOOD)
    return w.card(w.say("me.approved-edited", person=person), tone=Tone.GOOD, quotes=(w.quote(message),))


def revised(w: Writer, notice: Notice) -> Card:
    claimed = w.question.state is State.CLAIMED
    files = any(each.removed and each.author == notice.person for each in w.question.files)
    return w.card(
        w.say("me.revised", person=_author(w, notice)),
        body=w.say("files.undone") if files else "",
        tone=Tone.ALERT,
        quotes=_words(w, notice),
        buttons=(w.button("answer", main=True), w.button("release")) if claimed else (),
        footnote=w.say("me.revised-body" if claimed else "me.revised-body.correction"),
    )


def overridden(w: Writer, notice: Notice) -> Card:
    got = own(w.question, PersonId(notice.person)).total if notice.person else 0
    body = w.say("me.overridden.paid", amount=w.money(got)) if got else w.say("me.overridden.unpaid")
    return w.card(
        w.say("me.overridden", person=_author(w, notice)),
        tone=Tone.ALERT,
        quotes=_words(w, notice),
        buttons=(w.button("appeal"),),
        footnote=body,
    )


def taken(w: Writer, _notice: Notice) -> Card:
    """Somebody else's doing: where the question is now says what happened."""
    question = w.question
    match question.state:
        case State.CLOSED | State.OPEN | State.ESCALATED:
            return w.card(w.say(f"me.taken.{question.state}"))
        case State.ANSWERED:
            return w.card(w.say("me.taken.answered", person=w.name(question.holder)))
        case _:
            return w.card(w.say("me.taken", person=w.name(question.holder)))


def confirmed(w: Writer, _notice: Notice) -> Card:
    return w.card(w.say("me.confirmed"), tone=Tone.GOOD)


def denied(w: Writer, _notice: Notice) -> Card:
    return w.card(w.say("me.denied"), body=w.say("me.denied-body"), buttons=(w.button("appeal"),))


def vetoed(w: Writer, _notice: Notice) -> Card:
    return w.card(w.say("me.vetoed", person=w.name(w.question.holder)), body=w.say("me.vetoed-body"))


def paid(w: Writer, notice: Notice) -> Card:
    """Money for this question: pending until the verdict has stood a while, else payable at once."""
    amount = w.money(_amount(notice))
    if not notice.args.get("pending"):
        statement = Button(label=w.say("button.statement"), sentence="statement")
        return w.card(w.say("me.paid.payable", amount=amount), tone=Tone.GOOD, buttons=(statement,))
    until = matures_at(w.question, w.facts.policy)
    body = w.say("me.paid.pending-body", at=w.day(until)) if until is not None else ""
    return w.card(w.say("me.paid.pending", amount=amount), body=body, tone=Tone.GOOD)


def reversed_(w: Writer, notice: Notice) -> Card:
    return w.card(w.say("me.reversed", amount=w.money(_amount(notice))), body=w.say("me.reversed-body"))


def review_awaited(w: Writer, notice: Notice) -> Card | None:
    texts = [each for each in w.question.answers if each.release_at is None and each.delivered_at is None]
    if not texts:
        return None
    text = texts[-1]
    if w.category.private and w.eyes is Eyes.EXPERT:
        return None
    title = w.say("me.review-awaited", person=w.name(text.author))
    buttons = (w.button("approve", message=text.message, main=True), w.button("revise", message=text.message))
    return w.card(title, tone=Tone.ALERT, quotes=(*customer_words(w)[0], *under_review(w, text)), buttons=buttons)


def staff_awaited(w: Writer, _notice: Notice) -> Card | None:
    return _waits(w, "me.staff-awaited")


def lead_awaited(w: Writer, _notice: Notice) -> Card | None:
    return _waits(w, "me.lead-awaited")


def _waits(w: Writer, key: str) -> Card | None:
    if w.question.state not in (State.HELD, State.ESCALATED):
        return None
    length = length_text(w.facts.now - w.question.since, w.tongue)
    held = w.question.state is State.HELD
    buttons = (w.button("admit", main=True), w.button("take")) if held else (w.button("take", main=True),)
    body = "" if held else w.say("staff.promised")
    return w.card(w.say(key, length=length), body=body, tone=Tone.ALERT, buttons=(*buttons, w.button("answer")))


def appeal(w: Writer, notice: Notice) -> Card:
    message = w.message(notice.message)
    person = w.name(message.author if message else None)
    if message and message.author == w.question.customer:
        person = w.say("by.customer-appeals")
    return w.card(w.say("me.appeal", person=person), tone=Tone.ALERT, quotes=_words(w, notice))


def paused(w: Writer, notice: Notice) -> Card:
    until = _until(w, notice)
    key = "me.paused-lapses" if notice.args.get("why", "lapses") == "lapses" else "me.paused"
    resume = Button(label=w.say("button.resume"), sentence="resume")
    return w.card(w.say(key, at=w.time(until)), body=w.say("me.paused-body"), buttons=(resume,))


# --- parts


def claim_buttons(w: Writer) -> tuple[Button, ...]:
    """What whoever has just got a question does next."""
    if w.question.with_staff:
        return (w.button("answer", main=True), w.button("clarify"), w.button("hand-back"))
    return (w.button("answer", main=True), w.button("clarify"), w.button("release"), w.button("escalate"))


def _author(w: Writer, notice: Notice) -> str:
    """Who wrote the words that the notice is about."""
    message = w.message(notice.message)
    return w.name(message.author if message else None)


def _amount(notice: Notice) -> int:
    return int(notice.args.get("amount", 0))


def _until(w: Writer, notice: Notice) -> int:
    if "until" in notice.args:
        return int(notice.args["until"])
    person = w.facts.people.get(PersonId(notice.person)) if notice.person else None
    expert = person.expert if person else None
    return expert.paused_until if expert and expert.paused_until is not None else w.facts.now


def _words(w: Writer, notice: Notice) -> tuple[Quote, ...]:
    message: Message | None = w.message(notice.message)
    reader = PersonId(notice.person) if notice.person else None
    return (w.quote(message),) if message and readable(message, w.eyes, reader) else ()
