"""The seams: what the core asks of a platform and of a database, and what they hand to it."""

from bot.ports.people import (
    Asked,
    Desk,
    Direct,
    Envelope,
    Hear,
    Hearable,
    Heard,
    Mentioned,
    Reply,
    Reworded,
    TookBack,
    Upload,
    Vouched,
    Wrote,
)
from bot.ports.platform import Adapter, Blocked, Busy, Gone, PlatformTrouble, Render, Unknown
from bot.ports.storage import SavedRequest, StorageTrouble, Store, Token, Work
from bot.ports.views import Facts, Page, StatementLine, Views

__all__ = [
    "Adapter",
    "Asked",
    "Blocked",
    "Busy",
    "Desk",
    "Direct",
    "Envelope",
    "Facts",
    "Gone",
    "Hear",
    "Hearable",
    "Heard",
    "Mentioned",
    "Page",
    "PlatformTrouble",
    "Render",
    "Reply",
    "Reworded",
    "SavedRequest",
    "StatementLine",
    "StorageTrouble",
    "Store",
    "Token",
    "TookBack",
    "Unknown",
    "Upload",
    "Views",
    "Vouched",
    "Work",
    "Wrote",
]
