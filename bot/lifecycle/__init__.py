"""What may happen when, and by whom: one table for each subject; permissions and diagrams come from these."""

from bot.lifecycle.category import CATEGORY_MOVES
from bot.lifecycle.diagram import diagram, moves_table, verb_name, verb_words
from bot.lifecycle.moves import Move, Who
from bot.lifecycle.person import PERSON_MOVES
from bot.lifecycle.question import ACTIVE, QUESTION_MOVES, WITH_CUSTOMER

__all__ = [
    "ACTIVE",
    "CATEGORY_MOVES",
    "PERSON_MOVES",
    "QUESTION_MOVES",
    "WITH_CUSTOMER",
    "Move",
    "Who",
    "diagram",
    "moves_table",
    "verb_name",
    "verb_words",
]
