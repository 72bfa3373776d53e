"""One call of the Web API: arguments, token, scope and limits checked; the method run; the planned fault played."""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from .faults import Fault
from .limits import TIERS
from .state import Channel, Json

if TYPE_CHECKING:
    from .server import FakeSlack
    from .workspace import Workspace

WEIGHTS: Final = {Fault.FAILS, Fault.FAILS_AFTER, Fault.LATE}


class Refused(Exception):
    """Slack answers `ok: false` with this error."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.body: Json = {"ok": False, "error": error} | more


def invalid_arguments(*messages: str) -> Refused:
    told = [f"[ERROR] {message}" for message in messages]
    return Refused("invalid_arguments", response_metadata={"messages": told})


@dataclass(slots=True)
class Call:
    """A call that is allowed to run."""

    slack: "FakeSlack"
    workspace: "Workspace"
    method: str
    args: Json

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name, default)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str, default: bool | None = None) -> bool | None:
        value = self.args.get(name)
        return default if value is None else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise invalid_arguments(f"must be an integer: {name}") from None

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """JSON, either as such or as text in a form."""
        value = self.args.get(name)
        if not isinstance(value, str) or not value:
            return value if value != "" else None
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(error) from None

    def needs_scope(self, *any_of: str) -> None:
        if not set(any_of) & self.workspace.scopes:
            provided = ",".join(sorted(self.workspace.scopes))
            raise Refused("missing_scope", needed=",".join(any_of), provided=provided)

    def channel(self, name: str = "channel") -> Channel:
        """The channel as the bot may know it: private ones only from inside."""
        channel = self.workspace.channels.get(self.needed(name))
        hidden = channel and channel.kind != "channel" and self.workspace.bot_user_id not in channel.members
        if channel is None or hidden:
            raise Refused("channel_not_found")
        return channel

    def page(self, items: list[Any], limit: int, most: int, least: int = 1) -> tuple[list[Any], Json]:
        """A page of a list by cursor."""
        if not least <= limit <= most:
            raise Refused("invalid_limit")
        start = 0
        if cursor := self.text("cursor"):
            try:
                start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
            except ValueError:
                raise Refused("invalid_cursor") from None
        more = start + limit < len(items)
        following = base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""
        return items[start : start + limit], {"response_metadata": {"next_cursor": following}}


@dataclass(slots=True, kw_only=True)
class Method:
    """`scope` "" asks for none; `takes` are the arguments it knows; `reading` ones take no JSON body."""

    run: Callable[[Call], Json]
    scope: str = ""
    takes: frozenset[str] = frozenset()
    app_token: bool = False
    reading: bool = False


METHODS: Final[dict[str, Method]] = {}


def method(
    name: str, takes: str = "", *, scope: str = "", app_token: bool = False, reading: bool = False
) -> Callable[[Callable[[Call], Json]], Callable[[Call], Json]]:
    """Register what runs when the method `name` is called."""

    def register(run: Callable[[Call], Json]) -> Callable[[Call], Json]:
        known = frozenset(takes.split()) | {"token", "team_id"}  # bolt sends team_id with everything
        METHODS[name] = Method(run=run, scope=scope, takes=known, app_token=app_token, reading=reading)
        return run

    return register


@dataclass(slots=True)
class Calls:
    slack: "FakeSlack"
    _not_before: dict[str, float] = field(default_factory=dict)
    _told_at: dict[str, float] = field(default_factory=dict)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        with self.slack.busy():
            args = await arguments(request)
            fault, hardness = self.slack.faults.next(name, str(args.get("channel") or args.get("channel_id") or ""))
            self.slack.calls[name] += 1
            workspace, trouble = self._caller(request, args, name)
            key = self._key(workspace, name, args)
            if (busy := self._busy(key, name, fault, hardness)) is not None:
                return busy
            answer = self._answer(workspace, trouble, name, args, request)
        response = await self._with_fault(request, fault, hardness, answer)
        if workspace and not trouble and not response.prepared:
            response.headers.update(scope_headers(workspace, name))
        return response

    def _caller(self, request: web.Request, args: Json, name: str) -> tuple["Workspace | None", str]:
        """Whose token it is, and what is wrong with it."""
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        token = bearer or str(args.pop("token", "") or "")
        if not token:
            return None, "not_authed"
        for workspace in self.slack.workspaces.values():
            if token in (workspace.bot_token, workspace.app_token):
                wanted = METHODS[name].app_token if name in METHODS else False
                if wanted != (token == workspace.app_token):
                    return workspace, "not_allowed_token_type"
                # A revoked bot token does not end the app's own token.
                return workspace, "" if wanted else workspace.token_trouble
        return None, "invalid_auth"

    def _key(self, workspace: "Workspace | None", name: str, args: Json) -> str:
        """Limits count per method and workspace, posts per channel."""
        team = workspace.team_id if workspace else "?"
        return f"{team} {name} {args.get('channel', '')}" if name == "chat.postMessage" else f"{team} {name}"

    def _busy(self, key: str, name: str, fault: Fault | None, hardness: float) -> web.Response | None:
        """429 with Retry-After in whole seconds, by plan or by Slack's limits; earlier calls are noted."""
        slack, now = self.slack, self.slack.clock.now()
        if now < (until := self._not_before.get(key, 0.0)):
            if asyncio.get_running_loop().time() > self._told_at.get(key, 0.0) + slack.in_flight_s:
                slack.too_early.append(f"{key}: {until - now:.3f} s before Retry-After had passed")
            return ratelimited(until - now)
        wait = 0.0
        if fault is Fault.BUSY:
            low, high = slack.faults.retry_after_s
            wait = low + round(hardness * (high - low))
        elif slack.rate_limits or (slack.small_history and name in ("conversations.history", "conversations.replies")):
            wait = slack.limits.wait(key, name, now, small_history=slack.small_history)
        if not wait:
            return None
        seconds = max(1, -int(-wait // 1))
        self._not_before[key], self._told_at[key] = now + seconds, asyncio.get_running_loop().time()
        return ratelimited(seconds)

    def _answer(
        self, workspace: "Workspace | None", trouble: str, name: str, args: Json, request: web.Request
    ) -> Callable[[], Json]:
        """What applies the call and gives its answer; not run yet."""

        def run() -> Json:
            try:
                if name not in METHODS:
                    raise Refused("unknown_method", req_method=name)
                if trouble or workspace is None:
                    raise Refused(trouble or "invalid_auth")
                found = METHODS[name]
                self._strict(found, name, args, request)
                call = Call(self.slack, workspace, name, args)
                if found.scope:
                    call.needs_scope(found.scope)
                return {"ok": True} | found.run(call)
            except Refused as refused:
                self.slack.log({"what": "refused", "method": name, "error": refused.body["error"]})
                return refused.body

        return run

    def _strict(self, found: Method, name: str, args: Json, request: web.Request) -> None:
        for unknown in sorted(set(args) - found.takes):
            self.slack.complain(f"{name}: unknown argument {unknown}")
        if name not in TIERS and name != "chat.postMessage":
            self.slack.complain(f"{name}: no limit is known for it")
        if found.reading and request.content_type == "application/json" and request.method == "POST":
            self.slack.complain(f"{name}: takes its arguments as a form, not as JSON")

    async def _with_fault(
        self, request: web.Request, fault: Fault | None, hardness: float, answer: Callable[[], Json]
    ) -> web.StreamResponse:
        match fault:
            case None | Fault.BUSY:
                return web.json_response(answer())
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
                self.slack.spawn(self._late(answer, hardness))
                return broken(hardness)
            case Fault.CUTS_AFTER:
                return await cut(request, json.dumps(answer()).encode(), hardness)

    async def _late(self, answer: Callable[[], Json], hardness: float) -> None:
        with self.slack.busy():
            await self.slack.clock.sleep(hardness * self.slack.faults.late_s)
            answer()

    async def _hang(self, request: web.Request) -> web.StreamResponse:
        closing = asyncio.ensure_future(self.slack.closing.wait())
        waiting = asyncio.ensure_future(self.slack.clock.sleep(self.slack.faults.hang_s))
        await asyncio.wait({closing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        closing.cancel()
        waiting.cancel()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def scope_headers(workspace: "Workspace", name: str) -> dict[str, str]:
    """Which scopes the token has and which the method takes, as every answer tells."""
    app_token = name in METHODS and METHODS[name].app_token
    held = "connections:write" if app_token else ",".join(sorted(workspace.scopes))
    return {"X-OAuth-Scopes": held, "X-Accepted-OAuth-Scopes": METHODS[name].scope if name in METHODS else ""}


async def arguments(request: web.Request) -> Json:
    """Arguments from the address, a form or JSON: slack_sdk uses all three."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = {}
        return args | (body if isinstance(body, dict) else {})
    form = await request.post()
    return args | {key: value if isinstance(value, str) else "(file)" for key, value in form.items()}


def ratelimited(seconds: float) -> web.Response:
    """docs.slack.dev/apis/web-api/rate-limits: 429, Retry-After in seconds, error ratelimited."""
    headers = {"Retry-After": str(max(1, -int(-seconds // 1)))}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def broken(hardness: float) -> web.Response:
    """A 500 with JSON, or a 503 with a page, as a gateway gives."""
    if hardness < 0.5:
        return web.json_response({"ok": False, "error": "internal_error"}, status=500)
    return web.Response(status=503, text="<html>upstream connect error</html>", content_type="text/html")


async def cut(request: web.Request, body: bytes, hardness: float) -> web.StreamResponse:
    """Half an answer and then nothing, or no byte at all: clients take the two for different things."""
    if hardness < 0.5 and request.transport is not None:
        request.transport.abort()
        return web.Response()
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response
