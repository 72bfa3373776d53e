"""The workspace's own rules: who may read where, what a text says of time, and what a customer would get."""

from dataclasses import replace

import pytest

from adapters.web.workspace.access import channels_for, may_enter, reads
from adapters.web.workspace.parts import worded
from bot.card import Moment, moment_sign
from bot.model import (
    Category,
    CategoryName,
    Expert,
    Person,
    PersonId,
    Place,
    StaffRole,
    Standing,
)
from bot.policy import HOUR_MS, MINUTE_MS

NOON = 1_780_920_000_000  # 2026-06-08 12:00 UTC

BILLING = Category(
    name=CategoryName("billing"),
    title="Billing",
    channels=(Place("web:billing"), Place("slack:acme:C1")),
    staff_channel=Place("web:staff"),
)
SAFETY = Category(
    name=CategoryName("safety"),
    title="Safety",
    channels=(Place("web:safety"), Place("web:billing")),
    staff_channel=Place("web:safety-staff"),
)
ANA = Person(id=PersonId("ana"), name="Ana", expert=Expert())
BEN = Person(id=PersonId("ben"), name="Ben", expert=Expert(categories=(CategoryName("billing"),)))
GRETA = Person(id=PersonId("greta"), name="Greta", staff=StaffRole.AGENT)
CARL = Person(id=PersonId("carl"), name="Carl")


def places(person: Person) -> list[str]:
    return [each.place for each in channels_for(person, (BILLING, SAFETY))]


def test_an_expert_reads_the_channels_of_their_categories() -> None:
    assert places(ANA) == ["web:billing", "web:safety"]
    assert places(BEN) == ["web:billing"]


def test_only_staff_read_staff_channels() -> None:
    assert places(GRETA) == ["web:billing", "web:safety", "web:staff", "web:safety-staff"]
    assert not any(each.staff_only for person in (ANA, BEN, CARL) for each in channels_for(person, (BILLING, SAFETY)))


def test_a_channel_that_is_some_category_s_staff_channel_is_for_staff_alone() -> None:
    careless = replace(BILLING, channels=(Place("web:staff"),))
    assert places(ANA) == ["web:billing", "web:safety"]
    shared = channels_for(GRETA, (careless,))
    assert [each.staff_only for each in shared] == [True]
    assert channels_for(ANA, (careless,)) == ()


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.LEFT])
def test_who_is_out_keeps_the_desk_and_loses_the_channels(standing: Standing) -> None:
    person = replace(ANA, expert=Expert(standing=standing))
    assert may_enter(person)
    assert places(person) == []


def test_customers_and_the_blocked_are_no_crew() -> None:
    assert not may_enter(None)
    assert not may_enter(CARL)
    assert not may_enter(replace(ANA, blocked=True))
    assert places(CARL) == []


def test_a_place_of_one_person_is_never_a_channel() -> None:
    careless = replace(BILLING, channels=(Place("web:@ana"),))
    assert channels_for(GRETA, (careless,))[0].place == "web:staff"
    assert reads(GRETA, careless)


def test_moments_are_said_in_the_reader_s_time() -> None:
    text = f"Ana has it until {moment_sign(0)}, waiting {moment_sign(1)}."
    moments = (Moment(at=NOON + 15 * MINUTE_MS), Moment(at=NOON - 4 * MINUTE_MS, style="ago"))
    assert worded(text, moments, NOON, "Europe/Berlin") == "Ana has it until 14:15, waiting 4 min."
    assert worded(text, moments, NOON, "UTC") == "Ana has it until 12:15, waiting 4 min."
    assert "waiting 1 h 4 min" in worded(text, moments, NOON + HOUR_MS, "UTC")


def test_a_sign_without_a_moment_stays_as_it_is() -> None:
    assert worded(f"x{moment_sign(3)}", (), NOON, "UTC") == f"x{moment_sign(3)}"
