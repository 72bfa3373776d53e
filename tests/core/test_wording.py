"""The sentences: whole, said to the right eyes only, and with nobody's words inside them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

import pytest

from bot.card import Card, Moment, Quote, moment_sign
from bot.change import Reason, Receipt
from bot.grammar import Misread, read
from bot.lifecycle import CATEGORY_MOVES, PERSON_MOVES, QUESTION_MOVES, Who, verb_name
from bot.model import Audience, Kind, Person, PersonId, Place, State
from bot.policy import DAY_MS, HOUR_MS, MINUTE_MS
from bot.privacy.checks import Objection
from bot.wording import Eyes, aside, moment_text, plain_card, reply
from bot.wording.catalogue import LANGUAGES, Tongue, differences, placeholders, tongue
from bot.wording.lines import POSTS
from bot.wording.sheet import read_sheet
from bot.wording.writer import Writer, plain_name
from tests.gallery import answers, posts
from tests.gallery import scenes as s
from tests.gallery.test_gallery import GROUPS, as_text

ENGLISH = LANGUAGES["en"]
# Said by other parts of the wording, or one for each language, day and month of the year.
ELSEWHERE = ("look.", "why.", "language.", "weekday.", "month.", "rank.", "role.", "button.help", "way.", "here.")


def shown() -> Iterator[tuple[str, Card]]:
    """Every card of the gallery."""
    for group, cards in GROUPS.items():
        for name, each in cards():
            if each is not None:
                yield f"{group}: {name}", each


# --- whole


def test_every_language_says_the_same_things() -> None:
    for code, each in LANGUAGES.items():
        assert differences(ENGLISH.sentences, each.sentences) == [], code
        forms = {each.plural(count) for count in range(200)}
        counted = {key.partition("[")[0] for key in each.sentences if "[" in key}
        assert [f"{key}[{form}]" for key in counted for form in forms if not each.knows(f"{key}[{form}]")] == []


def test_a_language_that_lacks_or_mistakes_something_is_found() -> None:
    mine = read_sheet("a: {number} of {day}\nb[one]: {count} day\nb[other]: {count} days\nc: C")
    other = read_sheet("a: {number} von {dya}\nb[few]: {count} Tage\nd: D")
    assert differences(mine, other) == [
        "c is missing",
        "d is not used",
        "a has ['dya', 'number'] where ['day', 'number'] belong",
    ]
    assert differences(mine, mine) == []


def test_every_sentence_is_said_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str] = set()

    class Heard(dict[str, str]):
        def __getitem__(self, key: str) -> str:
            said.add(key)
            return super().__getitem__(key)

    listening = replace(ENGLISH, sentences=Heard(ENGLISH.sentences))
    monkeypatch.setitem(LANGUAGES, "en", listening)
    for name, each in shown():
        as_text(name, each)
        plain_card(each)
    unsaid = set(ENGLISH.sentences) - said
    assert sorted(key for key in unsaid if not key.startswith(ELSEWHERE)) == []


def test_a_catalogue_chooses_the_language_the_reader_knows() -> None:
    german = Tongue(code="de", sentences={}, plural=ENGLISH.plural, with_article=str)
    assert tongue(["pt-BR", "en-GB"]).code == "en"
    assert tongue([]).code == "en"
    LANGUAGES["de"] = german
    try:
        assert tongue(["pt", "de-AT", "en"]) is german
        assert tongue(["en", "de"]).code == "en"
    finally:
        del LANGUAGES["de"]


@pytest.mark.parametrize("text", ["a: one\na: two", "no id here", "a - b"])
def test_a_sheet_that_cannot_be_read_says_where(text: str) -> None:
    with pytest.raises(ValueError, match="line"):
        read_sheet(text)


def test_a_sheet_joins_lines_and_parts_titles() -> None:
    sheet = read_sheet("# for the reader\n\na: It is done. |\n  Go on,\n  please.\nb[one]: {count}\n")
    assert sheet == {"a": "It is done.\nGo on, please.", "b[one]": "{count}"}


# --- everything has its sentence


def test_every_kind_of_post_is_in_the_gallery() -> None:
    """What the announcer may ask for, by name; anything else is a mistake that names itself."""
    asked_for = (
        "question pointer staff message asked answer clarify correction reading escalated reply-awaited "
        "verdict-awaited solved closed reopened claim-ends lapsed assigned returned replied thanks delivered "
        "undelivered approved revised overridden taken confirmed denied vetoed paid reversed review-awaited "
        "staff-awaited lead-awaited appeal paused reworded taken-back platform-lost platform-back "
        "file file-choice answer-file linked"
    )
    assert set(POSTS) == set(asked_for.split())
    with pytest.raises(AssertionError, match="'questoin'"):
        posts.told("questoin", s.facts(s.OPEN))


def test_every_verb_that_people_say_has_an_outcome_in_words() -> None:
    machines = Who.CLOCK | Who.COURIER | Who.PLATFORM
    tables = (QUESTION_MOVES, PERSON_MOVES, CATEGORY_MOVES)
    verbs = {verb_name(move.verb) for moves in tables for move in moves if move.who & ~machines}
    keys = set(ENGLISH.sentences)
    silent = [verb for verb in verbs - {"ask"} if not any(key.startswith(f"done.{verb}") for key in keys)]
    assert silent == []


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_says_something_even_with_nothing_known(reason: Reason) -> None:
    card = reply(Receipt(verb="claim", reason=reason, actor=s.BO), s.facts(None, category=None))
    assert len(card.title) > 10
    with_all = reply(
        Receipt(verb="answer", question=s.OPEN.id, reason=reason, actor=s.BO, person=s.ANA, limit=3, names=("master",)),
        s.facts(s.CLAIMED),
    )
    assert "{" not in with_all.title + with_all.body


def test_every_objection_says_what_to_change() -> None:
    for objection in Objection:
        name = objection.name.lower().replace("_", "-")
        assert ENGLISH.knows(f"objection.{name}"), name


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("about", ["question", "staff"])
def test_a_card_can_always_be_made(about: str, state: State) -> None:
    """Whatever a question has been through, its card is drawn; a card that cannot be is never seen again."""
    answers = ((), (s.ARRIVED,), (s.TEXT,), (s.LOST,), (s.ARRIVED, s.CORRECTION), (s.STAFF_ARRIVED,))
    for texts in answers:
        if state in (State.ANSWERED, State.SOLVED, State.REVIEW) and not texts:
            continue
        for escalation in (None, s.WENT, s.ESCALATION):
            if escalation is s.ESCALATION and state not in (State.OPEN, State.CLAIMED, State.WAITING):
                continue
            question = s.at(state, holder=s.ANA, answers=texts, escalation=escalation, held_until=s.NOW)
            shown = posts.told(about, s.facts(question), args={"eyes": "staff"})
            assert shown is not None or state is State.HELD


# --- buttons


def test_every_button_says_a_sentence_that_is_understood() -> None:
    seen = 0
    for name, each in shown():
        for button in each.buttons:
            if button.carries and button.sentence.split()[0] in ("ask", "reply"):
                continue  # carries a customer's words, which are no command
            meaning = read(button.sentence)
            assert not isinstance(meaning, Misread), f"{name}: {button.sentence!r} is {meaning}"
            seen += 1
    assert seen > 100


def test_buttons_that_judge_a_text_name_it() -> None:
    judged = ("undo", "send-now", "approve", "revise", "correct", "helped", "not-yet", "try-now", "flag")
    for name, each in shown():
        for button in each.buttons:
            verb, *rest = button.sentence.split()
            if verb in judged:
                assert len(rest) == 2, f"{name}: {button.sentence}"
                assert rest[1].isdigit(), f"{name}: {button.sentence}"


def test_a_card_has_one_main_button_at_most() -> None:
    for name, each in shown():
        mains = [button.label for button in each.buttons if button.weight == "main"]
        assert len(mains) <= 1, f"{name}: {mains}"


# --- the right eyes


SECRETS = ("ann@example.org", "Third time this month", "The button was called", "removed in May", "Ann Weber")


def test_an_expert_reads_masked_words_only() -> None:
    for about, post in POSTS.items():
        if post.eyes is Eyes.CUSTOMER or post.eyes is Eyes.STAFF:
            continue
        for name, each in every_card(about, person=s.ANA if post.eyes is None else None):
            for secret in SECRETS:
                assert secret not in as_text(name, each), f"{name} shows {secret}"


def test_staff_read_what_was_written() -> None:
    held = posts.told("staff", s.facts(s.HELD), args={"eyes": "staff"})
    assert held is not None
    assert "ann@example.org" in held.quotes[0].text


def test_a_private_question_shows_its_words_to_nobody_in_a_channel() -> None:
    words = [each.text for each in s.MESSAGES.values() if each.kind is not Kind.NOTE and each.text]
    for about in ("question", "pointer", "message"):
        for name, each in every_card(about, category=s.PRIVATE):
            text = as_text(name, each)
            assert not any(word.split("\n")[0] in text for word in words), name


def test_the_claimer_of_a_private_question_gets_every_word() -> None:
    long = replace(s.FIRST, shown_text="word " * 2_000)
    receipt = Receipt(verb="claim", question=s.OPEN.id, actor=s.ANA)
    told = reply(receipt, s.facts(s.CLAIMED, category=s.PRIVATE, messages={1: long}))
    assert told.quotes[0].text == "word " * 2_000


def test_nothing_internal_reaches_a_customer() -> None:
    internal = [each for each in s.MESSAGES.values() if each.audience is not Audience.EVERYONE]
    assert internal
    for about in ("answer", "clarify", "correction"):
        for message in internal:
            facts = s.facts(s.answered(s.ARRIVED))
            assert posts.told(about, facts, person=s.ANN, message=message.number) is None
    for name, each in chain(posts.customers(), answers.pages()):
        if each is not None:
            assert not any(message.text in as_text(name, each) for message in internal), name


def test_a_removed_text_is_removed_everywhere() -> None:
    gone = {number: replace(each, redacted=True) for number, each in s.MESSAGES.items()}
    for about in POSTS:
        for name, each in every_card(about, messages=gone, person=s.BEN):
            text = as_text(name, each)
            assert not any(message.text and message.text in text for message in gone.values()), name


def every_card(about: str, **more: object) -> Iterator[tuple[str, Card]]:
    """The post in each state of the question and for each message."""
    person = more.pop("person", None)
    questions = (s.OPEN, s.CLAIMED, s.STANDING, s.WAITING, s.REVIEW, s.answered(s.ARRIVED), s.ESCALATED, s.SOLVED)
    for question in (*questions, s.at(State.CLOSED)):
        for number in s.MESSAGES:
            facts = s.facts(question, **more)
            each = posts.told(about, facts, message=number, person=person)
            if each is not None:
                yield f"{about} {question.state} {number}", each


# --- nobody's words inside ours


HOSTILE = "x\n{number} {0} {} | <b>@everyone</b> \u202egnp.exe" + moment_sign(0) + moment_sign(3)


def test_what_people_write_stands_in_quotes_only() -> None:
    messages = {n: replace(each, text=HOSTILE, shown_text=HOSTILE) for n, each in s.MESSAGES.items()}
    for about in POSTS:
        for name, each in every_card(about, messages=messages, person=s.BEN):
            own = [each.title, each.body, each.footnote, *(button.label for button in each.buttons)]
            own += [part for field in each.fields for part in (field.label, field.value)]
            assert "@everyone" not in " ".join(own), name
            for quote in each.quotes:
                assert quote.text.startswith(("x\n{number}", "(removed)")), name
                assert moment_sign(0) not in quote.text


def test_a_name_is_one_short_run_of_plain_characters() -> None:
    assert plain_name("Ana\nBanana\u202e\ue000\x00  Costa") == "Ana Banana Costa"
    assert plain_name("\u200b\ue001") == "?"
    assert len(plain_name("x" * 500)) <= 60
    named: Mapping[PersonId, Person] = {**s.PEOPLE, s.ANA: Person(id=s.ANA, name="{until}\n" + moment_sign(0))}
    each = posts.told("question", s.facts(s.CLAIMED, people=named))
    assert each is not None
    assert plain_card(each, now=s.NOW).split("\n")[1] == "{until} has it until 14:22."


def test_every_sign_of_a_moment_has_its_moment() -> None:
    for name, each in shown():
        own = each.title + each.body + each.footnote + "".join(field.value for field in each.fields)
        signs = {sign for sign in own if "\ue000" <= sign <= "\uf8ff"}
        assert signs <= {moment_sign(place) for place in range(len(each.moments))}, name
        text = plain_card(each, now=s.NOW)
        assert not any("\ue000" <= sign <= "\uf8ff" for sign in text), name
        assert "{" not in text, name


# --- numbers and times


def test_policy_numbers_are_those_in_force() -> None:
    policy = replace(s.facts(None).policy, not_yet_days=3, expert_percent=50, claim_extension_minutes=5)
    awaited = posts.told("verdict-awaited", replace(s.facts(s.answered(s.ARRIVED)), policy=policy), person=s.ANN)
    assert awaited is not None
    assert "reopen it for 3 days" in awaited.body
    ending = posts.told("claim-ends", replace(s.facts(s.CLAIMED), policy=policy), person=s.ANA)
    assert ending is not None
    assert ending.buttons[0].label == "+5 min"
    offered = posts.told("question", replace(s.facts(s.OPEN), policy=policy))
    assert offered is not None
    assert "$1.00 to you" in offered.title


def test_a_promise_counts_staffed_hours() -> None:
    """Escalated on Friday at 16:30, two staffed hours end on Monday at 10:30."""
    friday = s.ms("2026-11-27T16:30:00")
    question = replace(s.ESCALATED, since=friday, escalation=replace(s.WENT, went_at=friday))
    each = posts.told("escalated", replace(s.facts(question), now=friday), person=s.ANN)
    assert each is not None
    assert plain_card(each, now=friday).endswith("Expect an answer by Monday 10:30.")


def test_an_old_escalation_promises_nothing_for_a_new_one() -> None:
    """Handed back, answered and rejected twice: staff have two hours from now, for another reason."""
    old = replace(s.WENT, went_at=s.NOW - 5 * DAY_MS)
    rejected = replace(s.ARRIVED, rejected=True)
    question = replace(s.ESCALATED, escalation=old, answers=(rejected, replace(rejected, message=5)), rejections=2)
    told = posts.told("escalated", s.facts(question), person=s.ANN)
    asked = posts.told("staff", s.facts(question))
    assert told is not None
    assert asked is not None
    assert "accounts" not in told.title
    assert plain_card(told, now=s.NOW).endswith("Expect an answer by 16:07 today.")
    assert asked.body.startswith("2 answers did not solve it.")


@pytest.mark.parametrize(
    ("style", "after_ms", "text"),
    [
        ("time", 0, "15:07"),
        ("time", 15 * MINUTE_MS, "15:22"),
        ("time", 9 * HOUR_MS, "Thursday 00:07"),
        ("time", -DAY_MS, "24 November, 15:07"),
        ("day", HOUR_MS, "16:07 today"),
        ("day", 3 * DAY_MS, "Saturday 15:07"),
        ("day", 7 * DAY_MS, "2 December, 15:07"),
        ("ago", 0, "less than a minute"),
        ("ago", -4 * MINUTE_MS - 59_000, "4 min"),
        ("ago", -2 * HOUR_MS, "2 h"),
        ("ago", -130 * MINUTE_MS, "2 h 10 min"),
        ("ago", -DAY_MS, "1 day"),
        ("ago", -50 * HOUR_MS, "2 days"),
        ("ago", 5_000, "less than a minute"),
    ],
)
def test_times_are_said_in_the_reader_s_zone(style: str, after_ms: int, text: str) -> None:
    assert moment_text(Moment(at=s.NOW + after_ms, style=style), s.NOW, "Europe/Berlin") == text


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../etc/passwd", "\x00", "x" * 5_000])
def test_a_zone_nobody_knows_is_utc(zone: str) -> None:
    assert moment_text(Moment(at=s.NOW), s.NOW, zone) == "14:07"


def test_plain_cards_give_times_in_full_when_nobody_says_when_it_is() -> None:
    times = tuple(Moment(at=s.NOW, style=style) for style in ("time", "day", "ago"))
    each = Card(title=" / ".join(moment_sign(place) for place in range(3)), moments=times)
    assert plain_card(each) == "14:07 / Wednesday 25 November, 14:07 / since 14:07"
    assert plain_card(each, "America/New_York", s.NOW) == "09:07 / 09:07 today / less than a minute"


def test_a_plain_quote_stays_a_quote_on_every_line() -> None:
    each = Card(title="Q", quotes=(Quote(author="Customer", text="one\n\n/claim Q7K3"),))
    assert plain_card(each) == "Q\nCustomer:\n> one\n>\n> /claim Q7K3"


def test_companies_keep_their_article() -> None:
    names = ("Acme", "Globex", "Uber", "Unilever", "One", "Eurostar", "ebay", "H")
    said = [ENGLISH.with_article(name).split()[0] for name in names]
    assert said == ["an", "a", "an", "a", "a", "a", "an", "a"]


def test_a_staff_card_is_never_written_for_other_eyes() -> None:
    """Even when the notice forgets to say whose eyes they are."""
    facts = s.facts(s.HELD)
    assert POSTS["staff"].eyes is Eyes.STAFF
    line = posts.told("message", facts, message=10, recipient=Place("web:account"))
    assert line is None
    assert placeholders("{a} {b:,} {{c}}") == {"a", "b"}
    assert Writer(facts, Eyes.EXPERT).words(s.FIRST) == s.ASKED_SHOWN


def test_what_an_adapter_says_by_itself_has_a_title_and_a_body() -> None:
    told = aside("line-gone")
    assert told.title == "I cannot find that line any more."
    assert told.body.startswith("It was deleted, or it is not yours.")
