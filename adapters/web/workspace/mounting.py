"""Puts the workspace under /workspace: its pages, its stylesheet, and the two doors of local mode."""

import hashlib
from pathlib import Path
from typing import Annotated, Final

from fastapi import FastAPI, Form, Request
from nicegui import ui
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from adapters.web.adapter import Web
from adapters.web.people import Visitor, identity_of, remember_visitor, sign_in
from adapters.web.refusals import Refused
from adapters.web.workspace.access import may_enter
from adapters.web.workspace.attaching import file
from adapters.web.workspace.pages import add_pages
from adapters.web.workspace.side import HOME
from bot.model import PersonId

_ASSETS: Final = Path(__file__).parent / "assets"
_SEE_OTHER: Final = 303


def mount_workspace(app: FastAPI, web: Web) -> None:
    style = (_ASSETS / "workspace.css").read_bytes()
    version = hashlib.sha256(style).hexdigest()[:12]
    app.mount(f"{HOME}/assets", StaticFiles(directory=_ASSETS))
    app.add_api_route(HOME, _with_slash, methods=["GET"])
    app.add_api_route(f"{HOME}/file/{{file}}", file, methods=["GET"])
    if web.settings.local:
        app.add_api_route(f"{HOME}/be", be, methods=["POST"])
    add_pages(web, f"{HOME}/assets/workspace.css?{version}")
    ui.run_with(
        app,
        mount_path=HOME,
        title=f"{web.settings.company} workspace",
        dark=None,
        language="en-US",
        binding_refresh_interval=None,
        tailwind=False,
        reconnect_timeout=60,
        show_welcome_message=False,
    )


async def _with_slash() -> Response:
    return RedirectResponse(f"{HOME}/", _SEE_OTHER)


async def be(request: Request, person: Annotated[str, Form()]) -> Response:
    """Local mode: this browser is that person from now on; as a customer only on the customer's pages."""
    web: Web = request.app.state.web
    found = await web.views.person(PersonId(person))
    if not web.settings.local or found is None:
        raise Refused(404, "not-found", "There is nobody of that name here.")
    if may_enter(found):
        response = RedirectResponse(f"{HOME}/", _SEE_OTHER)
        sign_in(response, web, found.id)
        return response
    await identity_of(web, found.id)
    response = RedirectResponse("/", _SEE_OTHER)
    remember_visitor(response, web, Visitor(id=found.id, is_new=True))
    return response
