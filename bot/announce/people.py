"""What experts and staff are told, each alone: what became of their claim, their text and their money."""

from collections.abc import Iterator

from bot import commands as c
from bot.announce.reach import Reach, staff_slot
from bot.change import Change, Outcome
from bot.model import Kind, Message, Notice, Person, PersonId, Place, PostKind, Question, State, spoken_number

WORKING = (State.CLAIMED, State.WAITING, State.REVIEW)

# Nobody asked for these, and nothing is lost when they come in the morning.
CAN_WAIT = frozenset({"paid", "reversed", "thanks", "confirmed", "denied", "lead-awaited"})


def to_people(change: Change[Question], reach: Reach) -> Iterator[Notice]:
    for person, about, more in (*_told(change), *_money_told(change)):
        if person is not None and person != change.actor.id and person in reach.homes:
            yield _personal(change.after, person, reach, reach.homes[person], about, **more)
    if change.outcome is Outcome.REVIEW:
        for master, home in reach.masters.items():
            if master != change.actor.id:
                number = change.messages[-1].number
                yield _personal(change.after, master, reach, home, "review-awaited", message=number)
    if isinstance(change.command, c.Remind):
        yield from _reminded(change, change.command.what, reach)


def people_told(change: Change[Question]) -> frozenset[PersonId]:
    """Everybody whose home `announce` may need."""
    return frozenset(person for person, _, _ in (*_told(change), *_money_told(change)) if person is not None)


def can_wait(change: Change[Question]) -> frozenset[PersonId]:
    """Whoever is told something that can wait for the end of their quiet hours."""
    told = (*_told(change), *_money_told(change))
    return frozenset(person for person, about, _ in told if person is not None and about in CAN_WAIT)


def pause_notice(change: Change[Person], home: Place) -> Notice | None:
    """Whoever let too many claims run out is told that there is a pause, and until when."""
    before, after = change.before.expert if change.before else None, change.after.expert
    if not isinstance(change.command, c.NoteLapse) or after is None or before is None:
        return None
    if after.paused_until is None or after.paused_until == before.paused_until:
        return None
    return Notice(
        recipient=home,
        slot=f"paused/{change.after.id}/{change.at}",
        kind=PostKind.LINE,
        about="paused",
        person=change.after.id,
        args={"until": after.paused_until, "why": "lapses"},
    )


def linked_notice(change: Change[Person], platform: str) -> Notice | None:
    """Whoever made a code is told, where they were until now, that somebody used it; `platform` is where."""
    before = change.before
    if before is None or before.home is None:
        return None
    return Notice(
        recipient=before.home,
        slot=f"linked/{change.actor.id}/{change.at}",
        kind=PostKind.LINE,
        about="linked",
        person=change.after.id,
        args={"platform": platform},
    )


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
        case c.Reword() if change.messages and change.messages[-1].revision == 1:
            yield _listener(after), _replied_as(change.messages[-1]), _last(change)
        case c.Undelivered(message=number, retry_at=retry_at) if change.outcome is not Outcome.SENDING:
            more: dict[str, str | int] = {"retry_at": retry_at} if retry_at is not None else {}
            yield _author(after, number), "undelivered", {"message": number, **more}
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
    if what in (c.Reminder.STAFF_AWAITED, c.Reminder.REVIEW_AWAITED) and channel is not None:
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
            yield _personal(question, lead, reach, home, what)


def _personal(question: Question, person: PersonId, reach: Reach, home: Place, about: str, **args: str | int) -> Notice:
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
        not_before=reach.quiet_until.get(person, 0) if about in CAN_WAIT else 0,
        args=args,
    )
