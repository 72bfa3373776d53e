"""The refusals that every operation can answer with, as the API's description lists them."""

from typing import Any, Final

from adapters.web.api.shapes import Problem
from adapters.web.refusals import PROBLEM_TYPE

_WHEN: Final = {
    400: "The body cannot be read, or the Idempotency-Key is empty or too long.",
    401: "There is no token, or none that is valid.",
    403: "The token, or its person, may not do this.",
    404: "There is no such thing, or none that this token may see.",
    409: "Not now: somebody was quicker, or things have moved on. The sentence says what to do.",
    413: "The request is too large: 256 kB are the most, and more only where files go along.",
    421: "In local mode: this name is not served.",
    422: "What was sent does not fit.",
    500: "Something broke on our side; look whether it was done.",
    503: "The database is not available just now; nothing was changed.",
}
# What FastAPI takes as `responses`: by status, whatever OpenAPI allows there.
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": when,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
    }
    for status, when in _WHEN.items()
}
