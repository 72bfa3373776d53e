"""What the customer's own page says at its top: where the question stands, what that means, what to do next."""

from dataclasses import dataclass, replace

from bot.card import Button, Moment
from bot.model import Answer, CloseReason, Question, State
from bot.policy import Policy
from bot.ports import Facts
from bot.wording.cards import closed_line, text_on_its_way
from bot.wording.catalogue import tongue
from bot.wording.customer_lines import verdict_buttons
from bot.wording.writer import Eyes, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """Each text may hold signs that stand for `moments`, as in a card. `next_step` is empty when nothing is left."""

    headline: str
    explanation: str
    next_step: str
    buttons: tuple[Button, ...] = ()
    moments: tuple[Moment, ...] = ()


def customer_view(question: Question, facts: Facts, policy: Policy) -> CustomerView:
    """The page's head in the customer's language, for the state the question is in."""
    seen = replace(facts, question=question, policy=policy)
    w = Writer(seen, Eyes.CUSTOMER, tongue([question.language]))
    view = _of_state(w, question)
    return replace(view, moments=tuple(w.moments))


def _of_state(w: Writer, question: Question) -> CustomerView:
    wait, staff_please = w.say("page.next.wait"), (w.button("staff-please"),)
    match question.state:
        case State.HELD:
            return _view(w.say("page.held"), w.say("page.held-body"), wait, staff_please)
        case State.OPEN:
            key = "page.open-again" if question.rejections else "page.open"
            return _view(w.say(key), w.say("page.open-body"), wait, staff_please)
        case State.CLAIMED:
            again = any(each.rejected for each in question.answers)
            title = w.say("page.claimed-again" if again else "page.claimed", person=w.first_name(question.holder))
            return _view(title, w.say("page.claimed-body"), wait, () if question.with_staff else staff_please)
        case State.REVIEW:
            return _view(w.say("page.review"), w.say("page.review-body"), wait, staff_please)
        case State.WAITING:
            return _waiting(w, question)
        case State.ANSWERED:
            return _answered(w, question)
        case State.ESCALATED:
            return _view(w.say("page.escalated"), w.say("page.escalated-body"), wait)
        case State.SOLVED:
            return _solved(w, question)
        case State.CLOSED:
            replies = question.closed_as is CloseReason.NO_REPLY
            next_step = w.say("page.next.reply-reopens" if replies else "page.next.done")
            return _view(w.say("page.closed"), closed_line(w, "closed"), next_step)


def _waiting(w: Writer, question: Question) -> CustomerView:
    """Until the question back is delivered there is nothing to reply to."""
    if text_on_its_way(question) is not None:
        return _writing(w, question)
    person = w.first_name(question.holder)
    body = w.say("page.waiting-body", person=person)
    return _view(w.say("page.waiting", person=person), body, w.say("page.next.reply"), (w.button("staff-please"),))


def _answered(w: Writer, question: Question) -> CustomerView:
    text = text_on_its_way(question)
    earlier = _last_delivered(question)
    if text is not None and text.undelivered_at is not None:
        title = w.say("page.answered", person=w.first_name(text.author))
        return _view(title, w.say("page.undelivered-body"), w.say("page.next.wait"))
    if earlier is None:
        return _writing(w, question)
    title = w.say("page.answered", person=w.first_name(earlier.author))
    # While a newer answer is on its way the older one can no longer be judged.
    judged = question.answer is not None and question.answer.message == earlier.message
    if not judged:
        return _writing(w, question)
    return _view(title, w.say("page.answered-body"), w.say("page.next.verdict"), verdict_buttons(w, earlier.message))


def _writing(w: Writer, question: Question) -> CustomerView:
    text = text_on_its_way(question)
    person = w.first_name(text.author if text else question.holder)
    return _view(w.say("page.writing", person=person), w.say("page.writing-body"), w.say("page.next.wait"))


def _solved(w: Writer, question: Question) -> CustomerView:
    answer = question.answer
    if question.settled or answer is None:
        return _view(w.say("page.solved"), w.say("page.settled-body"), w.say("page.next.done"))
    body = w.say("page.solved-body" if question.confirmed else "page.solved-silent-body")
    not_yet = (w.button("not-yet", message=answer.message),)
    return _view(w.say("page.solved"), body, w.say("page.next.reopen"), not_yet)


def _last_delivered(question: Question) -> Answer | None:
    return next(
        (each for each in reversed(question.answers) if each.delivered_at is not None and not each.rejected), None
    )


def _view(headline: str, explanation: str, next_step: str, buttons: tuple[Button, ...] = ()) -> CustomerView:
    return CustomerView(headline=headline, explanation=explanation, next_step=next_step, buttons=buttons)
