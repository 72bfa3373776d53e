"""Reads of the ledger: a person's statement and balances, whom to pay, and what an audit must judge."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from bot.market.accounts import escrow, owner_of, paid, pending, pocket_of, points_of
from bot.market.accounts import payable as payable_of
from bot.market.audit import Balance, Escrow
from bot.model import Account, PersonId, QuestionId, State, Unit
from bot.ports import Page, StatementLine
from storage.queries import Connection, Queries

_NEWEST = (2**62, 0)
_POCKETS = (pending, payable_of, paid, points_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRows:
    """The arguments of `bot.market.audit.audit`, by their names there."""

    totals: Mapping[Unit, int]
    mismatches: Sequence[Balance]
    escrow_left: Sequence[Escrow]
    negatives: Sequence[Balance]
    repeated: Sequence[tuple[str, int]]


def statement_page(
    sql: Queries, connection: Connection, person: PersonId, *, after: str | None, limit: int
) -> Page[StatementLine]:
    """The newest first; a page continues after "transfer.side", since one transfer can be two lines."""
    start = _key(after) if after else _NEWEST
    sides = [part for make in _POCKETS for part in _sides(sql, connection, make(person), upto=start[0], most=limit + 2)]
    later = (each for each in merge(*sides, key=_age, reverse=True) if not after or _age(each) < start)
    found = list(islice(later, limit + 1))
    rows = [line for _, line in found[:limit]]
    return Page(rows=rows, after=".".join(map(str, found[limit - 1][0])) if len(found) > limit else None)


def balances_of(sql: Queries, connection: Connection, person: PersonId) -> Mapping[tuple[str, Unit], int]:
    accounts = [make(person) for make in _POCKETS]
    return {
        (pocket_of(account), Unit(unit)): amount
        for account in accounts
        for unit, amount in sql.balances_of(connection, account=account)
    }


def payable(sql: Queries, connection: Connection) -> Iterator[tuple[PersonId, Unit, int]]:
    for account, unit, amount in sorted(sql.payable(connection)):
        yield PersonId(owner_of(account)), Unit(unit), amount


def audit_rows(sql: Queries, connection: Connection) -> AuditRows:
    """Only rows that can be wrong, and the sum of every unit."""
    booked = {(account, unit): amount for account, unit, amount in sql.booked_balances(connection)}
    kept = {(account, unit): amount for account, unit, amount in sql.kept_balances(connection)}
    totals: Counter[Unit] = Counter()
    for (_, unit), amount in booked.items():
        totals[Unit(unit)] += amount
    both = [
        Balance(
            account=Account(account),
            unit=Unit(unit),
            kept=kept.get((account, unit), 0),
            booked=booked.get((account, unit), 0),
        )
        for account, unit in sorted(kept.keys() | booked.keys())
    ]
    return AuditRows(
        totals=totals,
        mismatches=[row for row in both if row.kept != row.booked],
        escrow_left=list(_escrow_left(sql, connection, booked)),
        negatives=[row for row in both if row.kept < 0 or row.booked < 0],
        repeated=list(sql.repeated_keys(connection)),
    )


_Key = tuple[int, int]


def _key(text: str) -> _Key:
    transfer, side = text.split(".")
    return int(transfer), int(side)


def _age(line: tuple[_Key, StatementLine]) -> _Key:
    return line[0]


def _sides(
    sql: Queries, connection: Connection, account: Account, *, upto: int, most: int
) -> tuple[list[tuple[_Key, StatementLine]], list[tuple[_Key, StatementLine]]]:
    given = sql.given_to(connection, account=account, upto=upto, most=most)
    taken = sql.taken_from(connection, account=account, upto=upto, most=most)
    return (
        [_line(row, account, 1) for row in given],
        [_line(row, account, -1) for row in taken],
    )


def _line(
    row: tuple[int, str, int, str, str, int | None, int], account: Account, sign: int
) -> tuple[_Key, StatementLine]:
    transfer, key, amount, unit, why, question, at = row
    line = StatementLine(
        at=at,
        account=account,
        amount=sign * amount,
        unit=Unit(unit),
        why=why,
        question=QuestionId(question) if question else None,
        key=key,
    )
    return (transfer, int(sign > 0)), line


def _escrow_left(sql: Queries, connection: Connection, booked: Mapping[tuple[str, str], int]) -> Iterator[Escrow]:
    """Every question that has something set aside, by its own account or by the ledger's."""
    in_ledger: dict[str, list[tuple[str, int]]] = {}
    for (account, unit), amount in booked.items():
        if pocket_of(Account(account)) == "escrow" and amount:
            in_ledger.setdefault(account, []).append((unit, amount))
    for number, state, facts in sql.escrow_questions(connection):
        fields = json.loads(facts)
        amounts = dict(in_ledger.pop(escrow(QuestionId(number)), ()))
        if fields["escrow"]:
            amounts.setdefault(fields["unit"], 0)
        for unit, amount in amounts.items():
            yield Escrow(
                question=QuestionId(number),
                state=State(state),
                unit=Unit(unit),
                kept=fields["escrow"] if unit == fields["unit"] else 0,
                booked=amount,
            )
