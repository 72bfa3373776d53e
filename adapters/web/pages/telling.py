"""What was done is said once, on the page that is loaded next."""

import base64
from typing import Final

from fastapi import Request
from starlette.responses import Response

from adapters.web.adapter import Web
from adapters.web.signing import sign, signed_value

_COOKIE: Final = "guildhall_told"
_COOKIE_CHARS_MAX: Final = 2_500  # of the sentence; browsers drop cookies above 4 kB


def tell(web: Web, path: str, response: Response, sentence: str) -> None:
    """Without cookies the page speaks for itself."""
    said = base64.urlsafe_b64encode(sentence[:_COOKIE_CHARS_MAX].encode()[:_COOKIE_CHARS_MAX]).decode()
    response.set_cookie(
        _COOKIE,
        sign(web.settings.secret, f"told {path}", said),
        max_age=60,
        path=path,
        secure=web.settings.secure,
        httponly=True,
        samesite="lax",
    )


def read_told(web: Web, path: str, request: Request) -> str:
    """What the last page left to say; empty when it is for another page or was made by somebody else."""
    value = signed_value(web.settings.secret, f"told {path}", request.cookies.get(_COOKIE, ""))
    return base64.urlsafe_b64decode(value).decode(errors="ignore") if value else ""


def forget_told(response: Response, path: str) -> None:
    response.delete_cookie(_COOKIE, path=path)
