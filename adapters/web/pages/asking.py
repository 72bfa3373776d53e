"""The ask form: what is asked, what experts will see of it, and then the question's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web.adapter import Web
from adapters.web.links import link_path
from adapters.web.pages.preview import preview_of
from adapters.web.pages.telling import tell
from adapters.web.pages.waits import recent_waits
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
from adapters.web.signing import fingerprint, random_token
from adapters.web.uploads import ACCEPTED, Files, prints_of, uploads_of
from adapters.web.wording import page_tongue, time_of
from bot.card import Card
from bot.lifecycle.hours import staffed_from
from bot.model import Category, Place
from bot.policy import MINUTE_MS
from bot.ports import Asked, Reply, Upload
from bot.wording import plain_card

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
Line = Annotated[str, Form(max_length=200)]
_NAME_CHARS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What stands in the form; `key` makes sending it twice one question."""

    text: str = ""
    category: str = ""
    name: str = ""
    email: str = ""
    key: str = ""

    @property
    def known(self) -> tuple[tuple[str, str], ...]:
        return tuple((kind, value) for kind, value in (("name", self.name), ("email", self.email)) if value)


@router.get("/")
@router.get("/ask")
async def form(request: Request, category: str = "") -> Response:
    return await _form(request, Entries(key=random_token(), category=category[:40]))


@router.post("/ask")
async def ask(
    request: Request,
    text: Text = "",
    category: Line = "",
    name: Line = "",
    email: Line = "",
    key: Line = "",
    form_token: Line = "",
    do: Line = "preview",
    files: Files = (),
) -> Response:
    """`do` is the button: preview, ask, staff or edit. Nothing but ask and staff changes anything."""
    web, visitor = web_of(request), await current_visitor(request)
    entries = Entries(text=text, category=category, name=_one_line(name), email=_one_line(email), key=key)
    if not carries_form_token(web, visitor, form_token):
        return await _form(request, entries, page_tongue().say("no.form"), 403)
    if do == "edit":
        return await _form(request, entries)
    uploads = await uploads_of(files, web.policy)
    if do == "preview" and _fits(web, text):
        return await _preview(request, visitor, entries, had_files=bool(uploads))
    return await _ask(request, visitor, entries, uploads, staff_wanted=do == "staff")


@router.post("/ask/preview")
async def preview(
    request: Request, text: Text = "", name: Line = "", email: Line = "", form_token: Line = ""
) -> HTMLResponse:
    """The same as a piece of the form, while it is being written."""
    web, visitor = web_of(request), await current_visitor(request)
    if not carries_form_token(web, visitor, form_token):
        return HTMLResponse("", 403)
    shown = preview_of(text, Entries(name=_one_line(name), email=_one_line(email)).known)
    return page("preview_part.html", company=web.settings.company, preview=shown)


async def _ask(
    request: Request, visitor: Visitor, entries: Entries, files: tuple[Upload, ...], *, staff_wanted: bool
) -> Response:
    web = web_of(request)
    said = (entries.text, entries.category, entries.name, entries.email, str(staff_wanted), *prints_of(files))
    asked = Asked(
        key=f"web:{fingerprint('ask', visitor.id, entries.key, *said)}",
        who=await visitor_identity(web, visitor),
        text=entries.text,
        origin=Place(""),  # the customer's own page
        name=entries.name,
        category=entries.category,
        known=entries.known,
        staff_wanted=staff_wanted,
        files=files,
    )
    told = await web.hear(asked)
    assert isinstance(told, Reply), "asking needs no further form"
    assert told.receipt is not None, "asking changes something"
    if told.receipt.refused or told.receipt.question is None:
        return await _form(request, entries, plain_card(told.card), 422)
    path = link_path(web, told.receipt.question)
    response = RedirectResponse(path, 303)
    if files:
        tell(
            web, path, response, plain_card(Card(title=told.card.title, body=told.card.body, moments=told.card.moments))
        )
    remember_visitor(response, web, visitor)
    return response


async def _form(request: Request, entries: Entries, flaw: str = "", status: int = 200) -> Response:
    web, visitor = web_of(request), await current_visitor(request)
    categories = await web.views.categories()
    waits = await recent_waits(web)
    response = page(
        "ask.html",
        company=web.settings.company,
        status=status,
        entries=entries,
        flaw=flaw,
        categories=[(each, _promised(web, each)) for each in categories],
        promise=_promise(web, categories, entries.category),
        usual_minutes=max(1, round(waits.usual_ms / MINUTE_MS)) if waits else None,
        form_token=visitor_form_token(web, visitor),
        accepted=ACCEPTED,
    )
    remember_visitor(response, web, visitor)
    return response


async def _preview(request: Request, visitor: Visitor, entries: Entries, *, had_files: bool) -> Response:
    web = web_of(request)
    response = page(
        "preview.html",
        company=web.settings.company,
        entries=entries,
        preview=preview_of(entries.text, entries.known),
        promise=_promise(web, await web.views.categories(), entries.category),
        form_token=visitor_form_token(web, visitor),
        accepted=ACCEPTED,
        had_files=had_files,
    )
    remember_visitor(response, web, visitor)
    return response


def _promise(web: Web, categories: Sequence[Category], chosen: str) -> dict[str, str]:
    """When staff would answer: the chosen category's time, and while none is chosen the latest, which all can keep."""
    fitting = [each for each in categories if each.name == chosen] or categories
    if not fitting:
        return {"staff_by": "", "zone": ""}
    latest = max(fitting, key=lambda each: _promised_at(web, each))
    return {"staff_by": _promised(web, latest), "zone": latest.staff_hours.timezone}


def _promised(web: Web, category: Category) -> str:
    return time_of(_promised_at(web, category), "day", web.now(), category.staff_hours.timezone)


def _promised_at(web: Web, category: Category) -> int:
    return staffed_from(category.staff_hours, web.now(), web.policy.staff_answer_staffed_minutes)


def _fits(web: Web, text: str) -> bool:
    """What would be refused for its length need not be previewed."""
    return web.policy.question_chars_min <= len(text.strip()) <= web.policy.question_chars_max


def _one_line(text: str) -> str:
    return " ".join(text.split())
