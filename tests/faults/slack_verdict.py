"""Judges by what the fake Slack wrote down, never by what the product believes."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack import FakeSlack

Line = Mapping[str, Any]  # as the fake wrote it
NUMBERED = re.compile(r"\bLine (\d+) of (\w+)\b")  # words that say themselves where they belong


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


def judge(slack: FakeSlack, questions: Iterable[str], lines: int) -> Verdict:
    """`questions` are words of which each question has its own, `lines` how many were written on each of them."""
    posts = [each for each in slack.applied if each["what"] == "posts"]
    found = Verdict(
        posts=len(posts),
        edits=sum(each["what"] == "updates" for each in slack.applied),
        faults=sum(slack.faults.met.values()),
        too_early=list(slack.too_early),
        complaints=list(slack.complaints),
    )
    found.doubled = doubled(posts)
    for question in questions:
        _judge_question(found, posts, question, lines)
    return found


def doubled(posts: Sequence[Line]) -> list[str]:
    """By the key that a post carries, and, for those who carry none, by where it says what."""
    keys = Counter(key for each in posts if (key := key_of(each)))
    said = Counter(
        f"{found[0]} in {each['channel']}"
        for each in posts
        if each["thread_ts"] and (found := NUMBERED.search(each["text"])) is not None
    )
    return [f"{what} {count} times" for counter in (keys, said) for what, count in counter.items() if count > 1]


def key_of(post: Line) -> str:
    return str(((post.get("metadata") or {}).get("event_payload") or {}).get("key", ""))


def _judge_question(found: Verdict, posts: Sequence[Line], question: str, lines: int) -> None:
    """One card, and under it every line once, in the order in which they were written."""
    cards = [each for each in posts if f"{question}." in each["text"] and not each["thread_ts"] and _is_open(each)]
    if len(cards) != 1:
        found.lost.append(f"{len(cards)} cards for {question}")
    threads: defaultdict[str, list[int]] = defaultdict(list)
    for each in posts:
        said = NUMBERED.search(each["text"])
        if each["thread_ts"] and said is not None and said[2] == question and _is_open(each):
            threads[f"{each['channel']}/{each['thread_ts']}"].append(int(said[1]))
    wanted = list(range(1, lines + 1))
    for card in cards:
        there = threads.pop(f"{card['channel']}/{card['ts']}", [])
        found.lost += [f"line {each} of {question}" for each in wanted if each not in there]
        if there != sorted(there):
            found.disordered.append(f"{question}: {there}")
    found.disordered += [f"{question} beside its card: {there}" for there in threads.values()]


def _is_open(post: Line) -> bool:
    """In a channel, and not in somebody's conversation with the bot."""
    return str(post["channel"]).startswith("C")
