"""The ledger: what each change books, that it always balances, that a repeat adds nothing, and who finds out if not."""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from bot.change import Actor, Change
from bot.commands import Helped, Pause
from bot.market.accounts import COMPANY, HOUSE, NEVER_NEGATIVE, escrow, payable, pending, pocket_of, points_of
from bot.market.audit import Balance, Check, Escrow, Finding, audit
from bot.market.ledger import book
from bot.market.pay import (
    fill,
    mature,
    pay_answer,
    pay_escalation,
    pay_override,
    pay_part,
    raise_to,
    refund,
    reverse,
)
from bot.market.statement import COLUMNS, payable_csv, statement_lines, sums
from bot.model import (
    Account,
    Person,
    PersonId,
    Pocket,
    Question,
    QuestionId,
    State,
    Transfer,
    Unit,
    spoken_number,
)
from tests.core.paying import ANA, BO, CY, NOW, NUMBER, POLICY, REVIEWER, answer, asked, changed, escalated, moves

ESCROW = escrow(NUMBER)
USD, GEMS = Unit("USD"), Unit("gems")


def next_one(before: Question, after: Question) -> Question:
    """The question as a decision leaves it: one revision on."""
    return replace(after, revision=before.revision + 1)


def booked(before: Question | None, after: Question) -> list[tuple[str, str, int, str]]:
    after = next_one(before, after) if before else after
    return moves(book(changed(before, after), POLICY))


def solved(question: Question, pocket: Pocket = Pocket.PENDING) -> Question:
    return pay_answer(question, POLICY, NOW, pocket, True)


def test_a_new_question_is_funded_by_the_company() -> None:
    assert booked(None, asked(200)) == [("company", ESCROW, 200, "funding")]
    assert booked(None, asked(0)) == []
    assert booked(None, asked(200, escrow=0)) == []


def test_what_nobody_earned_goes_back() -> None:
    assert booked(asked(200), refund(asked(200))) == [(ESCROW, "company", 200, "refund")]


def test_helped_pays_everybody_into_their_pending_account() -> None:
    question = asked(200, answer(BO, 2), answer(ANA, 3, reviewer=REVIEWER))
    assert booked(question, solved(question)) == [
        (ESCROW, pending(ANA), 70, "bounty"),
        (ESCROW, pending(BO), 70, "shared"),
        (ESCROW, pending(REVIEWER), 20, "review"),
        (ESCROW, HOUSE, 40, "house"),
    ]


def test_silence_pays_at_once() -> None:
    question = asked(200, answer(ANA))
    assert booked(question, solved(question, Pocket.PAYABLE)) == [
        (ESCROW, payable(ANA), 140, "bounty"),
        (ESCROW, HOUSE, 60, "house"),
    ]


def test_maturing_moves_the_expert_and_not_the_house() -> None:
    question = solved(asked(200, answer(ANA)))
    assert booked(question, mature(question, NOW)) == [(pending(ANA), payable(ANA), 140, "matured")]


def test_not_yet_brings_everything_back_into_escrow() -> None:
    question = solved(asked(200, answer(ANA)))
    assert booked(question, reverse(question, POLICY, NOW)) == [
        (pending(ANA), ESCROW, 140, "reversal"),
        (HOUSE, ESCROW, 60, "reversal"),
    ]


def test_a_fee_then_the_rest_back() -> None:
    question = asked(200, escalation=escalated(BO))
    assert booked(question, pay_escalation(question, POLICY, NOW)) == [
        (ESCROW, payable(BO), 50, "escalation"),
        (ESCROW, COMPANY, 150, "refund"),
    ]


def test_what_is_topped_up_comes_in_before_it_goes_out() -> None:
    question = pay_part(asked(200, answer(ANA)), BO, 20, POLICY, NOW, "taken")
    assert booked(question, solved(question)) == [
        (COMPANY, ESCROW, 40, "funding"),
        (ESCROW, pending(ANA), 140, "bounty"),
        (ESCROW, HOUSE, 60, "house"),
    ]


def test_a_change_of_anything_else_books_nothing() -> None:
    question = solved(asked(200, answer(ANA)))
    assert booked(question, replace(question, state=State.SOLVED)) == []
    ana = Person(id=ANA, name="Ana")
    pause = Change(command=Pause(person=ANA, minutes=5), actor=Actor(person=ana), at=NOW, before=ana, after=ana)
    assert book(pause, POLICY) == ()


def test_money_and_points_are_booked_together_under_keys_of_their_own() -> None:
    before = asked(200, answer(ANA))
    after = next_one(before, replace(solved(before), state=State.SOLVED, confirmed=True))
    transfers = book(changed(before, after, Helped(question=NUMBER, message=2)), POLICY)
    assert [(each.unit, each.credit, each.question) for each in transfers] == [
        ("USD", pending(ANA), NUMBER),
        ("USD", HOUSE, NUMBER),
        ("points", "points:ana", NUMBER),
    ]
    assert len({each.key for each in transfers}) == 3


