"""Promised staff times: counted in the hours that staff are really there."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lifecycle.hours import is_staffed, staffed_from
from bot.model import StaffHours

OFFICE = StaffHours(timezone="Europe/Berlin")
NIGHT = StaffHours(timezone="Europe/Berlin", weekdays=(4,), from_minute=22 * 60, until_minute=6 * 60)
ALWAYS = StaffHours(weekdays=tuple(range(7)), from_minute=0, until_minute=24 * 60)


def ms(text: str, zone: str = "Europe/Berlin") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("hours", "at", "minutes", "then"),
    [
        (OFFICE, "2026-03-04T10:00", 120, "2026-03-04T12:00"),
        (OFFICE, "2026-03-04T16:30", 120, "2026-03-05T10:30"),
        (OFFICE, "2026-03-04T15:00", 120, "2026-03-04T17:00"),
        (OFFICE, "2026-03-06T16:00", 120, "2026-03-09T10:00"),
        (OFFICE, "2026-03-07T12:00", 120, "2026-03-09T11:00"),
        (OFFICE, "2026-03-07T12:00", 0, "2026-03-09T09:00"),
        (OFFICE, "2026-03-04T10:00", 0, "2026-03-04T10:00"),
        (OFFICE, "2026-03-04T03:00", 960, "2026-03-05T17:00"),
        (NIGHT, "2026-03-07T05:30", 60, "2026-03-13T22:30"),
        (NIGHT, "2026-03-06T23:30", 60, "2026-03-07T00:30"),
        (ALWAYS, "2026-03-07T23:30", 60, "2026-03-08T00:30"),
    ],
)
def test_a_promise_counts_staffed_minutes_only(hours: StaffHours, at: str, minutes: int, then: str) -> None:
    assert staffed_from(hours, ms(at), minutes) == ms(then)


@pytest.mark.parametrize(
    ("at", "staffed"),
    [
        ("2026-03-04T08:59", False),
        ("2026-03-04T09:00", True),
        ("2026-03-04T16:59", True),
        ("2026-03-04T17:00", False),
        ("2026-03-07T12:00", False),
    ],
)
def test_staff_are_there_from_nine_to_five_on_weekdays(at: str, staffed: bool) -> None:
    assert is_staffed(OFFICE, ms(at)) is staffed


def test_summer_time_does_not_move_the_office() -> None:
    """On the Friday before the change 9:00 is 8:00 UTC, on the Monday after it is 7:00 UTC."""
    friday_evening = ms("2026-03-27T18:00")
    assert staffed_from(OFFICE, friday_evening, 30) == ms("2026-03-30T07:30", "UTC")
    autumn_evening = ms("2026-10-23T18:00")
    assert staffed_from(OFFICE, autumn_evening, 30) == ms("2026-10-26T08:30", "UTC")


def test_a_night_shift_over_the_change_is_as_long_as_the_night_was() -> None:
    sunday_night = StaffHours(timezone="Europe/Berlin", weekdays=(5,), from_minute=22 * 60, until_minute=6 * 60)
    spring = ms("2026-03-28T22:00")
    assert staffed_from(sunday_night, spring, 7 * 60) == ms("2026-03-29T06:00")
    assert staffed_from(sunday_night, spring, 7 * 60 + 1) == ms("2026-04-04T22:01")


def test_far_from_utc_the_local_day_counts() -> None:
    hours = StaffHours(timezone="Pacific/Auckland")
    assert is_staffed(hours, ms("2026-03-04T09:30", "Pacific/Auckland"))
    assert not is_staffed(hours, ms("2026-03-07T09:30", "Pacific/Auckland"))
    kiritimati = StaffHours(timezone="Pacific/Kiritimati")
    assert staffed_from(kiritimati, ms("2026-03-06T16:00", "Pacific/Kiritimati"), 61) == ms(
        "2026-03-09T09:01", "Pacific/Kiritimati"
    )


def test_hours_that_name_no_day_still_give_a_time() -> None:
    for weekdays in ((), (9,)):
        nobody = StaffHours(timezone="Europe/Berlin", weekdays=weekdays)
        assert staffed_from(nobody, ms("2026-03-07T18:00"), 30) == ms("2026-03-08T09:30")


def test_a_time_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        staffed_from(StaffHours(timezone="Europe/Nowhere"), ms("2026-03-07T18:00"), 30)


@given(
    at=st.integers(ms("2026-01-01T00:00"), ms("2027-01-01T00:00")),
    first=st.integers(0, 4000),
    then=st.integers(1, 4000),
)
def test_promises_add_up(at: int, first: int, then: int) -> None:
    """Waiting `first` and then `then` staffed minutes is waiting their sum; and the end is within hours."""
    later = staffed_from(OFFICE, at, first)
    assert staffed_from(OFFICE, later, then) == staffed_from(OFFICE, at, first + then)
    assert is_staffed(OFFICE, staffed_from(OFFICE, at, first + then) - 1)
