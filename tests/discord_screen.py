"""What the bot shows on the fake Discord, read back as the cards and buttons that people see there."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.card import Attached, Button, Card, Moment
from bot.model import FileId, Place
from tests.fakes.discord import Channel, FakeDiscord, Message

TEXT: Final = 10
BUTTON: Final = 2
FILES: Final = (12, 13)
SAID: Final = (0, 19, 20, 23)  # kinds of messages that somebody said; the others tell of threads
KEY: Final = re.compile(r"-g\d+(?=\.|$)")  # by which a file is found again
SIGNS: Final = "🆕⏳✅⚠️🔴🟢🟡 "
CUSTOM_ID: Final = re.compile(r"\d+\|(?P<sentence>[^|]*)(?:\|(?P<carry>.+))?")
STAMP: Final = re.compile(r"<t:(\d+)")
MARK: Final = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<fence>``?)(?P<code>[^`\n]+?)(?P=fence)"
    r"|<t:(?P<at>\d+)(?::(?P<style>\w))?>"
    r"|<@!?(?P<user>\d+)>"
    r"|(?P<bold>\*\*)"
    r"|(?m:^)(?P<small>-# )"
)


@dataclass(slots=True)
class Posted:
    """One message of the bot, as everybody who is there sees it. `parent` is the thread that it is a line of."""

    place: Place
    parent: str | None
    message: Message
    edits: int
    discord: FakeDiscord

    @property
    def key(self) -> str:
        return str(self.message.nonce or "")

    @property
    def text(self) -> str:
        return seen(self.message, self.discord)

    @property
    def card(self) -> Card:
        title, _, body = self.text.partition("\n")
        files = tuple(
            Attached(
                id=FileId(0),
                name=KEY.sub("", str(each["filename"])),
                media_type=str(each.get("content_type") or ""),
                size_bytes=int(each["size"]),
            )
            for each in self.message.attachments
        )
        raw = "\n".join(str(each.get("content", "")) for each in parts(self.message.components))
        moments = tuple(Moment(at=int(at) * 1_000) for at in STAMP.findall(raw))
        return Card(
            title=title.strip(SIGNS), body=body, buttons=tuple(buttons(self.message)), moments=moments, files=files
        )


def shown_in(discord: FakeDiscord, channel: Channel, place: Place) -> list[Posted]:
    """The bot's messages in a channel with its threads, or in a conversation, in their order."""
    edits = Counter(str(each["id"]) for each in discord.applied if each["what"] == "edit")
    threads = [each for each in (channel.guild.threads() if channel.guild else []) if each.parent is channel]
    posted = [
        Posted(place, room.id if room.is_thread and each.id != room.id else None, each, edits[each.id], discord)
        for room in (channel, *threads)
        for each in room.messages.values()
        if each.author is discord.bot and each.type in SAID
    ]
    return sorted(posted, key=lambda each: int(each.message.id))


def seen(message: Message, discord: FakeDiscord) -> str:
    """The words of a message and the names of its files; what is bold or small is no word."""
    lines = [message.content] if message.content else []
    lines += [str(each["content"]) for each in parts(message.components) if each["type"] == TEXT]
    files = [KEY.sub("", str(each["filename"])) for each in message.attachments]
    return "\n".join([*(as_read(line, discord) for line in lines), *files])


def as_read(text: str, discord: FakeDiscord) -> str:
    """Discord's markdown as it is drawn, for a reader in UTC."""

    def drawn(found: re.Match[str]) -> str:
        if found["at"]:
            return moment(int(found["at"]), found["style"] or "f", discord.clock.now())
        if found["user"]:
            known = discord.users.get(found["user"])
            return f"@{known.shown}" if known else "@unknown-user"
        return found["escaped"] or found["code"] or ""

    return MARK.sub(drawn, text)


def moment(at: int, style: str, now: float) -> str:
    """https://docs.discord.com/developers/reference#message-formatting-timestamp-styles"""
    when = datetime.fromtimestamp(at, UTC)
    if style == "R":
        away = int(abs(at - now))
        said = next((f"{away // size} {name}" for name, size in UNITS if away >= size), "0 seconds")
        return f"in {said}" if at > now else f"{said} ago"
    return when.strftime(STYLES.get(style, "%A, %-d %B %Y %H:%M"))


STYLES: Final = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%-d %B %Y",
    "f": "%-d %B %Y %H:%M",
}
UNITS: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))


def parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, nested ones after what holds them."""
    for each in components:
        yield each
        yield from parts(each.get("components") or [])
        for name in ("accessory", "component"):
            if each.get(name):
                yield from parts([each[name]])


def buttons(message: Message) -> Iterator[Button]:
    """Those that say a sentence."""
    for each in parts(message.components):
        found = CUSTOM_ID.fullmatch(str(each.get("custom_id", ""))) if each["type"] == BUTTON else None
        if found:
            yield Button(label=str(each["label"]), sentence=found["sentence"], carries=bool(found["carry"]))
