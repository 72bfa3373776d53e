"""Every small card that offers what to do with words somebody has just written."""

from collections.abc import Iterator
from dataclasses import replace

from bot.card import Card
from bot.wording import crew_card, elsewhere_card, offer_card, which_card
from bot.wording.offers import Own
from tests.gallery import scenes as s

Shown = tuple[str, Card | None]


def offers() -> Iterator[Shown]:
    ana, ben, ann = s.PEOPLE[s.ANA], s.PEOPLE[s.BEN], s.PEOPLE[s.ANN]
    claimed, asked_back = s.facts(s.CLAIMED), s.facts(s.WAITING)
    yield "a line by the holder", offer_card(claimed, ana, answer=True, clarify=True, note=True)
    yield "a line while the customer is asked", offer_card(asked_back, ana, answer=False, clarify=False, note=True)
    yield "a line by staff", offer_card(claimed, ben, answer=True, clarify=False, note=True)
    yield "a line by somebody else", offer_card(claimed, s.PEOPLE[s.BO], answer=False, clarify=False, note=False)
    own = (
        Own(number=s.CLAIMED.id, asked=s.FIRST),
        Own(number=s.number("Q8M2"), asked=replace(s.FIRST, text="Why so?")),
        Own(number=s.number("QAAA"), asked=replace(s.FIRST, text="", redacted=True)),
    )
    nowhere = s.facts(None)
    yield "plain words of a customer", which_card(nowhere, ann, own)
    yield "plain words of an expert", crew_card(nowhere, ana, ())
    yield "plain words of staff who asked something", crew_card(nowhere, ben, own[:1])
    yield "words in somebody else's thread", elsewhere_card(claimed, s.CLAIMED.id, ann)
    yield "words of a stranger in a thread", elsewhere_card(claimed, s.CLAIMED.id, None)
