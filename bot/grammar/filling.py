"""Reads one slot at the beginning of what is left of a sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.decide.settings import SETTINGS
from bot.grammar.numbers import number_first
from bot.grammar.slots import Kind, Option, Slot
from bot.grammar.verbs import glued, verb_said
from bot.model import MONEY_UNITS, CategoryName, PersonId, Unit, Words, read_link_code

ME: Final = PersonId("@me")  # whoever is speaking
USUAL_UNIT: Final = Unit("USD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A slot's value for its command, how it was said, and what stands behind it."""

    value: object
    said: str
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """Something stands where the slot should, and it is not that."""

    said: str


def fill(
    slot: Slot, text: str, *, unit: Unit, alone: bool = False, people: Mapping[str, PersonId] = MappingProxyType({})
) -> Filled | Unfit | None:
    """What `slot` is at the beginning of `text`; None when nothing is there for it.

    `alone` says that nothing may follow in the sentence, so that a person's name can have spaces. Amounts are read
    in `unit`; `people` are those whom a platform names by a sign of its own.
    """
    text = text.strip()
    if not text:
        return None
    match slot.kind:
        case Kind.TEXT | Kind.REASON:
            return Filled(value=Words.plain(text), said=text)
        case Kind.LINE | Kind.WHY:
            return _line(text, _BECAUSE)
        case Kind.VALUE:
            return _line(text, _TO)
        case Kind.EDITS:
            return _edits(text)
        case Kind.CHOICE:
            return _choice(slot.options, text)
        case Kind.AMOUNT:
            return _amount(text, unit)
        case Kind.PERSON:
            return _mentioned(text, people) or _person(text, slot.required, alone)
        case kind:
            return _SHORT[kind](text)


def amount_said(text: str, unit: Unit) -> int | None:
    """Minor units of `unit` in "2.50", "2,50", "$2.50" or "1,000"; None when it is no amount in that unit."""
    per_major, sign = MONEY_UNITS.get(unit, (1, unit))
    plain = text.strip().casefold()
    for name in (unit, sign.strip()):
        plain = plain.removeprefix(name.casefold()).removesuffix(name.casefold()).strip()
    if not (match := _AMOUNT.fullmatch(plain)):
        return None
    whole, cents = match["whole"].replace(",", ""), match["cents"] or ""
    digits = len(str(per_major)) - 1
    if len(whole) > _AMOUNT_DIGITS_MAX or len(cents) > digits:
        return None
    return int(whole) * per_major + int(cents.ljust(digits, "0") or "0")


def option_said(options: tuple[Option, ...], text: str) -> tuple[str, int] | None:
    """The value of the choice that `text` begins with, and where it ends; the longest phrase wins."""
    ends = [match.end() for match, _ in zip(_PIECE.finditer(text[:_CHOICE_CHARS_MAX]), range(8), strict=False)]
    phrases = {glued(phrase): each.value for each in options for phrase in (each.value, *each.phrases)}
    for end in reversed(ends):
        value = phrases.get(glued(text[:end]))
        if value is not None and not text[end : end + 1].isalnum():
            return value, end
    return None


