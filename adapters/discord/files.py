"""Files on Discord: fetched as they arrive, for their addresses end."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import structlog
from discord.http import Route

from adapters.discord.calling import Calls
from bot.ports import Upload

log = structlog.get_logger(__name__)

FETCH_SECONDS: Final = 60.0
CHUNK_BYTES: Final = 65_536


async def fetched(calls: Calls, attachments: Sequence[Mapping[str, Any]], *, bytes_max: int) -> tuple[Upload, ...]:
    """The files of a message, at once: their addresses end within a day. One that is too large, or that Discord does
    not hand out, comes with its size alone."""
    if not attachments:
        return ()
    # A session of its own: the addresses carry their own signature, and the bot's token is nobody else's business.
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        return tuple([await _fetched(session, each, bytes_max) for each in attachments])


async def _fetched(session: aiohttp.ClientSession, attachment: Mapping[str, Any], bytes_max: int) -> Upload:
    name, size = _name_of(attachment), int(attachment.get("size") or 0)
    address = str(attachment.get("url") or "")
    if size > bytes_max or not _is_theirs(address):
        return Upload(name=name, size_bytes=max(size, 1))
    content = await _downloaded(session, address, bytes_max)
    return Upload(name=name, content=content or b"", size_bytes=len(content) if content else max(size, 1))


def _name_of(attachment: Mapping[str, Any]) -> str:
    """As its owner called it: Discord keeps signs that it does not like in file names in `title`, without the end."""
    name, title = str(attachment.get("filename") or "file"), str(attachment.get("title") or "")
    return f"{title}{PurePosixPath(name).suffix}" if title else name


def _is_theirs(address: str) -> bool:
    """Over https, or from wherever the API that we talk to lives."""
    try:
        there, own = urlsplit(address), urlsplit(Route.BASE)
    except ValueError:
        return False
    return there.scheme == "https" or (there.scheme, there.netloc) == (own.scheme, own.netloc)


async def _downloaded(session: aiohttp.ClientSession, address: str, bytes_max: int) -> bytes | None:
    """None when it is larger than it said, or is not there."""
    try:
        async with session.get(address, allow_redirects=False) as answer:
            if answer.status != 200:
                log.warning("file not fetched", status=answer.status)
                return None
            content = bytearray()
            async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
                content += chunk
                if len(content) > bytes_max:
                    return None
            return bytes(content)
    except (aiohttp.ClientError, TimeoutError, ValueError) as trouble:
        log.warning("file not fetched", trouble=type(trouble).__name__)
        return None
