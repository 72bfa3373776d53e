"""Cards arrive in Discord whole, inert and within its limits, and people read in them what the card says."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.discord.messages import MESSAGES, file_message, message, messages, post_of, title_of
from bot.card import Attached, Button, Card, Field, Moment, Quote, Tone, Weight, moment_sign
from bot.model import FileId
from bot.wording import plain_card
from bot.wording.fitting import shown
from tests.adapters.discord.markdown import acting, seen, spans
from tests.adapters.discord.samples import ABUSE, buttons, files_named, refused, said_alone, texts, words_of
from tests.adapters.slack.samples import gallery_cards, generated_cards
from tests.fakes.discord.components import stored
from tests.gallery.discord_phone import screen

AT = 1_795_615_620_000
GALLERY = dict(gallery_cards())
TITLE = "Q7K3 · Billing · English"
CARD = Card(
    title=TITLE,
    tone=Tone.FRESH,
    quotes=(Quote(author="Customer", text="Why was I billed twice?"),),
    buttons=(Button(label="Answer", sentence="answer Q7K3", weight=Weight.MAIN),),
)
HARMLESS = {"bold", "quote", "small", "code", "time", "link"}


def quoted(parts: Any) -> str:
    return "".join(each.text for text in texts(parts) for each in spans(text) if "quote" in each.kinds)


@pytest.mark.parametrize("name", GALLERY)
def test_people_read_in_discord_what_the_card_says(name: str) -> None:
    card = replace(GALLERY[name], files=())  # a plain card names them otherwise
    assert words_of(message(card).components) == said_alone(plain_card(replace(card, moments=())))


@pytest.mark.parametrize("name", GALLERY)
def test_discord_takes_every_card(name: str) -> None:
    what = message(GALLERY[name])
    assert refused(what) == []
    assert what.files == ()
    assert messages(GALLERY[name]) == (what,)


def test_discord_takes_whatever_people_write(proofs: bool) -> None:
    for number, card in enumerate(generated_cards(2_000 if proofs else 150), start=1):
        parts = messages(card)
        for what in (message(card, post=number), *parts) if len(parts) > 1 else parts:
            assert refused(what) == []
            acts = {kind for text in texts(what.components) for each in acting(text) for kind in each.kinds}
            assert acts <= HARMLESS
            assert [f"attachment://{name}" for name, _ in what.files] == list(files_named(what.components))
        assert len(parts) <= MESSAGES
        assert not any(buttons(part.components) for part in parts[:-1])
        said = [each["custom_id"].split("|")[1] for each in buttons(parts[-1].components)]
        assert said == [each.sentence for each in card.buttons]


@pytest.mark.parametrize("abuse", [each for each in ABUSE if each.strip("\n \u3164\u115f\u2800")])
def test_words_of_people_are_shown_as_written_and_do_nothing(abuse: str) -> None:
    what = message(replace(CARD, quotes=(Quote(author=abuse[:100], text=abuse),), buttons=()))
    assert refused(what) == []
    if not what.files:
        assert quoted(what.components).split() == shown(abuse).split()
    acts = {kind for text in texts(what.components) for each in acting(text) for kind in each.kinds}
    assert acts <= {"bold", "quote", "code", "small"}


def test_checked_links_reach_the_customer_as_links() -> None:
    card = replace(CARD, quotes=(Quote(author="", text="See https://acme.example/a."),))
    assert "> See `https://acme.example/a`." in texts(message(card).components)
    assert "> See https://acme.example/a." in texts(message(card, links=True).components)


def test_a_tone_is_a_sign_and_never_a_colour_alone() -> None:
    drawn = {tone: message(replace(CARD, tone=tone)).components[0] for tone in Tone}
    heads = {tone: drawn[tone]["components"][0]["content"] for tone in Tone}
    coloured = [tone for tone in Tone if "accent_color" in drawn[tone] and tone is not Tone.DONE]
    assert len({heads[tone] for tone in coloured} | {heads[Tone.CALM]}) == len(coloured) + 1
    ticked = message(replace(CARD, body="✓ Delivered.", tone=Tone.GOOD))
    assert texts(ticked.components)[0] == "**Q7K3** · Billing · English\n✓ Delivered."


def test_a_finished_card_is_one_small_line() -> None:
    what = message(Card(title="Q7K3 · solved by Ana · $1.40", tone=Tone.DONE, compact=True))
    assert what.components == ({"type": 10, "content": "-# **Q7K3** · solved by Ana · $1.40"},)


def test_a_line_of_the_conversation_has_no_frame_and_a_card_has_one() -> None:
    line = Card(title="Ana to the customer", quotes=(Quote(author="", text="Do you have the old phone?"),))
    assert [each["type"] for each in message(line).components] == [10, 10]
    assert [each["type"] for each in message(replace(CARD, tone=Tone.CALM)).components] == [17]
    assert [each["type"] for each in message(replace(line, tone=Tone.ALERT)).components] == [17]


def test_a_pointer_has_its_button_below_and_no_frame() -> None:
    what = message(replace(CARD, title="Q7K3 is open to everyone", quotes=(), compact=True))
    assert [each["type"] for each in what.components] == [10, 1]


def test_the_last_of_several_lines_below_is_small_print() -> None:
    shown_below = texts(message(replace(CARD, footnote="Did this solve it?\nAna is no employee.")).components)[-1]
    assert shown_below == "Did this solve it?\n-# Ana is no employee."


def test_a_value_of_many_lines_stands_below_its_label() -> None:
    fields = (Field(label="Answering", value="claim\nanswer"), Field(label="a", value="1"))
    assert texts(message(Card(title="Help", fields=fields)).components) == [
        "**Help**",
        "**Answering:**\nclaim\nanswer\n**a:** 1",
    ]


def test_a_card_with_nothing_to_see_is_a_message_all_the_same() -> None:
    for compact in (True, False):
        assert refused(message(Card(title="\u200b", compact=compact))) == []


# --- what goes with the message


def test_nobody_is_rung_and_an_edit_takes_old_files_away() -> None:
    what = message(CARD)
    assert what.body()["allowed_mentions"] == what.body(edit=True)["allowed_mentions"] == {"parse": []}
    assert "attachments" not in what.body()
    assert what.body(edit=True)["attachments"] == []


@pytest.mark.parametrize("card", [CARD, replace(CARD, compact=True, quotes=()), Card(title="x" * 5_000)])
def test_a_message_is_known_again_by_its_post(card: Card) -> None:
    what = message(card, post=4_711)
    assert refused(what) == []
    assert post_of({"components": stored(list(what.components))}) == 4_711
    assert post_of({"components": stored(list(message(card).components))}) is None


@pytest.mark.parametrize(
    "given", [{}, {"components": []}, {"components": [{"type": 1, "id": 1}]}, {"components": None}]
)
def test_a_message_of_somebody_else_is_no_post(given: dict[str, Any]) -> None:
    assert post_of(given) is None


def test_a_picture_is_seen_and_another_file_can_be_opened() -> None:
    caption = Card(title="Ana added a picture")
    picture = Attached(id=FileId("1"), name="<@1> menü.png", media_type="image/png", size_bytes=9)
    seen_at_once = file_message(picture, b"png", "k7 menü.png", caption, post=5)
    assert refused(seen_at_once) == []
    assert seen_at_once.files == (("k7_men_.png", b"png"),)
    assert list(files_named(seen_at_once.components)) == ["attachment://k7_men_.png"]
    assert "(picture: <@1> menü.png)" in screen(list(seen_at_once.components))
    assert post_of({"components": list(seen_at_once.components)}) == 5
    guide = replace(picture, name="guide.pdf", media_type="application/pdf")
    opened = file_message(guide, b"pdf", "guide.pdf", caption, post=5)
    assert refused(opened) == []
    assert "(file: guide.pdf)" in screen(list(opened.components))
    assert "Ana added a picture" in screen(list(opened.components))


def test_a_file_with_any_caption_is_taken() -> None:
    file = Attached(id=FileId("1"), name="a.png", media_type="image/png", size_bytes=9)
    for card in generated_cards(60, seed=3):
        assert refused(file_message(file, b"", "../..", card, post=1)) == []


def test_names_of_files_are_words_of_people() -> None:
    file = Attached(id=FileId("1"), name="@everyone\n**x**.png", media_type="image/png", size_bytes=1_234_567)
    what = message(replace(CARD, files=(file,)))
    assert "📎 @everyone **x**.png, 1.2 MB" in [seen(each) for each in texts(what.components)]
    assert all(each.kinds != ("mention",) for text in texts(what.components) for each in acting(text))


def test_a_title_names_a_post_in_one_plain_line() -> None:
    card = Card(title=f"Q7K3 · *Billing*\n until {moment_sign(0)} " + "x" * 200, moments=(Moment(at=AT),))
    assert title_of(card).startswith("Q7K3 · *Billing* until 14:07 UTC x")
    assert len(title_of(card)) == 100
    assert title_of(Card(title=" ")) == "…"


# --- what does not fit


def test_a_long_answer_comes_whole_in_several_messages() -> None:
    text = "".join(f"Step {number}: press the button and wait.\n" for number in range(300))
    parts = messages(replace(CARD, quotes=(Quote(author="Ana", text=text),)))
    assert len(parts) == 4
    assert all(refused(part) == [] and not part.files for part in parts)
    assert "\n".join(quoted(part.components) for part in parts).split() == text.split()
    assert [bool(buttons(part.components)) for part in parts] == [False, False, False, True]
    assert "· Q7K3 (2 of 4)" in screen(list(parts[1].components))


def test_what_is_longer_than_five_messages_comes_as_a_file_as_well() -> None:
    text = "Nothing works. " * 3_000
    parts = messages(replace(CARD, quotes=(Quote(author="Customer", text=text),)))
    assert len(parts) <= MESSAGES
    assert all(refused(part) == [] for part in parts)
    (name, content), *others = parts[-1].files
    assert (name, others) == ("Q7K3.txt", [])
    assert text in content.decode()
    assert sum(len(quoted(part.components)) for part in parts) > 15_000


def test_one_message_says_that_it_was_cut_and_a_file_has_every_word() -> None:
    text = "Nothing works. " * 2_000
    card = replace(CARD, quotes=(Quote(author="Customer", text=text), Quote(author="Customer, later", text="Still.")))
    what = message(card, post=3)
    assert refused(what) == []
    assert "…" in quoted(what.components)
    assert quoted(what.components).endswith("Still.")
    assert len(quoted(what.components)) > 3_500
    assert "the file has every word" in words_of(what.components)
    assert [each["label"] for each in buttons(what.components)] == ["Answer"]
    assert list(files_named(what.components)) == ["attachment://Q7K3.txt"]
    assert text in what.files[0][1].decode()
    assert what.body()["attachments"] == [{"id": "0", "filename": "Q7K3.txt"}]


def test_the_newest_of_very_many_quotes_stay() -> None:
    many = tuple(Quote(author=f"Customer {number}", text=f"Word {number}. " * 40) for number in range(200))
    shown_quotes = quoted(message(replace(CARD, quotes=many)).components)
    assert shown_quotes.startswith("Word 0.")
    assert "Word 199." in shown_quotes


def test_moments_in_the_whole_text_name_their_zone() -> None:
    long = Quote(author="", text="x" * 5_000)
    card = replace(CARD, body=f"Until {moment_sign(0)}.", quotes=(long,), moments=(Moment(at=AT),))
    assert "Until 14:07 UTC." in message(card).files[0][1].decode()
