"""The rooms of the rehearsal chat server: who wrote what where, what people did, and a log of both."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from adapters.rehearsal.wire import (
    Aside,
    Bubble,
    Edit,
    Event,
    Happening,
    NewMessage,
    Shown,
    ShownAside,
    Tag,
    WireButton,
)

Write = Callable[[dict[str, object]], None]
PING: Final = re.compile(r"<[@!](\w+)>|@(everyone|here|all)\b")


class Missing(Exception):
    """What was named is not here: a channel, a thread, a message, a button, an event."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")
        self.what = what


class Shut(Exception):
    """The channel takes no messages from programs."""


class Rooms:
    """All state of the server, in memory; `write` gets each log line. Channels spring up when somebody writes there."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._messages: dict[str, Shown] = {}
        self._events: dict[str, Event] = {}  # those that were not acknowledged yet, oldest first
        self._repeats: dict[str, Event] = {}
        self._asides: defaultdict[str, list[ShownAside]] = defaultdict(list)
        self._closed: set[str] = set()
        self._shut: set[str] = set()
        self._changed: dict[str, int] = {}  # messages by their last turn, the latest last
        self._removed: dict[str, tuple[str, int]] = {}
        self._count = 0
        self._last: Event | None = None
        self.turn = 0
        self.arrived = asyncio.Event()
        self.told = asyncio.Event()

    # What programs do

    def post(self, new: NewMessage) -> Shown:
        """Raises Missing("channel") or Missing("thread"), and Shut."""
        self._enter(new.channel)
        if new.thread is not None and new.thread not in self._messages:
            raise Missing("thread")
        shown = Shown(id=self._next("m"), **dict(new))
        self._messages[shown.id] = shown
        self._log("post", shown)
        return shown

    def edit(self, message: str, edit: Edit) -> Shown:
        """Raises Missing("channel"), Missing("thread") or Missing("message"), and Shut."""
        shown = self.message(message)
        self._enter(shown.channel)
        if shown.thread is not None and shown.thread not in self._messages:
            raise Missing("thread")
        shown = shown.model_copy(update={"bubble": edit.bubble, "tag": edit.tag})
        self._messages[message] = shown
        self._log("edit", shown)
        return shown

    def remove(self, message: str) -> None:
        """With everything written under it. Raises Missing("message")."""
        self.message(message)
        for each in [each for each in self._messages.values() if message in (each.id, each.thread)]:
            del self._messages[each.id]
            del self._changed[each.id]
            self._log("remove", each)
            self._removed[each.id] = (each.channel, self.turn)

    def found(self, channel: str, key: str) -> list[Shown]:
        self._enter(channel)
        return [each for each in self.screen(channel) if each.tag.key == key]

    def waiting(self) -> list[Event]:
        """Events that no program has acknowledged, oldest first."""
        return [*self._events.values(), *self._repeats.values()]

    def acknowledge(self, event: str, aside: Aside | None) -> None:
        """The event is done with; `aside` is shown to whoever caused it. Doing it twice is harmless."""
        done = self._events.pop(event, None)
        if done is None:
            self._repeats.pop(event, None)
            return
        person = done.what.person
        self._write({"did": "acknowledge", "event": event, "kind": done.what.kind, "text": done.what.text})
        if aside is not None:
            number = len(self._asides[person]) + 1
            shown = ShownAside(id=self._next("a"), number=number, event=event, aside=aside)
            self._asides[person].append(shown)
            self.told.set()

    # What people do

    def happen(self, what: Happening) -> Event:
        event = Event(id=self._next("e"), what=what)
        self._events[event.id] = self._last = event
        self._write({"did": "happen", "event": event.id} | what.model_dump(mode="json"))
        self.arrived.set()
        return event

    def pressed(self, person: str, name: str, where: str, value: str) -> Event:
        """A press of a button of the message or aside `where`. Raises Missing when it carries no such button."""
        buttons, tag, channel = self._buttons(person, where)
        if all(each.value != value for each in buttons):
            raise Missing("button")
        return self.happen(Happening(kind="press", person=person, name=name, channel=channel, text=value, tag=tag))

    def repeat_last(self) -> None:
        """The last event is delivered once more."""
        assert self._last is not None, "nothing has happened yet"
        self._repeats[self._last.id] = self._last
        self.arrived.set()

    def message(self, message: str) -> Shown:
        if message not in self._messages:
            raise Missing("message")
        return self._messages[message]

    def screen(self, channel: str) -> list[Shown]:
        """Everything in a channel, threads too, oldest first."""
        return [each for each in self._messages.values() if each.channel == channel]

    def changes(self, channel: str, after: int) -> tuple[list[Shown], list[str]]:
        """Messages that are new or different since then, oldest change first, and ids of those that were removed."""
        recent: list[Shown] = []
        for each, turn in reversed(self._changed.items()):
            if turn <= after:
                break
            recent.append(self._messages[each])
        gone = [each for each, (where, turn) in self._removed.items() if where == channel and turn > after]
        return [each for each in reversed(recent) if each.channel == channel], gone

    def asides(self, person: str, after: int = 0) -> list[ShownAside]:
        return self._asides[person][after:]

    # What moderators do

    def close(self, channel: str) -> None:
        """The channel and all in it are gone for good."""
        for each in self.screen(channel):
            if each.thread is None:
                self.remove(each.id)
        self._closed.add(channel)

    def shut(self, channel: str, shut: bool) -> None:
        (self._shut.add if shut else self._shut.discard)(channel)

    # Inside

    def _enter(self, channel: str) -> None:
        if channel in self._closed:
            raise Missing("channel")
        if channel in self._shut:
            raise Shut

    def _buttons(self, person: str, where: str) -> tuple[tuple[WireButton, ...], Tag | None, str]:
        if where.startswith("m"):
            shown = self.message(where)
            return shown.bubble.buttons, shown.tag, shown.channel
        for each in self._asides[person]:
            if each.id == where:
                return (each.aside.bubble.buttons if each.aside.bubble else ()), None, ""
        raise Missing("message")

    def _next(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def _log(self, did: str, shown: Shown) -> None:
        self.turn += 1
        if shown.id in self._messages:
            self._changed.pop(shown.id, None)
            self._changed[shown.id] = self.turn
        line = {"did": did, "pinged": pinged(shown.bubble)} | shown.model_dump(mode="json")
        self._write(line)


def pinged(bubble: Bubble) -> list[str]:
    """Whom the message makes a telephone ring for."""
    if not bubble.markup:
        return []
    texts = [bubble.heading, *(block.text for block in bubble.blocks)]
    return sorted({one or all_ for text in texts for one, all_ in PING.findall(text)})
