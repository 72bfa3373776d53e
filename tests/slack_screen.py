"""What the bot shows on the fake Slack, read back as the cards and buttons that people see there."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from bot.card import Attached, Button, Card, Moment
from bot.model import FileId, Place
from tests.fakes.slack import Channel, FakeSlack, Message, Reader, Workspace, reads

BOLD: Final = re.compile(r"(?m)^(\W{0,4})\*([^*\n]+)\*")
DATE: Final = re.compile(r"<!date\^(\d+)\^")
KEY: Final = re.compile(r"-g\d+(?=\.|$)")  # by which a file is found again
SAYS: Final = re.compile(r"say:\d+")
SIGNS: Final = "🆕⏳✅⚠️ "


@dataclass(slots=True)
class Posted:
    """One message of the bot, as everybody who is there sees it."""

    place: Place
    key: str
    parent: str | None
    message: Message
    edits: int
    reader: Reader

    @property
    def text(self) -> str:
        return seen(self.message, self.reader)

    @property
    def card(self) -> Card:
        title, _, body = self.text.partition("\n")
        files = tuple(
            Attached(
                id=FileId(0),
                name=KEY.sub("", str(each["title"])),
                media_type=str(each["mimetype"]),
                size_bytes=int(each["size"]),
            )
            for each in self.message.files
            if each.get("mode") != "tombstone"
        )
        moments = tuple(Moment(at=int(at) * 1_000) for at in DATE.findall(json.dumps(self.message.blocks)))
        return Card(
            title=title.strip(SIGNS), body=body, buttons=tuple(buttons(self.message)), moments=moments, files=files
        )


def shown_in(slack: FakeSlack, workspace: Workspace, channel: Channel, place: Place) -> list[Posted]:
    """The bot's messages in a channel or conversation, in their order."""
    edits = Counter(str(each["ts"]) for each in slack.applied if each["what"] == "updates")
    reader = Reader(tz="UTC", now=slack.clock.now(), names=workspace.names())
    return [
        Posted(place, key_of(each), each.thread_ts or None, each, edits[each.ts], reader)
        for each in sorted(channel.messages.values(), key=lambda message: message.ts)
        if each.bot_id and each.user == workspace.bot_user_id and not each.tombstone
    ]


def seen(message: Message, reader: Reader) -> str:
    """The words of a message and the names of its files; what is bold is no word."""
    lines = [BOLD.sub(r"\1\2", reads(message.blocks, reader, text=message.text))]
    lines += [KEY.sub("", str(file.get("title"))) for file in message.files if file.get("mode") != "tombstone"]
    return "\n".join(lines)


def buttons(message: Message) -> Iterator[Button]:
    """Those that say a sentence."""
    for element in elements(message.blocks):
        if SAYS.fullmatch(str(element.get("action_id", ""))):
            sentence, _, carry = str(element.get("value", "")).partition("\n")
            yield Button(label=str(element["text"]["text"]), sentence=sentence, carries=bool(carry))


def elements(blocks: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What can be pressed."""
    for block in blocks:
        inside = block["elements"] if block["type"] == "actions" else [block.get("accessory")]
        yield from (each for each in inside if each and each["type"] == "button")


def key_of(message: Message) -> str:
    payload = message.metadata.get("event_payload") or {}
    return str(payload.get("key", ""))
