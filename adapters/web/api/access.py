"""Who calls the API and with what rights: checked at every request against the person as they are now."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from adapters.web.people import web_of
from adapters.web.refusals import Refused
from adapters.web.tokens import PREFIX, Scope, is_valid, token_digest
from bot.model import Person, Standing
from bot.ports import Token

SCHEME_NAME: Final = "token"
_SCHEME: Final = HTTPBearer(
    scheme_name=SCHEME_NAME,
    bearerFormat="gh_...",
    description="A token from `guildhall token create`. It names a program, its scopes and perhaps a person.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A program with a valid token. `scopes` are those of its token that its person still has the role for."""

    token: Token
    scopes: frozenset[Scope]
    person: Person | None

    def has(self, *scopes: Scope) -> bool:
        return bool(self.scopes.intersection(scopes))


async def authenticated(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)]
) -> Caller:
    """Raises Refused with 401 when there is no valid token."""
    if credentials is None:
        raise _unknown("Send a token as `Authorization: Bearer gh_...`; `guildhall token create` makes one.", "")
    web, now = web_of(request), web_of(request).now()
    digest = token_digest(credentials.credentials)
    token = await web.store.run(lambda work: work.token(digest)) if credentials.credentials.startswith(PREFIX) else None
    if token is None:
        raise _unknown("This token is not known here. Check that it was copied whole.", "invalid_token")
    if not is_valid(token, now):
        what = "was revoked" if token.revoked_at is not None else "has expired"
        raise _unknown(f"This token {what}. Ask for a new one: `guildhall token create`.", "invalid_token")
    person = await web.views.person(token.person) if token.person else None
    return Caller(token=token, scopes=_standing_scopes(token, person), person=person)


def requires(*scopes: Scope) -> Callable[[Caller], Coroutine[Any, Any, Caller]]:
    """A dependency: a caller with at least one of these scopes. Raises Refused with 403 for any other."""

    async def caller_with_scope(caller: Annotated[Caller, Depends(authenticated)]) -> Caller:
        if not caller.has(*scopes):
            raise Refused(
                403, "scope", _scope_sentence(caller, scopes), more={"scopes": [str(each) for each in scopes]}
            )
        return caller

    caller_with_scope.scopes = scopes  # type: ignore[attr-defined]
    return caller_with_scope


def scopes_of(dependant: Dependant) -> tuple[Scope, ...]:
    """The scopes that an operation asks for, any one of them, read off its dependencies."""
    found = (getattr(each.call, "scopes", None) for each in dependant.dependencies)
    return next((scopes for scopes in found if scopes is not None), ())


def _standing_scopes(token: Token, person: Person | None) -> frozenset[Scope]:
    scopes = {Scope(each) for each in token.scopes}
    if person is not None and person.blocked:  # as in the workspace
        return frozenset(scopes - {Scope.EXPERT, Scope.STAFF})
    if person is None or person.staff is None:
        scopes.discard(Scope.STAFF)
    is_expert = person is not None and person.expert is not None and person.expert.standing is Standing.ACTIVE
    # Staff act as staff: the product would give them staff rights under whatever scope.
    if not is_expert or (person is not None and person.staff is not None):
        scopes.discard(Scope.EXPERT)
    return frozenset(scopes)


def _scope_sentence(caller: Caller, scopes: tuple[Scope, ...]) -> str:
    wanted = " or ".join(f"`{each}`" for each in scopes)
    if any(each in caller.token.scopes for each in scopes):
        return f"This needs the scope {wanted}, and the person of this token no longer has that role."
    return f"This needs a token with the scope {wanted}. This one has {', '.join(caller.token.scopes)}."


def _unknown(sentence: str, error: str) -> Refused:
    challenge = 'Bearer realm="guildhall"' + (f', error="{error}"' if error else "")
    return Refused(401, "token", sentence, headers={"www-authenticate": challenge})
