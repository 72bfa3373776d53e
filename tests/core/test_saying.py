"""Buttons say what they mean, and the verb table agrees with the lifecycle and the commands."""

import dataclasses
import re
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands as c
from bot.grammar import (
    ME,
    SETTINGS,
    VERBS,
    Incomplete,
    Kind,
    Look,
    Misread,
    Sight,
    Subject,
    Verb,
    hats,
    person_said,
    read,
    say,
    sentence_for,
    verbs_for,
)
from bot.lifecycle import CATEGORY_MOVES, PERSON_MOVES, QUESTION_MOVES, Who
from bot.model import (
    LINK_CODES,
    Category,
    CategoryName,
    CloseReason,
    Expert,
    Person,
    PersonId,
    QuestionId,
    Rank,
    StaffRole,
    Unit,
    Words,
    link_code,
    read_number,
)

NUMBER = read_number("Q7K3")
assert NUMBER
Q7K3 = NUMBER
BILLING = CategoryName("billing")
BO = PersonId("@bo")


# --- saying


IDS = st.from_regex(r"[a-z0-9]{8,26}", fullmatch=True).map(PersonId)
WRITTEN = st.from_regex(r"@[a-z][a-z0-9_.-]{0,19}", fullmatch=True).map(PersonId)
NAMES = st.one_of(IDS, WRITTEN, st.just(ME))
FIELDS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.MESSAGE: st.integers(1, 999_999),
    Kind.AMOUNT: st.integers(0, 100_000_000),
    Kind.PERSON: NAMES,
    Kind.DURATION: st.integers(0, 99_999),
    Kind.HOUR: st.integers(0, 23),
    Kind.QUESTION: st.integers(1, 10**9).map(QuestionId),
    Kind.CATEGORY: st.sampled_from([BILLING, CategoryName("q-and-a"), CategoryName("a1")]),
    Kind.CATEGORIES: st.sampled_from([(), (BILLING,), (BILLING, CategoryName("account"))]),
    Kind.PERCENT: st.integers(0, 100),
    Kind.CODE: st.integers(0, LINK_CODES - 1).map(link_code),
}
WORDLESS_TEXT = {"words": None, "reason": "", "why": ""}


def sayable(verb: Verb) -> bool:
    """Whether the verb has commands without words."""
    return not any(
        slot.required and slot.kind in (Kind.TEXT, Kind.LINE, Kind.REASON, Kind.VALUE) for slot in verb.slots
    )


@st.composite
def wordless(draw: st.DrawFn) -> c.Command:
    verb = draw(st.sampled_from([verb for verb in VERBS if isinstance(verb.command, type) and sayable(verb)]))
    assert isinstance(verb.command, type)
    values: dict[str, Any] = {}
    for slot in verb.slots:
        if slot.kind is Kind.CHOICE:
            values[slot.name] = draw(st.sampled_from([option.value for option in slot.options]))
        elif slot.kind in FIELDS:
            values[slot.name] = draw(FIELDS[slot.kind])
        else:
            values[slot.name] = WORDLESS_TEXT[slot.name]
    if verb.subject is Subject.QUESTION:
        values["question"] = draw(st.integers(1, 10**9).map(QuestionId))
    if verb.subject is Subject.PERSON:
        values.setdefault("person", ME)
    return verb.command(**values)  # type: ignore[no-any-return]


@given(wordless())
def test_what_a_button_says_is_read_as_what_it_means(command: c.Command) -> None:
    sentence = say(command)
    assert len(sentence) <= 80
    assert read(sentence) == command
    assert type(read(sentence)) is type(command)


@given(st.integers(1, 10**6), st.sampled_from(["USD", "JPY", "gems"]))
def test_an_amount_is_said_in_its_unit(bounty: int, unit: str) -> None:
    command = c.Raise(question=Q7K3, bounty=bounty)
    assert read(say(command, unit=Unit(unit)), unit=Unit(unit)) == command


def test_choices_come_back_as_the_values_of_the_model() -> None:
    meaning = read("close Q7K3 spam")
    assert isinstance(meaning, c.Close)
    assert isinstance(meaning.reason, CloseReason)


