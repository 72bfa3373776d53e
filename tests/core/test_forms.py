"""Forms ask in plain words, keep what was said, and show nobody's words to the wrong eyes; help tells the truth."""

import re
from dataclasses import replace

import pytest

from bot.card import Entry, Form, Input
from bot.grammar import VERBS, Incomplete, Kind, Look, Misread, Subject, Verb, hats, read, verb_of
from bot.lifecycle import Who
from bot.model import (
    Answer,
    Audience,
    Category,
    CategoryName,
    Expert,
    Message,
    Person,
    PersonId,
    Place,
    Question,
    StaffRole,
    State,
    Unit,
    read_number,
)
from bot.model import Kind as MessageKind
from bot.policy import Policy
from bot.ports import Facts
from bot.wording.forms import form
from bot.wording.help import help_card
from bot.wording.verb_words import verb_tongue

NUMBER = read_number("Q7K3")
assert NUMBER
Q7K3 = NUMBER
ANN, BO, MO = PersonId("ann"), PersonId("bo"), PersonId("mo")
EXPERT = Person(id=BO, name="Bo", expert=Expert())
OTHER = Person(id=MO, name="Mo", expert=Expert())
STAFF = Person(id=PersonId("sue"), name="Sue", staff=StaffRole.AGENT)
BILLING = Category(name=CategoryName("billing"), title="Billing", answer_chars_min=40)


def message(number: int, author: PersonId, kind: MessageKind, text: str, **further: object) -> Message:
    made = Message(
        question=Q7K3,
        number=number,
        author=author,
        kind=kind,
        audience=Audience.EVERYONE,
        text=text,
        shown_text=text,
        at=0,
    )
    return replace(made, **further)  # type: ignore[arg-type]


ASKED = message(1, ANN, MessageKind.QUESTION, "I am ann@example.com", shown_text="I am [email 1]")
ANSWERED = message(2, BO, MessageKind.ANSWER, "It is a hold.")
SECRET = message(3, STAFF.id, MessageKind.NOTE, "Known fraud.", audience=Audience.STAFF)
FACTS = Facts(
    now=0,
    company="Acme",
    question=Question(
        id=Q7K3,
        customer=ANN,
        category=BILLING.name,
        language="en",
        origin=Place("web:@ann"),
        state=State.CLAIMED,
        since=0,
        asked_at=0,
        unit=Unit("USD"),
        bounty=200,
        holder=BO,
        messages=3,
        answers=(Answer(message=2, author=BO, at=0),),
    ),
    category=BILLING,
    messages={each.number: each for each in (ASKED, ANSWERED, SECRET)},
    people={each.id: each for each in (EXPERT, OTHER, STAFF)},
)
PRIVATE = replace(FACTS, category=replace(BILLING, private=True))


def asked(sentence: str, facts: Facts = FACTS, reader: Person | None = None) -> Form:
    meaning = read(sentence, question=Q7K3)
    assert isinstance(meaning, Incomplete), meaning
    return form(meaning, facts, reader=reader)


def entries(shown: Form) -> dict[str, Entry]:
    return {entry.name: entry for entry in shown.entries}


def test_an_answer_is_asked_for_in_plain_words() -> None:
    shown = asked("answer", replace(FACTS, draft="It is"))
    entry = shown.entries[0]
    assert (shown.title, shown.sentence, shown.submit) == ("Answer Q7K3", "answer Q7K3", "Send to customer")
    assert (entry.label, entry.value, entry.input) == ("Your answer to the customer", "It is", Input.TEXT)
    assert entry.hint == "They read it 20 seconds after you send it. Until then you can undo it."
    assert (entry.chars_min, entry.chars_max) == (40, 12_000)


def test_an_escalation_is_asked_in_three_entries_and_keeps_what_was_said() -> None:
    fields = entries(asked("escalate the account is locked"))
    assert list(fields) == ["reason", "tried", "check"]
    assert fields["tried"].value == "the account is locked"
    assert [choice.value for choice in fields["reason"].choices][:2] == ["needs-account", "bug"]


def test_not_yet_offers_the_four_ways() -> None:
    fields = entries(asked("not-yet 2"))
    assert [choice.label for choice in fields["complaint"].choices] == [
        "It did not work",
        "I do not understand it",
        "It is about something else",
        "Someone else, please",
    ]
    assert fields["words"].required is False


def test_an_override_asks_for_text_reason_and_pay() -> None:
    fields = entries(asked("override Do this"))
    assert list(fields) == ["words", "reason", "pay_percent"]
    assert fields["words"].value == "Do this"
    assert fields["pay_percent"].value == "100"


def test_the_newest_answer_is_taken_where_no_text_was_named() -> None:
    assert entries(asked("undo"))["message"].value == "2"


def test_a_raise_says_what_the_bounty_is() -> None:
    assert entries(asked("raise"))["bounty"].hint == "It is $2.00 now."


def test_experts_are_offered_by_name() -> None:
    choices = entries(asked("assign"))["expert"].choices
    assert [(choice.label, choice.value) for choice in choices] == [("Bo", "p:bo"), ("Mo", "p:mo")]


