"""Two people become one: what is put together, what limits them survives, and money moves without being made."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands as c
from bot.decide.linking import join
from bot.grammar import ME, Misread, read
from bot.market.joining import join_balances
from bot.model import (
    LINK_CODES,
    POINTS,
    CategoryName,
    Expert,
    Person,
    PersonId,
    Place,
    Rank,
    StaffRole,
    Standing,
    Unit,
    link_code,
    read_link_code,
)

ANA, BO = PersonId("ana"), PersonId("bo")
USD = Unit("USD")
SUSPENDED, ACTIVE, LEFT = Standing.SUSPENDED, Standing.ACTIVE, Standing.LEFT
BILLING, ACCOUNT = CategoryName("billing"), CategoryName("account")


def joined(mine: dict[str, Any], theirs: dict[str, Any]) -> Person:
    return join(Person(id=ANA, **{"name": "Ana", **mine}), Person(id=BO, **{"name": "Bo", **theirs}))


def as_expert(mine: dict[str, Any], theirs: dict[str, Any]) -> Expert:
    expert = joined({"expert": Expert(**mine)}, {"expert": Expert(**theirs)}).expert
    assert expert is not None
    return expert


# --- the code


@given(st.integers(0, LINK_CODES - 1))
def test_a_code_is_read_back_however_it_is_typed(number: int) -> None:
    code = link_code(number)
    for said in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), code.replace("0", "o"), f"{code}."):
        assert read(f"link {said}") == c.Link(person=ME, code=code)
    assert read_link_code(code.replace("1", "l").replace("V", "u")) == code


def test_every_code_is_another() -> None:
    assert len({link_code(number) for number in range(5_000)}) == 5_000
    assert LINK_CODES > 2**39


@pytest.mark.parametrize("said", ["7F3K", "7F3K-92RX-1", "7F3K-92RQ", "my accounts", "@bo", "7F3K-92RX 7F3K-92RX"])
def test_what_is_no_code_is_not_tried(said: str) -> None:
    heard = read(f"link {said}")
    assert isinstance(heard, Misread)
    assert heard.verb == "link"


def test_no_code_asks_for_one() -> None:
    for said in ("link", "/hall link", "connect"):
        assert read(said) == c.Link(person=ME)


# --- the person


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (ACTIVE, SUSPENDED, SUSPENDED),
        (SUSPENDED, ACTIVE, SUSPENDED),
        (LEFT, SUSPENDED, SUSPENDED),
        (LEFT, ACTIVE, ACTIVE),
        (ACTIVE, LEFT, ACTIVE),
        (LEFT, LEFT, LEFT),
    ],
)
def test_a_suspension_is_stronger_than_anything(mine: Standing, theirs: Standing, both: Standing) -> None:
    assert as_expert({"standing": mine}, {"standing": theirs}).standing is both


def test_what_limits_an_expert_survives() -> None:
    found = as_expert({"lapsed_at": (3, 9), "paused_until": 50}, {"lapsed_at": (5,), "paused_until": 70})
    assert (found.lapsed_at, found.paused_until) == ((3, 5, 9), 70)
    suspended = as_expert({}, {"standing": SUSPENDED, "why_standing": "copies"})
    assert suspended.why_standing == "copies"
    assert joined({}, {"blocked": True}).blocked
    assert joined({"blocked": True}, {}).blocked


def test_what_both_may_do_is_put_together() -> None:
    found = as_expert({"categories": (BILLING,), "reviews": (True,)}, {"categories": (ACCOUNT, BILLING)})
    assert found.categories == (BILLING, ACCOUNT)
    assert found.reviews == (True,)
    assert as_expert({"categories": (BILLING,)}, {}).categories == (), "one that names none has all"
    for mine, theirs in ((Rank.APPRENTICE, Rank.MASTER), (Rank.MASTER, Rank.JOURNEYMAN)):
        assert as_expert({"rank": mine}, {"rank": theirs}).rank is Rank.MASTER
    assert joined({"expert": None}, {"expert": Expert(rank=Rank.MASTER)}).expert == Expert(rank=Rank.MASTER)


@pytest.mark.parametrize(
    ("mine", "theirs", "source"),
    [
        ({"enrolled_from": "slack:T1:S1"}, {}, ""),
        ({}, {"enrolled_from": "slack:T1:S1"}, ""),
        ({"enrolled_from": "slack:T1:S1"}, {"enrolled_from": "discord:1:2", "rank": Rank.MASTER}, "discord:1:2"),
        ({"enrolled_from": "slack:T1:S1"}, {"standing": LEFT}, "slack:T1:S1"),
    ],
)
def test_the_list_that_holds_an_expert_goes_on_holding_them(
    mine: dict[str, Any], theirs: dict[str, Any], source: str
) -> None:
    """Else whoever a list takes away would stay an expert by an account that left long ago."""
    assert as_expert(mine, theirs).enrolled_from == source


def test_the_higher_role_counts_with_the_list_it_came_from() -> None:
    agent, lead = {"staff": StaffRole.AGENT, "staff_from": "slack:T1:S1"}, {"staff": StaffRole.LEAD, "staff_from": "x"}
    for mine, theirs in ((agent, lead), (lead, agent), (lead, {}), ({}, lead)):
        found = joined(mine, theirs)
        assert (found.staff, found.staff_from) == (StaffRole.LEAD, "x")
    assert joined(agent, {"staff": StaffRole.AGENT}).staff_from == "", "the product's own list is stronger"


@pytest.mark.parametrize(
    ("mine", "theirs", "name"),
    [
        ({"name": "Ann Weber"}, {"name": "Bo", "expert": Expert()}, "Bo"),
        ({"expert": Expert()}, {"name": "Bo", "expert": Expert()}, "Ana"),
        ({}, {}, "Ana"),
        ({"name": "Somebody 2"}, {}, "Bo"),
    ],
)
def test_a_customers_own_name_never_becomes_an_experts(mine: dict[str, Any], theirs: dict[str, Any], name: str) -> None:
    assert joined(mine, theirs).name == name


def test_notices_go_where_they_went() -> None:
    there = Place("slack:acme:@U1")
    assert joined({"home": there}, {"home": Place("web:@bo")}).home == there
    assert joined({}, {"home": there}).home == there
    assert joined({}, {"home": Place("web:@bo")}).home == "web:@ana", "the web names them by their id"
    zones = joined({}, {"timezone": "Europe/Prague"}).timezone, joined({"timezone": "Asia/Tokyo"}, {}).timezone
    assert zones == ("Europe/Prague", "Asia/Tokyo")


def test_joining_somebody_with_a_copy_of_themselves_changes_nothing() -> None:
    one = Person(id=ANA, name="Ana", expert=Expert(rank=Rank.MASTER, categories=(BILLING,)), staff=StaffRole.AGENT)
    assert join(one, replace(one, id=BO)) == one


# --- the books


def test_every_pocket_is_emptied_into_the_same_of_the_other() -> None:
    owned = {("pending", USD): 140, ("paid", USD): 0, ("payable", Unit("gems")): 7, ("points", POINTS): -5}
    moved = {(each.debit, each.credit): (each.amount, each.unit) for each in join_balances(owned, BO, ANA)}
    assert moved == {
        ("pending:bo", "pending:ana"): (140, USD),
        ("payable:bo", "payable:ana"): (7, "gems"),
        ("points:ana", "points:bo"): (5, POINTS),
    }
    keys = [each.key for each in join_balances(owned, BO, ANA)]
    assert len(set(keys)) == 3
    assert all(key.startswith("link/bo/") for key in keys)
