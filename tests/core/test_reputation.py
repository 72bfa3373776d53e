"""Points and ranks: a row for each sentence of the rules."""

from dataclasses import replace

import pytest

from bot.commands import Close, Helped, NotYet, QuestionCommand, Reopen, Settle, Silence
from bot.market.ledger import book
from bot.market.pay import mature, pay_answer, reverse
from bot.market.reputation import next_rank, points
from bot.model import CloseReason, Complaint, Expert, Pocket, Question, Rank, Standing, State, Transfer
from bot.policy import HOUR_MS, Policy
from tests.core.paying import ANA, BO, CUSTOMER, NOW, NUMBER, POLICY, STAFF, answer, asked, changed

HELPED = Helped(question=NUMBER, message=2)
SILENCE = Silence(question=NUMBER)
SETTLE = Settle(question=NUMBER)


def not_yet(complaint: Complaint) -> NotYet:
    return NotYet(question=NUMBER, message=2, complaint=complaint)


def scored(
    before: Question, after: Question, command: QuestionCommand, at: int = NOW, policy: Policy = POLICY
) -> list[tuple[str, int, str]]:
    """Whose points change, by how much, and why."""
    return [read(each) for each in points(changed(before, after, command, at), policy)]


def read(transfer: Transfer) -> tuple[str, int, str]:
    assert transfer.unit == "points"
    if transfer.debit == "pool":
        return transfer.credit, transfer.amount, transfer.why
    assert transfer.credit == "pool"
    return transfer.debit, -transfer.amount, transfer.why


def helped(question: Question) -> Question:
    solved = replace(question, state=State.SOLVED, solved_at=NOW, confirmed=True)
    return pay_answer(solved, POLICY, NOW, Pocket.PENDING, True)


def silent(question: Question) -> Question:
    solved = replace(question, state=State.SOLVED, solved_at=NOW)
    return pay_answer(solved, POLICY, NOW, Pocket.PAYABLE, True)


def reopened(question: Question) -> Question:
    undone = reverse(question, POLICY, NOW)
    rejected = tuple(replace(each, rejected=True) for each in undone.answers)
    return replace(undone, state=State.CLAIMED, answers=rejected, solved_at=None, confirmed=False)


ANSWERED = asked(200, answer(ANA))
SOLVED = helped(ANSWERED)
FREE = asked(0, answer(ANA))


@pytest.mark.parametrize("question", [ANSWERED, FREE], ids=["paid", "for free"])
def test_helped_earns_ten_points(question: Question) -> None:
    assert scored(question, helped(question), HELPED) == [("points:ana", 10, "helped")]


def test_only_the_answer_that_helped_earns_points() -> None:
    question = asked(200, answer(BO, 2), answer(ANA, 3))
    assert scored(question, helped(question), HELPED) == [("points:ana", 10, "helped")]


def test_silence_is_no_verdict() -> None:
    assert scored(ANSWERED, silent(ANSWERED), SILENCE) == []
    quiet = silent(ANSWERED)
    assert scored(quiet, replace(quiet, settled=True), SETTLE) == []


def test_a_verdict_after_silence_counts_when_it_comes() -> None:
    quiet = silent(ANSWERED)
    assert scored(quiet, replace(quiet, confirmed=True), HELPED) == [("points:ana", 10, "helped")]


def test_saying_it_twice_earns_once() -> None:
    assert scored(SOLVED, SOLVED, HELPED) == []
    settled = replace(SOLVED, settled=True)
    assert scored(settled, settled, SETTLE) == []


@pytest.mark.parametrize("before", [SOLVED, helped(FREE)], ids=["paid", "for free"])
def test_seven_quiet_days_after_helped_earn_fifteen_points(before: Question) -> None:
    assert scored(before, replace(before, settled=True), SETTLE) == [("points:ana", 15, "settled")]


@pytest.mark.parametrize("question", [asked(200, answer(STAFF, by_staff=True)), asked(200, answer(CUSTOMER))])
def test_staff_and_askers_earn_none(question: Question) -> None:
    solved = helped(question)
    assert scored(question, solved, HELPED) == []
    assert scored(solved, replace(solved, settled=True), SETTLE) == []
    assert scored(solved, reopened(solved), not_yet(Complaint.DID_NOT_WORK)) == []


