"""Times as people say them, in the reader's own time zone."""

from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.card import Moment
from bot.wording.catalogue import LANGUAGES, Tongue

_SECOND_MS: Final = 1_000
_MINUTE_MS: Final = 60 * _SECOND_MS
_HOUR_MS: Final = 60 * _MINUTE_MS
_DAY_MS: Final = 24 * _HOUR_MS
_WEEK_DAYS: Final = 7


def moment_text(moment: Moment, now: int, timezone: str, language: str = "en") -> str:
    """`14:09`, `Saturday 14:09`, `4 min`: the moment as a reader in that time zone says it at `now`.

    Whatever is not today names its day, whatever is a week away its date. A time zone nobody knows counts as UTC,
    for a reader must get the card all the same.
    """
    tongue = LANGUAGES.get(language, LANGUAGES["en"])
    if moment.style == "ago":
        return length_text(now - moment.at, tongue)
    zone = _zone(timezone)
    there, here = _local(moment.at, zone), _local(now, zone)
    clock = f"{there:%H:%M}"
    days = (there.date() - here.date()).days
    if days == 0:
        return clock if moment.style == "time" else tongue.say("moment.today", clock=clock)
    weekday = tongue.say(f"weekday.{there.weekday()}")
    if 0 < days < _WEEK_DAYS:
        return tongue.say("moment.day", weekday=weekday, clock=clock)
    month = tongue.say(f"month.{there.month}")
    return tongue.say("moment.date", day=there.day, month=month, clock=clock)


def undated_text(moment: Moment, timezone: str, language: str = "en") -> str:
    """The same where nobody knows when it will be read: `14:09`, `Saturday 28 November, 14:09`, `since 14:05`."""
    tongue = LANGUAGES.get(language, LANGUAGES["en"])
    there = _local(moment.at, _zone(timezone))
    clock = f"{there:%H:%M}"
    if moment.style == "time":
        return clock
    if moment.style == "ago":
        return tongue.say("moment.since", clock=clock)
    weekday, month = tongue.say(f"weekday.{there.weekday()}"), tongue.say(f"month.{there.month}")
    return tongue.say("moment.full", weekday=weekday, day=there.day, month=month, clock=clock)


def length_text(length_ms: int, tongue: Tongue) -> str:
    """`4 min`, `2 h 10 min`, `3 days`: how long that is, roughly."""
    if length_ms < _MINUTE_MS:
        return tongue.say("length.moment")
    if length_ms < _HOUR_MS:
        return tongue.say("length.minutes", minutes=length_ms // _MINUTE_MS)
    if length_ms < _DAY_MS:
        hours, minutes = divmod(length_ms // _MINUTE_MS, 60)
        if not minutes:
            return tongue.say("length.hours", hours=hours)
        return tongue.say("length.hours-minutes", hours=hours, minutes=minutes)
    return tongue.count("length.days", length_ms // _DAY_MS)


def _local(at: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at / 1000, zone)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return UTC
