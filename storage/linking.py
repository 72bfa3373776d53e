"""The part of `Work` about people who turn out to be one: the codes by which they say so, and the join."""

from collections.abc import Mapping, Sequence

from bot.model import PersonId, QuestionId, Unit
from storage.books import balances_of
from storage.subjects import Subjects


class Linking(Subjects):
    """Needs a transaction to be open on its connection."""

    def save_link_code(self, person: PersonId, digest: str, expires_at: int) -> None:
        self.sql.save_link_code(self.connection, person=person, digest=digest, expires_at=expires_at)

    def link_code_of(self, digest: str, now: int) -> PersonId | None:
        person: PersonId | None = self.sql.link_code_of(self.connection, digest=digest, now=now)
        return person

    def note_wrong_code(self, person: PersonId, at: int, forget_before: int) -> None:
        self.sql.forget_wrong_codes(self.connection, person=person, before=forget_before)
        self.sql.add_wrong_code(self.connection, person=person, at=at)

    def wrong_codes(self, person: PersonId, since: int) -> Sequence[int]:
        return [at for (at,) in self.sql.wrong_codes(self.connection, person=person, since=since)]

    def held_by(self, person: PersonId) -> Sequence[QuestionId]:
        return [QuestionId(question) for (question,) in self.sql.held_by(self.connection, person=person)]

    def balances(self, person: PersonId) -> Mapping[tuple[str, Unit], int]:
        return balances_of(self.sql, self.connection, person)

    def join(self, person: PersonId, into: PersonId, at: int) -> None:
        """Rows by which people are found change hands. What was written, booked and noted stays as it is, and is read
        under the new id: see `Aliases`."""
        assert person != into, "nobody is joined with themselves"
        sql, connection, moved = self.sql, self.connection, {"person": person, "into": into}
        sql.join_person(connection, **moved)
        sql.move_identities(connection, **moved)
        sql.move_asked(connection, **moved)
        sql.move_held(connection, **moved)
        sql.move_tokens(connection, **moved)
        sql.move_doors(connection, **moved)
        sql.move_wrong_codes(connection, **moved)
        self._move_drafts(person, into, at)
        self.know(into, self.known(person))
        sql.forget_known(connection, person=person)
        for each in (person, into):
            sql.forget_link_code(connection, person=each)
        self._forget_aliases()

    def _move_drafts(self, person: PersonId, into: PersonId, at: int) -> None:
        for number, text in list(self.sql.drafts_of(self.connection, person=person)):
            question = QuestionId(number)
            kept = self.draft(question, into)
            if text.strip() not in kept:
                self.keep_draft(question, into, f"{kept}\n\n{text}" if kept else text, at)
        self.sql.forget_drafts(self.connection, person=person)
