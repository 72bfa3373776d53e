"""The card of a question in the staff channel: what staff are asked to look at, and why."""

from bot.card import Button, Card, Quote, Tone
from bot.lifecycle import WITH_CUSTOMER
from bot.model import Answer, Notice, State
from bot.policy import HOUR_MS
from bot.wording.cards import customer_words, keeps_trying, text_on_its_way, under_review, why_undelivered
from bot.wording.writer import Writer, plain_name


def staff_card(w: Writer, _notice: Notice) -> Card | None:
    """What staff should do next about it, or one line when that is nothing."""
    question, text = w.question, text_on_its_way(w.question)
    if question.state is State.HELD:
        return _held(w)
    if question.state is State.ESCALATED or (question.state is State.CLAIMED and question.with_staff):
        return _with_staff(w)
    if text is not None and text.release_at is None:
        return _review(w, text)
    if text is not None and text.undelivered_at is not None:
        return _undelivered(w, text)
    flagged = _flagged_text(w)
    if flagged is not None:
        return _flagged(w, flagged)
    if _undecided(w):
        return _decide(w)
    return w.card(_over(w), tone=Tone.DONE, compact=True)


def _held(w: Writer) -> Card:
    body = " ".join([*_why_held(w), w.say("staff.held-body")])
    buttons = (
        w.button("admit", main=True),
        w.button("answer"),
        w.button("take"),
        w.button("close", danger=True),
    )
    return w.card(w.say("staff.held"), body=body, tone=Tone.ALERT, quotes=customer_words(w)[0], buttons=buttons)


def _why_held(w: Writer) -> list[str]:
    return [
        w.first(f"staff.held.{why.replace(' ', '-')}", "staff.held.other", why=plain_name(why))
        for why in w.question.why_held
    ]


def _with_staff(w: Writer) -> Card:
    question = w.question
    escalation = w.handed_over
    quotes, body = list(customer_words(w)[0]), []
    if escalation is not None:
        person, reason = w.name(escalation.by), w.say(f"reason.{escalation.reason}")
        body.append(w.say("staff.escalated", person=person, reason=reason))
        tried = w.message(escalation.message)
        quotes += [w.quote(tried, w.say("by.tried", person=person))] if tried else []
    elif question.rejections:
        key = w.tongue.plural_key("staff.rejected", question.rejections)
        body.append(w.say(key, count=question.rejections))
    else:
        body += _why_held(w) or [w.say("staff.asked")]
    if question.state is State.CLAIMED:
        body.append(w.say("staff.on-it"))
        return _busy(w, body, tuple(quotes))
    body.append(w.say("staff.promised"))
    buttons = [w.button("take", main=True), w.button("answer"), w.button("hand-back"), *_decision_buttons(w)]
    buttons.append(w.button("close", danger=True))
    return w.card(
        w.say("staff.title"), body=" ".join(body), tone=Tone.ALERT, quotes=tuple(quotes), buttons=tuple(buttons)
    )


def _busy(w: Writer, body: list[str], quotes: tuple[Quote, ...]) -> Card:
    buttons = (
        w.button("answer", main=True),
        w.button("clarify"),
        w.button("hand-back"),
        *_decision_buttons(w),
        w.button("close", danger=True),
    )
    return w.card(w.say("staff.title"), body=" ".join(body), tone=Tone.BUSY, quotes=quotes, buttons=buttons)


def _review(w: Writer, text: Answer) -> Card:
    message = w.message(text.message)
    body = w.say("staff.review", person=w.name(text.author), at=w.time(message.at if message else text.at))
    buttons = (
        w.button("approve", message=text.message, main=True),
        w.button("revise", message=text.message),
        w.button("answer"),
    )
    quotes = (*customer_words(w)[0], *under_review(w, text))
    return w.card(w.say("card.title"), body=body, tone=Tone.ALERT, quotes=quotes, buttons=buttons)


def _undelivered(w: Writer, text: Answer) -> Card:
    assert text.undelivered_at is not None
    why = why_undelivered(w, text.undelivered_why)
    key = "staff.undelivered" if keeps_trying(text.undelivered_why) else "staff.undelivered-gone"
    body = w.say(key, person=w.name(text.author), at=w.time(text.undelivered_at), why=why)
    buttons = (w.button("try-now", message=text.message, main=True), w.button("take"), w.button("close", danger=True))
    return w.card(w.say("card.title"), body=body, tone=Tone.ALERT, quotes=customer_words(w)[0], buttons=buttons)


def _flagged_text(w: Writer) -> Answer | None:
    """The text that somebody calls bad, until staff have written something since: an answer or a note."""
    if w.question.state not in WITH_CUSTOMER:
        return None
    texts = [each for each in w.question.answers if each.flagged is not None and not each.rejected]
    text = max(texts, key=lambda each: each.flagged or 0, default=None)
    flag = w.message(text.flagged) if text is not None else None
    if flag is None or flag.redacted:
        return None
    later = [each.author for each in w.facts.messages.values() if each.number > flag.number]
    staff = [person.id for person in w.facts.people.values() if person.staff]
    return None if set(later) & set(staff) else text


def _flagged(w: Writer, text: Answer) -> Card:
    flag, said = w.message(text.flagged), w.message(text.message)
    person = w.name(flag.author if flag else None)
    quotes = (
        *customer_words(w)[0],
        *((w.quote(said, w.name(text.author)),) if said else ()),
        *((w.quote(flag, w.say("by.flag", person=person)),) if flag else ()),
    )
    body = w.say("staff.flagged", person=person, author=w.name(text.author))
    buttons = (w.button("override", main=True), w.button("staff-note"), *_decision_buttons(w))
    return w.card(w.say("card.title"), body=body, tone=Tone.ALERT, quotes=quotes, buttons=buttons)


def _undecided(w: Writer) -> bool:
    escalation = w.question.escalation
    return escalation is not None and escalation.went_at is not None and not escalation.decided


def _decision_buttons(w: Writer) -> tuple[Button, ...]:
    return (w.button("confirm"), w.button("deny")) if _undecided(w) else ()


def _decide(w: Writer) -> Card:
    """It is no longer with staff, but whoever escalated it still waits to hear whether that was right."""
    escalation = w.question.escalation
    assert escalation is not None
    assert escalation.went_at is not None
    person, reason = w.name(escalation.by), w.say(f"reason.{escalation.reason}")
    until = w.day(escalation.went_at + w.facts.policy.undecided_hours * HOUR_MS)
    body = f"{w.say('staff.escalated', person=person, reason=reason)} {w.say('staff.decide', at=until)}"
    tried = w.message(escalation.message)
    quotes = (w.quote(tried, w.say("by.tried", person=person)),) if tried else ()
    return w.card(_over(w), body=body, quotes=quotes, buttons=_decision_buttons(w))


def _over(w: Writer) -> str:
    return w.say(f"staff.over.{w.question.state}")
