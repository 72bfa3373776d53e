"""Calls Discord's HTTP API, each request once, and says honestly what became of it."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final

import aiohttp
import discord
from discord.http import Route

from bot.ports import Blocked, Busy, PlatformTrouble, Unknown

TOKEN: Final = "discord-token"
AWAY_SECONDS: Final = 2.0  # nobody answered: nothing was sent
LONGEST_WAIT_SECONDS: Final = 30.0  # for a limit, inside a call; the least that the library takes
TIMEOUT_SECONDS: Final = 15.0
# Discord shuts out whoever sends 10,000 requests in ten minutes that end in 401, 403 or 429:
# docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
INVALID_MAX: Final = 1_000
INVALID_WITHIN_SECONDS: Final = 600.0

# What the library has to say is said by us, once, in sentences.
for name in ("discord.client", "discord.http", "discord.gateway", "discord.webhook.async_", "discord.state"):
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)

Json = dict[str, Any]


class Refused(Exception):
    """Discord answered, and would not do it: `code` is its own number for why (10008), `status` that of HTTP."""

    def __init__(self, what: str, code: int, status: int, said: str = "") -> None:
        super().__init__(f"{what}: {code} {said}".strip())
        self.what = what
        self.code = code
        self.status = status
        self.said = said


class Unclear(Exception):
    """An answer that says nothing about whether it was done. Raised inside the library, which would try again."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")


@dataclass(slots=True)
class _Try:
    """One call: its time runs while the request is under way, and not while it waits for its turn."""

    timeout: asyncio.Timeout
    seconds: float
    sent: bool = False

    def begins(self) -> None:
        self.sent = True
        self.timeout.reschedule(asyncio.get_running_loop().time() + self.seconds)

    def ends(self) -> None:
        self.timeout.reschedule(None)


_try: ContextVar[_Try] = ContextVar("_try")


class Calls:
    """The HTTP API as one bot. `client` is the library's, once it is signed in; it keeps to the limits that Discord
    tells of. `on_refused` is told when the bot's token is no longer good."""

    def __init__(self, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.client: discord.Client | None = None
        self.on_refused: Callable[[], None] = lambda: None
        self._timeout_seconds = timeout_seconds
        self._invalid: deque[float] = deque()
        self._not_before = 0.0  # by the same clock: when anything at all may be sent again

    @property
    def trace(self) -> aiohttp.TraceConfig:
        """What the library's client has to be made with, so that no request is sent a second time."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._begins)
        trace.on_request_end.append(self._ends)
        return trace

    async def call(
        self,
        method: str,
        path: str,
        *,
        json: Json | list[Json] | None = None,
        query: Mapping[str, str | int] | None = None,
        files: Iterable[tuple[str, bytes]] = (),
        **ids: str,
    ) -> Any:
        """Discord's answer. `path` as in `/channels/{channel_id}/messages`, with `ids` for its braces.

        Raises Refused, or Busy, Unknown or Blocked as a platform's trouble.
        """
        client, what = self.client, f"{method} {path}"
        if client is None:
            raise Busy(AWAY_SECONDS)
        self._check_invalid()
        named = [discord.File(BytesIO(content), filename=name) for name, content in files]
        sent: dict[str, Any] = {"form": _form(json, named), "files": named} if named else {}
        if json is not None and not named:
            sent["json"] = json
        if query:
            sent["params"] = {name: str(value) for name, value in query.items()}
        timeout = asyncio.timeout(None)
        this = _Try(timeout, self._timeout_seconds)
        turn = _try.set(this)
        try:
            async with timeout:
                return await client.http.request(Route(method, path, **ids), **sent)
        except discord.RateLimited as busy:
            raise Busy(busy.retry_after) from None
        except discord.HTTPException as refusal:
            raise self._trouble(what, refusal) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as trouble:
            raise Busy(AWAY_SECONDS) from trouble
        except TimeoutError as trouble:
            raise (Unknown("timeout") if this.sent else Busy(AWAY_SECONDS)) from trouble
        except (Unclear, aiohttp.ClientError, OSError, LookupError, ValueError, RuntimeError) as trouble:
            raise Unknown(type(trouble).__name__) from trouble
        finally:
            _try.reset(turn)  # the library's own requests are none of ours

    async def _begins(self, session: Any, context: SimpleNamespace, request: Any) -> None:
        """The library holds back what begins after a limit on everything, and not what waits to be sent again."""
        while (left := self._not_before - time.monotonic()) > 0:
            if left > LONGEST_WAIT_SECONDS:
                raise Busy(left)
            await asyncio.sleep(left)
        this = _try.get(None)
        if this is not None:
            this.begins()

    async def _ends(self, session: Any, context: SimpleNamespace, request: aiohttp.TraceRequestEndParams) -> None:
        this, answer = _try.get(None), request.response
        if this is not None:
            this.ends()
        shared = answer.headers.get("X-RateLimit-Scope") == "shared"
        if answer.status in (401, 403) or (answer.status == 429 and not shared):
            self._invalid.append(time.monotonic())
        # Without a Via it is not Discord that says so, but Cloudflare in front of it, and about everything.
        if answer.status == 429 and ("X-RateLimit-Global" in answer.headers or "Via" not in answer.headers):
            until = time.monotonic() + _seconds(answer.headers.get("Retry-After"))
            self._not_before = max(self._not_before, until)
        if answer.status >= 500:
            answer.close()
            raise Unclear(answer.status)

    def _check_invalid(self) -> None:
        """Raises Busy while too much of what we sent was refused: much more of it would shut out this address."""
        since = time.monotonic() - INVALID_WITHIN_SECONDS
        while self._invalid and self._invalid[0] < since:
            self._invalid.popleft()
        if len(self._invalid) >= INVALID_MAX:
            raise Busy(self._invalid[0] - since)

    def _trouble(self, what: str, refusal: discord.HTTPException) -> PlatformTrouble | Refused:
        if refusal.status == 429:
            return Busy(_seconds(refusal.response.headers.get("Retry-After")))
        if refusal.status >= 500:
            return Unknown(f"status {refusal.status}")
        if refusal.status == 401:
            self.on_refused()
            return Blocked(TOKEN, "Discord refuses the bot's token. Run `guildhall doctor discord`.")
        return Refused(what, refusal.code, refusal.status, refusal.text)


def _form(json: Json | list[Json] | None, files: list[discord.File]) -> list[dict[str, Any]]:
    """The parts of a request with files, as the library takes them."""
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": discord.utils._to_json(json)}]
    for place, each in enumerate(files):
        parts.append(
            {
                "name": f"files[{place}]",
                "value": each.fp,
                "filename": each.filename,
                "content_type": "application/octet-stream",
            }
        )
    return parts


def _seconds(said: str | None) -> float:
    try:
        return float(said or AWAY_SECONDS)
    except ValueError:
        return AWAY_SECONDS
