"""What the one who acted is told at once: what became of it, or why not and what to do next."""

from collections.abc import Callable
from typing import Final

from bot.card import Button, Card, Quote, Tone
from bot.change import Outcome, Receipt
from bot.model import Kind, State
from bot.ports import Facts
from bot.wording.cards import customer_words
from bot.wording.catalogue import Tongue, tongue
from bot.wording.linking import linked
from bot.wording.person_lines import claim_buttons
from bot.wording.refusals import refusal
from bot.wording.writer import Eyes, Writer, plain_name

_BEGINNING_CHARS: Final = 80


def reply(receipt: Receipt, facts: Facts) -> Card:
    """The sentence for this verb and outcome, or for this reason, with what can be done next."""
    w = Writer(facts, _eyes(receipt, facts), _tongue(receipt, facts), receipt.question)
    if receipt.reason is not None:
        return refusal(w, receipt, receipt.reason)
    if receipt.outcome is Outcome.NOTHING:
        return w.card(w.first(f"done.{receipt.verb}.nothing", "done.nothing"))
    return _DONE.get(receipt.verb, _said)(w, receipt)


# --- verbs with more to say than a sentence


def _ask(w: Writer, receipt: Receipt) -> Card:
    kind = receipt.outcome if receipt.outcome in (Outcome.HELD, Outcome.WITH_STAFF) else Outcome.OPENED
    with_staff = kind is Outcome.WITH_STAFF
    return w.card(
        w.say("asked"),
        body=w.say(f"asked.{kind}"),
        tone=Tone.GOOD,
        buttons=() if with_staff else (w.button("staff-please"),),
        footnote="" if with_staff else w.say("disclosure-all"),
    )


def _claim(w: Writer, receipt: Receipt) -> Card:
    """The claimer gets every word, also in a private category."""
    title = w.say("done.claim.staff" if w.question.with_staff else "done.claim")
    return w.card(title, tone=Tone.GOOD, quotes=_every_word(w), buttons=claim_buttons(w))


def _veto(w: Writer, receipt: Receipt) -> Card:
    return w.card(w.say("done.veto"), tone=Tone.GOOD, quotes=_every_word(w), buttons=claim_buttons(w))


def _take(w: Writer, receipt: Receipt) -> Card:
    return w.card(w.say("done.take"), tone=Tone.GOOD, quotes=_every_word(w), buttons=claim_buttons(w))


def _sending(w: Writer, receipt: Receipt) -> Card:
    """A text that can still be taken back, or that somebody reads first."""
    sentence = w.first(f"done.{receipt.verb}.{receipt.outcome}", f"done.{receipt.verb}")
    if receipt.message is None or receipt.outcome is Outcome.REVIEW:
        undo = () if receipt.message is None else (w.button("undo", message=receipt.message),)
        return w.card(sentence, tone=Tone.BUSY, buttons=undo)
    number = receipt.message
    if receipt.verb == "override" and w.question.answers:
        number = w.question.answers[-1].message
    buttons = (w.button("undo", message=number), w.button("send-now", message=number))
    return w.card(sentence, tone=Tone.BUSY, quotes=_beginning(w), buttons=buttons)


def _beginning(w: Writer) -> tuple[Quote, ...]:
    """The question's first words, so that a text in the wrong thread is seen before it goes."""
    asked = w.message(1)
    return (w.quote(asked, w.say("by.customer"), _BEGINNING_CHARS),) if asked else ()


def _approve(w: Writer, receipt: Receipt) -> Card:
    return w.card(w.say("done.approve"), tone=Tone.GOOD)


def _undo(w: Writer, receipt: Receipt) -> Card:
    claimed = w.question.state is State.CLAIMED
    files = any(each.message == receipt.message for each in w.question.files)
    body = w.say("files.undone") if files else ""
    if not claimed:
        return w.card(w.say("done.undo"), body=body)
    buttons = (w.button("answer", main=True), w.button("release"))
    return w.card(w.say("done.undo.claimed"), body=body, buttons=buttons)


def _release(w: Writer, receipt: Receipt) -> Card:
    with_staff = w.question.state is State.ESCALATED
    return w.card(w.say("done.release.with-staff" if with_staff else "done.release"))


def _reply(w: Writer, receipt: Receipt) -> Card:
    holder = w.question.holder
    match receipt.outcome:
        case Outcome.THANKS:
            author = w.question.answer.author if w.question.answer else holder
            known = author is not None and author in w.facts.people
            key = "done.reply.thanks" if known else "done.reply.thanks-nobody"
            return w.card(w.say(key, person=w.first_name(author)), tone=Tone.GOOD)
        case Outcome.RETURNED if w.question.state is State.CLAIMED:
            return w.card(w.say("done.reply.returned", person=w.first_name(holder)), tone=Tone.GOOD)
        case Outcome.RETURNED:
            return w.card(w.say("done.reply.waiting"), tone=Tone.GOOD)
        case _:
            return w.card(w.say("done.reply"), tone=Tone.GOOD)


def _helped(w: Writer, receipt: Receipt) -> Card:
    answer = w.question.answer
    if answer is None:
        return w.card(w.say("done.helped"), tone=Tone.GOOD)
    return w.card(w.say("done.helped.person", person=w.first_name(answer.author)), tone=Tone.GOOD)


