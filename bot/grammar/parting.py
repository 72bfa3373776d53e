"""Takes a sentence apart: what stands before the verb, the verb, and the reasons at its end."""

import re
from typing import Final

from bot.grammar.slots import Kind
from bot.grammar.verbs import PHRASES, Verb, glued


def opened(sentence: str) -> str:
    """The sentence without what people and keyboards put in front of it: `/hall`, `!`, `@guildhall`, a quote."""
    start = _BEFORE.match(sentence)
    text = sentence[start.end() if start else 0 :].rstrip()
    for opening, closing in _QUOTES:
        if start and opening in start.group() and text.endswith(closing) and text.count(closing) == 1:
            return text[:-1].rstrip()
    return text


def verb_first(text: str) -> tuple[Verb, str] | None:
    """The verb that `text` begins with, the longest that fits, and what stands behind it."""
    for end in reversed(_phrase_ends(text)):
        verb = PHRASES.get(glued(text[:end]))
        if verb and not _INSIDE_WORD.match(text, end):
            behind = _AFTER_VERB.match(text, end)
            return verb, text[behind.end() if behind else end :].strip()
    return None


def words_of(text: str) -> list[str]:
    """The first few words, without punctuation."""
    return [match.group() for match in _pieces(text)]


def parted(verb: Verb, text: str) -> tuple[str, dict[str, str]]:
    """`text` without the parts at its end that a cue introduces, and those parts by slot.

    A cue is a line that begins with "reason:", "because:" or "pay:"; or, where there is no such line, the last
    "because:" or "reason:" within one. About categories, whose values are short, "because" needs no colon.
    """
    cuts: list[tuple[int, int, str]] = []
    for slot in verb.slots:
        match slot.kind:
            case Kind.PERCENT:
                found = _last(_PAY_LINE, text)
            case Kind.REASON:
                found = _last(_REASON_LINE, text) or _last(_REASON_INLINE, text)
            case Kind.WHY:
                found = _last(_REASON_LINE, text) or _last(_REASON_INLINE, text) or _last(_BECAUSE, text)
            case _:
                continue
        if found:
            cuts.append((found.start(), found.end(), slot.name))
    if not cuts:
        return text, {}
    cuts.sort()
    ends = [start for start, _, _ in cuts[1:]] + [len(text)]
    parts = {name: text[start:end].strip() for (_, start, name), end in zip(cuts, ends, strict=True)}
    return text[: cuts[0][0]].strip(), parts


# White space, control characters and marks that are not seen: a right-to-left override, a byte order mark.
_UNSEEN: Final = r"\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_BEFORE: Final = re.compile(
    rf"[{_UNSEEN}\"'“”„‘’«»`/!]*+(?:@?(?:guildhall|hall)(?=[\s:,]|$)[{_UNSEEN}\"'“”„‘’«»`:,/!]*+)?", re.IGNORECASE
)
_QUOTES: Final = ('""', "''", "“”", "„“", "‘’", "«»", "``")
_PIECE: Final = re.compile(r"[^\s\-‐-―_,:;.!?…\"“”„«»()/]+")
_PIECES_MAX: Final = 4
_JOINT: Final = re.compile(r"[\s\-‐-―_,]*")  # what may stand between the words of one verb
_VERB_WORD: Final = re.compile(r"[\w+'’‘\u200b-\u200f\u202a-\u202e\u2060-\u2069]+")
_HEAD_CHARS_MAX: Final = 80
_INSIDE_WORD: Final = re.compile(r"[\w‐-―+'’-]")
_AFTER_VERB: Final = re.compile(r"[\"'”’»`]?[:,;.!?…]*+")
_REASON_LINE: Final = re.compile(r"^[ \t]*+(?:reason|because)[ \t]*+:", re.IGNORECASE | re.MULTILINE)
_PAY_LINE: Final = re.compile(
    r"^[ \t]*+pay[ \t]*+:?(?=[ \t]*+[0-9]{1,3}[ \t]*+%?[ \t]*+$)", re.IGNORECASE | re.MULTILINE
)
_REASON_INLINE: Final = re.compile(r"(?<=\s)(?:reason|because)\s?:(?=\s)", re.IGNORECASE)
_BECAUSE: Final = re.compile(r"(?<![^\s])because(?=\s)", re.IGNORECASE)


def _phrase_ends(text: str) -> list[int]:
    """Where a verb of one, two, three ... words would end."""
    ends: list[int] = []
    for match in _pieces(text):
        between = text[ends[-1] if ends else 0 : match.start()]
        if not _JOINT.fullmatch(between) or not _VERB_WORD.fullmatch(match.group()):
            break
        ends.append(match.end())
    return ends


def _pieces(text: str) -> list[re.Match[str]]:
    found = _PIECE.finditer(text[:_HEAD_CHARS_MAX])
    return [match for match, _ in zip(found, range(_PIECES_MAX), strict=False)]


def _last(cue: re.Pattern[str], text: str) -> re.Match[str] | None:
    last = None
    for match in cue.finditer(text):
        last = match
    return last
