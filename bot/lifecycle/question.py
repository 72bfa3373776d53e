"""The life of a question. Staff override is STAFF in the second column, not a special path."""

from typing import Final

from bot.commands import (
    Admit,
    Appeal,
    Approve,
    Ask,
    Assign,
    Claim,
    Clarify,
    Close,
    Confirm,
    Correct,
    Delivered,
    Deny,
    Escalate,
    Expire,
    Extend,
    Flag,
    HandBack,
    HandOver,
    Helped,
    Lapse,
    Mature,
    Note,
    NotYet,
    Override,
    Pass,
    PayRest,
    Postpone,
    Raise,
    Redact,
    Release,
    Remind,
    Reopen,
    Reply,
    Revise,
    Reword,
    SendAnswer,
    SendNow,
    Settle,
    ShowFile,
    Silence,
    StaffNote,
    StaffPlease,
    Stand,
    Take,
    TakeBack,
    TryNow,
    Undelivered,
    Undo,
    Veto,
    Withdraw,
)
from bot.lifecycle.moves import Move, Who
from bot.model import State

HELD, OPEN, CLAIMED, WAITING = State.HELD, State.OPEN, State.CLAIMED, State.WAITING
REVIEW, ANSWERED, ESCALATED = State.REVIEW, State.ANSWERED, State.ESCALATED
SOLVED, CLOSED = State.SOLVED, State.CLOSED
CUSTOMER, EXPERT, CLAIMER, AUTHOR = Who.CUSTOMER, Who.EXPERT, Who.CLAIMER, Who.AUTHOR
MASTER, STAFF, CLOCK, COURIER = Who.MASTER, Who.STAFF, Who.CLOCK, Who.COURIER

ANY: Final = frozenset(State)
ACTIVE: Final = ANY - {SOLVED, CLOSED}
WITH_CUSTOMER: Final = frozenset({ANSWERED, SOLVED})  # an answer is with the customer
NOT_CLOSED: Final = ANY - {CLOSED}
SENDING: Final = frozenset({ANSWERED, WAITING, REVIEW, SOLVED})  # a text may be on its way
STAY: Final[frozenset[State]] = frozenset()


def _to(*states: State) -> frozenset[State]:
    return frozenset(states)


