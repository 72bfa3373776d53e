"""How long people have waited for an answer lately: said only when enough of them did."""

from dataclasses import dataclass
from statistics import median
from typing import Final

from adapters.web.adapter import Web
from bot.model import Kind, Question, State
from bot.policy import HOUR_MS

_LAST: Final = 50
_ENOUGH: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Milliseconds from a question to its first answer: the median of the last ones, and the longest of this hour."""

    usual_ms: int
    worst_ms: int | None


async def recent_waits(web: Web) -> Waits | None:
    """None as long as too few questions were answered to say anything."""
    page = await web.views.questions(states=(State.ANSWERED, State.SOLVED), limit=_LAST)
    arrivals = [(at, at - each.asked_at) for each in page.rows if (at := _first_answer_at(each)) is not None]
    if len(arrivals) < _ENOUGH:
        return None
    an_hour_ago = web.now() - HOUR_MS
    return Waits(
        usual_ms=int(median(wait for _, wait in arrivals)),
        worst_ms=max((wait for at, wait in arrivals if at >= an_hour_ago), default=None),
    )


def _first_answer_at(question: Question) -> int | None:
    answers = (each.delivered_at for each in question.answers if each.kind is Kind.ANSWER)
    return min((at for at in answers if at is not None), default=None)
