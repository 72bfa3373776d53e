"""Who may change what about a person. The state of a person is their standing as an expert, None for no expert."""

from typing import Final

from bot.commands import (
    Appoint,
    Block,
    Dismiss,
    Enrol,
    Introduce,
    Leave,
    Link,
    NoteLapse,
    NoteReview,
    Pause,
    QuietHours,
    Reinstate,
    Rename,
    Resume,
    Suspend,
    Unblock,
    Vouch,
)
from bot.lifecycle.moves import Move, Who
from bot.model import Standing

ACTIVE, SUSPENDED, LEFT = Standing.ACTIVE, Standing.SUSPENDED, Standing.LEFT
ANYBODY: Final[frozenset[Standing | None]] = frozenset({None, *Standing})
STAY: Final[frozenset[Standing | None]] = frozenset()


def _is(*standings: Standing | None) -> frozenset[Standing | None]:
    return frozenset(standings)


# fmt: off
PERSON_MOVES: Final[tuple[Move[Standing | None], ...]] = (
    Move(Enrol,      Who.LEAD,            _is(None, ACTIVE, LEFT), _is(ACTIVE)),
    Move(Suspend,    Who.LEAD,            _is(ACTIVE),             _is(SUSPENDED)),
    Move(Reinstate,  Who.LEAD,            _is(SUSPENDED),          _is(ACTIVE)),
    Move(Leave,      Who.SELF,            _is(ACTIVE),             _is(LEFT)),
    Move(Pause,      Who.SELF | Who.STAFF, _is(ACTIVE),            STAY),
    Move(Resume,     Who.SELF | Who.STAFF, _is(ACTIVE),            STAY),
    Move(QuietHours, Who.SELF,            _is(ACTIVE),             STAY),
    Move(Rename,     Who.SELF | Who.LEAD, ANYBODY,                 STAY),
    Move(Link,       Who.SELF | Who.CUSTOMER, ANYBODY,             STAY),
    Move(Appoint,    Who.ADMIN,           ANYBODY,                 STAY),
    Move(Dismiss,    Who.ADMIN,           ANYBODY,                 STAY),
    Move(Block,      Who.STAFF,           ANYBODY,                 STAY),
    Move(Unblock,    Who.STAFF,           ANYBODY,                 STAY),
    Move(Introduce,  Who.PLATFORM,        ANYBODY,                 STAY),
    Move(Vouch,      Who.PLATFORM,        ANYBODY,                 _is(ACTIVE, LEFT)),
    Move(NoteLapse,  Who.CLOCK,           ANYBODY,                 STAY),
    Move(NoteReview, Who.CLOCK,           ANYBODY,                 STAY),
)
# fmt: on
