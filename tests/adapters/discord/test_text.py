"""Texts cross into Discord without becoming markup, and come back from it as the words that were meant."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.text import bold, inert, marked, marking, mentioned, read_words, stamp
from bot.card import Moment, moment_sign
from bot.wording.fitting import pieces, shown, units
from tests.adapters.discord.markdown import acting, seen, spans
from tests.adapters.discord.samples import ABUSE

AT = 1_795_615_620_000  # 2026-11-25 14:07 UTC
NAMES = {"1": "Ana", "2": "Ben Weber"}
CHANNELS = {"7": "billing"}
SIGNS = "\\*_~|`<>[]()#-+.:@!&/ \nab1"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ask <@1> or <@!2>", "ask @Ana or @Ben Weber"),
        ("ask <@9> of <@&5>", "ask @somebody of @a-role"),
        ("see <#7> and <#8>", "see #billing and #a-channel"),
        ("fine <:smile:1> <a:wave_2:22>", "fine :smile: :wave_2:"),
        ("</hall claim:123> it", "/hall claim it"),
        ("<https://acme.example/a?b=1&c=2>", "https://acme.example/a?b=1&c=2"),
        ("<id:customize>", "#customize"),
        ("at <t:1795615620>", "at 25 November 2026, 14:07 UTC"),
        ("at <t:1795615620:t>, <t:1795615620:T>", "at 14:07 UTC, 14:07 UTC"),
        ("on <t:1795615620:d>", "on 25 November 2026"),
        ("<t:1795615620:R>", "25 November 2026, 14:07 UTC"),
        ("<t:99999999999999999:R>", "<t:99999999999999999:R>"),
        ("\\*not bold\\* and **bold**", "\\*not bold\\* and **bold**"),
        ("a < b > c <b>", "a < b > c <b>"),
        ("😀 @everyone", "😀 @everyone"),
        ("", ""),
    ],
)
def test_words_from_discord_are_those_that_were_meant(written: str, meant: str) -> None:
    assert read_words(written, NAMES, CHANNELS) == meant


def test_the_people_named_are_found_once_each_in_order() -> None:
    assert mentioned("<@2> and <@!1>, <@2>, <@&3>, <#4>, @5") == ("2", "1")


@pytest.mark.parametrize(
    ("style", "sign"),
    [("time", "<t:1795615620:t>"), ("day", "<t:1795615620:F>"), ("ago", "since <t:1795615620:R>")],
)
def test_moments_are_on_the_readers_own_clock(style: str, sign: str) -> None:
    moment = Moment(at=AT, style=style)
    assert stamp(moment) == sign
    assert marked(f"Q7K3 until {moment_sign(0)}", [moment]) == f"Q7K3 until {sign}"


@pytest.mark.parametrize("abuse", ABUSE)
def test_words_of_people_look_as_written_and_do_nothing(abuse: str) -> None:
    text = inert(abuse)
    assert seen(text) == shown(abuse)
    assert {each.kinds for each in acting(text)} <= {("code",)}
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    assert {each.kinds for each in acting(quoted)} <= {("quote",), ("quote", "code")}
    name = bold(" ".join(shown(abuse).split()), ours=False)
    assert seen(name) == " ".join(shown(abuse).split())
    assert {each.kinds for each in acting(name)} <= {("bold",)}
    ours = bold(" ".join(shown(abuse).split()))
    assert {each.kinds for each in acting(ours)} <= {("bold",), ("bold", "link")}


@pytest.mark.parametrize("abuse", ABUSE)
def test_nothing_in_a_name_does_anything_but_open_an_address(abuse: str) -> None:
    name = re.sub("[\ue000-\uf8ff]", "", abuse)  # cleaned names have none of the signs that stand for moments
    text = marked(f"{name} took it, {moment_sign(0)}", [Moment(at=AT)])
    assert seen(text) == f"{shown(name)} took it, @time"
    assert {each.kinds for each in acting(text)} <= {("link",), ("time",)}


@given(st.text(st.sampled_from(SIGNS), max_size=60) | st.text(max_size=60))
def test_nothing_that_can_be_written_does_anything(text: str) -> None:
    assert seen(inert(text)) == shown(text)
    assert {each.kinds for each in acting(inert(text))} <= {("code",)}
    assert {each.kinds for each in acting(inert(text, links=True))} <= {("link",)}


def test_addresses_can_be_copied_and_neither_pressed_nor_unfurled() -> None:
    text = "See https://evil.example/a_b_c, or discord.gg/x."
    assert inert(text) == "See `https://evil.example/a_b_c`, or `discord.gg/x`."


def test_checked_addresses_are_addresses_and_end_where_they_ended() -> None:
    kept = "See https://acme.example/a_(b)_c or https://acme.example/d."
    assert [each.text for each in spans(inert(kept, links=True)) if each.kinds == ("link",)] == [
        "https://acme.example/a_(b)_c",
        "https://acme.example/d",
    ]
    tight = inert("*https://acme.example/a*", links=True)
    assert acting(tight)[0].text == "https://acme.example/a"
    assert inert("https://acme.example/a, and", links=True) == "https://acme.example/a, and"


@pytest.mark.parametrize("kept", ["Plain words, with (brackets) and 'quotes'.", "2.5 kg at 10:30", "bo@acme.example"])
def test_plain_words_stay_as_they_are(kept: str) -> None:
    assert inert(kept) == kept


def test_pieces_of_a_text_are_inert_and_short_enough_too() -> None:
    moments = (Moment(at=AT), Moment(at=AT, style="day"))
    for abuse in (*ABUSE, (moment_sign(0) + moment_sign(1)) * 30):
        for each in pieces(shown(abuse), 200, marking(moments)):
            assert units(marked(each, moments)) <= 200
            assert {each.kinds for each in acting(marked(each, moments))} <= {("link",), ("time",)}
