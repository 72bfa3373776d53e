"""Why money or points moved: the stable words of payments and transfers, which statements turn into sentences."""

from enum import StrEnum


class Cause(StrEnum):
    # From escrow to somebody
    BOUNTY = "bounty"  # the answer that solved it
    SHARED = "shared"  # an earlier answer that helped on the way
    REVIEW = "review"
    HOUSE = "house"
    TAKEN = "taken"  # or withdrawn, while somebody worked on it
    NO_REPLY = "no-reply"  # the customer, asked back, never wrote again
    ABUSE = "abuse"  # closed because of the customer's words
    ESCALATION = "escalation"
    OVERRIDE = "override"  # staff answered instead

    # Between company and escrow
    FUNDING = "funding"
    REFUND = "refund"

    # Later
    MATURED = "matured"
    REVERSAL = "reversal"
    JOINED = "joined"  # brought along by a second identity of the same person

    # Points
    HELPED = "helped"
    SETTLED = "settled"
    REOPENED = "reopened"
