"""Forms are filled in Slack without losing a word: entries, drafts, mistakes in place, a preview; and the Home view."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.home import home
from adapters.slack.modals import entered, errors, told, view, with_preview
from bot.card import Card, Choice, Entry, Form, Input, Moment, Quote, Tone, moment_sign
from tests.adapters.slack.samples import ABUSE, gallery_cards, generated_cards, refused_view
from tests.fakes.slack import pings
from tests.gallery import homes
from tests.gallery.phone import screen, view_screen
from tests.gallery.test_slack_gallery import forms

GALLERY = dict(gallery_cards())
FORMS = dict(forms())
WORDS = Entry(name="words", label="Your answer", chars_min=40, chars_max=12_000)
FORM = Form(title="Answer Q7K3", sentence="answer Q7K3", entries=(WORDS,), submit="Send to customer")
PREVIEW = GALLERY["customers: answer"]


def inputs(shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in shown["blocks"] if block["type"] == "input"}


def choice(count: int, kind: Input = Input.CHOICE, value: str = "") -> dict[str, Any]:
    choices = tuple(Choice(label=f"Choice {number}", value=f"v{number}") for number in range(count))
    entry = Entry(name="reason", label="Why?", input=kind, choices=choices, value=value)
    shown = view(replace(FORM, entries=(entry,)), meta="")
    assert refused_view(shown) == []
    element: dict[str, Any] = inputs(shown)["entry:reason"]["element"]
    return element


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("previews", [False, True])
def test_slack_takes_every_form(name: str, previews: bool) -> None:
    shown = view(FORMS[name], meta="m" * 3_000, preview=PREVIEW, trouble=PREVIEW, previews=previews)
    assert refused_view(shown) == []
    names = {each.name for each in FORMS[name].entries}
    assert {block_id.removeprefix("entry:") for block_id in inputs(shown)} == names


@pytest.mark.parametrize("abuse", [each for each in ABUSE if each.strip("\n \u3164\u115f\u2800")])
def test_words_in_a_form_do_nothing(abuse: str) -> None:
    entry = replace(WORDS, label=abuse, value=abuse, hint=abuse, choices=(Choice(label=abuse, value="a"),))
    picked = Entry(name="reason", label=abuse, input=Input.CHOICE, choices=entry.choices)
    form = Form(title=abuse, sentence="answer Q7K3", entries=(entry, picked), submit=abuse, intro=abuse)
    shown = view(replace(form, quotes=(Quote(author=abuse[:90], text=abuse),)), meta="")
    assert refused_view(shown) == []
    assert pings("", shown["blocks"], link_names=True) == []


def test_what_was_typed_comes_back_by_name() -> None:
    state = {
        "entry:words": {"entry:words": {"type": "plain_text_input", "value": "It is a hold."}},
        "entry:reason": {"entry:reason": {"type": "radio_buttons", "selected_option": {"value": "bug"}}},
        "entry:to": {"entry:to": {"type": "static_select", "selected_option": None}},
        "entry:note": {"entry:note": {"type": "plain_text_input", "value": None}},
        "preview": {"preview": {"type": "button"}},
    }
    assert entered(state) == {"words": "It is a hold.", "reason": "bug", "to": "", "note": ""}


def test_an_answer_asks_for_its_length_and_is_kept_while_one_types() -> None:
    block = inputs(view(FORM, meta="", previews=True))["entry:words"]
    element = block["element"]
    assert (element["min_length"], element["max_length"], element["multiline"]) == (40, 3_000, True)
    assert block["dispatch_action"] is True
    assert element["dispatch_action_config"] == {"trigger_actions_on": ["on_character_entered"]}
    assert "Write it in the thread" in block["hint"]["text"]


def test_an_entry_that_may_be_empty_may_be_empty() -> None:
    block = inputs(view(replace(FORM, entries=(replace(WORDS, required=False),)), meta=""))["entry:words"]
    assert block["optional"] is True
    assert "min_length" not in block["element"]


def test_closing_is_told_and_the_dialog_remembers_where_it_was_opened() -> None:
    shown = view(FORM, meta='{"s":"answer Q7K3"}')
    assert (shown["notify_on_close"], shown["callback_id"]) == (True, "form")
    assert shown["private_metadata"] == '{"s":"answer Q7K3"}'


def test_a_long_title_stands_whole_in_the_dialog() -> None:
    title = "What is wrong with this answer to Q7K3?"
    shown = view(replace(FORM, title=title), meta="")
    assert len(shown["title"]["text"]) <= 24
    assert shown["title"]["text"].endswith("…")
    assert title in screen(shown["blocks"])
    assert "Answer Q7K3" not in screen(view(FORM, meta="")["blocks"])


def test_few_choices_are_seen_at_once_and_many_are_a_list() -> None:
    assert choice(5)["type"] == "radio_buttons"
    assert choice(6)["type"] == "static_select"
    assert choice(2, Input.PERSON)["type"] == "static_select"
    assert len(choice(250)["options"]) == 100
    assert choice(3, value="v1")["initial_option"]["text"]["text"] == "Choice 1"
    assert "initial_option" not in choice(3, value="gone")


def test_a_choice_without_choices_can_be_typed() -> None:
    assert choice(0, Input.PERSON)["type"] == "plain_text_input"


def test_a_draft_too_long_for_the_box_is_shown_and_never_half_filled_in() -> None:
    draft = "".join(f"Step {number}. " for number in range(600))
    shown = view(replace(FORM, entries=(replace(WORDS, value=draft),)), meta="")
    assert refused_view(shown) == []
    assert "initial_value" not in inputs(shown)["entry:words"]["element"]
    assert "Step 0." in screen(shown["blocks"])
    assert "Step 599." in screen(shown["blocks"])


def test_values_typed_before_win_over_what_the_form_brings() -> None:
    shown = view(replace(FORM, entries=(replace(WORDS, value="old"),)), meta="", values={"words": "new"})
    assert inputs(shown)["entry:words"]["element"]["initial_value"] == "new"


def test_trouble_stands_on_top_without_its_buttons() -> None:
    trouble = GALLERY["refusals: too short"]
    shown = view(FORM, meta="", trouble=trouble)
    assert "a little short" in shown["blocks"][0]["text"]["text"]
    assert [block["type"] for block in shown["blocks"]].count("actions") == 0


def test_the_preview_is_drawn_below_and_the_entries_keep_what_was_typed() -> None:
    first = view(FORM, meta="m", previews=True)
    given = {**first, "id": "V1", "hash": "h", "team_id": "T1", "state": {"values": {}}, "clear_on_close": False}
    given["blocks"] = [{"block_id": f"b{place}"} | block for place, block in enumerate(first["blocks"])]
    once = with_preview(given, PREVIEW)
    twice = with_preview({**once, "id": "V1"}, GALLERY["customers: correction"])
    assert refused_view(once) == []
    assert refused_view(twice) == []
    assert "What the customer gets" in screen(once["blocks"])
    assert "answered your question Q7K3" in screen(once["blocks"]).replace("\n", " ")
    assert "[Yes, solved] [Not yet]" in screen(once["blocks"])
    assert "answered your question" not in screen(twice["blocks"]).replace("\n", " ")
    assert inputs(once) == inputs(twice) == inputs(given)
    assert (once["private_metadata"], once["submit"], once["callback_id"]) == ("m", first["submit"], "form")


def test_a_mistake_is_said_at_the_entry_it_is_about() -> None:
    trouble = Card(title="That is a little short.", body="One sentence more will do.")
    said = "That is a little short. One sentence more will do."
    assert errors("words", trouble) == {"entry:words": said}
    assert errors("reason", trouble) == {"entry:reason": said}
    assert len(errors("words", Card(title="x" * 9_000))["entry:words"]) <= 1_000
    timed = Card(title=f"Wait until {moment_sign(0)}.", moments=(Moment(at=8 * 3_600_000),))
    assert errors("words", timed) == {"entry:words": "Wait until 08:00 UTC."}


def test_a_refusal_gives_the_text_back() -> None:
    shown = told(GALLERY["refusals: taken 2 s before"], text="Open <Settings>,\nthen *Devices*.")
    assert refused_view(shown) == []
    assert "submit" not in shown
    read = view_screen(shown)
    assert "That did not work" in read
    assert "Ana took Q7K3 2 seconds before you." in read
    assert "┃ Open <Settings>,\n┃ then *Devices*." in read


def test_slack_takes_any_refusal_trouble_and_preview() -> None:
    for card in generated_cards(300, seed=11):
        assert refused_view(told(card, text=card.body)) == []
        shown = view(FORM, meta="", trouble=card, preview=card, values={"words": card.body}, previews=True)
        assert refused_view(shown) == []


# --- App Home


@pytest.mark.parametrize("page", [pytest.param(cards, id=name) for name, cards in homes.pages()])
def test_slack_takes_every_page_whole(page: tuple[Card, ...]) -> None:
    shown = home(page)
    assert refused_view(shown) == []
    assert " more: `/hall queue`" not in screen(shown["blocks"])
    said = [button.sentence for card in page for button in card.buttons]
    rows = [block for block in shown["blocks"] if block["type"] in ("actions", "section")]
    pressable = [each for row in rows for each in (*row.get("elements", []), *filter(None, [row.get("accessory")]))]
    assert [each["value"] for each in pressable] == said
    assert len({each["action_id"] for each in pressable}) == len(said)


def test_a_page_that_is_too_long_says_how_many_more_there_are() -> None:
    card = Card(title="Q7K3 · Billing", quotes=(Quote(author="Customer", text="Why?"),))
    shown = home((card,) * 200, command="/acme")
    assert refused_view(shown) == []
    assert len(shown["blocks"]) <= 100
    whole = sum(block["type"] == "rich_text" for block in shown["blocks"])
    assert whole == 49
    assert f"… and {200 - whole} more: `/acme queue`" in screen(shown["blocks"])


def test_lines_between_cards_give_way_before_a_card_does() -> None:
    card = Card(title="Q7K3 · Billing", quotes=(Quote(author="Customer", text="Why?"),))
    assert len(home((card,) * 33)["blocks"]) == 98
    assert [block["type"] for block in home((card,) * 50)["blocks"]].count("divider") == 0
    assert len(home((card,) * 50)["blocks"]) == 100


def test_an_empty_home_says_what_to_do() -> None:
    shown = home((), command="/acme")
    assert refused_view(shown) == []
    assert "/acme help" in screen(shown["blocks"])


def test_slack_takes_any_page() -> None:
    cards = tuple(generated_cards(400, seed=5))
    for start in range(0, 400, 20):
        assert refused_view(home(cards[start : start + 20])) == []


def test_tones_of_last_views_differ() -> None:
    assert told(Card(title="x", tone=Tone.GOOD))["title"]["text"] == "Done"
    assert told(Card(title="x", tone=Tone.ALERT))["title"]["text"] == "That did not work"
