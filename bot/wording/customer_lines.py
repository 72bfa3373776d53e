"""What the customer is told: where the question stands, the answer itself, and what is asked of them."""

from bot.card import Button, Card, Tone
from bot.model import Answer, Audience, Kind, Message, Notice, PersonId, State
from bot.wording.cards import closed_line
from bot.wording.files import files_with
from bot.wording.writer import Writer


def asked(w: Writer, _notice: Notice) -> Card:
    """The receipt: the number, who answers, what happens next."""
    match w.question.state:
        case State.HELD:
            kind = "held"
        case State.ESCALATED:
            kind = "with-staff"
        case _:
            kind = "opened"
    with_staff = kind == "with-staff"
    return w.card(
        w.say("asked"),
        body=w.say(f"asked.{kind}"),
        tone=Tone.CALM,
        buttons=() if with_staff else (w.button("staff-please"),),
        footnote="" if with_staff else w.say("disclosure-all"),
    )


def answer(w: Writer, notice: Notice) -> Card | None:
    """The answer itself; over one that the customer already has, it comes as a correction."""
    message = _outward(w, notice)
    if message is None:
        return None
    corrects = _is_staff(w, message.author) and _has_other_answer(w, message)
    return w.card(
        w.say("correction" if corrects else "answered", who=_who(w, message.author)),
        tone=Tone.FRESH,
        quotes=(w.quote(message),),
        buttons=verdict_buttons(w, message.number),
        footnote=_below(w, "correction-body" if corrects else "answered-body", message),
    )


def clarify(w: Writer, notice: Notice) -> Card | None:
    message = _outward(w, notice)
    if message is None:
        return None
    return w.card(
        w.say("clarify", who=_who(w, message.author)),
        tone=Tone.FRESH,
        quotes=(w.quote(message),),
        buttons=() if _is_staff(w, message.author) else (w.button("staff-please"),),
        footnote=_below(w, "clarify-body", message),
    )


def correction(w: Writer, notice: Notice) -> Card | None:
    """A text that puts an earlier one right. The verdict is about the answer that stands."""
    message = _outward(w, notice)
    if message is None:
        return None
    judged = _judged(w, message)
    return w.card(
        w.say("correction", who=_who(w, message.author)),
        tone=Tone.FRESH,
        quotes=(w.quote(message),),
        buttons=verdict_buttons(w, judged.message) if judged else (),
        footnote=_below(w, "correction-body" if judged else "correction-body.plain", message),
    )


def reading(w: Writer, _notice: Notice) -> Card | None:
    if w.question.state is not State.CLAIMED:
        return None
    return w.card(w.say("reading", person=_name(w, w.question.holder)), compact=True)


def escalated(w: Writer, _notice: Notice) -> Card:
    reason = w.handed_over.reason if w.handed_over else ""
    return w.card(w.first(f"escalated.{reason}", "escalated"), body=w.say("escalated-body"), tone=Tone.BUSY)


def reply_awaited(w: Writer, _notice: Notice) -> Card | None:
    if w.question.state is not State.WAITING:
        return None
    asked_back = w.newest(Kind.CLARIFY)
    return w.card(
        w.say("reply-awaited", person=_name(w, w.question.holder)),
        tone=Tone.ALERT,
        quotes=(w.quote(asked_back),) if asked_back else (),
        buttons=(w.button("staff-please"),),
        footnote=w.say("reply-awaited-body"),
    )


def verdict_awaited(w: Writer, _notice: Notice) -> Card | None:
    judged = w.question.answer
    if w.question.state is not State.ANSWERED or judged is None:
        return None
    return w.card(
        w.say("verdict-awaited"),
        body=w.say("verdict-awaited-body"),
        tone=Tone.ALERT,
        buttons=verdict_buttons(w, judged.message),
    )


def solved(w: Writer, _notice: Notice) -> Card:
    judged = w.question.answer
    buttons = (w.button("not-yet", message=judged.message),) if judged else ()
    if not w.question.confirmed:
        return w.card(w.say("solved-silent"), body=w.say("solved-silent-body"), tone=Tone.GOOD, buttons=buttons)
    body = w.say("solved-body", person=_name(w, judged.author if judged else None))
    return w.card(w.say("solved"), body=body, tone=Tone.GOOD, buttons=buttons)


def closed(w: Writer, _notice: Notice) -> Card:
    title = closed_line(w, "closed")
    reason = str(w.question.closed_as)
    match reason:
        case "withdrawn" | "duplicate":
            return w.card(title, tone=Tone.DONE)
        case "no-reply":
            return w.card(title, body=w.say("closed.no-reply-body"), tone=Tone.DONE)
        case _:
            return w.card(title, body=w.say("closed-body"), tone=Tone.DONE, buttons=(w.button("wrong"),))


def reopened(w: Writer, _notice: Notice) -> Card:
    match w.question.state:
        case State.CLAIMED:
            body = w.say("reopened.claimed", person=_name(w, w.question.holder))
        case State.ESCALATED:
            body = w.say("reopened.escalated")
        case _:
            body = w.say("reopened.open")
    return w.card(w.say("reopened"), body=body, tone=Tone.BUSY)


# --- parts


def verdict_buttons(w: Writer, message: int) -> tuple[Button, ...]:
    """The answer's number is in each, so that an old one cannot credit the wrong person."""
    helped, not_yet = w.button("helped", message=message, main=True), w.button("not-yet", message=message)
    return (helped, not_yet) if w.question.with_staff else (helped, not_yet, w.button("staff-please"))


def _below(w: Writer, key: str, message: Message) -> str:
    """What stands under a text: what to do with it, and who wrote it."""
    person = _name(w, message.author)
    what_next = w.say(key, person=person)
    if files := files_with(w, message):
        what_next = f"{w.say('files.behind', files=files)} {what_next}"
    return what_next if _is_staff(w, message.author) else f"{what_next}\n{w.say('disclosure', person=person)}"


def _outward(w: Writer, notice: Notice) -> Message | None:
    """The text that goes out: never one that was written for other eyes, nor one that was taken back."""
    message = w.message(notice.message)
    if message is None or message.audience is not Audience.EVERYONE:
        return None
    return message


def _judged(w: Writer, message: Message) -> Answer | None:
    if w.question.state not in (State.ANSWERED, State.SOLVED):
        return None
    return w.question.answer_numbered(message.number) if message.kind is Kind.ANSWER else w.question.answer


def _has_other_answer(w: Writer, message: Message) -> bool:
    earlier = (each for each in w.question.answers if each.message < message.number and not each.rejected)
    return any(each.kind is Kind.ANSWER and each.delivered_at is not None for each in earlier)


def _who(w: Writer, person: PersonId | None) -> str:
    """`Ana, an Acme community expert,` or `Ben from Acme staff`."""
    return w.say("to.staff" if _is_staff(w, person) else "to.expert", person=_name(w, person))


def _name(w: Writer, person: PersonId | None) -> str:
    return w.first_name(person)


def _is_staff(w: Writer, person: PersonId | None) -> bool:
    known = w.facts.people.get(person) if person else None
    return known is not None and known.staff is not None
