"""What people wrote: the only place words live, so that redacting and erasing reach every copy."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.ids import PersonId, Place, QuestionId


class Audience(StrEnum):
    """Who may read a message."""

    EVERYONE = "everyone"  # the customer, experts and staff
    INTERNAL = "internal"  # experts and staff
    STAFF = "staff"  # staff only
    PERSON = "person"  # the one person in `Message.to`, and staff


class Kind(StrEnum):
    """What a message is for."""

    QUESTION = "question"
    REPLY = "reply"
    THANKS = "thanks"
    CLARIFY = "clarify"
    ANSWER = "answer"
    CORRECTION = "correction"
    NOTE = "note"
    REASON = "reason"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text on its way in, with what was found in it before the transaction.

    `text` is what was written, cleaned; `shown_text` has personal values masked and is all an outsider sees;
    `held` names what makes staff look first ("card", "secret"); `objections` names what stands against sending
    an answer to a customer (the values of `bot.privacy.checks.Objection`).
    """

    text: str
    shown_text: str
    held: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()

    @classmethod
    def plain(cls, text: str) -> "Words":
        """Words that were not looked at yet, as the grammar reads them."""
        return cls(text=text, shown_text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One numbered text of a question's conversation. `revision` rises when it is corrected or redacted.

    `source` is the message of a platform that these words were, where they can still be changed there.
    """

    question: QuestionId
    number: int
    author: PersonId | None  # None: the product itself
    kind: Kind
    audience: Audience
    text: str
    shown_text: str
    at: int
    source: Place | None = None
    to: PersonId | None = None
    revision: int = 1
    redacted: bool = False
