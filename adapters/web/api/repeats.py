"""`Idempotency-Key` as Stripe means it: the same key and request give the first answer again, whatever it was."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Final

from fastapi import Depends, Header, Request
from pydantic.config import JsonDict
from starlette.responses import Response

from adapters.web.adapter import Web
from adapters.web.api.access import Caller, authenticated
from adapters.web.links import link_to
from adapters.web.people import web_of
from adapters.web.refusals import PROBLEM_TYPE, Refused, failed, problem
from adapters.web.signing import fingerprint, random_token
from bot.model import QuestionId
from bot.ports import StorageTrouble

KEY_CHARS_MAX: Final = 255
_DESCRIPTION: Final = (
    "Names this request, so that sending it again has no second effect and gets the first answer, for at least 24 "
    f"hours. Up to {KEY_CHARS_MAX} characters; a random UUID is a good one."
)

_LENGTHS: Final[JsonDict] = {"minLength": 1, "maxLength": KEY_CHARS_MAX}

Act = Callable[[str], Awaitable[Response]]


class Replayed(Exception):
    """This request was answered before; `response` is that answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("answered before")
        self.response = response


class Once:
    """One request that acts. `key` is the cause by which the product itself does everything once."""

    def __init__(self, web: Web, key: str, kept: tuple[str, str] | None) -> None:
        self._web = web
        self._key = key
        self._kept = kept

    async def perform(self, act: Act) -> Response:
        """Act, and keep the answer under the request's key, a refusal or a failure just like a success."""
        if self._kept is None:
            return await act(self._key)
        name, print_ = self._kept
        await self._web.store.run(lambda work: work.open_request(name, print_, self._web.now()))
        try:
            response = await act(self._key)
        except Refused as refused:
            response = problem(refused)
        except StorageTrouble:
            raise  # nothing was done, and nothing can be kept: the same request may try again
        except Exception:
            await self._keep(name, problem(failed()))
            raise
        await self._keep(name, response)
        return response

    async def _keep(self, name: str, response: Response) -> None:
        status, body = response.status_code, _without_link(bytes(response.body).decode())
        await self._web.store.run(lambda work: work.answer_request(name, status, body))


async def once(
    request: Request,
    caller: Annotated[Caller, Depends(authenticated)],
    idempotency_key: Annotated[str | None, Header(description=_DESCRIPTION, json_schema_extra=_LENGTHS)] = None,
) -> AsyncIterator[Once]:
    """Raises Replayed for a request that was answered, and Refused when its key belongs to another request."""
    web = web_of(request)
    if idempotency_key is None:
        yield Once(web, f"api:{random_token()}", None)
        return
    if not 1 <= len(idempotency_key) <= KEY_CHARS_MAX:
        raise Refused(400, "key-length", f"An Idempotency-Key has 1 to {KEY_CHARS_MAX} characters.")
    # The key belongs to the program, not to its token, so that a retry may come with a renewed token.
    name = fingerprint("request", caller.token.client, caller.token.person or "", idempotency_key)
    under_way: set[str] = request.app.state.under_way
    if name in under_way:
        raise Refused(409, "in-flight", _IN_FLIGHT, headers={"retry-after": "1"})
    under_way.add(name)
    try:
        print_ = fingerprint(request.method, str(request.url.path), request.url.query, (await request.body()).hex())
        await _replay(web, name, print_)
        yield Once(web, f"api:{name}", (name, print_))
    finally:
        under_way.discard(name)


async def _replay(web: Web, name: str, print_: str) -> None:
    saved = await web.store.run(lambda work: work.saved_request(name))
    if saved is None:
        return
    if saved.fingerprint != print_:
        raise Refused(422, "key-reused", _KEY_REUSED)
    if saved.status is None:
        return  # it broke off: doing it again has one effect, because its cause is the same
    media = "application/json" if saved.status < 400 else PROBLEM_TYPE
    headers = {"idempotent-replayed": "true"}
    raise Replayed(Response(_with_link(web, saved.body), saved.status, headers=headers, media_type=media))


def _without_link(body: str) -> str:
    """A kept answer opens nobody's page: the link is left out, and made again for a repeat."""
    told = json.loads(body)
    return _compact({**told, "link": None}) if isinstance(told.get("link"), str) else body


def _with_link(web: Web, body: str) -> str:
    told = json.loads(body)
    if "link" not in told:
        return body
    return _compact({**told, "link": link_to(web, QuestionId(told["id"]))})


def _compact(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


_IN_FLIGHT: Final = "A request with this Idempotency-Key is still being worked on. Send it again in a second."
_KEY_REUSED: Final = (
    "This Idempotency-Key was used for another request. "
    "Use a new key for a new request, and repeat a request unchanged."
)
