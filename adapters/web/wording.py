"""Sentences on pages: the pages' own sheet, and cards' texts with their moments as times that browsers localise."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from markupsafe import Markup, escape

from bot.card import Moment, moment_sign
from bot.wording import moment_text
from bot.wording.catalogue import Tongue, tongue_with


def page_tongue(languages: Iterable[str] = ()) -> Tongue:
    """The first of these languages that the product speaks, or English, with what it says on pages."""
    return tongue_with("pages", languages)


def timed(text: str, moments: Sequence[Moment], now: int, timezone: str, language: str = "en") -> Markup:
    """Our own text as HTML, each moment in it a `<time>`: right without a script, local with one."""
    html = str(escape(text))
    for position, moment in enumerate(moments):
        html = html.replace(moment_sign(position), _time(moment, now, timezone, language))
    return Markup(html)


def time_of(at: int, style: str, now: int, timezone: str, language: str = "en") -> Markup:
    return Markup(_time(Moment(at=at, style=style), now, timezone, language))


def _time(moment: Moment, now: int, timezone: str, language: str) -> str:
    at = datetime.fromtimestamp(moment.at / 1000, UTC).isoformat(timespec="seconds")
    words = escape(moment_text(moment, now, timezone, language))
    return f'<time datetime="{at}" data-style="{escape(moment.style)}">{words}</time>'
