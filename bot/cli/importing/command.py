"""`guildhall import`: questions and past answers from JSON lines or CSV."""

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.house import House, inside
from bot.cli.importing.bringing import As, Import, Tally
from bot.cli.importing.mapping import BadMap, columns_of, field_map
from bot.cli.importing.rows import Format, Refused, format_of, read_rows
from bot.cli.talking import Mistake, meant, progress, say, warn

_ROWS_LOOKED_AT = 50  # to learn the columns: not every row of JSON has every key
_REFUSED_SHOWN = 5


def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON lines or CSV.")],
    kind: Annotated[As, typer.Option("--as", help="questions opens them; history keeps them solved, without money.")],
    mapping: Annotated[
        str, typer.Option("--map", help="Which column is what, for example question=title+body,answer=reply.")
    ] = "",
    category: Annotated[str, typer.Option(help="Put every row into this category.")] = "",
    create: Annotated[
        bool, typer.Option("--create-categories", help="Make categories that are not there yet.")
    ] = False,
    format: Annotated[Format | None, typer.Option(help="By the file's ending when left out.")] = None,
    source: Annotated[str, typer.Option(help="Name of the collection; the file's name when left out.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Only the first so many rows; 0 means all.")] = 0,
    report: Annotated[
        Path | None, typer.Option(help="Where to write refused rows; beside the file when left out.")
    ] = None,
) -> None:
    """Bring in questions from a file. The same file again adds nothing."""
    if not file.is_file():
        raise Mistake(f"There is no file {file}.")
    format = format or format_of(file)
    looked_at = list(islice(read_rows(file, format), _ROWS_LOOKED_AT))
    match looked_at:
        case [Refused(line=1, why=why, do=do)] if format is Format.CSV:  # nothing can be read below such headings
            raise Mistake(f"{file.name}, line 1: {why}. What to do: {do}.")
    try:
        fields = field_map(columns_of(looked_at), mapping)
    except BadMap as bad:
        raise Mistake(str(bad)) from None
    say(f"Reading {file.name} as {format}: {fields}")

    async def doing(house: House) -> Tally:
        chosen = next((each for each in await house.views.categories() if category in (each.name, each.title)), None)
        if category and chosen is None:
            there = [each.name for each in await house.views.categories()]
            raise Mistake(f"There is no category {category!r}{meant(category, there)}")
        job = Import(house, kind, source or file.stem, category=chosen, create=create)
        rows = islice(read_rows(file, format), limit or None)
        with progress("Importing", file.stat().st_size) as steps:
            await job.bring(rows, fields, steps.reach)
        return job.tally

    _report(inside(ctx, doing), report or file.with_name(f"{file.name}.refused.jsonl"))


def _report(tally: Tally, path: Path) -> None:
    there = f", {tally.known} were there already" if tally.known else ""
    say(f"{tally.brought} brought in{there}, {len(tally.refused)} refused.")
    if not tally.refused:
        return
    refused = sorted(tally.refused, key=lambda each: each.line)
    for each in refused[:_REFUSED_SHOWN]:
        warn(f"  line {each.line}: {each.why}; {each.do}")
    say(f"Every refused row, with what to do about it, is in {_written(refused, path)}.")
    if not tally.brought and not tally.known:
        raise typer.Exit(1)


def _written(refused: Sequence[Refused], path: Path) -> Path:
    """Where the report is: here, when the file's own folder may not be written to."""
    lines = [{"line": each.line, "why": each.why, "do": each.do} for each in refused]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    try:
        path.write_text(text, encoding="utf-8")
    except PermissionError:
        path = Path(path.name)
        path.write_text(text, encoding="utf-8")
    return path
