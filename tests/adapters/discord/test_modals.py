"""Forms are filled in Discord without losing a word: entries, choices, drafts, files."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.discord.modals import Opened, entered, modal, named, opened, uploaded
from bot.card import Choice, Entry, Form, Input, Quote
from tests.adapters.discord.markdown import acting
from tests.adapters.discord.samples import ABUSE, refused_modal, texts
from tests.gallery.test_slack_gallery import forms

FORMS = dict(forms())
WORDS = Entry(name="words", label="Your answer", chars_min=40, chars_max=12_000)
FORM = Form(title="Answer Q7K3", sentence="answer Q7K3", entries=(WORDS,), submit="Send to customer")
CARRY = "1234567890123456789/1234567890123456789"


def labels(shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Labels by the name of what they label."""
    return {each["component"]["custom_id"]: each for each in shown["components"] if each["type"] == 18}


def made(form: Form, **more: Any) -> dict[str, Any]:
    shown = modal(form, opening="1234567890123456789", **more)
    assert refused_modal(shown) == []
    return shown


def choice(count: int, kind: Input = Input.CHOICE, value: str = "", hint: str = "") -> dict[str, Any]:
    choices = tuple(Choice(label=f"Choice {number}", value=f"v{number}") for number in range(count))
    entry = Entry(name="reason", label="Why?", input=kind, choices=choices, value=value, hint=hint)
    return labels(made(replace(FORM, entries=(entry,))))["reason"]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("uploads", [False, True])
def test_discord_takes_every_form_whole(name: str, uploads: bool) -> None:
    shown = made(FORMS[name], carry=CARRY, uploads=uploads)
    assert set(labels(shown)) - {"files"} == {each.name for each in FORMS[name].entries}
    assert "…" not in str(shown)


@pytest.mark.parametrize("abuse", [each for each in ABUSE if each.strip("\n \u3164\u115f\u2800")])
def test_words_in_a_form_do_nothing(abuse: str) -> None:
    entry = replace(WORDS, label=abuse, value=abuse, hint=abuse)
    options = (Choice(label=abuse, value="a"), Choice(label="b", value="b"))
    picked = Entry(name="reason", label=abuse, input=Input.CHOICE, choices=options)
    form = Form(title=abuse, sentence="answer Q7K3", entries=(entry, picked), submit=abuse, intro=abuse)
    shown = made(replace(form, quotes=(Quote(author=abuse[:90], text=abuse),)))
    acts = {kind for text in texts(shown["components"]) for each in acting(text) for kind in each.kinds}
    assert acts <= {"bold", "quote", "code", "link"}


def test_a_modal_remembers_what_it_is_about() -> None:
    assert made(FORM)["custom_id"] == "form|1234567890123456789|answer Q7K3"
    assert opened(made(FORM)["custom_id"]) == Opened("1234567890123456789", "answer Q7K3")
    assert opened(made(FORM, carry=CARRY)["custom_id"]) == Opened("1234567890123456789", "answer Q7K3", CARRY)


@pytest.mark.parametrize("custom_id", ["1|answer Q7K3", "form|1", "form||answer", "form", "", "read|1|2"])
def test_what_is_no_form_of_ours_was_not_opened(custom_id: str) -> None:
    assert opened(custom_id) is None


def test_what_was_typed_comes_back_by_name() -> None:
    components = [
        {"type": 10, "id": 1},
        {"type": 18, "id": 2, "component": {"type": 4, "id": 3, "custom_id": "words", "value": "It is a hold."}},
        {"type": 18, "id": 4, "component": {"type": 21, "id": 5, "custom_id": "reason", "value": "bug"}},
        {"type": 18, "id": 6, "component": {"type": 21, "id": 7, "custom_id": "other", "value": None}},
        {"type": 18, "id": 8, "component": {"type": 3, "id": 9, "custom_id": "expert", "values": ["@bo"]}},
        {"type": 18, "id": 10, "component": {"type": 3, "id": 11, "custom_id": "nobody", "values": []}},
        {"type": 18, "id": 12, "component": {"type": 19, "id": 13, "custom_id": "files", "values": ["7", "6"]}},
    ]
    assert entered(components) == {
        "words": "It is a hold.",
        "reason": "bug",
        "other": "",
        "expert": "@bo",
        "nobody": "",
    }
    attachments = {"6": {"id": "6", "filename": "a.png"}, "7": {"id": "7", "filename": "b.png"}}
    data = {"components": components, "resolved": {"attachments": attachments}}
    assert [each["filename"] for each in uploaded(data)] == ["b.png", "a.png"]
    assert uploaded({"components": components}) == ()


def test_an_answer_asks_for_its_length() -> None:
    part = labels(made(FORM))["words"]["component"]
    assert (part["style"], part["required"], part["min_length"], part["max_length"]) == (2, True, 40, 4_000)
    line = replace(WORDS, input=Input.LINE, chars_min=0, chars_max=40)
    part = labels(made(replace(FORM, entries=(line,))))["words"]["component"]
    assert (part["style"], part["min_length"], part["max_length"]) == (1, 1, 40)


