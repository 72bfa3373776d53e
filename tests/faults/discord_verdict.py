"""What the fake Discord wrote down, as posts that can be judged."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.discord.messages import post_of
from tests.fakes.discord import FakeDiscord
from tests.faults.judging import Said, Verdict, judge_all

Line = Mapping[str, Any]  # as the fake wrote it


def judge(discord: FakeDiscord, questions: Iterable[str], lines: int) -> Verdict:
    """`questions` are words of which each question has its own, `lines` how many were written on each of them."""
    found = Verdict(
        edits=sum(each["what"] == "edit" and each["bot"] for each in discord.applied),
        faults=sum(discord.faults.met.values()),
        too_early=list(discord.too_early),
        complaints=[*discord.complaints, *map(str, discord.rang), *discord.unfurled],
    )
    return judge_all(found, posts_of(discord.applied), questions, lines)


def posts_of(applied: Sequence[Line]) -> list[Said]:
    """What everybody may read, and what one person reads in their direct messages."""
    threads = {each["channel"]: each["parent"] for each in applied if each["what"] == "thread created"}
    guilds = set(threads.values())
    said = [each for each in applied if each["what"] == "message" and each["bot"] and "only_for" not in each]
    return [_said(each, threads, guilds) for each in said]


def _said(line: Line, threads: Mapping[str, str], guilds: set[str]) -> Said:
    channel, ref = line["channel"], line["id"]
    inside = channel in threads and channel != ref  # the first message of a forum's post is the card itself
    return Said(
        channel=threads.get(channel, channel),
        ref=ref,
        text=line["text"],
        thread=channel if inside else "",
        key=key_of(line),
        alone=channel not in threads and channel not in guilds,
    )


def key_of(line: Line) -> str:
    """The mark of the post, which nobody sees."""
    number = post_of({"components": [{"id": line.get("first")}]})
    return "" if number is None else str(number)