# fmt: off
QUESTION_MOVES: Final[tuple[Move[State], ...]] = (
    Move(Ask,         CUSTOMER | Who.INTEGRATION, STAY,                         _to(HELD, OPEN, ESCALATED)),
    Move(Admit,       STAFF,                      _to(HELD),                    _to(OPEN)),
    Move(Claim,       EXPERT | STAFF,             _to(OPEN),                    _to(CLAIMED)),
    Move(Extend,      CLAIMER,                    _to(CLAIMED),                 STAY),
    Move(Release,     CLAIMER | STAFF,            _to(CLAIMED),                 _to(OPEN, ESCALATED)),
    Move(Lapse,       CLOCK,                      _to(CLAIMED),                 _to(OPEN, ESCALATED)),
    Move(Pass,        EXPERT,                     _to(OPEN),                    STAY),
    Move(Clarify,     CLAIMER,                    _to(CLAIMED),                 _to(WAITING, REVIEW)),
    Move(Expire,      CLOCK,                      _to(WAITING),                 _to(CLOSED)),
    Move(Reply,       CUSTOMER,                   _to(WAITING, CLOSED),         _to(CLAIMED, OPEN, ESCALATED)),
    Move(Reply,       CUSTOMER,                   ANY - {WAITING, CLOSED},      STAY),
    Move(Reword,      CUSTOMER,                   _to(WAITING, CLOSED),         _to(CLAIMED, OPEN, ESCALATED)),
    Move(Reword,      CUSTOMER,                   ANY - {WAITING, CLOSED},      STAY),
    Move(TakeBack,    CUSTOMER,                   _to(HELD, OPEN, ESCALATED),   _to(CLOSED)),
    Move(TakeBack,    CUSTOMER,                   ANY - {HELD, OPEN, ESCALATED}, STAY),
    Move(SendAnswer,  CLAIMER,                    _to(CLAIMED, ANSWERED),       _to(REVIEW, ANSWERED)),
    Move(SendAnswer,  STAFF,                      ACTIVE,                       _to(ANSWERED)),
    Move(Undo,        AUTHOR,                     _to(WAITING, REVIEW, ANSWERED), _to(CLAIMED, ANSWERED, ESCALATED)),
    Move(Undo,        AUTHOR,                     _to(SOLVED, ESCALATED),       STAY),
    Move(SendNow,     AUTHOR | STAFF,             SENDING,                      STAY),
    Move(Approve,     MASTER | STAFF,             _to(REVIEW),                  _to(ANSWERED, WAITING)),
    Move(Approve,     MASTER | STAFF,             WITH_CUSTOMER,                STAY),  # a correction
    Move(Revise,      MASTER | STAFF,             _to(REVIEW),                  _to(CLAIMED, ANSWERED, ESCALATED)),
    Move(Revise,      MASTER | STAFF,             WITH_CUSTOMER,                STAY),
    Move(Delivered,   COURIER,                    ANY,                          STAY),
    Move(Undelivered, COURIER,                    ANY,                          STAY),
    Move(TryNow,      AUTHOR | STAFF,             ANY,                          STAY),
    Move(Correct,     AUTHOR | STAFF,             WITH_CUSTOMER,                STAY),
    Move(Helped,      CUSTOMER,                   WITH_CUSTOMER,                _to(SOLVED)),
    Move(Silence,     CLOCK,                      _to(ANSWERED),                _to(SOLVED)),
    Move(PayRest,     CLOCK,                      _to(ANSWERED),                _to(SOLVED)),
    Move(NotYet,      CUSTOMER,                   WITH_CUSTOMER,                _to(CLAIMED, OPEN, ESCALATED)),
    Move(StaffPlease, CUSTOMER,                   ACTIVE,                       _to(ESCALATED)),
    Move(Escalate,    EXPERT,                     _to(OPEN),                    _to(ESCALATED)),
    Move(Escalate,    CLAIMER,                    _to(CLAIMED, WAITING),        _to(ESCALATED)),
    Move(Stand,       CLOCK,                      _to(OPEN, CLAIMED, WAITING),  _to(ESCALATED)),
    Move(Veto,        MASTER,                     _to(OPEN, CLAIMED, WAITING),  _to(CLAIMED)),
    Move(Take,        STAFF,                      ACTIVE,                       _to(CLAIMED)),
    Move(Assign,      STAFF,                      ACTIVE,                       _to(CLAIMED)),
    Move(HandBack,    STAFF,                      ACTIVE,                       _to(OPEN)),
    Move(HandOver,    CLOCK,                      _to(OPEN),                    _to(ESCALATED)),
    Move(Confirm,     STAFF | CLOCK,              ANY,                          STAY),
    Move(Deny,        STAFF,                      ANY,                          STAY),
    Move(Override,    STAFF,                      ACTIVE,                       _to(ANSWERED)),
    Move(Override,    STAFF,                      _to(SOLVED),                  STAY),
    Move(Appeal,      CUSTOMER | AUTHOR | EXPERT, ANY,                          STAY),
    Move(Flag,        CUSTOMER | EXPERT | STAFF,  WITH_CUSTOMER,                STAY),
    Move(Raise,       STAFF,                      _to(OPEN),                    STAY),
    Move(Note,        STAFF | CLAIMER,            ANY,                          STAY),
    Move(StaffNote,   STAFF,                      ANY,                          STAY),
    Move(Redact,      STAFF,                      _to(WAITING, REVIEW, ANSWERED), _to(CLAIMED, ANSWERED, ESCALATED)),
    Move(Redact,      STAFF,                      ANY - {WAITING, REVIEW, ANSWERED}, STAY),
    Move(ShowFile,    CUSTOMER,                   ANY,                          STAY),
    Move(Close,       STAFF,                      NOT_CLOSED,                   _to(CLOSED)),
    Move(Withdraw,    CUSTOMER,                   ACTIVE,                       _to(CLOSED)),
    Move(Reopen,      STAFF,                      _to(SOLVED, CLOSED),          _to(OPEN)),
    Move(Mature,      CLOCK,                      ANY,                          STAY),
    Move(Settle,      CLOCK,                      _to(SOLVED),                  STAY),
    Move(Remind,      CLOCK,                      NOT_CLOSED,                   STAY),
    Move(Postpone,    CLOCK,                      ANY,                          STAY),
)
# fmt: on