def test_an_entry_that_may_be_empty_may_be_empty() -> None:
    part = labels(made(replace(FORM, entries=(replace(WORDS, required=False),))))["words"]["component"]
    assert part["required"] is False
    assert "min_length" not in part


def test_a_short_draft_is_there_to_be_made_longer() -> None:
    part = labels(made(FORM, values={"words": "Soon."}))["words"]["component"]
    assert (part["value"], part["min_length"]) == ("Soon.", 5)


def test_values_typed_before_win_over_what_the_form_brings() -> None:
    form = replace(FORM, entries=(replace(WORDS, value="old"),))
    assert labels(made(form))["words"]["component"]["value"] == "old"
    assert labels(made(form, values={"words": "new"}))["words"]["component"]["value"] == "new"


def test_a_draft_too_long_for_the_box_is_kept_and_never_half_filled_in() -> None:
    shown = made(FORM, values={"words": "Step after step. " * 300})
    assert "value" not in labels(shown)["words"]["component"]
    assert "It is kept" in texts(shown["components"])[0]
    crowded = tuple(replace(WORDS, name=f"n{number}", label="More", required=False) for number in range(4))
    shown = made(replace(FORM, entries=(WORDS, *crowded)), values={"words": "Step after step. " * 300})
    assert texts(shown["components"]) == []
    assert "is kept" in labels(shown)["words"]["description"]


def test_few_choices_are_seen_at_once_and_many_are_a_list() -> None:
    assert choice(2)["component"]["type"] == choice(10)["component"]["type"] == 21
    assert choice(1)["component"]["type"] == choice(11)["component"]["type"] == 3
    assert choice(3, Input.PERSON)["component"]["type"] == choice(25, Input.PERSON)["component"]["type"] == 3
    chosen = [each["label"] for each in choice(3, value="v1")["component"]["options"] if each.get("default")]
    assert chosen == ["Choice 1"]
    assert not any(each.get("default") for each in choice(3, value="gone")["component"]["options"])


def test_one_of_very_many_is_typed_and_the_form_says_how() -> None:
    many = choice(40, Input.PERSON, hint="A name, such as @bo.")
    assert (many["component"]["type"], many["description"]) == (4, "A name, such as @bo.")
    assert choice(40)["description"].startswith("One of these: v0, v1, ")
    assert choice(0, Input.PERSON)["component"]["type"] == 4


def test_what_is_known_stands_above_cut_to_the_room_there_is() -> None:
    quotes = (Quote(author="Customer", text="Why? " * 2_000), Quote(author="Customer, later", text="Still."))
    shown = made(replace(FORM, title="What is wrong with this answer to Q7K3, in your own words?", quotes=quotes))
    above = texts(shown["components"])[0]
    assert shown["title"].endswith("…")
    assert above.startswith("**What is wrong with this answer to Q7K3, in your own words?**\n**Customer:**\n> Why?")
    assert above.endswith("**Customer, later:**\n> Still.")
    assert len(above) > 3_500


def test_words_that_are_in_a_box_to_be_edited_do_not_stand_above_it_as_well() -> None:
    form = replace(FORM, entries=(replace(WORDS, value="Open Settings."),), intro="Read it twice.")
    form = replace(form, quotes=(Quote(author="Ana", text="Open Settings."), Quote(author="Bo", text="Why?")))
    assert texts(made(form)["components"]) == ["Read it twice.\n**Bo:**\n> Why?"]
    long = replace(form, quotes=(Quote(author="Ana", text="Open it. " * 500),))
    above = texts(made(long, values={"words": "Open it. " * 500})["components"])[0]
    assert "It is kept" in above
    assert "> Open it. Open it." in above


def test_files_are_asked_for_where_there_is_room() -> None:
    part = labels(made(FORM, uploads=True))["files"]["component"]
    assert (part["type"], part["required"], part["max_values"]) == (19, False, 5)
    crowded = tuple(replace(WORDS, name=f"n{number}") for number in range(5))
    assert "files" not in labels(made(replace(FORM, entries=crowded), uploads=True))


def test_anybody_of_the_server_can_be_chosen() -> None:
    person = Entry(name="person", label="Who?", input=Input.PERSON, required=True)
    shown = labels(made(replace(FORM, entries=(person,)), members=True))["person"]
    assert shown["component"]["type"] == 5
    assert "description" not in shown, "there is nothing to be typed"
    again = labels(made(replace(FORM, entries=(person,)), members=True, values={"person": "<@99>"}))["person"]
    assert again["component"]["default_values"] == [{"id": "99", "type": "user"}]
    submitted = [{"type": 18, "id": 1, "component": {"type": 5, "id": 2, "custom_id": "person", "values": ["99"]}}]
    assert entered(submitted) == {"person": "<@99>"}
    assert named(entered(submitted)) == ("99",)
    assert named({"words": "Ask <@99>", "person": ""}) == ()
    assert labels(made(replace(FORM, entries=(person,))))["person"]["component"]["type"] == 4, "typed in private"