def test_edits_begin_with_the_text_itself_unless_part_of_it_is_masked() -> None:
    assert entries(asked("approve 2 edits", reader=STAFF))["words"].value == "It is a hold."
    masked = replace(ANSWERED, shown_text="It is [card 1].")
    facts = replace(FACTS, messages={2: masked})
    assert entries(asked("approve 2 edits", facts, STAFF))["words"].value == ""


def test_the_customers_words_are_beside_the_answer_as_each_may_see_them() -> None:
    assert [quote.text for quote in asked("answer", reader=EXPERT).quotes] == ["I am [email 1]"]
    assert [quote.text for quote in asked("answer", reader=STAFF).quotes] == ["I am ann@example.com"]
    assert asked("answer", PRIVATE, EXPERT).quotes != (), "the claimer may see private words"


@pytest.mark.parametrize("sentence", ["answer", "correct 2", "correct 3", "revise 3", "approve 2 edits", "clarify"])
def test_nobody_else_sees_words_in_a_form(sentence: str) -> None:
    customer = Person(id=MO, name="Mo")
    for facts, reader in ((FACTS, None), (FACTS, customer), (PRIVATE, OTHER)):
        shown = asked(sentence, facts, reader)
        assert shown.quotes == ()
        assert all(entry.value == "" for entry in shown.entries if entry.input is Input.TEXT)


@pytest.mark.parametrize("sentence", ["correct 3", "revise 3"])
def test_a_note_is_never_taken_for_a_text_to_the_customer(sentence: str) -> None:
    assert "fraud" not in repr(asked(sentence, reader=EXPERT))


@pytest.mark.parametrize("verb", [each for each in VERBS if each.command], ids=lambda each: each.word)
def test_every_verb_has_a_form_that_can_be_filled_in(verb: Verb) -> None:
    """A form with everything missing; filling it in gives the command, or says which entry does not fit."""
    sentence = f"{verb.word} Q7K3" if verb.subject is Subject.QUESTION else verb.word
    missing = tuple(slot for slot in verb.slots if slot.required)
    if not missing:
        assert verb_of(read(sentence)) is verb  # type: ignore[arg-type]
        return
    shown = form(Incomplete(verb=verb, sentence=sentence, question=Q7K3, missing=missing), FACTS)
    assert shown.title
    filled = {
        "message": "4",
        "file": "2",
        "person": "@bo",
        "expert": "@bo",
        "bounty": "2.50",
        "category": "billing",
        "to": "5",
        "from_hour": "22",
        "until_hour": "8",
    }
    values = {
        entry.name: entry.choices[0].value
        if entry.input is Input.CHOICE
        else filled.get(entry.name, entry.value or "Words")
        for entry in shown.entries
        if entry.required
    }
    meaning = read(shown.sentence, values=values)
    assert not isinstance(meaning, Incomplete | Misread | Look), meaning
    assert verb_of(meaning) is verb


# --- help


@pytest.mark.parametrize("verb", VERBS, ids=lambda each: each.word)
def test_the_example_of_a_verb_works(verb: Verb) -> None:
    meaning = read(verb_tongue().sentences[f"example.{verb.word}"])
    assert not isinstance(meaning, Incomplete | Misread), meaning
    assert (meaning.what is verb.sight) if isinstance(meaning, Look) else (verb_of(meaning) is verb)


def test_examples_within_the_sentences_of_help_work() -> None:
    for verb in VERBS:
        more = verb_tongue().sentences.get(f"more.{verb.word}", "")
        for example in re.findall(rf": ({verb.word} [^:]*(?:edits: [^:]*)?)\.$", more):
            assert verb_of(read(example)) is verb, example  # type: ignore[arg-type]


def test_every_choice_of_every_verb_has_a_label() -> None:
    for verb in VERBS:
        for slot in verb.slots:
            for option in slot.options if slot.kind is Kind.CHOICE else ():
                keys = {f"choice.{verb.word}.{option.value}", f"choice.{slot.name}.{option.value}"}
                assert keys & verb_tongue().sentences.keys(), (verb.word, option.value)


def test_help_lists_what_somebody_can_say_and_nothing_else() -> None:
    card = help_card(hats(EXPERT))
    text = "\n".join(field.value for field in card.fields)
    assert "claim Q7K3: take a question for 15 minutes" in text
    assert "override" not in text
    assert [field.label for field in card.fields] == ["Answering", "Your own questions", "About yourself", "Looking"]
    assert "take a question for 9 minutes" in repr(help_card(hats(EXPERT), policy=Policy(claim_minutes=9)))


def test_help_fits_every_platform() -> None:
    everything = help_card(~Who.NOBODY)
    assert sum(len(field.value.splitlines()) for field in everything.fields) == len(VERBS)
    # A Discord embed's field holds 1,024 characters, and 6,000 are the most for all.
    assert all(len(field.value) <= 1_024 for field in everything.fields)
    assert len(repr(everything)) < 6_000


def test_help_about_one_verb() -> None:
    card = help_card(hats(EXPERT), "ask back")
    assert card.title == "clarify: ask the customer back"
    assert card.fields[0].value == "clarify Q7K3 Which phone do you have?"
    assert "not-understood" in repr(help_card(hats(EXPERT), "not-yet"))
