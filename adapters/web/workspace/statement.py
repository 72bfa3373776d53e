"""Every line of one's earnings, the newest first, a page at a time."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from nicegui import ui

from adapters.web.workspace.parts import Words, box, press_button
from adapters.web.workspace.sitting import Sitting
from bot.model import POINTS, money_text, spoken_number
from bot.ports import StatementLine
from bot.wording.looks import why_text

PAGE: Final = 25
_COLUMNS: Final = (("at", "When"), ("question", "Question"), ("why", "For"), ("pocket", "Pocket"), ("amount", "Amount"))
_POCKETS: Final = {"pending": "pending", "payable": "payable", "paid": "paid out", "points": "points"}


class StatementTable:
    """The person's own lines; the further pages follow the last line's key, so that none is missed or doubled."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._after: str | None = None
        self._newest = ""
        with box("section", "g-panel", aria_label="Statement"):
            Words("h2", "Every line")
            self._none = Words("p", "Nothing yet. The first solved question makes the first line.", "g-none")
            columns = [
                {"name": name, "label": label, "field": name, "align": "right" if name == "amount" else "left"}
                for name, label in _COLUMNS
            ]
            self._table = ui.table(rows=[], columns=columns, row_key="key").props("flat dense").classes("g-table")
            self._more = press_button("Show more", self._load_more, look="g-quiet")

    async def refresh(self) -> None:
        """Begins again at the newest line when there is a newer one. Raises SignedOut."""
        person = await self._sitting.person()
        page = await self._sitting.web.views.statement(person.id, limit=PAGE)
        newest = page.rows[0].key if page.rows else ""
        self._none.set_visibility(not page.rows)
        self._table.set_visibility(bool(page.rows))
        if newest != self._newest:
            self._newest, self._after = newest, page.after
            self._table.rows = [self._row(each) for each in page.rows]
        self._more.set_visibility(self._after is not None)

    async def _load_more(self) -> None:
        person = await self._sitting.person()
        page = await self._sitting.web.views.statement(person.id, after=self._after, limit=PAGE)
        self._after = page.after
        self._table.rows = [*self._table.rows, *(self._row(each) for each in page.rows)]
        self._more.set_visibility(self._after is not None)

    def _row(self, line: StatementLine) -> dict[str, str]:
        sign = "+" if line.amount > 0 else ""
        amount = f"{line.amount}" if line.unit == POINTS else money_text(line.amount, line.unit)
        pocket = line.account.partition(":")[0]
        return {
            "key": f"{line.key} {line.account}",
            "at": _day(line.at, self._sitting.timezone),
            "question": spoken_number(line.question) if line.question is not None else "",
            "why": why_text(line.why),
            "pocket": _POCKETS.get(pocket, pocket),
            "amount": f"{sign}{amount}",
        }


def _day(at: int, timezone: str) -> str:
    try:
        zone = ZoneInfo(timezone)
    except (OSError, ValueError, LookupError):
        return f"{datetime.fromtimestamp(at / 1000, UTC):%d %b %H:%M}"
    return f"{datetime.fromtimestamp(at / 1000, zone):%d %b %H:%M}"
