"""What people read about verbs where a platform has commands of its own: one line each, and one for each option."""

from typing import Final

from bot.grammar import Kind, Slot, Verb
from bot.policy import Policy
from bot.ports import Facts
from bot.wording.catalogue import Tongue, tongue_with
from bot.wording.verb_words import verb_tongue
from bot.wording.writer import Eyes, Writer

_DEFAULTS: Final = Policy()
# A form has a hint under each entry. These kinds are not understood without it.
_HINTED: Final = frozenset({Kind.MESSAGE, Kind.DURATION, Kind.VALUE})


def verb_line(verb: Verb, policy: Policy = _DEFAULTS) -> str:
    """Help's line of the verb, as a sentence that stands alone."""
    if _own().knows(f"command.{verb.word}"):
        return command_line(f"command.{verb.word}")
    said = _writer(policy).say(f"verb.{verb.word}")
    return said[0].upper() + said[1:]


def slot_line(verb: Verb, slot: Slot, policy: Policy = _DEFAULTS) -> str:
    """What to fill in for one thing the verb wants: what its form would ask, and where that says too little, how."""
    own = _own()
    for key in (f"option.{verb.word}.{slot.name}", f"option.{slot.name}"):
        if own.knows(key):
            return own.say(key)
    w = _writer(policy)
    asked = w.first(f"entry.{verb.word}.{slot.name}", f"entry.{slot.name}")
    hints = [f"hint.{verb.word}.{slot.name}", f"hint.{slot.name}"]
    hint = next((key for key in hints if w.tongue.knows(key)), None)
    return f"{asked} {w.say(hint)}" if hint and slot.kind in _HINTED else asked


def choice_line(verb: Verb, slot: Slot, value: str) -> str:
    """What one choice means."""
    return _writer(_DEFAULTS).first(f"choice.{verb.word}.{value}", f"choice.{slot.name}.{value}")


def command_line(key: str) -> str:
    """A sentence about commands that no verb has: `command.ask`, `group.staff`, `option.number`, `menu.redact`."""
    return _own().say(key)


def _own() -> Tongue:
    return tongue_with("commands")


def _writer(policy: Policy) -> Writer:
    return Writer(Facts(now=0, company="", policy=policy), Eyes.EXPERT, verb_tongue())
