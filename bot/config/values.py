"""Values that people write as text in settings: amounts of money, staff hours, names, places, addresses."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.model import MONEY_UNITS, CategoryName, Place, StaffHours, Unit

PLATFORMS: Final = ("web", "rehearsal", "console")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS: Final = re.compile(r"(?P<days>[a-z,-]+) (?P<begin>[\d:]+)-(?P<end>[\d:]+)(?: (?P<zone>\S+))?", re.IGNORECASE)


def read_amount(text: str, unit: Unit) -> int:
    """Minor units of `2.00`, `2,5` or `$2`: never rounded. Raises ValueError with a sentence."""
    per_major, sign = MONEY_UNITS.get(unit, (1, ""))
    plain = text.strip().removeprefix(sign.strip()).removesuffix(unit).strip().replace(",", ".")
    try:
        amount = Decimal(plain) * per_major
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not re.fullmatch(r"\d{1,12}(\.\d+)?", plain):
        raise ValueError(f"must be an amount such as {amount_text(250 * per_major // 100, unit)}, not {text!r}")
    if amount != amount.to_integral_value():
        smallest = amount_text(1, unit)
        raise ValueError(f"must be an amount in whole steps of {smallest} {unit}, not {text!r}")
    return int(amount)


def amount_text(amount: int, unit: Unit) -> str:
    """`2.50`: an amount in minor units as it is written in settings and files, without its sign."""
    per_major, _ = MONEY_UNITS.get(unit, (1, ""))
    if per_major == 1:
        return str(amount)
    whole, rest = divmod(abs(amount), per_major)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:0{len(str(per_major)) - 1}d}"


def read_hours(text: str) -> StaffHours:
    """`mon-fri 09:00-17:00 Europe/Berlin`: days, local hours and time zone (UTC when left out).

    Raises ValueError with a sentence.
    """
    found = _HOURS.fullmatch(" ".join(text.split()))
    if found is None:
        raise ValueError(f'must be like "mon-fri 09:00-17:00 Europe/Berlin", not {text!r}')
    begin, end = _minute(found["begin"]), _minute(found["end"])
    if begin >= end:
        raise ValueError(f"must begin before it ends: {found['begin']}-{found['end']}")
    return StaffHours(
        timezone=read_timezone(found["zone"] or "UTC"),
        weekdays=tuple(sorted({day for part in found["days"].lower().split(",") for day in _weekdays(part)})),
        from_minute=begin,
        until_minute=end,
    )


def hours_text(hours: StaffHours) -> str:
    """Staff hours as `read_hours` reads them."""
    runs: list[list[int]] = []
    for day in hours.weekdays:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    days = ",".join(DAYS[run[0]] + (f"-{DAYS[run[-1]]}" if len(run) > 1 else "") for run in runs)
    return f"{days} {_clock(hours.from_minute)}-{_clock(hours.until_minute)} {hours.timezone}"


def read_timezone(name: str) -> str:
    """Raises ValueError when no such time zone is known."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, not a name, or a directory
        raise ValueError(f"must name a time zone such as Europe/Berlin, not {name!r}") from None
    return name


def read_category_name(text: str) -> CategoryName:
    """A short name for addresses and commands. Raises ValueError with a sentence."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", text):
        raise ValueError(f'must be a short name such as "billing" (a-z, 0-9 and -), not {text!r}')
    return CategoryName(text)


def read_place(text: str) -> Place:
    """`web:billing`: a platform and a channel. Raises ValueError with a sentence."""
    platform, colon, channel = text.partition(":")
    if platform in ("slack", "discord"):
        raise ValueError(f"names {text!r}; Slack and Discord come with the next release")
    if platform not in PLATFORMS or not colon or not re.fullmatch(r"[\w.:-]{1,80}", channel):
        raise ValueError(f'must be a place such as "web:billing", not {text!r}')
    return Place(text)


def read_address(text: str) -> str:
    """An http or https address without a trailing slash. Raises ValueError with a sentence."""
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(f'must be an address such as "https://help.example.com", not {text!r}')
    return text.rstrip("/")


def _weekdays(part: str) -> list[int]:
    """The days of `fri` or of `mon-fri`, which may run over the end of the week."""
    first, _, last = part.partition("-")
    for day in (first, last or first):
        if day not in DAYS:
            raise ValueError(f"names the day {day!r}; days are {', '.join(DAYS)}")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]


def _minute(clock: str) -> int:
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", clock)
    minute = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if found is None or int(found[2] or 0) > 59 or not 0 <= minute <= 24 * 60:
        raise ValueError(f"must have hours such as 09:00, not {clock!r}")
    return minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
