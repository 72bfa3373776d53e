"""Double entry: one transfer is one debit, one credit and one positive integer in minor units."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from bot.model.ids import PersonId, QuestionId

Unit = NewType("Unit", str)  # "USD", "EUR" (minor units: cents), "points"
Account = NewType("Account", str)  # company, house, pool, escrow:<Q>, pending:<P>, payable:<P>, paid:<P>, points:<P>

POINTS: Final = Unit("points")
# Minor units per major unit (ISO 4217) and the sign people write; other units are whole things with no sign.
MONEY_UNITS: Final[dict[str, tuple[int, str]]] = {
    "USD": (100, "$"),
    "EUR": (100, "€"),
    "GBP": (100, "£"),
    "CHF": (100, "CHF "),
    "PLN": (100, "zł "),
    "JPY": (1, "¥"),
}


class Pocket(StrEnum):
    """Where a person's money stands."""

    PENDING = "pending"
    PAYABLE = "payable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """`amount` moves from the account `debit` to the account `credit`.

    `key` names the cause and is unique, so that booking the same cause twice adds nothing; `why` is a stable
    word for statements ("bounty", "reversal", ...), never a sentence.
    """

    key: str
    debit: Account
    credit: Account
    amount: int
    unit: Unit
    why: str
    question: QuestionId | None = None

    def __post_init__(self) -> None:
        assert self.amount > 0, "a transfer moves a positive amount"
        assert self.debit != self.credit, "a transfer joins two accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What one person (or the house, `person` None) got for a question: kept beside it so that it can be reversed."""

    person: PersonId | None
    amount: int
    pocket: Pocket
    why: str
    at: int


def money_text(amount: int, unit: Unit) -> str:
    """`$1.40`, `-$2.00`, `¥300`, `12 gems`: an amount in minor units as people read it."""
    per_major, sign = MONEY_UNITS.get(unit, (1, ""))
    if not sign:
        return f"{amount} {unit}"
    minus = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), per_major)
    return f"{minus}{sign}{whole}.{rest:02d}" if per_major > 1 else f"{minus}{sign}{whole}"
