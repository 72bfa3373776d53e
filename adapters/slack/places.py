"""Reads and writes places on Slack: `slack:acme:C0123` a channel, `slack:acme:@U0123` one person, and
`slack:acme:C0123/1700000000.000100` the thread under one message."""

from dataclasses import dataclass

from bot.model import Place


@dataclass(frozen=True, slots=True)
class Spot:
    """`channel` and `user` are Slack's ids, one of them empty; `thread` is the ts of the message that opens it."""

    workspace: str
    channel: str = ""
    user: str = ""
    thread: str = ""

    @property
    def place(self) -> Place:
        where = f"@{self.user}" if self.user else self.channel
        return Place(f"slack:{self.workspace}:{where}{'/' if self.thread else ''}{self.thread}")

    @property
    def key(self) -> str:
        """The channel or person, for queues and searches that do not care about threads."""
        return self.user or self.channel


def spot(place: Place) -> Spot:
    """Raises ValueError for a place that is not on Slack or names nothing there."""
    platform, _, rest = place.partition(":")
    workspace, _, where = rest.partition(":")
    target, _, thread = where.partition("/")
    if platform != "slack" or not workspace or not target.removeprefix("@"):
        raise ValueError(f"{place!r} is no place on Slack")
    if target.startswith("@"):
        return Spot(workspace, user=target[1:], thread=thread)
    return Spot(workspace, channel=target, thread=thread)
