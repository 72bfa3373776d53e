"""Who should see what after a change, and where: cards in channels, lines in threads, notices to people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot import commands as c
from bot.change import Change, Outcome
from bot.model import (
    Answer,
    Audience,
    Category,
    Kind,
    Message,
    Notice,
    PersonId,
    Place,
    PostKind,
    Question,
    State,
    spoken_number,
)

WORKING = (State.CLAIMED, State.WAITING, State.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where people can be reached: the category's channels and everybody's home.

    `leads` and `masters` are the homes of those who are told when something waits for them.
    """

    category: Category
    homes: Mapping[PersonId, Place] = field(default_factory=dict)
    leads: Mapping[PersonId, Place] = field(default_factory=dict)
    masters: Mapping[PersonId, Place] = field(default_factory=dict)


def announce(change: Change[Question], reach: Reach) -> tuple[Notice, ...]:
    """Every post that the change makes or changes."""
    if change.outcome is Outcome.NOTHING:
        return ()
    return (
        *_cards(change, reach),
        *_lines(change, reach),
        *_to_customer(change, reach),
        *_to_people(change, reach),
    )


def card_slot(question: Question) -> str:
    return f"{spoken_number(question.id)}/card"


def staff_slot(question: Question) -> str:
    return f"{spoken_number(question.id)}/staff"


def text_slot(question: Question, message: int) -> str:
    """The slot of one numbered text, in a thread and with the customer alike."""
    return f"{spoken_number(question.id)}/m/{message}"


# --- cards -----------------------------------------------------------------------------------------------------


def _cards(change: Change[Question], reach: Reach) -> Iterator[Notice]:
    question, category = change.after, reach.category
    if question.offered:
        for channel in category.channels:
            yield Notice(
                recipient=channel,
                slot=card_slot(question),
                kind=PostKind.CARD,
                about="question",
                question=question.id,
            )
    if question.staffed and category.staff_channel is not None:
        yield Notice(
            recipient=category.staff_channel,
            slot=staff_slot(question),
            kind=PostKind.CARD,
            about="staff",
            question=question.id,
            args={"eyes": "staff"},
        )
    yield from _pointers(change, reach)


def _pointers(change: Change[Question], reach: Reach) -> Iterator[Notice]:
    """A raised bounty is pointed at from the bottom of the channel, until somebody claims the question."""
    raised = isinstance(change.command, c.Raise)
    taken = change.before is not None and change.before.state is State.OPEN and change.after.state is not State.OPEN
    if not raised and not taken:
        return
    for channel in reach.category.channels:
        yield Notice(
            recipient=channel,
            slot=f"{spoken_number(change.after.id)}/pointer",
            kind=PostKind.LINE,
            about="pointer",
            question=change.after.id,
            absent=taken,
            args={"amount": change.after.bounty},
        )


# --- lines of the conversation, in every copy of the thread ----------------------------------------------------


def _lines(change: Change[Question], reach: Reach) -> Iterator[Notice]:
    for message in change.messages:
        if message.revision == 1 and message.kind not in (Kind.QUESTION, Kind.ANSWER, Kind.CLARIFY, Kind.CORRECTION):
            yield from _everywhere(change.after, message.number, message.audience, message.kind, reach)
    if isinstance(change.command, c.Delivered):
        text = change.after.answer_numbered(change.command.message)
        if text is not None:
            yield from _everywhere(change.after, text.message, Audience.EVERYONE, text.kind, reach)


def _everywhere(question: Question, message: int, audience: Audience, kind: Kind, reach: Reach) -> Iterator[Notice]:
    category = reach.category
    from_customer = kind in (Kind.REPLY, Kind.THANKS)
    # In a private category the customer's words reach the claimer and staff, never the channel.
    hidden = category.private and (from_customer or audience is Audience.EVERYONE)
    if question.offered and audience in (Audience.EVERYONE, Audience.INTERNAL) and not hidden:
        for channel in category.channels:
            yield _line(question, message, channel, card_slot(question))
    if question.staffed and category.staff_channel is not None and audience is not Audience.PERSON:
        yield _line(question, message, category.staff_channel, staff_slot(question), eyes="staff")


def _line(question: Question, message: int, channel: Place, parent: str, eyes: str = "") -> Notice:
    return Notice(
        recipient=channel,
        slot=text_slot(question, message),
        kind=PostKind.LINE,
        about="message",
        question=question.id,
        message=message,
        parent=parent,
        args={"eyes": eyes} if eyes else {},
    )


# --- the customer ----------------------------------------------------------------------------------------------


def _to_customer(change: Change[Question], reach: Reach) -> Iterator[Notice]:
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


def _texts(change: Change[Question]) -> Iterator[Notice]:
    """Texts that were released, rescheduled or taken back, read off the answers before and after."""
    before = {each.message: each for each in change.before.answers} if change.before else {}
    after = {each.message: each for each in change.after.answers}
    for number, text in after.items():
        earlier = before.get(number)
        if text.release_at is not None and (earlier is None or earlier.release_at != text.release_at):
            yield _text(change, text)
    for number, text in before.items():
        if number not in after and text.release_at is not None:
            yield _text(change, text, absent=True)


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
        case c.Reopen():
            return "reopened"
        case _:
            arrived = before is not None and before.state is not State.ESCALATED and after.state is State.ESCALATED
            return "escalated" if arrived and not (before and before.with_staff) else None


