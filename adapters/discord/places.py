"""Reads and writes places on Discord: `discord:acme:1234` a channel, forum or thread of the server "acme",
`discord:@99` one person, `discord:acme:1234/5678` the thread (or message) 5678 of a channel."""

from dataclasses import dataclass
from typing import Final

from bot.model import Place

DIRECT: Final = "dm"  # stands for the server in the places of messages that were said to the bot alone


@dataclass(frozen=True, slots=True)
class Spot:
    """`channel` and `user` are Discord's ids, one of them empty; so is `server`, our name of it, for a person."""

    server: str = ""
    channel: str = ""
    user: str = ""
    thread: str = ""

    @property
    def place(self) -> Place:
        where = f"@{self.user}" if self.user else f"{self.server}:{self.channel}"
        return Place(f"discord:{where}{'/' if self.thread else ''}{self.thread}")


def spot(place: Place) -> Spot:
    """Raises ValueError for a place that is not on Discord or names nothing there."""
    platform, _, rest = place.partition(":")
    where, _, thread = rest.partition("/")
    if platform == "discord" and where.startswith("@") and where != "@":
        return Spot(user=where[1:], thread=thread)
    server, _, channel = where.partition(":")
    if platform != "discord" or not server or not channel:
        raise ValueError(f"{place!r} is no place on Discord")
    return Spot(server, channel=channel, thread=thread)


def home(user: str) -> Place:
    """Where this person alone reads."""
    return Spot(user=user).place
