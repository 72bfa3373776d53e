"""What is left of any text that somebody sends."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.privacy import clean

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
TRICKY = st.text(
    st.sampled_from(
        "ae1# \t\n\r\x0b\x85\u00a0\u00ad\u0301\u0327\u0344\u0915\u094d\u0627\u200b\u200c\u200d\u202e\u2028\u2066\u20e3"
        "\ud83d\ude00\ufe00\ufe0f\ufeff\u180b\u2764\U0001f468\U0001f469\U0001f3fd\U0001f3f4\U000e0067\U000e007f\U000e0100\u4e00"
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\x00b\x07c\x9fd\x7f", "abcd"),
        ("tab\tstays\nline stays", "tab\tstays\nline stays"),
        ("one\r\ntwo\rthree\u2028four\x85five\x0csix", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("lone \ud800 and \udc00.", "lone \ufffd and \ufffd."),
        ("pair \ud83d\ude00", "pair \U0001f600"),
        ("gpj.\u202etxt.exe\u202c", "gpj.txt.exe"),
        ("\u2066isolated\u2069 \u200e\u200f\u061c", "isolated"),
        ("pass\u200bword\u2060\ufeff\u00ad", "password"),
        ("hid\U000e0041\U000e0042den", "hidden"),
        ("f\u200dr\u200ca\u200dud", "fraud"),
        ("blank\u3164 \u115fname", "blank name"),
        ("e\u0301", "\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("trailing   \nspaces\t \u00a0\n\n", "trailing\nspaces"),
        ("    indented code", "    indented code"),
        ("a" + "\n" * 9 + "b", "a\n\n\n\nb"),
        ("a\n \n\t\n \n \n \nb", "a\n\n\n\nb"),
        ("a\n\n\n\nb", "a\n\n\n\nb"),
        ("A\ufe0f5\ufe0fB", "A5B"),
        ("\ufffe\uffff\ufdd0x", "x"),
        ("", ""),
        ("\x00", ""),
    ],
)
def test_what_cannot_be_seen_or_stored_is_gone(written: str, kept: str) -> None:
    assert clean(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",  # a family
        "\u2764\ufe0f\u200d\U0001f525",  # a burning heart
        "\U0001f469\U0001f3fd\u200d\U0001f4bb",  # a programmer with a skin tone
        "\U0001f937\u200d\u2642\ufe0f",  # a man who shrugs
        "5\ufe0f\u20e3",  # a keycap
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # the flag of Scotland
        "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, written with a non-joiner
        "\u0915\u094d\u200d\u0937",  # Hindi, with a joiner
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3 \u0dbd\u0d82\u0d9a\u0dcf",  # Sri Lanka in Sinhala
        "Zażółć gęślą jaźń, привет, 你好, مرحبا",
        "def f():\n\treturn 'x'  # code",
    ],
)
def test_honest_writing_comes_back_unchanged(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text", ["\u200d\U0001f468", "\U0001f468\u200d", "\U0001f468\u200dx", "\u0627\u200c\u200c\u200c\u0628"]
)
def test_joiners_that_join_nothing_go(text: str) -> None:
    assert clean(text).count("\u200d") + clean(text).count("\u200c") <= text.count("\u0627")
    assert len(clean(text)) < len(text)


@settings(max_examples=300, deadline=None)
@given(st.one_of(ANYTHING, TRICKY))
@example("e" + "\u0344" * 20)
@example("\u212a\ufe0f")
def test_every_text_becomes_storable_and_stays_so(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert all(sign in "\n\t" or unicodedata.category(sign) != "Cc" for sign in cleaned)
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")


def test_marks_piled_on_one_letter_are_cut_without_losing_the_words() -> None:
    piled = "h" + "\u0301\u0323\u0327" * 20_000 + "i"
    cleaned = clean(piled)
    assert len(cleaned) <= 10
    assert cleaned.endswith("i")
