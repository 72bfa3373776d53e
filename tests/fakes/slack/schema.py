"""A small language for saying what a JSON object may look like, with Slack's error texts and JSON pointers."""

from collections.abc import Callable, Iterator
from typing import Any

Problems = Iterator[str]
Check = Callable[[Any, str], Problems]


def problem(what: str, at: str) -> str:
    return f"{what} [json-pointer:{at}]"


def shape(name: str, needs: dict[str, Check], may: dict[str, Check] | None = None, *, typed: bool = True) -> Check:
    """An object with exactly these fields; `typed` ones carry their `type` as well."""
    known = needs | (may or {})

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, dict):
            yield problem("must be an object", at)
            return
        for field in sorted(set(needs) - set(value)):
            yield problem(f"missing required field: {field}", at)
        for field in sorted(set(value) - set(known) - ({"type"} if typed else set())):
            yield problem(f"no more fields allowed in {name}: {field}", at)
        for field, rule in known.items():
            if field in value:
                yield from rule(value[field], f"{at}/{field}")

    return check


def words(most: int, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, str):
            yield problem("must be a string", at)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", at)

    return check


def url(most: int = 3000) -> Check:
    def check(value: Any, at: str) -> Problems:
        yield from words(most)(value, at)
        if isinstance(value, str) and not value.startswith(("http://", "https://", "mailto:", "slack://")):
            yield problem("invalid url", at)

    return check


def flag(value: Any, at: str) -> Problems:
    if not isinstance(value, bool):
        yield problem("must be a boolean", at)


def whole(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> Problems:
        if isinstance(value, bool) or not isinstance(value, int):
            yield problem("must be an integer", at)
        elif not least <= value <= most:
            yield problem(f"must be between {least} and {most}", at)

    return check


def one_of(*values: str) -> Check:
    def check(value: Any, at: str) -> Problems:
        if value not in values:
            yield problem(f"must be one of {', '.join(values)}", at)

    return check


def many(rule: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, list):
            yield problem("must be an array", at)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield problem(f"no fewer than {least} items allowed", at)
        for place, item in enumerate(value):
            yield from rule(item, f"{at}/{place}")

    return check


def by_type(kinds: dict[str, Check], what: str) -> Check:
    """An object whose `type` says which rule it follows."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, dict):
            yield problem("must be an object", at)
        elif (rule := kinds.get(str(value.get("type", "")))) is None:
            yield problem(f"unsupported type of {what}: {value.get('type')!r}", f"{at}/type")
        else:
            yield from rule(value, at)

    return check


def either(*rules: Check) -> Check:
    """One of these; the problems told are those of the first when none fits."""

    def check(value: Any, at: str) -> Problems:
        told = [list(rule(value, at)) for rule in rules]
        if all(told):
            yield from told[0]

    return check


def anything(value: Any, at: str) -> Problems:
    yield from ()


def both(*rules: Check) -> Check:
    def check(value: Any, at: str) -> Problems:
        for rule in rules:
            yield from rule(value, at)

    return check


def at_least_one(*fields: str) -> Check:
    def check(value: Any, at: str) -> Problems:
        if isinstance(value, dict) and not any(value.get(field) for field in fields):
            yield problem(f"one of {', '.join(fields)} is required", at)

    return check


def not_both(first: str, second: str) -> Check:
    def check(value: Any, at: str) -> Problems:
        if isinstance(value, dict) and value.get(first) and value.get(second):
            yield problem(f"{first} and {second} cannot stand together", at)

    return check
