"""Money from the command line: the audit of the books, and the list of whom to pay."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.files import transfers_in
from bot.cli.house import House, database_path, inside
from bot.cli.talking import fail, many, say, table, warn
from bot.market.audit import Finding, audit
from bot.market.statement import payable_csv
from bot.model import money_text


def check_books(ctx: typer.Context) -> None:
    """Prove that no money was made, lost or paid twice."""
    findings, transfers, units = inside(ctx, audited, looking=True)
    for finding in findings:
        warn(f"{finding.check}: {finding.sentence}")
    if findings:
        fail(f"{many(len(findings), 'finding')} in {many(transfers, 'transfer')}. Keep the database as it is.")
    say(clean_text(transfers, units))


def clean_text(transfers: int, units: int) -> str:
    return f"clean: {many(transfers, 'transfer')} in {many(units, 'unit')}, all sums zero"


async def audited(house: House) -> tuple[tuple[Finding, ...], int, int]:
    """What the audit found, how many transfers it went through, and in how many units."""
    rows = await house.store.views.audit_rows()
    findings = audit(rows.totals, rows.mismatches, rows.escrow_left, rows.negatives, rows.repeated)
    return findings, transfers_in(database_path(house.config)), len(rows.totals)


def list_payable(
    ctx: typer.Context,
    out: Annotated[Path | None, typer.Option(help="Write CSV to this file; without it a table is shown.")] = None,
) -> None:
    """Show or write who is owed what by now.

    Pending money is not in it.
    """

    async def doing(house: House) -> None:
        rows = [row for row in await house.views.payable() if row[2] > 0]
        if out is None:
            owed = [(person.name, money_text(amount, unit)) for person, unit, amount in rows]
            table(("name", ">payable"), owed, "Nobody is owed anything now.")
            return
        _write_new(out, payable_csv(rows))
        say(f"{many(len(rows), 'line')} in {out}.")

    inside(ctx, doing, looking=True)


def _write_new(path: Path, text: str) -> None:
    """Whole or not at all, and readable by nobody else: it says who earns what."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="") as file:
            file.write(text)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
