"""A person of a story who sits in a chat platform: what such people share, wherever they sit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.card import Button, Card
from bot.commands import Command
from bot.grammar import say, sentence_for, verb_of
from bot.grammar.slots import Kind
from bot.model import QuestionId
from bot.ports import Reply
from tests.world import Said, Someone

STAFF_VERBS: Final = frozenset({"staff-note"})  # not for a thread that experts read
NOTHING: Final = Reply(card=Card(title=""))  # what was done was not for the core
TYPED_KINDS: Final = frozenset({Kind.TEXT, Kind.LINE, Kind.CHOICE})


@dataclass(frozen=True, slots=True)
class SaidInChat(Said):
    """`seen` is all that appeared before this person alone, `offered` the buttons with it."""

    seen: str
    offered: tuple[Button, ...]

    @property
    def text(self) -> str:
        return self.seen

    @property
    def buttons(self) -> tuple[str, ...]:
        return tuple(each.sentence for each in self.offered)


@dataclass(slots=True)
class InChat(Someone):
    """Somebody who presses and fills in what the platform shows them."""

    def sees_button(self, wanted: str) -> bool:
        raise NotImplementedError

    async def presses(self, wanted: str) -> SaidInChat:
        raise NotImplementedError

    async def _fills(self, opener: str, question: QuestionId | None, values: Mapping[str, str]) -> Said | None:
        """By the form that the opener opens; None when the platform's client does not take the values."""
        raise NotImplementedError

    async def _presses_it(self, sentence: str, question: QuestionId | None, meaning: Command) -> Said | None:
        wanted = _as_button(meaning)
        return await self.presses(wanted) if wanted and self.sees_button(wanted) else None

    async def _fills_it(self, sentence: str, question: QuestionId | None, meaning: Command) -> Said | None:
        """By the form of a verb that wants words or a choice and nothing else."""
        verb, values = verb_of(meaning), {}
        if verb is None or question is None:
            return None
        for slot in verb.slots:
            value = getattr(meaning, slot.name, None)
            if slot.kind in TYPED_KINDS and value:
                values[slot.name] = str(getattr(value, "text", value))
            elif slot.kind is not Kind.MESSAGE and value:
                return None
        opens = any(slot.required and slot.kind is not Kind.MESSAGE for slot in verb.slots)
        if not opens or verb.word == "escalate":
            return None
        return await self._fills(sentence_for(verb.word, question, getattr(meaning, "message", None)), question, values)

    def sees(self) -> str:
        """All that the bot shows this person alone, in their own conversation."""
        return self.world.sees(self.home)


def _as_button(meaning: Command) -> str:
    """The sentence of a button that says exactly this; empty when it is words that no button carries."""
    try:
        return say(meaning)
    except AssertionError:
        return ""
