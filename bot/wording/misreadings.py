"""What somebody is told whose sentence was not understood: what was heard, and what was perhaps meant."""

from bot.card import Button, Card, Tone
from bot.grammar import Misheard, Misread
from bot.ports import Facts
from bot.wording.catalogue import Tongue, tongue
from bot.wording.writer import Eyes, Writer, plain_name


def misread(heard: Misread, facts: Facts | None = None) -> Card:
    """Never a bare "error": what was not understood, the nearest things that would be, and where to look."""
    w = Writer(facts or Facts(now=0, company=""), Eyes.EXPERT, _tongue(facts))
    said = plain_name(heard.said) if heard.said else ""
    match heard.why:
        case Misheard.BAD_VALUE if not heard.slot:
            title = w.say("misread.too-much", verb=heard.verb, said=said)
        case Misheard.BAD_VALUE if not said:
            title = w.say("misread.bad-value.none", verb=heard.verb)
        case _:
            title = w.say(f"misread.{heard.why}", said=said, verb=heard.verb)
    body = _perhaps(w, heard)
    return w.card(title, body=body, tone=Tone.ALERT, buttons=(Button(label=w.say("button.help"), sentence="help"),))


def _perhaps(w: Writer, heard: Misread) -> str:
    if heard.suggestions:
        return w.say("misread.suggest", suggestions=_either(w, heard.suggestions))
    if heard.choices:
        return w.say("misread.choices", choices=_either(w, heard.choices))
    return w.say("misread.help") if heard.why is Misheard.UNKNOWN_VERB else ""


def _either(w: Writer, words: tuple[str, ...]) -> str:
    """`a, b or c`"""
    quoted = [f"'{plain_name(word)}'" for word in words]
    if len(quoted) == 1:
        return quoted[0]
    return f"{', '.join(quoted[:-1])} {w.say('misread.or')} {quoted[-1]}"


def _tongue(facts: Facts | None) -> Tongue:
    return tongue([facts.category.language] if facts is not None and facts.category else [])
