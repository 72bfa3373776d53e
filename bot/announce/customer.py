"""What the customer is told: the texts that are for them, and where their question stands."""

from collections.abc import Iterator
from dataclasses import replace

from bot import commands as c
from bot.announce.reach import text_slot
from bot.change import Change, Outcome, Receipt
from bot.model import Answer, Notice, PostKind, Question, State, spoken_number


def to_customer(change: Change[Question]) -> Iterator[Notice]:
    yield from _texts(change)
    about = _customer_line(change)
    if about is not None:
        yield Notice(
            recipient=change.after.origin,
            slot=f"{spoken_number(change.after.id)}/{about}/{change.after.revision}",
            kind=PostKind.LINE,
            about=about,
            question=change.after.id,
            person=change.after.customer,
        )


def said_by_post(receipt: Receipt) -> bool:
    """Whether the customer who did this is told so by a post of its own, where they are told everything."""
    if receipt.refused or receipt.outcome is Outcome.NOTHING:
        return False
    with_staff = receipt.verb == "not-yet" and receipt.outcome is Outcome.WITH_STAFF
    return with_staff or receipt.verb in ("ask", "helped", "withdraw", "staff-please")


def _texts(change: Change[Question]) -> Iterator[Notice]:
    """Texts that were released, rescheduled or taken back, read off the answers before and after."""
    before = {each.message: each for each in change.before.answers} if change.before else {}
    after = {each.message: each for each in change.after.answers}
    for number, text in after.items():
        earlier = before.get(number)
        if is_news(change, text, earlier):
            yield _text(change, text)
            if change.before is not None and change.before.origin != change.after.origin:
                yield replace(_text(change, text, absent=True), recipient=change.before.origin)
    for number, text in before.items():
        if number not in after and text.release_at is not None:
            yield _text(change, text, absent=True)


def is_news(change: Change[Question], text: Answer, earlier: Answer | None) -> bool:
    """Whether the text is to be sent, at another time than before or to another place."""
    if text.release_at is None:
        return False
    elsewhere = change.before is not None and change.before.origin != change.after.origin
    return earlier is None or earlier.release_at != text.release_at or (elsewhere and text.delivered_at is None)


def _text(change: Change[Question], text: Answer, *, absent: bool = False) -> Notice:
    question = change.after
    return Notice(
        recipient=question.origin,
        slot=text_slot(question, text.message),
        kind=PostKind.LINE,
        about=text.kind,
        question=question.id,
        message=text.message,
        person=question.customer,
        not_before=text.release_at or 0,
        absent=absent,
    )


def _customer_line(change: Change[Question]) -> str | None:
    before, after = change.before, change.after
    match change.command:
        case c.Ask():
            return "asked"
        case c.Remind(what=c.Reminder.REPLY_AWAITED):
            return "reply-awaited"
        case c.Remind(what=c.Reminder.VERDICT_AWAITED):
            return "verdict-awaited"
        case c.Helped() | c.Silence() if before is not None and before.state is not State.SOLVED:
            return "solved"
        case c.Close() | c.Expire():
            return "closed"
        case c.TakeBack() if before is not None and before.state is not after.state:
            return "closed"
        case c.Reopen():
            return "reopened"
        case _:
            arrived = before is not None and before.state is not State.ESCALATED and after.state is State.ESCALATED
            return "escalated" if arrived and not (before and before.with_staff) else None
