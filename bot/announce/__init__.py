"""Who should see what after a change, and where: cards in channels, lines in threads, notices to people."""

from bot.announce.channels import card_notices, in_channels
from bot.announce.customer import to_customer
from bot.announce.people import can_wait, pause_notice, people_told, to_people
from bot.announce.reach import Reach, card_slot, staff_slot, text_slot
from bot.change import Change, Outcome
from bot.model import Notice, Question

__all__ = [
    "Reach",
    "announce",
    "can_wait",
    "card_notices",
    "card_slot",
    "pause_notice",
    "people_told",
    "staff_slot",
    "text_slot",
]


def announce(change: Change[Question], reach: Reach) -> tuple[Notice, ...]:
    """Every post that the change makes or changes."""
    if change.outcome is Outcome.NOTHING:
        return ()
    return (*in_channels(change, reach.category), *to_customer(change), *to_people(change, reach))
