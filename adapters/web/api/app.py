"""Puts the API together: routes, refusals as problems, and its own description."""

import re
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as FrameworkRefusal
from starlette.responses import Response

from adapters.web.api import asking, manual, reading
from adapters.web.api.manual import described
from adapters.web.api.repeats import Replayed
from adapters.web.api.shapes import Flaw
from adapters.web.api.verbs import verb_routes
from adapters.web.refusals import API_PATH, Refused, failed, problem, unavailable
from bot.ports import StorageTrouble

log = structlog.get_logger(__name__)

_ABOUT: Final = """Ask, read and judge questions for your customers; act as an expert or as staff.

Every request carries a token: `Authorization: Bearer gh_...`. Its scopes are `ask`, `read`, `expert` and `staff`.
Every POST takes an `Idempotency-Key`. What is refused is a problem (RFC 9457) whose `detail` is a sentence that says
what to do. Lists come in pages: ask for the next one with the `after` of the last."""


def create_api() -> FastAPI:
    """The API as an application; it is served under the web application that names its adapter."""
    api = FastAPI(
        title="Guildhall",
        version="1",
        description=_ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name.replace("_", "-"),
    )
    api.state.under_way = set()
    routers = (asking.router, reading.router, verb_routes())
    for router in (*routers, manual.router):
        api.include_router(router)
    api.openapi_schema = described(api, [route for router in routers for route in router.routes])
    api.add_exception_handler(Replayed, _replayed)
    api.add_exception_handler(RequestValidationError, _unfit)
    api.add_exception_handler(FrameworkRefusal, _refused)
    api.add_exception_handler(StorageTrouble, _unavailable)
    api.add_exception_handler(Exception, _failed)
    return api


async def _replayed(_: Request, replayed: Exception) -> Response:
    assert isinstance(replayed, Replayed)
    return replayed.response


async def _refused(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, FrameworkRefusal)
    if refused.status_code == 405:
        # The framework names the methods of one route only, and an address can have several.
        refused = FrameworkRefusal(405, headers={"allow": ", ".join(_methods(request))})
    return problem(refused)


def _methods(request: Request) -> list[str]:
    path = request.url.path.removeprefix(API_PATH)
    patterns = request.app.openapi_schema["paths"].items()
    fitting = (methods for pattern, methods in patterns if re.fullmatch(re.sub(r"{\w+}", "[^/]+", pattern), path))
    return sorted({method.upper() for methods in fitting for method in methods})


async def _unfit(_: Request, unfit: Exception) -> Response:
    """What pydantic found, without repeating what was sent: it may hold somebody's words."""
    assert isinstance(unfit, RequestValidationError)
    flaws = [_flaw(each) for each in unfit.errors()]
    sentence = "; ".join(f"{each.field}: {each.sentence}" if each.field else each.sentence for each in flaws)
    refused = Refused(422, "unfit", f"{sentence}.", more={"flaws": [each.model_dump() for each in flaws]})
    return problem(refused)


async def _unavailable(_: Request, trouble: Exception) -> Response:
    log.warning("storage trouble", trouble=type(trouble).__name__)
    return problem(unavailable())


async def _failed(_: Request, __: Exception) -> Response:
    return problem(failed())


def _flaw(error: dict[str, Any]) -> Flaw:
    place = [str(each) for each in error["loc"] if each not in ("body", "query", "path", "header")]
    match error["type"]:
        case "missing" if not place:
            sentence = "a JSON body is missing"
        case "missing":
            sentence = "this is missing"
        case "json_invalid":
            place, sentence = [], "the body is not JSON"
        case "extra_forbidden":
            sentence = "there is no such field"
        case _:
            sentence = str(error["msg"])
            sentence = sentence[:1].lower() + sentence[1:]
    return Flaw(field=".".join(place), sentence=sentence)
