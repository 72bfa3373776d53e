"""One's own page: every button is understood and is for its owner, and nothing on it is for other eyes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.card import Card, moment_sign
from bot.grammar import Misread, Verb, hats, read, verb_said
from bot.model import Expert, Person, PersonId, Question, Rank, Standing, State
from bot.policy import MINUTE_MS, Policy
from bot.wording import plain_card
from bot.wording.catalogue import tongue, tongue_with
from bot.wording.home import home_cards, way_up
from bot.wording.home_asked import asked_card, asker_cards
from bot.wording.home_inbox import Inbox, waits, waits_since
from tests.gallery import homes as g
from tests.gallery import scenes as s

OWNERS = {
    "a new expert": g.ANA,
    "an expert with full hands": g.ANA,
    "an expert who waits": g.ANA,
    "an expert on a break": g.ANA,
    "an expert with drafts": g.ANA,
    "drafts with full hands": g.ANA,
    "an expert of a closed category": g.ANA,
    "a master": g.CLEO,
    "suspended": g.ANA,
    "left": g.ANA,
    "staff": g.BEN,
    "staff with one more": g.BEN,
    "staff with some more": g.BEN,
    "staff at work": g.BEN,
    "staff who were experts": replace(g.DIA, expert=Expert(rank=Rank.MASTER)),
    "nobody yet": Person(id=PersonId(""), name="Somebody"),
    "somebody who asked": g.ANN,
    "somebody who asked a lot": g.ANN,
    "somebody who is blocked": g.ANN,
    "an expert who asked": g.ANA,
}
PAGES = dict(g.pages())


def said(cards: tuple[Card, ...]) -> str:
    return "\n\n".join(plain_card(each, now=s.NOW) for each in cards)


def sentences(cards: tuple[Card, ...]) -> list[str]:
    return [button.sentence for card in cards for button in card.buttons]


def parts(card: Card) -> int:
    """How many pieces a platform needs that shows ten fields in one."""
    return 1 + len(card.quotes) + -(-len(card.fields) // 10) + bool(card.footnote) + bool(card.buttons)


# --- buttons


@pytest.mark.parametrize("name", PAGES)
def test_every_button_is_understood_and_is_for_whoever_sees_it(name: str) -> None:
    for sentence in sentences(PAGES[name]):
        assert not isinstance(read(sentence), Misread), sentence
        verb: Verb | None = verb_said(sentence.split()[0])
        assert verb is not None, sentence
        assert verb.who & hats(OWNERS[name]), f"{sentence} is not for {name}"


def test_pages_of_every_kind_of_person_are_in_the_gallery() -> None:
    assert set(PAGES) == set(OWNERS)


def test_the_pages_offer_what_people_come_for() -> None:
    verbs = {name: {sentence.split()[0] for sentence in sentences(cards)} for name, cards in PAGES.items()}
    assert verbs["an expert with full hands"] == {
        *("answer", "extend", "release", "pause", "quiet", "statement", "help", "queue"),
    }
    assert {"resume", "quiet"} <= verbs["an expert on a break"]
    assert "pause" not in verbs["an expert on a break"]
    assert {"claim", "show"} <= verbs["a master"]
    assert {"admit", "take", "answer", "try-now", "show", "staff-note", "inbox"} <= verbs["staff at work"]
    assert {"helped", "not-yet", "staff-please", "help"} == verbs["somebody who asked"]


def test_no_more_time_is_offered_once_it_is_used_up() -> None:
    spent = replace(s.CLAIMED, extensions=Policy().claim_extensions_max)
    assert "extend Q7K3" in sentences(home_cards(g.page(g.ANA, hand=[s.facts(s.CLAIMED)])))
    assert "extend Q7K3" not in sentences(home_cards(g.page(g.ANA, hand=[s.facts(spent)])))


def test_full_hands_can_claim_nothing_and_staff_always_can() -> None:
    full = g.page(g.ANA, held=3, in_hand=3, open=g.listed(s.OPEN), begun=[s.facts(s.OPEN, draft="Try this.")])
    assert not {"claim Q7K3", "answer Q7K3"} & set(sentences(home_cards(full)))
    free = replace(full, held=2)
    assert {"claim Q7K3", "answer Q7K3"} <= set(sentences(home_cards(free)))
    assert "claim Q7K3" in sentences(home_cards(replace(full, person=g.BEN)))


@pytest.mark.parametrize(
    ("question", "goes_on"),
    [
        (s.OPEN, True),
        (replace(s.OPEN, passed=(s.ANA,)), False),
        (replace(s.OPEN, customer=s.ANA), False),
        (replace(s.CLAIMED, holder=s.BO), False),
        (s.answered(s.ARRIVED), True),
        (s.answered(s.ARRIVED, holder=s.BEN), False),
        (s.ESCALATED, False),
        (s.SOLVED, False),
        (s.at(State.CLOSED), False),
    ],
)
def test_a_draft_goes_on_only_where_it_can_still_be_sent(question: Question, goes_on: bool) -> None:
    cards = home_cards(g.page(g.ANA, begun=[s.facts(question, draft="Turn it off, then on.")]))
    assert ("answer Q7K3" in sentences(cards)) == goes_on
    assert "Turn it off, then on." in said(cards), "what was written is never hidden from its author"


def test_an_undelivered_text_of_a_solved_question_cannot_be_taken_over() -> None:
    lost = replace(s.SOLVED, answers=(s.ARRIVED, replace(s.LOST, message=6, kind=s.CORRECTION.kind)))
    page = g.page(g.BEN, inbox=Inbox(rows=[s.facts(lost)]))
    assert "try-now Q7K3 6" in sentences(home_cards(page))
    assert "take Q7K3" not in sentences(home_cards(page))


# --- whose eyes


def test_the_holder_reads_masked_words_and_staff_the_words_themselves() -> None:
    ana = said(home_cards(g.page(g.ANA, hand=[s.facts(s.CLAIMED, category=s.PRIVATE)])))
    ben = said(home_cards(g.page(g.BEN, hand=[s.facts(s.STAFF_CLAIMED, category=s.PRIVATE)])))
    assert "[e-mail 1]" in ana
    assert "ann@example.org" not in ana
    assert "ann@example.org" in ben


def test_whoever_no_longer_holds_it_reads_nothing() -> None:
    """Between the list and the page it can go to somebody else, or the category can close."""
    closed = s.facts(s.CLAIMED, category=replace(s.ACCOUNT, open_to_experts=False))
    for facts in (s.facts(replace(s.CLAIMED, holder=s.BO)), closed):
        cards = home_cards(g.page(g.ANA, hand=[facts]))
        assert "I changed phones" not in said(cards)
        assert not any("Q7K3" in sentence for sentence in sentences(cards))
    suspended = replace(g.ANA, expert=Expert(standing=Standing.SUSPENDED))
    cards = home_cards(g.page(suspended, hand=[s.facts(s.CLAIMED)], open=g.listed(s.OPEN)))
    assert "I changed phones" not in said(cards)
    assert not any("Q7K3" in sentence for sentence in sentences(cards))


def test_lists_of_what_is_open_and_under_review_hold_nobodys_words() -> None:
    page = g.page(g.CLEO, open=[s.facts(s.OPEN)], reviews=[s.facts(s.REVIEW)])
    for words in (s.ASKED_SHOWN, s.ANSWER):
        assert words[:20] not in said(home_cards(page))


def test_the_customer_never_reads_what_has_not_gone_out() -> None:
    for question in (s.REVIEW, s.answered(s.TEXT), s.answered(s.LEFT), s.CLAIMED):
        assert s.ANSWER not in said((asked_card(g.ANN, s.facts(question)),))
    hidden = {**s.MESSAGES, 4: replace(s.ANSWERED, redacted=True, text="", shown_text="")}
    assert "(removed)" in said((asked_card(g.ANN, s.facts(s.answered(s.ARRIVED), messages=hidden)),))
    assert s.ANSWER in said((asked_card(g.ANN, s.facts(s.answered(s.ARRIVED))),))


def test_the_customer_reads_nothing_internal() -> None:
    everything = said(asker_cards(g.ANN, g.NOBODYS, [s.facts(each) for each in every_question()]))
    for internal in (s.TRIED, s.WHY, s.NOTED, s.STAFF_NOTED, s.PROTEST, s.FLAGGED):
        assert internal.text not in everything


def test_what_could_not_be_delivered_is_read_in_full() -> None:
    long = "Open Settings, then choose Move. " * 30 + "Done."
    messages = {**s.MESSAGES, 4: replace(s.ANSWERED, text=long, shown_text=long)}
    assert long in said((asked_card(g.ANN, s.facts(s.answered(s.LOST), messages=messages)),))
    assert long not in said((asked_card(g.ANN, s.facts(s.answered(s.ARRIVED), messages=messages)),))


def every_question() -> Iterator[Question]:
    yield from (s.OPEN, s.HELD, s.CLAIMED, s.WAITING, s.REVIEW, s.STANDING, s.ESCALATED, s.SOLVED, s.at(State.CLOSED))
    yield from (s.answered(each) for each in (s.TEXT, s.LEFT, s.ARRIVED, s.CALLED_BAD, s.LOST, s.STAFF_ARRIVED))


# --- shape


@pytest.mark.parametrize("name", PAGES)
def test_moments_of_a_card_are_its_own_and_texts_are_of_one_size(name: str) -> None:
    for card in PAGES[name]:
        texts = [card.title, card.body, card.footnote, *(field.value for field in card.fields)]
        signs = {sign for text in texts for sign in text if "\ue000" <= sign <= "\ue0ff"}
        assert signs <= {moment_sign(position) for position in range(len(card.moments))}, card.title
        assert "\n" not in card.title
        assert all(len(quote.text) <= 2_400 for quote in card.quotes)
        assert parts(card) <= 4, card.title


def test_every_sentence_of_the_sheet_is_said_on_some_page() -> None:
    own = {key: text for key, text in tongue_with("home").sentences.items() if not tongue().knows(key)}
    everything = "\n\n".join(said(cards) for cards in PAGES.values())
    unsaid = [key for key, text in own.items() if longest_piece(text) not in everything]
    assert unsaid == []


def longest_piece(text: str) -> str:
    """The longest run of the sentence that stands between its blanks."""
    pieces = [piece.split("}")[-1] for piece in text.split("{")]
    return max(pieces, key=len)


def test_the_inbox_knows_what_still_waits_and_since_when() -> None:
    waiting = (s.HELD, s.ESCALATED, s.REVIEW, s.answered(s.LOST), replace(s.SOLVED, asks_staff=True))
    assert all(waits(each) for each in waiting)
    assert not any(waits(each) for each in (s.OPEN, s.CLAIMED, s.WAITING, s.answered(s.ARRIVED), s.SOLVED))
    assert waits_since(s.answered(s.LOST)) == s.LOST.undelivered_at
    assert waits_since(s.WITH_STAFF) == s.NOW - 45 * MINUTE_MS


def test_the_way_to_the_next_rank_is_said_in_reviews() -> None:
    expert = Expert(reviews=(True,) * 7 + (False,) * 2)
    assert way_up(expert, Policy()) == "7 of 10 texts approved unchanged, then journeyman"
    assert way_up(replace(expert, rank=Rank.MASTER), Policy()) == "the highest rank"
