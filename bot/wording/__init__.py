"""Everything the product says to people: notices, receipts and misunderstandings become cards."""

from bot.wording.asides import aside
from bot.wording.asking import ask_form
from bot.wording.customer_page import CustomerView, customer_view
from bot.wording.lines import card
from bot.wording.linking import link_code_card
from bot.wording.misreadings import misread
from bot.wording.moments import moment_text
from bot.wording.offers import crew_card, elsewhere_card, offer_card, which_card
from bot.wording.plain import plain_card
from bot.wording.preview import DRAFTED, customers_card, reaches_customer
from bot.wording.replies import reply
from bot.wording.writer import Eyes, readable

__all__ = [
    "DRAFTED",
    "CustomerView",
    "Eyes",
    "aside",
    "ask_form",
    "card",
    "crew_card",
    "customer_view",
    "customers_card",
    "elsewhere_card",
    "link_code_card",
    "misread",
    "moment_text",
    "offer_card",
    "plain_card",
    "reaches_customer",
    "readable",
    "reply",
    "which_card",
]
