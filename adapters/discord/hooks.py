"""Answers acts by the token that came with each: the acknowledgement, its edits, and what follows. Needs no bot token,
and shares no limit with the rest, so that an acknowledgement never waits behind a post."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import structlog

from adapters.discord.acts import EPHEMERAL, Act
from adapters.discord.calling import Refused
from adapters.discord.messages import Message
from bot.ports import Busy, Unknown

SAID, SAID_LATER, LATER, CHOICES, OPENS = 4, 5, 6, 8, 9  # what a callback can be
ARRIVED: Final = 40060  # this act was acknowledged already
TIMEOUT_SECONDS: Final = 10.0
CONNECTIONS: Final = 64
ANSWERED_MAX: Final = 1_000

log = structlog.get_logger(__name__)


class Hooks:
    """`api_url` has no slash at its end; `application` is the app's id, known once it is signed in."""

    def __init__(self, *, api_url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.application = ""
        self._url = api_url
        self._timeout = timeout_seconds
        self._session: aiohttp.ClientSession | None = None
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._rivalled = False

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def answer(
        self, act: Act, kind: int, said: Mapping[str, Any] | None = None, *, message: Message | None = None
    ) -> None:
        """The acknowledgement. One whose outcome is unknown is tried once more: Discord takes only one.

        Raises Refused (10062 when it came too late), Busy or Unknown.
        """
        body: dict[str, Any] = {"type": kind}
        if message is not None:
            body["data"] = alone(message)
        elif said is not None:
            body["data"] = dict(said)
        path = f"/interactions/{act.id}/{act.token}/callback"
        files = message.files if message is not None else ()
        new = self._is_new(act)
        try:
            await self._send("POST", path, body, files)
        except Unknown:
            await self._again(path, body, files)
        except Refused as refusal:
            if refusal.code != ARRIVED:
                raise
            if new and not self._rivalled:
                self._rivalled = True
                log.error("another program answers with this bot's token", cure="Give each installation its own bot.")

    def _is_new(self, act: Act) -> bool:
        """Whether nothing of ours can have been the first answer."""
        new = act.id not in self._answered
        self._answered[act.id] = None
        while len(self._answered) > ANSWERED_MAX:
            self._answered.popitem(last=False)
        return new

    async def _again(self, path: str, body: dict[str, Any], files: tuple[tuple[str, bytes], ...]) -> None:
        try:
            await self._send("POST", path, body, files)
        except Refused as refusal:
            if refusal.code != ARRIVED:
                raise

    async def edit(self, act: Act, message: Message) -> None:
        """What the acknowledgement made, or the message under which it was done."""
        path = f"/webhooks/{self.application}/{act.token}/messages/@original"
        body = message.body(edit=True) | {"flags": message.body()["flags"]}
        await self._send("PATCH", path, body, message.files)

    async def follow(self, act: Act, message: Message) -> None:
        """A further message for the one who acted alone."""
        await self._send("POST", f"/webhooks/{self.application}/{act.token}", alone(message), message.files)

    async def _send(self, method: str, path: str, body: dict[str, Any], files: tuple[tuple[str, bytes], ...]) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
        sent: dict[str, Any] = {"data": _form(body, files)} if files else {"json": body}
        timeout = aiohttp.ClientTimeout(total=self._timeout)
        try:
            async with self._session.request(method, self._url + path, timeout=timeout, **sent) as answer:
                if answer.status < 300:
                    return
                if answer.status == 429:
                    raise Busy(float(answer.headers.get("Retry-After", 1)))
                if answer.status >= 500:
                    raise Unknown(f"status {answer.status}")
                said = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as trouble:
            raise Unknown(type(trouble).__name__) from trouble
        told = said if isinstance(said, dict) else {}
        raise Refused(method, int(told.get("code") or 0), answer.status, str(told.get("message", "")))


def alone(message: Message) -> dict[str, Any]:
    """The message for one person's eyes."""
    body = dict(message.body())
    return body | {"flags": int(body["flags"]) | EPHEMERAL}


def _form(body: dict[str, Any], files: tuple[tuple[str, bytes], ...]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for place, (name, content) in enumerate(files):
        form.add_field(f"files[{place}]", content, filename=name, content_type="application/octet-stream")
    return form