# --- people ----------------------------------------------------------------------------------------------------


def _to_people(change: Change[Question], reach: Reach) -> Iterator[Notice]:
    for person, about, more in (*_told(change), *_money_told(change)):
        if person is not None and person != change.actor.id and person in reach.homes:
            yield _personal(change.after, person, reach.homes[person], about, **more)
    if change.outcome is Outcome.REVIEW:
        for master, home in reach.masters.items():
            if master != change.actor.id:
                yield _personal(change.after, master, home, "review-awaited", message=change.messages[-1].number)
    if isinstance(change.command, c.Remind):
        yield from _reminded(change, change.command.what, reach)


def people_told(change: Change[Question]) -> frozenset[PersonId]:
    """Everybody whose home `announce` may need."""
    return frozenset(person for person, _, _ in (*_told(change), *_money_told(change)) if person is not None)


Told = tuple[PersonId | None, str, dict[str, str | int]]


def _told(change: Change[Question]) -> Iterator[Told]:
    before, after = change.before, change.after
    match change.command:
        case c.Remind(what=c.Reminder.CLAIM_ENDS):
            yield after.holder, "claim-ends", {}
        case c.Lapse() if before is not None:
            yield before.holder, "lapsed", {}
        case c.Assign():
            yield after.holder, "assigned", {"message": 1}
        case c.NotYet() if change.outcome is Outcome.RETURNED:
            yield after.holder, "returned", {**_last(change), "complaint": change.command.complaint}
        case c.Reply(thanks=False) | c.Helped() | c.Reply(thanks=True) if change.messages:
            yield _listener(after), _replied_as(change.messages[-1]), _last(change)
        case c.Undelivered(message=number):
            yield _author(after, number), "undelivered", {"message": number}
        case c.Approve(message=number):
            yield _author(after, number), "approved", {"message": number}
        case c.Revise(message=number) if before is not None:
            yield _author(before, number), "revised", _last(change)
        case c.Override():
            yield change.messages[-1].to, "overridden", _last(change)
        case c.Confirm() if after.escalation is not None:
            yield after.escalation.by, "confirmed", {}
        case c.Deny() if after.escalation is not None:
            yield after.escalation.by, "denied", {}
        case c.Veto() if before is not None and before.escalation is not None:
            yield before.escalation.by, "vetoed", {}
    yield from _lost(change)


def _lost(change: Change[Question]) -> Iterator[Told]:
    """Whoever worked on it and no longer holds it, by somebody else's doing, is told so."""
    before, after = change.before, change.after
    own_doing = isinstance(change.command, c.Lapse | c.Override | c.Veto | c.Expire | c.Stand)
    if before is None or before.state not in WORKING or before.holder is None or own_doing:
        return
    still_theirs = after.holder == before.holder and after.state is not State.CLOSED
    if not still_theirs:
        yield before.holder, "taken", {}


def _money_told(change: Change[Question]) -> Iterator[Told]:
    before = list(change.before.payments) if change.before else []
    new = list(change.after.payments)
    for payment in list(before):
        if payment in new:
            new.remove(payment)
            before.remove(payment)
    if isinstance(change.command, c.Mature):
        return
    for payment in new:
        yield payment.person, "paid", {"amount": payment.amount, "pending": int(payment.pocket == "pending")}
    for payment in before:
        yield payment.person, "reversed", {"amount": payment.amount}


def _last(change: Change[Question]) -> dict[str, str | int]:
    return {"message": change.messages[-1].number} if change.messages else {}


def _listener(question: Question) -> PersonId | None:
    """Who reads the customer's further words: the holder, else the author of the standing answer."""
    if question.holder is not None:
        return question.holder
    return question.answer.author if question.answer is not None else None


def _replied_as(message: Message) -> str:
    return "thanks" if message.kind is Kind.THANKS else "replied"


def _author(question: Question, number: int) -> PersonId | None:
    text = question.answer_numbered(number)
    return text.author if text is not None else None


def _reminded(change: Change[Question], what: c.Reminder, reach: Reach) -> Iterator[Notice]:
    question, channel = change.after, reach.category.staff_channel
    if what is c.Reminder.STAFF_AWAITED and channel is not None:
        yield Notice(
            recipient=channel,
            slot=f"{spoken_number(question.id)}/{what}/{question.revision}",
            kind=PostKind.LINE,
            about=what,
            question=question.id,
            parent=staff_slot(question),
            args={"eyes": "staff"},
        )
    if what is c.Reminder.LEAD_AWAITED:
        for lead, home in reach.leads.items():
            yield _personal(question, lead, home, what)


def _personal(question: Question, person: PersonId, home: Place, about: str, **args: str | int) -> Notice:
    message = args.pop("message", None)
    assert message is None or isinstance(message, int)
    return Notice(
        recipient=home,
        slot=f"{spoken_number(question.id)}/{about}/{question.revision}/{person}",
        kind=PostKind.LINE,
        about=about,
        question=question.id,
        message=message,
        person=person,
        args=args,
    )
