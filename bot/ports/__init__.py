"""The seams: what the core asks of a platform and of a database, and what they hand to it."""

from bot.ports.people import Asked, Envelope, Hear, Heard, Reply, Wrote
from bot.ports.platform import Adapter, Blocked, Busy, Gone, PlatformTrouble, Render, Unknown
from bot.ports.storage import SavedRequest, StorageTrouble, Store, Token, Work
from bot.ports.views import Facts, Page, StatementLine, Views

__all__ = [
    "Adapter",
    "Asked",
    "Blocked",
    "Busy",
    "Envelope",
    "Facts",
    "Gone",
    "Hear",
    "Heard",
    "Page",
    "PlatformTrouble",
    "Render",
    "Reply",
    "SavedRequest",
    "StatementLine",
    "StorageTrouble",
    "Store",
    "Token",
    "Unknown",
    "Views",
    "Work",
    "Wrote",
]
