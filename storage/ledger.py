"""The part of `Work` about money and points."""

from collections.abc import Sequence

from bot.market.accounts import pocket_of
from bot.model import Account, Transfer, Unit
from storage.queries import Connection, Queries


class Ledger:
    """Needs a transaction to be open on its connection."""

    sql: Queries
    connection: Connection

    def book(self, transfers: Sequence[Transfer], at: int) -> None:
        for transfer in transfers:
            added = self.sql.add_transfer(
                self.connection,
                key=transfer.key,
                debit=transfer.debit,
                credit=transfer.credit,
                amount=transfer.amount,
                unit=transfer.unit,
                why=transfer.why,
                question=transfer.question,
                at=at,
            )
            if added is None:
                continue  # this cause was booked before
            self._move(transfer.debit, transfer.unit, -transfer.amount)
            self._move(transfer.credit, transfer.unit, transfer.amount)

    def balance(self, account: Account, unit: Unit) -> int:
        return self.sql.balance(self.connection, account=account, unit=unit) or 0

    def _move(self, account: Account, unit: Unit, amount: int) -> None:
        self.sql.move_balance(self.connection, account=account, unit=unit, amount=amount, pocket=pocket_of(account))