def _not_yet(w: Writer, receipt: Receipt) -> Card:
    kind = receipt.outcome if receipt.outcome in (Outcome.RETURNED, Outcome.WITH_STAFF) else Outcome.OPENED
    return w.card(w.say(f"done.not-yet.{kind}", person=w.first_name(w.question.holder)), tone=Tone.BUSY)


def _escalate(w: Writer, receipt: Receipt) -> Card:
    escalation = w.question.escalation
    if receipt.outcome is Outcome.STANDS and escalation is not None and escalation.stands_until is not None:
        return w.card(w.say("done.escalate.stands", at=w.time(escalation.stands_until)), tone=Tone.BUSY)
    return w.card(w.say("done.escalate.with-staff"), tone=Tone.BUSY)


def _decided(w: Writer, receipt: Receipt) -> Card:
    by = w.question.escalation.by if w.question.escalation else None
    return w.card(w.say(f"done.{receipt.verb}", person=w.name(by)), tone=Tone.GOOD)


def _assign(w: Writer, receipt: Receipt) -> Card:
    return w.card(w.say("done.assign.staff" if w.question.with_staff else "done.assign"), tone=Tone.GOOD)


def _revise(w: Writer, receipt: Receipt) -> Card:
    """The author holds it again; a correction's author is named by the reason they were given."""
    reason = w.newest(Kind.REASON)
    person = reason.to if reason is not None and reason.to is not None else w.question.holder
    return w.card(w.say("done.revise", person=w.name(person)), tone=Tone.GOOD)


def _about_person(w: Writer, receipt: Receipt) -> Card:
    """`done.pause` for oneself, `done.pause.person` for somebody else."""
    subject = w.facts.people.get(receipt.person) if receipt.person else None
    expert = subject.expert if subject else None
    name = plain_name(subject.name) if subject else w.say("somebody")
    own = receipt.person is None or receipt.person == receipt.actor
    key = f"done.{receipt.verb}"
    if receipt.verb == "quiet-hours" and expert and expert.quiet_from_hour == expert.quiet_until_hour:
        return w.card(w.say("done.quiet-hours.none"), tone=Tone.GOOD)
    until = expert.paused_until if expert and expert.paused_until is not None else w.facts.now
    values: dict[str, str | int] = {
        "person": name,
        "name": name,
        "role": w.say(f"role.{subject.staff}") if subject and subject.staff else "",
        "from_hour": expert.quiet_from_hour if expert else 0,
        "until_hour": expert.quiet_until_hour if expert else 0,
    }
    if receipt.verb == "pause":
        values["at"] = w.day(until)
    sentence = w.say(key, **values) if own else w.first(f"{key}.person", key, **values)
    resume = (Button(label=w.say("button.resume"), sentence="resume"),) if own and receipt.verb == "pause" else ()
    return w.card(sentence, tone=Tone.GOOD, buttons=resume)


def _about_category(w: Writer, receipt: Receipt) -> Card:
    title = w.facts.category.title if w.facts.category else next(iter(receipt.names), "")
    return w.card(w.say(f"done.{receipt.verb}", category=plain_name(title)), tone=Tone.GOOD)


def _said(w: Writer, receipt: Receipt) -> Card:
    sentence = w.first(f"done.{receipt.verb}.{receipt.outcome}", f"done.{receipt.verb}", "done")
    return w.card(sentence, tone=Tone.GOOD)


def _every_word(w: Writer) -> tuple[Quote, ...]:
    return customer_words(w, shortened=False)[0]


_DONE: Final[dict[str, Callable[[Writer, Receipt], Card]]] = {
    "ask": _ask,
    "claim": _claim,
    "veto": _veto,
    "take": _take,
    "answer": _sending,
    "clarify": _sending,
    "correct": _sending,
    "override": _sending,
    "approve": _approve,
    "undo": _undo,
    "release": _release,
    "reply": _reply,
    "helped": _helped,
    "not-yet": _not_yet,
    "escalate": _escalate,
    "confirm": _decided,
    "deny": _decided,
    "assign": _assign,
    "revise": _revise,
    "link": linked,
    **dict.fromkeys(
        (
            "enrol",
            "suspend",
            "reinstate",
            "leave",
            "pause",
            "resume",
            "quiet-hours",
            "rename",
            "appoint",
            "dismiss",
            "block",
            "unblock",
        ),
        _about_person,
    ),
    **dict.fromkeys(("open-category", "close-category", "edit-category", "create-category"), _about_category),
}


def _eyes(receipt: Receipt, facts: Facts) -> Eyes:
    person = facts.people.get(receipt.actor) if receipt.actor else None
    if facts.question is not None and receipt.actor == facts.question.customer:
        return Eyes.CUSTOMER
    if person is not None and person.staff is not None:
        return Eyes.STAFF
    if receipt.verb in ("ask", "reply") or (person is not None and person.expert is None):
        return Eyes.CUSTOMER
    return Eyes.EXPERT


def _tongue(receipt: Receipt, facts: Facts) -> Tongue:
    person = facts.people.get(receipt.actor) if receipt.actor else None
    if facts.question is not None and receipt.actor == facts.question.customer:
        return tongue([facts.question.language])
    return tongue(person.languages if person else [])
