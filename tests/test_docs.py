"""The documents say what the code does: verbs, diagrams, diffs, commands, links and pictures.

Settings and their defaults are held by tests/cli/test_docs.py.

`GUILDHALL_DOCS=write` prints the diagrams of docs/design.md anew.
"""

import html
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from bot.cli.program import program
from bot.grammar import VERBS, Misread, Verb, read
from bot.lifecycle import Who, diagram, moves_table
from bot.policy import Policy
from bot.wording.help import help_card

ROOT = Path(__file__).resolve().parent.parent
DESIGN = ROOT / "docs/design.md"
RUNNING = ROOT / "docs/running.md"
DECISIONS = ROOT / "docs/decisions"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
PRINTED = {
    "lifecycle-diagram": lambda: f"```mermaid\n{diagram()}\n```",
    "lifecycle-table": moves_table,
}


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# Printed from the code


def with_printed(page: str) -> str:
    """The page with each marked part as the code prints it."""
    for name, printed in PRINTED.items():
        marked = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
        found = marked.search(page)
        assert found, f"docs/design.md has no place for {name}"
        page = page[: found.start()] + f"{found[1]}{printed()}\n{found[2]}" + page[found.end() :]
    return page


def test_the_diagrams_are_those_of_the_code() -> None:
    page = DESIGN.read_text(encoding="utf-8")
    if os.environ.get("GUILDHALL_DOCS") == "write":
        DESIGN.write_text(with_printed(page), encoding="utf-8")
        page = DESIGN.read_text(encoding="utf-8")
    assert page == with_printed(page), "print them anew: GUILDHALL_DOCS=write make test ARGS=tests/test_docs.py"


# Verbs


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.word)
def test_every_verb_is_in_the_help_of_somebody_who_can_say_it(verb: Verb) -> None:
    listed = "\n".join(field.value for field in help_card(verb.who).fields).replace("-", " ")
    assert re.search(rf"(?m)^{verb.word.replace('-', ' ')}\b", listed)
    assert help_card(Who.NOBODY, verb.word).title.startswith(f"{verb.word}: ")


def test_sentences_that_the_documents_quote_are_understood() -> None:
    for page in PAGES:
        for sentence in re.findall(r"`([a-z][a-z -]* Q[0-9A-Z]{3,}[^`]*)`", text(page)):
            assert not isinstance(read(sentence), Misread), f"{page.name}: {sentence}"


# Numbers


def test_every_number_of_the_policy_is_read_by_something() -> None:
    """A number that nothing reads is a promise in docs/running.md that nobody keeps."""
    places = [
        path for top in ("bot", "adapters") for path in (ROOT / top).rglob("*.*") if path.suffix in (".py", ".txt")
    ]
    read_somewhere = "\n".join(text(path) for path in places if path.name not in ("policy.py", "tables.py"))
    unread = {each.name for each in fields(Policy) if not re.search(rf"\b{each.name}\b", read_somewhere)}
    assert unread == set()


# Commands


def commands() -> Mapping[str, frozenset[str]]:
    """The subcommands of `guildhall` and, for each, its own."""
    group = typer.main.get_command(program)
    assert isinstance(group, TyperGroup)
    return {
        name: frozenset(each.commands) if isinstance(each, TyperGroup) else frozenset()
        for name, each in group.commands.items()
    }


def targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z]+):", text(ROOT / "Makefile")))


def code_of(page: str) -> Iterator[str]:
    """What stands in backticks or indented or fenced blocks: what somebody may copy."""
    yield from re.findall(r"`([^`\n]+)`", page)
    yield from re.findall(r"(?m)^ {4,}(\S.*)$", page)
    for block in re.findall(r"```\w*\n(.*?)```", page, re.DOTALL):
        yield from block.splitlines()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_somebody_may_copy_exist(page: Path) -> None:
    known = commands()
    for line in code_of(text(page)):
        for target in re.findall(r"(?:^|[\s;&])make ([a-z]+)\b", line):
            assert target in targets(), f"{page.name}: make {target}"
        for name, own in re.findall(r"(?:^|[\s;&])guildhall ([a-z-]+)(?: ([a-z]+))?", line):
            assert name in known, f"{page.name}: guildhall {name}"
            assert not own or not known[name] or own in known[name], f"{page.name}: guildhall {name} {own}"


def test_files_that_the_documents_name_exist() -> None:
    """A path in backticks is one of ours, unless it is what somebody makes by following the text."""
    tops = "|".join(("bot", "adapters", "storage", "tests", "bench", "docs"))
    for page in PAGES:
        for path in re.findall(rf"`((?:{tops})/[\w./-]*)`", text(page)):
            assert (ROOT / path).exists(), f"{page.name} names {path}"


def test_the_verb_that_contributors_copy_is_still_written_that_way() -> None:
    """Every line that the diffs of CONTRIBUTING.md add is in the file they name."""
    added: dict[str, list[str]] = {}
    for block in re.findall(r"```diff\n(.*?)```", text(ROOT / "CONTRIBUTING.md"), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("+++ b/"):
                file = line.removeprefix("+++ b/")
            elif line.startswith(("+", " ")):
                added.setdefault(file, []).append(line[1:])
    assert len(added) > 10
    for file, lines in added.items():
        missing = [line for line in lines if line not in text(ROOT / file).splitlines()]
        assert missing == [], f"CONTRIBUTING.md shows lines that {file} no longer has"


# Links and pictures


def links_of(page: Path) -> Iterator[tuple[Path, str]]:
    """File and heading of each link to another place in the project."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)) + re.findall(r'src="([^"]+)"', text(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, heading = target.partition("#")
        yield (page.parent / name if name else page).resolve(), heading


def headings(page: Path) -> set[str]:
    """As links name them: small letters, hyphens for spaces, no signs."""
    found = re.findall(r"(?m)^#+ (.+)$", text(page))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    missing = [str(target.relative_to(ROOT)) for target, _ in links_of(page) if not target.exists()]
    assert missing == [], f"{page.name} links to them"
    for target, heading in links_of(page):
        if heading:
            assert heading in headings(target), f"{page.name} links to #{heading} of {target.name}"


def test_pictures_are_shown_to_somebody() -> None:
    shown = {target for page in PAGES for target, _ in links_of(page)}
    kept = {path.resolve() for path in (ROOT / "docs/pictures").iterdir()}
    assert kept - shown == set()


DRAWN = sorted((ROOT / "docs/pictures").glob("discord-*.svg"))
EDGES = re.compile(r"(?m)^│? ?(?:[┃·▏] )?")  # of the gallery's frames, quotes and small print


@pytest.mark.parametrize("picture", DRAWN, ids=lambda path: path.name)
def test_drawn_pictures_say_what_people_are_shown(picture: Path) -> None:
    """Each line that a picture marks as ours is read in the gallery in the same words."""
    gallery = "\n".join(text(path) for path in (ROOT / "tests/gallery/discord").glob("*.txt"))
    shown = " ".join(re.sub(r"\[\[|\]\]|\*", "", EDGES.sub("", gallery)).split())
    said = re.findall(r"<text[^>]* data-said=\"\"[^>]*>([^<]+)</text>", text(picture))
    assert said
    assert [each for each in map(html.unescape, said) if each not in shown] == []


def test_decisions_are_numbered_and_listed_nowhere_twice() -> None:
    names = sorted(path.name for path in DECISIONS.glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        number, title = int(name[:4]), text(DECISIONS / name).splitlines()[0]
        assert title.startswith(f"# {number:04}: "), f"{name} begins with another number"
