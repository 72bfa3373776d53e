"""What somebody perhaps meant by a word that is not one of ours."""

from collections.abc import Iterable
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from bot.grammar.slots import Option
from bot.grammar.verbs import PHRASES, VERBS, glued


def verbs_like(words: Iterable[str], percent_min: int) -> tuple[str, ...]:
    """At most three verbs that look like the first words of a sentence, the likest first.

    Likeness is 100 x (1 - edits / longer length), an edit being a letter added, dropped or changed or two
    neighbours swapped (Damerau and Levenshtein).
    """
    heads = _heads(words)
    scores: dict[str, float] = {}
    for phrase, verb in PHRASES.items():
        score = max((_likeness(head, phrase) for head in heads), default=0.0)
        scores[verb.word] = max(scores.get(verb.word, 0.0), score)
    found = [word for word, score in sorted(scores.items(), key=lambda each: -each[1]) if score >= percent_min]
    begun = [verb.word for verb in VERBS if heads and verb.word.startswith(f"{heads[0]}-")]
    return tuple(dict.fromkeys((*found, *begun)))[:_SUGGESTIONS_MAX]


def options_like(said: str, options: Iterable[Option], percent_min: int) -> tuple[str, ...]:
    """At most three choices of a slot that look like what was said."""
    head = glued(said)
    scores = {
        str(each.value): max(_likeness(head, glued(phrase)) for phrase in (each.value, *each.phrases))
        for each in options
    }
    found = [value for value, score in sorted(scores.items(), key=lambda each: -each[1]) if score >= percent_min]
    return tuple(found[:_SUGGESTIONS_MAX])


_SUGGESTIONS_MAX: Final = 3
_WORDS_MAX: Final = 3
_LETTERS_PER_SLIP: Final = 4  # so that "why" is not taken for "who"


def _heads(words: Iterable[str]) -> list[str]:
    """The first word, the first two together and the first three together, as verbs are compared."""
    pieces = [glued(word) for word, _ in zip(words, range(_WORDS_MAX), strict=False)]
    return ["".join(pieces[:count]) for count in range(1, len(pieces) + 1) if "".join(pieces[:count])]


def _likeness(head: str, phrase: str) -> float:
    if not head or not phrase:
        return 0.0
    slips = DamerauLevenshtein.distance(head, phrase)
    longer = max(len(head), len(phrase))
    if slips > longer // _LETTERS_PER_SLIP:
        return 0.0
    return 100 * (1 - slips / longer)
