"""A form for a sentence that still misses something: what to ask, in whose words, and what is known already."""

from collections.abc import Iterable

from bot.card import Choice, Entry, Form, Input, Quote
from bot.decide.context import qualifies
from bot.grammar import ME, SETTINGS, Incomplete, Kind, Slot, person_said
from bot.model import Audience, Message, Person, money_text
from bot.model import Kind as MessageKind
from bot.ports import Facts
from bot.wording.preview import DRAFTED
from bot.wording.verb_words import verb_tongue
from bot.wording.writer import Eyes, Writer, plain_name


def form(incomplete: Incomplete, facts: Facts, *, reader: Person | None = None, languages: Iterable[str] = ()) -> Form:
    """What to ask for `incomplete`; submitting it says `Form.sentence` with the entries as values.

    `facts` are those of the incomplete sentence's question, with the speaker's draft; experts in `facts.people` are
    offered where a person is asked for. Other people's texts are quoted and prefilled only for a `reader` who may
    see them: staff, whoever holds the question, and where it is not private any expert of its category.
    """
    asker = _Asker(incomplete, facts, reader, languages)
    verb = incomplete.verb.word
    intro = f"intro.{verb}"
    return Form(
        title=asker.writer.say(f"form.{verb}"),
        sentence=incomplete.sentence,
        entries=tuple(entry for slot in incomplete.verb.slots for entry in asker.entries(slot)),
        submit=asker.writer.say(f"submit.{verb}"),
        intro=asker.writer.say(intro) if asker.writer.tongue.knows(intro) else "",
        quotes=asker.quotes(),
    )


# Texts that go to the customer, and so have the customer's limits.
_TO_CUSTOMER = frozenset({"answer", "clarify", "correct", "override", "approve"})
_ABOUT_TEXT = frozenset({"approve", "revise", "correct", "flag"})
_SENT = frozenset({MessageKind.ANSWER, MessageKind.CORRECTION, MessageKind.CLARIFY})
_PAY_PERCENTS = (100, 75, 50, 25, 0)
_PEOPLE_MAX = 100


