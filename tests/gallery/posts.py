"""Every post of the gallery: a name, what the notice says, and the facts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.card import Card
from bot.model import CloseReason, EscalationReason, Notice, Payment, Place, Pocket, PostKind, State, direct_place
from bot.policy import HOUR_MS, MINUTE_MS
from bot.ports import Facts
from bot.wording import card
from tests.gallery import scenes as s

Shown = tuple[str, Card | None]


def told(about: str, facts: Facts, **more: Any) -> Card | None:
    question = facts.question
    assert question is not None
    values: dict[str, Any] = {"recipient": Place("web:account"), "kind": PostKind.LINE, **more}
    return card(Notice(slot="Q7K3/x", about=about, question=question.id, **values), facts)


def channel() -> Iterator[Shown]:
    paid = (Payment(person=s.ANA, amount=140, pocket=Pocket.PENDING, why="bounty", at=s.NOW),)
    long = replace(s.FIRST, shown_text="Nothing works. " * 100)
    states = {
        "open": s.facts(s.OPEN),
        "open, asked long and replied often": s.facts(s.OPEN, messages={1: long, 2: s.LATER, 13: s.GONE}),
        "open, volunteer": s.facts(replace(s.OPEN, bounty=0), category=s.FREE),
        "open, private": s.facts(s.OPEN, category=s.PRIVATE),
        "open again": s.facts(replace(s.OPEN, rejections=1)),
        "open in a language without a name": s.facts(replace(s.OPEN, language="eo")),
        "held": s.facts(s.HELD),
        "claimed": s.facts(s.CLAIMED),
        "claimed, warned": s.facts(replace(s.CLAIMED, reminded=("claim-ends",))),
        "claimed, private": s.facts(s.CLAIMED, category=s.PRIVATE),
        "claimed again after 'not yet'": s.facts(replace(s.CLAIMED, answers=(replace(s.ARRIVED, rejected=True),))),
        "claimed by staff": s.facts(s.STAFF_CLAIMED),
        "claimed by staff without a channel": s.facts(s.STAFF_CLAIMED, category=replace(s.ACCOUNT, staff_channel=None)),
        "escalation standing": s.facts(s.STANDING),
        "escalation standing, private": s.facts(s.STANDING, category=s.PRIVATE),
        "asking back": s.facts(replace(s.WAITING, answers=(s.BACK,))),
        "waiting": s.facts(s.WAITING),
        "review": s.facts(s.REVIEW),
        "review of a question back": s.facts(replace(s.REVIEW, answers=(replace(s.BACK, release_at=None),))),
        "review of a correction": s.facts(s.answered(s.ARRIVED, replace(s.CORRECTION, release_at=None))),
        "review, private": s.facts(s.REVIEW, category=s.PRIVATE),
        "sending": s.facts(s.answered(s.TEXT)),
        "sending, staff": s.facts(s.answered(s.STAFF_TEXT, with_staff=True, holder=s.BEN)),
        "sending a correction": s.facts(s.answered(s.ARRIVED, s.CORRECTION)),
        "sent": s.facts(s.answered(s.LEFT)),
        "sent, question back": s.facts(replace(s.WAITING, answers=(replace(s.BACK, release_at=s.NOW - 1),))),
        "sent, correction": s.facts(s.answered(s.ARRIVED, replace(s.CORRECTION, release_at=s.NOW - 1))),
        "not delivered": s.facts(s.answered(s.LOST)),
        "not delivered, question back": s.facts(
            replace(s.WAITING, answers=(replace(s.LOST, message=3, kind=s.BACK.kind, undelivered_why="thread-gone"),))
        ),
        "not delivered, correction": s.facts(
            s.answered(s.ARRIVED, replace(s.LOST, message=6, kind=s.CORRECTION.kind, undelivered_why="weather"))
        ),
        "delivered": s.facts(s.answered(s.ARRIVED)),
        "delivered, staff": s.facts(s.answered(s.STAFF_ARRIVED, with_staff=True, holder=s.BEN)),
        "escalated": s.facts(s.ESCALATED),
        "solved": s.facts(replace(s.SOLVED, payments=paid)),
        "solved, volunteer": s.facts(s.SOLVED),
        "solved in silence": s.facts(replace(s.SOLVED, payments=paid, confirmed=False)),
        "solved by staff": s.facts(replace(s.SOLVED, answers=(s.STAFF_ARRIVED,))),
        "closed as the same": s.facts(
            s.at(State.CLOSED, closed_as=CloseReason.DUPLICATE, duplicate_of=s.number("Q8M2"))
        ),
    }
    for name, facts in states.items():
        yield name, told("question", facts)
    for why in (
        "no-such-address",
        "closed",
        "not-allowed",
        "rejected",
        "channel-gone",
        "busy",
        "uncertain",
        "platform-off",
        "slack-token",
        "slack-not-in-channel",
        "slack-archived",
        "slack-not-allowed",
        "slack-scope",
        "slack-no-direct",
        "discord-token",
        "discord-intent",
        "discord-server",
        "discord-permission",
        "discord-no-direct",
        "file-gone",
    ):
        yield f"not delivered, {why}", told("question", s.facts(s.answered(replace(s.LOST, undelivered_why=why))))
    for waited in (MINUTE_MS // 2, 3 * HOUR_MS, 25 * HOUR_MS, 50 * HOUR_MS):
        question = replace(s.OPEN, asked_at=s.NOW - waited)
        yield f"open for {waited // MINUTE_MS} minutes", told("question", s.facts(question, messages={}))
    for reason in CloseReason:
        yield f"closed, {reason}", told("question", s.facts(s.at(State.CLOSED, closed_as=reason)))
    for why in EscalationReason:
        escalation = replace(s.ESCALATION, reason=why)
        yield f"standing, {why}", told("question", s.facts(replace(s.STANDING, escalation=escalation), messages={}))
    yield "pointer", told("pointer", s.facts(s.OPEN))
    yield "pointer, volunteer", told("pointer", s.facts(replace(s.OPEN, bounty=0)))
    yield "pointer, claimed", told("pointer", s.facts(s.CLAIMED))


def staff() -> Iterator[Shown]:
    other = replace(s.ACCOUNT, title="Account access")
    states = {
        "held": s.HELD,
        "held for a secret": replace(s.HELD, why_held=("secret",)),
        "held for two reasons": replace(s.HELD, why_held=("spam", "safety")),
        "held for an identity number": replace(s.HELD, why_held=("government id",)),
        "held for something new": replace(s.HELD, why_held=("vat-number",)),
        "escalated by an expert": s.ESCALATED,
        "asked for by the customer": s.WITH_STAFF,
        "not solved": replace(s.WITH_STAFF, rejections=1),
        "not solved twice": replace(s.WITH_STAFF, rejections=2),
        "staff on it": replace(s.STAFF_CLAIMED, escalation=s.WENT),
        "review overdue": s.REVIEW,
        "not delivered": s.answered(s.LOST),
        "not deliverable": s.answered(replace(s.LOST, undelivered_why="channel-gone")),
        "answered, undecided": s.answered(s.STAFF_ARRIVED, escalation=s.WENT, with_staff=True),
        "handed back": s.OPEN,
        "claimed": s.CLAIMED,
        "waiting": s.WAITING,
        "reviewed meanwhile": replace(s.REVIEW, answers=(s.ARRIVED,)),
        "answered": s.answered(s.ARRIVED),
        "flagged": s.answered(s.CALLED_BAD),
        "flagged, undecided": s.answered(s.CALLED_BAD, escalation=s.WENT),
        "flagged, staff wrote since": s.answered(replace(s.CALLED_BAD, flagged=9)),
        "solved": s.SOLVED,
        "closed": s.at(State.CLOSED, closed_as=CloseReason.SPAM),
    }
    for name, question in states.items():
        yield name, told("staff", s.facts(question, category=other), args={"eyes": "staff"})
    gone = ("channel-gone", "slack-archived", "slack-not-in-channel")
    for why in ("slack-token", "slack-socket", *gone, "too-much-snow"):
        args = {"eyes": "staff", "where": "Slack (acme)", "why": why}
        yield f"a platform is lost, {why}", told("platform-lost", s.facts(s.OPEN), args=args)
    for why in ("discord-token", "discord-intent", "discord-server", "discord-permission"):
        args = {"eyes": "staff", "where": "Discord (acme)", "why": why}
        yield f"a platform is lost, {why}", told("platform-lost", s.facts(s.OPEN), args=args)
    yield "a platform is lost", told("platform-lost", s.facts(s.OPEN), args={"eyes": "staff"})
    yield "a platform is back", told("platform-back", s.facts(s.OPEN), args={"eyes": "staff", "where": "Slack (acme)"})


def threads() -> Iterator[Shown]:
    for name, message in {
        "customer": s.LATER,
        "customer, masked": s.FIRST,
        "thanks": s.THANKED,
        "asked back": s.ASKED_BACK,
        "answer": s.ANSWERED,
        "answer by staff": s.BY_STAFF,
        "correction": s.CORRECTED,
        "note": s.NOTED,
        "reason": s.TRIED,
        "removed": s.GONE,
        "staff note": s.STAFF_NOTED,
        "a reason for Ana": s.WHY,
        "flag": s.FLAGGED,
    }.items():
        yield f"{name}, for experts", told("message", s.facts(s.CLAIMED), message=message.number)
        yield f"{name}, for staff", told("message", s.facts(s.CLAIMED), message=message.number, args={"eyes": "staff"})
    for about in ("reworded", "taken-back"):
        yield f"{about}, the question", told(about, s.facts(s.CLAIMED), message=s.FIRST.number)
        yield f"{about}, a reply", told(about, s.facts(s.CLAIMED), message=s.LATER.number)
    private = s.facts(s.CLAIMED, category=s.PRIVATE)
    yield "customer in private, for experts", told("message", private, message=2)
    yield "customer in private, for staff", told("message", private, message=2, args={"eyes": "staff"})
    yield "note in private, for experts", told("message", private, message=9)


def customers() -> Iterator[Shown]:
    open_again = s.at(State.OPEN, rejections=1)
    rows: dict[str, tuple[str, Facts, dict[str, Any]]] = {
        "asked": ("asked", s.facts(s.OPEN), {}),
        "asked, held": ("asked", s.facts(s.HELD), {}),
        "asked, staff": ("asked", s.facts(s.WITH_STAFF), {}),
        "asked in a chat": ("asked", s.facts(replace(s.OPEN, origin=Place("slack:acme:D1"))), {}),
        "reading": ("reading", s.facts(s.CLAIMED), {}),
        "reading, released meanwhile": ("reading", s.facts(s.OPEN), {}),
        "asked back": ("clarify", s.facts(s.WAITING), {"message": 3}),
        "asked back by staff": ("clarify", s.facts(s.STAFF_CLAIMED), {"message": 5}),
        "answer": ("answer", s.facts(s.answered(s.LEFT)), {"message": 4}),
        "answer of a globex": ("answer", replace(s.facts(s.answered(s.LEFT)), company="Globex"), {"message": 4}),
        "answer by staff": ("answer", s.facts(s.answered(s.STAFF_TEXT, with_staff=True)), {"message": 5}),
        "answer by staff over an expert's": (
            "answer",
            s.facts(s.answered(s.ARRIVED, s.STAFF_TEXT, with_staff=True)),
            {"message": 5},
        ),
        "correction": ("correction", s.facts(s.answered(s.ARRIVED, s.CORRECTION)), {"message": 6}),
        "correction later": ("correction", s.facts(s.CLAIMED), {"message": 6}),
        "a note by mistake": ("answer", s.facts(s.answered(s.LEFT)), {"message": 9}),
        "escalated": ("escalated", s.facts(s.ESCALATED), {}),
        "escalated as asked": ("escalated", s.facts(s.WITH_STAFF), {}),
        "reply awaited": ("reply-awaited", s.facts(s.WAITING), {}),
        "reply came": ("reply-awaited", s.facts(s.CLAIMED), {}),
        "verdict awaited": ("verdict-awaited", s.facts(s.answered(s.ARRIVED)), {}),
        "verdict came": ("verdict-awaited", s.facts(s.SOLVED), {}),
        "solved": ("solved", s.facts(s.SOLVED), {}),
        "solved in silence": ("solved", s.facts(replace(s.SOLVED, confirmed=False)), {}),
        "closed as the same": (
            "closed",
            s.facts(s.at(State.CLOSED, closed_as=CloseReason.DUPLICATE, duplicate_of=s.number("Q8M2"))),
            {},
        ),
        "reopened": ("reopened", s.facts(open_again), {}),
        "reopened, claimed": ("reopened", s.facts(s.CLAIMED), {}),
        "reopened, with staff": ("reopened", s.facts(s.WITH_STAFF), {}),
    }
    for name, (about, facts, more) in rows.items():
        yield name, told(about, facts, person=s.ANN, **more)
    for reason in CloseReason:
        yield f"closed, {reason}", told("closed", s.facts(s.at(State.CLOSED, closed_as=reason)), person=s.ANN)
    for why in EscalationReason:
        question = replace(s.ESCALATED, escalation=replace(s.WENT, reason=why))
        yield f"escalated, {why}", told("escalated", s.facts(question), person=s.ANN)


def people() -> Iterator[Shown]:
    paid = Payment(person=s.ANA, amount=140, pocket=Pocket.PAYABLE, why="override", at=s.NOW)
    pending = replace(paid, pocket=Pocket.PENDING, why="bounty")
    by_ben = s.answered(s.STAFF_TEXT, with_staff=True, holder=s.BEN)
    approved = s.answered(replace(s.TEXT, reviewer=s.CLEO))
    edited = {**s.MESSAGES, 4: replace(s.ANSWERED, revision=2)}
    waits = replace(s.HELD, since=s.NOW - 30 * MINUTE_MS)
    rows: dict[str, tuple[str, Facts, dict[str, Any]]] = {
        "claim ends": ("claim-ends", s.facts(s.CLAIMED), {}),
        "claim ends for the last time": ("claim-ends", s.facts(replace(s.CLAIMED, extensions=2)), {}),
        "claim ended meanwhile": ("claim-ends", s.facts(s.OPEN), {}),
        "lapsed": ("lapsed", s.facts(s.OPEN), {}),
        "lapsed, taken already": ("lapsed", s.facts(s.STAFF_CLAIMED), {}),
        "assigned": ("assigned", s.facts(s.CLAIMED, category=s.PRIVATE), {"message": 1}),
        "assigned to staff": ("assigned", s.facts(s.STAFF_CLAIMED), {"message": 1, "person": s.BEN}),
        "returned": ("returned", s.facts(s.CLAIMED), {"message": 2}),
        "replied": ("replied", s.facts(s.CLAIMED), {"message": 2}),
        "replied to an answer": ("replied", s.facts(s.answered(s.ARRIVED)), {"message": 2}),
        "thanks": ("thanks", s.facts(s.SOLVED), {"message": 11}),
        "delivered": ("delivered", s.facts(s.answered(s.ARRIVED)), {"message": 4}),
        "undelivered": ("undelivered", s.facts(s.answered(s.LOST)), {"message": 4}),
        "undelivered, gone": (
            "undelivered",
            s.facts(s.answered(replace(s.LOST, undelivered_why="channel-gone"))),
            {"message": 4},
        ),
        "undelivered, next try known": (
            "undelivered",
            s.facts(s.answered(s.LOST)),
            {"message": 4, "args": {"retry_at": s.NOW + 33 * MINUTE_MS}},
        ),
        "approved": ("approved", s.facts(approved), {"message": 4}),
        "approved with edits": ("approved", s.facts(approved, messages=edited), {"message": 4}),
        "revised": ("revised", s.facts(s.CLAIMED), {"message": 8}),
        "revised, a correction": ("revised", s.facts(s.answered(s.ARRIVED)), {"message": 8}),
        "overridden": ("overridden", s.facts(replace(by_ben, payments=(paid,))), {"message": 8}),
        "overridden without pay": ("overridden", s.facts(by_ben), {"message": 8}),
        "taken": ("taken", s.facts(s.STAFF_CLAIMED), {}),
        "taken, answered": ("taken", s.facts(by_ben), {}),
        "taken, open": ("taken", s.facts(s.OPEN), {}),
        "taken, escalated": ("taken", s.facts(s.WITH_STAFF), {}),
        "taken, closed": ("taken", s.facts(s.at(State.CLOSED, closed_as=CloseReason.WITHDRAWN)), {}),
        "confirmed": ("confirmed", s.facts(s.ESCALATED), {}),
        "denied": ("denied", s.facts(s.ESCALATED), {}),
        "vetoed": ("vetoed", s.facts(replace(s.CLAIMED, holder=s.CLEO)), {}),
        "paid, pending": (
            "paid",
            s.facts(replace(s.SOLVED, payments=(pending,))),
            {"args": {"amount": 140, "pending": 1}},
        ),
        "paid, payable": ("paid", s.facts(s.SOLVED), {"args": {"amount": 140, "pending": 0}}),
        "reversed": ("reversed", s.facts(s.CLAIMED), {"args": {"amount": 140}}),
        "review awaited, master": ("review-awaited", s.facts(s.REVIEW), {"message": 4, "person": s.CLEO}),
        "review awaited, staff": ("review-awaited", s.facts(s.REVIEW), {"message": 4, "person": s.BEN}),
        "review awaited, private": (
            "review-awaited",
            s.facts(s.REVIEW, category=s.PRIVATE),
            {"message": 4, "person": s.CLEO},
        ),
        "review done": ("review-awaited", s.facts(s.answered(s.TEXT)), {"message": 4, "person": s.CLEO}),
        "staff awaited": ("staff-awaited", s.facts(s.WITH_STAFF), {"person": None, "args": {"eyes": "staff"}}),
        "staff awaited, held": ("staff-awaited", s.facts(waits), {"person": None, "args": {"eyes": "staff"}}),
        "staff came": ("staff-awaited", s.facts(s.STAFF_CLAIMED), {"person": None, "args": {"eyes": "staff"}}),
        "lead awaited": (
            "lead-awaited",
            s.facts(replace(s.WITH_STAFF, since=s.NOW - 130 * MINUTE_MS)),
            {"person": s.DIA},
        ),
        "appeal": ("appeal", s.facts(by_ben), {"message": 12, "person": s.DIA}),
        "appeal by the customer": ("appeal", s.facts(by_ben), {"message": 2, "person": s.DIA}),
        "paused": ("paused", s.facts(s.OPEN), {"person": s.BO}),
        "paused by choice": ("paused", s.facts(s.OPEN), {"args": {"until": s.NOW + HOUR_MS, "why": "asked"}}),
    }
    for name, (about, facts, more) in rows.items():
        yield name, told(about, facts, **{"person": s.ANA, "recipient": direct_place("web", "ana"), **more})
    for complaint in ("did-not-work", "not-understood", "other-topic"):
        card = told("returned", s.facts(s.CLAIMED), person=s.ANA, args={"complaint": complaint})
        yield f"returned, {complaint}", card
