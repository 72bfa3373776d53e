"""A sentence becomes a command, a look, or a friendly reason why it did not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from bot.commands import Command
from bot.decide.settings import SETTINGS
from bot.grammar.filling import ME, USUAL_UNIT, Filled, Unfit, fill
from bot.grammar.meanings import Incomplete, Look, Misheard, Misread
from bot.grammar.numbers import number_first
from bot.grammar.parting import opened, parted, verb_first, words_of
from bot.grammar.saying import person_said, verb_sentence
from bot.grammar.slots import OPEN_ENDED, Kind, Option, Slot
from bot.grammar.suggesting import options_like, verbs_like
from bot.grammar.verbs import VERBS, Sight, Subject, Verb
from bot.model import Category, CategoryName, PersonId, QuestionId, Unit
from bot.policy import Policy

Meaning = Command | Look | Incomplete | Misread
_POLICY: Final = Policy()


def read(
    sentence: str,
    *,
    question: QuestionId | None = None,
    values: Mapping[str, str] = MappingProxyType({}),
    unit: Unit = USUAL_UNIT,
    policy: Policy = _POLICY,
    people: Mapping[str, PersonId] = MappingProxyType({}),
) -> Meaning:
    """What somebody meant. Never raises, whatever the text, and takes time in proportion to its length.

    `question` is the one whose thread it was said in; a number in the sentence wins over it. `values` are a form's
    entries by slot; they win over the sentence. Amounts are read in `unit`, which is that of the question's
    category. The words of a command are `Words.plain`; `@names` stay as written, `p:<id>` becomes the id, and the
    speaker is `ME`. `people` are those whom a platform names by a sign of its own, such as `<@U123>`.
    """
    text = opened(sentence)
    if not text:
        return Misread(why=Misheard.NOTHING_SAID)
    number = None
    found = verb_first(text)
    if not found:
        number = number_first(text, before_words=True, known=question)
        if number and number.question is None:
            return Misread(why=Misheard.BAD_NUMBER, said=number.said)
        text = number.rest.strip() if number else text
        if number and not text:
            return Look(what=Sight.SHOW, question=number.question)
        found = verb_first(text)
    if not found:
        words = words_of(text)
        said = words[0] if words else text
        likely = verbs_like(words, policy.suggestion_percent_min)
        return Misread(why=Misheard.UNKNOWN_VERB, said=said[:_SAID_CHARS_MAX], suggestions=likely)
    verb, rest = found
    hearing = _Hearing(verb=verb, rest=rest, values=values, unit=unit, policy=policy, people=people)
    return hearing.meaning(number.question if number else None, question)


def names_somebody(sentence: str) -> bool:
    """Whether its verb is about a person, so that a person named in it is meant."""
    text = opened(sentence)
    found = verb_first(text)
    if not found and (number := number_first(text, before_words=True)):
        found = verb_first(number.rest.strip())
    return found is not None and any(slot.kind is Kind.PERSON for slot in found[0].slots)


def speaks_of_money(command: type[Command]) -> bool:
    """Whether it may hold an amount, so that the `unit` in which it was read matters."""
    return command in _OF_MONEY


_OF_MONEY: Final = frozenset(
    verb.command
    for verb in VERBS
    if verb.subject is Subject.CATEGORY or any(slot.kind is Kind.AMOUNT for slot in verb.slots)
)
_SAID_CHARS_MAX: Final = 60
_SHORT_CHARS_MAX: Final = 200
_TYPO_PERCENT_MIN: Final = 70
# Words that people put around a command and that change nothing.
_FILLERS: Final = {
    *("it", "this", "that", "please", "pls", "the", "question", "one", "now", "to", "of", "for", "me"),
    *("number", "message", "answer", "text", "thanks"),
}


@dataclass(slots=True, kw_only=True)
class _Hearing:
    """A sentence whose verb is known, while the rest of it is read from left to right."""

    verb: Verb
    rest: str
    values: Mapping[str, str]
    unit: Unit
    policy: Policy
    people: Mapping[str, PersonId]
    filled: dict[str, Filled] = field(default_factory=dict)
    missing: list[Slot] = field(default_factory=list)
    question: QuestionId | None = None

    def meaning(self, named: QuestionId | None, context: QuestionId | None) -> Meaning:
        if self._wants_question():
            number = self._take_number(named, context)
            if isinstance(number, Misread):
                return number
            self.question = number or context
            if self.question is None:
                return Misread(why=Misheard.NO_QUESTION, verb=self.verb.word)
        wrong = self._take_slots() or self._leftover()
        if wrong:
            return wrong
        if self.missing:
            return self._incomplete()
        if self.verb.sight:
            return self._look(self.verb.sight)
        return self._command()

    def _wants_question(self) -> bool:
        return self.verb.subject is Subject.QUESTION or self.verb.sight is Sight.SHOW

    def _take_number(self, named: QuestionId | None, context: QuestionId | None) -> QuestionId | Misread | None:
        """The number named before the verb or behind it; where no words can follow, anywhere behind it."""
        wordless = self.verb.wordless
        if named and not wordless:
            return named
        starts = [0]
        only_first = any(slot.kind is Kind.QUESTION for slot in self.verb.slots)
        if wordless and not only_first and len(self.rest) <= _SHORT_CHARS_MAX:
            starts += [match.start() for match in re.finditer(r"(?<=\s)\S", self.rest)]
        for start in starts:
            number = number_first(self.rest[start:], before_words=not wordless, known=context)
            if number is None:
                continue
            if number.question is None:
                if number.said.startswith("#") and self.verb.slot("message"):
                    continue
                return Misread(why=Misheard.BAD_NUMBER, said=number.said, verb=self.verb.word)
            if named not in (None, number.question):
                return named
            self.rest = self.rest[:start] + number.rest.lstrip()
            return number.question
        return named

    def _take_slots(self) -> Misread | None:
        body, parts = parted(self.verb, self.rest)
        self.rest = body
        for position, slot in enumerate(self.verb.slots):
            followed = self.verb.slots[position + 1 :]
            apart = slot.kind in (Kind.REASON, Kind.WHY, Kind.PERCENT)
            text = parts.get(slot.name, "") if apart else self.rest
            heard = fill(slot, text, unit=self.unit, alone=not followed, people=self.people)
            if isinstance(heard, Filled) and not apart:
                self.rest = heard.rest
            elif isinstance(heard, Unfit) and slot.kind is Kind.EDITS:
                self.rest = ""
            if (entered := self._entered(slot)) is not None:
                heard = entered
            if isinstance(heard, Filled):
                self.filled[slot.name] = heard
            elif isinstance(heard, Unfit) and (wrong := self._unfit(slot, heard, followed, entered is not None)):
                return wrong
            elif slot.required or (isinstance(heard, Unfit) and slot.kind is Kind.EDITS):
                self.missing.append(slot)
        return None

    def _entered(self, slot: Slot) -> Filled | Unfit | None:
        """What a form's entry says for the slot; an empty entry says nothing."""
        value = self.values.get(slot.name, "")
        if slot.name == "words" and not value.strip():
            value = _joined(self.values)
        if not value.strip():
            return None
        if slot.kind is Kind.EDITS:
            slot = Slot(name=slot.name, kind=Kind.TEXT)
        heard = fill(slot, value, unit=self.unit, alone=True, people=self.people)
        if isinstance(heard, Filled) and heard.rest.strip():
            return Unfit(said=value.strip())
        return heard

    def _unfit(self, slot: Slot, heard: Unfit, followed: tuple[Slot, ...], entered: bool) -> Misread | None:
        """A refusal, or None when the slot is simply not there and what stands in its place belongs to the next."""
        options = _options(slot)
        likely = options_like(heard.said, options, self.policy.suggestion_percent_min)
        if slot.kind is Kind.EDITS:
            return None
        if not entered and any(next_one.kind in OPEN_ENDED for next_one in followed):
            return None
        optional = not entered and not slot.required and bool(followed)
        if optional and not options_like(heard.said, options, _TYPO_PERCENT_MIN):
            return None
        return self._bad_value(heard.said, slot.name, likely, tuple(str(each.value) for each in options))

    def _leftover(self) -> Misread | None:
        """Nothing may be left but courtesies, the verb once more, or the same number again."""
        rest = self.rest.strip()
        if not rest:
            return None
        if len(rest) > _SHORT_CHARS_MAX:
            return self._bad_value(rest)
        while rest:
            number = number_first(rest, before_words=True)
            if number and number.question and number.question == self.question:
                rest = number.rest.strip()
                continue
            word, _, rest = rest.partition(" ") if " " in rest else (rest, "", "")
            plain = re.sub(r"[\W_]", "", word).casefold()
            if plain and plain not in _FILLERS and plain != self.verb.word:
                return self._bad_value(word)
        return None

    def _bad_value(
        self, said: str, slot: str = "", likely: tuple[str, ...] = (), choices: tuple[str, ...] = ()
    ) -> Misread:
        why = Misheard.UNKNOWN_VERB if self.verb.sight is Sight.HELP else Misheard.BAD_VALUE
        if self.verb.sight is Sight.HELP:
            likely = verbs_like(words_of(said), self.policy.suggestion_percent_min)
        return Misread(
            why=why,
            said=said[:_SAID_CHARS_MAX],
            verb=self.verb.word,
            question=self.question,
            suggestions=likely,
            slot=slot,
            choices=choices,
        )

    def _incomplete(self) -> Incomplete:
        carried = [
            self.filled[slot.name].said
            for slot in self.verb.slots
            if slot.kind in (Kind.MESSAGE, Kind.PERSON, Kind.CATEGORY) and slot.name in self.filled
        ]
        message = self.filled.get("message")
        return Incomplete(
            verb=self.verb,
            sentence=verb_sentence(self.verb, self.question, *carried),
            question=self.question,
            message=message.value if message and isinstance(message.value, int) else None,
            missing=tuple(self.missing),
            values={name: each.said for name, each in self.filled.items()},
        )

    def _look(self, sight: Sight) -> Look:
        argument = self.filled.get("argument")
        if argument is None:
            return Look(what=sight, question=self.question)
        person = self.verb.slots[0].kind is Kind.PERSON
        value = str(argument.value)
        return Look(what=sight, argument=person_said(PersonId(value)) if person else value)

    def _command(self) -> Command:
        assert self.verb.command, "a verb without a command is a look"
        heard = {name: each.value for name, each in self.filled.items()}
        if self.verb.subject is Subject.QUESTION:
            heard["question"] = self.question
        if self.verb.subject is Subject.PERSON:
            heard.setdefault("person", ME)
        if self.verb.word == "category-create":
            name = CategoryName(str(heard["category"]))
            heard["as_"] = Category(name=name, title=str(heard.pop("title")), unit=self.unit)
        return self.verb.command(**heard)


def _joined(values: Mapping[str, str]) -> str:
    """An escalation's two entries as one text: what was tried, and behind an arrow what staff should check."""
    tried, check = values.get("tried", "").strip(), values.get("check", "").strip()
    return "\n".join(part for part in (tried, f"→ {check}" if check else "") if part)


def _options(slot: Slot) -> tuple[Option, ...]:
    return tuple(Option(value=name) for name in SETTINGS) if slot.kind is Kind.SETTING else slot.options
