"""Files over HTTP: as a form brings them, and as a browser may have them without being able to run anything in them."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import File
from starlette.datastructures import UploadFile
from starlette.responses import Response

from adapters.web.signing import fingerprint
from bot.model import StoredFile
from bot.model.files import is_picture
from bot.policy import Policy
from bot.ports import Upload

# A form's file entry. Left empty, it comes as a text without a name.
Files = Annotated[Sequence[Any], File()]
# What a browser's own window for choosing files shows first; what a file is, is decided by its bytes.
ACCEPTED: Final = "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain,.log,.csv,.json"
_NOTHING_RUNS: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


async def uploads_of(files: Sequence[object], policy: Policy) -> tuple[Upload, ...]:
    """What came in a form's file entry; an entry that was left empty is nothing, and what is too large stays unread."""
    found = []
    for file in files:
        size = (file.size or 0) if isinstance(file, UploadFile) else 0
        if not isinstance(file, UploadFile) or not (file.filename or size):
            continue
        content = b"" if size > policy.file_bytes_max else await file.read()
        found.append(Upload(name=file.filename or "", content=content, size_bytes=size))
    return tuple(found)


def prints_of(uploads: Sequence[Upload]) -> tuple[str, ...]:
    """What tells one form from another: the same files again are the same form again."""
    return tuple(
        fingerprint(each.name, str(each.size_bytes), hashlib.sha256(each.content).hexdigest()) for each in uploads
    )


def file_response(file: StoredFile, content: bytes) -> Response:
    """Pictures to look at, everything else to be saved; nothing of it is kept by anything in between."""
    kind = "inline" if is_picture(file.media_type) else "attachment"
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in file.name)
    headers = {
        "content-disposition": f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": _NOTHING_RUNS,
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    text = file.media_type.startswith("text/")
    return Response(
        content, media_type=f"{file.media_type}; charset=utf-8" if text else file.media_type, headers=headers
    )


def size_text(size_bytes: int) -> str:
    """`120 kB`, `2.4 MB`."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1_000))} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
