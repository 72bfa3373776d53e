"""Every card, modal and home view as an expert reads it in Slack on a phone; each group is one file under `slack/`.

`GUILDHALL_GALLERY=write` writes the files anew. Read the difference as such a person before you commit it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.slack.blocks import message
from adapters.slack.home import home
from adapters.slack.modals import told, view
from bot.card import Card, Form
from bot.grammar import VERBS, Incomplete, read
from bot.lifecycle import Who
from bot.model import POINTS, CategoryName, Unit
from bot.policy import HOUR_MS, Policy
from bot.wording import looks
from bot.wording.asking import ask_form
from bot.wording.forms import form
from bot.wording.help import help_card
from bot.wording.preview import reaches_customer
from tests.gallery import answers, homes, posts
from tests.gallery import scenes as s
from tests.gallery.phone import notification, screen, view_screen
from tests.gallery.test_gallery import GROUPS

HERE = Path(__file__).parent / "slack"
CARDS = [name for name in GROUPS if name not in ("pages", "homes")]  # pages are not in Slack, homes are views
ACCOUNTS = {CategoryName("account"): s.ACCOUNT}
USD = Unit("USD")
BALANCES = {("pending", USD): 140, ("payable", USD): 1_280, ("points", POINTS): 212}


def cards(group: str) -> Iterator[str]:
    for name, card in GROUPS[group]():
        yield posted(name, card)


def posted(name: str, card: Card | None) -> str:
    if card is None:
        return f"--- {name}\n(nothing is shown)\n"
    what = message(card)
    return f"--- {name}\nnotification: {notification(what.text)}\n\n{screen(list(what.blocks))}\n"


def looked_at() -> Iterator[str]:
    policy = Policy()
    older = replace(s.OPEN, id=s.number("Q8M2"), asked_at=s.NOW - 26 * HOUR_MS)
    yield posted("queue", looks.queue((older, s.OPEN), ACCOUNTS, policy, more=True))
    yield posted("queue, empty", looks.queue((), ACCOUNTS, policy, more=False))
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
    yield posted("inbox", looks.inbox((s.HELD, s.WITH_STAFF), (s.SOLVED,), ACCOUNTS, troubled=2, more=False))
    yield posted("categories", looks.category_list((s.ACCOUNT, replace(s.PRIVATE, open_to_experts=False)), policy))
    yield posted("help for an expert", help_card(Who.EXPERT | Who.CLAIMER | Who.AUTHOR | Who.SELF))
    yield posted("help with one verb", help_card(Who.STAFF, "close"))


def forms() -> Iterator[tuple[str, Form]]:
    facts = s.facts(s.answered(s.ARRIVED), draft="")
    for verb in VERBS:
        meaning = read(verb.word, question=s.OPEN.id)
        if isinstance(meaning, Incomplete):
            yield verb.word, form(meaning, facts, reader=s.PEOPLE[s.DIA])
    yield "ask", ask_form([s.ACCOUNT], "Acme", Policy())
    billing = replace(s.ACCOUNT, name=CategoryName("billing"), title="Billing")
    yield "ask, with a category", ask_form([s.ACCOUNT, billing], "Acme", Policy())


def modals() -> Iterator[str]:
    shown = dict(forms())
    for name, each in shown.items():
        yield dialog(name, view(each, meta="", previews=reaches_customer(name)))
    answer = shown["answer"]
    preview = next(card for name, card in posts.customers() if name == "answer")
    trouble = next(card for name, card in answers.refusals() if name == "objectionable")
    assert preview is not None
    assert trouble is not None
    words = {"words": "Write to bo@example.org."}
    yield dialog("answer, with a preview", view(answer, meta="", preview=preview, values=words, previews=True))
    yield dialog("answer, objected to", view(answer, meta="", trouble=trouble, values=words, previews=True))
    long = {"words": "First open Settings. " * 150}
    yield dialog("answer, longer than a box", view(answer, meta="", values=long, previews=True))
    for name, card in answers.refusals():
        if name in ("taken 2 s before", "wrong state, solved") and card is not None:
            yield dialog(f"told: {name}", told(card, text="Open Settings, then\nchoose Devices."))


def dialog(name: str, shown: dict[str, object]) -> str:
    return f"--- {name}\n{view_screen(shown)}\n"


def desks() -> Iterator[str]:
    for name, page in homes.pages():
        yield dialog(name, home(page))
    yield dialog("nothing at all", home(()))


GALLERY: dict[str, Callable[[], Iterator[str]]] = {
    **{name: lambda name=name: cards(name) for name in CARDS},  # type: ignore[misc]
    "looks": looked_at,
    "modals": modals,
    "homes": desks,
}


@pytest.mark.parametrize("group", GALLERY)
def test_people_read_in_slack_what_the_gallery_shows(group: str) -> None:
    text = "\n".join(GALLERY[group]())
    file = HERE / f"{group}.txt"
    if os.environ.get("GUILDHALL_GALLERY") == "write":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
