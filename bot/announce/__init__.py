"""Who should see what after a change, and where: cards in channels, lines in threads, notices to people."""

from bot.announce.channels import card_notices, in_channels
from bot.announce.customer import said_by_post, to_customer
from bot.announce.files import file_readers, files, files_withdrawn
from bot.announce.people import can_wait, linked_notice, pause_notice, to_people
from bot.announce.people import people_told as _people_told
from bot.announce.platforms import platform_notices
from bot.announce.reach import Reach, card_slot, staff_slot, text_slot
from bot.change import Change, Outcome
from bot.model import Notice, PersonId, Question

__all__ = [
    "Reach",
    "announce",
    "can_wait",
    "card_notices",
    "card_slot",
    "files_withdrawn",
    "linked_notice",
    "pause_notice",
    "people_told",
    "platform_notices",
    "said_by_post",
    "staff_slot",
    "text_slot",
]


def announce(change: Change[Question], reach: Reach) -> tuple[Notice, ...]:
    """Every post that the change makes or changes."""
    if change.outcome is Outcome.NOTHING:
        return ()
    shown = (*in_channels(change, reach.category), *to_customer(change), *to_people(change, reach))
    return (*shown, *files(change, reach))


def people_told(change: Change[Question]) -> frozenset[PersonId]:
    """Everybody whose home `announce` may need."""
    return _people_told(change) | file_readers(change)
