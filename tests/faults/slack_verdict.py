"""What the fake Slack wrote down, as posts that can be judged."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.fakes.slack import FakeSlack
from tests.faults.judging import Said, Verdict, judge_all

Line = Mapping[str, Any]  # as the fake wrote it


def judge(slack: FakeSlack, questions: Iterable[str], lines: int) -> Verdict:
    """`questions` are words of which each question has its own, `lines` how many were written on each of them."""
    found = Verdict(
        edits=sum(each["what"] == "updates" for each in slack.applied),
        faults=sum(slack.faults.met.values()),
        too_early=list(slack.too_early),
        complaints=list(slack.complaints),
    )
    return judge_all(found, posts_of(slack.applied), questions, lines)


def posts_of(applied: Iterable[Line]) -> list[Said]:
    return [
        Said(
            channel=each["channel"],
            ref=each["ts"],
            text=each["text"],
            thread=each["thread_ts"] or "",
            key=key_of(each),
            alone=not str(each["channel"]).startswith("C"),  # in somebody's conversation with the bot
        )
        for each in applied
        if each["what"] == "posts"
    ]


def key_of(post: Line) -> str:
    return str(((post.get("metadata") or {}).get("event_payload") or {}).get("key", ""))
