"""How the command line speaks: results on standard output, progress and trouble on standard error, no tracebacks."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import typer
import typer.core
from rapidfuzz import fuzz, process
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.config import BadConfig
from bot.ports import StorageTrouble

_LIKE_ENOUGH: Final = 60  # percent of letters


class Mistake(Exception):
    """Something a person asked for that cannot be done; the message says why and what to do next."""


def meant(said: str, names: Iterable[str]) -> str:
    """How a sentence ends that could not find `said`: with what was perhaps meant, or with all there is."""
    there = sorted(set(names))
    like = process.extractOne(said, there, scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
    if like:
        return f": did you mean {like[0]}?"
    return f". There are: {', '.join(there)}." if there else ". There are none yet."


def many(count: int, one: str) -> str:
    """`1 question`, `2 questions`."""
    return (
        f"{count} {one}"
        if count == 1
        else f"{count} {one.removesuffix('y')}ies"
        if one.endswith("ty")
        else f"{count} {one}s"
    )


def say(text: str = "", style: str = "") -> None:
    """A line of the result. Texts of people are shown as they are: square brackets and :signs: mean nothing."""
    Console(highlight=False, soft_wrap=True, emoji=False).print(text, style=style, markup=False)


def warn(text: str) -> None:
    """A line about what is wrong or needs attention."""
    Console(stderr=True, highlight=False, soft_wrap=True, emoji=False).print(text, style="yellow", markup=False)


def fail(text: str) -> NoReturn:
    """Says what is wrong and ends with exit code 1."""
    Console(stderr=True, highlight=False, soft_wrap=True, emoji=False).print(text, style="red", markup=False)
    raise typer.Exit(1)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
    """Rows under headings, or the sentence `empty`. Numbers' columns are marked with a leading > in the heading."""
    if not rows:
        say(empty)
        return
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        drawn.add_column(
            heading.removeprefix(">"), justify="right" if heading.startswith(">") else "left", overflow="fold"
        )
    for row in rows:
        drawn.add_row(*(escape(cell) for cell in row))
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = 200  # a pipe has no width; a program that reads it wants one row on one line
    console.print(drawn)


@contextmanager
def progress(doing: str, total: int | None) -> Iterator["Steps"]:
    """A bar on a terminal; silent elsewhere, where only the end result matters."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Steps(bar, doing, total)


class Steps:
    """One progress bar."""

    def __init__(self, bar: Progress, doing: str, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task(doing, total=total)

    def advance(self, steps: int = 1) -> None:
        self._bar.advance(self._task, steps)

    def reach(self, done: int, total: int | None = None) -> None:
        """So far it is `done`; a `total` that was not known before can be told with it."""
        if total is None:
            self._bar.update(self._task, completed=done)
        else:
            self._bar.update(self._task, completed=done, total=total)


class PlainSpeaking(typer.core.TyperGroup):
    """Turns what people and machines do wrong into one sentence and exit code 1; `--config` may stand anywhere."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _config_first(args))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (Mistake, BadConfig, StorageTrouble) as trouble:
            fail(str(trouble))
        except UnicodeEncodeError:
            fail(
                "What was typed is not text in UTF-8, and nothing was done. Type it again, or set LANG to a UTF-8 one."
            )
        except BrokenPipeError:
            sys.stderr.close()  # whoever read the output has gone: nobody is left to tell
            raise typer.Exit(0) from None
        except OSError as trouble:
            where = f" ({trouble.filename})" if trouble.filename else ""
            fail(f"{trouble.strerror or trouble}{where}. Nothing more was done.")


def _config_first(args: list[str]) -> list[str]:
    """`run --config x` means the same as `--config x run`."""
    own, rest = [], []
    words = iter(args)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--config":
            own += [word, *([value] if (value := next(words, None)) is not None else [])]
        elif word.startswith("--config="):
            own.append(word)
        else:
            rest.append(word)
    return own + rest
