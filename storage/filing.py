"""The part of `Work` about files, and what reads of them have in common."""

import hashlib
from collections.abc import Sequence
from typing import Any

from bot.model import Attachment, Copy, Enclosed, FileId, QuestionId, StoredFile
from storage.queries import Connection, Queries

_BLURRED_AS = "image/png"


class Filing:
    """Needs a transaction to be open on its connection."""

    sql: Queries
    connection: Connection

    def add_file(self, question: QuestionId, attachment: Attachment, enclosed: Enclosed) -> None:
        self._add(question, attachment, Copy.PLAIN, enclosed.name, enclosed.media_type, enclosed.content)
        if enclosed.blurred:
            self._add(question, attachment, Copy.BLURRED, f"{_stem(enclosed.name)}.png", _BLURRED_AS, enclosed.blurred)

    def remove_files(self, question: QuestionId, message: int) -> int:
        return int(self.sql.remove_files(self.connection, question=question, message=message))

    def files_of(self, question: QuestionId) -> tuple[StoredFile, ...]:
        return tuple(map(read_file, self.sql.files_of(self.connection, question=question)))

    def file(self, file: FileId) -> StoredFile | None:
        row = self.sql.file(self.connection, file=file)
        return read_file(row) if row else None

    def file_content(self, file: FileId) -> bytes | None:
        content: bytes | None = self.sql.file_content(self.connection, file=file)
        return content

    def _add(
        self, question: QuestionId, attachment: Attachment, copy: Copy, name: str, media_type: str, content: bytes
    ) -> None:
        self.sql.add_file(
            self.connection,
            file=self.sql.next_value(self.connection, counter="file"),  # an id is never used again
            question=question,
            number=attachment.number,
            message=attachment.message,
            copy=copy.value,
            name=name,
            media_type=media_type,
            size_bytes=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            content=content,
        )


def read_file(row: Sequence[Any]) -> StoredFile:
    number, question, place, message, copy, name, media_type, size_bytes, digest = row
    return StoredFile(
        id=FileId(number),
        question=QuestionId(question),
        number=place,
        message=message,
        copy=Copy(copy),
        name=name,
        media_type=media_type,
        size_bytes=size_bytes,
        digest=digest,
    )


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
