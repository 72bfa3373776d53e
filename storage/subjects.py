"""The part of `Work` about questions, people and categories: reading one, and saving what a decision changed."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from bot.change import Change, Due, Receipt
from bot.commands import CategoryCommand
from bot.lifecycle import verb_name
from bot.model import (
    Category,
    CategoryName,
    Identity,
    Message,
    Person,
    PersonId,
    Place,
    Question,
    QuestionId,
    StaffRole,
)
from storage.aliases import Aliases
from storage.codec import args_of, decode, decode_command, decode_shared, encode
from storage.rows import read_person

ORIGINS_FROM = 20  # questions of one customer that are looked at for ways to reach them

_LAST_BEAT = "last-beat"


class Subjects(Aliases):
    """Needs a transaction to be open on its connection."""

    # Repeats

    def receipt(self, key: str) -> Receipt | None:
        text = self.sql.receipt(self.connection, key=key)
        return self.read_receipt(text) if text else None

    def remember(self, key: str, receipt: Receipt, at: int) -> None:
        self.sql.remember(self.connection, key=key, at=at, receipt=encode(receipt))

    # Reading

    def next_question(self) -> QuestionId:
        return QuestionId(self.sql.next_value(self.connection, counter="question"))

    def question(self, question: QuestionId) -> Question | None:
        facts = self.sql.question(self.connection, question=question)
        return self.read_question(facts) if facts else None

    def person(self, person: PersonId) -> Person | None:
        row = self.sql.person(self.connection, person=person)
        return read_person(*row) if row else None

    def category(self, name: CategoryName) -> Category | None:
        facts = self.sql.category(self.connection, name=name)
        return decode_shared(Category, facts) if facts else None

    def message(self, question: QuestionId, number: int) -> Message | None:
        row = self.sql.message(self.connection, question=question, number=number)
        return self.read_message(row) if row else None

    def messages_from(self, source: Place) -> Sequence[Message]:
        return [self.read_message(row) for row in self.sql.messages_from(self.connection, source=source)]

    # Facts that rules need

    def claims_held(self, person: PersonId) -> int:
        return int(self.sql.claims_held(self.connection, person=person))

    def open_asked(self, customer: PersonId) -> int:
        return int(self.sql.open_asked(self.connection, customer=customer))

    def unfinished(self, category: CategoryName) -> Sequence[QuestionId]:
        rows = self.sql.unfinished(self.connection, category=category)
        return [QuestionId(question) for (question,) in rows]

    def unfinished_of(self, customer: PersonId) -> Sequence[QuestionId]:
        rows = self.sql.unfinished_of(self.connection, customer=customer)
        return [QuestionId(question) for (question,) in rows]

    def origins_of(self, customer: PersonId) -> Sequence[Place]:
        rows = self.sql.last_asked(self.connection, customer=customer, most=ORIGINS_FROM)
        return tuple(dict.fromkeys(decode(Question, facts).origin for (facts,) in rows))

    def master_seen(self, category: CategoryName, since: int, but: PersonId) -> bool:
        masters = self._masters(category, since)
        return any(master.id != but for master in masters)

    def person_named(self, name: str) -> PersonId | None:
        """The expert or member of staff of that name, whatever its case; else the one other person who has it."""
        rows = list(self.sql.people_named(self.connection, name_key=name_key(name)))
        if not rows or (len(rows) > 1 and not rows[0][1]):
            return None
        return PersonId(rows[0][0])

    def homes(self, people: Iterable[PersonId]) -> Mapping[PersonId, Place]:
        found = {person: self.sql.home_of(self.connection, person=person) for person in people}
        return {person: home for person, home in found.items() if home}

    def staff_homes(self, leads_only: bool = False) -> Mapping[PersonId, Place]:
        lowest = StaffRole.LEAD if leads_only else StaffRole.AGENT
        return {
            person: home
            for person, staff, home in sorted(self.sql.staff_homes(self.connection))
            if StaffRole(staff).height >= lowest.height
        }

    def master_homes(self, category: CategoryName) -> Mapping[PersonId, Place]:
        return {master.id: master.home for master in self._masters(category, since=0) if master.home}

    # Identities

    def person_of(self, who: Identity) -> PersonId | None:
        person: PersonId | None = self.sql.person_of(
            self.connection, platform=who.platform, workspace=who.workspace, external=who.external
        )
        return person

    def add_person(self, person: Person, who: Identity | None, at: int) -> None:
        self.sql.add_person(
            self.connection,
            person=person.id,
            seen_at=at,
            facts=encode(person),
            **_person_columns(person),
        )
        if who:
            self.add_identity(person.id, who, at)

    def add_identity(self, person: PersonId, who: Identity, at: int) -> None:
        self.sql.add_identity(
            self.connection,
            platform=who.platform,
            workspace=who.workspace,
            external=who.external,
            person=person,
            at=at,
        )

    def identities_of(self, person: PersonId) -> list[Identity]:
        rows = self.sql.identities_of(self.connection, person=person)
        return [Identity(platform=p, workspace=w, external=e) for p, w, e in rows]

    def seen(self, person: PersonId, at: int, home: Place | None = None) -> None:
        self.sql.seen(self.connection, person=person, at=at, home=home)

    def know(self, person: PersonId, values: Iterable[tuple[str, str]]) -> None:
        for kind, value in values:
            self.sql.know(self.connection, person=person, kind=kind, value=value)

    def known(self, person: PersonId) -> tuple[tuple[str, str], ...]:
        return tuple(self.sql.known(self.connection, person=person))

    # Writing

    def save_question(self, change: Change[Question], due: Due | None) -> None:
        """A first change adds the question; a later one must find it. Messages go with it."""
        after = change.after
        columns = {
            "question": after.id,
            "state": after.state,
            "category": after.category,
            "holder": after.holder,
            "since": after.since,
            "facts": encode(after),
            "revision": after.revision,
            "asks_staff": int(after.asks_staff),
            **_due_columns(due),
        }
        if change.before is None:
            self.sql.add_question(self.connection, customer=after.customer, asked_at=after.asked_at, **columns)
        else:
            found = self.sql.change_question(self.connection, **columns)
            assert found == 1, f"question {after.id} is not in the database"
        for message in change.messages:
            self._save_message(message)
        before = change.before.state if change.before else None
        self._note(change, "question", before, after.state, question=after.id)

    def save_person(self, change: Change[Person], due: Due | None) -> None:
        after = change.after
        if change.before is None:
            self.add_person(after, None, change.at)
        found = self.sql.change_person(
            self.connection,
            person=after.id,
            facts=encode(after),
            **_person_columns(after),
            **_due_columns(due),
        )
        assert found == 1, f"person {after.id} is not in the database"
        before = _standing(change.before) if change.before else None
        self._note(change, "person", before, _standing(after), person=after.id)

    def save_category(self, change: Change[Category], due: Due | None) -> None:
        """The category's row, and one version more, which stays for ever."""
        assert due is None, "categories have no timers"
        after, facts = change.after, encode(change.after)
        self.sql.save_category(self.connection, name=after.name, version=after.version, facts=facts)
        command = change.command
        self.sql.add_category_version(
            self.connection,
            name=after.name,
            version=after.version,
            facts=facts,
            person=change.actor.id,
            machine=change.actor.machine,
            why=command.why if isinstance(command, CategoryCommand) else "",
            at=change.at,
        )
        before = _openness(change.before) if change.before else None
        self._note(change, "category", before, _openness(after), category=after.name)

    def draft(self, question: QuestionId, person: PersonId) -> str:
        return str(self.sql.draft(self.connection, question=question, person=person) or "")

    def keep_draft(self, question: QuestionId, person: PersonId, text: str, at: int) -> None:
        if text:
            self.sql.keep_draft(self.connection, question=question, person=person, text=text, at=at)
        else:
            self.sql.forget_draft(self.connection, question=question, person=person)

    # The clock

    def due_questions(self, now: int, limit: int) -> Sequence[tuple[QuestionId, Due]]:
        return [
            (QuestionId(question), Due(at=at, command=decode_command(due)))
            for question, at, due in self.sql.due_questions(self.connection, now=now, most=limit)
        ]

    def due_since(self, since: int, until: int) -> Sequence[QuestionId]:
        rows = self.sql.due_between(self.connection, since=since, until=until)
        return [QuestionId(question) for (question,) in rows]

    def beat(self, now: int) -> int | None:
        last = self.last_beat()
        self.sql.set_setting(self.connection, key=_LAST_BEAT, value=str(now))
        return last

    def last_beat(self) -> int | None:
        last = self.sql.setting(self.connection, key=_LAST_BEAT)
        return int(last) if last else None

    def _masters(self, category: CategoryName, since: int) -> list[Person]:
        """The active masters of a category who were heard from since then. Naming no category means all."""
        rows = self.sql.masters_seen(self.connection, since=since)
        people = [read_person(facts, home) for facts, home in rows]
        return [
            person
            for person in people
            if person.expert and (not person.expert.categories or category in person.expert.categories)
        ]

    def _save_message(self, message: Message) -> None:
        self.sql.save_message(
            self.connection,
            question=message.question,
            number=message.number,
            author=message.author,
            kind=message.kind,
            audience=message.audience,
            to_person=message.to,
            text=message.text,
            shown_text=message.shown_text,
            origin=message.source,
            at=message.at,
            revision=message.revision,
            redacted=int(message.redacted),
        )

    def _note(
        self,
        change: Change[Question] | Change[Person] | Change[Category],
        subject: str,
        before: str | None,
        after: str | None,
        *,
        question: QuestionId | None = None,
        person: PersonId | None = None,
        category: CategoryName | None = None,
    ) -> None:
        self.sql.add_journal(
            self.connection,
            at=change.at,
            subject=subject,
            question=question,
            person=person,
            category=category,
            verb=verb_name(type(change.command)),
            actor=change.actor.id,
            machine=change.actor.machine,
            before_state=before,
            after_state=after,
            outcome=change.outcome,
            messages=encode([message.number for message in change.messages]),
            args=encode(args_of(change.command)),
        )


def name_key(name: str) -> str:
    """What two names have in common that people would take for the same one (Unicode NFKC, case folded)."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _person_columns(person: Person) -> dict[str, str | int | None]:
    expert = person.expert
    return {
        "name": person.name,
        "name_key": name_key(person.name),
        "member": int(bool(expert or person.staff)),
        "rank": expert.rank if expert else None,
        "standing": expert.standing if expert else None,
        "staff": person.staff,
        "home": person.home,
    }


def _due_columns(due: Due | None) -> dict[str, str | int | None]:
    return {"due_at": due.at, "due": encode(due.command)} if due else {"due_at": None, "due": None}


def _standing(person: Person) -> str | None:
    return person.expert.standing if person.expert else None


def _openness(category: Category) -> str:
    return "open" if category.open_to_experts else "closed"
