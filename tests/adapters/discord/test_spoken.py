"""Verbs in our sentences are named as Discord's client takes them, and people's words stay theirs."""

from dataclasses import replace

import pytest

from adapters.discord.menus import MENUS
from adapters.discord.options import BY_PATH
from adapters.discord.spoken import spoken
from bot.card import Card, Field, Quote
from bot.lifecycle import Who
from bot.wording.catalogue import tongue
from bot.wording.help import help_card


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("'help' shows what you can say.", "'/hall help' shows what you can say."),
        ("'who' lists the experts.", "'/hall staff who' lists the experts."),
        ("'category-set' changes it.", "'/hall category set' changes it."),
        ("Say its number, such as 'claim Q7K3'.", "Say its number, such as '/hall claim Q7K3'."),
        ("'release', 'revise' or 'redact'?", "'/hall release', '/hall review revise' or '/hall staff redact'?"),
        ("It is the sender's name. Use 'override'.", "It is the sender's name. Use '/hall staff override'."),
        ("I do not know 'relaese'.", "I do not know 'relaese'."),
        ("'guildhall doctor' says what to do.", "'guildhall doctor' says what to do."),
        ("The customer's mailbox, and Ana's claim.", "The customer's mailbox, and Ana's claim."),
    ],
)
def test_a_verb_in_quotes_is_said_as_a_command(said: str, read: str) -> None:
    card = Card(title=said, body=said, footnote=said, fields=(Field(label="", value=said),))
    shown = spoken(card, "hall")
    assert (shown.title, shown.body, shown.footnote, shown.fields[0].value) == (read,) * 4


def test_peoples_words_stay_as_they_are() -> None:
    card = Card(title="Q7K3", quotes=(Quote(author="Customer", text="Where is 'help'?\nclaim: it broke"),))
    assert spoken(card, "hall") == card


def test_a_menu_is_said_with_where_it_is() -> None:
    label = next(iter(MENUS))
    assert "under Apps" in spoken(Card(title=f"Only what you send with '{label}' leaves."), "hall").title


def test_help_lists_commands_under_the_name_that_they_have_here() -> None:
    everybody = Who(0)
    for each in Who:
        everybody |= each
    lines = [line for field in spoken(help_card(everybody), "kite").fields for line in field.value.split("\n")]
    assert {line.partition(":")[0] for line in lines} == {f"/kite {' '.join(path)}" for path in BY_PATH}
    one = spoken(help_card(Who.STAFF, "close"), "kite")
    assert one.title.startswith("/kite staff close: ")
    assert one.fields[0].value == "/kite staff close Q7K3 spam"


def test_no_other_sentence_of_ours_is_taken_for_a_line_of_help() -> None:
    for key, sentence in tongue().sentences.items():
        card = Card(title=sentence.replace("{", "").replace("}", ""))
        shown = spoken(card, "hall")
        assert shown == replace(card, title=shown.title)
        assert not shown.title.startswith("/hall"), key
