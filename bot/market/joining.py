"""What two people own when they turn out to be one: every pocket of the one is emptied into the same of the other."""

from collections.abc import Mapping
from typing import Final

from bot.market.accounts import paid, payable, pending, points_of
from bot.market.causes import Cause
from bot.model import PersonId, Transfer, Unit

_ACCOUNTS: Final = {"pending": pending, "payable": payable, "paid": paid, "points": points_of}


def join_balances(balances: Mapping[tuple[str, Unit], int], person: PersonId, into: PersonId) -> tuple[Transfer, ...]:
    """The transfers, keyed by who was joined: nobody is joined twice, and a repeat adds nothing. `balances` are those
    of `person`, in minor units; points that fell below zero move as well."""
    return tuple(
        Transfer(
            key=f"link/{person}/{pocket}/{unit}",
            debit=_ACCOUNTS[pocket](person if amount > 0 else into),
            credit=_ACCOUNTS[pocket](into if amount > 0 else person),
            amount=abs(amount),
            unit=unit,
            why=Cause.JOINED,
        )
        for (pocket, unit), amount in sorted(balances.items())
        if amount
    )
