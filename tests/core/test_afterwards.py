"""Acknowledgements first; what people are shown afterwards comes when it is quiet, and comes in any case."""

import asyncio

import pytest

from bot import afterwards
from bot.afterwards import AT_ONCE, Afterwards


def saying(after: Afterwards, said: list[str], words: str) -> "asyncio.Task[None]":
    async def say() -> None:
        said.append(words)

    return asyncio.create_task(after.show(say))


async def test_whoever_acts_is_acknowledged_before_others_are_told() -> None:
    after, said = Afterwards(), list[str]()
    with after.act():
        telling = saying(after, said, "told")
        for _ in range(20):
            await asyncio.sleep(0)
        said.append("acknowledged")
    await telling
    assert said == ["acknowledged", "told"]


async def test_with_nobody_acting_it_is_told_at_once() -> None:
    after, said = Afterwards(), list[str]()
    await saying(after, said, "told")
    assert said == ["told"]


async def test_an_act_that_never_ends_keeps_nothing_from_being_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "WAIT_SECONDS_MAX", 0.01)
    after, said = Afterwards(), list[str]()
    with after.act():
        await saying(after, said, "told")
    assert said == ["told"]


async def test_all_are_told_however_many_acted() -> None:
    after, said = Afterwards(), list[str]()
    with after.act():
        telling = [saying(after, said, str(number)) for number in range(3 * AT_ONCE)]
    await asyncio.gather(*telling)
    assert sorted(said) == sorted(str(number) for number in range(3 * AT_ONCE))


async def test_an_act_that_fails_is_over() -> None:
    after, said = Afterwards(), list[str]()
    with pytest.raises(LookupError), after.act():
        raise LookupError
    await saying(after, said, "told")
    assert said == ["told"]


async def test_what_cannot_be_told_does_not_stand_in_the_way() -> None:
    after, said = Afterwards(), list[str]()

    async def fail() -> None:
        raise LookupError

    for _ in range(2 * AT_ONCE):
        with pytest.raises(LookupError):
            await after.show(fail)
    await saying(after, said, "told")
    assert said == ["told"]
