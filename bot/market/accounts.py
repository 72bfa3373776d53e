"""The names of the ledger's accounts, and the names of its causes."""

from typing import Final

from bot.model import Account, PersonId, Question, QuestionId

COMPANY: Final = Account("company")  # who pays for it all: may go negative
HOUSE: Final = Account("house")  # who runs it
POOL: Final = Account("pool")  # where points come from

# Accounts out of which nothing can go that did not come in first; points may fall below zero.
NEVER_NEGATIVE: Final = frozenset({"escrow", "pending", "payable", "paid"})


def escrow(question: QuestionId) -> Account:
    return Account(f"escrow:{question}")


def pending(person: PersonId) -> Account:
    return Account(f"pending:{person}")


def payable(person: PersonId) -> Account:
    return Account(f"payable:{person}")


def paid(person: PersonId) -> Account:
    return Account(f"paid:{person}")


def points_of(person: PersonId) -> Account:
    return Account(f"points:{person}")


def pocket_of(account: Account) -> str:
    """`payable` for `payable:P`, `house` for `house`: what kind of account it is."""
    return account.partition(":")[0]


def owner_of(account: Account) -> str:
    """`P` for `payable:P`, `17` for `escrow:17`, nothing for the accounts that there is one of."""
    return account.partition(":")[2]


def cause_key(after: Question, part: str, number: int) -> str:
    """Names the `number`th transfer of `part` ("money", "points") in the change that led to `after`.

    A question's revision rises with every change, so no other change makes the same key, and the same change
    booked again makes no other.
    """
    return f"Q{after.id}/{after.revision}/{part}/{number}"
