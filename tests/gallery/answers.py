"""Every reply of the gallery: what the actor is told after a command, and what the customer's page says."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.card import Card
from bot.change import Outcome, Reason, Receipt
from bot.grammar import Misheard, Misread
from bot.model import Category, CloseReason, Expert, PersonId, Place, Question, State
from bot.policy import MINUTE_MS, Policy
from bot.wording import customer_view, misread, reply
from tests.gallery import scenes as s

Shown = tuple[str, Card | None]


def done(
    verb: str,
    question: Question | None,
    actor: PersonId,
    outcome: Outcome = Outcome.DONE,
    category: Category | None = s.ACCOUNT,
    people: dict[PersonId, Any] = s.PEOPLE,
    **more: Any,
) -> Card:
    number = question.id if question else None
    receipt = Receipt(verb=verb, question=number, outcome=outcome, actor=actor, **more)
    return reply(receipt, s.facts(question, category=category, people=people))


def replies() -> Iterator[Shown]:
    yield from _experts_replies()
    yield from _customers_replies()
    yield from _staff_replies()
    yield from _peoples_replies()


def _experts_replies() -> Iterator[Shown]:
    sending, stands = Outcome.SENDING, Outcome.STANDS
    yield "nothing", done("pass", s.OPEN, s.ANA, Outcome.NOTHING)
    yield "claim", done("claim", s.CLAIMED, s.ANA)
    yield "claim, private", done("claim", s.CLAIMED, s.ANA, category=s.PRIVATE)
    yield "extend", done("extend", s.CLAIMED, s.ANA)
    yield "release", done("release", s.OPEN, s.ANA)
    yield "pass", done("pass", s.OPEN, s.ANA)
    yield "clarify", done("clarify", replace(s.WAITING, answers=(s.BACK,)), s.ANA, sending, message=3)
    yield "clarify, review", done("clarify", s.REVIEW, s.BO, Outcome.REVIEW, message=3)
    yield "answer", done("answer", s.answered(s.TEXT), s.ANA, sending, message=4)
    yield (
        "answer, web",
        done("answer", replace(s.answered(s.TEXT), origin=Place("web:@p-ann")), s.ANA, sending, message=4),
    )
    yield (
        "answer, elsewhere",
        done("answer", replace(s.answered(s.TEXT), origin=Place("fax:1")), s.ANA, sending, message=4),
    )
    yield "answer, review", done("answer", s.REVIEW, s.BO, Outcome.REVIEW, message=4)
    yield "undo", done("undo", s.CLAIMED, s.ANA, message=4)
    yield "undo a correction", done("undo", s.SOLVED, s.ANA, message=6)
    yield "send now", done("send-now", s.answered(s.LEFT), s.ANA, sending, message=4)
    yield "try now", done("try-now", s.answered(s.LOST), s.ANA, sending, message=4)
    correcting = s.answered(s.ARRIVED, s.CORRECTION)
    yield "correct", done("correct", correcting, s.ANA, Outcome.CORRECTION, message=6)
    yield "correct, review", done("correct", correcting, s.BO, Outcome.REVIEW, message=6)
    yield "escalate, standing", done("escalate", s.STANDING, s.ANA, stands, message=7)
    yield "escalate", done("escalate", s.ESCALATED, s.ANA, Outcome.WITH_STAFF, message=7)
    yield "veto", done("veto", replace(s.CLAIMED, holder=s.CLEO), s.CLEO)
    yield "approve", done("approve", s.answered(s.TEXT), s.CLEO, sending, message=4)
    yield "revise", done("revise", s.CLAIMED, s.CLEO, Outcome.RETURNED, message=4)
    yield "note", done("note", s.CLAIMED, s.ANA, message=9)
    yield "appeal", done("appeal", s.answered(s.STAFF_ARRIVED), s.ANA, message=12)
    yield "flag", done("flag", s.answered(s.CALLED_BAD), s.BO, message=4)
    yield "a verb without a sentence", done("settle", s.SOLVED, s.ANA)


def _customers_replies() -> Iterator[Shown]:
    yield "ask", done("ask", s.OPEN, s.ANN, Outcome.OPENED, message=1)
    yield "ask, held", done("ask", s.HELD, s.ANN, Outcome.HELD, message=1)
    yield "ask, staff", done("ask", s.WITH_STAFF, s.ANN, Outcome.WITH_STAFF, message=1)
    yield "ask, the same once more", done("ask", s.OPEN, s.ANN, Outcome.NOTHING)
    yield "reply", done("reply", s.OPEN, s.ANN, message=2)
    yield "reply, the same once more", done("reply", s.OPEN, s.ANN, Outcome.NOTHING)
    yield "reworded", done("reword", s.OPEN, s.ANN, message=1)
    yield "reworded as it was", done("reword", s.OPEN, s.ANN, Outcome.NOTHING, message=1)
    yield "taken back", done("take-back", s.CLAIMED, s.ANN, message=1)
    yield "reply, asked back", done("reply", s.CLAIMED, s.ANN, Outcome.RETURNED, message=2)
    yield "reply, nobody there", done("reply", s.OPEN, s.ANN, Outcome.RETURNED, message=2)
    yield "thanks", done("reply", s.answered(s.ARRIVED), s.ANN, Outcome.THANKS, message=11)
    yield "thanks to nobody yet", done("reply", s.OPEN, s.ANN, Outcome.THANKS, message=11)
    yield "helped", done("helped", s.SOLVED, s.ANN, message=4)
    yield "helped by nobody", done("helped", replace(s.SOLVED, answers=()), s.ANN, message=4)
    yield "not yet", done("not-yet", s.CLAIMED, s.ANN, Outcome.RETURNED, message=4)
    yield "not yet, somebody else", done("not-yet", s.OPEN, s.ANN, Outcome.OPENED, message=4)
    yield "not yet, again", done("not-yet", s.WITH_STAFF, s.ANN, Outcome.WITH_STAFF, message=4)
    yield "staff, please", done("staff-please", s.WITH_STAFF, s.ANN, Outcome.WITH_STAFF)
    yield "withdraw", done("withdraw", s.at(State.CLOSED, closed_as=CloseReason.WITHDRAWN), s.ANN)


def _staff_replies() -> Iterator[Shown]:
    yield "admit", done("admit", s.OPEN, s.BEN, Outcome.OPENED)
    yield "claim by staff", done("claim", s.STAFF_CLAIMED, s.BEN)
    yield "release by staff", done("release", s.WITH_STAFF, s.BEN)
    yield "take", done("take", s.STAFF_CLAIMED, s.BEN)
    yield "assign", done("assign", s.CLAIMED, s.BEN)
    yield "assign to staff", done("assign", s.STAFF_CLAIMED, s.DIA)
    yield "hand back", done("hand-back", s.OPEN, s.BEN, Outcome.OPENED)
    yield "confirm", done("confirm", s.ESCALATED, s.BEN)
    yield "deny", done("deny", s.ESCALATED, s.BEN)
    over = s.answered(s.STAFF_TEXT, with_staff=True, holder=s.BEN)
    yield "override", done("override", over, s.BEN, Outcome.SENDING, message=5)
    over = s.answered(s.ARRIVED, s.STAFF_TEXT, with_staff=True, holder=s.BEN)
    yield "override as a correction", done("override", over, s.BEN, Outcome.CORRECTION, message=5)
    yield "raise", done("raise", replace(s.OPEN, bounty=400), s.BEN)
    yield "staff note", done("staff-note", s.OPEN, s.BEN, message=10)
    yield "redact", done("redact", s.OPEN, s.BEN, message=13)
    yield "close", done("close", s.at(State.CLOSED, closed_as=CloseReason.SPAM), s.BEN)
    yield "reopen", done("reopen", s.OPEN, s.BEN, Outcome.OPENED)
    for verb in ("open-category", "close-category", "edit-category", "create-category"):
        yield verb, done(verb, None, s.DIA, names=("account",))
    yield "a category nobody loaded", done("edit-category", None, s.DIA, category=None, names=("account",))


def _peoples_replies() -> Iterator[Shown]:
    yield "vouched for", done("vouch", None, s.BO, category=None, person=s.BO)
    for verb in ("enrol", "suspend", "reinstate", "block", "unblock", "dismiss", "pause", "resume", "rename"):
        yield verb, done(verb, None, s.DIA, person=s.BO)
    yield "appoint", done("appoint", None, s.DIA, person=s.BEN)
    for verb in ("pause", "resume", "rename", "leave", "quiet-hours"):
        yield f"{verb}, oneself", done(verb, None, s.BO, person=s.BO)
    never = replace(s.PEOPLE[s.BO], expert=Expert(quiet_from_hour=0, quiet_until_hour=0))
    yield "quiet-hours, none", done("quiet-hours", None, s.BO, person=s.BO, people={s.BO: never})


def no(
    reason: Reason,
    verb: str = "claim",
    question: Question | None = s.OPEN,
    actor: PersonId = s.BO,
    draft: str = "",
    category: Category | None = s.ACCOUNT,
    **more: Any,
) -> Card:
    number = question.id if question else None
    receipt = Receipt(verb=verb, question=more.pop("said", number), reason=reason, actor=actor, **more)
    return reply(receipt, s.facts(question, draft=draft, category=category))


def refusals() -> Iterator[Shown]:
    yield from _claiming_refused()
    yield from _texts_refused()
    yield from _states_refused()
    yield from _settings_refused()


def _claiming_refused() -> Iterator[Shown]:
    taken = Reason.ALREADY_TAKEN
    draft = "Open Settings and then"
    yield "taken 2 s before", no(taken, question=s.CLAIMED, draft=draft, person=s.ANA, at=s.NOW - 2_400)
    yield "taken 1 s before", no(taken, question=s.CLAIMED, person=s.ANA, at=s.NOW - 1_000)
    yield "taken at the same instant", no(taken, question=s.CLAIMED, person=s.ANA, at=s.NOW)
    yield "taken a while ago", no(taken, question=s.CLAIMED, person=s.ANA, at=s.NOW - 5 * MINUTE_MS)
    yield "taken, nobody knows when", no(taken, question=s.STAFF_CLAIMED, person=s.BEN)
    yield "already yours", no(Reason.ALREADY_YOURS, question=s.CLAIMED, actor=s.ANA)
    yield "already yours, staff", no(Reason.ALREADY_YOURS, question=s.STAFF_CLAIMED, actor=s.BEN)
    yield "own question", no(Reason.OWN_QUESTION, actor=s.ANN)
    yield "own question, assigned", no(Reason.OWN_QUESTION, "assign", actor=s.BEN, person=s.ANN)
    yield "too many claims", no(Reason.TOO_MANY_CLAIMS, limit=3)
    yield "one claim at a time", no(Reason.TOO_MANY_CLAIMS, limit=1)
    yield "too many claims, assigned", no(Reason.TOO_MANY_CLAIMS, "assign", actor=s.BEN, person=s.BO, limit=3)
    yield "one claim at a time, assigned", no(Reason.TOO_MANY_CLAIMS, "assign", actor=s.BEN, person=s.BO, limit=1)
    yield "suspended", no(Reason.SUSPENDED)
    yield "someone else, please", no(Reason.SOMEONE_ELSE)
    yield "rank too low", no(Reason.RANK_TOO_LOW, names=("master",))
    yield "not an expert", no(Reason.NOT_EXPERT, actor=PersonId("p-new"))
    yield "not an expert of it", no(Reason.NOT_EXPERT, names=("Account access",))
    yield "assigned to no expert", no(Reason.NOT_EXPERT, "assign", actor=s.BEN, person=s.ANN)
    yield "category off", no(Reason.CATEGORY_OFF)
    yield "category off, unknown", no(Reason.CATEGORY_OFF, category=None)
    yield "no more extensions", no(Reason.NO_MORE_EXTENSIONS, "extend", s.CLAIMED, s.ANA, limit=2, at=s.NOW + 60_000)
    yield "nothing to extend", no(Reason.NO_MORE_EXTENSIONS, "extend", s.STAFF_CLAIMED, s.BEN)


def _texts_refused() -> Iterator[Shown]:
    claimed, mine = s.CLAIMED, s.ANA
    short = "Try again."
    yield "too short", no(Reason.TOO_SHORT, "answer", claimed, mine, draft=short, limit=40)
    yield "too short, not kept", no(Reason.TOO_SHORT, "answer", claimed, mine, limit=40)
    yield "too short a question", no(Reason.TOO_SHORT, "ask", None, s.ANN, limit=10)
    yield "too long", no(Reason.TOO_LONG, "answer", claimed, mine, draft="x" * 12_001, limit=12_000)
    yield "too long a note", no(Reason.TOO_LONG, "note", claimed, mine, limit=4_000)
    yield "empty", no(Reason.EMPTY, "answer", claimed, mine)
    yield "too fast", no(Reason.TOO_FAST, "answer", claimed, mine, draft=short, limit=20)
    objections = ("contact", "secret-request", "remote-control", "payment", "private-chat", "refund-promise")
    yield "objectionable", no(Reason.OBJECTIONABLE, "answer", claimed, mine, draft=short, names=objections)
    rest = ("link", "insult", "impersonation", "too-short", "too-fast", "new-rule")
    yield "objectionable in other ways", no(Reason.OBJECTIONABLE, "answer", claimed, mine, names=rest)
    arrived = s.answered(s.ARRIVED)
    yield "too late to undo", no(Reason.TOO_LATE, "undo", arrived, mine, message=4, at=s.NOW)
    yield "too late, on its way", no(Reason.TOO_LATE, "undo", s.answered(s.LEFT), mine, message=4, at=s.NOW)
    yield "too late to hurry", no(Reason.TOO_LATE, "send-now", arrived, mine, message=4, at=s.NOW)
    yield "too late to say it helped", no(Reason.TOO_LATE, "helped", s.SOLVED, s.ANN, message=4, at=s.NOW)
    yield "too late to correct", no(Reason.TOO_LATE, "correct", s.SOLVED, mine, message=4, at=s.NOW)
    yield "stale", no(Reason.STALE, "helped", arrived, s.ANN, message=4)
    yield "no such message", no(Reason.NO_SUCH_MESSAGE, "undo", claimed, mine, message=44)


def _states_refused() -> Iterator[Shown]:
    allowed, state = Reason.NOT_ALLOWED, Reason.WRONG_STATE
    yield "not found", no(Reason.NOT_FOUND, question=None, said=s.number("Q8M2"))
    yield "not found, unnamed", no(Reason.NOT_FOUND, "reply", None)
    yield "not allowed", no(allowed, "leave", None)
    yield "not allowed, on a question", no(allowed, "appeal")
    yield "not the holder", no(allowed, "extend", s.CLAIMED)
    yield "nobody holds it", no(allowed, "extend")
    yield "not the author", no(allowed, "undo", s.answered(s.TEXT), message=4)
    yield "not a second pair of eyes", no(allowed, "approve", s.REVIEW, s.ANA, message=4)
    yield "not the customer", no(allowed, "helped", s.answered(s.ARRIVED), message=4)
    yield "a flag on one's own text", no(allowed, "flag", s.answered(s.ARRIVED), s.ANA, message=4)
    yield "not staff", no(Reason.NOT_STAFF, "take")
    for question in (s.HELD, s.OPEN, s.CLAIMED, s.WAITING, s.REVIEW, s.ESCALATED, s.SOLVED):
        yield f"wrong state, {question.state}", no(state, "clarify", question)
    yield "wrong state, answered", no(state, "clarify", s.answered(s.ARRIVED))
    closed = s.at(State.CLOSED, closed_as=CloseReason.SPAM)
    yield "wrong state, closed", no(state, "clarify", closed)
    yield "wrong state, yours", no(state, "claim", s.CLAIMED, s.ANA)
    yield "wrong state, customer", no(state, "helped", closed, s.ANN, message=4)
    yield "wrong state, staff", no(state, "admit", s.SOLVED, s.BEN)
    yield "wrong state, staff on a closed one", no(state, "answer", closed, s.BEN)
    yield "wrong state, person", no(state, "resume", None)
    yield "wrong state, category", no(state, "open-category", None, s.DIA, names=("Account access",))
    yield "nothing to decide", no(Reason.NOTHING_TO_DECIDE, "confirm", s.OPEN, s.BEN)
    yield "too early", no(Reason.TOO_EARLY, "lapse", s.CLAIMED)
    yield "too many open", no(Reason.TOO_MANY_OPEN, "ask", None, s.ANN, limit=3)
    yield "one open at a time", no(Reason.TOO_MANY_OPEN, "ask", None, s.ANN, limit=1)
    yield "blocked", no(Reason.BLOCKED, "ask", None, s.ANN)


def _settings_refused() -> Iterator[Shown]:
    yield "category unknown", no(Reason.CATEGORY_UNKNOWN, "ask", None, s.ANN, names=("biling",))
    yield "category unknown, unnamed", no(Reason.CATEGORY_UNKNOWN, "ask", None, s.ANN)
    yield "category exists", no(Reason.CATEGORY_EXISTS, "create-category", None, s.DIA, names=("billing",))
    yield "category exists, unnamed", no(Reason.CATEGORY_EXISTS, "create-category", None, s.DIA)
    yield "nothing to decide, unnumbered", no(Reason.NOTHING_TO_DECIDE, "confirm", None, s.BEN)
    yield "no such person", no(Reason.NO_SUCH_PERSON, "assign", s.OPEN, s.BEN, names=("bo derek",))
    yield "no such person, unnamed", no(Reason.NO_SUCH_PERSON, "assign", s.OPEN, s.BEN)
    yield "bad amount", no(Reason.BAD_AMOUNT, "raise", s.OPEN, s.BEN, limit=100_000)
    yield "bad number", no(Reason.BAD_AMOUNT, "quiet-hours", None, s.BO, limit=23)
    yield "no amount", no(Reason.BAD_AMOUNT, "raise", s.OPEN, s.BEN)
    yield "bad setting", no(Reason.BAD_SETTING, "edit-category", None, s.DIA, names=("private", "yes or no"))
    yield "bad setting, unexplained", no(Reason.BAD_SETTING, "close", s.OPEN, s.BEN, names=("duplicate",))
    yield "bad name", no(Reason.BAD_NAME, "rename", None, s.BO, limit=40)
    yield "name of the company", no(Reason.BAD_NAME, "rename", None, s.BO, names=("Acme Support",))
    yield "name taken", no(Reason.NAME_TAKEN, "rename", None, s.BO, names=("Ana",))


def misreadings() -> Iterator[Shown]:
    for name, heard in {
        "nothing said": Misread(why=Misheard.NOTHING_SAID),
        "unknown verb": Misread(why=Misheard.UNKNOWN_VERB, said="frobnicate"),
        "mistyped verb": Misread(why=Misheard.UNKNOWN_VERB, said="relaese", suggestions=("release",)),
        "one of three": Misread(why=Misheard.UNKNOWN_VERB, said="re", suggestions=("release", "revise", "redact")),
        "no question": Misread(why=Misheard.NO_QUESTION, verb="claim"),
        "bad number": Misread(why=Misheard.BAD_NUMBER, said="Q7!3", verb="claim"),
        "bad value": Misread(
            why=Misheard.BAD_VALUE, said="spamm", verb="close", slot="reason", suggestions=("spam",), choices=("spam",)
        ),
        "bad value, choices": Misread(
            why=Misheard.BAD_VALUE, said="boring", verb="close", slot="reason", choices=("spam", "duplicate", "done")
        ),
        "missing value": Misread(why=Misheard.BAD_VALUE, verb="undo", slot="message"),
        "too much": Misread(why=Misheard.BAD_VALUE, verb="claim", said="and run"),
    }.items():
        yield name, misread(heard, s.facts(None))
    yield "without facts", misread(Misread(why=Misheard.NOTHING_SAID), None)


def pages() -> Iterator[Shown]:
    for name, question in {
        "held": s.HELD,
        "open": s.OPEN,
        "open again": replace(s.OPEN, rejections=1),
        "claimed": s.CLAIMED,
        "claimed again": replace(s.CLAIMED, answers=(replace(s.ARRIVED, rejected=True),)),
        "claimed by staff": s.STAFF_CLAIMED,
        "asking back": replace(s.WAITING, answers=(s.BACK,)),
        "waiting": s.WAITING,
        "review": s.REVIEW,
        "sending": s.answered(s.TEXT),
        "sending another answer": s.answered(s.ARRIVED, replace(s.TEXT, message=6)),
        "not delivered": s.answered(s.LOST),
        "answered": s.answered(s.ARRIVED),
        "answered by staff": s.answered(s.STAFF_ARRIVED, with_staff=True),
        "answered, correction under way": s.answered(s.ARRIVED, s.CORRECTION),
        "escalated": s.ESCALATED,
        "solved": s.SOLVED,
        "solved in silence": replace(s.SOLVED, confirmed=False),
        "settled": replace(s.SOLVED, settled=True),
        "closed": s.at(State.CLOSED, closed_as=CloseReason.WITHDRAWN),
        "closed, no reply": s.at(State.CLOSED, closed_as=CloseReason.NO_REPLY),
    }.items():
        view = customer_view(question, s.facts(question), Policy())
        body = f"{view.explanation}\n{view.next_step}"
        yield name, Card(title=view.headline, body=body, buttons=view.buttons, moments=view.moments)
