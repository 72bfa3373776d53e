"""Every command of Discord as its client lists it while somebody types, and what is offered while they do.

`GUILDHALL_GALLERY=write` writes the file anew. Read the difference as an expert on a phone would before you commit it.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from adapters.discord.calling import Json
from adapters.discord.commands import definitions
from adapters.discord.settings import DiscordSettings
from bot.card import Choice
from bot.grammar import hats
from bot.model import Expert, Rank
from bot.policy import Policy
from bot.wording import suggestions
from tests.gallery import scenes as s

FILE = Path(__file__).parent / "discord" / "commands.txt"


def commands() -> Iterator[str]:
    for each in definitions(DiscordSettings(token="a.token")):
        if each["type"] == 1:
            yield from shown(f"/{each['name']}", each)
        else:
            yield f"on a message: {each['name']}"


def shown(path: str, command: Json) -> Iterator[str]:
    """A command with what can be filled in; a group, and then each that stands in it."""
    options = command.get("options", [])
    if any(each["type"] in (1, 2) for each in options):
        yield f"{path}    {command['description']}"
        for each in options:
            yield from shown(f"{path} {each['name']}", each)
        return
    yield f"{path}    {command['description']}"
    yield from (filled_in(each) for each in options)


def filled_in(option: Json) -> str:
    line = f"    {option['name']}: {option['description']}"
    if option["type"] == 11:
        return f"{line} (a file)"
    choices = [f"        {each['name']}" for each in option.get("choices", [])]
    return "\n".join([f"{line} (suggested)" if option.get("autocomplete") else line, *choices])


def offers() -> Iterator[str]:
    ana, dia = s.PEOPLE[s.ANA], s.PEOPLE[s.DIA]
    yield "number, for an expert:"
    yield from labels(suggestions.question_choice(s.facts(each), ana) for each in (s.CLAIMED,))
    yield "number, of a private category, for an expert and for staff:"
    private = replace(s.facts(s.OPEN), category=s.PRIVATE)
    yield from labels(suggestions.question_choice(private, each) for each in (replace(ana, id=s.BO), dia))
    yield "person:"
    categories = {s.ACCOUNT.name: s.ACCOUNT}
    master = replace(ana, expert=Expert(rank=Rank.MASTER, categories=(s.ACCOUNT.name,)))
    yield from labels(suggestions.person_choice(each, categories) for each in (ana, master, dia))
    yield "category:"
    yield from labels([suggestions.category_choice(s.ACCOUNT)])
    yield "setting:"
    yield from labels(suggestions.setting_choices())
    yield "verb, for an expert:"
    yield from labels(choice for _, choice in suggestions.verb_choices(hats(ana), Policy()))


def labels(choices: Iterable[Choice]) -> Iterator[str]:
    yield from (f"    {each.label}" for each in choices)


def test_people_read_in_discord_what_the_gallery_shows() -> None:
    text = "\n".join([*commands(), "", "--- while somebody types", *offers(), ""])
    if os.environ.get("GUILDHALL_GALLERY") == "write":
        FILE.write_text(text, encoding="utf-8")
    assert text == FILE.read_text(encoding="utf-8")
