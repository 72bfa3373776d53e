"""Calls Slack's Web API, each request once, and says honestly what became of it."""

import json
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.pace import Pace
from bot.ports import Blocked, Busy, Unknown

TOKEN, APP_TOKEN = "slack-token", "slack-socket"  # whose token it is that Slack refuses
AWAY_SECONDS: Final = 2.0  # nobody answered: nothing was sent
CONNECTIONS: Final = 64
TIMEOUT_SECONDS: Final = 15.0

# Slack's own words for "we do not know how far it got".
UNCLEAR: Final = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
TOKEN_TROUBLE: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "no_permission"}
)

# Everything the SDK has to say is said by us, once, in sentences.
quiet: Final = logging.getLogger("guildhall.slack.sdk")
quiet.addHandler(logging.NullHandler())
quiet.propagate = False
quiet.setLevel(logging.CRITICAL + 1)


class Refused(Exception):
    """Slack answered, and would not do it: `error` is its word for why, `needed` a scope that is missing."""

    def __init__(self, method: str, error: str, needed: str = "") -> None:
        super().__init__(f"{method}: {error}")
        self.method = method
        self.error = error
        self.needed = needed


class Calls:
    """The Web API of one workspace. `url` ends in a slash; use it inside `async with`."""

    def __init__(
        self, *, token: str, url: str, pace: Pace | None = None, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self.token = token
        self.pace = pace or Pace()
        self._url = url
        self._timeout = timeout_seconds
        self.on_refused: Callable[[str], None] = lambda error: None  # the bot's token is no longer good
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    async def __aenter__(self) -> Self:
        self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def client(self) -> AsyncWebClient:
        """The library's client: no retries of its own, for a post whose answer was lost must not be posted again."""
        return self._open()

    @property
    def session(self) -> aiohttp.ClientSession:
        self._open()
        assert self._session is not None
        return self._session

    def _open(self) -> AsyncWebClient:
        if self._client is None or self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            )
            self._client = AsyncWebClient(
                token=self.token, base_url=self._url, session=self._session, retry_handlers=[], logger=quiet
            )
        return self._client

    async def call(self, method: str, *, token: str = "", **params: Any) -> dict[str, Any]:
        """Slack's answer. Raises Refused, or Busy, Unknown or Blocked as a platform's trouble."""
        channel = str(params.get("channel", ""))
        await self.pace.turn(method, channel)
        sent = {name: _flat(value) for name, value in params.items() if value is not None}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            answer = await self.client.api_call(method, data=sent, headers=headers)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as trouble:
            raise Busy(AWAY_SECONDS) from trouble
        except SlackApiError as refusal:
            raise self._trouble(method, channel, refusal, own=not token) from None
        except (aiohttp.ClientError, TimeoutError, SlackClientError, ValueError) as trouble:
            raise Unknown(type(trouble).__name__) from trouble
        assert isinstance(answer.data, dict)
        return answer.data

    def _trouble(self, method: str, channel: str, refusal: SlackApiError, *, own: bool) -> Exception:
        answer = refusal.response
        if not isinstance(answer, AsyncSlackResponse):  # the answer broke off, and the library gives what it has
            return Unknown("answer not readable")
        said = answer.data if isinstance(answer.data, dict) else {}
        error = str(said.get("error", ""))
        if answer.status_code == 429 or error in ("ratelimited", "rate_limited"):
            seconds = _seconds(answer.headers)
            self.pace.shut(method, channel, seconds)
            return Busy(seconds)
        if answer.status_code >= 500 or error in UNCLEAR or not error:
            return Unknown(error or f"status {answer.status_code}")
        if error in TOKEN_TROUBLE:
            if own:
                self.on_refused(error)
            return Blocked(TOKEN if own else APP_TOKEN, f"Slack says {error}. Run `guildhall doctor slack`.")
        return Refused(method, error, str(said.get("needed", "")))


def _flat(value: Any) -> Any:
    """Slack's forms take lists and objects as JSON text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | tuple) else value


def _seconds(headers: Any) -> float:
    found = {str(name).lower(): value for name, value in dict(headers).items()}
    try:
        return float(found.get("retry-after", AWAY_SECONDS))
    except (TypeError, ValueError):
        return AWAY_SECONDS
