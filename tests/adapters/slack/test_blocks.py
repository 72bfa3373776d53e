"""Cards arrive in Slack whole, inert and within its limits, and people read in them what the card says."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.blocks import MESSAGES, Message, message, messages, whole_text
from adapters.slack.buttons import Pressed, button, pressed
from bot.card import Attached, Button, Card, Field, Moment, Quote, Tone, Weight, moment_sign
from bot.model import FileId
from bot.wording import plain_card
from bot.wording.fitting import units
from tests.adapters.slack.samples import ABUSE, gallery_cards, generated_cards, read_words_of, refused
from tests.fakes.slack import pings
from tests.gallery.phone import screen

AT = 1_795_615_620_000
GALLERY = dict(gallery_cards())
TITLE = "Q7K3 · Billing · English"
CARD = Card(
    title=TITLE,
    tone=Tone.FRESH,
    quotes=(Quote(author="Customer", text="Why was I billed twice?"),),
    buttons=(Button(label="Answer", sentence="answer Q7K3", weight=Weight.MAIN),),
)


def elements(what: Message) -> list[dict[str, Any]]:
    rows = [block for block in what.blocks if block["type"] == "actions"]
    beside = [block["accessory"] for block in what.blocks if "accessory" in block]
    return [*beside, *(element for row in rows for element in row["elements"])]


def quotes(what: Message) -> list[str]:
    return [
        "".join(part["text"] for part in element["elements"])
        for block in what.blocks
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == "rich_text_quote"
    ]


@pytest.mark.parametrize("name", GALLERY)
def test_people_read_in_slack_what_the_card_says(name: str) -> None:
    card = GALLERY[name]
    if card.files:
        card = replace(card, files=())  # a plain card does not name them
    said = plain_card(replace(card, moments=()))
    assert read_words_of(screen(list(message(card).blocks))) == read_words_of(said)


@pytest.mark.parametrize("name", GALLERY)
def test_slack_takes_every_card(name: str) -> None:
    what = message(GALLERY[name])
    assert refused(what.blocks) == []
    assert whole_text(GALLERY[name]) is None
    assert messages(GALLERY[name]) == (what,)


def test_slack_takes_whatever_people_write(proofs: bool) -> None:
    for card in generated_cards(2_000 if proofs else 400):
        parts = messages(card)
        for what in (message(card), *parts) if len(parts) > 1 else parts:
            assert refused(what.blocks) == []
            assert len(json.dumps(what.blocks, ensure_ascii=False)) <= 13_000
            assert 0 < units(what.text) <= 3_000
            assert pings(what.text, list(what.blocks), link_names=True) == []
            actions = [each["action_id"] for each in elements(what)]
            assert len(actions) == len(set(actions))
        assert len(parts) <= MESSAGES
        assert all(not elements(part) for part in parts[:-1])
        assert [each["value"] for each in elements(parts[-1])] == [each.sentence for each in card.buttons]


@pytest.mark.parametrize("abuse", [each for each in ABUSE if each.strip()])
def test_words_of_people_are_shown_as_written_and_do_nothing(abuse: str) -> None:
    what = message(replace(CARD, quotes=(Quote(author=abuse[:100], text=abuse),)))
    visible = re.sub("[\x00-\x08\x0b-\x1f\ud800]", "", abuse)
    if visible.strip("\n \u3164\u115f\u2800"):
        assert "\n".join(quotes(what)).replace(" ", "").replace("\n", "") == visible.replace(" ", "").replace("\n", "")
    assert pings(what.text, list(what.blocks), link_names=True) == []
    # Nothing of it is in a text that Slack reads as markup.
    marked = [block["text"]["text"] for block in what.blocks if "text" in block]
    assert marked == ["🆕 *Q7K3* · Billing · English"]


def test_markup_is_verbatim_so_that_slack_finds_no_links_in_it() -> None:
    what = message(Card(title=TITLE, body="See www.acme.example.", footnote="And #billing."))
    found = [block.get("text") or block["elements"][0] for block in what.blocks]
    assert [each["verbatim"] for each in found] == [True, True]


def test_a_tone_is_a_sign_and_not_a_colour() -> None:
    heads = {tone: message(replace(CARD, tone=tone)).blocks[0]["text"]["text"] for tone in Tone}
    assert len({heads[tone] for tone in (Tone.FRESH, Tone.BUSY, Tone.GOOD, Tone.ALERT, Tone.CALM)}) == 5
    assert message(replace(CARD, tone=Tone.ALERT)).text.startswith("Attention: Q7K3")
    assert message(replace(CARD, body="✓ Delivered.", tone=Tone.GOOD)).blocks[0]["text"]["text"].startswith("*Q7K3*")


def test_a_finished_card_is_one_small_line() -> None:
    what = message(Card(title="Q7K3 · solved by Ana · $1.40", tone=Tone.DONE, compact=True))
    assert [block["type"] for block in what.blocks] == ["context"]
    assert screen(list(what.blocks)) == "· *Q7K3* · solved by Ana · $1.40"


def test_a_pointer_has_its_button_beside_it() -> None:
    what = message(replace(CARD, title="Q7K3 is open to everyone", quotes=(), compact=True))
    assert [block["type"] for block in what.blocks] == ["section"]
    assert [each["value"] for each in elements(what)] == ["answer Q7K3"]


def test_the_last_of_several_lines_below_is_small_print() -> None:
    what = message(replace(CARD, footnote="Did this solve it?\nAna is no employee."))
    assert [block["type"] for block in what.blocks] == ["section", "rich_text", "section", "context", "actions"]


def test_names_of_files_are_words_of_people() -> None:
    file = Attached(id=FileId("1"), name="<!channel>\n.png", media_type="image/png", size_bytes=1_234_567)
    what = message(replace(CARD, files=(file,)))
    assert "📎 <!channel> .png, 1.2 MB" in screen(list(what.blocks))
    assert pings(what.text, list(what.blocks)) == []


# --- what does not fit


def test_a_long_answer_comes_whole_in_several_messages() -> None:
    text = "".join(f"Step {number}: press the button and wait.\n" for number in range(600))
    parts = messages(replace(CARD, quotes=(Quote(author="Ana", text=text),)), carry="C1//1.2")
    assert len(parts) == 3
    joined = "\n".join(quote for part in parts for quote in quotes(part))
    assert joined.split() == text.split()
    assert [bool(elements(part)) for part in parts] == [False, False, True]
    assert "Q7K3 (2 of 3)" in screen(list(parts[1].blocks))
    assert all(quotes(part)[0][:40] in part.text for part in parts[1:])


def test_one_message_says_that_it_was_cut_and_a_file_has_every_word() -> None:
    text = "Nothing works. " * 2_000
    card = replace(CARD, quotes=(Quote(author="Customer", text=text), Quote(author="Customer, later", text="Still.")))
    what, file = message(card), whole_text(card)
    assert refused(what.blocks) == []
    assert "…" in "".join(quotes(what)[:-1])
    assert quotes(what)[-1] == "Still."
    assert len("".join(quotes(what))) > 9_000
    assert "the file with it has every word" in read_words_of(screen(list(what.blocks)))
    assert [each["value"] for each in elements(what)] == ["answer Q7K3"]
    assert file is not None
    assert text in file
    assert TITLE in file


def test_the_newest_of_very_many_quotes_stay() -> None:
    many = tuple(Quote(author=f"Customer {number}", text=f"Word {number}. " * 40) for number in range(200))
    shown = quotes(message(replace(CARD, quotes=many)))
    assert shown[0].startswith("Word 0.")
    assert shown[-1].startswith("Word 199.")


def test_moments_in_the_whole_text_name_their_zone() -> None:
    long = Quote(author="", text="x" * 14_000)
    card = replace(CARD, body=f"Until {moment_sign(0)}.", quotes=(long,), moments=(Moment(at=AT),))
    assert "Until 14:07 UTC." in (whole_text(card) or "")


def test_a_value_of_many_lines_stands_below_its_label() -> None:
    fields = (
        Field(label="Answering", value="claim\nanswer"),
        Field(label="a", value="1"),
        Field(label="b", value="2"),
    )
    what = message(Card(title="Help", fields=fields))
    assert [block["text"]["text"] for block in what.blocks] == [
        "*Help*",
        "*Answering*\nclaim\nanswer",
        "*a:* 1\n*b:* 2",
    ]


# --- buttons


def test_a_button_says_its_sentence_and_carries_a_message() -> None:
    send = Button(label="Send to customer", sentence="answer Q7K3", carries=True)
    assert pressed(button(send, 0, "C1/1.0/2.0")) == Pressed("answer Q7K3", "C1/1.0/2.0")
    assert pressed(button(replace(send, carries=False), 1, "C1/1.0/2.0")) == Pressed("answer Q7K3")


@pytest.mark.parametrize(
    "action",
    [{"action_id": "read", "value": "x"}, {"action_id": "say:x", "value": "claim"}, {"action_id": "say:1"}, {}],
)
def test_what_is_not_a_cards_button_says_nothing(action: dict[str, Any]) -> None:
    assert pressed(action) is None


def test_weights_look_different_and_what_cannot_be_undone_asks_first() -> None:
    looks = {weight: button(Button(label="Close", sentence="close Q7K3", weight=weight), 0) for weight in Weight}
    assert [looks[weight].get("style") for weight in (Weight.MAIN, Weight.PLAIN, Weight.DANGER)] == [
        "primary",
        None,
        "danger",
    ]
    assert looks[Weight.DANGER]["confirm"]["confirm"]["text"] == "Close"
    assert "confirm" not in looks[Weight.MAIN]


def test_many_buttons_stand_five_in_a_row() -> None:
    many = tuple(Button(label=f"Take {number}", sentence=f"take Q7K{number}") for number in range(12))
    rows = [block for block in message(replace(CARD, buttons=many)).blocks if block["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [5, 5, 2]
    assert len({row["block_id"] for row in rows}) == 3
