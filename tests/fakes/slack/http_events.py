"""Signed requests to the app's own address, as Slack sends them when Socket Mode is off."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import aiohttp

from .clock import within
from .state import Json

if TYPE_CHECKING:
    from .workspace import Workspace

ACK_S: Final = 3.0


@dataclass(slots=True, kw_only=True)
class Posted:
    """`why` is Slack's retry reason when not `ok`."""

    ok: bool
    payload: Json | None = None
    why: str = ""
    no_retry: bool = False


async def post_event(workspace: "Workspace", body: Json, attempt: int, reason: str) -> Posted:
    headers = {"Content-Type": "application/json"}
    if attempt:
        headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
    return await post(workspace, json.dumps(body), headers)


async def post_interaction(workspace: "Workspace", kind: str, payload: Json) -> Posted:
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return await post(workspace, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})


async def verify_url(workspace: "Workspace") -> None:
    challenge = workspace.slack.mint("challenge")
    asked = {"type": "url_verification", "token": "verification-token", "challenge": challenge}
    posted = await post_event(workspace, asked, 0, "")
    answer = (posted.payload or {}).get("challenge") or (posted.payload or {}).get("text")
    assert answer == challenge, f"the request URL did not answer the challenge: {posted}"


async def post(workspace: "Workspace", body: str, headers: dict[str, str]) -> Posted:
    """One request, answered with a 2xx within 3 s or failed."""
    sending = asyncio.ensure_future(exchange(workspace, body, headers | signed(workspace.signing_secret, body)))
    posted = await within(workspace.slack.clock, sending, ACK_S)
    if posted is None:
        # The client may go on working; Slack has stopped listening.
        workspace.slack.abandoned.add(sending)
        sending.add_done_callback(workspace.slack.abandoned.discard)
        return Posted(ok=False, why="http_timeout")
    return posted


async def exchange(workspace: "Workspace", body: str, headers: dict[str, str]) -> Posted:
    try:
        async with workspace.slack.http.post(
            workspace.request_url, data=body.encode(), headers=headers, allow_redirects=False
        ) as answer:
            text = await answer.text()
            if not 200 <= answer.status < 300:
                return Posted(ok=False, why="http_error", no_retry=answer.headers.get("X-Slack-No-Retry") == "1")
            return Posted(ok=True, payload=payload_of(text, answer.content_type))
    except (aiohttp.ClientError, OSError):
        return Posted(ok=False, why="connection_failed")


def payload_of(text: str, content_type: str) -> Json | None:
    if not text:
        return None
    if content_type != "application/json":
        return {"text": text}
    found = json.loads(text)
    return found if isinstance(found, dict) and found else None


def signed(secret: str, body: str) -> dict[str, str]:
    """docs.slack.dev/authentication/verifying-requests-from-slack. Real time: the receiver compares with its own."""
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
