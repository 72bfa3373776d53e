"""Serves the HTTP API: token, faults, limits and schemas around each endpoint, answers with Discord's headers."""

import asyncio
import json
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from aiohttp import web

from tests.fakes.slack.faults import Fault

from .calls import Call, Route, Upload, find
from .limits import MAJOR, Told, bucket
from .openapi import answer_pointer, published, query_names, schema_problems
from .refusals import Refused, no_such_route
from .state import Json

if TYPE_CHECKING:
    from .server import FakeDiscord

EVERYTHING: Final = "every route"  # what a global 429 is about
PREFIX: Final = "/api/v10"
REQUEST_BYTES: Final = 25 * 2**20  # docs/reference#uploading-files: the whole request
# What libraries send although the description does not name it.
QUIET_QUERY: Final = {"use_nested_fields", "with_response", "with_components", "thread_id", "wait"}

Reply = tuple[int, Any]


class Api:
    def __init__(self, discord: "FakeDiscord") -> None:
        self.discord = discord
        self._not_before: dict[str, float] = {}
        self._told_at: dict[str, float] = {}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        with self.discord.busy():
            found, ids, other_method = find(request.method, request.path.removeprefix(PREFIX))
            if found is None:
                refused = Refused(0, status=405, message="405: Method Not Allowed") if other_method else no_such_route()
                self.discord.complain(f"no such route: {request.method} {request.path}")
                return said(refused.status, refused.body)
            ids = {name: unquote(value) for name, value in ids.items()}
            major = next((ids[name] for name in MAJOR if name in ids), "")
            call, trouble = await self._call(request, found, ids)
            fault, hardness = self.discord.faults.next(found.name, self.discord.called(major))
            self.discord.calls[found.name] += 1
            headers: dict[str, str] = {}
            if (busy := self._busy(found, major, fault, hardness, headers)) is not None:
                return busy
            answer = self._answer(found, call, trouble)
            if self.discord.slow_s:
                return await self._slowly(found, answer, headers)
        return await self._with_fault(request, fault, hardness, answer, headers)

    async def _call(self, request: web.Request, found: Route, ids: dict[str, str]) -> tuple[Call, Refused | None]:
        call = Call(discord=self.discord, ids=ids, query=dict(request.query))
        # discord.py's own client for interactions and webhooks sends another one, and Discord lets it.
        if not found.open and not request.headers.get("User-Agent", "").startswith("DiscordBot ("):
            self.discord.complain(f"{found.name}: User-Agent is not of the form DiscordBot (url, version)")
        if not found.open and request.headers.get("Authorization") != f"Bot {self.discord.token}":
            return call, Refused(0)
        if not request.can_read_body:
            return call, None
        if (request.content_length or 0) > REQUEST_BYTES:
            await request.read()
            return call, Refused(40005)
        try:
            await read_body(request, call)
        except ValueError:
            return call, Refused(50109)
        return call, None

    def _busy(
        self, found: Route, major: str, fault: Fault | None, hardness: float, headers: dict[str, str]
    ) -> web.Response | None:
        """429 by plan or by Discord's limits; calls before their time are noted. Fills in the headers of the limit."""
        discord, now, key = self.discord, time.monotonic(), f"{found.name} {major}"
        if not found.open and now < self._not_before.get(EVERYTHING, 0.0):
            key = EVERYTHING
        if discord.limits.banned(discord.clock.now(), discord.most_invalid):
            return web.Response(status=429, text="error code: 1015", headers={"Retry-After": "3600"})
        if now < (until := self._not_before.get(key, 0.0)):
            if now > self._told_at[key] + discord.in_flight_s:
                discord.too_early.append(f"{key}: {until - now:.3f} s before retry_after had passed")
            left, everything = until - now, key == EVERYTHING
            told = Told(limit=1, remaining=0, reset_after=left, wait=left, all_routes=everything)
            told.scope = "global" if everything else "user"
            return self._limited(found, told)
        told = None
        if fault is Fault.BUSY:
            low, high = discord.retry_after_s
            wait = low + hardness * (high - low)
            scope = discord.busy_ways[int(hardness * len(discord.busy_ways))]
            told = Told(limit=5, remaining=0, reset_after=wait, wait=wait, scope=scope, all_routes=scope == "global")
        elif discord.rate_limits:
            told = discord.limits.take(found.name, major, now)
            headers |= limit_headers(found, told)
        if told is None or not told.wait:
            return None
        key = EVERYTHING if told.all_routes and not found.open else key
        self._not_before[key], self._told_at[key] = now + told.wait, now
        return self._limited(found, told)

    def _limited(self, found: Route, told: Told) -> web.Response:
        """docs/topics/rate-limits#exceeding-a-rate-limit; what Cloudflare says comes without Discord's Via."""
        if told.scope == "cloudflare":
            self.discord.limits.count_invalid(self.discord.clock.now())
            later = {"Retry-After": str(-int(-told.wait // 1))}
            return web.Response(status=429, text="error code: 1015", headers=later)
        body = {"message": "You are being rate limited.", "retry_after": round(told.wait, 3), "global": told.all_routes}
        self.discord.limits.count_invalid(self.discord.clock.now())
        headers = limit_headers(found, told) | {"Retry-After": str(-int(-told.wait // 1))}
        headers["X-RateLimit-Scope"] = told.scope
        if told.all_routes:
            headers["X-RateLimit-Global"] = "true"
        return said(429, body, headers)

    def _answer(self, found: Route, call: Call, trouble: Refused | None) -> Callable[[], Reply]:
        """What applies the call and gives its answer; not run yet."""

        def run() -> Reply:
            discord = self.discord
            try:
                if trouble:
                    raise trouble
                self._refuse(found)
                discord.sweep()
                self._strict(found, call)
                body = found.run(call)
            except Refused as refused:
                discord.log({"what": "refused", "route": found.name, "code": refused.code, "ids": call.ids})
                discord.refused[refused.code] += 1
                if refused.status in (401, 403, 429):
                    discord.limits.count_invalid(discord.clock.now())
                self._check("ErrorResponse", found, refused.body)
                return refused.status, refused.body
            except Exception as broke:
                discord.complain(f"the fake itself failed in {found.name}: {broke!r}")
                raise
            status = 204 if body is None else found.status
            self._check(answer_pointer(found.path, found.method, status), found, body)
            return status, body

        return run

    def _refuse(self, found: Route) -> None:
        code, share = self.discord.refuses.get(found.name, (0, 0.0))
        if random.Random(f"{self.discord.seed}/{found.name}/{self.discord.calls[found.name]}").random() < share:
            raise Refused(code)

    def _strict(self, found: Route, call: Call) -> None:
        names = query_names(found.path, found.method)
        if names is None:
            if published():
                self.discord.complain(f"{found.name}: the description has no such path")
            return
        for name in sorted(set(call.query) - names - QUIET_QUERY):
            self.discord.complain(f"{found.name}: unknown query parameter {name}")

    def _check(self, schema: str, found: Route, body: Any) -> None:
        for path, _, text in schema_problems(schema, body) if schema and body is not None else ():
            self.discord.complain(f"the fake itself answers {found.name} with a wrong {path}: {text}")

    async def _with_fault(
        self,
        request: web.Request,
        fault: Fault | None,
        hardness: float,
        answer: Callable[[], Reply],
        headers: dict[str, str],
    ) -> web.StreamResponse:
        match fault:
            case None | Fault.BUSY:
                return said(*answer(), headers)
            case Fault.FAILS:
                return broken(hardness)
            case Fault.FAILS_AFTER:
                answer()
                return broken(hardness)
            case Fault.HANGS:
                return await self._hang(request)
            case Fault.HANGS_AFTER:
                answer()
                return await self._hang(request)
            case Fault.LATE:
                self.discord.spawn(self._late(answer, hardness))
                return broken(hardness)
            case Fault.CUTS_AFTER:
                return await cut(request, answer()[1])

    async def _slowly(self, found: Route, answer: Callable[[], Reply], headers: dict[str, str]) -> web.Response:
        status, body = answer() if found.open else (0, None)
        await asyncio.sleep(self.discord.slow_s)
        return said(*((status, body) if found.open else answer()), headers)

    async def _late(self, answer: Callable[[], Reply], hardness: float) -> None:
        with self.discord.busy():
            await self.discord.clock.sleep(hardness * self.discord.faults.late_s)
            answer()

    async def _hang(self, request: web.Request) -> web.StreamResponse:
        closing = asyncio.ensure_future(self.discord.closing.wait())
        waiting = asyncio.ensure_future(self.discord.clock.sleep(self.discord.faults.hang_s))
        await asyncio.wait({closing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        closing.cancel()
        waiting.cancel()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


async def read_body(request: web.Request, call: Call) -> None:
    """JSON, or multipart with payload_json and files[n] (docs/reference#uploading-files)."""
    if request.content_type == "application/json":
        text = await request.text()
        call.body = json.loads(text) if text else None
        return
    form = await request.post()
    for name, value in form.items():
        if name == "payload_json":
            call.body = json.loads(value if isinstance(value, (str, bytes)) else value.file.read())
        elif isinstance(value, web.FileField):
            place = name.removeprefix("files[").removesuffix("]")
            if not place.isdigit():
                raise ValueError(name)
            content = value.file.read()
            call.uploads[int(place)] = Upload(name=value.filename, content=content, type=value.content_type)


def limit_headers(found: Route, told: Told) -> dict[str, str]:
    """docs/topics/rate-limits#header-format."""
    return {
        "X-RateLimit-Limit": str(told.limit),
        "X-RateLimit-Remaining": str(told.remaining),
        "X-RateLimit-Reset": f"{time.time() + told.reset_after:.3f}",
        "X-RateLimit-Reset-After": f"{told.reset_after:.3f}",
        "X-RateLimit-Bucket": bucket(found.name),
    }


def said(status: int, body: Json | list[Json] | None, headers: dict[str, str] | None = None) -> web.Response:
    """As Discord says it: the content type without a charset, and a Via that tells it from Cloudflare."""
    told = {"Via": "1.1 google"} | (headers or {})
    if body is None:
        return web.Response(status=status, headers=told)
    content = json.dumps(body).encode()
    return web.Response(status=status, body=content, headers=told | {"Content-Type": "application/json"})


def broken(hardness: float) -> web.Response:
    """A 500 or 503 with JSON, or a 502 with a page, as a gateway gives."""
    if hardness < 0.35:
        return said(500, {"message": "500: Internal Server Error", "code": 0})
    if hardness < 0.5:
        return said(503, {"message": "503: Service Unavailable", "code": 0})
    return web.Response(status=502, text="<html>502: Bad gateway</html>", content_type="text/html")


async def cut(request: web.Request, body: Any) -> web.StreamResponse:
    """Half an answer, and then nothing."""
    content = json.dumps(body).encode() if body is not None else b"--"
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(content))})
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response
