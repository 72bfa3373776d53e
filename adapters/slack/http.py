"""HTTP mode: Slack's signed requests, taken in through one thin route of the web application."""

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from adapters.slack.installation import Installation

BODY_BYTES_MAX: Final = 2_000_000


def mounting(installation: Installation) -> Callable[[FastAPI, object], None]:
    """Adds `POST /slack/<name>`: what the manifest gives as the request address for events, commands and buttons."""

    def mount(app: FastAPI, _web: object) -> None:
        app.router.routes.append(
            Route(f"/slack/{installation.settings.name}", _TakingIn(installation), methods=["POST"])
        )

    return mount


class _TakingIn:
    """A bare ASGI application. The framework's own way to a function costs more than the library takes to find out
    what Slack wants."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._response(Request(scope, receive))
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        if not self._installation.listening:
            return Response(status_code=503, content="Guildhall is starting; try again in a moment.")
        body = await request.body()
        if len(body) > BODY_BYTES_MAX:
            return Response(status_code=413)
        return to_starlette_response(await self._installation.app.async_dispatch(to_async_bolt_request(request, body)))