def test_a_solution_undone_and_won_again_is_booked_again() -> None:
    books = Books()
    question = books.keep(None, asked(200, answer(ANA)))
    for step in (solved, lambda each: reverse(each, POLICY, NOW), solved):
        question = books.keep(question, step(question))
    assert books.balances[pending(ANA), USD] == 140
    assert len(books.transfers) == 1 + 2 + 2 + 2


@pytest.mark.parametrize(
    "after",
    [asked(200, revision=1, unit=GEMS), asked(200, revision=0, escrow=100), asked(200, revision=1, escrow=-1)],
    ids=["another unit", "no revision of its own", "negative escrow"],
)
def test_what_cannot_be_is_not_booked(after: Question) -> None:
    with pytest.raises(AssertionError):
        book(changed(asked(200, escrow=150), after), POLICY)


# --- whatever happens --------------------------------------------------------------------------------------------


class Books:
    """A ledger as storage keeps it: transfers under unique keys, and running balances."""

    def __init__(self) -> None:
        self.transfers: dict[str, Transfer] = {}
        self.balances: Counter[tuple[Account, Unit]] = Counter()
        self.kept: dict[QuestionId, Question] = {}

    def keep(self, before: Question | None, after: Question) -> Question:
        if before is not None:
            after = next_one(before, after)
        self.kept[after.id] = after
        self.book(book(changed(before, after), POLICY))
        return after

    def book(self, transfers: tuple[Transfer, ...]) -> int:
        """How many were new."""
        new = [each for each in transfers if each.key not in self.transfers]
        for each in new:
            self.transfers[each.key] = each
            self.balances[each.debit, each.unit] -= each.amount
            self.balances[each.credit, each.unit] += each.amount
            for account in (each.debit, each.credit):
                if pocket_of(account) in NEVER_NEGATIVE:
                    assert self.balances[account, each.unit] >= 0, f"{account} falls below zero at {each.key}"
        return len(new)


