"""Experts and staff by the accounts they have on a chat platform."""

import asyncio
from collections.abc import Callable

import pytest
from typer.testing import Result

from bot.model import Identity, Person
from storage import open_store

Say = Callable[..., Result]


@pytest.fixture(autouse=True)
def house(done: Callable[..., str]) -> None:
    done(
        *("init", "--where", "here", "--preset", "pilot", "--company", "Acme", "--currency", "USD"),
        *("--category", "Billing", "--no-private", "--admin", "Ida"),
    )


def whose(member: str) -> Person | None:
    async def look() -> Person | None:
        async with await open_store("guildhall.db") as store:
            return await store.views.person_of(Identity(platform="slack", workspace="T0123", external=member))

    return asyncio.run(look())


def test_an_expert_is_added_by_their_account(done: Callable[..., str], say: Say) -> None:
    done("expert", "add", "Ana", "--rank", "journeyman", "--slack", "T0123:U0456")
    ana = whose("U0456")
    assert ana is not None
    assert ana.name == "Ana"
    assert ana.expert is not None
    done("expert", "add", "Ana", "--slack", "T0123:U0456")
    done("expert", "add", "Ana", "--slack", "T0123:U0777")
    assert whose("U0777") == whose("U0456")

    taken = say("staff", "add", "Ben", "--slack", "t0123:u0456")
    assert taken.exit_code == 1
    assert "U0456 of T0123 is Ana here" in taken.output
    assert "Ben" not in done("staff", "list")


def test_staff_are_added_by_their_account(done: Callable[..., str]) -> None:
    done("staff", "add", "Dia", "--role", "lead", "--slack", "T0123:U0002")
    dia = whose("U0002")
    assert dia is not None
    assert dia.staff == "lead"


def test_whoever_only_asked_so_far_becomes_an_expert_as_themselves(done: Callable[..., str], say: Say) -> None:
    done("expert", "add", "Ana")

    async def asked() -> None:
        async with await open_store("guildhall.db") as store:
            who = Identity(platform="slack", workspace="T0123", external="U0009")
            await store.run(lambda work: work.add_person(Person(id="p9", name="zoe w."), who, 1))  # type: ignore[arg-type]

    asyncio.run(asked())
    refused = say("expert", "add", "Ana", "--slack", "T0123:U0009")
    assert refused.exit_code == 1
    assert "Ana is another person" in " ".join(refused.output.split())
    done("expert", "add", "Zoe", "--slack", "T0123:U0009")
    zoe = whose("U0009")
    assert zoe is not None
    assert (zoe.id, zoe.name) == ("p9", "Zoe")
    assert zoe.expert is not None


def test_an_account_that_cannot_be_one_is_refused(say: Say) -> None:
    said = say("expert", "add", "Ana", "--slack", "@ana")
    assert said.exit_code == 1
    assert "T0123:U0456" in said.output
