"""`Work` on a database: everything one transaction can read and write, and how words are blanked in every copy."""

import secrets
from collections.abc import Callable, Mapping

from bot.model import Person, PersonId, QuestionId
from storage.codec import encode
from storage.doors import Doors
from storage.filing import Filing
from storage.ledger import Ledger
from storage.linking import Linking
from storage.posting import Posting
from storage.queries import Connection, Queries

ERASED = "erased"


class SqlWork(Linking, Posting, Ledger, Doors, Filing):
    """`bot.ports.Work`, for whoever has a connection with a transaction open on it.

    Whoever commits then makes the `calls` on the event loop.
    """

    def __init__(self, sql: Queries, connection: Connection) -> None:
        super().__init__(sql, connection)
        self.calls: list[Callable[[], None]] = []

    def after_commit(self, call: Callable[[], None]) -> None:
        self.calls.append(call)

    def erase_person(self, person: PersonId, at: int) -> Mapping[str, int]:
        """Journal and ledger stay and name nobody: their ids are random. Erasing twice reaches nothing more."""
        person = self.now_known_as(person)
        written = [(QuestionId(question), number) for question, number in self._written(person)]
        reached = {
            "messages": sum(self._blank(*message) for message in written),
            "files": sum(self.remove_files(*message) for message in written),
            "drafts": self.sql.forget_drafts(self.connection, person=person),
            "known values": self.sql.forget_known(self.connection, person=person),
            "identities": self._disguise(person),
            # Also where words were blank already: the name that stands above them has gone too.
            "posts": sum(self.show_anew(question) for question in {question for question, _ in written})
            + sum(self.say_anew(*message) for message in written),
        }
        for each in self.ids_of(person):
            self._forget_facts(each, at)
        self.sql.forget_link_code(self.connection, person=person)
        self.sql.forget_wrong_codes(self.connection, person=person, before=at)
        self.sql.revoke_tokens(self.connection, person=person, at=at)
        self.sql.close_doors(self.connection, person=person)
        return reached

    def _written(self, person: PersonId) -> list[tuple[int, int]]:
        ids = self.ids_of(person)
        return [row for author in ids for row in self.sql.written_by(self.connection, author=author)]

    def _blank(self, question: QuestionId, number: int) -> int:
        return int(self.sql.redact_message(self.connection, question=question, number=number))

    def _disguise(self, person: PersonId) -> int:
        """Whoever speaks from the same account again is somebody new."""
        named = [who for who in self.identities_of(person) if not who.external.startswith(f"{ERASED}:")]
        for who in named:
            self.sql.disguise_identity(
                self.connection,
                platform=who.platform,
                workspace=who.workspace,
                external=who.external,
                tombstone=f"{ERASED}:{secrets.token_hex(16)}",
            )
        return len(named)

    def _forget_facts(self, person: PersonId, at: int) -> None:
        nobody = Person(id=person, name=ERASED, blocked=True)
        self.sql.erase_person(self.connection, person=person, name=ERASED, at=at, facts=encode(nobody))
