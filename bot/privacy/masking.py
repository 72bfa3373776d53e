"""Hides personal data from outsiders behind placeholders that stay the same through all of one question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.privacy.contacts import emails, ip_addresses
from bot.privacy.credentials import credentials
from bot.privacy.identifiers import bank_accounts, birth_dates, cards, government_ids, orders
from bot.privacy.known import KnownValue, known_values, phone_tail
from bot.privacy.phones import phones
from bot.privacy.reading import Find, key, read

REGIONS = ("DE", "US", "GB", "FR", "PL", "IN", "ES", "IT", "NL", "BR", "AU", "CH")
HELD_KINDS = ("card", "secret", "government id")
_RANK = ("secret", "card", "government id", "iban", "email", "order", "ip", "account", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open stretch of a text that will be hidden, in characters, and what it is."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """`text` as experts may see it, the kinds that were found in order of first appearance (each once), and
    those of them for which staff look at the question before anybody else does."""

    text: str
    kinds: tuple[str, ...]
    held: tuple[str, ...]


def mask(
    text: str,
    known: Sequence[KnownValue] = (),
    regions: Sequence[str] = REGIONS,
    earlier: Sequence[str] = (),
) -> Masked:
    """Hide known values of the customer and whatever looks personal.

    `regions` are the countries (ISO 3166 codes) whose national telephone numbers are recognised. `earlier` are
    the original texts of the question's earlier messages, oldest first: a value named in one of them keeps its
    placeholder. Masking twice changes nothing more.
    """
    numbers = _Numbering(known)
    for message in earlier:
        for find in _finds(message, known, regions):
            numbers.placeholder(find)
    pieces: list[str] = []
    done = 0
    found = _finds(text, known, regions)
    for find in found:
        pieces += text[done : find.start], numbers.placeholder(find)
        done = find.end
    kinds = tuple(dict.fromkeys(find.kind for find in found))
    return Masked(
        text="".join((*pieces, text[done:])),
        kinds=kinds,
        held=tuple(kind for kind in kinds if kind in HELD_KINDS),
    )


def spans(text: str, known: Sequence[KnownValue] = (), regions: Sequence[str] = REGIONS) -> tuple[Span, ...]:
    """Give the stretches of `text` that `mask` would hide, in order, for a preview."""
    return tuple(Span(start=find.start, end=find.end, kind=find.kind) for find in _finds(text, known, regions))


class _Numbering:
    """Which value has which number; the customer's own name is plain `<name>`."""

    def __init__(self, known: Sequence[KnownValue]) -> None:
        self._numbers: dict[str, dict[str, int]] = {}
        for one in known:
            if one.kind in _PLAIN:
                self._number(one.kind, key(one.value))

    def placeholder(self, find: Find) -> str:
        number = self._number(find.kind, find.value)
        name = find.kind.replace(" ", "-")
        return f"<{name}>" if find.kind in _PLAIN and number == 1 else f"<{name}-{number}>"

    def _number(self, kind: str, value: str) -> int:
        numbers = self._numbers.setdefault(kind, {})
        return numbers.setdefault(value, len(numbers) + 1)


def _finds(text: str, known: Sequence[KnownValue], regions: Sequence[str]) -> list[Find]:
    reading = read(text)
    if not reading.text:
        return []
    found = [*known_values(reading, known), *_detected(reading.text, regions)]
    taken = bytearray(len(reading.text))
    settled: list[Find] = []
    for find in sorted(found, key=_precedence):
        for start, end in _free(taken, find):
            taken[start:end] = b"\x01" * (end - start)
            first, last = reading.place(start, end)
            settled.append(Find(start=first, end=last, kind=find.kind, value=_same(find), known=find.known))
    return sorted(settled, key=lambda find: find.start)


def _detected(text: str, regions: Sequence[str]) -> Iterator[Find]:
    yield from credentials(text)
    yield from cards(text)
    yield from government_ids(text)
    yield from bank_accounts(text)
    yield from birth_dates(text)
    yield from emails(text)
    yield from orders(text)
    yield from ip_addresses(text)
    yield from phones(text, regions)


def _precedence(find: Find) -> tuple[int, int, int]:
    rank = _RANK.index(find.kind) if find.kind in _RANK else len(_RANK)
    if find.known and find.kind not in _PLAIN:
        rank = min(rank, 1)
    return rank, find.start - find.end, find.start


def _free(taken: bytearray, find: Find) -> list[tuple[int, int]]:
    if taken.find(1, find.start, find.end) < 0:
        return [(find.start, find.end)]
    if not find.known:
        return []
    # What is known is hidden to the last sign, even where something else begins inside it.
    parts: list[tuple[int, int]] = []
    place = find.start
    while place < find.end:
        if taken[place]:
            place += 1
            continue
        stop = taken.find(1, place, find.end)
        stop = find.end if stop < 0 else stop
        parts.append((place, stop))
        place = stop
    return parts


def _same(find: Find) -> str:
    match find.kind:
        case "secret":
            return find.value
        case "phone":
            return phone_tail(find.value)
        case _:
            return key(find.value)


_PLAIN = ("name", "company")
