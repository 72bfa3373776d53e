"""Every post there is, by what its notice is about: which eyes read it and which sentences it is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.card import Card
from bot.model import Kind, Message, Notice, PersonId
from bot.model.words import Audience
from bot.ports import Facts
from bot.wording import customer_lines as customer
from bot.wording import person_lines as me
from bot.wording.cards import pointer, question_card
from bot.wording.catalogue import Tongue, tongue
from bot.wording.files import answer_file, file_choice, file_line, files_with
from bot.wording.linking import told_of_link
from bot.wording.platforms import platform_back, platform_lost
from bot.wording.staff_cards import staff_card
from bot.wording.writer import Eyes, Writer, readable

Write = Callable[[Writer, Notice], Card | None]


def card(notice: Notice, facts: Facts) -> Card | None:
    """What this post should show now, or None when there is nothing to show any more."""
    assert notice.about in POSTS, f"no card or line is called {notice.about!r}"
    post = POSTS[notice.about]
    eyes = post.eyes or _eyes(notice, facts)
    return post.write(Writer(facts, eyes, _tongue(notice, facts, eyes), notice.question), notice)


def message_line(w: Writer, notice: Notice) -> Card | None:
    """One line of the conversation, in the thread of a card."""
    message = w.message(notice.message)
    reader = PersonId(notice.person) if notice.person else None
    if message is None or not readable(message, w.eyes, reader):
        return None
    title = w.say(f"line.{_label(message)}", person=w.name(message.author))
    if _kept_private(w, notice, message):
        return w.card(title, body=w.say("private"))
    if files := files_with(w, message):
        title = w.say("files.line", title=title, files=files)
    return w.card(title, quotes=(w.quote(message),))


def changed_line(w: Writer, notice: Notice) -> Card | None:
    """The customer changed or deleted words that stand above; the card and the line show what they are now."""
    message = w.message(notice.message)
    if message is None:
        return None
    what = "question" if message.kind is Kind.QUESTION else "reply"
    return w.card(w.say(f"line.{notice.about}.{what}"), compact=True)


def _label(message: Message) -> str:
    match message.kind:
        case Kind.QUESTION | Kind.REPLY:
            return "customer"
        case Kind.NOTE if message.audience is Audience.STAFF:
            return "staff-note"
        case _:
            return str(message.kind)


def _kept_private(w: Writer, notice: Notice, message: Message) -> bool:
    """In a private category the words of the conversation stay out of threads that other experts read."""
    shared = w.eyes is Eyes.EXPERT and notice.person is None
    return shared and w.category.private and message.kind is not Kind.NOTE


@dataclass(frozen=True, slots=True)
class Told:
    """How one kind of post is written. `eyes` None: they depend on who it goes to."""

    write: Write
    eyes: Eyes | None = None


# fmt: off
POSTS: Final[dict[str, Told]] = {
    "question":        Told(question_card, Eyes.EXPERT),
    "pointer":         Told(pointer, Eyes.EXPERT),
    "staff":           Told(staff_card, Eyes.STAFF),
    "message":         Told(message_line),
    "file":            Told(file_line),

    "reworded":        Told(changed_line),
    "taken-back":      Told(changed_line),

    "asked":           Told(customer.asked, Eyes.CUSTOMER),
    "answer":          Told(customer.answer, Eyes.CUSTOMER),
    "clarify":         Told(customer.clarify, Eyes.CUSTOMER),
    "correction":      Told(customer.correction, Eyes.CUSTOMER),
    "answer-file":     Told(answer_file, Eyes.CUSTOMER),
    "file-choice":     Told(file_choice, Eyes.CUSTOMER),
    "reading":         Told(customer.reading, Eyes.CUSTOMER),
    "escalated":       Told(customer.escalated, Eyes.CUSTOMER),
    "reply-awaited":   Told(customer.reply_awaited, Eyes.CUSTOMER),
    "verdict-awaited": Told(customer.verdict_awaited, Eyes.CUSTOMER),
    "solved":          Told(customer.solved, Eyes.CUSTOMER),
    "closed":          Told(customer.closed, Eyes.CUSTOMER),
    "reopened":        Told(customer.reopened, Eyes.CUSTOMER),

    "claim-ends":      Told(me.claim_ends),
    "lapsed":          Told(me.lapsed),
    "assigned":        Told(me.assigned),
    "returned":        Told(me.returned),
    "replied":         Told(me.replied),
    "thanks":          Told(me.thanks),
    "delivered":       Told(me.delivered),
    "undelivered":     Told(me.undelivered),
    "approved":        Told(me.approved),
    "revised":         Told(me.revised),
    "overridden":      Told(me.overridden),
    "taken":           Told(me.taken),
    "confirmed":       Told(me.confirmed),
    "denied":          Told(me.denied),
    "vetoed":          Told(me.vetoed),
    "paid":            Told(me.paid),
    "reversed":        Told(me.reversed_),
    "paused":          Told(me.paused),
    "linked":          Told(told_of_link),
    "review-awaited":  Told(me.review_awaited),
    "staff-awaited":   Told(me.staff_awaited, Eyes.STAFF),
    "lead-awaited":    Told(me.lead_awaited, Eyes.STAFF),
    "appeal":          Told(me.appeal, Eyes.STAFF),
    "platform-lost":   Told(platform_lost, Eyes.STAFF),
    "platform-back":   Told(platform_back, Eyes.STAFF),
}
# fmt: on


def _eyes(notice: Notice, facts: Facts) -> Eyes:
    """An outsider's, unless the notice or the one it is for says otherwise."""
    if notice.person is not None:
        person = facts.people.get(PersonId(notice.person))
        return Eyes.STAFF if person is not None and person.staff is not None else Eyes.EXPERT
    return Eyes.STAFF if notice.args.get("eyes") == "staff" else Eyes.EXPERT


def _tongue(notice: Notice, facts: Facts, eyes: Eyes) -> Tongue:
    """The reader's own language, the question's for its customer, the category's for a channel."""
    person = facts.people.get(PersonId(notice.person)) if notice.person else None
    if eyes is Eyes.CUSTOMER and facts.question is not None:
        return tongue([facts.question.language])
    if person is not None:
        return tongue(person.languages)
    return tongue([facts.category.language] if facts.category else [])
