"""When staff are at work, so that every promise of a time is one they can keep; and when experts want quiet."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.model import Expert, StaffHours

_MINUTE_MS: Final = 60_000
_DAY_MINUTES: Final = 24 * 60


def staffed_from(hours: StaffHours, at_ms: int, staffed_minutes: int) -> int:
    """The moment (milliseconds UTC) when staff will have been at work for `staffed_minutes` after `at_ms`.

    0 minutes give the first staffed moment from `at_ms` on. Raises ZoneInfoNotFoundError for a time zone that
    does not exist.
    """
    assert staffed_minutes >= 0, "time that has passed is not negative"
    left = staffed_minutes * _MINUTE_MS
    for start, end in _shifts(hours, at_ms):
        begin = max(start, at_ms)
        if begin < end and left <= end - begin:
            return begin + left
        left -= max(end - begin, 0)
    raise AssertionError("shifts never end")


def is_staffed(hours: StaffHours, at_ms: int) -> bool:
    """Whether staff are at work at this moment; the last minute's end no longer counts."""
    for start, end in _shifts(hours, at_ms):
        if start > at_ms:
            return False
        if at_ms < end:
            return True
    raise AssertionError("shifts never end")


def quiet_until(expert: Expert, timezone: str, at_ms: int) -> int | None:
    """When this expert's quiet hours end (milliseconds UTC), if it is quiet now; None when it is not.

    A time zone that does not exist counts as UTC: better told at an odd hour than never.
    """
    start, end = expert.quiet_from_hour, expert.quiet_until_hour
    try:
        zone: tzinfo = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    wall = datetime.fromtimestamp(at_ms / 1000, zone)
    overnight = start > end
    quiet = wall.hour >= start or wall.hour < end if overnight else start <= wall.hour < end
    if not quiet:
        return None
    day = wall.date() + timedelta(days=1 if overnight and wall.hour >= start else 0)
    return int(datetime.combine(day, time(end), zone).timestamp()) * 1000


def _shifts(hours: StaffHours, at_ms: int) -> Iterator[tuple[int, int]]:
    """Start and end of each shift in turn, beginning before `at_ms`.

    `until_minute` at or before `from_minute` reaches into the next day. Hours without a weekday count as all
    days: a promise has to name some time.
    """
    zone = ZoneInfo(hours.timezone)
    weekdays = set(hours.weekdays) & set(range(7)) or set(range(7))
    length = hours.until_minute - hours.from_minute
    until_minute = hours.until_minute + (_DAY_MINUTES if length <= 0 else 0)
    # Two days back: yesterday's shift may reach into today, and "today" depends on the zone.
    day = datetime.fromtimestamp(at_ms / 1000, UTC).date() - timedelta(days=2)
    while True:
        if day.weekday() in weekdays:
            yield _instant(day, hours.from_minute, zone), _instant(day, until_minute, zone)
        day += timedelta(days=1)


def _instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """The clock on the wall decides: a shift keeps its hours when summer time begins or ends."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return int(wall.replace(tzinfo=zone).timestamp()) * 1000
