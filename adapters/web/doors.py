"""What every request passes before any page sees it: the right name, a bearable size, and headers that shut doors."""

import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.adapter import Web
from adapters.web.people import SCOPE_KEY
from adapters.web.refusals import API_PATH, Refused, response_to

BODY_BYTES_MAX: Final = 256 * 1024
_FORMS_WITH_FILES: Final = re.compile(r"/ask|/q/[^/]+/[^/]+/reply")
_CALLS_WITH_FILES: Final = re.compile(
    re.escape(API_PATH) + r"/questions(/[^/]+/(reply|answer|clarify|correct|override))?"
)
# Live screens bring scripts and styles of their own and look after themselves.
LIVE_PATHS: Final = ("/workspace", "/desk", "/_nicegui", "/_nicegui_ws")

_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS", "TRACE")
_ALWAYS: Final = (
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
)
_CLOSED: Final = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_FRAMELESS: Final = "frame-ancestors 'none'"


class Doors:
    """Middleware around everything; who is turned away reads a sentence that says what to do."""

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app = app
        self._web = web
        self._settings = web.settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[SCOPE_KEY] = self._web
        match scope["type"]:
            case "http":
                await self._request(scope, receive, send)
            case "websocket" if self._stranger(scope) or not self._from_here(scope):
                await send({"type": "websocket.close", "code": 1008})
            case _:
                await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        live = is_under(scope["path"], LIVE_PATHS)
        send = _with_headers(send, _FRAMELESS if live else _CLOSED)
        if refused := self._refused(scope, live):
            await response_to(scope["path"], refused, self._settings.company)(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, self._most(scope, live)), send)

    def _refused(self, scope: Scope, live: bool) -> Refused | None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        if self._stranger(scope):
            return Refused(421, "wrong-name", _WRONG_NAME)
        # A token speaks for itself, but only the API reads one: nobody walks past this door with just any header.
        by_token = "authorization" in headers and is_under(scope["path"], (API_PATH,))
        if scope["method"] not in _SAFE_METHODS and not by_token and not self._from_here(scope):
            return Refused(403, "from-elsewhere", _FROM_ELSEWHERE)
        most = self._most(scope, live)
        if length.isdecimal() and int(length) > most:
            return too_large(most)
        return None

    def _most(self, scope: Scope, live: bool) -> int:
        """How many bytes a request may bring: more where files come, as bytes in a form and in base64 to the API."""
        policy, path = self._web.policy, scope["path"]
        files = policy.file_bytes_max * policy.files_per_message_max
        if scope["method"] != "POST":
            return BODY_BYTES_MAX
        headers = Headers(scope=scope)
        multipart = headers.get("content-type", "").lower().startswith("multipart/form-data")
        if live or (multipart and _FORMS_WITH_FILES.fullmatch(path)):
            return BODY_BYTES_MAX + files
        if _CALLS_WITH_FILES.fullmatch(path) and "authorization" in headers:
            return BODY_BYTES_MAX + files * 4 // 3
        return BODY_BYTES_MAX

    def _stranger(self, scope: Scope) -> bool:
        """In local mode only loopback names are ours: another name for this machine is a trick (DNS rebinding)."""
        return self._settings.local and _host_name(Headers(scope=scope).get("host", "")) not in _LOOPBACK

    def _from_here(self, scope: Scope) -> bool:
        """Whether a browser says that one of our own pages sent this; programs say nothing and bring a token.

        Under "no-referrer" browsers send `Origin: null` with our own forms, so that their newer
        `Sec-Fetch-Site` is believed first and null alone proves nothing.
        """
        headers = Headers(scope=scope)
        if site := headers.get("sec-fetch-site"):
            return site in ("same-origin", "none")
        origin = headers.get("origin", "").lower()
        if not origin:
            return True
        if origin == "null":
            return bool(scope["type"] == "http")
        host: str = headers.get("host", "").lower()
        return origin in (self._settings.origin, f"http://{host}", f"https://{host}")


def is_under(path: str, parents: tuple[str, ...]) -> bool:
    return any(path == parent or path.startswith(f"{parent}/") for parent in parents)


def too_large(most: int) -> Refused:
    said = f"{most // 1024} kB" if most < 1_000_000 else f"{most // 1_000_000} MB"
    return Refused(413, "too-large", f"This is larger than {said}. Please send less at once.")


def _with_headers(send: Send, policy: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ALWAYS:
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", policy)
        await send(message)

    return sending


def _counted(receive: Receive, most: int) -> Receive:
    """A body that came without its length, or with a wrong one, is still cut off in time. Raises Refused."""
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise too_large(most)
        return message

    return counting


def _host_name(host: str) -> str:
    """`localhost` for `localhost:8080`, `[::1]` for `[::1]:8080`."""
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdigit() else host.lower()


_WRONG_NAME: Final = (
    "Guildhall runs in local mode and answers only to localhost and 127.0.0.1. "
    "Open it under one of these, or set [web] public_url to serve it to others."
)
_FROM_ELSEWHERE: Final = "This was sent by a page of another site. Open Guildhall itself and do it there."
