"""Files: which text they belong to, what the customer says about them, and who may see which copy."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.change import Outcome, Reason
from bot.commands import QuestionCommand, ShowFile
from bot.decide.context import Context, qualifies
from bot.decide.steps import Decision, Step, refuse
from bot.model import (
    Attachment,
    Category,
    Copy,
    Enclosed,
    Kind,
    Message,
    Person,
    Question,
    Rank,
    Sharing,
    State,
)

# While somebody works on a question, and until its customer has judged, they see its files.
WORKING: Final = frozenset({State.CLAIMED, State.WAITING, State.REVIEW, State.ANSWERED})
_CARRIES: Final = frozenset({Kind.QUESTION, Kind.REPLY, Kind.THANKS, Kind.ANSWER, Kind.CLARIFY, Kind.CORRECTION})


def with_files(step: Step, command: QuestionCommand) -> Question:
    """The question with the files that came with the command, and without those of texts that were blanked."""
    question = step.after
    blanked = {each.number for each in step.messages if each.redacted}
    kept = tuple(replace(each, removed=True) if each.message in blanked else each for each in question.files)
    enclosed: tuple[Enclosed, ...] = getattr(command, "files", ())
    message = next((each for each in step.messages if each.revision == 1 and each.kind in _CARRIES), None)
    if message is None or not enclosed:
        return question if kept == question.files else replace(question, files=kept)
    first = max((each.number for each in kept), default=0) + 1
    added = (_attached(each, number, message, question) for number, each in enumerate(enclosed, start=first))
    return replace(question, files=(*kept, *added))


def _attached(file: Enclosed, number: int, message: Message, question: Question) -> Attachment:
    author = message.author or question.customer
    return Attachment(number=number, message=message.number, author=author, media_type=file.media_type)


def show_file(command: ShowFile, question: Question, context: Context) -> Decision:
    file = question.file_numbered(command.file)
    if file is None or file.removed or file.author != question.customer:
        return refuse(command, Reason.NO_SUCH_FILE)
    if command.choice is Sharing.BLUR and not file.picture:
        return refuse(command, Reason.NOT_A_PICTURE)
    if file.sharing is command.choice:
        return Step(question, Outcome.NOTHING)
    files = tuple(
        replace(each, sharing=command.choice) if each.number == file.number else each for each in question.files
    )
    return Step(replace(question, files=files))


# --- who sees what


def copy_for(file: Attachment, question: Question, person: Person, category: Category | None) -> Copy | None:
    """The copy that this person may see at this moment; None when it is not for their eyes."""
    if file.removed or person.blocked:
        return None
    if person.id in (question.customer, file.author):
        return Copy.PLAIN if person.id == file.author or reached(file, question) else None
    if person.staff is not None:
        return staff_copy(file, question)
    if not qualifies(person, category):
        return None
    if file.author == question.customer:
        return holder_copies(question).get(file.number) if person.id == question.holder else None
    if person.id == question.holder and reached(file, question):
        return Copy.PLAIN
    master = person.expert is not None and person.expert.rank is Rank.MASTER
    return Copy.PLAIN if master and under_review(file, question) else None


def holder_copies(question: Question) -> Mapping[int, Copy]:
    """What whoever holds the question gets of the customer's files, by the file's number."""
    if question.holder is None or question.state not in WORKING:
        return {}
    copies = {
        each.number: staff_copy(each, question) if question.with_staff else _holder_copy(each)
        for each in question.files
        if each.author == question.customer and not each.removed
    }
    return {number: copy for number, copy in copies.items() if copy is not None}


def staff_copy(file: Attachment, question: Question) -> Copy | None:
    """Staff see everything but a picture about which its customer has not said anything yet."""
    theirs = file.author == question.customer
    if file.removed or (theirs and file.picture and file.sharing is None):
        return None
    return Copy.PLAIN


def _holder_copy(file: Attachment) -> Copy | None:
    match file.sharing:
        case Sharing.SEND:
            return Copy.PLAIN
        case Sharing.BLUR:
            return Copy.BLURRED
        case _:
            return None


def under_review(file: Attachment, question: Question) -> bool:
    """Whether the file came with a text that somebody reads before it goes out."""
    text = question.answer_numbered(file.message)
    return not file.removed and text is not None and text.release_at is None


def reached(file: Attachment, question: Question) -> bool:
    """Whether the text that the file came with has gone out: delivered, or past its undoing."""
    text = question.answer_numbered(file.message)
    return text is not None and (text.delivered_at is not None or text.undelivered_at is not None)
