"""Every role x state x verb: the rules do what the table says, and nothing else."""

import dataclasses
import itertools
from collections.abc import Iterator

import pytest

from bot import commands as c
from bot.change import Actor, Change, Machine, Outcome, Reason, Refusal
from bot.decide import Context, decide_question, due, roles
from bot.lifecycle import QUESTION_MOVES, Who, diagram, moves_table
from bot.market.ledger import book
from bot.model import (
    Answer,
    Attachment,
    Audience,
    Category,
    CategoryName,
    CloseReason,
    Complaint,
    Escalation,
    EscalationReason,
    Expert,
    Kind,
    Message,
    Person,
    PersonId,
    Place,
    Question,
    QuestionId,
    Rank,
    Sharing,
    StaffRole,
    State,
    Unit,
    Words,
)
from bot.policy import DAY_MS, Policy

NOW = 1_000 * DAY_MS
POLICY = Policy()
CATEGORY = Category(name=CategoryName("billing"), title="Billing", channels=(Place("web:billing"),))
Q = QuestionId(7)
CUSTOMER, CLAIMER, OTHER = PersonId("ann"), PersonId("bo"), PersonId("cy")
LONG = Words.plain("It is only a hold; the bank lets it go after three working days.")
FIRST = 1  # the number of the question's own words
TEXT = 2  # the number of the text that commands name

ACTORS = {
    "customer": Actor(person=Person(id=CUSTOMER, name="Ann")),
    "claimer": Actor(person=Person(id=CLAIMER, name="Bo", expert=Expert(rank=Rank.JOURNEYMAN))),
    "expert": Actor(person=Person(id=OTHER, name="Cy", expert=Expert(rank=Rank.JOURNEYMAN))),
    "apprentice": Actor(person=Person(id=PersonId("al"), name="Al", expert=Expert())),
    "master": Actor(person=Person(id=PersonId("mo"), name="Mo", expert=Expert(rank=Rank.MASTER))),
    "suspended": Actor(person=Person(id=PersonId("su"), name="Su")),
    "agent": Actor(person=Person(id=PersonId("st"), name="Stu", staff=StaffRole.AGENT)),
    "admin": Actor(person=Person(id=PersonId("ad"), name="Ada", staff=StaffRole.ADMIN)),
    "stranger": Actor(person=Person(id=PersonId("no"), name="Nobody")),
    "integration": Actor(machine=Machine.INTEGRATION),
    "clock": Actor(machine=Machine.CLOCK),
    "courier": Actor(machine=Machine.COURIER),
}

COMMANDS: tuple[c.Command, ...] = (
    c.Admit(question=Q),
    c.Claim(question=Q),
    c.Extend(question=Q),
    c.Release(question=Q),
    c.Lapse(question=Q),
    c.Pass(question=Q, reason="not my thing"),
    c.Clarify(question=Q, words=LONG),
    c.Expire(question=Q),
    c.Reply(question=Q, words=LONG),
    c.Reply(question=Q, words=LONG, thanks=True),
    c.Reword(question=Q, message=FIRST, words=LONG),
    c.TakeBack(question=Q, message=FIRST),
    c.SendAnswer(question=Q, words=LONG),
    c.Undo(question=Q, message=TEXT),
    c.SendNow(question=Q, message=TEXT),
    c.Approve(question=Q, message=TEXT),
    c.Revise(question=Q, message=TEXT, words=LONG),
    c.Delivered(question=Q, message=TEXT),
    c.Undelivered(question=Q, message=TEXT, why="closed"),
    c.TryNow(question=Q, message=TEXT),
    c.Correct(question=Q, message=TEXT, words=LONG),
    c.Helped(question=Q, message=TEXT),
    c.Silence(question=Q),
    c.PayRest(question=Q),
    *(c.NotYet(question=Q, message=TEXT, complaint=complaint) for complaint in Complaint),
    c.StaffPlease(question=Q),
    *(c.Escalate(question=Q, reason=reason, words=LONG) for reason in EscalationReason),
    c.Stand(question=Q),
    c.HandOver(question=Q),
    c.Veto(question=Q),
    c.Take(question=Q),
    c.Assign(question=Q, expert=OTHER),
    c.HandBack(question=Q),
    c.Confirm(question=Q),
    c.Deny(question=Q),
    c.Override(question=Q, words=LONG, reason=LONG),
    c.Appeal(question=Q, words=LONG),
    c.Flag(question=Q, message=TEXT, words=LONG),
    c.Raise(question=Q, bounty=500),
    c.Note(question=Q, words=LONG),
    c.StaffNote(question=Q, words=LONG),
    c.Redact(question=Q, message=TEXT),
    *(c.ShowFile(question=Q, file=1, choice=choice) for choice in Sharing),
    *(c.Close(question=Q, reason=reason) for reason in CloseReason),
    c.Withdraw(question=Q),
    c.Reopen(question=Q),
    c.Mature(question=Q),
    c.Settle(question=Q),
    *(c.Remind(question=Q, what=what) for what in c.Reminder),
    c.Postpone(question=Q, by_ms=60_000),
)


