"""What a verb still wants to hear after its word: the shape of one slot, and the choices it offers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model import CloseReason, Complaint, EscalationReason, Rank, Sharing, StaffRole


class Kind(StrEnum):
    """How a slot is said. The slot's name is the command's field."""

    TEXT = "text"  # the rest of the sentence, line breaks and all, as `Words`
    LINE = "line"  # the rest of the sentence, as a plain string
    EDITS = "edits"  # words after "edits:", so that "approve 4 looks good" never replaces an answer
    REASON = "reason"  # words on a last line "reason: ...", or after "because:"
    WHY = "why"  # a plain string after "because"
    PERCENT = "percent"  # a last line "pay: 50%"
    PERSON = "person"  # @bo, @"Bo Derek", p:<id>
    CHOICE = "choice"
    MESSAGE = "message"  # the number of a text in the conversation, or of a file: 4 or #4
    AMOUNT = "amount"  # 2.50, in the unit of the category
    DURATION = "duration"  # 90, 45 min, 2 h, 1 day; in minutes
    HOUR = "hour"  # 22, 22:00, 10pm
    QUESTION = "question"  # another question's number
    CATEGORY = "category"
    CATEGORIES = "categories"
    SETTING = "setting"  # a field of a category
    VALUE = "value"  # what the setting becomes: the rest of the sentence up to "because"
    VERB = "verb"
    CODE = "code"  # 7F3K-92RX, which joins somebody's identities


# Kinds that may hold a person's own words: a sentence that has one is never put on a button.
WORDY: Final = frozenset({Kind.TEXT, Kind.LINE, Kind.EDITS, Kind.REASON, Kind.WHY, Kind.VALUE})
# Kinds that swallow the rest of the sentence, so that nothing may be looked for behind them.
OPEN_ENDED: Final = frozenset({Kind.TEXT, Kind.LINE, Kind.EDITS, Kind.VALUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice: the value it stands for and further phrases by which people say it."""

    value: str
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing a verb wants; `options` are for CHOICE."""

    name: str
    kind: Kind
    required: bool = True
    options: tuple[Option, ...] = ()


def _option(value: str, *phrases: str) -> Option:
    return Option(value=value, phrases=phrases)


COMPLAINTS: Final = (
    _option(
        Complaint.DID_NOT_WORK,
        "it did not work",
        "it didn't work",
        "didn't work",
        "does not work",
        "it does not work",
        "doesn't work",
        "not working",
    ),
    _option(
        Complaint.NOT_UNDERSTOOD,
        "I do not understand",
        "I don't understand",
        "do not understand",
        "don't understand",
        "unclear",
    ),
    _option(
        Complaint.OTHER_TOPIC,
        "it is about something else",
        "it's about something else",
        "about something else",
        "something else",
        "off topic",
    ),
    _option(Complaint.SOMEONE_ELSE, "someone else please", "somebody else"),
)
ESCALATIONS: Final = (
    _option(EscalationReason.NEEDS_ACCOUNT, "account", "needs account access", "account access"),
    _option(EscalationReason.BUG, "a bug"),
    _option(EscalationReason.POLICY),
    _option(EscalationReason.ABUSE, "abusive"),
    _option(EscalationReason.SAFETY),
    _option(EscalationReason.OTHER),
)
CLOSINGS: Final = (
    _option(CloseReason.SPAM, "as spam"),
    _option(CloseReason.DUPLICATE, "as duplicate", "duplicate of", "as duplicate of", "a duplicate of"),
    _option(CloseReason.WITHDRAWN, "as withdrawn"),
    _option(CloseReason.NO_REPLY, "as no reply"),
    _option(CloseReason.ABUSE, "as abuse", "abusive"),
    _option(CloseReason.DONE, "as done"),
)
SHARINGS: Final = (
    _option(Sharing.SEND, "as it is", "to the expert"),
    _option(Sharing.BLUR, "blurred", "unreadable"),
    _option(Sharing.STAFF, "staff only", "to staff", "to staff only"),
)
RANKS: Final = tuple(_option(rank, f"as {rank}", f"as a {rank}", f"as an {rank}") for rank in Rank)
ROLES: Final = tuple(_option(role, f"as {role}", f"as a {role}", f"as an {role}") for role in StaffRole)
