"""Telephone numbers in a reading, told from dates, versions and the many other numbers people write."""

import re
from collections.abc import Iterator, Sequence

import phonenumbers
from stdnum import isbn

from bot.privacy.reading import Find

_LOOKUPS = 3000


def phones(text: str, regions: Sequence[str]) -> Iterator[Find]:
    """Find numbers that are valid in international form, or in one of `regions` with some sign of being meant.

    A sign is a trunk zero, a way of grouping that telephones have, or a word such as "call" before it; digits
    alone are no phone number. The value is the last eight digits, so that national and international forms of
    one number are equal. After 3,000 look-ups in one text the sign alone decides, which keeps the work linear.
    """
    judge = _Judge(regions)
    for found in _CANDIDATE.finditer(text):
        if _part_of_something(text, found.start()):
            continue
        cue = bool(_CUE.search(text[max(0, found.start() - 48) : found.start()]))
        yield from _within(found, cue, judge)


def _within(found: re.Match[str], cue: bool, judge: "_Judge") -> Iterator[Find]:
    text = found.string
    groups = [(found.start() + part.start(), found.start() + part.end()) for part in _GROUP.finditer(found[0])]
    first = 0
    while first < len(groups):
        last = _longest(text, groups, first, cue, judge)
        if last is None:
            first += 1
            continue
        start, end = groups[first][0], groups[last][1]
        digits = _digits(text[start:end])
        yield Find(start=start, end=end, kind="phone", value=digits[-8:])
        first = last + 1


def _longest(text: str, groups: list[tuple[int, int]], first: int, cue: bool, judge: "_Judge") -> int | None:
    # A person's number may stand between other numbers ("12 07911 123456 2"), but not deep among them.
    last = first
    digits = 0
    fitting: list[int] = []
    while last < len(groups) and digits + groups[last][1] - groups[last][0] <= 21:
        digits += len(_digits(text[groups[last][0] : groups[last][1]]))
        if 7 <= digits <= 15:
            fitting.append(last)
        last += 1
    for end in reversed(fitting[-4:]):
        if not _stands_apart(text, groups, first, end):
            continue
        if judge.accepts(text[groups[first][0] : groups[end][1]], cue):
            return end
    return None


def _stands_apart(text: str, groups: list[tuple[int, int]], first: int, end: int) -> bool:
    before = text[groups[first - 1][1] : groups[first][0]] if first else " "
    after = text[groups[end][1] : groups[end + 1][0]] if end + 1 < len(groups) else " "
    return not before.strip(" \t()") and not after.strip(" \t()/")


class _Judge:
    def __init__(self, regions: Sequence[str]) -> None:
        self._regions = tuple(regions)
        self._left = _LOOKUPS

    def accepts(self, written: str, cue: bool) -> bool:
        digits = _digits(written)
        if written.startswith(("+", "(+")):
            return self._international(written, digits, cue)
        if digits.startswith("00") and len(digits) >= 10 and self._international("+" + digits[2:], digits, cue):
            return True
        if _is_other_number(written, digits):
            return False
        meant = cue or (digits[0] == "0" and len(digits) >= 9 and digits[1] != "0" and not _DOTTED.fullmatch(written))
        shaped = bool(_SHAPE.fullmatch(written))
        if not (meant or shaped):
            return False
        if self._left <= 0:
            return True
        if cue and (len(digits) <= 13 and len(digits) >= 7):
            return True
        return self._national(written, mobile_only=not meant and bool(_MOBILE_SHAPE.fullmatch(written)))

    def _international(self, written: str, digits: str, cue: bool) -> bool:
        self._left -= 1
        if self._left <= 0:
            return len(digits) >= 8
        try:
            number = phonenumbers.parse(written, None)
        except phonenumbers.NumberParseException:
            return False
        if phonenumbers.is_valid_number(number):
            return True
        separated = bool(re.search(r"\d[ ().\-/]+\d", written))
        return (separated or cue) and phonenumbers.is_possible_number(number)

    def _national(self, written: str, *, mobile_only: bool) -> bool:
        for region in self._regions:
            self._left -= 1
            try:
                number = phonenumbers.parse(written, region)
            except phonenumbers.NumberParseException:
                continue
            if not phonenumbers.is_valid_number_for_region(number, region):
                continue
            if not mobile_only or phonenumbers.number_type(number) in _MOBILE:
                return True
        return bool(_NANP_SHAPE.fullmatch(written))