_AMOUNT: Final = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:[.,](?P<cents>[0-9]{1,2}))?")
_AMOUNT_DIGITS_MAX: Final = 9
_CHOICE_CHARS_MAX: Final = 80
_NAME_CHARS_MAX: Final = 80
_PIECE: Final = re.compile(r"[^\s\-‐-―_,:;.!?…\"“”„«»()/]+")
_BECAUSE: Final = re.compile(r"(?:because\b\s*+:?|reason\s*+:)\s*+", re.IGNORECASE)
_TO: Final = re.compile(r"(?:to\b|=|:)\s*+", re.IGNORECASE)
_EDITED: Final = re.compile(r"(?:with\s++)?(?:edits?|changes)\b\s*+:?\s*+|as\s*+:\s*+", re.IGNORECASE)
_PERSON: Final = re.compile(r"<@[^>\s]{1,80}>|@\"(?P<quoted>[^\"\n]{1,80})\"|p:[\w.-]{1,64}|@?[^\s,;:<>\"@]{1,80}")
_MESSAGE: Final = re.compile(r"(?:(?:message|number|no\.?)\s*+)?#?([0-9]{1,6})(?=[\s:.,;]|$)[:.,;]?", re.IGNORECASE)
_DURATION: Final = re.compile(
    r"(?:for\s++)?(?P<count>[0-9]{1,5}|an?(?=\s)|half\s++an(?=\s))?"
    r"(?:\s*+(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|w|m)"
    r"(?:\s*+(?P<more>[0-9]{1,2})(?:\s*+m(?:in)?)?)?)?(?!\w)",
    re.IGNORECASE,
)
_MINUTES_OF: Final = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_HOUR: Final = re.compile(
    r"(?:(?:from|to|until|till|and)\b|[-‐-―])?\s*+(?P<hour>[0-9]{1,2})(?::00|h)?(?:\s*+(?P<half>[ap]m))?(?!\w)",
    re.IGNORECASE,
)
_NO_HOURS: Final = {"off", "none", "never", "no"}  # equal hours mean none
_SLUG: Final = re.compile(r"([a-z0-9][a-z0-9_-]{0,39})(?=[\s,;:.]|$)[,;:.]?", re.IGNORECASE)
_CODE: Final = re.compile(r"[0-9a-z](?:[\s\-‐-―_.]{0,3}[0-9a-z]){7}(?!\w)", re.IGNORECASE)
_FIRST: Final = re.compile(r"\S{1,60}")


def _line(text: str, opening: re.Pattern[str]) -> Filled | None:
    match = opening.match(text)
    plain = text[match.end() :] if match else text
    return Filled(value=plain, said=plain) if plain else None


def _edits(text: str) -> Filled | Unfit | None:
    if not (match := _EDITED.match(text)):
        return None
    edited = text[match.end() :]
    return Filled(value=Words.plain(edited), said=edited) if edited else Unfit(said="")


def _choice(options: tuple[Option, ...], text: str) -> Filled | Unfit:
    if found := option_said(options, text):
        value, end = found
        return Filled(value=value, said=value, rest=text[end:].lstrip(" \t,:;.-"))
    return _unfit(text)


def _amount(text: str, unit: Unit) -> Filled | Unfit:
    words = re.sub(r"^to\s", "", text[:60], flags=re.IGNORECASE).split()
    for count in (2, 1):
        said = " ".join(words[:count])
        if len(words) >= count and (amount := amount_said(said, unit)) is not None:
            return Filled(value=amount, said=said, rest=" ".join(words[count:]) + text[60:])
    return _unfit(text)


def _mentioned(text: str, people: Mapping[str, PersonId]) -> Filled | None:
    plain = re.sub(r"^(?:to|for)\s++", "", text, flags=re.IGNORECASE)
    for start in (text, plain):
        for sign in sorted(people, key=len, reverse=True):
            rest = start[len(sign) :]
            if start.startswith(sign) and not (sign[-1:].isalnum() and rest[:1].isalnum()):
                return Filled(value=people[sign], said=f"p:{people[sign]}", rest=rest)
    return None


def _person(text: str, required: bool, alone: bool) -> Filled | Unfit | None:
    text = re.sub(r"^(?:to|for)\s++(?=[@<]|p:)", "", text, flags=re.IGNORECASE)
    match = _PERSON.match(text)
    if not match or match.group() == "@":
        return _unfit(text) if required else None
    said, rest = match.group(), text[match.end() :]
    if not said.startswith(("@", "<@", "p:")):
        if not required:
            return None
        said = f"@{said}"
    if alone and said.startswith("@") and not match["quoted"]:
        whole = " ".join((said + rest).split()) if len(rest) <= _NAME_CHARS_MAX else said
        said, rest = re.sub(r"(?: (?:please|now|too))+$", "", whole, flags=re.IGNORECASE), ""
    if match["quoted"]:
        return Filled(value=PersonId("@" + match["quoted"]), said=said, rest=rest)
    if said.startswith("p:"):
        return Filled(value=PersonId(said[2:]), said=said, rest=rest)
    return Filled(value=ME if said.casefold() == ME else PersonId(said), said=said, rest=rest)