class LivesOfQuestions(RuleBasedStateMachine):
    """Several questions at once, everything that can happen to their money in any order."""

    questions = Bundle("questions")

    def __init__(self) -> None:
        super().__init__()
        self.books = Books()
        self.changes: list[Change[Question]] = []
        self.now = NOW

    def does(self, number: QuestionId, act: Callable[[Question], Question], state: State | None = None) -> None:
        before = self.books.kept[number]
        self.now += 1
        after = next_one(before, act(before))
        if state is not None:
            after = replace(after, state=state)
        self._book(before, after)

    def _book(self, before: Question | None, after: Question) -> None:
        change = changed(before, after)
        self.changes.append(change)
        self.books.kept[after.id] = after
        self.books.book(book(change, POLICY))

    @rule(
        target=questions,
        bounty=st.sampled_from([0, 1, 7, 199, 200, 6000]),
        unit=st.sampled_from([USD, GEMS]),
        authors=st.lists(st.sampled_from([ANA, BO, CY]), min_size=1, max_size=3),
        reviewer=st.sampled_from([None, REVIEWER]),
    )
    def ask(self, bounty: int, unit: Unit, authors: list[PersonId], reviewer: PersonId | None) -> QuestionId:
        number = QuestionId(len(self.books.kept) + 1)
        answers = [answer(author, at, reviewer=reviewer) for at, author in enumerate(authors, start=2)]
        self._book(None, asked(bounty, *answers, id=number, unit=unit, escalation=escalated(authors[-1])))
        return number

    @rule(number=questions)
    def open_again(self, number: QuestionId) -> None:
        self.does(number, fill, State.OPEN)

    @rule(number=questions, more=st.integers(0, 300))
    def raised(self, number: QuestionId, more: int) -> None:
        before = self.books.kept[number]
        if before.state is not State.SOLVED and before.state is not State.CLOSED:
            self.does(number, lambda question: raise_to(question, question.bounty + more))

    @rule(number=questions, author=st.sampled_from([ANA, BO, CY]))
    def another_answer(self, number: QuestionId, author: PersonId) -> None:
        new = answer(author, len(self.books.kept[number].answers) + 2, at=self.now)
        self.does(number, lambda question: replace(question, answers=(*question.answers, new)))

    @rule(number=questions, pocket=st.sampled_from(Pocket), expert=st.booleans())
    def solve(self, number: QuestionId, pocket: Pocket, expert: bool) -> None:
        self.does(number, lambda question: pay_answer(question, POLICY, self.now, pocket, expert), State.SOLVED)

    @rule(number=questions, person=st.sampled_from([ANA, BO]), percent=st.integers(0, 100))
    def take(self, number: QuestionId, person: PersonId, percent: int) -> None:
        self.does(number, lambda question: pay_part(question, person, percent, POLICY, self.now, "taken"))

    @rule(number=questions)
    def confirm(self, number: QuestionId) -> None:
        self.does(number, lambda question: pay_escalation(question, POLICY, self.now))

    @rule(number=questions, percent=st.integers(0, 100))
    def override(self, number: QuestionId, percent: int) -> None:
        self.does(number, lambda question: pay_override(question, POLICY, self.now, percent, ANA), State.SOLVED)

    @rule(number=questions)
    def close(self, number: QuestionId) -> None:
        self.does(number, refund, State.CLOSED)

    @rule(number=questions)
    def not_yet(self, number: QuestionId) -> None:
        self.does(number, lambda question: reverse(question, POLICY, self.now), State.CLAIMED)

    @rule(number=questions)
    def time_passes(self, number: QuestionId) -> None:
        self.does(number, lambda question: mature(question, self.now))

    @precondition(lambda self: self.changes)
    @rule(drawn=st.data())
    def something_is_booked_a_second_time(self, drawn: st.DataObject) -> None:
        assert self.books.book(book(drawn.draw(st.sampled_from(self.changes)), POLICY)) == 0

    @invariant()
    def every_unit_sums_to_zero(self) -> None:
        totals: Counter[Unit] = Counter()
        for (_, unit), balance in self.books.balances.items():
            totals[unit] += balance
        assert not any(totals.values())

    @invariant()
    def each_account_holds_what_the_questions_say(self) -> None:
        expected: Counter[tuple[Account, Unit]] = Counter()
        for question in self.books.kept.values():
            assert 0 <= question.escrow <= question.bounty
            expected[escrow(question.id), question.unit] += question.escrow
            for payment in question.payments:
                own = {Pocket.PENDING: pending, Pocket.PAYABLE: payable}[payment.pocket]
                account = own(payment.person) if payment.person else HOUSE
                expected[account, question.unit] += payment.amount
        found = {key: sum_ for key, sum_ in self.books.balances.items() if key[0] != COMPANY and sum_}
        assert found == {key: sum_ for key, sum_ in expected.items() if sum_}

    @invariant()
    def a_finished_question_holds_no_escrow(self) -> None:
        for question in self.books.kept.values():
            if question.state in (State.SOLVED, State.CLOSED):
                assert question.escrow == 0

    @invariant()
    def the_audit_agrees(self) -> None:
        assert findings(self.books) == ()

    @invariant()
    def statements_recompute_to_the_cent(self) -> None:
        ledger = [(NOW, each) for each in self.books.transfers.values()]
        for person in (ANA, BO, CY, REVIEWER):
            recomputed = {key: sum_ for key, sum_ in sums(statement_lines(ledger, person)).items() if sum_}
            kept = {
                (pocket_of(account), unit): sum_
                for (account, unit), sum_ in self.books.balances.items()
                if account in (pending(person), payable(person)) and sum_
            }
            assert recomputed == kept


TestLivesOfQuestions = LivesOfQuestions.TestCase


# --- the audit ---------------------------------------------------------------------------------------------------


def findings(books: Books) -> tuple[Finding, ...]:
    """The audit of these books, with the sums recomputed from the transfers."""
    booked_: Counter[tuple[Account, Unit]] = Counter()
    totals: Counter[Unit] = Counter()
    for each in books.transfers.values():
        booked_[each.debit, each.unit] -= each.amount
        booked_[each.credit, each.unit] += each.amount
    for (_, unit), balance in books.balances.items():
        totals[unit] += balance
    rows = [
        Balance(account=account, unit=unit, kept=books.balances[account, unit], booked=booked_[account, unit])
        for account, unit in {*booked_, *books.balances}
    ]
    escrows = [
        Escrow(
            question=each.id,
            state=each.state,
            unit=each.unit,
            kept=each.escrow,
            booked=booked_[escrow(each.id), each.unit],
        )
        for each in books.kept.values()
    ]
    repeated = Counter(each.key for each in books.transfers.values()).items()
    return audit(totals, rows, escrows, rows, repeated)


def balance(account: Account, kept: int, booked: int) -> Balance:
    return Balance(account=account, unit=USD, kept=kept, booked=booked)


def escrow_row(state: State, kept: int, booked: int) -> Escrow:
    return Escrow(question=NUMBER, state=state, unit=USD, kept=kept, booked=booked)


