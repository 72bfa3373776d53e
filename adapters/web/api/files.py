"""Files over the API: in as base64 beside the words, out one at a time to whoever may see them at that moment."""

import base64
from collections.abc import Sequence

from adapters.web.api.seeing import Sight
from adapters.web.api.shapes import FileContent, FileSent, FileShown, Said
from adapters.web.pages.enclosures import stored_for_customer
from bot.decide.files import copy_for
from bot.model import Attachment, Copy, Message, StoredFile
from bot.policy import Policy
from bot.ports import Upload
from bot.wording import Eyes


def sent_files(body: Said | None, policy: Policy) -> tuple[Upload, ...]:
    """What came along with the words; of what is too large only the size is handed on."""
    files: Sequence[FileSent] = getattr(body, "files", None) or ()
    return tuple(_upload(each, policy) for each in files)


def _upload(file: FileSent, policy: Policy) -> Upload:
    size = len(file.content)
    return Upload(name=file.name, content=file.content if size <= policy.file_bytes_max else b"", size_bytes=size)


def files_shown(message: Message, sight: Sight) -> list[FileShown]:
    """The files that came with a text, as far as they are for these eyes."""
    attached = [each for each in sight.question.files if each.message == message.number]
    found = ((each, visible_copy(each, sight)) for each in attached)
    return [
        FileShown(
            number=each.number,
            name=stored.name,
            media_type=stored.media_type,
            size_bytes=stored.size_bytes,
            blurred=stored.copy is Copy.BLURRED,
            sharing=each.sharing if sight.eyes is not Eyes.EXPERT else None,
        )
        for each, stored in found
        if stored is not None
    ]


def visible_copy(file: Attachment, sight: Sight) -> StoredFile | None:
    """The copy that these eyes may see now, if any."""
    if sight.eyes is Eyes.CUSTOMER:
        return stored_for_customer(file, sight.facts)
    if sight.person is None:
        return None
    copy = copy_for(file, sight.question, sight.person, sight.category)
    return next((each for each in sight.facts.files if each.number == file.number and each.copy is copy), None)


def content_shape(stored: StoredFile, content: bytes) -> FileContent:
    return FileContent(
        number=stored.number,
        name=stored.name,
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        content=base64.b64encode(content).decode(),
    )
