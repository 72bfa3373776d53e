"""Files on Slack: fetched as they arrive, handed over with the upload flow of two calls and one transfer."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

import aiohttp
import structlog

from adapters.slack.calling import Calls, Refused
from bot.card import Attached
from bot.ports import Busy, PlatformTrouble, Unknown, Upload

log = structlog.get_logger(__name__)

FETCH_SECONDS: Final = 60.0
CHUNK_BYTES: Final = 65_536


async def fetched(calls: Calls, files: Sequence[Mapping[str, Any]], *, bytes_max: int) -> tuple[Upload, ...]:
    """The files of a message. One that is too large, or that Slack does not hand out, comes with its size alone."""
    return tuple([await _fetched(calls, each, bytes_max) for each in files if each.get("mode") != "tombstone"])


async def _fetched(calls: Calls, file: Mapping[str, Any], bytes_max: int) -> Upload:
    if file.get("file_access") == "check_file_info":  # Slack Connect sends the id alone
        try:
            file = (await calls.call("files.info", file=file["id"]))["file"]
        except (Refused, PlatformTrouble) as trouble:
            log.warning("file not fetched", trouble=str(trouble))
    name, size = str(file.get("name") or "file"), int(file.get("size") or 0)
    address = file.get("url_private_download") or file.get("url_private")
    if not address or size > bytes_max or file.get("is_external"):
        return Upload(name=name, size_bytes=max(size, 1))
    content = await _download(calls, str(address), bytes_max)
    return Upload(name=name, content=content or b"", size_bytes=len(content) if content else max(size, 1))


async def _download(calls: Calls, address: str, bytes_max: int) -> bytes | None:
    """None when it is larger than it said, or is a page for signing in instead of the file."""
    headers = {"Authorization": f"Bearer {calls.token}"}
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    try:
        async with calls.session.get(address, headers=headers, timeout=timeout, allow_redirects=False) as answer:
            if answer.status != 200:
                log.warning("file not fetched", status=answer.status)
                return None
            content = bytearray()
            async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
                content += chunk
                if len(content) > bytes_max:
                    return None
            return bytes(content)
    except (aiohttp.ClientError, TimeoutError) as trouble:
        log.warning("file not fetched", trouble=type(trouble).__name__)
        return None


def name_with_key(name: str, key: str) -> str:
    """`photo-g12.png`: so that a file whose answer was lost can be found again."""
    path = PurePosixPath(name)
    return f"{path.stem[:80] or 'file'}-{key}{path.suffix[:10]}"


async def handed_over(
    calls: Calls, content: bytes, name: str, *, channel: str, thread: str = "", comment: str = ""
) -> str:
    """Puts the file into the channel or thread, and gives its id. Raises Refused or a platform's trouble."""
    start = await calls.call("files.getUploadURLExternal", filename=name, length=len(content))
    await _transfer(calls, str(start["upload_url"]), content)
    await calls.pace.turn("chat.postMessage", channel)
    await calls.call(
        "files.completeUploadExternal",
        files=[{"id": start["file_id"], "title": name}],
        channel_id=channel,
        thread_ts=thread or None,
        initial_comment=comment or None,
    )
    return str(start["file_id"])


async def _transfer(calls: Calls, address: str, content: bytes) -> None:
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    try:
        async with calls.session.post(address, data=content, timeout=timeout) as answer:
            if answer.status != 200:
                raise Unknown(f"upload status {answer.status}")
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as trouble:
        raise Busy(2.0) from trouble
    except (aiohttp.ClientError, TimeoutError) as trouble:
        raise Unknown(type(trouble).__name__) from trouble


def is_shown(file: Mapping[str, Any], key: str) -> bool:
    """Whether this file of a message is the one that was handed over under that key."""
    stem = PurePosixPath(str(file.get("name") or file.get("title") or "")).stem
    return stem.endswith(f"-{key}")


def describes(attached: Attached) -> str:
    """What a file is, in a few words, for whoever cannot see it."""
    return f"{attached.name} ({max(1, attached.size_bytes // 1024)} KB)"