def questions() -> Iterator[tuple[str, Question]]:
    """A question in each state, and in the variants that the verbs tell apart."""
    base = Question(
        id=Q,
        customer=CUSTOMER,
        category=CATEGORY.name,
        language="en",
        origin=Place("web:@ann"),
        state=State.OPEN,
        since=NOW - 1_000,
        asked_at=NOW - 1_000,
        unit=Unit("USD"),
        bounty=200,
        escrow=200,
        messages=2,
        files=(Attachment(number=1, message=1, author=CUSTOMER, media_type="image/png"),),
        offered=True,
        revision=3,
    )
    long_ago = NOW - 30 * DAY_MS
    held = {"holder": CLAIMER, "claimed_at": NOW - 600_000, "held_until": NOW + 300_000}
    text = Answer(message=TEXT, author=CLAIMER, at=NOW - 5_000)
    sending = dataclasses.replace(text, release_at=NOW + 5_000)
    sent = dataclasses.replace(text, release_at=NOW - 5_000, delivered_at=NOW - 4_000)
    failed = dataclasses.replace(text, release_at=NOW - 5_000, undelivered_at=NOW - 4_000, undelivered_why="closed")
    first = dataclasses.replace(sent, message=1)
    correction = dataclasses.replace(text, kind=Kind.CORRECTION)
    sending_correction = dataclasses.replace(sending, kind=Kind.CORRECTION)
    solved = {"solved_at": NOW - 3_000, "confirmed": True, "escrow": 0}
    escalation = Escalation(by=CLAIMER, at=NOW - 90_000, reason=EscalationReason.BUG, message=1)
    standing = dataclasses.replace(escalation, stands_until=NOW + 30_000)
    went = dataclasses.replace(escalation, went_at=NOW - 60_000)
    yield "open", base
    yield "open, standing", dataclasses.replace(base, escalation=standing)
    for name, state, more in (
        ("held", State.HELD, {"escrow": 0, "why_held": ("card",)}),
        ("claimed", State.CLAIMED, held),
        ("claimed, overdue", State.CLAIMED, {**held, "held_until": NOW - 1}),
        ("claimed, standing", State.CLAIMED, {**held, "escalation": standing}),
        ("claimed by staff", State.CLAIMED, {**held, "holder": PersonId("st"), "with_staff": True}),
        ("waiting", State.WAITING, {**held, "held_until": None}),
        ("waiting long", State.WAITING, {**held, "held_until": None, "since": long_ago}),
        ("review", State.REVIEW, {**held, "answers": (text,)}),
        ("answered, sending", State.ANSWERED, {**held, "answers": (sending,)}),
        ("answered, delivered", State.ANSWERED, {**held, "answers": (sent,)}),
        ("answered, undelivered", State.ANSWERED, {**held, "answers": (failed,)}),
        ("escalated", State.ESCALATED, {"with_staff": True, "escalation": went}),
        ("escalated by the customer", State.ESCALATED, {"with_staff": True}),
        ("solved", State.SOLVED, {**solved, "answers": (sent,)}),
        ("solved by silence", State.SOLVED, {"answers": (sent,), "solved_at": NOW - 3_000, "escrow": 0}),
        ("solved, correction sending", State.SOLVED, {**solved, "answers": (first, sending_correction)}),
        ("solved, correction in review", State.SOLVED, {**solved, "answers": (first, correction)}),
        ("closed", State.CLOSED, {"closed_as": CloseReason.SPAM, "escrow": 0}),
        ("closed, no reply", State.CLOSED, {**held, "closed_as": CloseReason.NO_REPLY, "escrow": 0}),
    ):
        yield name, dataclasses.replace(base, state=state, **more)


