"""Keeps personal data from outsiders and bad words from customers: cleaning, masking, checks on what goes out."""

from bot.privacy.checks import Objection, objections
from bot.privacy.cleaning import clean
from bot.privacy.known import KnownValue
from bot.privacy.masking import HELD_KINDS, REGIONS, Masked, Span, mask, spans

__all__ = [
    "HELD_KINDS",
    "REGIONS",
    "KnownValue",
    "Masked",
    "Objection",
    "Span",
    "clean",
    "mask",
    "objections",
    "spans",
]
