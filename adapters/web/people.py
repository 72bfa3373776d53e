"""Who is at the browser: signed-in experts and staff, or a customer without an account."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from adapters.web.adapter import Web
from adapters.web.settings import WebSettings
from adapters.web.signing import fingerprint, form_token, random_token, same, sign, signed_value
from bot.model import Identity, Person, PersonId, Place, direct_place
from bot.policy import DAY_MS, MINUTE_MS
from bot.ports import Work

SESSION_COOKIE: Final = "guildhall_session"
CUSTOMER_COOKIE: Final = "guildhall_customer"
SCOPE_KEY: Final = "guildhall.web"
DOOR_MINUTES: Final = 15
_CUSTOMER_DAYS: Final = 400  # the longest that browsers keep a cookie


def web_of(request: Request) -> Web:
    """The adapter that serves this request, also from inside a mounted application."""
    web = request.scope[SCOPE_KEY]
    assert isinstance(web, Web)
    return web


def web_identity(person: str) -> Identity:
    """How the web names a person: by the product's own id."""
    return Identity(platform="web", workspace="", external=person)


def web_place(person: str) -> Place:
    """Where one person alone reads on the web."""
    return direct_place("web", person)


async def identity_of(web: Web, person: PersonId) -> Identity:
    """The web's identity of this person, made at their first act: who came by chat or command line has none yet."""
    who = web_identity(person)

    def act(work: Work) -> None:
        if work.person_of(who) is None:  # looked at again: two first acts may come at once
            work.add_identity(person, who, web.now())

    if await web.views.person_of(who) is None:
        await web.store.run(act)
    return who


# --- experts and staff -------------------------------------------------------------------------------------------


async def current_person(request: Request) -> Person | None:
    """Whoever is signed in, as they are now: a role that was taken away is gone at the next request."""
    web = web_of(request)
    value = signed_value(web.settings.secret, "session", request.cookies.get(SESSION_COOKIE, ""))
    person, _, until = (value or "").rpartition(":")
    if not person or int(until) <= web.now():
        return None
    return await web.views.person(PersonId(person))


def sign_in(response: Response, web: Web, person: PersonId) -> None:
    until = web.now() + web.settings.session_days * DAY_MS
    value = sign(web.settings.secret, "session", f"{person}:{until}")
    _set_cookie(response, web.settings, SESSION_COOKIE, value, web.settings.session_days)


def sign_out(response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, path="/")


async def open_door(web: Web, person: PersonId) -> str:
    """The path of a link that signs this person in, once, within the next 15 minutes."""
    token = random_token()
    expires_at = web.now() + DOOR_MINUTES * MINUTE_MS
    await web.store.run(lambda work: work.add_door(_door_digest(token), person, expires_at))
    return f"/enter/{token}"


async def behind_door(web: Web, token: str) -> Person | None:
    """Whom this link would sign in; looking does not use it."""
    person = await web.store.run(lambda work: work.door(_door_digest(token), web.now()))
    return await web.views.person(person) if person else None


async def pass_door(web: Web, token: str) -> PersonId | None:
    """The same, and the link is used from now on."""
    return await web.store.run(lambda work: work.use_door(_door_digest(token), web.now()))


def _door_digest(token: str) -> str:
    return fingerprint("door", token)


# --- customers, and forms ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A browser that may belong to a customer. `person` is the customer who is signed in (local mode); everybody else
    is known by `id`, which was made up for this browser."""

    id: str
    is_new: bool
    person: PersonId | None = None


async def current_visitor(request: Request) -> Visitor:
    """The customer at this browser. Experts and staff are nobody here, so that one who tries everything alone can ask
    as a stranger would."""
    person = await current_person(request)
    secret = web_of(request).settings.secret
    known = signed_value(secret, "customer", request.cookies.get(CUSTOMER_COOKIE, ""))
    is_customer = person is not None and person.expert is None and person.staff is None
    return Visitor(
        id=known or random_token(),
        is_new=known is None,
        person=person.id if person is not None and is_customer else None,
    )


async def visitor_identity(web: Web, visitor: Visitor) -> Identity:
    return await identity_of(web, visitor.person) if visitor.person else web_identity(visitor.id)


def remember_visitor(response: Response, web: Web, visitor: Visitor) -> None:
    if visitor.is_new:
        value = sign(web.settings.secret, "customer", visitor.id)
        _set_cookie(response, web.settings, CUSTOMER_COOKIE, value, _CUSTOMER_DAYS)


def visitor_form_token(web: Web, visitor: Visitor) -> str:
    """What a form of this browser carries, so that no other site can send it in its name."""
    return form_token(web.settings.secret, visitor.id)


def carries_form_token(web: Web, visitor: Visitor, carried: str) -> bool:
    return same(carried, visitor_form_token(web, visitor))


def _set_cookie(response: Response, settings: WebSettings, name: str, value: str, days: int) -> None:
    response.set_cookie(
        name, value, max_age=days * 86_400, path="/", secure=settings.secure, httponly=True, samesite="lax"
    )
