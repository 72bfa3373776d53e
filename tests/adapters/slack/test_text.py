"""Texts cross into Slack without becoming markup, and come back from it as the words that were meant."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.text import date_sign, escaped, fallback, marked, marking, mentioned, read_words
from bot.card import Card, Field, Moment, Quote, Tone, moment_sign
from bot.wording.fitting import fitted, pieces, units
from tests.adapters.slack.samples import ABUSE, gallery_cards, generated_cards
from tests.fakes.slack import Reader, pings, reads

AT = 1_795_615_620_000  # 2026-11-25 14:07 UTC
NAMES = {"U1": "Ana", "W2": "Ben Weber"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Is 1 &lt; 2 &amp;&amp; 3 &gt; 2?", "Is 1 < 2 && 3 > 2?"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("ask <@U1> or <@W2|boss>", "ask @Ana or @Ben Weber"),
        ("ask <@U9>", "ask @somebody"),
        ("ask <@U9|mo>", "ask @mo"),
        ("see <#C1|billing> and <#C2> and <#C3|>", "see #billing and #a-channel and #a-channel"),
        ("<https://acme.example/a?b=1&amp;c=2>", "https://acme.example/a?b=1&c=2"),
        ("<http://acme.example|acme.example>", "acme.example"),
        ("<https://acme.example/|https://acme.example>", "https://acme.example"),
        ("<https://evil.example|https://acme.example>", "https://acme.example (https://evil.example)"),
        ("press <https://acme.example/x|here>", "press here (https://acme.example/x)"),
        ("<mailto:ann@example.org|ann@example.org>", "ann@example.org"),
        ("<mailto:ann@example.org|write me>", "write me (ann@example.org)"),
        ("<mailto:ann@example.org>", "ann@example.org"),
        ("<tel:+4930123456|+49 30 123456>", "+49 30 123456 (+4930123456)"),
        ("<tel:+4930123456>", "+4930123456"),
        ("at <!date^1795615620^{time}|14:07>", "at 14:07"),
        ("<!channel> <!here|here> <!everyone>", "@channel @here @everyone"),
        ("<!subteam^S1|@staff> <!subteam^S2>", "@staff @a group"),
        ("<!unknown|thing>", "thing"),
        ("thanks :+1::skin-tone-3: :slightly_smiling_face:", "thanks 👍 🙂"),
        ("our :acme_logo: at 10:30:15", "our :acme_logo: at 10:30:15"),
        ("a < b\nc > d", "a < b\nc > d"),
        ("", ""),
    ],
)
def test_words_from_slack_are_those_that_were_meant(written: str, meant: str) -> None:
    assert read_words(written, NAMES) == meant


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=":"), max_size=80))
def test_what_slack_was_given_comes_back_the_same(text: str) -> None:
    assert read_words(escaped(text)) == text


def test_the_people_named_are_found_once_each_in_order() -> None:
    assert mentioned("<@U2> and <@U1|ana>, <@U2>, <!subteam^S1>, &lt;@U3&gt;, @U4") == ("U2", "U1")


@pytest.mark.parametrize(
    ("style", "berlin", "without"),
    [
        ("time", "15:07", "14:07 UTC"),
        ("day", "today at 15:07", "Wednesday 25 November, 14:07 UTC"),
        ("ago", "since today at 15:07", "since 14:07 UTC"),
    ],
)
def test_moments_are_on_the_readers_own_clock(style: str, berlin: str, without: str) -> None:
    sign = date_sign(Moment(at=AT, style=style))
    assert reads(sign, Reader(tz="Europe/Berlin", now=AT / 1000)) == berlin
    assert sign.endswith(f"|{without}>")


def test_how_long_something_waits_stays_true_on_the_next_day() -> None:
    sign = date_sign(Moment(at=AT, style="ago"))
    assert reads(sign, Reader(tz="UTC", now=AT / 1000 + 86_400)) == "since yesterday at 14:07"


@pytest.mark.parametrize("abuse", ABUSE)
def test_nothing_in_a_name_does_anything(abuse: str) -> None:
    text = marked(f"{abuse} took it, {moment_sign(0)}", [Moment(at=AT)])
    assert pings(text, [], link_names=True) == []
    assert re.findall(r"<(?!!date\^\d+\^\{time\}\|14:07 UTC>)", text) == []
    without_addresses = re.sub(r"https?://\S+", "", text)
    assert not re.search(r"(?:^|\W)([*_~])\S.*\S\1(?:\W|$)", without_addresses)
    assert "`" not in without_addresses
    assert not re.search(r"(?<!\d):[\w+'-]+:", without_addresses)
    assert not re.search(r"^\s*(>|&gt;)", text, re.MULTILINE)


@pytest.mark.parametrize(
    "kept", ["2*3*4", "snake_case_name", "10:30:15", "a > b", "bo@acme.example", "https://a.b/_c_"]
)
def test_plain_words_stay_as_they_are(kept: str) -> None:
    assert reads(marked(kept)) == kept


def test_the_cost_of_a_text_is_never_less_than_its_length() -> None:
    moments = (Moment(at=AT), Moment(at=AT, style="day"))
    cost = marking(moments)
    for abuse in (*ABUSE, moment_sign(0) * 3 + moment_sign(1)):
        assert cost(abuse) >= units(marked(abuse, moments))


@given(st.text(max_size=300), st.integers(5, 60))
def test_a_text_in_pieces_is_the_same_text(text: str, most: int) -> None:
    parts = pieces(text, most)
    assert all(units(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert units(fitted(text, most)) <= most


def test_texts_are_cut_between_lines_and_words_and_never_inside_a_sign() -> None:
    assert pieces("First line.\nSecond line.", 15) == ("First line.", "Second line.")
    assert pieces("one two three four", 10) == ("one two", "three four")
    family = "👨‍👩‍👧‍👦"
    assert pieces("abcdefghijkl" + family, 19) == ("abcdefghijkl", family)
    assert fitted("one two three", 9) == "one two…"


def test_a_fallback_says_all_that_the_card_says() -> None:
    card = Card(
        title="Q7K3 · Billing · waiting " + moment_sign(0),
        body="Look & <see>.",
        tone=Tone.ALERT,
        quotes=(Quote(author="Customer", text="Why <!channel>?"),),
        fields=(Field(label="pending", value="$1.40"),),
        footnote="Shortened here.",
        moments=(Moment(at=AT),),
    )
    shown = reads(fallback(card), Reader(tz="UTC", now=AT / 1000))
    assert shown.splitlines() == [
        "Attention: Q7K3 · Billing · waiting 14:07",
        "Look & <see>.",
        "Customer:",
        "Why <!channel>?",
        "pending: $1.40",
        "Shortened here.",
    ]


def test_every_fallback_is_short_silent_and_says_something() -> None:
    for card in (*(card for _, card in gallery_cards()), *generated_cards(500)):
        text = fallback(card)
        assert 0 < units(text) <= 3_000
        assert pings(text, [], link_names=True) == []
        assert text.strip()
