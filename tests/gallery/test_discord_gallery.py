"""Every card and modal as an expert reads it in Discord on a phone; each group is one file under `discord/`.

`GUILDHALL_GALLERY=write` writes the files anew. Read the difference as such a person before you commit it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.messages import file_message, message, messages, title_of
from adapters.discord.modals import modal
from adapters.discord.spoken import spoken
from bot.card import Card, Choice, Entry, Form, Input, Quote, Tone
from bot.lifecycle import Who
from bot.model import CategoryName
from bot.policy import HOUR_MS, Policy
from bot.wording import aside, looks
from bot.wording.catalogue import tongue_with
from bot.wording.help import help_card
from tests.gallery import scenes as s
from tests.gallery.discord_phone import modal_screen, screen
from tests.gallery.test_gallery import GROUPS
from tests.gallery.test_slack_gallery import BALANCES, forms

HERE = Path(__file__).parent / "discord"
CARDS = [name for name in GROUPS if name not in ("pages", "homes")]  # pages are not in Discord, it has no homes
ACCOUNTS = {CategoryName("account"): s.ACCOUNT}


def cards(group: str) -> Iterator[str]:
    for name, card in GROUPS[group]():
        yield posted(name, card)


def posted(name: str, card: Card | None) -> str:
    if card is None:
        return f"--- {name}\n(nothing is shown)\n"
    card = spoken(card, "hall")
    if card.files:
        file = card.files[0]
        what = file_message(file, b"", file.name, card, post=1)
    else:
        what = message(card)
    return f"--- {name}\n{screen(list(what.components))}\n"


def looked_at() -> Iterator[str]:
    policy = Policy()
    older = replace(s.OPEN, id=s.number("Q8M2"), asked_at=s.NOW - 26 * HOUR_MS)
    yield posted("queue", looks.queue((older, s.OPEN), ACCOUNTS, policy, more=True))
    yield posted(
        "desk",
        looks.desk(
            s.PEOPLE[s.ANA],
            claims=(s.CLAIMED, replace(s.WAITING, id=s.number("Q8M2"))),
            drafts=(s.CLAIMED,),
            categories=ACCOUNTS,
            balances=BALANCES,
            now=s.NOW,
        ),
    )
    yield posted("help for an expert", help_card(Who.EXPERT | Who.CLAIMER | Who.AUTHOR | Who.SELF))
    yield posted("help with one verb", help_card(Who.STAFF, "close"))
    yield posted("inbox", looks.inbox((s.HELD, s.WITH_STAFF), (s.SOLVED,), ACCOUNTS, troubled=2, more=False))
    yield posted("categories", looks.category_list((s.ACCOUNT, replace(s.PRIVATE, open_to_experts=False)), policy))


def long_ones() -> Iterator[str]:
    text = "".join(f"Step {number}: open the page, press Next and wait. " for number in range(1, 120))
    card = Card(
        title="Q7K3 · Billing · English",
        tone=Tone.FRESH,
        quotes=(Quote(author="Customer", text=text), Quote(author="Customer, later", text="Still not.")),
    )
    yield posted("one message and a file", card)
    for number, each in enumerate(messages(card), start=1):
        yield f"--- for one person alone, message {number}\n{screen(list(each.components))}\n"


def asides() -> Iterator[str]:
    """What the adapter says by itself, where nothing was done and there is nothing to decide."""
    for key in tongue_with("asides").sentences:
        sheet, _, name = key.partition(".")
        if sheet == "aside" and name != "in-menu":  # which is part of other sentences
            yield posted(name, aside(name, number="Q7K3"))


def titles() -> Iterator[str]:
    for group in ("channel", "staff"):
        for name, card in GROUPS[group]():
            if card is not None:
                yield f"{name}: {title_of(card)}"


def modals() -> Iterator[str]:
    for name, each in forms():
        yield dialog(name, each, uploads=name in ("answer", "ask"))
    answer = dict(forms())["answer"]
    yield dialog("answer, longer than a box", answer, values={"words": "First open Settings. " * 250})
    enrol = dict(forms())["enrol"]
    anybody = tuple(replace(each, choices=()) if each.input is Input.PERSON else each for each in enrol.entries)
    yield dialog("enrol, anybody of the server", replace(enrol, entries=anybody), members=True)
    people = tuple(Choice(label=f"Expert {number}", value=f"@expert-{number}") for number in range(40))
    many = Entry(name="expert", label="To whom?", input=Input.PERSON, choices=people, hint="A name, such as @bo.")
    yield dialog(
        "assign, to one of many", Form(title="Assign Q7K3", sentence="assign Q7K3", entries=(many,), submit="")
    )


def dialog(name: str, form: Form, **options: Any) -> str:
    return f"--- {name}\n{modal_screen(modal(form, opening='1', **options))}\n"


GALLERY: dict[str, Callable[[], Iterator[str]]] = {
    **{name: lambda name=name: cards(name) for name in CARDS},  # type: ignore[misc]
    "looks": looked_at,
    "asides": asides,
    "modals": modals,
    "long": long_ones,
    "titles": titles,
}


@pytest.mark.parametrize("group", GALLERY)
def test_people_read_in_discord_what_the_gallery_shows(group: str) -> None:
    text = "\n".join(GALLERY[group]()).rstrip("\n") + "\n"
    file = HERE / f"{group}.txt"
    if os.environ.get("GUILDHALL_GALLERY") == "write":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
