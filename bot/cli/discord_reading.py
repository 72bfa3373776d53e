"""Reads what Discord says of the bot and its servers, each request once, and puts trouble into sentences."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
import discord

from bot.config import DiscordBotSettings
from bot.config.discord import OFFICIAL_API, TOKEN, TOKEN_AT

TIMEOUT_SECONDS: Final = 10
HELLO: Final = 10  # the gateway's first word
# The same as the library's, which speaks for us otherwise: Discord asks for the form, and sees one client.
_USER_AGENT: Final = f"DiscordBot (https://github.com/Rapptz/discord.py {discord.__version__})"
_LOOK_AGAIN: Final = "Look again in a minute; discordstatus.com tells of trouble at Discord. Look at api_url, too."
_WAY_OUT: Final = "Look at {0}, and at this machine's way out: name service, firewall, proxy."

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_GUILD: Final = 10004
UNKNOWN_MEMBER: Final = 10007
MISSING_ACCESS: Final = 50001


class Wrong(Exception):
    """What was asked cannot be had. `code` is Discord's number for why when it answered with one."""

    def __init__(self, sentence: str, cure: str, code: int = 0) -> None:
        super().__init__(sentence)
        self.sentence, self.cure, self.code = sentence, cure, code


class Reader:
    """Discord's HTTP API as one bot may read it. `clock` is the time of Discord's last answer, in seconds UTC."""

    def __init__(self, settings: DiscordBotSettings, session: aiohttp.ClientSession) -> None:
        self.settings = settings
        self.clock: float | None = None
        self._session = session

    async def one(self, path: str, *, has: str = "id") -> Mapping[str, Any]:
        """What Discord says of one thing. Raises Wrong."""
        body = await self._get(path)
        if not isinstance(body, dict) or has not in body:
            raise Wrong(f"{self.settings.api_url} does not answer as Discord does.", _LOOK_AGAIN)
        return body

    async def several(self, path: str) -> Sequence[Mapping[str, Any]]:
        """What it says of several. Raises Wrong."""
        body = await self._get(path)
        if not isinstance(body, list) or not all(isinstance(each, dict) for each in body):
            raise Wrong(f"{self.settings.api_url} does not answer as Discord does.", _LOOK_AGAIN)
        return body

    async def listen(self) -> None:
        """Opens the gateway until it says hello, without signing in: events should not come here. Raises Wrong."""
        url = self.settings.gateway_url
        spoken = {"v": "10", "encoding": "json"}
        try:
            async with self._session.ws_connect(url, params=spoken, max_msg_size=0) as socket:
                said = await socket.receive_json(timeout=TIMEOUT_SECONDS)
        except (aiohttp.ClientError, TimeoutError, OSError, TypeError, ValueError) as trouble:
            why = str(trouble) or type(trouble).__name__
            cure = (
                f"Let WebSockets through: this machine's firewall or proxy stops them. {_WAY_OUT.format('gateway_url')}"
            )
            raise Wrong(f"The gateway {url} does not open: {why}.", cure) from None
        if not isinstance(said, dict) or said.get("op") != HELLO:
            raise Wrong(f"{url} does not answer as Discord's gateway does.", "Correct gateway_url, or leave it out.")

    async def _get(self, path: str) -> Any:
        url, headers = self.settings.api_url, {"Authorization": f"Bot {self.settings.token}"}
        try:
            async with self._session.get(f"{url}{path}", headers=headers, allow_redirects=False) as response:
                self._see_clock(response.headers.get("Date", ""))
                if response.status == 429:
                    raise Wrong("Discord asks for patience.", "Look again in a few minutes.")
                if response.status >= 500:
                    raise Wrong(f"Discord has trouble of its own (status {response.status}).", _LOOK_AGAIN)
                body = await response.json()
        except TimeoutError:
            cure = _WAY_OUT.format("api_url")
            raise Wrong(f"{url} has not answered for {TIMEOUT_SECONDS} seconds.", cure) from None
        except (aiohttp.ContentTypeError, ValueError):
            raise Wrong(f"{url} does not answer as Discord does.", _LOOK_AGAIN) from None
        except (aiohttp.ClientError, OSError) as trouble:
            why = str(trouble) or type(trouble).__name__
            raise Wrong(f"{url} cannot be reached: {why}.", _WAY_OUT.format("api_url")) from None
        if response.status == 200:
            return body
        raise _refused(response.status, body, url)

    def _see_clock(self, date: str) -> None:
        try:
            self.clock = parsedate_to_datetime(date).timestamp()
        except ValueError:
            self.clock = None


@asynccontextmanager
async def reading(settings: DiscordBotSettings) -> AsyncIterator[Reader]:
    """A reader for as long as it is needed."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": _USER_AGENT}) as session:
        yield Reader(settings, session)


def _refused(status: int, body: object, url: str) -> Wrong:
    """What an answer means that is not what was asked for."""
    said: Mapping[str, Any] = body if isinstance(body, dict) else {}
    if status == 401:
        cure = f"Reset it and set {TOKEN} anew: {TOKEN_AT}."
        return Wrong("Discord does not know the token: it was reset, or belongs to nobody.", cure)
    code, message = said.get("code"), str(said.get("message") or "")
    if not isinstance(code, int) or not message:
        return Wrong(f"{url} does not answer as Discord does (status {status}).", _LOOK_AGAIN)
    if status == 404 and not code:
        usual = f"Leave api_url out, or set it to {OFFICIAL_API}." if url != OFFICIAL_API else _LOOK_AGAIN
        return Wrong(f"{url} knows no such address.", usual)
    return Wrong(f"Discord says: {message.rstrip('.')} ({code}).", _LOOK_AGAIN, code)
