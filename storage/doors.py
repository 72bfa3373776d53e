"""The part of `Work` about who may come in: programs' tokens, one-time links, requests with keys; and settings."""

import json
from collections.abc import Sequence

from bot.model import PersonId, QuestionId
from bot.ports import SavedRequest, Token
from storage.queries import Connection, Queries
from storage.rows import read_token


class Doors:
    """Needs a transaction to be open on its connection."""

    sql: Queries
    connection: Connection

    def save_token(self, token: Token) -> None:
        self.sql.save_token(
            self.connection,
            id=token.id,
            digest=token.digest,
            client=token.client,
            scopes=json.dumps(token.scopes),
            made_at=token.made_at,
            person=token.person,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
        )

    def token(self, digest: str) -> Token | None:
        row = self.sql.token(self.connection, digest=digest)
        return read_token(row) if row else None

    def tokens(self) -> Sequence[Token]:
        return [read_token(row) for row in self.sql.tokens(self.connection)]

    def add_door(self, digest: str, person: PersonId, expires_at: int) -> None:
        self.sql.add_door(self.connection, digest=digest, person=person, expires_at=expires_at)

    def door(self, digest: str, now: int) -> PersonId | None:
        person: PersonId | None = self.sql.door(self.connection, digest=digest, now=now)
        return person

    def use_door(self, digest: str, now: int) -> PersonId | None:
        person: PersonId | None = self.sql.use_door(self.connection, digest=digest, now=now)
        return person

    def saved_request(self, key: str) -> SavedRequest | None:
        row = self.sql.saved_request(self.connection, key=key)
        if row is None:
            return None
        fingerprint, at, status, body = row
        return SavedRequest(fingerprint=fingerprint, at=at, status=status, body=body)

    def open_request(self, key: str, fingerprint: str, at: int) -> None:
        self.sql.open_request(self.connection, key=key, fingerprint=fingerprint, at=at)

    def answer_request(self, key: str, status: int, body: str) -> None:
        self.sql.answer_request(self.connection, key=key, status=status, body=body)

    def forget_requests(self, before: int) -> None:
        self.sql.forget_requests(self.connection, before=before)

    def setting(self, key: str) -> str | None:
        value: str | None = self.sql.setting(self.connection, key=key)
        return value

    def set_setting(self, key: str, value: str) -> None:
        self.sql.set_setting(self.connection, key=key, value=value)

    def log_reveal(self, staff: PersonId, question: QuestionId | None, message: int | None, why: str, at: int) -> None:
        self.sql.add_reveal(self.connection, at=at, person=staff, question=question, message=message, why=why)
