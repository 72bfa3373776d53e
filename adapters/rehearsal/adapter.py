"""The rehearsal chat server as a platform: sends every request once and says honestly what became of it."""

import asyncio
import time
from typing import Final, NoReturn

import httpx
import structlog

from adapters.rehearsal.native import bubble_of, form_of
from adapters.rehearsal.wire import Aside, Edit, Event, NewMessage, Shown, Tag
from bot.card import Card, Form
from bot.model import Identity, Place, Post, PostKind, QuestionId, Ref, direct_place
from bot.ports import Asked, Blocked, Busy, Gone, Hear, Heard, Reply, Unknown, Wrote

COMMAND_SIGN: Final = "!"
CONNECTIONS: Final = 32
AWAY_SECONDS: Final = 2.0  # nobody answered the telephone: nothing was sent
NAP_SECONDS: Final = 0.2
NAP_SECONDS_MAX: Final = 5.0

log = structlog.get_logger(__name__)


class Rehearsal:
    """The adapter of places such as `rehearsal:billing` and `rehearsal:@ann`, on one server at `url`.

    What people type is theirs unless it begins with `!`. `timeout_seconds` is how long one request may take;
    `wait_seconds` how long the server may keep a question for news open.
    """

    name = "rehearsal"

    def __init__(self, url: str, *, timeout_seconds: float = 10.0, wait_seconds: float = 20.0) -> None:
        self._timeout = timeout_seconds
        self._wait = wait_seconds
        self._http = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(timeout_seconds, pool=None),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            trust_env=False,
        )
        self._news = httpx.AsyncClient(base_url=url, timeout=wait_seconds + timeout_seconds, trust_env=False)

    async def close(self) -> None:
        await self._http.aclose()
        await self._news.aclose()

    # Listening

    async def run(self, hear: Hear) -> None:
        """An event is acknowledged after it was heard, so one that a crash interrupted comes again."""
        nap = NAP_SECONDS
        while True:
            try:
                answer = await self._news.get("/events", params={"wait": self._wait})
                answer.raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(nap)
                nap = min(nap * 2, NAP_SECONDS_MAX)
                continue
            nap = NAP_SECONDS
            events = [Event.model_validate(each) for each in answer.json()]
            heard = [await self._hear(hear, each) for each in events]
            if not all(heard):
                await asyncio.sleep(NAP_SECONDS)

    async def _hear(self, hear: Hear, event: Event) -> bool:
        """False when it could not be taken in, and so has to come again."""
        said = heard(event)
        try:
            reply = await hear(said) if said is not None else None
        except Exception:
            log.exception("event not taken in", platform=self.name, key=said.key if said else event.id)
            return False
        try:
            await self._request("POST", f"/events/{event.id}/ack", aside_of(reply))
        except (Busy, Unknown):
            return False
        return True

    # Showing

    async def put(self, post: Post, card: Card) -> Ref:
        channel, bubble, tag = channel_of(post.notice.recipient), bubble_of(card), tag_of(post)
        if post.ref is None:
            new = NewMessage(channel=channel, thread=post.parent_ref, bubble=bubble, tag=tag)
            answer = await self._request("POST", "/messages", new)
            if answer.status_code != 200:
                _refused(answer)
            return Ref(Shown.model_validate(answer.json()).id)
        answer = await self._request("PUT", f"/messages/{post.ref}", Edit(bubble=bubble, tag=tag))
        taken_away = error_of(answer) == "no-message" and post.notice.kind is PostKind.LINE
        if answer.status_code != 200 and not taken_away:  # a line that somebody took away needs no edit
            _refused(answer)
        return post.ref

    async def find(self, post: Post) -> Ref | None:
        where = {"channel": channel_of(post.notice.recipient), "key": post.key}
        answer = await self._request("GET", "/messages", params=where)
        if answer.status_code != 200:
            _refused(answer)
        found = [Shown.model_validate(each) for each in answer.json()]
        return Ref(found[0].id) if found else None

    async def remove(self, post: Post) -> None:
        if post.ref is None:
            return
        answer = await self._request("DELETE", f"/messages/{post.ref}")
        if answer.status_code not in (204, 404):
            _refused(answer)

    async def _request(
        self,
        method: str,
        path: str,
        body: NewMessage | Edit | Aside | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        """One request, sent once. Raises Busy when it surely was not applied, Unknown when it may have been."""
        headers = {"X-Sent-At": str(time.time_ns() // 1_000_000)}
        content = body.model_dump_json() if body is not None else None
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = await self._http.request(method, path, content=content, params=params, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as trouble:
            raise Busy(AWAY_SECONDS) from trouble
        except httpx.TransportError as trouble:
            raise Unknown(type(trouble).__name__) from trouble
        if answer.status_code == 429:
            raise Busy(float(answer.headers.get("Retry-After", AWAY_SECONDS)))
        if answer.status_code >= 500:
            raise Unknown(f"status {answer.status_code}")
        return answer


def heard(event: Event) -> Heard | Asked | Wrote | None:
    """What an event means to the core; None for talk, which stays where it was said."""
    what, key = event.what, f"rehearsal/{event.id}"
    who = Identity(platform="rehearsal", workspace="", external=what.person)
    question = QuestionId(what.tag.question) if what.tag and what.tag.question is not None else None
    if what.kind == "ask":
        origin = direct_place("rehearsal", what.person)
        return Asked(key=key, who=who, text=what.text, origin=origin, name=what.name, category=what.category)
    if what.kind == "reply":
        return Wrote(key=key, who=who, question=question, text=what.text) if question is not None else None
    if what.kind == "type" and not what.text.startswith(COMMAND_SIGN):
        return None
    return Heard(
        key=key,
        who=who,
        sentence=what.text.removeprefix(COMMAND_SIGN).strip() if what.kind == "type" else what.text,
        name=what.name,
        question=question,
        place=direct_place("rehearsal", what.person),
        values=what.values,
    )


def aside_of(reply: Reply | Form | None) -> Aside:
    match reply:
        case Reply(card=card):
            return Aside(bubble=bubble_of(card))
        case Form():
            return Aside(form=form_of(reply))
        case None:
            return Aside()


def tag_of(post: Post) -> Tag:
    notice = post.notice
    return Tag(
        key=post.key,
        slot=notice.slot,
        about=notice.about,
        revision=post.revision,
        question=notice.question,
        number=notice.message,
    )


def channel_of(place: Place) -> str:
    return place.partition(":")[2]


def error_of(answer: httpx.Response) -> str:
    found = answer.json()
    return str(found.get("error", "")) if isinstance(found, dict) else ""


def _refused(answer: httpx.Response) -> NoReturn:
    """Raises what an answer in the four hundreds means."""
    match answer.status_code, error_of(answer):
        case 404, "no-channel":
            raise Gone("channel")
        case 404, _:
            raise Gone("thread")
        case 403, _:
            raise Blocked("not-allowed", "Open the channel to programs again.")
        case status, _:
            raise Blocked("rejected", f"The server answered {status}; this is a mistake in the adapter.")
