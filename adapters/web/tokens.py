"""Keys for programs: made once, shown once, and known afterwards only by their SHA-256."""

import hashlib
import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from adapters.web.signing import random_token
from bot.model import PersonId
from bot.ports import Token

PREFIX: Final = "gh_"


class Scope(StrEnum):
    """What a program may do with its key."""

    ASK = "ask"  # ask for its own customers, and reply, judge and withdraw for them
    READ = "read"  # read what its own customers asked and were answered
    EXPERT = "expert"  # do what the key's person does as an expert
    STAFF = "staff"  # do what the key's person does as staff


def new_token(
    client: str,
    scopes: Iterable[Scope],
    *,
    at: int,
    person: PersonId | None = None,
    expires_at: int | None = None,
) -> tuple[str, Token]:
    """A new key: the secret, which nobody can look up again, and what is kept of it.

    `client` names the program; two keys with the same client share their customers. Raises ValueError for an
    empty client, no scope, or a scope that needs a person where none is named.
    """
    wanted = tuple(sorted(set(scopes)))
    if not client.strip() or not wanted:
        raise ValueError("a token needs the name of its program and at least one scope")
    if person is None and {Scope.EXPERT, Scope.STAFF} & set(wanted):
        raise ValueError("the scopes expert and staff need the person the program acts for")
    secret = PREFIX + random_token()
    token = Token(
        id=secrets.token_hex(6),
        digest=token_digest(secret),
        client=client.strip(),
        scopes=wanted,
        made_at=at,
        person=person,
        expires_at=expires_at,
    )
    return secret, token


def token_digest(secret: str) -> str:
    """A plain hash is enough: 256 random bits cannot be tried out."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_valid(token: Token, now: int) -> bool:
    return token.revoked_at is None and (token.expires_at is None or now < token.expires_at)
