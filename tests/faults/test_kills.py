"""Nothing is lost and nothing is said twice, wherever the product dies."""

import ast
from collections import Counter
from pathlib import Path

import bot.courier
from tests.faults.chat_day import Day as ChatDay
from tests.faults.rehearsing import Day, Kill, kills_at, rehearse

COURIER = Path(bot.courier.__file__).parent
AROUND = ("before hear", "after hear", "before commit", "after commit")  # where the program itself is told
OFF_THE_WAY = frozenset({"card", "lines"})  # only asked for when somebody deletes a thread
OUTSIDE = frozenset({"_store", "views", "_views", "render", "adapter"})


def steps_named() -> dict[str, int]:
    """The names in the courier's own code, with the line that names them."""
    return {
        call.args[1].value: call.lineno
        for tree in trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "stepping"
        and isinstance(call.args[1], ast.Constant)
        and isinstance(call.args[1].value, str)
    }


def trees() -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(COURIER.glob("*.py"))]


def steps() -> list[str]:
    names = [name for name in steps_named() if name not in OFF_THE_WAY]
    return [*AROUND, "within record", *(f"{side} {name}" for name in names for side in ("before", "after"))]


def test_every_wait_for_the_outside_between_taking_and_recording_is_a_step() -> None:
    """A new await on the way of a post, without a name, would be a place where nobody ever died."""
    unnamed = [
        f"{ast.unparse(each)}"
        for tree in trees()
        for function in ast.walk(tree)
        if isinstance(function, ast.AsyncFunctionDef) and function.name not in {"run", "recover", "flush"}
        for each in ast.walk(function)
        if isinstance(each, ast.Await) and touches_outside(each.value) and not is_stepping(each.value)
    ]
    assert unnamed == []
    assert {"take", "render", "find", "put", "remove", "record"} <= steps_named().keys()


def touches_outside(value: ast.expr) -> bool:
    return any(
        (isinstance(each, ast.Attribute) and each.attr in OUTSIDE)
        or (isinstance(each, ast.Name) and each.id in OUTSIDE)
        for call in ast.walk(value)
        if isinstance(call, ast.Call)
        for each in ast.walk(call.func)
    )


def is_stepping(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "stepping"


async def test_a_day_with_kills_loses_nothing_and_says_nothing_twice(tmp_path: Path, proofs: bool) -> None:
    kills = list(kills_at(steps(), 200 if proofs else 15, seed=11))
    day = await rehearse(tmp_path, kills, seed=11)
    print(table(day))
    assert day.verdict.lost == []
    assert day.verdict.doubled == []
    assert day.verdict.stale == []
    assert day.verdict.money == []
    assert day.stopped_in_order
    assert day.verdict.answers >= 5, "too little happened to prove anything"
    assert sum(at_step for _, at_step in day.kills) >= len(kills) // 3, "too few died where they should"


async def test_the_naive_sender_fails_the_same_day(tmp_path: Path, proofs: bool) -> None:
    """The control: a day that does not catch this sender proves nothing about the other."""
    kills = list(kills_at(("after hear", "before commit"), 40 if proofs else 3, seed=11))
    day = await rehearse(tmp_path, [*kills, Kill(after_lines=150)], seed=11, naive=True)
    print(table(day))
    assert day.verdict.doubled != []


def table(day: Day | ChatDay) -> str:
    died = Counter((kill.step or "at random", at_step) for kill, at_step in day.kills)
    rows = [
        f"  {step:<16} {'killed there' if there else 'killed from outside':<20} {count:>4}"
        for (step, there), count in sorted(died.items())
    ]
    return "\n".join([f"\n{len(day.kills)} kills, {day.verdict}", *rows])
