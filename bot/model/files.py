"""Files that come with what people write: their bytes on the way in, what is kept of them, and who may see them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.ids import FileId, PersonId, QuestionId


class Sharing(StrEnum):
    """What the customer says about a file of theirs; the values are the words of the verb "show-file"."""

    SEND = "send"  # whoever holds the question sees it, and staff
    BLUR = "blur"  # whoever holds it gets an unreadable copy, staff the picture itself
    STAFF = "staff"  # staff alone


class Copy(StrEnum):
    """One file can be kept twice: as it is, and so that nothing on it can be read."""

    PLAIN = "plain"
    BLURRED = "blurred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file on its way in that was looked at: `media_type` was read off the bytes, `name` is clean and fits it.

    `blurred` is the unreadable copy of a picture, always a PNG; empty for anything else.
    """

    name: str
    media_type: str
    content: bytes
    blurred: bytes = b""

    @property
    def picture(self) -> bool:
        return is_picture(self.media_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What a question knows of one of its files: nothing that anybody wrote, so neither name nor content.

    `number` names it in its question and is never used again; `message` is the text it came with. `sharing` is None
    as long as the customer said nothing about it.
    """

    number: int
    message: int
    author: PersonId
    media_type: str
    sharing: Sharing | None = None
    removed: bool = False

    @property
    def picture(self) -> bool:
        return is_picture(self.media_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One copy of a file as the database has it, without its bytes. `digest` is their SHA-256, hexadecimal."""

    id: FileId
    question: QuestionId
    number: int
    message: int
    copy: Copy
    name: str
    media_type: str
    size_bytes: int
    digest: str


def is_picture(media_type: str) -> bool:
    return media_type.startswith("image/")
