"""Who is paid what: every sentence of the rules as a row, and that no order of events makes or loses a cent."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.pay import (
    Own,
    fill,
    mature,
    matures_at,
    own,
    pay_answer,
    pay_escalation,
    pay_override,
    pay_part,
    raise_to,
    refund,
    reverse,
    share_cents,
)
from bot.model import Answer, Category, CategoryName, Kind, Payment, PersonId, Pocket, Question, Unit
from bot.policy import HOUR_MS, Policy
from tests.core.paying import (
    ANA,
    BO,
    CUSTOMER,
    CY,
    NOW,
    POLICY,
    REVIEWER,
    STAFF,
    answer,
    asked,
    escalated,
    got,
    payment_of,
    pockets,
    worth,
)


def paid(
    question: Question, pocket: Pocket = Pocket.PENDING, *, policy: Policy = POLICY, staff: bool = False
) -> Question:
    return pay_answer(question, policy, NOW, pocket, reviewer_is_expert=not staff)


@pytest.mark.parametrize(
    ("bounty", "expected"),
    [
        (200, {"ana": 140, "house": 60}),
        (6000, {"ana": 4200, "house": 1800}),
        (199, {"ana": 139, "house": 60}),  # 139.3: rounded down, the rest to the house
        (1, {"house": 1}),
        (2, {"ana": 1, "house": 1}),
    ],
)
def test_the_answer_that_helped_earns_seventy_percent(bounty: int, expected: dict[str, int]) -> None:
    solved = paid(asked(bounty, answer(ANA)))
    assert got(solved) == expected
    assert solved.escrow == 0


@pytest.mark.parametrize(
    ("bounty", "expected"),
    [
        (200, {"ana": 140, "reviewer": 20, "house": 40}),
        (199, {"ana": 139, "reviewer": 19, "house": 41}),
        (9, {"ana": 6, "house": 3}),
    ],
)
def test_an_expert_who_reviewed_it_earns_ten_percent(bounty: int, expected: dict[str, int]) -> None:
    assert got(paid(asked(bounty, answer(ANA, reviewer=REVIEWER)))) == expected


@pytest.mark.parametrize(
    ("reviewed", "staff"),
    [(answer(ANA, reviewer=STAFF), True), (answer(ANA, reviewer=ANA), False), (answer(ANA, reviewer=CUSTOMER), False)],
)
def test_staff_and_the_people_concerned_earn_nothing_by_reviewing(reviewed: Answer, staff: bool) -> None:
    assert got(paid(asked(200, reviewed), staff=staff)) == {"ana": 140, "house": 60}


@pytest.mark.parametrize(
    ("expert_percent", "expected"),
    [(100, {"ana": 200}), (95, {"ana": 190, "reviewer": 10}), (0, {"reviewer": 20, "house": 180})],
)
def test_operators_may_set_the_expert_share_up_to_all(expert_percent: int, expected: dict[str, int]) -> None:
    policy = Policy(expert_percent=expert_percent)
    assert got(paid(asked(200, answer(ANA, reviewer=REVIEWER)), policy=policy)) == expected


def test_an_earlier_answer_by_another_expert_shares_half() -> None:
    question = asked(200, answer(BO, 2), answer(ANA, 3, reviewer=REVIEWER))
    assert got(paid(question)) == {"ana": 70, "bo": 70, "reviewer": 20, "house": 40}


def test_the_odd_cent_stays_with_the_answer_that_helped() -> None:
    assert got(paid(asked(150, answer(BO, 2), answer(ANA, 3)))) == {"ana": 53, "bo": 52, "house": 45}


def test_several_earlier_experts_share_the_half_and_nobody_counts_twice() -> None:
    earlier = (answer(BO, 2), answer(CY, 3), answer(BO, 4), answer(ANA, 5))
    assert got(paid(asked(200, *earlier, answer(ANA, 6)))) == {"ana": 70, "bo": 35, "cy": 35, "house": 60}


@pytest.mark.parametrize(
    "earlier",
    [
        answer(BO, rejected=True),
        answer(BO, delivered_at=None),
        answer(BO, kind=Kind.CLARIFY),
        answer(BO, kind=Kind.CORRECTION),
        answer(STAFF, by_staff=True),
        answer(CUSTOMER),
        answer(ANA),
    ],
    ids=["rejected", "undelivered", "asked back", "correction", "staff", "own question", "same expert"],
)
def test_what_did_not_help_on_the_way_shares_nothing(earlier: Answer) -> None:
    assert got(paid(asked(200, earlier, answer(ANA, 3)))) == {"ana": 140, "house": 60}


def test_a_rejected_answer_is_not_the_one_that_is_paid() -> None:
    assert got(paid(asked(200, answer(ANA, 2), answer(BO, 3, rejected=True)))) == {"ana": 140, "house": 60}


@pytest.mark.parametrize(
    "question",
    [
        asked(200, answer(STAFF, by_staff=True)),
        asked(200, answer(CUSTOMER)),
        asked(200, answer(ANA, rejected=True)),
        asked(200),
    ],
    ids=["staff", "own question", "rejected", "no answer"],
)
def test_an_answer_that_earns_nothing_gives_the_company_its_money_back(question: Question) -> None:
    assert paid(question) == replace(question, escrow=0)


def test_an_undelivered_answer_can_be_paid_all_the_same() -> None:
    assert got(paid(asked(200, answer(ANA, delivered_at=None)), Pocket.PAYABLE)) == {"ana": 140, "house": 60}


def test_helped_is_pending_and_silence_is_payable_at_once() -> None:
    question = asked(200, answer(BO, 2), answer(ANA, 3, reviewer=REVIEWER))
    assert pockets(paid(question, Pocket.PENDING)) == {"pending"}
    assert pockets(paid(question, Pocket.PAYABLE)) == {"payable"}


def test_a_question_that_was_never_funded_or_is_paid_already_pays_nothing() -> None:
    once = paid(asked(200, answer(ANA)))
    assert paid(once) == once
    assert paid(asked(200, answer(ANA), escrow=0)).payments == ()


def test_the_share_on_the_card_is_paid_even_after_a_fee_went_out() -> None:
    started = pay_part(asked(200, answer(ANA)), BO, 20, POLICY, NOW, "taken")
    assert got(paid(started)) == {"bo": 40, "ana": 140, "house": 60}


def test_a_volunteer_question_moves_no_money_whatever_happens() -> None:
    free = asked(0, answer(BO, 2), answer(ANA, 3, reviewer=REVIEWER), escalation=escalated(ANA))
    for after in (
        fill(free),
        refund(free),
        paid(free),
        pay_part(free, ANA, 20, POLICY, NOW, "taken"),
        pay_escalation(free, POLICY, NOW),
        pay_override(free, POLICY, NOW, 100, ANA),
        reverse(paid(free), POLICY, NOW),
        mature(paid(free), NOW),
    ):
        assert after == free


# --- fees --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounty", "escrow", "fee"), [(200, 200, 40), (199, 199, 39), (200, 30, 30), (200, 0, 0), (4, 4, 0)]
)
def test_a_fee_is_part_of_the_bounty_and_at_most_what_is_there(bounty: int, escrow: int, fee: int) -> None:
    after = pay_part(asked(bounty, escrow=escrow), ANA, 20, POLICY, NOW, "taken")
    assert own(after, ANA) == Own(pending=0, payable=fee)
    assert after.escrow == escrow - fee
    assert all(payment.why == "taken" for payment in after.payments)


def test_nobody_earns_by_their_own_question() -> None:
    own_question = asked(200, escalation=escalated(CUSTOMER))
    assert pay_part(own_question, CUSTOMER, 20, POLICY, NOW, "taken") == own_question
    assert pay_escalation(own_question, POLICY, NOW).payments == ()
    assert pay_override(own_question, POLICY, NOW, 100, CUSTOMER).payments == ()


@pytest.mark.parametrize(
    ("unit", "bounty", "escrow", "fee"),
    [
        ("USD", 1000, 1000, 200),
        ("USD", 200, 200, 50),  # 20 % would be $0.40
        ("USD", 251, 251, 50),
        ("USD", 200, 30, 30),
        ("USD", 30, 30, 30),
        ("USD", 200, 0, 0),
        ("gems", 10, 10, 2),
        ("gems", 4, 4, 0),
    ],
)
def test_a_confirmed_escalation_earns_a_fifth_and_at_least_half_a_dollar(
    unit: str, bounty: int, escrow: int, fee: int
) -> None:
    after = pay_escalation(asked(bounty, escrow=escrow, unit=Unit(unit), escalation=escalated(BO)), POLICY, NOW)
    assert own(after, BO) == Own(pending=0, payable=fee)
    assert after.escrow == 0


@pytest.mark.parametrize(("percent", "fee"), [(100, 140), (50, 70), (33, 46), (0, 0)])
def test_an_override_pays_what_staff_choose_and_the_rest_goes_back(percent: int, fee: int) -> None:
    after = pay_override(asked(200, answer(ANA)), POLICY, NOW, percent, ANA)
    assert got(after) == ({"ana": fee} if fee else {})
    assert own(after, ANA).payable == fee
    assert after.escrow == 0


def test_an_override_pays_at_most_what_is_there_and_may_concern_nobody() -> None:
    assert got(pay_override(asked(200, escrow=30), POLICY, NOW, 100, ANA)) == {"ana": 30}
    assert pay_override(asked(200), POLICY, NOW, 100, None) == asked(200, escrow=0)


# --- funding -----------------------------------------------------------------------------------------------------


def test_a_question_is_funded_once() -> None:
    funded = fill(asked(200, escrow=0))
    assert funded.escrow == 200
    assert fill(funded) == funded


def test_a_question_taken_up_again_after_it_was_paid_is_funded_anew() -> None:
    matured = mature(paid(asked(200, answer(ANA))), NOW)
    again = fill(matured)
    assert again.escrow == 200
    assert got(again) == {"ana": 140, "house": 60}


def test_a_question_whose_payment_was_undone_needs_no_more_money() -> None:
    undone = reverse(paid(asked(200, answer(ANA))), POLICY, NOW)
    assert fill(undone) == undone


@pytest.mark.parametrize(
    ("before", "bounty", "escrow"),
    [
        (asked(200), 300, 300),
        (asked(200, escrow=160), 300, 260),
        (asked(200, escrow=0), 300, 0),
        (asked(0), 300, 300),
        (asked(200), 150, 150),
        (asked(200, escrow=30), 100, 0),
    ],
    ids=["funded", "after a fee", "not funded", "was free", "lowered", "lowered after a fee"],
)
def test_a_raise_brings_the_difference(before: Question, bounty: int, escrow: int) -> None:
    after = raise_to(before, bounty)
    assert (after.bounty, after.escrow) == (bounty, escrow)


# --- later -------------------------------------------------------------------------------------------------------


def test_not_yet_undoes_what_is_pending_with_the_part_of_the_house() -> None:
    before = asked(199, answer(BO, 2), answer(ANA, 3, reviewer=REVIEWER))
    assert reverse(paid(before), POLICY, NOW) == before


def test_not_yet_leaves_what_is_payable() -> None:
    solved = paid(pay_part(asked(200, answer(ANA)), BO, 20, POLICY, NOW, "taken"))
    undone = reverse(solved, POLICY, NOW)
    assert got(undone) == {"bo": 40}
    assert undone.escrow == 200
    late = mature(solved, NOW)
    assert reverse(late, POLICY, NOW) == late
    silent = paid(asked(200, answer(ANA)), Pocket.PAYABLE)
    assert reverse(silent, POLICY, NOW) == silent


def test_a_reversal_after_new_funding_keeps_one_bounty() -> None:
    twice = fill(paid(asked(200, answer(ANA))))
    assert reverse(twice, POLICY, NOW).escrow == 200


def test_not_yet_undoes_the_newest_solution_only() -> None:
    first = paid(asked(200, answer(ANA)))
    again = replace(fill(first), answers=(*first.answers, answer(BO, 3, at=NOW + 5)))
    second = pay_answer(again, POLICY, NOW + 9, Pocket.PENDING, True)
    assert got(second) == {"ana": 140, "house": 120, "bo": 140}
    assert matures_at(second, POLICY) == NOW + 9 + 72 * HOUR_MS
    assert reverse(second, POLICY, NOW + 10) == again
    assert own(mature(second, NOW + 10), ANA) == Own(pending=0, payable=140)


def test_no_answer_is_paid_twice() -> None:
    reopened = fill(mature(paid(asked(200, answer(ANA))), NOW))
    assert paid(reopened) == refund(reopened)
    anew = replace(reopened, answers=(*reopened.answers, answer(ANA, 3, at=NOW + 5)))
    assert own(paid(anew), ANA) == Own(pending=140, payable=140)


@pytest.mark.parametrize(
    "before",
    [mature(paid(asked(200, answer(ANA))), NOW), pay_override(asked(200, answer(ANA)), POLICY, NOW, 100, ANA)],
    ids=["solved", "overridden"],
)
def test_an_answer_that_was_paid_shares_in_no_later_solution(before: Question) -> None:
    reopened = fill(before)
    anew = replace(reopened, answers=(*reopened.answers, answer(BO, 3, at=NOW + 5)))
    assert own(paid(anew), BO).pending == 140
    assert own(paid(anew), ANA) == Own(pending=0, payable=140)


def test_pending_money_becomes_payable_and_stays_the_same_amount() -> None:
    solved = paid(asked(200, answer(ANA)))
    assert own(solved, ANA) == Own(pending=140, payable=0)
    assert matures_at(solved, POLICY) == NOW + 72 * HOUR_MS
    later = mature(solved, NOW)
    assert own(later, ANA) == Own(pending=0, payable=140)
    assert own(later, ANA).total == 140
    assert matures_at(later, POLICY) is None
    assert mature(later, NOW) == later


def test_a_payment_says_what_it_was_for_and_when() -> None:
    solved = paid(asked(200, answer(BO, 2), answer(ANA, 3, reviewer=REVIEWER)))
    whys = {who: payment_of(solved, who).why for who in (ANA, BO, REVIEWER, None)}
    assert whys == {ANA: "bounty", BO: "shared", REVIEWER: "review", None: "house"}
    assert {payment.at for payment in solved.payments} == {NOW}


def test_a_card_shows_what_the_expert_gets() -> None:
    category = Category(name=CategoryName("billing"), title="Billing", bounty=199)
    assert share_cents(category, POLICY) == 139
    assert share_cents(asked(199), POLICY) == own(paid(asked(199, answer(ANA))), ANA).total


# --- whatever happens --------------------------------------------------------------------------------------------

people = st.sampled_from([ANA, BO, CY, REVIEWER, STAFF, CUSTOMER])
answers = st.builds(
    Answer,
    message=st.integers(2, 9),
    author=people,
    at=st.just(NOW),
    by_staff=st.booleans(),
    delivered_at=st.sampled_from([None, NOW]),
    reviewer=st.none() | people,
    rejected=st.booleans(),
    kind=st.sampled_from([Kind.ANSWER, Kind.CLARIFY, Kind.CORRECTION]),
)
payments = st.builds(
    Payment,
    person=st.none() | people,
    amount=st.integers(1, 5000),
    pocket=st.sampled_from(Pocket),
    why=st.just("bounty"),
    at=st.integers(0, NOW),
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    bounty = draw(st.integers(0, 6000))
    return asked(
        bounty,
        *draw(st.lists(answers, max_size=5)),
        escrow=draw(st.integers(0, bounty)),
        payments=tuple(draw(st.lists(payments, max_size=4))),
        escalation=escalated(draw(people)),
        unit=Unit(draw(st.sampled_from(["USD", "gems"]))),
    )


policies = st.builds(
    Policy,
    expert_percent=st.integers(0, 100),
    reviewer_percent=st.integers(0, 100),
    shared_percent=st.integers(0, 100),
    escalation_percent=st.integers(0, 100),
    escalation_min_cents=st.integers(0, 500),
)


@given(questions(), policies, people, st.integers(0, 100), st.booleans())
def test_paying_hands_out_just_what_was_in_escrow(
    question: Question, policy: Policy, person: PersonId, percent: int, expert: bool
) -> None:
    answered = pay_answer(question, policy, NOW, Pocket.PENDING, expert)
    topped_up = worth(fill(question)) if question.escrow else worth(question)
    assert answered.escrow == 0
    assert worth(answered) in (topped_up, worth(replace(question, escrow=0)))

    for after in (pay_escalation(question, policy, NOW), pay_override(question, policy, NOW, percent, person)):
        assert after.escrow == 0
        assert worth(after) <= worth(question)

    fee = pay_part(question, person, percent, policy, NOW, "no-reply")
    assert fee.escrow >= 0
    assert worth(fee) == worth(question)

    for after in (answered, fee):
        assert after.payments[: len(question.payments)] == question.payments
        assert all(payment.amount > 0 for payment in after.payments)
        assert got(after).get(CUSTOMER, 0) == got(question).get(CUSTOMER, 0)


@given(questions(), policies, st.booleans())
def test_undoing_a_solution_leaves_no_trace_of_it(question: Question, policy: Policy, expert: bool) -> None:
    settled = mature(fill(question), NOW)
    solved = pay_answer(settled, policy, NOW, Pocket.PENDING, expert)
    undone = reverse(solved, policy, NOW)
    assert undone.payments == settled.payments
    assert undone.escrow == (settled.escrow if solved.payments != settled.payments else 0)
