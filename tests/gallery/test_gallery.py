"""Every card, line and reply as text, the way it will be read; each group is one file beside this one.

`GUILDHALL_GALLERY=write` writes the files anew. Read the difference aloud before you commit it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.card import Card
from bot.wording import plain_card
from tests.gallery import answers, file_posts, homes, linking, offers, posts
from tests.gallery.scenes import NOW

HERE = Path(__file__).parent
GROUPS: dict[str, Callable[[], Iterator[tuple[str, Card | None]]]] = {
    "channel": posts.channel,
    "staff": posts.staff,
    "threads": posts.threads,
    "customers": posts.customers,
    "people": posts.people,
    "files": file_posts.files,
    "offers": offers.offers,
    "replies": answers.replies,
    "refusals": answers.refusals,
    "misreadings": answers.misreadings,
    "pages": answers.pages,
    "homes": homes.homes,
    "linking": linking.linking,
}


@pytest.mark.parametrize("group", GROUPS)
def test_people_read_what_the_gallery_shows(group: str) -> None:
    text = "\n".join(as_text(name, card) for name, card in GROUPS[group]())
    file = HERE / f"{group}.txt"
    if os.environ.get("GUILDHALL_GALLERY") == "write":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def as_text(name: str, card: Card | None) -> str:
    if card is None:
        return f"=== {name}\n(nothing is shown)\n"
    kind = f"{card.tone}, one line" if card.compact else card.tone
    says = "".join(
        f"    {button.label}: {button.sentence}{' ...' if button.carries else ''} ({button.weight})\n"
        for button in card.buttons
    )
    return f"=== {name} ({kind})\n{plain_card(card, now=NOW)}\n{says}"
