"""The proof that money is neither created nor lost: what stands in the books against what must stand there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from bot.market.accounts import NEVER_NEGATIVE, pocket_of
from bot.model import Account, QuestionId, State, Unit, money_text, spoken_number

_FINISHED = frozenset({State.SOLVED, State.CLOSED})


class Check(StrEnum):
    """What the audit looks at."""

    ZERO_SUM = "zero-sum"
    BALANCE = "balance"
    ESCROW = "escrow"
    NEGATIVE = "negative"
    KEY = "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One account in one unit: the balance that is kept, and the sum of what was `booked`, in minor units."""

    account: Account
    unit: Unit
    kept: int
    booked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Escrow:
    """One question's escrow: as the question says (`kept`) and as the ledger says (`booked`), in minor units."""

    question: QuestionId
    state: State
    unit: Unit
    kept: int
    booked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something is wrong: `about` is the unit, account, question or key, `sentence` says what to do."""

    check: Check
    about: str
    sentence: str


def audit(
    totals: Mapping[Unit, int],
    mismatches: Iterable[Balance],
    escrow_left: Iterable[Escrow],
    negatives: Iterable[Balance],
    repeated: Iterable[tuple[str, int]] = (),
) -> tuple[Finding, ...]:
    """Everything that is wrong, nothing when all is well.

    `totals` are the sums of all transfers' ends by unit; `repeated` are keys with how often each was booked. Every
    row is judged here, so it is enough that all suspicious ones are among those given.
    """
    return tuple(
        chain(
            _off_zero(totals),
            chain.from_iterable(map(_mismatch, mismatches)),
            chain.from_iterable(map(_escrow, escrow_left)),
            chain.from_iterable(map(_negative, negatives)),
            _repeated(repeated),
        )
    )


def _off_zero(totals: Mapping[Unit, int]) -> Iterator[Finding]:
    for unit, total in totals.items():
        if total:
            yield Finding(
                check=Check.ZERO_SUM,
                about=unit,
                sentence=f"All accounts in {unit} together come to {money_text(total, unit)} instead of nothing. "
                "Pay nobody, and compare with the last backup which transfer or balance was changed.",
            )


def _mismatch(row: Balance) -> Iterator[Finding]:
    if row.kept != row.booked:
        yield Finding(
            check=Check.BALANCE,
            about=row.account,
            sentence=f"{row.account} is kept as {money_text(row.kept, row.unit)}, but its transfers come to "
            f"{money_text(row.booked, row.unit)}. "
            "The transfers count: pay nothing from this account until its balance is set to their sum.",
        )


def _escrow(row: Escrow) -> Iterator[Finding]:
    number = spoken_number(row.question)
    kept, booked = money_text(row.kept, row.unit), money_text(row.booked, row.unit)
    if row.kept != row.booked:
        yield Finding(
            check=Check.ESCROW,
            about=number,
            sentence=f"{number} says that {kept} is set aside for it, but the ledger says {booked}. "
            "Leave it as it is, and compare its history with its transfers.",
        )
    if row.state in _FINISHED and row.booked:
        yield Finding(
            check=Check.ESCROW,
            about=number,
            sentence=f"{number} is {row.state}, but {booked} is still set aside for it. "
            "Reopen it and close it again: what nobody earned then goes back to the company.",
        )


def _negative(row: Balance) -> Iterator[Finding]:
    lowest = min(row.kept, row.booked)
    if lowest < 0 and pocket_of(row.account) in NEVER_NEGATIVE:
        yield Finding(
            check=Check.NEGATIVE,
            about=row.account,
            sentence=f"More went out of {row.account} than came in: it stands at {money_text(lowest, row.unit)}. "
            "Pay nothing from it, and look through its transfers for the one that should not be there.",
        )


def _repeated(keys: Iterable[tuple[str, int]]) -> Iterator[Finding]:
    for key, times in keys:
        if times > 1:
            yield Finding(
                check=Check.KEY,
                about=key,
                sentence=f"The transfer {key} is booked {times} times. "
                "Pay nobody it names, and keep the first; the others must be taken back by transfers of their own.",
            )
