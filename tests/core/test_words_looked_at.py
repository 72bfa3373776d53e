"""Words that people write are cleaned and masked on their way in, whatever verb carries them."""

from typing import Any

import pytest

from bot.app.preparing import Surroundings, prepared
from bot.grammar import VERBS, Kind, Verb, read
from bot.model import QuestionId, Words
from bot.privacy import KnownValue

CANARY = "Write to ann@example.org"
FILLED = {"message": "4", "reason": "other", "complaint": "did-not-work", "pay_percent": "100"}
WORDED = [verb for verb in VERBS if any(slot.kind in (Kind.TEXT, Kind.EDITS, Kind.REASON) for slot in verb.slots)]


@pytest.mark.parametrize("verb", WORDED, ids=lambda verb: verb.word)
def test_an_address_in_any_verbs_words_is_masked_for_outsiders(verb: Verb) -> None:
    worded = [slot.name for slot in verb.slots if slot.kind in (Kind.TEXT, Kind.EDITS, Kind.REASON)]
    values = FILLED | dict.fromkeys(worded, CANARY)
    command: Any = read(verb.word, question=QuestionId(7), values=values)
    around = Surroundings(known=(KnownValue(kind="email", value="ann@example.org"),))
    looked_at = prepared(command, around)
    for name in worded:
        words = getattr(looked_at, name)
        assert isinstance(words, Words)
        assert words.text == CANARY
        assert "ann@example.org" not in words.shown_text
