"""The nouns every other module speaks of; import them from here."""

from bot.model.category import Category, StaffHours, Weekday
from bot.model.files import Attachment, Copy, Enclosed, Sharing, StoredFile
from bot.model.ids import (
    CategoryName,
    FileId,
    PersonId,
    Place,
    QuestionId,
    direct_place,
    platform_of,
    read_number,
    spoken_number,
)
from bot.model.money import MONEY_UNITS, POINTS, Account, Payment, Pocket, Transfer, Unit, money_text
from bot.model.people import UNNAMED, Expert, Identity, Person, Rank, StaffRole, Standing
from bot.model.posts import Notice, Post, PostKind, PostState, Ref
from bot.model.question import (
    Answer,
    CloseReason,
    Complaint,
    Escalation,
    EscalationReason,
    Question,
    State,
)
from bot.model.words import Audience, Kind, Message, Words

__all__ = [
    "MONEY_UNITS",
    "POINTS",
    "UNNAMED",
    "Account",
    "Answer",
    "Attachment",
    "Audience",
    "Category",
    "CategoryName",
    "CloseReason",
    "Complaint",
    "Copy",
    "Enclosed",
    "Escalation",
    "EscalationReason",
    "Expert",
    "FileId",
    "Identity",
    "Kind",
    "Message",
    "Notice",
    "Payment",
    "Person",
    "PersonId",
    "Place",
    "Pocket",
    "Post",
    "PostKind",
    "PostState",
    "Question",
    "QuestionId",
    "Rank",
    "Ref",
    "Sharing",
    "StaffHours",
    "StaffRole",
    "Standing",
    "State",
    "StoredFile",
    "Transfer",
    "Unit",
    "Weekday",
    "Words",
    "direct_place",
    "money_text",
    "platform_of",
    "read_number",
    "spoken_number",
]
