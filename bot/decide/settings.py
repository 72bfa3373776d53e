"""A category's settings as people write them: `bounty 2.50`, `private yes`, `channels web:billing, web:vip`."""

import re
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.model import MONEY_UNITS, Category, Place, Rank, StaffHours, Unit

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SETTINGS = tuple(each.name for each in fields(Category) if each.name not in ("name", "version", "open_to_experts"))


class BadSetting(Exception):
    """The setting is unknown, or the value is not one it can take: `wanted` says what it takes."""

    def __init__(self, setting: str, wanted: str) -> None:
        super().__init__(f"{setting} takes {wanted}")
        self.setting = setting
        self.wanted = wanted


def set_field(category: Category, setting: str, to: str) -> Category:
    """The category with that setting; raises BadSetting."""
    name, value = setting.strip().lower().replace("-", "_").replace(" ", "_"), to.strip()
    changed: dict[str, Any] = {name: _value(name, setting, value, category)}
    return replace(category, **changed)


def _value(name: str, setting: str, value: str, category: Category) -> object:
    match name:
        case "title" | "language":
            if not value or len(value) > 80:
                raise BadSetting(setting, "a short text")
            return value
        case "private" | "veto_allowed":
            return _yes(setting, value)
        case "bounty":
            return amount(setting, value, category.unit)
        case "unit":
            if not re.fullmatch(r"[A-Za-z][A-Za-z ]{0,15}", value):
                raise BadSetting(setting, "a currency such as USD, or the name of a thing such as gems")
            return Unit(value.upper() if value.upper() in MONEY_UNITS else value)
        case "answer_chars_min" | "review_percent":
            highest = 100 if name == "review_percent" else 1_000
            return _number(setting, value, highest)
        case "rank_min" | "rank_to_escalate":
            if value.lower() not in list(Rank):
                raise BadSetting(setting, "apprentice, journeyman or master")
            return Rank(value.lower())
        case "links_allowed":
            return tuple(_listed(value))
        case "channels":
            return tuple(_place(setting, each) for each in _listed(value))
        case "staff_channel":
            return _place(setting, value) if value.lower() not in ("", "none") else None
        case "staff_hours":
            return _hours(setting, value)
        case _:
            raise BadSetting(setting, "one of: " + ", ".join(SETTINGS))


def amount(setting: str, value: str, unit: Unit) -> int:
    """Minor units for `2.50`, `$2.50` or `250 gems`; raises BadSetting."""
    per_major, sign = MONEY_UNITS.get(unit, (1, ""))
    plain = value.removesuffix(unit).replace(sign.strip() or "\0", "").strip()
    try:
        minor = Decimal(plain) * per_major
    except InvalidOperation:
        raise BadSetting(setting, f"an amount in {unit}, such as 2.50") from None
    if not minor.is_finite() or minor < 0 or minor != minor.to_integral_value() or minor > 10**9:
        raise BadSetting(setting, f"an amount in {unit} that is not negative, in whole minor units")
    return int(minor)


def _yes(setting: str, value: str) -> bool:
    match value.lower():
        case "yes" | "on" | "true" | "1":
            return True
        case "no" | "off" | "false" | "0":
            return False
        case _:
            raise BadSetting(setting, "yes or no")


def _number(setting: str, value: str, highest: int) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) > highest:
        raise BadSetting(setting, f"a number from 0 to {highest}")
    return int(value)


def _listed(value: str) -> list[str]:
    return [each for each in re.split(r"[,\s]+", value) if each and each.lower() != "none"]


def _place(setting: str, value: str) -> Place:
    if not re.fullmatch(r"[a-z]+(:[^\s:]+)+", value):
        raise BadSetting(setting, "a channel such as web:billing or slack:acme:C0123")
    return Place(value)


def _hours(setting: str, value: str) -> StaffHours:
    """`mon-fri 9:00-17:00 Europe/Berlin`"""
    found = re.fullmatch(
        r"(?P<first>[a-z]{3})(-(?P<last>[a-z]{3}))? (?P<h1>\d{1,2})(:(?P<m1>\d\d))?-(?P<h2>\d{1,2})(:(?P<m2>\d\d))?"
        r"( (?P<zone>[a-z_]+(/[a-z_+0-9-]+)*))?",
        value.strip(),
        re.IGNORECASE,
    )
    wanted = "days and local times, such as: mon-fri 9:00-17:00 Europe/Berlin"
    if not found or found["first"].lower() not in DAYS or (found["last"] or "mon").lower() not in DAYS:
        raise BadSetting(setting, wanted)
    first, last = DAYS.index(found["first"].lower()), DAYS.index((found["last"] or found["first"]).lower())
    weekdays = tuple((first + step) % 7 for step in range((last - first) % 7 + 1))
    start = int(found["h1"]) * 60 + int(found["m1"] or 0)
    end = int(found["h2"]) * 60 + int(found["m2"] or 0)
    if not 0 <= start < end <= 24 * 60:
        raise BadSetting(setting, wanted)
    return StaffHours(timezone=found["zone"] or "UTC", weekdays=weekdays, from_minute=start, until_minute=end)
