"""What people type, press and fill in is understood, and what is not is met with something useful."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands as c
from bot.grammar import (
    ME,
    VERBS,
    Incomplete,
    Look,
    Misheard,
    Misread,
    Sight,
    Subject,
    Verb,
    amount_said,
    read,
)
from bot.model import (
    Category,
    CategoryName,
    CloseReason,
    Complaint,
    EscalationReason,
    PersonId,
    QuestionId,
    Rank,
    StaffRole,
    Unit,
    Words,
    read_number,
    spoken_number,
)
from bot.policy import Policy


def number(spoken: str) -> QuestionId:
    question = read_number(spoken)
    assert question is not None
    return question


Q7K3, Q8M2 = number("Q7K3"), number("Q8M2")
BILLING = CategoryName("billing")
BO = PersonId("@bo")


def words(text: str) -> Words:
    return Words.plain(text)


def answer(text: str, question: QuestionId = Q7K3) -> c.SendAnswer:
    return c.SendAnswer(question=question, words=words(text))


def misread(sentence: str, **around: Any) -> Misread:
    meaning = read(sentence, **around)
    assert isinstance(meaning, Misread), meaning
    return meaning


def incomplete(sentence: str, **around: Any) -> Incomplete:
    meaning = read(sentence, **around)
    assert isinstance(meaning, Incomplete), meaning
    return meaning


# --- numbers and verbs, however they are written


@pytest.mark.parametrize(
    "sentence",
    [
        "claim Q7K3",
        "  CLAIM   q7k3  ",
        "/claim Q7K3",
        "!claim Q7K3",
        "/hall claim Q7K3",
        "@guildhall: claim Q7K3",
        "@Hall, claim #Q7K3!",
        "Q7K3 claim",
        "Q7K3: claim it please",
        "claim q7k-3",
        "claim Q-7K3.",
        "q 7 k 3 claim",
        "claim q 7 k 3 please",
        "claim (Q7K3)",
        "claim it: Q7K3",
        "take it Q7K3",
        "“claim” Q7K3",
        "“claim Q7K3”",
        "Q7K3 claim Q7K3",
        "claim claim Q7K3",
        "claim Q7K3 👍",
        "\u202eclaim Q7K3",
        "\ufeffclaim\u00a0Q7K3",
        "\x00claim Q7K3",
        "ｃｌａｉｍ Ｑ７Ｋ３",
    ],
)
def test_one_verb_is_understood_however_it_is_written(sentence: str) -> None:
    assert read(sentence) == c.Claim(question=Q7K3)
    assert read(sentence, question=Q8M2) == c.Claim(question=Q7K3), "the number said wins over the thread"


@pytest.mark.parametrize("sentence", ["not yet", "not-yet", "notyet", "Not–Yet", "not_yet", "NOT   YET"])
def test_words_of_a_verb_may_be_joined_in_any_way(sentence: str) -> None:
    expected = c.NotYet(question=Q7K3, message=4, complaint=Complaint.DID_NOT_WORK)
    assert read(f"{sentence} Q7K3 4 did-not-work") == expected


def test_numbers_are_read_as_they_are_heard() -> None:
    assert read("claim Q7O1") == read("claim q701") == read("claim Q70I") == read("claim Q7oL")


def test_a_number_alone_shows_the_question() -> None:
    assert read("Q7K3") == read("#q7k3") == Look(what=Sight.SHOW, question=Q7K3)


@pytest.mark.parametrize(("sentence", "said"), [("claim Q7Q3", "Q7Q3"), ("claim #123", "#123"), ("claim Q7", "Q7")])
def test_what_looks_like_a_number_and_cannot_be_one_is_named(sentence: str, said: str) -> None:
    found = misread(sentence, question=Q8M2)
    assert (found.why, found.said) == (Misheard.BAD_NUMBER, said)


@pytest.mark.parametrize(
    "verb", [verb for verb in VERBS if verb.subject is Subject.QUESTION], ids=lambda verb: verb.word
)
def test_a_verb_about_a_question_needs_one(verb: Verb) -> None:
    found = misread(f"{verb.word} 4")
    assert (found.why, found.verb) == (Misheard.NO_QUESTION, verb.word)


# --- words arrive exactly as they were written


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("answer It is a hold.", "It is a hold."),
        ("answer: It is a hold.", "It is a hold."),
        ("answer Q7K3: First line\n\n  second,  indented\n", "First line\n\n  second,  indented"),
        ("!answer\nFirst\r\nsecond", "First\r\nsecond"),
        ("answer claim it at the desk", "claim it at the desk"),
        ("answer see Q8M2", "see Q8M2"),
        ("answer Q7K3 Q8M2 is the same", "Q8M2 is the same"),
        ("Q7K3 answer Q8M2 is the same", "Q8M2 is the same"),
        ("answer Quite simple: restart it", "Quite simple: restart it"),
        ("answer QUICK FIX: restart it", "QUICK FIX: restart it"),
        ("answer qatar has it too", "qatar has it too"),
        ("answer Q4 is the last quarter", "Q4 is the last quarter"),
        ("answer q 7 k 3 a hold is not a charge", "a hold is not a charge"),
        ('answer "quoted" words', '"quoted" words'),
        ("answer -1 is fine", "-1 is fine"),
        ("answer ... wait", "... wait"),
        ("answer 👍 great", "👍 great"),
        ("answer @bo knows", "@bo knows"),
        ('answer "it" is short', '"it" is short'),
        ("answer <@U123> @everyone <b>", "<@U123> @everyone <b>"),
        ("answer это удержание", "это удержание"),
        ("answer lone \ud800 surrogate \x00", "lone \ud800 surrogate \x00"),
    ],
)
def test_an_answer_keeps_its_words(sentence: str, text: str) -> None:
    assert read(sentence, question=Q7K3) == answer(text)


def test_a_number_in_its_place_means_another_question() -> None:
    assert read("answer Q8M2 It is a hold.", question=Q7K3) == answer("It is a hold.", Q8M2)
    assert read("answer qbrt It is a hold.", question=Q7K3) == answer("It is a hold.", number("QBRT"))


def test_words_of_100_kb_are_read_in_proportion_to_their_length() -> None:
    def seconds(text: str) -> float:
        def once() -> float:
            start = time.perf_counter()
            read(text, question=Q7K3)
            return time.perf_counter() - start

        return min(once() for _ in range(7))

    for unit in ("word ", " ", "\n", "because: ", "reason:\n", "\t", "q", "@", "-", "1", "“", "\u202e", "because"):
        for verb in ("override ", "answer ", "suspend @bo ", "category set billing bounty ", "claim ", "pause ", ""):
            short, long, longest = (f"{verb}x {unit * (size // len(unit))}x" for size in (2_000, 20_000, 100_000))
            # A quadratic reading would take 100 times as long for ten times the text.
            assert seconds(long) < 40 * seconds(short), (verb, unit)
            read(longest, question=Q7K3)


# --- each kind of slot


ACCOUNT = EscalationReason.NEEDS_ACCOUNT
SENTENCES: list[tuple[str, c.Command | Look]] = [
    ("clarify Which phone?", c.Clarify(question=Q7K3, words=words("Which phone?"))),
    ("pass", c.Pass(question=Q7K3)),
    ("not for me: never used it", c.Pass(question=Q7K3, reason="never used it")),
    ("undo 4", c.Undo(question=Q7K3, message=4)),
    ("undo message #4 please", c.Undo(question=Q7K3, message=4)),
    ("undo 4 Q8M2", c.Undo(question=Q8M2, message=4)),
    ("send now 4", c.SendNow(question=Q7K3, message=4)),
    ("correct 4 Five days.", c.Correct(question=Q7K3, message=4, words=words("Five days."))),
    ("correct Q8M2 4: Five.", c.Correct(question=Q8M2, message=4, words=words("Five."))),
    ("approve 4", c.Approve(question=Q7K3, message=4)),
    ("approve 4 edits: Better.", c.Approve(question=Q7K3, message=4, words=words("Better."))),
    ("flag 4 That menu is gone.", c.Flag(question=Q7K3, message=4, words=words("That menu is gone."))),
    ("revise 4 Say where.", c.Revise(question=Q7K3, message=4, words=words("Say where."))),
    ("helped 4", c.Helped(question=Q7K3, message=4)),
    ("helped 4 Thank you!", c.Helped(question=Q7K3, message=4, words=words("Thank you!"))),
    ("not yet 4 it didn't work", c.NotYet(question=Q7K3, message=4, complaint=Complaint.DID_NOT_WORK)),
    ("not yet 4 something else", c.NotYet(question=Q7K3, message=4, complaint=Complaint.OTHER_TOPIC)),
    ("Staff, please", c.StaffPlease(question=Q7K3)),
    ("needs staff account: locked", c.Escalate(question=Q7K3, reason=ACCOUNT, words=words("locked"))),
    ("assign @bo", c.Assign(question=Q7K3, expert=BO)),
    ("assign to @bo Q8M2", c.Assign(question=Q8M2, expert=BO)),
    ("assign @Bo Derek please", c.Assign(question=Q7K3, expert=PersonId("@Bo Derek"))),
    ("assign <@U123|bo>", c.Assign(question=Q7K3, expert=PersonId("<@U123|bo>"))),
    ("assign p:k3j9", c.Assign(question=Q7K3, expert=PersonId("k3j9"))),
    ("raise 2.50", c.Raise(question=Q7K3, bounty=250)),
    ("raise Q8M2 to $5", c.Raise(question=Q8M2, bounty=500)),
    ("raise 1,000 USD", c.Raise(question=Q7K3, bounty=100_000)),
    ("close as spam", c.Close(question=Q7K3, reason=CloseReason.SPAM)),
    ("close duplicate of Q8M2", c.Close(question=Q7K3, reason=CloseReason.DUPLICATE, duplicate_of=Q8M2)),
    ("close Q8M2 no reply", c.Close(question=Q8M2, reason=CloseReason.NO_REPLY)),
    ("staff note: odd", c.StaffNote(question=Q7K3, words=words("odd"))),
    ("note odd", c.Note(question=Q7K3, words=words("odd"))),
    ("+10 min", c.Extend(question=Q7K3)),
    ("pause 90", c.Pause(person=ME, minutes=90)),
    ("pause 90 please", c.Pause(person=ME, minutes=90)),
    ("pause 1 h 15 min", c.Pause(person=ME, minutes=75)),
    ("pause for 2 h", c.Pause(person=ME, minutes=120)),
    ("break 1h30", c.Pause(person=ME, minutes=90)),
    ("pause half an hour", c.Pause(person=ME, minutes=30)),
    ("pause @bo 1 day", c.Pause(person=BO, minutes=24 * 60)),
    ("resume", c.Resume(person=ME)),
    ("quiet 22-8", c.QuietHours(person=ME, from_hour=22, until_hour=8)),
    ("quiet hours 10pm to 8:00", c.QuietHours(person=ME, from_hour=22, until_hour=8)),
    ("quiet off", c.QuietHours(person=ME, from_hour=0, until_hour=0)),
    ("rename to Ana Lee", c.Rename(person=ME, name="Ana Lee")),
    ('name @"Bo Derek" Bo', c.Rename(person=PersonId("@Bo Derek"), name="Bo")),
    ("leave", c.Leave(person=ME)),
    ("enrol @bo", c.Enrol(person=BO)),
    (
        "enrol @bo as journeyman for billing, Account",
        c.Enrol(person=BO, rank=Rank.JOURNEYMAN, categories=(BILLING, CategoryName("account"))),
    ),
    ("enroll bo billing", c.Enrol(person=BO, categories=(BILLING,))),
    ("suspend @bo because copied", c.Suspend(person=BO, why="copied")),
    ("appoint @bo lead", c.Appoint(person=BO, role=StaffRole.LEAD)),
    ("category open billing", c.OpenCategory(category=BILLING)),
    ("close category Billing because of prices", c.CloseCategory(category=BILLING, why="of prices")),
    (
        "category set billing bounty 2.50 because it waits",
        c.EditCategory(category=BILLING, setting="bounty", to="2.50", why="it waits"),
    ),
    (
        "category-set billing answer chars min = 60",
        c.EditCategory(category=BILLING, setting="answer_chars_min", to="60"),
    ),
    (
        "category create billing Billing and refunds",
        c.CreateCategory(category=BILLING, as_=Category(name=BILLING, title="Billing and refunds")),
    ),
    ("help", Look(what=Sight.HELP)),
    ("help Staff Note", Look(what=Sight.HELP, argument="staff-note")),
    ("queue billing", Look(what=Sight.QUEUE, argument="billing")),
    ("show", Look(what=Sight.SHOW, question=Q7K3)),
    ("me", Look(what=Sight.DESK)),
    ("statement @bo", Look(what=Sight.STATEMENT, argument="@bo")),
    ("experts", Look(what=Sight.WHO)),
]


@pytest.mark.parametrize(("sentence", "meaning"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])
def test_a_sentence_means_its_command(sentence: str, meaning: c.Command | Look) -> None:
    assert read(sentence, question=Q7K3) == meaning


@pytest.mark.parametrize(
    ("sentence", "text", "reason", "percent"),
    [
        ("override Do this because: staff know", "Do this", "staff know", 100),
        ("override Do this.\nAnd that.\nreason: staff know", "Do this.\nAnd that.", "staff know", 100),
        ("override Do this.\npay: 50%\nBecause: staff\nknow", "Do this.", "staff\nknow", 50),
        ("override Do this.\nReason: staff know\npay 0", "Do this.", "staff know", 0),
        ("override It failed because it was old. because: stale", "It failed because it was old.", "stale", 100),
    ],
)
def test_an_override_has_two_texts(sentence: str, text: str, reason: str, percent: int) -> None:
    expected = c.Override(question=Q7K3, words=words(text), reason=words(reason), pay_percent=percent)
    assert read(sentence, question=Q7K3) == expected


@pytest.mark.parametrize(
    ("said", "unit", "minor"),
    [
        ("2.5", "USD", 250),
        ("2,50", "EUR", 250),
        ("€2", "EUR", 200),
        ("300", "JPY", 300),
        ("¥1,000", "JPY", 1000),
        ("12 gems", "gems", 12),
        ("2.505", "USD", None),
        ("2.5", "JPY", None),
        ("-1", "USD", None),
        ("$2", "EUR", None),
        ("1e3", "USD", None),
        ("9" * 40, "USD", None),
        ("٣", "USD", None),
    ],
)
def test_amounts_are_read_in_the_unit_of_the_category(said: str, unit: str, minor: int | None) -> None:
    assert amount_said(said, Unit(unit)) == minor


# --- what is missing becomes a form, and nothing that was said is lost


@pytest.mark.parametrize(
    ("sentence", "carried", "missing", "kept"),
    [
        ("answer", "answer Q7K3", ["words"], {}),
        ("undo", "undo Q7K3", ["message"], {}),
        ("correct it is five days", "correct Q7K3", ["message"], {"words": "it is five days"}),
        ("correct Q7K3 4", "correct Q7K3 4", ["words"], {"message": "4"}),
        ("escalate the account is locked", "escalate Q7K3", ["reason"], {"words": "the account is locked"}),
        ("override Do this", "override Q7K3", ["reason"], {"words": "Do this"}),
        ("override because: staff know", "override Q7K3", ["words"], {"reason": "staff know"}),
        ("not-yet 4", "not-yet Q7K3 4", ["complaint"], {"message": "4"}),
        ("not-yet 4 the page is gone", "not-yet Q7K3 4", ["complaint"], {"words": "the page is gone"}),
        ("approve 4 with edits", "approve Q7K3 4", ["words"], {"message": "4"}),
        ("close", "close Q7K3", ["reason"], {}),
        ("raise", "raise Q7K3", ["bounty"], {}),
        ("assign", "assign Q7K3", ["expert"], {}),
        ("suspend @bo", "suspend @bo", ["why"], {"person": "@bo"}),
        ("category set billing bounty", "category-set billing", ["to"], {"setting": "bounty"}),
        ("pause", "pause", ["minutes"], {}),
    ],
)
def test_a_sentence_that_misses_something(
    sentence: str, carried: str, missing: list[str], kept: dict[str, str]
) -> None:
    found = incomplete(sentence, question=Q7K3)
    assert found.sentence == carried
    assert [slot.name for slot in found.missing] == missing
    assert kept.items() <= found.values.items()


def test_a_form_fills_what_was_missing() -> None:
    values = {"complaint": "someone-else", "words": "Please\nhelp", "unknown": "x"}
    expected = c.NotYet(question=Q7K3, message=4, complaint=Complaint.SOMEONE_ELSE, words=words("Please\nhelp"))
    assert read("not-yet Q7K3 4", values=values) == expected
    assert read("approve Q7K3 4", values={"words": "looks good"}).words == words("looks good")  # type: ignore[union-attr]
    override = read("override Q7K3", values={"words": "Do", "reason": "because I know", "pay_percent": "25"})
    assert override == c.Override(question=Q7K3, words=words("Do"), reason=words("because I know"), pay_percent=25)


def test_a_form_wins_over_its_sentence_and_empty_entries_say_nothing() -> None:
    assert read("answer Q7K3 old", values={"words": "new"}) == answer("new")
    assert read("answer Q7K3 old", values={"words": "  "}) == answer("old")
    assert [slot.name for slot in incomplete("answer Q7K3", values={"words": " \n"}).missing] == ["words"]


def test_an_escalation_is_told_in_two_entries() -> None:
    values = {"reason": "bug", "tried": "two browsers ", "check": "the log"}
    expected = c.Escalate(question=Q7K3, reason=EscalationReason.BUG, words=words("two browsers\n→ the log"))
    assert read("escalate Q7K3", values=values) == expected


@pytest.mark.parametrize(
    ("sentence", "values", "slot"),
    [
        ("raise Q7K3", {"bounty": "lots"}, "bounty"),
        ("override Q7K3", {"words": "Do", "reason": "so", "pay_percent": "101"}, "pay_percent"),
        ("close Q7K3", {"reason": "boredom"}, "reason"),
        ("undo Q7K3", {"message": "4 or 5"}, "message"),
        ("category-set billing", {"setting": "bounties!", "to": "1"}, "setting"),
    ],
)
def test_a_bad_entry_names_its_slot(sentence: str, values: dict[str, str], slot: str) -> None:
    found = misread(sentence, values=values)
    assert (found.why, found.slot) == (Misheard.BAD_VALUE, slot)


# --- what is not understood


@pytest.mark.parametrize("sentence", ["", " ", "\n\t ", "/", "!", "/hall", "@guildhall", "\x00", "\u202e", "“”"])
def test_nothing_said(sentence: str) -> None:
    assert misread(sentence, question=Q7K3).why is Misheard.NOTHING_SAID


@pytest.mark.parametrize(
    ("sentence", "suggestion"),
    [
        ("answr Q7K3 hello", "answer"),
        ("cliam", "claim"),
        ("Q7K3 relaese", "release"),
        ("esclate it", "escalate"),
        ("staf note odd", "staff-note"),
        ("category opne billing", "category-open"),
        ("send", "send-now"),
        ("hand it back", "hand-back"),
        ("сlaim", "claim"),
        ("help answr", "answer"),
    ],
)
def test_a_slip_gets_a_suggestion(sentence: str, suggestion: str) -> None:
    found = misread(sentence, question=Q7K3)
    assert found.why is Misheard.UNKNOWN_VERB
    assert suggestion in found.suggestions
    assert len(found.suggestions) <= 3


@pytest.mark.parametrize(
    "sentence",
    ["hi", "xyz", "Где мой заказ?", "どこですか", "👍", "why was I billed?", "x" * 100_000, "1", "..."],
)
def test_nothing_absurd_is_suggested(sentence: str) -> None:
    found = misread(sentence, question=Q7K3)
    assert (found.why, found.suggestions) == (Misheard.UNKNOWN_VERB, ())
    assert len(found.said) <= 60


def test_how_alike_a_suggestion_must_be_is_a_setting() -> None:
    assert misread("answr", policy=Policy(suggestion_percent_min=90)).suggestions == ()


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("claim and buy milk", "and"),
        ("claim Q7K3 Q8M2", "Q8M2"),
        ("Q7K3 claim Q8M2", "Q8M2"),
        ("approve 4 looks good", "looks"),
        ("undo 4 5", "5"),
        ("raise lots", "lots"),
        ("appoint @bo king", "king"),
        ("enrol @bo juorneyman billing", "juorneyman"),
        ("quiet 25-8", "25"),
        ("pause forever", "forever"),
    ],
)
def test_too_much_or_not_fitting_is_named_and_nothing_is_guessed(sentence: str, said: str) -> None:
    found = misread(sentence, question=Q7K3)
    assert (found.why, found.said) == (Misheard.BAD_VALUE, said)


@given(st.text(st.characters(categories=None, exclude_categories=()), max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read(text)
    for verb in VERBS:
        read(f"{verb.word} {text}", question=Q7K3)
        read(f"{verb.word} Q7K3", values={slot.name: text for slot in verb.slots})


@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=200), st.integers(1, 40_000))
def test_words_behind_a_number_arrive_unchanged(text: str, question: int) -> None:
    meaning = read(f"answer {spoken_number(QuestionId(question))}\n{text}")
    if text.strip():
        assert meaning == answer(text.strip(), QuestionId(question))
    else:
        assert isinstance(meaning, Incomplete)
