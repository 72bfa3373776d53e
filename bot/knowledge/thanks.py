"""Tells a line that only says thank you from one that still wants something."""

import re
from typing import Final

_LONGEST_CHARS: Final = 80
_THANKS: Final = re.compile(
    r"\b(thanks?|thank\s*you|thx|ty|cheers|much\s+appreciated|merci|danke|gracias|grazie|obrigad[oa]|dzięki|dziękuję"
    r"|tack|takk|tak|kiitos|спасибо|ありがとう|谢谢)(?!\w)",
    re.IGNORECASE,
)
# Words that may stand around a thank-you without asking for anything.
_POLITE: Final = re.compile(
    r"\b(a|lot|so|very|much|many|again|all|for|the|your|quick|help|helping|answer|reply|it|that|this|is|was|works?|worked"
    r"|working|now|great|perfect|awesome|ok|okay|got|you|vielen|dank|beaucoup|muchas|mille|schön|team|and|really|good)\b",
    re.IGNORECASE,
)


def only_thanks(text: str) -> bool:
    """Whether nothing but thanks is said, in one of the common languages: then no clock and no state moves."""
    if len(text) > _LONGEST_CHARS or "?" in text or not _THANKS.search(text):
        return False
    rest = _POLITE.sub("", _THANKS.sub("", text))
    return not any(sign.isalnum() for sign in rest)
