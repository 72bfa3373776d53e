"""Fernwood, the made-up company of the demo: its categories, people and questions, read from the files here."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.config import CategoryTable
from bot.model import CategoryName, PersonId, Rank, StaffRole

COMPANY: Final = "Fernwood"
_UNIT_MS: Final = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An expert (with `rank`) or a member of staff (with `role`)."""

    name: str
    rank: Rank | None = None
    role: StaffRole | None = None
    categories: tuple[CategoryName, ...] = ()

    @property
    def id(self) -> PersonId:
        return person_id(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`who` says `verb` so long after the step before; customers have small letters."""

    after_ms: int
    who: str
    verb: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One question and what became of it; it was asked `ago_ms` before the demo was loaded."""

    key: str
    category: str
    customer: str
    text: str
    ago_ms: int
    steps: tuple[Step, ...]
    staff_wanted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A question that comes in while the demo runs. `verdict` is a sentence without the answer's number."""

    key: str
    category: str
    customer: str
    text: str
    expert: str
    answer: str
    verdict: str
    complaint: str = ""
    second: str = ""


def categories() -> tuple[CategoryTable, ...]:
    return tuple(CategoryTable.model_validate(each) for each in _read("company")["category"])


def members() -> tuple[Member, ...]:
    """Staff first: they appoint the others."""
    company = _read("company")
    staff = (Member(name=each["name"], role=StaffRole(each["role"])) for each in company["staff"])
    experts = (
        Member(name=each["name"], rank=Rank(each["rank"]), categories=tuple(each.get("categories", ())))
        for each in company["expert"]
    )
    return (*staff, *experts)


def past() -> tuple[Story, ...]:
    return tuple(
        Story(
            key=each["key"],
            category=each["category"],
            customer=each["customer"],
            text=each["text"],
            ago_ms=_span_ms(each["ago"]),
            steps=tuple(
                Step(after_ms=_span_ms(step[0]), who=step[1], verb=step[2], words="".join(step[3:]))
                for step in each["steps"]
            ),
            staff_wanted=each.get("staff_wanted", False),
        )
        for each in _read("past")["question"]
    )


def coming() -> tuple[Coming, ...]:
    return tuple(Coming(**each) for each in _read("coming")["question"])


def person_id(name: str) -> PersonId:
    """Known beforehand, so that loading twice meets the same people."""
    return PersonId(f"fernwood-{name.lower()}")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def _span_ms(text: str) -> int:
    """Milliseconds of "2d 3h 20m"."""
    parts = re.findall(r"(\d+)([dhms])", text)
    assert parts, f"{text!r} is no span of time"
    return sum(int(count) * _UNIT_MS[unit] for count, unit in parts)
