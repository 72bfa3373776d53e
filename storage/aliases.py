"""Reads rows that name people by ids of the past: whoever was joined with somebody is told apart from nobody else."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.change import Receipt
from bot.model import Answer, Message, Payment, PersonId, Question
from storage.codec import decode
from storage.queries import Connection, Queries
from storage.rows import read_message


class Aliases:
    """Needs a transaction to be open on its connection.

    Nothing that names somebody is rewritten when two people turn out to be one: here it gets the id they have now.
    """

    def __init__(self, sql: Queries, connection: Connection) -> None:
        self.sql = sql
        self.connection = connection
        self._joined: bool | None = None
        self._known_as: dict[PersonId, PersonId] = {}

    def now_known_as(self, person: PersonId) -> PersonId:
        """Who that is by now: themselves, unless they were joined with somebody."""
        if not self._anybody_joined():
            return person
        if person not in self._known_as:
            self._known_as[person] = self.sql.joined_with(self.connection, person=person) or person
        return self._known_as[person]

    def ids_of(self, person: PersonId) -> list[PersonId]:
        """Every id under which this person wrote: the present one first."""
        if not self._anybody_joined():
            return [person]
        rows = self.sql.joined_into(self.connection, person=person)
        return [person, *(PersonId(each) for (each,) in rows)]

    def read_question(self, facts: str) -> Question:
        question = decode(Question, facts)
        return self._renamed(question) if self._anybody_joined() else question

    def read_message(self, row: Sequence[Any]) -> Message:
        message = read_message(row)
        if not self._anybody_joined():
            return message
        return replace(message, author=self._maybe(message.author), to=self._maybe(message.to))

    def read_receipt(self, text: str) -> Receipt:
        receipt = decode(Receipt, text)
        return replace(receipt, actor=self._maybe(receipt.actor), person=self._maybe(receipt.person))

    def _anybody_joined(self) -> bool:
        """Most houses never join anybody, and then reading costs them nothing."""
        if self._joined is None:
            self._joined = self.sql.anybody_joined(self.connection) is not None
        return self._joined

    def _forget_aliases(self) -> None:
        self._joined = None
        self._known_as.clear()

    def _maybe(self, person: PersonId | None) -> PersonId | None:
        return None if person is None else self.now_known_as(person)

    def _renamed(self, question: Question) -> Question:
        now_as, escalation = self.now_known_as, question.escalation
        return replace(
            question,
            customer=now_as(question.customer),
            holder=self._maybe(question.holder),
            passed=tuple(dict.fromkeys(now_as(each) for each in question.passed)),
            answers=tuple(self._answer(each) for each in question.answers),
            files=tuple(replace(each, author=now_as(each.author)) for each in question.files),
            escalation=replace(escalation, by=now_as(escalation.by)) if escalation else None,
            payments=tuple(self._payment(each) for each in question.payments),
        )

    def _answer(self, answer: Answer) -> Answer:
        return replace(answer, author=self.now_known_as(answer.author), reviewer=self._maybe(answer.reviewer))

    def _payment(self, payment: Payment) -> Payment:
        return replace(payment, person=self._maybe(payment.person))
