"""Puts the web together: the API, the customer's pages, sign-in, and whatever else is mounted beside them."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as FrameworkRefusal
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from adapters.web import health
from adapters.web.adapter import Web
from adapters.web.api import create_api
from adapters.web.doors import Doors
from adapters.web.pages import asking, entering, mine, question
from adapters.web.people import web_of
from adapters.web.refusals import API_PATH, Refused, failed, response_to, unavailable
from adapters.web.rendering import STATIC
from bot.ports import StorageTrouble

log = structlog.get_logger(__name__)


def create_app(web: Web) -> FastAPI:
    """The whole web application for this adapter."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.web = web
    app.mount(API_PATH, create_api())
    app.mount("/static", StaticFiles(directory=STATIC))
    for router in (health.router, asking.router, question.router, mine.router, entering.router(web.settings)):
        app.include_router(router)
    for mount in web.mounts:
        mount(app, web)
    app.add_exception_handler(FrameworkRefusal, _refused)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(StorageTrouble, _unavailable)
    app.add_exception_handler(Exception, _failed)
    app.add_middleware(Doors, web=web)
    return app


async def _refused(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, FrameworkRefusal)
    return _response(request, refused)


async def _unfit(request: Request, _: Exception) -> Response:
    """A form that our own page did not send."""
    return _response(request, Refused(422, "unfit", "This form is not whole. Go back and send it again."))


async def _unavailable(request: Request, trouble: Exception) -> Response:
    log.warning("storage trouble", trouble=type(trouble).__name__)
    return _response(request, unavailable())


async def _failed(request: Request, _: Exception) -> Response:
    return _response(request, failed())


def _response(request: Request, refused: FrameworkRefusal) -> Response:
    return response_to(request.url.path, refused, web_of(request).settings.company)
