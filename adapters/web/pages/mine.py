"""My questions: the ones asked from this browser, and the links to one's others by e-mail where there is e-mail."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request
from starlette.responses import Response

from adapters.web.adapter import Web
from adapters.web.links import has_expired, link_path
from adapters.web.people import (
    Visitor,
    carries_form_token,
    current_visitor,
    remember_visitor,
    visitor_form_token,
    visitor_identity,
    web_of,
)
from adapters.web.rendering import page
from adapters.web.wording import page_tongue, time_of, timed
from bot.model import Question, spoken_number
from bot.ports import Page
from bot.wording import customer_view

router = APIRouter(include_in_schema=False)
_PAGE = 20


@router.get("/links")
async def mine(request: Request, after: str | None = None) -> Response:
    return await _page(request, await current_visitor(request), after=after)


@router.post("/links")
async def send_again(
    request: Request,
    tasks: BackgroundTasks,
    email: Annotated[str, Form(max_length=200)] = "",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Always the same answer in the same time, so that nobody learns who is a customer."""
    web, visitor = web_of(request), await current_visitor(request)
    tongue = page_tongue()
    if not carries_form_token(web, visitor, form_token):
        return await _page(request, visitor, flaw=tongue.say("no.form"), status=403)
    if web.mail_links is None:
        return await _page(request, visitor)
    tasks.add_task(web.mail_links, email.strip())
    response = await _page(request, visitor, told=tongue.say("mine.sent"))
    response.background = tasks
    return response


async def _page(
    request: Request, visitor: Visitor, *, after: str | None = None, told: str = "", flaw: str = "", status: int = 200
) -> Response:
    web = web_of(request)
    questions = await _questions(web, visitor, after)
    response = page(
        "mine.html",
        company=web.settings.company,
        status=status,
        rows=[await _row(web, each) for each in questions.rows if not has_expired(each, web.policy, web.now())],
        after=questions.after,
        mails=web.mail_links is not None,
        told=told,
        flaw=flaw,
        form_token=visitor_form_token(web, visitor),
    )
    remember_visitor(response, web, visitor)
    return response


async def _questions(web: Web, visitor: Visitor, after: str | None) -> Page[Question]:
    person = await web.views.person_of(await visitor_identity(web, visitor))
    if person is None:
        return Page(rows=())
    try:
        return await web.views.questions(customer=person.id, after=after, limit=_PAGE)
    except ValueError:  # an address that was tampered with
        return Page(rows=())


async def _row(web: Web, question: Question) -> dict[str, object]:
    facts = await web.views.facts(question.id, now=web.now())
    view = customer_view(question, facts, web.policy)
    zone = facts.category.staff_hours.timezone if facts.category else "UTC"
    first = facts.messages.get(1)
    return {
        "number": spoken_number(question.id),
        "path": link_path(web, question.id),
        "headline": timed(view.headline, view.moments, facts.now, zone),
        "text": first.text if first is not None and not first.redacted else "",
        "asked_at": time_of(question.asked_at, "day", facts.now, zone),
    }
