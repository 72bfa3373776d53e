"""Buttons in Discord say their sentence after any restart, and look as heavy as they are."""

import pytest

from adapters.discord.buttons import Pressed, button, pressed, rows
from bot.card import Button, Weight
from tests.adapters.slack.samples import gallery_cards

SEND = Button(label="Send to customer", sentence="answer Q7K3", carries=True)
CARRY = "1234567890123456789/1234567890123456789"


def test_a_button_says_its_sentence_and_carries_a_message() -> None:
    assert button(SEND, 0, CARRY)["custom_id"] == f"0|answer Q7K3|{CARRY}"
    assert pressed(button(SEND, 0, CARRY)["custom_id"]) == Pressed("answer Q7K3", CARRY)
    assert pressed(button(SEND, 12)["custom_id"]) == Pressed("answer Q7K3")
    other = Button(label="Claim", sentence="claim Q7K3")
    assert pressed(button(other, 3, CARRY)["custom_id"]) == Pressed("claim Q7K3")


@pytest.mark.parametrize(
    "custom_id", ["read|1|2", "form|1|answer Q7K3", "x|claim", "1|", "|claim", "claim", "", "1|a|b|c", "1|a|"]
)
def test_what_is_not_a_cards_button_says_nothing(custom_id: str) -> None:
    assert pressed(custom_id) is None


def test_every_sentence_of_a_card_has_room_beside_an_address() -> None:
    for _, card in gallery_cards():
        for place, each in enumerate(card.buttons):
            assert len(button(each, place, CARRY)["custom_id"]) <= 100


def test_weights_look_different() -> None:
    looks = [button(Button(label="Close", sentence="close Q7K3", weight=weight), 0)["style"] for weight in Weight]
    assert looks == [1, 2, 4]


def test_a_label_is_one_short_line_and_never_empty() -> None:
    assert button(Button(label="a\n b" * 60, sentence="x"), 0)["label"].endswith("…")
    assert len(button(Button(label="👍" * 60, sentence="x"), 0)["label"].encode("utf-16-le")) // 2 <= 80
    assert button(Button(label=" \u200b", sentence="claim Q7K3"), 0)["label"] == "claim Q7K3"


def test_many_buttons_stand_five_in_a_row_each_with_an_id_of_its_own() -> None:
    many = [Button(label="Take", sentence="take Q7K3") for _ in range(12)]
    drawn = rows(many, first=3)
    assert [len(row["components"]) for row in drawn] == [5, 5, 2]
    assert len({each["custom_id"] for row in drawn for each in row["components"]}) == 12
    assert drawn[0]["components"][0]["custom_id"] == "3|take Q7K3"
