"""What staff are told when a platform no longer lets us in, and when it does again."""

from bot.card import Card, Tone
from bot.model import Notice
from bot.wording.writer import Writer


def platform_lost(w: Writer, notice: Notice) -> Card:
    """Said once for each trouble: what it means for the work, and what mends it."""
    body = w.say("platform-lost-body", cure=w.first(f"cure.{notice.args.get('why')}", "cure.other"))
    return w.card(w.say("platform-lost", where=_where(w, notice)), body=body, tone=Tone.ALERT)


def platform_back(w: Writer, notice: Notice) -> Card:
    return w.card(w.say("platform-back", where=_where(w, notice)), tone=Tone.GOOD)


def _where(w: Writer, notice: Notice) -> str:
    return str(notice.args.get("where") or w.say("platform"))
