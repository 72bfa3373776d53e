"""The files of a private page: what is shown under each text, who may see it, and what may be said about that."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.web.uploads import size_text
from bot.decide.files import copy_for
from bot.model import Attachment, Copy, Message, StoredFile
from bot.ports import Facts
from bot.wording import Eyes
from bot.wording.catalogue import tongue
from bot.wording.files import choice_buttons, choice_said
from bot.wording.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str
    main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """One file under a text; `said` and `choices` are about the customer's own."""

    number: int
    name: str
    size: str
    picture: bool
    said: str
    choices: Sequence[Choice]


def enclosures(message: Message, facts: Facts) -> list[Enclosure]:
    """In the order in which they came, as far as the customer has them."""
    assert facts.question is not None, "a private page is about a question"
    found = ((each, stored_for_customer(each, facts)) for each in facts.question.files)
    return [_shown(each, stored, facts) for each, stored in found if stored and each.message == message.number]


def stored_for_customer(file: Attachment, facts: Facts) -> StoredFile | None:
    """The file, if the customer may have it: their own, and what went out to them."""
    question = facts.question
    customer = facts.people.get(question.customer) if question is not None else None
    if question is None or customer is None or copy_for(file, question, customer, facts.category) is None:
        return None
    return next((each for each in facts.files if each.number == file.number and each.copy is Copy.PLAIN), None)


def _shown(file: Attachment, stored: StoredFile, facts: Facts) -> Enclosure:
    assert facts.question is not None
    theirs = file.author == facts.question.customer
    w = Writer(facts, Eyes.CUSTOMER, tongue([facts.question.language]))
    buttons = choice_buttons(w, file) if theirs else ()
    return Enclosure(
        number=file.number,
        name=stored.name,
        size=size_text(stored.size_bytes),
        picture=file.picture,
        said=choice_said(w, file) if theirs else "",
        choices=[
            Choice(value=each.sentence.rsplit(" ", 1)[1], label=each.label, main=each.weight == "main")
            for each in buttons
        ],
    )