@pytest.mark.parametrize(
    "command",
    [
        c.SendAnswer(question=Q7K3, words=Words.plain("It is a hold.")),
        c.Approve(question=Q7K3, message=4, words=Words.plain("Better.")),
        c.Pass(question=Q7K3, reason="never used it"),
        c.Suspend(person=BO, why="copied"),
        c.CloseCategory(category=BILLING, why="prices"),
        c.CreateCategory(category=BILLING, as_=Category(name=BILLING, title="Billing")),
        c.Lapse(question=Q7K3),
    ],
)
def test_nobodys_words_go_on_a_button_nor_what_no_person_says(command: c.Command) -> None:
    with pytest.raises(AssertionError):
        say(command)


def test_buttons_that_open_forms_say_the_beginning() -> None:
    assert sentence_for("answer", Q7K3) == "answer Q7K3"
    assert sentence_for("correct", Q7K3, 4) == "correct Q7K3 4"
    assert sentence_for("not yet", Q7K3, 4, "did-not-work") == "not-yet Q7K3 4 did-not-work"
    edited = read(sentence_for("approve", Q7K3, 4, "edits"))
    assert isinstance(edited, Incomplete)
    assert edited.sentence == "approve Q7K3 4"
    assert say(Look(what=Sight.SHOW, question=Q7K3)) == "show Q7K3"
    assert person_said(PersonId("@Bo Derek")) == '@"Bo Derek"'


# --- the table


CUSTOMERS_OWN = {c.Ask, c.Reply, c.Reword, c.TakeBack}
PEOPLE = ~(Who.CLOCK | Who.COURIER | Who.INTEGRATION | Who.PLATFORM)
ROWS = [(move.verb, move.who) for move in QUESTION_MOVES]
ROWS += [(move.verb, move.who) for move in PERSON_MOVES]
ROWS += [(move.verb, move.who) for move in CATEGORY_MOVES]


def test_every_command_of_a_person_has_a_verb_and_no_other_has() -> None:
    of_people = {verb for verb, who in ROWS if who & PEOPLE} - CUSTOMERS_OWN
    assert {verb.command for verb in VERBS if verb.command} == of_people
    assert len([verb for verb in VERBS if verb.command]) == len(of_people), "one verb each"


def test_every_slot_is_a_field_of_its_command() -> None:
    for verb in VERBS:
        if isinstance(verb.command, type) and verb.command is not c.CreateCategory:
            fields = {field.name: field for field in dataclasses.fields(verb.command)}
            slots = {slot.name for slot in verb.slots}
            assert slots <= fields.keys(), verb.word
            needed = {name for name, field in fields.items() if field.default is dataclasses.MISSING}
            assert needed - slots <= {"question", "person"}, verb.word


def test_choices_offer_every_value_of_their_field() -> None:
    for verb in VERBS:
        for slot in verb.slots:
            if slot.kind is Kind.CHOICE and isinstance(verb.command, type):
                assert [option.value for option in slot.options] == list(get_type_hints(verb.command)[slot.name])


def test_no_word_means_two_verbs_nor_a_question() -> None:
    phrases = [phrase for verb in VERBS for phrase in (verb.word, *verb.aliases)]
    said = [re.sub(r"[\W_]", "", phrase).casefold() for phrase in phrases]
    assert len(said) == len(set(said))
    for phrase in phrases:
        found = read(phrase, question=Q7K3)
        assert not isinstance(found, Misread) or found.verb, phrase


def test_a_setting_of_a_category_is_read_by_its_name() -> None:
    for setting in SETTINGS:
        meaning = read(f"category set billing {setting.replace('_', '-')} x")
        assert meaning == c.EditCategory(category=BILLING, setting=setting, to="x")


def test_people_are_shown_the_verbs_that_are_theirs() -> None:
    def mine(**person: Any) -> set[str]:
        return {verb.word for verb in verbs_for(hats(Person(id=PersonId("p"), name="P", **person)))}

    customer, expert = mine(), mine(expert=Expert())
    master, agent = mine(expert=Expert(rank=Rank.MASTER)), mine(staff=StaffRole.AGENT)
    assert {"helped", "not-yet", "staff-please", "help"} <= customer
    assert not {"claim", "answer", "override", "enrol", "queue"} & customer
    assert {"claim", "answer", "undo", "escalate", "pause", "queue"} <= expert
    assert not {"approve", "veto", "override", "inbox"} & expert
    assert master - expert == {"approve", "revise", "veto"}
    assert {"override", "assign", "category-open", "inbox"} <= agent
    assert mine(staff=StaffRole.LEAD) - agent == {"enrol", "suspend", "reinstate", "category-set", "category-create"}
    assert mine(staff=StaffRole.ADMIN) - mine(staff=StaffRole.LEAD) == {"appoint", "dismiss"}
