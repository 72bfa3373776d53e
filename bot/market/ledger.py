"""What a change books: money and points as double entry, read off the question before and after."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeGuard

from bot.change import Change
from bot.market.accounts import COMPANY, HOUSE, cause_key, escrow, payable, pending
from bot.market.causes import Cause
from bot.market.reputation import points
from bot.model import Account, Category, Payment, Person, Pocket, Question, Transfer
from bot.policy import Policy

_Entry = tuple[Account, Account, int, str]  # debit, credit, minor units, cause


def book(change: Change[Question] | Change[Person] | Change[Category], policy: Policy) -> tuple[Transfer, ...]:
    """Every transfer that the change causes, in an order in which no account falls below zero on the way."""
    if not _about_question(change):
        return ()
    return (*money(change), *points(change, policy))


def money(change: Change[Question]) -> tuple[Transfer, ...]:
    """The transfers between company, escrow, people and house, in the question's unit.

    Escrow and payments say what each account holds for this question; the company bears what is left over.
    """
    before, after = change.before, change.after
    escrow_before, payments_before = (before.escrow, before.payments) if before else (0, ())
    if (after.escrow, after.payments) == (escrow_before, payments_before):
        return ()
    transfers = tuple(
        Transfer(
            key=cause_key(after, "money", number),
            debit=debit,
            credit=credit,
            amount=amount,
            unit=after.unit,
            why=why,
            question=after.id,
        )
        for number, (debit, credit, amount, why) in enumerate(_entries(after, escrow_before, payments_before))
    )
    _check(before, after, transfers)
    return transfers


def _about_question(change: Change[Question] | Change[Person] | Change[Category]) -> TypeGuard[Change[Question]]:
    return isinstance(change.after, Question)


def _entries(after: Question, escrow_before: int, payments_before: tuple[Payment, ...]) -> Iterator[_Entry]:
    """Money comes into escrow before any leaves it."""
    held = escrow(after.id)
    gone, new = Counter(payments_before), Counter(after.payments)
    gone, new = gone - new, new - gone
    matured = Counter({each: min(count, new[_matured(each)]) for each, count in gone.items()})
    reversed_, paid = gone - matured, new - Counter({_matured(each): count for each, count in matured.items()})
    from_company = after.escrow - escrow_before + _sum(after.payments) - _sum(payments_before)

    if from_company > 0:
        yield COMPANY, held, from_company, Cause.FUNDING
    for payment in reversed_.elements():
        yield _account(payment), held, payment.amount, Cause.REVERSAL
    for payment in matured.elements():
        if payment.person:
            yield _account(payment), _account(_matured(payment)), payment.amount, Cause.MATURED
    for payment in paid.elements():
        yield held, _account(payment), payment.amount, payment.why
    if from_company < 0:
        yield held, COMPANY, -from_company, Cause.REFUND


def _matured(payment: Payment) -> Payment:
    return replace(payment, pocket=Pocket.PAYABLE)


def _account(payment: Payment) -> Account:
    if payment.person is None:
        return HOUSE
    match payment.pocket:
        case Pocket.PENDING:
            return pending(payment.person)
        case Pocket.PAYABLE:
            return payable(payment.person)


def _sum(payments: tuple[Payment, ...]) -> int:
    return sum(each.amount for each in payments)


def _check(before: Question | None, after: Question, transfers: tuple[Transfer, ...]) -> None:
    """Each account moves by just what the question says it does, so nothing is created or lost."""
    assert after.escrow >= 0, "escrow is never negative"
    assert before is None or before.unit == after.unit, "a question keeps its unit"
    assert before is None or before.revision < after.revision, "a change raises the revision, which names its transfers"
    moved: Counter[Account] = Counter()
    for transfer in transfers:
        moved[transfer.credit] += transfer.amount
        moved[transfer.debit] -= transfer.amount
    del moved[COMPANY]
    moved.subtract(_held(after))
    moved.update(_held(before) if before else {})
    assert not any(moved.values()), "the transfers and the question disagree"


def _held(question: Question) -> Counter[Account]:
    """What the accounts hold because of this question."""
    held = Counter({escrow(question.id): question.escrow})
    for payment in question.payments:
        held[_account(payment)] += payment.amount
    return held
