"""The lifecycle as documentation: a diagram of states and a table of who may do what, both read off the tables."""

import re
from collections.abc import Iterable
from typing import Final

from bot.commands import SendAnswer
from bot.lifecycle.moves import Move, Who
from bot.lifecycle.question import ACTIVE, QUESTION_MOVES
from bot.model import State


def verb_words(verb: type) -> str:
    """`staff please` for StaffPlease: a command's name as people write it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", "Answer" if verb is SendAnswer else verb.__name__).lower()


def verb_name(verb: type) -> str:
    """`hand-back` for HandBack: a command's name in receipts, the journal and programs. SendAnswer is "answer"."""
    return verb_words(verb).replace(" ", "-")


def diagram() -> str:
    """The states and what leads from one to the next, as a Mermaid state diagram.

    What may happen in every state before solved is drawn once, from a box of that name.
    """
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in QUESTION_MOVES:
        for outcome in sorted(move.outcomes):
            for before in _drawn_from(move):
                if before != outcome:
                    arrows.setdefault((before, outcome), []).append(verb_words(move.verb))
    lines = ["stateDiagram-v2", f'    state "any state before solved" as {_BEFORE_SOLVED}']
    for (before, after), verbs in sorted(arrows.items()):
        lines.append(f"    {before} --> {after}: {', '.join(dict.fromkeys(verbs))}")
    return "\n".join(lines)


_BEFORE_SOLVED: Final = "unsolved"


def _drawn_from(move: Move[State]) -> list[str]:
    if not move.when:
        return ["[*]"]
    if move.when >= ACTIVE:
        return [_BEFORE_SOLVED, *sorted(move.when - ACTIVE)]
    return sorted(move.when)


def moves_table() -> str:
    """Every row of the table as Markdown: verb, who, when, outcomes."""
    rows = ["| verb | who | when | outcome |", "|---|---|---|---|"]
    for move in QUESTION_MOVES:
        rows.append(
            f"| {verb_words(move.verb)} | {_who(move)} | {_states(move.when)} | {_states(move.outcomes) or 'same'} |"
        )
    return "\n".join(rows)


def _who(move: Move[State]) -> str:
    return ", ".join(str(who.name).lower() for who in Who if who in move.who)


def _states(states: Iterable[State]) -> str:
    chosen = set(states)
    if chosen == set(State):
        return "any"
    return ", ".join(state for state in State if state in chosen)
