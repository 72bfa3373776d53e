"""Rows of the database as the nouns they stand for."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.model import (
    Audience,
    Kind,
    Message,
    Notice,
    Person,
    PersonId,
    Place,
    Post,
    PostState,
    QuestionId,
)
from bot.ports import Token
from storage.codec import decode, decode_shared


def read_person(facts: str, home: str | None) -> Person:
    """The column for `home` is newer than the facts: it changes whenever the person is heard from."""
    person = decode_shared(Person, facts)
    return person if person.home == home else replace(person, home=Place(home) if home else None)


def read_message(row: Sequence[Any]) -> Message:
    question, number, author, kind, audience, to, text, shown_text, source, at, revision, redacted = row
    return Message(
        question=QuestionId(question),
        number=number,
        author=author,
        kind=Kind(kind),
        audience=Audience(audience),
        to=to,
        text=text,
        shown_text=shown_text,
        source=source,
        at=at,
        revision=revision,
        redacted=bool(redacted),
    )


def read_post(row: Sequence[Any]) -> Post:
    """An eleventh column, where there is one, is the ref of the card whose thread it is in."""
    number, notice, revision, shown, ref, state, retry_at, tries, why, wanted_at, *parent_ref = row
    return Post(
        id=number,
        notice=decode(Notice, notice),
        revision=revision,
        shown=shown,
        ref=ref,
        parent_ref=parent_ref[0] if parent_ref else None,
        state=PostState(state),
        retry_at=retry_at,
        tries=tries,
        why=why,
        wanted_at=wanted_at,
    )


def read_token(row: Sequence[Any]) -> Token:
    name, digest, client, scopes, made_at, person, expires_at, revoked_at = row
    return Token(
        id=name,
        digest=digest,
        client=client,
        scopes=tuple(json.loads(scopes)),
        made_at=made_at,
        person=PersonId(person) if person else None,
        expires_at=expires_at,
        revoked_at=revoked_at,
    )