def _part_of_something(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start]
    if not before or before.endswith(("wa.me/", "tel:")):
        return False
    return before[-1] in "#%&?$\u20ac\u00a3/.-_" or before[-1].isalnum() or bool(re.search(r"\d[,:]$", before))


def _is_other_number(written: str, digits: str) -> bool:
    if _DATE.search(written) or _DECIMAL.fullmatch(written):
        return True
    if set(digits) <= set("01") or len(set(digits)) == 1:
        return True
    return "-" in written and written.count("-") >= 3 and isbn.is_valid(digits)


def _digits(written: str) -> str:
    return "".join(sign for sign in written if sign.isdigit())


_CANDIDATE = re.compile(r"(?<![\d])(?:\(?\+ ?|\()?\d(?:[ \t]?[ \t().\-/]{0,2}\d){6,}+(?!\w)")
_GROUP = re.compile(r"(?:\(?\+ ?|\()?\d++")
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d([-/. ])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d(?!\d)|^\d{1,2}([-/.])\d{1,2}\3\d{2}(?![.\d])"
    r"|^(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d$"
)
_DECIMAL = re.compile(r"\d+\.\d+")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,3}")
_NANP_SHAPE = re.compile(r"(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])\d{3}[-.]\d{4}")
_MOBILE_SHAPE = re.compile(r"\d{3}([ -])\d{3}\1\d{3}|\d{3}([ .-])\d{3}\2\d{4}|\d{5}[ -]\d{5}")
_SHAPE = re.compile(
    rf"{_NANP_SHAPE.pattern}|\d{{3}}([ -])\d{{3}}\1\d{{3}}|\d{{3}}([ .-])\d{{3}}\2\d{{4}}"
    rf"|\d{{5}}[ -]\d{{5}}"
    r"|\(\d{2,5}\)[ -]?\d[\d -]{4,10}\d|\d(?: \d){8,12}|0\d(?:[. -]\d\d){4}"
)
_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
_CUE = re.compile(
    r"(?:(?<![^\W_])(?:call(?:ing)?|phone(?!\s*version)|mobile|cell|tel|fax|whats ?app|sms|text|ring|dial"
    r"|reach|my number(?:'s)?|contact|signal|telegram"
    r"|telefon\w*|handy\w*|mobil|rufen sie|anruf\w*|t\u00e9l(?:\u00e9phone)?|portable|appel\w*|m\u00f3vil"
    r"|celular|tel[e\u00e9]fono?|telefone"
    r"|ll\u00e1m\w*|cellulare|chiam\w*|bel(?:len)?|komórk\w*|numer telefonu|zadzwo\w*|dzwo\w*"
    r"|mi n\u00famero|meine nummer|mon num\u00e9ro"
    r"|\u0442\u0435\u043b|\u0442\u0435\u043b\u0435\u0444\u043e\u043d\w*|\u0437\u0432\u043e\u043d\w*)"
    r"|\u7535\u8bdd|\u96fb\u8a71|\u624b\u673a|wa\.me/)"
    r"(?:[ \t:.=,]|\b(?:me|us|back|him|her|on|at|is|number|nummer|no|nr|num\u00e9ro|n\u00famero|numer|ist"
    r"|est|es|to|under|unter|au|al|and|or|please"
    r"|my|the|mich|moi|sie|pod|m\u00f3j|mi|mon|\u0438\u043b\u0438)\b){0,7}$",
    re.I,
)
