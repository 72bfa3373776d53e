"""What any person's text becomes before it is stored: readable, storable, and without anything that hides."""

import re
import unicodedata

_BLANK_LINES = 3
_MARKS_IN_A_ROW = 8


def clean(text: str) -> str:
    """Return `text` without what cannot be stored or cannot be seen; clean text comes back unchanged.

    Removed are control characters, bidirectional controls, zero-width and other invisible characters, tag
    characters and characters Unicode will never assign. Joiners stay inside emoji and in scripts that are
    written with them, a variation selector stays behind a sign it can vary. A lone surrogate becomes U+FFFD.
    Every kind of line end (form feed, NEL and the Unicode separators too) becomes `\\n`, lines lose their
    trailing spaces, more than three blank lines become three, and the result is in NFC. A letter keeps at
    most eight combining marks (more paint over the neighbouring lines, and sorting them is quadratic work).
    Never raises.
    """
    text = _LINE_END.sub("\n", _whole(text))
    text = _INVISIBLE.sub("", _FLAG_OR_TAGS.sub(_flag, text))
    if not text.isascii():
        text = _composed(_HINTS.sub(_useful_hint, _composed(text)))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _MANY_BLANK_LINES.sub("\n" * (_BLANK_LINES + 1), text).strip("\n")


def _whole(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", _SURROGATE_PAIR.sub(_joined, text))


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _flag(found: re.Match[str]) -> str:
    return found["flag"] or ""


def _composed(text: str) -> str:
    return _few_marks(unicodedata.normalize("NFC", _few_marks(text)))


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)


def _useful_hint(run: re.Match[str]) -> str:
    text = run.string
    before = text[run.start() - 1 : run.start()]
    after = text[run.end() : run.end() + 1]
    if not before:
        return ""
    first = run[0][0]
    selector = first if first not in _JOINERS and _varies(before, first, after) else ""
    joiner = next((sign for sign in run[0] if sign in _JOINERS), "")
    return selector + (joiner if joiner and _joins(before, joiner, after) else "")


def _varies(before: str, selector: str, after: str) -> bool:
    if selector in _MONGOLIAN_SELECTORS:
        return "\u1800" <= before <= "\u18af"
    if selector >= "\U000e0100":
        return unicodedata.name(before, "").startswith("CJK")
    if before.isascii():
        return before in "0123456789#*" and after == "\u20e3"
    return not unicodedata.category(before).startswith(("M", "Z"))


def _joins(before: str, joiner: str, after: str) -> bool:
    if _JOINED_SCRIPT.match(before):
        return unicodedata.category(before)[0] in "LM"
    return joiner == "\u200d" and _is_emoji(before) and _is_emoji(after)


def _is_emoji(sign: str) -> bool:
    return bool(sign) and not sign.isascii() and unicodedata.category(sign) in ("So", "Sk", "Sm")


_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MANY_BLANK_LINES = re.compile(rf"\n{{{_BLANK_LINES + 2},}}")

# The three flags that Unicode recommends are the only honest use of tag characters.
_FLAG_OR_TAGS = re.compile(
    "(?P<flag>\U0001f3f4\U000e0067\U000e0062"
    "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f)"
    "|[\U000e0000-\U000e007f]"
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)
_JOINERS = "\u200c\u200d"
_MONGOLIAN_SELECTORS = "\u180b\u180c\u180d\u180f"
_HINTS = re.compile(f"[{_JOINERS}{_MONGOLIAN_SELECTORS}\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_JOINED_SCRIPT = re.compile(
    "[\u0600-\u07bf\u07c0-\u07ff\u0840-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aaf"
    "\u1b00-\u1c4f\ua840-\ua8ff\ua980-\ua9df\uaa00-\uaa5f\uabc0-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00010a5f\U00011000-\U000114df\U00011580-\U0001183f\U0001e900-\U0001e95f]"
)
