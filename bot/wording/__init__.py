"""Everything the product says to people: notices, receipts and misunderstandings become cards."""

from bot.wording.customer_page import CustomerView, customer_view
from bot.wording.lines import card
from bot.wording.misreadings import misread
from bot.wording.moments import moment_text
from bot.wording.plain import plain_card
from bot.wording.replies import reply
from bot.wording.writer import Eyes, readable

__all__ = [
    "CustomerView",
    "Eyes",
    "card",
    "customer_view",
    "misread",
    "moment_text",
    "plain_card",
    "readable",
    "reply",
]
