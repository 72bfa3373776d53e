"""Brings records in: opens them as questions through the App, or keeps them as solved history without money."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Final

from bot.cli.house import House
from bot.cli.importing.history import keep
from bot.cli.importing.mapping import FieldMap, Record, record_of
from bot.cli.importing.rows import Refused, Row
from bot.cli.talking import Mistake, meant
from bot.commands import CreateCategory
from bot.config import BadConfig, read_category
from bot.model import Category, Identity, Place
from bot.ports import Asked, Reply

AT_ONCE: Final = 64


class As(StrEnum):
    """What the rows become."""

    QUESTIONS = "questions"
    HISTORY = "history"


@dataclass(slots=True)
class Tally:
    """How far it is: rows brought in, rows that were there already, and those that were refused."""

    brought: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)


class Import:
    """One file on its way in. `source` names it, so that the ids of two files stay apart and the same file twice adds
    nothing. `category` takes every row; without one the row's own category decides, and is made when `create` is set.
    """

    def __init__(
        self, house: House, kind: As, source: str, *, category: Category | None = None, create: bool = False
    ) -> None:
        self._house = house
        self._kind = kind
        self._source = source
        self._category = category
        self._create = create
        self._named: dict[str, Category] = {}
        self.tally = Tally()

    async def bring(self, rows: Iterable[Row | Refused], fields: FieldMap, reached: Callable[[int], None]) -> None:
        """Everything in `rows`, some of it at once. `reached` is told how many bytes of the file are done."""
        self._know(await self._house.views.categories())
        records = (record_of(row, fields) if isinstance(row, Row) else row for row in rows)
        while batch := list(islice(records, AT_ONCE)):
            await self._bring_batch(batch)
            reached(batch[-1].bytes_read)

    async def _bring_batch(self, batch: list[Record | Refused]) -> None:
        self.tally.refused += (each for each in batch if isinstance(each, Refused))
        records = {self._key(each): each for each in batch if isinstance(each, Record)}
        there = await self._house.store.run(lambda work: {key for key in records if work.receipt(key) is not None})
        self.tally.known += sum(isinstance(each, Record) for each in batch) - len(records) + len(there)
        fresh = {key: record for key, record in records.items() if key not in there}
        for record in fresh.values():
            await self._make_category(record)
        for outcome in await asyncio.gather(*(self._bring_one(key, record) for key, record in fresh.items())):
            if outcome is None:
                self.tally.brought += 1
            else:
                self.tally.refused.append(outcome)

    async def _bring_one(self, key: str, record: Record) -> Refused | None:
        category = self._category_of(record)
        if isinstance(category, Refused):
            return category
        customer = record.customer or key.rpartition("/")[2]
        who = Identity(platform="import", workspace=self._source, external=customer)
        if self._kind is As.HISTORY:
            return await keep(self._house, key, who, record, category)
        asked = Asked(
            key=key,
            who=who,
            text=record.question,
            origin=Place(""),  # their own page
            category=category.name,
            language=record.language,
            by_integration=True,
        )
        told = await self._house.app.hear(asked)
        if isinstance(told, Reply) and told.receipt is not None and not told.receipt.refused:
            return None
        card = told.card if isinstance(told, Reply) else None
        why = card.title if card else "it is incomplete"
        return _refused(record, why, (card.body if card else "") or "change the text and import the file again")

    def _key(self, record: Record) -> str:
        """The file's own id, or what the row says when it has none: the same row twice is one question."""
        name = record.id or hashlib.sha256(f"{record.question}\0{record.customer}".encode()).hexdigest()[:32]
        return f"import/{self._kind}/{self._source}/{name}"

    # --- categories ----------------------------------------------------------------------------------------------

    def _know(self, categories: Iterable[Category]) -> None:
        for category in categories:
            self._named |= {_folded(category.title): category, _folded(category.name): category}

    def _category_of(self, record: Record) -> Category | Refused:
        if self._category is not None:
            return self._category
        there = {each.name: each for each in self._named.values()}
        if not record.category and len(there) == 1:
            return next(iter(there.values()))
        if not record.category:
            return _refused(record, "it does not say which category it belongs to", "import again with --category NAME")
        found = self._named.get(_folded(record.category))
        if found is None:
            why = f"there is no category {record.category[:60]!r}{meant(record.category, there)}".rstrip(".?")
            return _refused(record, why, "import again with --category NAME or with --create-categories")
        return found

    async def _make_category(self, record: Record) -> None:
        if not self._create or self._category is not None or not record.category:
            return
        name = _folded(record.category)[:40].strip("-")
        if name in self._named:
            return
        try:
            made = read_category(self._house.config.unit, name=name, title=record.category[:80])
            await self._house.do(CreateCategory(category=made.name, as_=made, why=f"import of {self._source}"))
        except (BadConfig, Mistake):
            return  # the row is refused with its reason when its category is looked for
        self._know([made])


def _folded(name: str) -> str:
    """`my-account` for "My Account": categories are compared by this."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def _refused(record: Record, why: str, do: str) -> Refused:
    return Refused(line=record.line, bytes_read=record.bytes_read, why=why, do=do)
