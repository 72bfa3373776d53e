"""Judges questions and their lines by what a fake platform wrote down, never by what the product believes."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

NUMBERED = re.compile(r"\bLine (\d+) of (\w+)\b")  # words that say themselves where they belong


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that the product said for the first time. `thread` is the `ref` of the message that it stands under;
    `key` is what it carries to be known again, where it carries that; `alone` says that one person reads it."""

    channel: str
    ref: str
    text: str
    thread: str = ""
    key: str = ""
    alone: bool = False


@dataclass(slots=True)
class Verdict:
    """What was wrong, as sentences; and how much there was to get wrong."""

    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    too_early: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    posts: int = 0
    edits: int = 0
    faults: int = 0

    def __str__(self) -> str:
        counts = f"{self.posts} posts, {self.edits} edits, {self.faults} faults"
        wrong = f"lost {len(self.lost)}, doubled {len(self.doubled)}, out of order {len(self.disordered)}"
        return f"{counts}: {wrong}, before Retry-After {len(self.too_early)}, complaints {len(self.complaints)}"


def judge_all(found: Verdict, posts: Sequence[Said], questions: Iterable[str], lines: int) -> Verdict:
    """`questions` are words of which each question has its own, `lines` how many were written on each of them."""
    found.posts = len(posts)
    found.doubled += doubled(posts)
    for question in questions:
        _judge_question(found, posts, question, lines)
    return found


def doubled(posts: Sequence[Said]) -> list[str]:
    """By the key that a post carries, and, for those who carry none, by where it says what."""
    keys = Counter(each.key for each in posts if each.key)
    said = Counter(
        f"{found[0]} in {each.channel}"
        for each in posts
        if each.thread and (found := NUMBERED.search(each.text)) is not None
    )
    return [f"{what} {count} times" for counter in (keys, said) for what, count in counter.items() if count > 1]


def _judge_question(found: Verdict, posts: Sequence[Said], question: str, lines: int) -> None:
    """One card, and under it every line once, in the order in which they were written."""
    open_ones = [each for each in posts if not each.alone]
    cards = [each for each in open_ones if f"{question}." in each.text and not each.thread]
    if len(cards) != 1:
        (found.doubled if cards else found.lost).append(f"{len(cards)} cards for {question}")
    threads: defaultdict[str, list[int]] = defaultdict(list)
    for each in open_ones:
        said = NUMBERED.search(each.text)
        if each.thread and said is not None and said[2] == question:
            threads[f"{each.channel}/{each.thread}"].append(int(said[1]))
    wanted = list(range(1, lines + 1))
    for card in cards:
        there = threads.pop(f"{card.channel}/{card.ref}", [])
        found.lost += [f"line {each} of {question}" for each in wanted if each not in there]
        if there != sorted(there):
            found.disordered.append(f"{question}: {there}")
    found.disordered += [f"{question} beside its card: {there}" for there in threads.values()]


def all_is_well(found: Verdict) -> None:
    assert found.lost == []
    assert found.doubled == []
    assert found.disordered == []
    assert found.complaints == []