def context(actor: Actor) -> Context:
    message = Message(
        question=Q,
        number=TEXT,
        author=CLAIMER,
        kind=Kind.ANSWER,
        audience=Audience.EVERYONE,
        text="It is a hold.",
        shown_text="It is a hold.",
        at=NOW,
    )
    first = dataclasses.replace(message, number=FIRST, author=CUSTOMER, kind=Kind.QUESTION, text="Why was I billed?")
    named = ACTORS["expert"].person
    return Context(
        actor=actor, now=NOW, policy=POLICY, category=CATEGORY, named=named, texts={FIRST: first, TEXT: message}
    )


@pytest.mark.parametrize("role", ACTORS)
def test_only_what_the_table_allows_happens(role: str) -> None:
    actor = ACTORS[role]
    happened = 0
    for (name, question), command in itertools.product(questions(), COMMANDS):
        case = f"{role}: {type(command).__name__} on {name}"
        decision = decide_question(command, question, context(actor))
        moves = [move for move in QUESTION_MOVES if move.verb is type(command)]
        mine = [move for move in moves if move.who & roles(command, question, context(actor))]
        allowed = [move for move in mine if question.state in move.when]
        if not allowed:
            assert isinstance(decision, Refusal), f"{case} happened, though no row allows it"
            continue
        if isinstance(decision, Refusal):
            assert decision.reason not in (Reason.NOT_STAFF, Reason.NOT_FOUND), case
            continue
        happened += 1
        after = decision.after
        stays = after.state is question.state
        assert stays or any(after.state in move.outcomes for move in allowed), f"{case} led to {after.state}"
        assert_sound(case, decision, question)
    assert happened or role in ("stranger", "suspended", "integration")


def assert_sound(case: str, change: Change[Question], before: Question) -> None:
    after = change.after
    book(change, POLICY)  # asserts that money is conserved
    timer = due(after, POLICY, CATEGORY)
    assert after.revision == before.revision + 1, case
    assert 0 <= after.escrow <= max(before.escrow, after.bounty), case
    if after.state in (State.SOLVED, State.CLOSED):
        assert after.escrow == 0, f"{case} leaves {after.escrow} in escrow"
    if after.state is State.CLAIMED:
        assert after.holder is not None, case
        assert after.held_until is not None, case
        assert timer is not None, f"{case}: a claim always ends"
    if after.state is State.OPEN and change.outcome is not Outcome.NOTHING:
        assert after.holder is None, case
    if after.state in (State.WAITING, State.ESCALATED, State.HELD, State.REVIEW) and after.state is not before.state:
        assert timer is not None, f"{case}: {after.state} is forgotten by the clock"


def test_a_question_that_does_not_exist_is_refused_to_everybody() -> None:
    for actor, command in itertools.product(ACTORS.values(), COMMANDS):
        decision = decide_question(command, None, context(actor))
        assert isinstance(decision, Refusal)


def test_the_sample_covers_every_verb_and_state() -> None:
    assert {type(command) for command in COMMANDS} | {c.Ask} == {move.verb for move in QUESTION_MOVES}
    assert {question.state for _, question in questions()} == set(State)


def test_every_row_of_the_table_can_happen() -> None:
    """A row that no sample can walk is either a lie or a hole in the samples."""
    walked = set()
    for actor, (_, question), command in itertools.product(ACTORS.values(), questions(), COMMANDS):
        who = roles(command, question, context(actor))
        decision = decide_question(command, question, context(actor))
        if isinstance(decision, Change):
            walked |= {
                number
                for number, move in enumerate(QUESTION_MOVES)
                if move.verb is type(command) and move.who & who and question.state in move.when
            }
    timed = {c.Ask, c.Expire, c.Silence, c.PayRest, c.Stand, c.HandOver, c.Mature, c.Settle, c.Remind, c.Confirm}
    missing = [
        f"{move.verb.__name__} by {move.who}"
        for number, move in enumerate(QUESTION_MOVES)
        if number not in walked and move.verb not in timed
    ]
    assert not missing


@pytest.mark.parametrize("power", [Who.STAFF])
def test_staff_can_step_in_at_any_state_before_the_end(power: Who) -> None:
    for name, question in questions():
        if question.state in (State.SOLVED, State.CLOSED):
            continue
        for command in (c.Override(question=Q, words=LONG, reason=LONG), c.SendAnswer(question=Q, words=LONG)):
            assert isinstance(decide_question(command, question, context(ACTORS["agent"])), Change), name


def test_diagram_and_table_are_printed_from_the_rows() -> None:
    assert "open --> claimed: claim" in diagram()
    assert "| claim | expert, staff | open | claimed |" in moves_table()
