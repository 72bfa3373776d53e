"""HTTP mode: Slack's signed requests, taken in through one thin route of the web application."""

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI, Request, Response
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response

from adapters.slack.installation import Installation

BODY_BYTES_MAX: Final = 2_000_000


def mounting(installation: Installation) -> Callable[[FastAPI, object], None]:
    """Adds `POST /slack/<name>`: what the manifest gives as the request address for events, commands and buttons."""

    async def take_in(request: Request) -> Response:
        if not installation.listening:
            return Response(status_code=503, content="Guildhall is starting; try again in a moment.")
        body = await request.body()
        if len(body) > BODY_BYTES_MAX:
            return Response(status_code=413)
        return to_starlette_response(await installation.app.async_dispatch(to_async_bolt_request(request, body)))

    def mount(app: FastAPI, _web: object) -> None:
        app.post(f"/slack/{installation.settings.name}", include_in_schema=False)(take_in)

    return mount
