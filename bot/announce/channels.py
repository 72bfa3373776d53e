"""What channels show of a question: its cards, the pointer to a raised bounty, the lines of its conversation."""

from collections.abc import Iterator
from dataclasses import replace

from bot import commands as c
from bot.announce.reach import card_slot, staff_slot, text_slot
from bot.change import Change
from bot.model import Audience, Category, Kind, Notice, Place, PostKind, Question, State, spoken_number


def in_channels(change: Change[Question], category: Category) -> Iterator[Notice]:
    yield from card_notices(change.after, category)
    yield from _pointers(change, category)
    yield from _lines(change, category)


def card_notices(question: Question, category: Category, *, gone_from: Category | None = None) -> Iterator[Notice]:
    """The question's cards; with `gone_from`, the category as it was, those to be taken away as well."""
    for channel in category.channels if question.offered else ():
        yield _card(question, channel, staff=False)
    if question.staffed and category.staff_channel is not None:
        yield _card(question, category.staff_channel, staff=True)
    if gone_from is None:
        return
    for channel in gone_from.channels:
        if channel not in category.channels:
            yield _card(question, channel, staff=False, absent=True)
    if gone_from.staff_channel not in (None, category.staff_channel):
        yield _card(question, gone_from.staff_channel, staff=True, absent=True)


def _card(question: Question, channel: Place, *, staff: bool, absent: bool = False) -> Notice:
    return Notice(
        recipient=channel,
        slot=staff_slot(question) if staff else card_slot(question),
        kind=PostKind.CARD,
        about="staff" if staff else "question",
        question=question.id,
        absent=absent,
        args={"eyes": "staff"} if staff else {},
    )


def _pointers(change: Change[Question], category: Category) -> Iterator[Notice]:
    """A raised bounty is pointed at from the bottom of the channel, until somebody claims the question."""
    raised = isinstance(change.command, c.Raise)
    taken = change.before is not None and change.before.state is State.OPEN and change.after.state is not State.OPEN
    if not raised and not taken:
        return
    for channel in category.channels:
        yield Notice(
            recipient=channel,
            slot=f"{spoken_number(change.after.id)}/pointer",
            kind=PostKind.LINE,
            about="pointer",
            question=change.after.id,
            absent=taken,
            args={"amount": change.after.bounty},
        )


def _lines(change: Change[Question], category: Category) -> Iterator[Notice]:
    for message in change.messages:
        if message.revision == 1 and message.kind not in (Kind.QUESTION, Kind.ANSWER, Kind.CLARIFY, Kind.CORRECTION):
            yield from _everywhere(change.after, message.number, message.audience, message.kind, category)
    yield from _changed_words(change, category)
    if isinstance(change.command, c.Delivered):
        text = change.after.answer_numbered(change.command.message)
        if text is not None:
            yield from _everywhere(change.after, text.message, Audience.EVERYONE, text.kind, category)


def _changed_words(change: Change[Question], category: Category) -> Iterator[Notice]:
    """Whoever holds the question has read the old words, so their going is said where they stand."""
    question = change.after
    about = {c.Reword: "reworded", c.TakeBack: "taken-back"}.get(type(change.command))
    over = question.state in (State.SOLVED, State.CLOSED)
    if about is None or question.holder is None or over:
        return
    slot = f"{spoken_number(question.id)}/{about}/{question.revision}"
    for message in change.messages:
        if message.revision == 1:
            continue
        for channel in category.channels if question.offered else ():
            yield replace(_line(question, message.number, channel, card_slot(question)), slot=slot, about=about)
        if question.staffed and category.staff_channel is not None:
            line = _line(question, message.number, category.staff_channel, staff_slot(question), eyes="staff")
            yield replace(line, slot=slot, about=about)


def _everywhere(
    question: Question, message: int, audience: Audience, kind: Kind, category: Category
) -> Iterator[Notice]:
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
