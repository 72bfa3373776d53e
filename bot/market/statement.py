"""What a person was paid, line by line and in sums that can be recomputed, and the list of whom to pay."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Final

from bot.market.accounts import paid, payable, pending, pocket_of, points_of
from bot.model import MONEY_UNITS, Account, Person, PersonId, Transfer, Unit
from bot.ports import StatementLine

COLUMNS: Final = ("person", "name", "amount", "unit", "minor_units")

# A spreadsheet takes a cell that begins like this for a formula; the wide signs count in some languages' versions.
_FORMULA_SIGNS: Final = tuple("=+-@\t\r\n＝＋－＠")


def sums(lines: Iterable[StatementLine]) -> Mapping[tuple[str, Unit], int]:
    """What the lines come to, by pocket ("pending", "payable", "paid", "points") and unit, in minor units."""
    found: Counter[tuple[str, Unit]] = Counter()
    for line in lines:
        found[pocket_of(line.account), line.unit] += line.amount
    return found


def statement_lines(booked: Iterable[tuple[int, Transfer]], person: PersonId) -> tuple[StatementLine, ...]:
    """The transfers of a ledger, each with when it was booked, as this person reads them.

    What moves between two of the person's own pockets is two lines, so that every pocket adds up by itself.
    """
    pockets = {make(person) for make in (pending, payable, paid, points_of)}
    return tuple(
        _line(at, transfer, account, amount)
        for at, transfer in booked
        for account, amount in ((transfer.debit, -transfer.amount), (transfer.credit, transfer.amount))
        if account in pockets
    )


def payable_csv(rows: Iterable[tuple[Person, Unit, int]]) -> str:
    """Whom to pay, as CSV (RFC 4180) with a line of headings; `amount` is in major units, `12.50`.

    Only what is above zero can be paid, so other rows are left out. Cells that a spreadsheet would take for a
    formula begin with an apostrophe (OWASP, "CSV injection").
    """
    text = StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for person, unit, amount in rows:
        if amount > 0:
            lines.writerow((_inert(person.id), _inert(person.name), _major(amount, unit), _inert(unit), amount))
    return text.getvalue()


def _line(at: int, transfer: Transfer, account: Account, amount: int) -> StatementLine:
    return StatementLine(
        at=at,
        account=account,
        amount=amount,
        unit=transfer.unit,
        why=transfer.why,
        question=transfer.question,
        key=transfer.key,
    )


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_SIGNS) else cell


def _major(amount: int, unit: Unit) -> str:
    per_major, _ = MONEY_UNITS.get(unit, (1, ""))
    whole, rest = divmod(amount, per_major)
    return f"{whole}.{rest:02d}" if per_major > 1 else str(whole)