class _Asker:
    """Makes the entries of one form."""

    def __init__(self, incomplete: Incomplete, facts: Facts, reader: Person | None, languages: Iterable[str]) -> None:
        self.incomplete = incomplete
        self.verb = incomplete.verb.word
        self.facts = facts
        self.reader = reader
        eyes = Eyes.STAFF if reader and reader.staff else Eyes.EXPERT
        self.writer = Writer(facts, eyes, verb_tongue(languages), incomplete.question)

    def entries(self, slot: Slot) -> tuple[Entry, ...]:
        """The inputs for one slot: none when the sentence carries it already, two for an escalation's words."""
        carried = slot.kind in (Kind.MESSAGE, Kind.PERSON, Kind.CATEGORY) and slot not in self.incomplete.missing
        if carried:
            return ()
        if self.verb == "escalate" and slot.kind is Kind.TEXT:
            tried = self.incomplete.values.get("words", "")
            return (
                self._text(Slot(name="tried", kind=Kind.TEXT), tried),
                self._text(Slot(name="check", kind=Kind.TEXT), ""),
            )
        match slot.kind:
            case Kind.TEXT | Kind.EDITS | Kind.REASON:
                return (self._text(slot, self._value(slot)),)
            case Kind.CHOICE | Kind.SETTING | Kind.PERCENT:
                return (self._entry(slot, Input.CHOICE, self._choices(slot)),)
            case Kind.PERSON:
                return (self._entry(slot, Input.PERSON, self._people()),)
            case Kind.AMOUNT:
                return (self._entry(slot, Input.AMOUNT),)
            case _:
                return (self._entry(slot, Input.LINE),)

    def quotes(self) -> tuple[Quote, ...]:
        """What the form is about: the text that is looked at, or the customer's newest words."""
        if self.verb in _ABOUT_TEXT:
            message = self._text_meant()
        elif self.verb in DRAFTED:
            message = self._newest_of_customer()
        else:
            return ()
        if message is None:
            return ()
        author = self.facts.people.get(message.author) if message.author else None
        by_customer = self.facts.question is not None and message.author == self.facts.question.customer
        name = self.writer.say("by.customer") if by_customer or author is None else plain_name(author.name)
        return (self.writer.quote(message, name),)

    def _text(self, slot: Slot, value: str) -> Entry:
        policy, category = self.facts.policy, self.facts.category
        to_customer = self.verb in _TO_CUSTOMER and slot.name == "words"
        shortest = category.answer_chars_min if category and self.verb == "answer" else 0
        return Entry(
            name=slot.name,
            label=self._label(slot),
            input=Input.TEXT,
            value=value,
            required=slot.required and slot.kind is not Kind.EDITS,
            chars_min=shortest,
            chars_max=policy.answer_chars_max if to_customer else policy.note_chars_max,
            hint=self._hint(slot),
        )

    def _entry(self, slot: Slot, kind: Input, choices: tuple[Choice, ...] = ()) -> Entry:
        return Entry(
            name=slot.name,
            label=self._label(slot),
            input=kind,
            choices=choices,
            value=self._value(slot),
            required=slot.required,
            chars_max=self.facts.policy.name_chars_max if slot.name == "name" else 0,
            hint=self._hint(slot),
        )

    def _value(self, slot: Slot) -> str:
        """What was said already, or what it most likely is."""
        if said := self.incomplete.values.get(slot.name, ""):
            return said
        match slot.kind, self.verb:
            case Kind.TEXT, verb if verb in DRAFTED and self.facts.draft:
                return self.facts.draft
            case (Kind.EDITS, _) | (Kind.TEXT, "correct"):
                return self._text_to_edit()
            case Kind.MESSAGE, "show-file":
                return self._file_to_decide()
            case Kind.MESSAGE, _:
                answer = self.facts.question.answer if self.facts.question else None
                return str(answer.message) if answer else ""
            case Kind.PERCENT, _:
                return str(_PAY_PERCENTS[0])
            case Kind.CHOICE, "enrol":
                return str(slot.options[0].value)
            case Kind.DURATION, _:
                return "1 h"
        return ""

    def _file_to_decide(self) -> str:
        files = self.facts.question.files if self.facts.question else ()
        undecided = (each for each in files if each.sharing is None and not each.removed)
        return next((str(each.number) for each in undecided), "")

    def _text_to_edit(self) -> str:
        """The text itself, unless part of it is masked: an edited mask would reach the customer."""
        message = self._text_meant()
        if message is None or message.redacted or message.shown_text != message.text:
            return ""
        return message.text

    def _text_meant(self) -> Message | None:
        """The text for the customer that the sentence names; never a note, whatever number somebody types."""
        number = self.incomplete.message
        if number is None and self.facts.question and self.facts.question.answer:
            number = self.facts.question.answer.message
        message = self.facts.messages.get(number) if number is not None else None
        return message if message and message.kind in _SENT and self._may_read() else None

    def _newest_of_customer(self) -> Message | None:
        if not self._may_read():
            return None
        said = [
            each
            for each in self.facts.messages.values()
            if each.kind in (MessageKind.QUESTION, MessageKind.REPLY) and each.audience is Audience.EVERYONE
        ]
        return max(said, key=lambda each: each.number, default=None)

    def _may_read(self) -> bool:
        reader, question, category = self.reader, self.facts.question, self.facts.category
        if reader is None or question is None or category is None:
            return False
        if reader.staff or reader.id == question.holder:
            return True
        return not category.private and qualifies(reader, category)

    def _choices(self, slot: Slot) -> tuple[Choice, ...]:
        match slot.kind:
            case Kind.SETTING:
                values = SETTINGS
            case Kind.PERCENT:
                values = tuple(str(percent) for percent in _PAY_PERCENTS)
            case _:
                values = tuple(str(option.value) for option in slot.options)
        return tuple(Choice(label=self._first("choice", slot.name, value), value=value) for value in values)

    def _first(self, what: str, slot: str, value: str) -> str:
        return self.writer.first(f"{what}.{self.verb}.{value}", f"{what}.{slot}.{value}")

    def _people(self) -> tuple[Choice, ...]:
        experts = [person for person in self.facts.people.values() if person.expert and person.id != ME]
        experts.sort(key=lambda person: (person.name.casefold(), person.id))
        return tuple(
            Choice(label=plain_name(person.name), value=person_said(person.id)) for person in experts[:_PEOPLE_MAX]
        )

    def _label(self, slot: Slot) -> str:
        return self.writer.first(f"entry.{self.verb}.{slot.name}", f"entry.{slot.name}")

    def _hint(self, slot: Slot) -> str:
        keys = [f"hint.{self.verb}.{slot.name}", f"hint.{slot.name}"]
        key = next((each for each in keys if self.writer.tongue.knows(each)), None)
        if key is None or (slot.kind is Kind.AMOUNT and self.facts.question is None):
            return ""
        if slot.kind is Kind.AMOUNT and self.facts.question:
            return self.writer.say(key, bounty=money_text(self.facts.question.bounty, self.facts.question.unit))
        return self.writer.say(key)
