"""Every card about being one person on several platforms: the code, what came of it, and why not."""

from collections.abc import Iterator

from bot.card import Card
from bot.change import Reason
from bot.model import Notice, PostKind, direct_place
from bot.wording import card, link_code_card
from tests.gallery import scenes as s
from tests.gallery.answers import done, no

Shown = tuple[str, Card | None]
CODE = "7F3K-92RX"


def linking() -> Iterator[Shown]:
    yield "a code", link_code_card(s.facts(None), s.ANN, CODE)
    yield "a code for somebody new", link_code_card(s.facts(None, people={}), s.ANN, CODE)
    rich: dict[str, str | int] = {"pending USD": 140, "payable USD": 1250, "paid JPY": 300, "points points": 25}
    everything = {**rich, "asked": 1, "held": 2, "there": "slack"}
    yield "joined, with everything", done("link", None, s.ANA, person=s.ANA, args=everything)
    yield "joined, others", done("link", None, s.ANA, person=s.ANA, args={"asked": 2, "held": 1, "there": "discord"})
    yield "joined, nothing there", done("link", None, s.ANN, person=s.ANN, args={"asked": 0, "held": 0, "there": "web"})
    yield "told where the code was made", _told("discord")
    yield "told, elsewhere", _told("matrix")
    yield "no such code", no(Reason.NO_SUCH_CODE, "link", None, s.ANN, limit=10)
    yield "own code", no(Reason.OWN_CODE, "link", None, s.ANN)
    yield "too many codes", no(Reason.TOO_MANY_CODES, "link", None, s.ANN, limit=5, at=s.NOW + 60_000)
    yield "staff say a code", no(Reason.STAFF_CODE, "link", None, s.BEN)


def _told(platform: str) -> Card | None:
    home = direct_place("web", "ana")
    line = Notice(
        recipient=home, slot="linked", kind=PostKind.LINE, about="linked", person=s.ANA, args={"platform": platform}
    )
    return card(line, s.facts(None))
