"""Delivery: makes every place show what it should, once, whatever the platforms do."""

from bot.courier.attempt import Attempt, Report
from bot.courier.courier import Courier

__all__ = ["Attempt", "Courier", "Report"]
