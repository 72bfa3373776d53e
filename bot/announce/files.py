"""Who gets to see a file after a change: the holder alone, staff in their thread, reviewers, and the customer."""

from collections.abc import Iterator, Mapping

from bot.announce.customer import is_news
from bot.announce.reach import Reach, staff_slot, text_slot
from bot.change import Change, Outcome
from bot.decide.files import holder_copies, staff_copy, under_review
from bot.model import Answer, Attachment, Copy, Notice, PersonId, Place, PostKind, Question, spoken_number

_Held = Mapping[tuple[PersonId, int], Copy]


def files(change: Change[Question], reach: Reach) -> Iterator[Notice]:
    """One post for each file and reader. Nothing here goes to a channel that experts share."""
    if not change.after.files:
        return
    yield from _choices(change)
    yield from _with_texts(change)
    yield from _to_staff(change, reach.category.staff_channel)
    yield from _to_holder(change, reach)
    yield from _to_reviewers(change, reach)


def file_readers(change: Change[Question]) -> frozenset[PersonId]:
    """Whoever may get a file at home."""
    return frozenset(person for person, _ in _held(change.after))


def files_withdrawn(change: Change[Question]) -> bool:
    """Whether somebody who could see a file no longer may: their posts then have to go."""
    before = change.before
    if before is None or not before.files:
        return False
    after = change.after
    if not _held(before).items() <= _held(after).items() or not _staffed(before) <= _staffed(after):
        return True
    return any(under_review(each, before) and not under_review(each, after) for each in before.files)


# --- the customer


def _choices(change: Change[Question]) -> Iterator[Notice]:
    """Who may see this? Asked once for each file, and kept true: what was chosen, and who holds the question."""
    before, question = change.before, change.after
    for file in question.files:
        if file.author != question.customer or file.removed:
            continue
        earlier = before.file_numbered(file.number) if before is not None else None
        asked_of = before.holder if before is not None else None
        if earlier != file or asked_of != question.holder:
            yield Notice(
                recipient=question.origin,
                slot=f"{spoken_number(question.id)}/choose/{file.number}",
                kind=PostKind.LINE,
                about="file-choice",
                question=question.id,
                message=file.message,
                person=question.customer,
                args={"file": file.number, "sharing": file.sharing or "", "holder": question.holder or ""},
            )


def _with_texts(change: Change[Question]) -> Iterator[Notice]:
    """The files of a text go with it: released when it is, right behind it, and taken back with it."""
    before = {each.message: each for each in change.before.answers} if change.before else {}
    after = {each.message: each for each in change.after.answers}
    for number, text in after.items():
        earlier = before.get(number)
        if is_news(change, text, earlier):
            yield from _of_text(change.after, text)
            if change.before is not None and change.before.origin != change.after.origin:
                yield from _of_text(change.before, text, absent=True)
    for number, text in before.items():
        if number not in after and text.release_at is not None:
            yield from _of_text(change.after, text, absent=True)


def _of_text(question: Question, text: Answer, *, absent: bool = False) -> Iterator[Notice]:
    for file in question.files:
        if file.message == text.message:
            yield Notice(
                recipient=question.origin,
                slot=f"{text_slot(question, text.message)}/f/{file.number}",
                kind=PostKind.LINE,
                about="answer-file",
                question=question.id,
                message=text.message,
                person=question.customer,
                after=text_slot(question, text.message),
                not_before=text.release_at or 0,
                absent=absent,
                args={"file": file.number},
            )


# --- those who work on it


def _to_staff(change: Change[Question], channel: Place | None) -> Iterator[Notice]:
    question = change.after
    before = _staffed(change.before) if change.before is not None else frozenset()
    for number in sorted(_staffed(question) - before) if channel is not None else ():
        file = question.file_numbered(number)
        assert file is not None
        assert channel is not None
        yield Notice(
            recipient=channel,
            slot=_slot(question, number, Copy.PLAIN),
            kind=PostKind.LINE,
            about="file",
            question=question.id,
            message=file.message,
            parent=staff_slot(question),
            args={"file": number, "copy": Copy.PLAIN, "eyes": "staff", "shown": question.revision},
        )


def _to_holder(change: Change[Question], reach: Reach) -> Iterator[Notice]:
    before = _held(change.before) if change.before is not None else {}
    for (person, number), copy in _held(change.after).items():
        if before.get((person, number)) is not copy and person in reach.homes:
            yield _personal(change.after, number, copy, person, reach.homes[person])


def _to_reviewers(change: Change[Question], reach: Reach) -> Iterator[Notice]:
    """Whoever approves a text sees what goes with it."""
    if change.outcome is not Outcome.REVIEW:
        return
    added = [each for each in change.after.files if under_review(each, change.after) and _is_new(each, change)]
    for master, home in reach.masters.items():
        for file in added if master != change.actor.id else ():
            yield _personal(change.after, file.number, Copy.PLAIN, master, home)


def _is_new(file: Attachment, change: Change[Question]) -> bool:
    return change.before is None or change.before.file_numbered(file.number) is None


def _personal(question: Question, number: int, copy: Copy, person: PersonId, home: Place) -> Notice:
    file = question.file_numbered(number)
    assert file is not None
    return Notice(
        recipient=home,
        slot=f"{_slot(question, number, copy)}/{person}",
        kind=PostKind.LINE,
        about="file",
        question=question.id,
        message=file.message,
        person=person,
        args={"file": number, "copy": copy, "shown": question.revision},  # seen anew is said anew
    )


def _slot(question: Question, number: int, copy: Copy) -> str:
    """A file does not change: another copy is another post."""
    return f"{spoken_number(question.id)}/f/{number}/{copy}"


def _held(question: Question) -> _Held:
    if question.holder is None:
        return {}
    return {(question.holder, number): copy for number, copy in holder_copies(question).items()}


def _staffed(question: Question) -> frozenset[int]:
    """What is in the staff thread, once staff have a card of the question."""
    if not question.staffed:
        return frozenset()
    return frozenset(each.number for each in question.files if staff_copy(each, question) is not None)
