"""What happens to a question by itself, when its time has come."""

from dataclasses import dataclass
from enum import StrEnum

from bot.commands.question import QuestionCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire(QuestionCommand):
    """The customer did not reply for 72 hours; by the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mature(QuestionCommand):
    """Pending money becomes payable; by the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRest(QuestionCommand):
    """An answer that could not be delivered for 7 days pays its author all the same; by the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(QuestionCommand):
    """Seven days solved: points for staying solved, the thread is archived; by the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postpone(QuestionCommand):
    """Every running deadline moves by the length of a downtime."""

    by_ms: int


class Reminder(StrEnum):
    """Things the clock says once in a state."""

    CLAIM_ENDS = "claim-ends"  # to the claimer, with +10 min
    REPLY_AWAITED = "reply-awaited"  # to the customer, who was asked back
    VERDICT_AWAITED = "verdict-awaited"  # to the customer
    REVIEW_AWAITED = "review-awaited"  # to staff, when no master looked
    STAFF_AWAITED = "staff-awaited"  # to the staff channel
    LEAD_AWAITED = "lead-awaited"  # to the leads
    UNDELIVERED = "undelivered"  # to the staff inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(QuestionCommand):
    what: Reminder
