"""Signing in by a one-time link and out again; on one's own machine, being anybody."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from adapters.web.people import (
    behind_door,
    carries_form_token,
    current_person,
    current_visitor,
    pass_door,
    remember_visitor,
    sign_in,
    sign_out,
    visitor_form_token,
    web_of,
)
from adapters.web.refusals import Refused
from adapters.web.rendering import page
from adapters.web.settings import WebSettings
from adapters.web.signing import form_token, same
from adapters.web.wording import page_tongue
from bot.model import PersonId

WORKSPACE = "/workspace"
Line = Annotated[str, Form(max_length=200)]
Carried = Annotated[str, Form(alias="form_token", max_length=200)]


def router(settings: WebSettings) -> APIRouter:
    """The people switch is only there in local mode."""
    routes = APIRouter(include_in_schema=False)
    routes.get("/enter/{token}")(at_the_door)
    routes.post("/enter/{token}")(enter)
    routes.get("/leave")(ask_to_leave)
    routes.post("/leave")(leave)
    if settings.local:
        routes.get("/local")(who_to_be)
        routes.post("/local/become")(become)
    return routes


async def at_the_door(request: Request, token: str) -> Response:
    """Looking at the link does not use it: programs that preview links in chats look at every one."""
    web = web_of(request)
    person = await behind_door(web, token)
    if person is None:
        raise _used()
    carried = form_token(web.settings.secret, token)
    return page(
        "enter.html", company=web.settings.company, person=person.name, action=f"/enter/{token}", form_token=carried
    )


async def enter(request: Request, token: str, carried: Carried = "") -> Response:
    web = web_of(request)
    if not same(carried, form_token(web.settings.secret, token)):
        raise _no_form()
    person = await pass_door(web, token)
    if person is None:
        raise _used()
    response = RedirectResponse(WORKSPACE, 303)
    sign_in(response, web, person)
    return response


async def ask_to_leave(request: Request) -> Response:
    web, visitor = web_of(request), await current_visitor(request)
    person = await current_person(request)
    response = page(
        "leave.html",
        company=web.settings.company,
        person=person.name if person else "",
        form_token=visitor_form_token(web, visitor),
    )
    remember_visitor(response, web, visitor)
    return response


async def leave(request: Request, carried: Carried = "") -> Response:
    if not carries_form_token(web_of(request), await current_visitor(request), carried):
        raise _no_form()
    response = RedirectResponse("/leave", 303)
    sign_out(response)
    return response


async def who_to_be(request: Request) -> Response:
    web, visitor = web_of(request), await current_visitor(request)
    members = [*await web.views.people(staff=True), *await web.views.people(experts=True)]
    response = page(
        "local.html",
        company=web.settings.company,
        people=list(dict.fromkeys(members)),
        current=await current_person(request),
        form_token=visitor_form_token(web, visitor),
    )
    remember_visitor(response, web, visitor)
    return response


async def become(request: Request, person: Line = "", to: Line = "", carried: Carried = "") -> Response:
    """`person` is an id, or nothing to be nobody in particular; `to` is the page to go on with."""
    web = web_of(request)
    if not carries_form_token(web, await current_visitor(request), carried):
        raise _no_form()
    somebody = await web.views.person(PersonId(person)) if person else None
    if person and somebody is None:
        raise Refused(404, "not-found", page_tongue().say("no.person"))
    is_member = somebody is not None and (somebody.expert is not None or somebody.staff is not None)
    response = RedirectResponse(_inside(to) or (WORKSPACE if is_member else "/ask"), 303)
    if somebody is not None:
        sign_in(response, web, somebody.id)
    else:
        sign_out(response)
    return response


def _inside(path: str) -> str:
    """A path of ours, or nothing: an address elsewhere is not followed."""
    return path if re.fullmatch(r"/(?![/\\])[^\s\\]*", path) else ""


def _used() -> Refused:
    return Refused(410, "used", page_tongue().say("enter.used"))


def _no_form() -> Refused:
    return Refused(403, "form", page_tongue().say("no.form"))
