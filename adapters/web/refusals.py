"""What a request that is not done reads: a problem (RFC 9457) for programs, a page for people."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from fastapi import HTTPException
from starlette.exceptions import HTTPException as FrameworkRefusal
from starlette.responses import Response

from adapters.web.rendering import page

PROBLEM_TYPE = "application/problem+json"
API_PATH = "/api/v1"
# The words by which the web itself refuses, with their statuses; the rules have their own (`bot.change.Reason`).
KINDS = {
    "after": 422,
    "bad-number": 422,
    "complaint": 422,
    "customer": 422,
    "failed": 500,
    "from-elsewhere": 403,
    "in-flight": 409,
    "incomplete": 422,
    "key-length": 400,
    "key-reused": 422,
    "method-not-allowed": 405,
    "not-understood": 422,
    "scope": 403,
    "token": 401,
    "too-large": 413,
    "unavailable": 503,
    "unfit": 422,
    "unreadable": 400,
    "wrong-name": 421,
}


class Refused(HTTPException):
    """Something asked over the web that is not done; `detail` is a sentence that says why and what to do next.

    `kind` is a stable word for programs ("too-large"), `more` what else a program may want to read.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        title: str = "",
        headers: dict[str, str] | None = None,
        more: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        super().__init__(status, detail, headers)
        self.kind = kind
        self.title = title or HTTPStatus(status).phrase
        self.more = more

    @property
    def sentence(self) -> str:
        return str(self.detail)


def response_to(path: str, refused: FrameworkRefusal, company: str) -> Response:
    """The refusal as whoever asked for `path` can read it."""
    if path == API_PATH or path.startswith(f"{API_PATH}/"):
        return problem(refused)
    full = _whole(refused)
    response = page("refused.html", company=company, status=full.status_code, sentence=full.sentence)
    response.headers.update(full.headers or {})
    return response


def problem(refused: FrameworkRefusal) -> Response:
    full = _whole(refused)
    body = {
        "type": f"{API_PATH}/docs#{full.kind}",
        "title": full.title,
        "status": full.status_code,
        "detail": full.sentence,
        **full.more,
    }
    return Response(
        json.dumps(body, ensure_ascii=False), full.status_code, headers=full.headers, media_type=PROBLEM_TYPE
    )


def failed() -> Refused:
    return Refused(500, "failed", "Something broke on our side. Please look whether it was done before you try again.")


def unavailable() -> Refused:
    sentence = "The database is not available just now, and nothing was changed. Please try again in a moment."
    return Refused(503, "unavailable", sentence, headers={"retry-after": "5"})


def _whole(refused: FrameworkRefusal) -> Refused:
    """The framework's own refusals (no such page, no such method) get their words here."""
    if isinstance(refused, Refused):
        return refused
    headers = dict(refused.headers or {})
    match refused.status_code:
        case 400:
            return Refused(400, "unreadable", "What was sent cannot be read. Send JSON in UTF-8.", headers=headers)
        case 404:
            return Refused(
                404, "not-found", "There is nothing at this address. Check it for typing mistakes.", headers=headers
            )
        case 405:
            allowed = headers.get("Allow") or headers.get("allow", "")
            return Refused(405, "method-not-allowed", f"This address only understands {allowed}.", headers=headers)
        case status:
            return Refused(
                status, HTTPStatus(status).name.lower().replace("_", "-"), f"{refused.detail}.", headers=headers
            )
