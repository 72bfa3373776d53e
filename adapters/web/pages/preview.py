"""What experts will see of a question, shown to its author before it is sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from adapters.web.wording import page_tongue
from bot.privacy import KnownValue, clean, mask

_PLACEHOLDER: Final = re.compile(
    r"<(?:secret|card|government-id|iban|email|order|ip|account|phone|name|company|address|username)(?:-\d+)?>"
)
# Beyond this nothing is accepted anyway.
_READ_CHARS: Final = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`text` is HTML; `hidden` and `held` are sentences, empty when there is nothing of the kind."""

    text: Markup
    hidden: str
    held: str


def preview_of(text: str, known: Sequence[tuple[str, str]]) -> Preview:
    """`known` are the customer's own values, (kind, value), as they will be masked."""
    masked = mask(clean(text)[:_READ_CHARS], tuple(KnownValue(kind=kind, value=value) for kind, value in known))
    return Preview(text=_marked(masked.text), hidden=_hidden(masked.kinds), held=_held(masked.held))


def _marked(text: str) -> Markup:
    pieces: list[str] = []
    done = 0
    for found in _PLACEHOLDER.finditer(text):
        pieces += [str(escape(text[done : found.start()])), f"<mark>{escape(found[0])}</mark>"]
        done = found.end()
    return Markup("".join((*pieces, str(escape(text[done:])))))


def _hidden(kinds: Sequence[str]) -> str:
    tongue = page_tongue()
    if not kinds:
        return tongue.say("preview.clean")
    return tongue.say("preview.hidden", kinds=_listed(kinds))


def _held(kinds: Sequence[str]) -> str:
    return page_tongue().say("preview.held", kinds=_listed(kinds)) if kinds else ""


def _listed(kinds: Sequence[str]) -> str:
    tongue = page_tongue()
    names = [f"kind.{kind.replace(' ', '-')}" for kind in kinds]
    return ", ".join(tongue.say(name if tongue.knows(name) else "kind.other") for name in names)
