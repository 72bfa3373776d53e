"""Sentences in: what people type, press or fill in becomes one typed command, and buttons say it back."""

from bot.decide.settings import SETTINGS
from bot.grammar.filling import ME, USUAL_UNIT, amount_said
from bot.grammar.meanings import Incomplete, Look, Misheard, Misread
from bot.grammar.reading import Meaning, names_somebody, read, speaks_of_money
from bot.grammar.saying import person_said, say, sentence_for
from bot.grammar.slots import Kind, Option, Slot
from bot.grammar.verbs import VERBS, Sight, Subject, Verb, hats, verb_of, verb_said, verbs_for

__all__ = [
    "ME",
    "SETTINGS",
    "USUAL_UNIT",
    "VERBS",
    "Incomplete",
    "Kind",
    "Look",
    "Meaning",
    "Misheard",
    "Misread",
    "Option",
    "Sight",
    "Slot",
    "Subject",
    "Verb",
    "amount_said",
    "hats",
    "names_somebody",
    "person_said",
    "read",
    "say",
    "sentence_for",
    "speaks_of_money",
    "verb_of",
    "verb_said",
    "verbs_for",
]
