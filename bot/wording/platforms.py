"""What staff are told when a platform no longer lets us in, and when it does again."""

from bot.card import Card, Tone
from bot.model import Notice
from bot.wording.writer import Writer


def platform_lost(w: Writer, notice: Notice) -> Card:
    """Said once for each trouble: what it means for the work, and what mends it."""
    where = str(notice.args["where"])
    body = w.say("platform-lost-body", cure=w.first(f"cure.{notice.args['why']}", "cure.other"))
    return w.card(w.say("platform-lost", where=where), body=body, tone=Tone.ALERT)


def platform_back(w: Writer, notice: Notice) -> Card:
    return w.card(w.say("platform-back", where=str(notice.args["where"])), tone=Tone.GOOD)
