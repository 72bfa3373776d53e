"""Files on their way in: looked at beside the event loop, kept in the transaction of the text they came with."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from bot import commands as c
from bot.card import Card, Form
from bot.change import Change, Outcome
from bot.commands import Command
from bot.model import Enclosed, FileId, Person, Question
from bot.policy import Policy
from bot.ports import Heard, Reply, Upload, Views, Work
from bot.privacy.files import RefusedFile, Unfit, clean_name, kind_of, said_name
from bot.wording.files import form_with_files, reply_with_files

CARRYING: Final = (c.SendAnswer, c.Clarify, c.Correct, c.Override)
_AT_ONCE: Final = threading.BoundedSemaphore(2)  # a large picture takes a quarter of a gigabyte while it is drawn anew


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """What came of a message's files: those that are taken, and why the others are not."""

    taken: tuple[Enclosed, ...] = ()
    refused: tuple[RefusedFile, ...] = ()

    def not_here(self) -> "LookedAt":
        """The same where files have no place."""
        moved = (RefusedFile(name=each.name, why=Unfit.NOT_HERE) for each in self.taken)
        return LookedAt(refused=(*moved, *self.refused))

    def told(self, reply: Reply, person: Person) -> Reply:
        """The reply, with what became of the files: whatever that was, the words were taken."""
        receipt = reply.receipt
        if receipt is None or receipt.outcome is Outcome.NOTHING or not (self.taken or self.refused):
            return reply
        taken, lost = (0, len(self.taken)) if receipt.refused else (len(self.taken), 0)
        tell = partial(reply_with_files, verb=receipt.verb, lost=lost, refused=self.refused, languages=person.languages)
        news = tell(Card(title=""), taken=0) if lost or self.refused else None
        return replace(reply, card=tell(reply.card, taken=taken), news=news)


async def looked_at_files(uploads: Sequence[Upload], policy: Policy) -> LookedAt:
    """Every file read, named and, when it is a picture, drawn anew; in order."""
    if not uploads:
        return LookedAt()
    most = policy.files_per_message_max
    results = [await asyncio.to_thread(examined, each, policy) for each in uploads[:most]]
    refused = [each for each in results if isinstance(each, RefusedFile)]
    refused += [RefusedFile(name=said_name(each.name), why=Unfit.TOO_MANY, limit=most) for each in uploads[most:]]
    return LookedAt(taken=tuple(each for each in results if isinstance(each, Enclosed)), refused=tuple(refused))


def examined(upload: Upload, policy: Policy) -> Enclosed | RefusedFile:
    """What the file is by its bytes, as it may be kept; or why it may not. May take seconds."""
    size = max(upload.size_bytes, len(upload.content))

    def refused(why: Unfit, *, what: str = "", limit: int = 0) -> RefusedFile:
        return RefusedFile(name=said_name(upload.name), why=why, what=what, limit=limit)

    if size > policy.file_bytes_max:
        return refused(Unfit.TOO_LARGE, limit=policy.file_bytes_max)
    if not upload.content:
        return refused(Unfit.BROKEN if upload.size_bytes else Unfit.EMPTY)
    kind = kind_of(upload.content)
    if kind.document:
        name = clean_name(upload.name, kind.document)
        return Enclosed(name=name, media_type=kind.document, content=kind.content)
    if not kind.picture:
        return refused(Unfit.NOT_ALLOWED, what=kind.what)
    from bot.privacy.pictures import cleaned  # the library is loaded by the first picture, not at every start

    with _AT_ONCE:
        picture = cleaned(upload.content, kind.picture, pixels_max=policy.picture_pixels_max)
    if isinstance(picture, Unfit):
        return refused(picture, limit=policy.picture_pixels_max)
    name = clean_name(upload.name, picture.media_type)
    return Enclosed(name=name, media_type=picture.media_type, content=picture.content, blurred=picture.blurred)


def with_files(command: Command, looked: LookedAt) -> tuple[Command, LookedAt]:
    """The command with its files, where it is one that takes some to the customer."""
    if isinstance(command, CARRYING):
        return replace(command, files=looked.taken), looked
    return command, looked.not_here()


def without_files(heard: Heard, asked: Reply | Form, person: Person) -> Reply | Form:
    """A form asks for words first, and files do not wait for them."""
    return form_with_files(asked, person.languages) if heard.files and isinstance(asked, Form) else asked


def keep_files(work: Work, change: Change[Question]) -> None:
    """Inside the transaction: new files in, those of blanked texts out."""
    before = {each.number for each in change.before.files} if change.before is not None else set()
    added = [each for each in change.after.files if each.number not in before]
    enclosed: tuple[Enclosed, ...] = getattr(change.command, "files", ()) if added else ()
    for attachment, file in zip(added, enclosed, strict=True):
        work.add_file(change.after.id, attachment, file)
    for message in change.messages if before else ():
        if message.redacted:
            work.remove_files(change.after.id, message.number)


async def content_of(views: Views, file: FileId) -> bytes:
    """The bytes. Raises LookupError when they are gone."""
    content = await views.file_content(file)
    if content is None:
        raise LookupError(f"there is no file {file}")
    return content
