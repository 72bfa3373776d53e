"""HTTP mode: Slack's signed requests, taken in through one thin route of the web application."""

from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response

from adapters.slack.installation import Installation

log = structlog.get_logger(__name__)
BODY_BYTES_MAX: Final = 2_000_000


def mount(app: FastAPI, installation: Installation) -> None:
    """`POST /slack/<name>`: what the manifest gives as the request address for events, commands and buttons."""

    @app.post(f"/slack/{installation.settings.name}", include_in_schema=False)
    async def take_in(request: Request) -> Response:
        if not installation.listening:
            return Response(status_code=503, content="Guildhall is starting; try again in a moment.")
        body = await request.body()
        if len(body) > BODY_BYTES_MAX:
            return Response(status_code=413)
        return to_starlette_response(await installation.app.async_dispatch(to_async_bolt_request(request, body)))