def _message(text: str) -> Filled | None:
    if not (match := _MESSAGE.match(text)):
        return None
    return Filled(value=int(match[1]), said=match[1], rest=text[match.end() :])


def _duration(text: str) -> Filled | Unfit:
    match = _DURATION.match(text)
    if not match or not (match["count"] or match["unit"]):
        return _unfit(text)
    count, unit = (match["count"] or "1").casefold(), (match["unit"] or "m").casefold()[0]
    minutes = _MINUTES_OF[unit]
    minutes = minutes * int(count) if count.isdigit() else minutes // (2 if count.startswith("half") else 1)
    minutes += int(match["more"]) if match["more"] and unit == "h" else 0
    return Filled(value=minutes, said=match.group().strip(), rest=text[match.end() :])


def _hour(text: str) -> Filled | Unfit:
    if text.casefold() in _NO_HOURS:
        return Filled(value=0, said="0", rest="0")
    match = _HOUR.match(text)
    if not match:
        return _unfit(text)
    hour, half = int(match["hour"]), (match["half"] or "").casefold()
    if (half and not 1 <= hour <= 12) or hour > 24:
        return Unfit(said=match.group())
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour % 24
    return Filled(value=hour, said=str(hour), rest=text[match.end() :])


def _question(text: str) -> Filled | Unfit:
    number = number_first(re.sub(r"^(?:as|of)\s++", "", text, flags=re.IGNORECASE), before_words=False)
    if number is None or number.question is None:
        return _unfit(text)
    return Filled(value=number.question, said=number.said, rest=number.rest)


def _category(text: str) -> Filled | Unfit:
    if not (match := _SLUG.match(text)):
        return _unfit(text)
    return Filled(value=CategoryName(match[1].casefold()), said=match[1], rest=text[match.end() :])


def _categories(text: str) -> Filled | Unfit:
    names = re.sub(r"[,;]|\b(?:in|for|and)\b", " ", text[:1000], flags=re.IGNORECASE).split()
    if not all(_SLUG.fullmatch(name) for name in names) or len(text) > 1000:
        return _unfit(text)
    categories = tuple(dict.fromkeys(CategoryName(name.casefold()) for name in names))
    return Filled(value=categories, said=text)


def _setting(text: str) -> Filled | Unfit:
    found = option_said(tuple(Option(value=name) for name in SETTINGS), text)
    if not found:
        return _unfit(text)
    name, end = found
    return Filled(value=name, said=name, rest=text[end:].lstrip(" \t\r\n:="))


def _verb(text: str) -> Filled | Unfit:
    verb = verb_said(text) if len(text) <= _CHOICE_CHARS_MAX else None
    return Filled(value=verb.word, said=verb.word) if verb else _unfit(text)


def _code(text: str) -> Filled | Unfit:
    match = _CODE.match(text)
    code = read_link_code(match.group()) if match else None
    if match is None or code is None:
        return _unfit(text)
    return Filled(value=code, said=code, rest=text[match.end() :])


def _percent(text: str) -> Filled | Unfit:
    match = re.fullmatch(r"([0-9]{1,3})\s*+%?", text[:20])
    if not match or int(match[1]) > 100:
        return _unfit(text)
    return Filled(value=int(match[1]), said=match[1])


def _unfit(text: str) -> Unfit:
    match = _FIRST.search(text)
    return Unfit(said=match.group() if match else "")


_SHORT: Final[dict[Kind, Callable[[str], Filled | Unfit | None]]] = {
    Kind.MESSAGE: _message,
    Kind.DURATION: _duration,
    Kind.HOUR: _hour,
    Kind.QUESTION: _question,
    Kind.CATEGORY: _category,
    Kind.CATEGORIES: _categories,
    Kind.SETTING: _setting,
    Kind.VERB: _verb,
    Kind.PERCENT: _percent,
    Kind.CODE: _code,
}