@pytest.mark.parametrize(
    ("complaint", "cost"),
    [
        (Complaint.DID_NOT_WORK, [("points:ana", -5, "reopened")]),
        (Complaint.NOT_UNDERSTOOD, [("points:ana", -5, "reopened")]),
        (Complaint.OTHER_TOPIC, []),
        (Complaint.SOMEONE_ELSE, []),
    ],
)
def test_reopening_costs_five_points_when_the_answer_was_the_cause(
    complaint: Complaint, cost: list[tuple[str, int, str]]
) -> None:
    pending_still, payable_now = SOLVED, mature(SOLVED, NOW)
    undone = ("points:ana", -10, "reversal")
    assert scored(pending_still, reopened(pending_still), not_yet(complaint)) == [undone, *cost]
    assert scored(payable_now, reopened(payable_now), not_yet(complaint)) == cost
    assert scored(silent(ANSWERED), reopened(silent(ANSWERED)), not_yet(complaint)) == cost


@pytest.mark.parametrize(("hours", "expected"), [(71, [("points:ana", -10, "reversal")]), (73, [])])
def test_where_no_money_is_pending_the_clock_says_whether_points_are_undone(
    hours: int, expected: list[tuple[str, int, str]]
) -> None:
    before = helped(FREE)
    at = NOW + hours * HOUR_MS
    assert scored(before, reopened(before), not_yet(Complaint.OTHER_TOPIC), at) == expected


def test_points_go_back_with_the_money_however_late_the_clock_is() -> None:
    at = NOW + 100 * HOUR_MS
    assert scored(SOLVED, reopened(SOLVED), not_yet(Complaint.OTHER_TOPIC), at) == [("points:ana", -10, "reversal")]


def test_points_go_back_to_whom_they_came_from_though_staff_answered_since() -> None:
    since = replace(SOLVED, answers=(*SOLVED.answers, answer(STAFF, 3, by_staff=True)))
    assert scored(since, reopened(since), not_yet(Complaint.OTHER_TOPIC)) == [("points:ana", -10, "reversal")]


def test_only_the_newest_solution_loses_its_points() -> None:
    first = replace(SOLVED, state=State.ANSWERED, escrow=200, answers=(*SOLVED.answers, answer(BO, 3, at=NOW + 5)))
    second = pay_answer(replace(first, state=State.SOLVED), POLICY, NOW + 9, Pocket.PENDING, True)
    assert scored(second, reopened(second), not_yet(Complaint.OTHER_TOPIC)) == [("points:bo", -10, "reversal")]


def test_an_answer_that_was_not_accepted_yet_costs_nothing() -> None:
    assert scored(ANSWERED, reopened(ANSWERED), not_yet(Complaint.DID_NOT_WORK)) == []


def test_other_verbs_move_no_points() -> None:
    closed = replace(SOLVED, state=State.CLOSED)
    assert scored(SOLVED, closed, Close(question=NUMBER, reason=CloseReason.DONE)) == []
    assert scored(SOLVED, reopened(SOLVED), Reopen(question=NUMBER)) == []


def test_points_switched_off_are_not_booked() -> None:
    assert scored(ANSWERED, SOLVED, HELPED, policy=Policy(helped_points=0)) == []


def test_undone_points_are_booked_with_the_money_they_follow() -> None:
    after = replace(reopened(SOLVED), revision=1)
    transfers = book(changed(SOLVED, after, not_yet(Complaint.DID_NOT_WORK)), POLICY)
    assert [(each.debit, each.amount, each.why) for each in transfers] == [
        ("pending:ana", 140, "reversal"),
        ("house", 60, "reversal"),
        ("points:ana", 10, "reversal"),
        ("points:ana", 5, "reopened"),
    ]
    assert len({each.key for each in transfers}) == 4


YES, NO = True, False


@pytest.mark.parametrize(
    ("expert", "earned"),
    [
        (Expert(reviews=(YES,) * 9), None),
        (Expert(reviews=(YES,) * 10), Rank.JOURNEYMAN),
        (Expert(reviews=(NO, NO, *(YES,) * 10)), Rank.JOURNEYMAN),
        (Expert(reviews=(*(YES,) * 10, NO, NO)), Rank.JOURNEYMAN),
        (Expert(reviews=(*(YES,) * 10, NO, NO, NO)), None),
        (Expert(reviews=(YES,) * 10, standing=Standing.SUSPENDED), None),
        (Expert(reviews=(YES,) * 12, rank=Rank.JOURNEYMAN), None),
        (Expert(reviews=(NO,) * 12, rank=Rank.MASTER), None),
    ],
)
def test_ten_of_the_last_twelve_approved_unchanged_make_a_journeyman(expert: Expert, earned: Rank | None) -> None:
    assert next_rank(expert, POLICY) == earned
