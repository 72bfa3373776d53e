"""Files on their way in: looked at beside the event loop, kept in the transaction of the text they came with."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot import commands as c
from bot.card import Card, Form
from bot.change import Change, Receipt
from bot.commands import Command
from bot.model import Enclosed, FileId, Question
from bot.policy import Policy
from bot.ports import Upload, Views, Work
from bot.privacy.files import RefusedFile, Unfit, clean_name, kind_of, said_name
from bot.wording.files import form_with_files, reply_with_files

CARRYING: Final = (c.SendAnswer, c.Clarify, c.Correct, c.Override)
_AT_ONCE: Final = threading.BoundedSemaphore(2)  # a large picture takes a quarter of a gigabyte while it is drawn anew


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """What came of a message's files: those that are taken, and why the others are not."""

    files: tuple[Enclosed, ...] = ()
    refused: tuple[RefusedFile, ...] = ()

    @property
    def came(self) -> bool:
        return bool(self.files or self.refused)

    def not_here(self) -> "LookedAt":
        """The same where files have no place."""
        moved = (RefusedFile(name=each.name, why=Unfit.NOT_HERE) for each in self.files)
        return LookedAt(refused=(*moved, *self.refused))

    def told(self, card: Card, receipt: Receipt) -> Card:
        """The reply, with what became of the files: the words are taken whatever became of those."""
        if not self.came:
            return card
        taken = () if receipt.refused else self.files
        lost = self.files if receipt.refused else ()
        return reply_with_files(card, receipt.verb, taken=len(taken), lost=len(lost), refused=self.refused)

    def told_in_form(self, form: Form) -> Form:
        """A form asks for the words first; files do not wait for it."""
        return form_with_files(form) if self.came else form


async def looked_at_files(uploads: Sequence[Upload], policy: Policy) -> LookedAt:
    """Every file read, named and, when it is a picture, drawn anew; in order."""
    if not uploads:
        return LookedAt()
    most = policy.files_per_message_max
    results = [await asyncio.to_thread(examined, each, policy) for each in uploads[:most]]
    refused = [each for each in results if isinstance(each, RefusedFile)]
    refused += [RefusedFile(name=said_name(each.name), why=Unfit.TOO_MANY, limit=most) for each in uploads[most:]]
    return LookedAt(files=tuple(each for each in results if isinstance(each, Enclosed)), refused=tuple(refused))


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
        return replace(command, files=looked.files), looked
    return command, looked.not_here()


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
