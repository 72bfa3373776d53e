"""The shape of a row of a lifecycle table."""

from dataclasses import dataclass
from enum import Flag, auto
from typing import Generic, TypeVar

S = TypeVar("S")


class Who(Flag):
    """What someone is to this question, or to the house, at this moment. One person can be several at once."""

    NOBODY = 0
    CUSTOMER = auto()  # the one who asked
    INTEGRATION = auto()  # a program that asks on customers' behalf
    EXPERT = auto()  # qualified for the category, active, not the asker
    CLAIMER = auto()  # holds the question
    AUTHOR = auto()  # wrote the text the command names
    MASTER = auto()
    STAFF = auto()
    LEAD = auto()
    ADMIN = auto()
    SELF = auto()  # the person the command is about
    CLOCK = auto()
    COURIER = auto()
    PLATFORM = auto()  # a chat platform, about people it knows


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """`verb` may be done by `who` while the subject is in one of `when`, and leaves it in one of `outcomes`.

    Empty `outcomes` means that the state stays as it is.
    """

    verb: type
    who: Who
    when: frozenset[S]
    outcomes: frozenset[S] = frozenset()
