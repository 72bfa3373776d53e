"""Judges a day by what the remote wrote down, not by what the product believes."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.market.audit import audit
from bot.model import Place
from storage import open_store

TEXTS = frozenset({"answer", "clarify", "correction"})
Line = dict[str, Any]  # as the remote wrote it


@dataclass(slots=True)
class Verdict:
    """What was wrong, as sentences; and how much there was to get wrong."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    money: list[str] = field(default_factory=list)
    asked: int = 0
    posted: int = 0
    edited: int = 0
    answers: int = 0

    def __str__(self) -> str:
        counts = f"{self.asked} asked, {self.posted} posts, {self.edited} edits, {self.answers} texts to customers"
        wrong = f"lost {len(self.lost)}, doubled {len(self.doubled)}, stale {len(self.stale)}, money {len(self.money)}"
        return f"{counts}: {wrong}"


def spoken(log: Path) -> list[Line]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


async def judge(lines: list[Line], database: Path) -> Verdict:
    posts = [line for line in lines if line["did"] == "post"]
    found = Verdict(
        asked=sum(line["did"] == "acknowledge" and line["kind"] == "ask" for line in lines),
        posted=len(posts),
        edited=sum(line["did"] == "edit" for line in lines),
        answers=sum(line["tag"]["about"] in TEXTS for line in posts),
    )
    found.doubled = _doubled(posts)
    found.lost = _lost(lines, posts)
    found.stale = [*_gone_back(lines), *await _not_shown(lines, database)]
    found.money = await _money(database)
    return found


def _doubled(posts: list[Line]) -> list[str]:
    """Nothing is said twice: by the key it carries, by its place on the screen, and by what a customer reads."""
    keys = Counter(f"key {line['tag']['key']}" for line in posts)
    slots = Counter(f"{line['channel']} {line['tag']['slot']}" for line in posts)
    texts = Counter(
        f"{line['channel']} question {line['tag']['question']} text {line['tag']['number']}"
        for line in posts
        if line["tag"]["about"] in TEXTS
    )
    return [f"{what} {count} times" for counter in (keys, slots, texts) for what, count in counter.items() if count > 1]


def _lost(lines: list[Line], posts: list[Line]) -> list[str]:
    """Every question that was taken in has one card among the experts, and came to its end with its customer."""
    cards: defaultdict[str, set[object]] = defaultdict(set)
    for line in posts:
        if line["tag"]["about"] == "question":
            for block in line["bubble"]["blocks"]:
                if block["kind"] == "quote":
                    cards[block["text"]].add(line["tag"]["question"])
    solved = {line["tag"]["question"] for line in posts if line["tag"]["about"] == "solved"}
    answered = {line["tag"]["question"] for line in posts if line["tag"]["about"] == "answer"}
    found = []
    for line in lines:
        if line["did"] == "acknowledge" and line["kind"] == "ask":
            questions = cards[str(line["text"])]
            if len(questions) != 1:
                found.append(f"{len(questions)} cards for {line['text']!r}")
            found += [f"question {each} has no answer" for each in questions - answered]
            found += [f"question {each} has no end" for each in questions - solved]
    return found


def _gone_back(lines: list[Line]) -> list[str]:
    """An edit that arrives late must not put an older state over a newer one."""
    newest: dict[object, int] = {}
    found = []
    for line in lines:
        if line["did"] in ("post", "edit"):
            revision = int(line["tag"]["revision"])
            if revision < newest.get(line["id"], 0):
                found.append(f"{line['id']} went back from {newest[line['id']]} to {revision}")
            newest[line["id"]] = revision
    return found


async def _not_shown(lines: list[Line], database: Path) -> list[str]:
    """In the end every screen shows the newest of everything."""
    shown = {}
    for line in lines:
        if line["did"] in ("post", "edit"):
            shown[line["id"]] = line
        elif line["did"] == "remove":
            del shown[line["id"]]
    store = await open_store(str(database), read_only=True)
    try:
        found = [f"trouble: {each.notice.slot} {each.why}" for each in await store.views.troubled_posts()]
        for line in shown.values():
            tag = line["tag"]
            post = await store.views.post(Place(f"rehearsal:{line['channel']}"), tag["slot"])
            if post is None or post.notice.absent or post.revision != tag["revision"]:
                wanted = "nothing" if post is None or post.notice.absent else f"revision {post.revision}"
                found.append(f"{line['channel']} {tag['slot']} shows revision {tag['revision']} instead of {wanted}")
        return found
    finally:
        await store.close()


async def _money(database: Path) -> list[str]:
    store = await open_store(str(database), read_only=True)
    try:
        rows = await store.views.audit_rows()
        return [
            str(each) for each in audit(rows.totals, rows.mismatches, rows.escrow_left, rows.negatives, rows.repeated)
        ]
    finally:
        await store.close()
