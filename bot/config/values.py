"""Values that people write as text in settings: amounts of money, staff hours, names, places, addresses."""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.decide.settings import DAYS, BadSetting, set_field
from bot.model import MONEY_UNITS, Category, CategoryName, Place, StaffHours, Unit

PLATFORMS: Final = ("web", "rehearsal", "console")
_ANY: Final = Category(name=CategoryName("any"), title="Any")


def read_amount(text: str, unit: Unit) -> int:
    """Minor units of `2.00` or `$2`: never rounded. Raises ValueError with a sentence."""
    try:
        return set_field(replace(_ANY, unit=unit), "bounty", text).bounty
    except BadSetting as bad:
        raise ValueError(f"must be {bad.wanted}, not {text!r}") from None


def amount_text(amount: int, unit: Unit) -> str:
    """`2.50`: an amount in minor units as it is written in settings and files, without its sign."""
    per_major, _ = MONEY_UNITS.get(unit, (1, ""))
    if per_major == 1:
        return str(amount)
    whole, rest = divmod(abs(amount), per_major)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:0{len(str(per_major)) - 1}d}"


def read_unit(text: str) -> Unit:
    """`USD` for "usd"; any other short word is a unit of your own. Raises ValueError with a sentence."""
    try:
        return set_field(_ANY, "unit", text).unit
    except BadSetting as bad:
        raise ValueError(f"must be {bad.wanted}, not {text!r}") from None


def read_hours(text: str) -> StaffHours:
    """`mon-fri 9:00-17:00 Europe/Berlin`: days, local hours and time zone (UTC when left out).

    Raises ValueError with a sentence.
    """
    try:
        hours = set_field(_ANY, "staff_hours", text).staff_hours
    except BadSetting as bad:
        raise ValueError(f"must be {bad.wanted}, not {text!r}") from None
    return replace(hours, timezone=read_timezone(hours.timezone))


def hours_text(hours: StaffHours) -> str:
    """Staff hours as `read_hours` reads them."""
    first, last = DAYS[hours.weekdays[0]], DAYS[hours.weekdays[-1]]
    days = first if first == last else f"{first}-{last}"
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
    if platform == "discord":
        if not re.fullmatch(r"(?!dm:)[a-z0-9][a-z0-9-]{0,39}:\d{17,20}", channel):
            wanted = '"discord:acme:1181234567890123456"'
            raise ValueError(f"must name server and channel on Discord as in {wanted}, not {text!r}")
        return Place(text)
    if platform == "slack":
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}:[CG][A-Z0-9]{2,30}", channel):
            raise ValueError(f'must name workspace and channel on Slack as in "slack:acme:C0123ABC45", not {text!r}')
        return Place(text)
    if platform not in PLATFORMS or not colon or not re.fullmatch(r"[\w.:-]{1,80}", channel):
        raise ValueError(f'must be a place such as "web:billing", not {text!r}')
    return Place(text)


def read_address(text: str) -> str:
    """An http or https address without a trailing slash. Raises ValueError with a sentence."""
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(f'must be an address such as "https://help.example.com", not {text!r}')
    return text.rstrip("/")


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
