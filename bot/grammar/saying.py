"""The sentence that a button carries: numbers and ids only, never anybody's words."""

import re
from enum import Enum
from typing import Final

from bot.commands import Command, CreateCategory
from bot.grammar.filling import ME, USUAL_UNIT
from bot.grammar.meanings import Look
from bot.grammar.slots import WORDY, Kind, Slot
from bot.grammar.verbs import VERBS, Verb, verb_of, verb_said
from bot.model import MONEY_UNITS, PersonId, QuestionId, Unit, spoken_number


def say(command: Command | Look, *, unit: Unit = USUAL_UNIT) -> str:
    """What `read` understands as exactly this, in at most 80 characters; an amount is said in `unit`.

    A command that holds words, and one that no person may give, must not be said: both are asserts.
    """
    if isinstance(command, Look):
        verb = next(each for each in VERBS if each.sight is command.what)
        return _sentence(verb.word, _number(command.question), command.argument)
    verb_found = verb_of(command)
    assert verb_found, f"nobody says {type(command).__name__}"
    assert not isinstance(command, CreateCategory), "a category's title is words"
    question: QuestionId | None = getattr(command, "question", None)
    said = [_slot(slot, getattr(command, slot.name), unit) for slot in verb_found.slots]
    return _sentence(verb_found.word, _number(question), *said)


def sentence_for(verb: str, question: QuestionId | None = None, message: int | None = None, *further: str) -> str:
    """The beginning of a sentence, for a button that opens a form: `answer Q7K3`, `correct Q7K3 4`.

    `further` are choices (`did-not-work`), people as `person_said` writes them, or `edits` behind an approval.
    """
    known = verb_said(verb)
    assert known, f"there is no verb {verb!r}"
    return _sentence(known.word, _number(question), "" if message is None else str(message), *further)


def person_said(person: PersonId) -> str:
    """`p:k3j9` for an id, `@bo` and `@"Bo Derek"` for names as they were written."""
    if person.startswith("<@"):
        return person
    if not person.startswith("@"):
        assert re.fullmatch(r"[\w.-]{1,64}", person), "not the id of a person"
        return f"p:{person}"
    return f'@"{person[1:]}"' if re.search(r"[\s,;:<>@]", person[1:]) else person


_SENTENCE_CHARS_MAX: Final = 80


def _slot(slot: Slot, value: object, unit: Unit) -> str:
    if slot.kind in WORDY:
        assert not value, f"{slot.name} is words, which no button carries"
        return ""
    match value:
        case None | ():
            return ""
        case Enum():
            return str(value)
        case tuple():
            return " ".join(str(each) for each in value)
        case int() if slot.kind is Kind.AMOUNT:
            return _amount(value, unit)
        case int() if slot.kind is Kind.QUESTION:
            return spoken_number(QuestionId(value))
        case str() if slot.kind is Kind.PERSON:
            return "" if value == ME and not slot.required else person_said(PersonId(value))
    return str(value)


def _amount(amount: int, unit: Unit) -> str:
    per_major, _ = MONEY_UNITS.get(unit, (1, ""))
    whole, rest = divmod(amount, per_major)
    return f"{whole}.{rest:02d}" if per_major > 1 else str(whole)


def _number(question: QuestionId | None) -> str:
    return "" if question is None else spoken_number(question)


def _sentence(*parts: str) -> str:
    sentence = " ".join(part for part in parts if part)
    assert len(sentence) <= _SENTENCE_CHARS_MAX, "too long for a button"
    return sentence


def verb_sentence(verb: Verb, question: QuestionId | None, *parts: str) -> str:
    """Like `sentence_for`, for what was read and may be longer than a button allows."""
    return " ".join(part for part in (verb.word, _number(question), *parts) if part)