def test_sound_books_have_no_findings() -> None:
    fine = [balance(payable(ANA), 140, 140), balance(COMPANY, -200, -200), balance(points_of(ANA), -5, -5)]
    held = [escrow_row(State.OPEN, 200, 200), escrow_row(State.SOLVED, 0, 0)]
    assert audit({USD: 0}, fine, held, fine, [("Q17/1/money/0", 1)]) == ()


@pytest.mark.parametrize(
    ("found", "check", "named"),
    [
        (audit({USD: -40}, (), (), ()), Check.ZERO_SUM, ("USD", "-$0.40")),
        (audit({}, [balance(payable(ANA), 140, 70)], (), ()), Check.BALANCE, ("payable:ana", "$1.40", "$0.70")),
        (
            audit({}, (), [escrow_row(State.SOLVED, 60, 60)], ()),
            Check.ESCROW,
            (spoken_number(NUMBER), "solved", "$0.60"),
        ),
        (
            audit({}, (), [escrow_row(State.CLOSED, 60, 60)], ()),
            Check.ESCROW,
            (spoken_number(NUMBER), "closed", "$0.60"),
        ),
        (audit({}, (), [escrow_row(State.OPEN, 200, 60)], ()), Check.ESCROW, (spoken_number(NUMBER), "$2.00", "$0.60")),
        (audit({}, (), (), [balance(pending(BO), -70, -70)]), Check.NEGATIVE, ("pending:bo", "-$0.70")),
        (audit({}, (), (), [balance(ESCROW, 0, -1)]), Check.NEGATIVE, (ESCROW, "-$0.01")),
        (audit({}, (), (), (), [("Q17/1/money/0", 2)]), Check.KEY, ("Q17/1/money/0", "2 times")),
    ],
    ids=["not zero", "balance", "solved", "closed", "two opinions", "pending", "escrow", "key"],
)
def test_the_audit_names_what_is_wrong_and_what_to_do(
    found: tuple[Finding, ...], check: Check, named: tuple[str, ...]
) -> None:
    (finding,) = found
    assert finding.check is check
    assert finding.about == named[0]
    assert all(each in finding.sentence for each in named)
    assert len(finding.sentence.split(". ")) == 2, "what is wrong, and what to do"


def test_the_audit_sees_a_cent_that_somebody_changed() -> None:
    books = Books()
    question = books.keep(None, asked(200, answer(ANA)))
    books.keep(question, solved(question))
    assert findings(books) == ()
    books.balances[pending(ANA), USD] += 1
    assert {each.check for each in findings(books)} == {Check.ZERO_SUM, Check.BALANCE}


# --- statements and the list of whom to pay ----------------------------------------------------------------------


def test_a_statement_shows_both_ends_of_what_matures() -> None:
    books = Books()
    question = books.keep(None, asked(200, answer(ANA)))
    question = books.keep(question, solved(question))
    books.keep(question, mature(question, NOW))
    lines = statement_lines([(NOW, each) for each in books.transfers.values()], ANA)
    assert [(line.account, line.amount, line.why) for line in lines] == [
        (pending(ANA), 140, "bounty"),
        (pending(ANA), -140, "matured"),
        (payable(ANA), 140, "matured"),
    ]
    assert sums(lines) == {("pending", USD): 0, ("payable", USD): 140}


def test_the_list_of_whom_to_pay_reads_back_exactly() -> None:
    rows = [
        (Person(id=ANA, name='Ana "the Quick", M.'), USD, 8540),
        (Person(id=BO, name="Bo"), Unit("JPY"), 300),
        (Person(id=CY, name="Cy\nZ"), GEMS, 7),
        (Person(id=REVIEWER, name="nothing yet"), USD, 0),
        (Person(id=REVIEWER, name="owes"), USD, -5),
    ]
    text = payable_csv(rows)
    assert list(csv.reader(StringIO(text, newline=""))) == [
        list(COLUMNS),
        ["ana", 'Ana "the Quick", M.', "85.40", "USD", "8540"],
        ["bo", "Bo", "300", "JPY", "300"],
        ["cy", "Cy\nZ", "7", "gems", "7"],
    ]
    assert text.startswith("person,name,amount,unit,minor_units\r\n"), "lines end as RFC 4180 wants"
    assert payable_csv([]).count("\r\n") == 1


@pytest.mark.parametrize(
    "name", ["=1+1", "+49 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =HYPERLINK(1)", "＝1+1"]
)
def test_no_name_becomes_a_formula(name: str) -> None:
    text = payable_csv([(Person(id=ANA, name=name), USD, 100)])
    assert list(csv.reader(StringIO(text, newline="")))[1][1] == "'" + name


def test_an_ordinary_name_stays_as_it_is() -> None:
    text = payable_csv([(Person(id=ANA, name="Ana-Lena =)"), USD, 100)])
    assert "\r\nana,Ana-Lena =),1.00,USD,100\r\n" in text
