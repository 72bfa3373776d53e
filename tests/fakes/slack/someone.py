"""A person in front of Slack's client: says, presses, fills in, reads, and sees only what a person sees."""

from typing import TYPE_CHECKING, Any

from . import events, interactions, posting
from .blocks import elements
from .calls import Call, Refused
from .delivery import Came
from .files import new_file
from .forms import option, shown
from .modals import Modals
from .reading import Reader, reads
from .response_urls import respond
from .state import Channel, Json, Message, User, View
from .typing_in import typed

if TYPE_CHECKING:
    from .workspace import Workspace

TRIANGLE = "⚠ this did not work"  # the warning sign beside a button whose press was not acknowledged
WRONG = "We had some trouble connecting. Try again?"


class Someone(Modals):
    """`errors` are what Slack's client told this person went wrong, newest last."""

    def __init__(self, workspace: "Workspace", user: User) -> None:
        self.workspace, self.user = workspace, user
        self.id, self.name = user.id, user.name
        self.ephemerals: list[Message] = []
        self.errors: list[str] = []
        self.stack: list[View] = []
        self.field_errors: dict[str, str] = {}
        self.message_values: dict[str, dict[tuple[str, str], Json]] = {}  # what was chosen in messages' selects

    # Talking.

    async def says(
        self,
        channel: Channel | str,
        text: str,
        thread: str = "",
        *,
        files: tuple[tuple[str, bytes], ...] = (),
        also_to_channel: bool = False,
        me: bool = False,
    ) -> str:
        """Type into a channel or a thread; gives the ts. Raises AssertionError where the client would not let them."""
        room = self.room(channel)
        assert not room.archived, f"#{room.name} is archived"
        assert self.id in room.members, f"{self.name} is not in #{room.name}"
        content, blocks = typed(self.workspace, text)
        message = Message(
            ts=self.workspace.slack.next_ts(),
            user=self.id,
            text=content,
            team=self.user.team_id,
            blocks=blocks,
            thread_ts=thread,
            client_msg_id=self.workspace.slack.mint("client-"),
        )
        message.subtype = "thread_broadcast" if thread and also_to_channel else "me_message" if me else ""
        if self.user.is_bot:
            message.subtype, message.bot_id = "bot_message", f"B{self.id[1:]}"
        if files:
            self._attach(message, room, files)
        return posting.say(self.workspace, room, message).ts

    def _attach(self, message: Message, room: Channel, files: tuple[tuple[str, bytes], ...]) -> None:
        message.subtype = "file_share"
        for name, content in files:
            file = new_file(self.workspace, name, len(content), self.id, content)
            file.channels.append(room.id)
            file.shares.append((room.id, message.ts, message.thread_ts))
            message.files.append(file.payload(check_info=room.shared))

    async def edits(self, channel: Channel | str, ts: str, text: str) -> None:
        room = self.room(channel)
        message = self._mine(room, ts)
        content, blocks = typed(self.workspace, text)
        posting.change(self.workspace, room, message, {"text": content, "blocks": blocks}, by=self.id, what="edits")

    async def deletes(self, channel: Channel | str, ts: str) -> None:
        room = self.room(channel)
        posting.delete(self.workspace, room, self._mine(room, ts), by=self.name)

    def _mine(self, room: Channel, ts: str) -> Message:
        message = room.messages[ts]
        assert message.user == self.id, f"{self.name} did not write {ts}"
        return message

    async def reacts(self, channel: Channel | str, ts: str, name: str) -> None:
        room = self.room(channel)
        message = room.messages[ts]
        message.reactions.setdefault(name, []).append(self.id)
        item = {"type": "message", "channel": room.id, "ts": ts}
        fields = {"user": self.id, "reaction": name, "item": item, "item_user": message.user}
        events.emit(self.workspace, {"type": "reaction_added"} | fields, room)

    async def joins(self, channel: Channel) -> None:
        channel.members.append(self.id)
        posting.joined(self.workspace, channel, self.id)

    async def leaves(self, channel: Channel) -> None:
        channel.members.remove(self.id)
        posting.left(self.workspace, channel, self.id)

    # Pressing.

    async def presses(self, channel: Channel | str, ts: str, wanted: str) -> Came:
        """The button with this label, action_id or value, if it is there now; AssertionError when it is not."""
        room = self.room(channel)
        assert self.id in room.members, f"{self.name} is not in #{room.name}"
        assert ts in room.messages, f"there is no message {ts} any more"
        return await self._press(room, room.messages[ts], wanted)

    async def presses_ephemeral(self, wanted: str) -> Came:
        """A button under the newest message that only this person sees and that has it."""
        for message in reversed(self.ephemerals):
            if any(interactions.pressable(message.blocks, wanted)):
                return await self._press(self.room(message.channel), message, wanted)
        raise AssertionError(f"no ephemeral has {wanted!r}: {self.asides()}")

    async def _press(self, room: Channel, message: Message, wanted: str) -> Came:
        found = next(interactions.pressable(message.blocks, wanted), None)
        assert found, f"there is no {wanted!r} in: {reads(message.blocks, self.reader(), text=message.text)}"
        block, element, chosen = found
        action = interactions.action_of(self, block, element, chosen)
        return await self._sends(interactions.pressed_in_message(self, room, message, action))

    async def chooses(self, channel: Channel | str, ts: str, placeholder: str, label: str) -> Came:
        """An option of a select in a message."""
        room = self.room(channel)
        for _, block, element in elements(room.messages[ts].blocks):
            if placeholder in (element.get("placeholder", {}).get("text"), element.get("action_id")):
                picked = option(element, label)
                self.message_values.setdefault(ts, {})[block["block_id"], element["action_id"]] = picked
                action = interactions.action_of(self, block, element, {"selected_option": picked})
                return await self._sends(interactions.pressed_in_message(self, room, room.messages[ts], action))
        raise AssertionError(f"there is no select {placeholder!r} in {ts}")

    async def types(self, command: str, text: str = "", channel: Channel | str = "", *, thread: str = "") -> Came:
        """A slash command; Slack takes none in threads."""
        room = self.room(channel)
        if thread:
            return self._fails(f"{command} is not supported in threads. Sorry!")
        if self.workspace.commands is not None and command not in self.workspace.commands:
            return self._fails(f"{command} is not a valid command")
        payload = interactions.command(self, command, text, room)
        came = await self.workspace.slack.delivery.interaction(
            self.workspace, "slash_commands", payload, may_answer=True
        )
        if not came.ok:
            return self._fails(f"{command} failed with the error “dispatch_failed”", came)
        if came.payload:
            self._answered(payload["response_url"], came.payload)
        return came

    def _answered(self, url: str, payload: Json) -> None:
        """An acknowledgement with text speaks to the one who typed, or to all."""
        key = url.rpartition("/")[2]
        call = Call(self.workspace.slack, self.workspace, "ack", payload)
        if not any(payload.get(name) for name in ("text", "blocks", "attachments")):
            return  # response_type alone only shows what was typed
        try:
            respond(call, self.workspace.response_urls[key])
        except Refused as refused:
            self.errors.append(WRONG)
            self.workspace.slack.complain(f"an acknowledgement that Slack refuses: {refused.body}")

    async def uses_shortcut(self, callback_id: str, channel: Channel | str, ts: str) -> Came:
        """A shortcut on a message that all see; ephemeral ones have none."""
        room = self.room(channel)
        assert ts in room.messages, f"there is no message {ts} with shortcuts"
        payload = interactions.message_shortcut(self, callback_id, room, room.messages[ts])
        return await self._sends(payload)

    async def uses_global_shortcut(self, callback_id: str) -> Came:
        return await self._sends(interactions.global_shortcut(self, callback_id))

    async def _sends(self, payload: Json) -> Came:
        came = await self.workspace.slack.delivery.interaction(
            self.workspace, "interactive", payload, may_answer=payload["type"] == "view_submission"
        )
        return came if came.ok else self._fails(TRIANGLE if payload["type"] == "block_actions" else WRONG, came)

    def _fails(self, what: str, came: Came | None = None) -> Came:
        self.errors.append(what)
        return Came(ok=False, why=came.why if came else what)

    # Seeing.

    async def opens_home(self, tab: str = "home") -> None:
        """Open the app's home, or its messages tab."""
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": self.dm_id(), "tab": tab}
        if tab == "home" and self.id in self.workspace.homes:
            event["view"] = self.workspace.homes[self.id].payload()
        events.emit(self.workspace, event)

    def home(self) -> str:
        """What stands in the app's home."""
        view = self.workspace.homes.get(self.id)
        return shown(view, self.reader(), {}) if view else ""

    def room(self, channel: Channel | str) -> Channel:
        """A channel by itself, id or name; "" is the direct channel with the app."""
        if isinstance(channel, Channel):
            return channel
        if not channel or channel == "dm":
            return self.workspace.dm(self.id)
        if channel in self.workspace.channels:
            return self.workspace.channels[channel]
        return next(each for each in self.workspace.channels.values() if each.name == channel.removeprefix("#"))

    def dm_id(self) -> str:
        return self.workspace.dm(self.id).id

    def dm(self) -> str:
        """The direct channel with the app, as text."""
        return self.reads("dm")

    def reader(self) -> Reader:
        return Reader(tz=self.user.tz, now=self.workspace.slack.clock.now(), names=self.workspace.names())

    def asides(self) -> list[str]:
        """What only this person sees, as text."""
        return [reads(each.blocks, self.reader(), text=each.text) for each in self.ephemerals]

    def reads(self, channel: Channel | str) -> str:
        """A channel with its threads, as this person sees it now; AssertionError when they may not."""
        room = self.room(channel)
        assert room.kind == "channel" or self.id in room.members, f"{self.name} cannot see #{room.name}"
        mine = [each for each in self.ephemerals if each.channel == room.id]
        everything = sorted([*room.messages.values(), *mine], key=lambda each: each.ts)
        lines: list[str] = []
        for message in everything:
            if message.is_reply:
                continue
            lines += self._lines(message, "")
            for reply in everything:
                if reply.thread_ts == message.ts and reply.is_reply:
                    lines += self._lines(reply, "    ")
        return "\n".join(lines)

    def _lines(self, message: Message, indent: str) -> list[str]:
        if message.tombstone:
            return [f"{indent}(This message was deleted.)"]
        who = message.username or self.reader().name(message.user)
        who += " (app)" if message.bot_id else ""
        who += ", only visible to you" if message.ephemeral_for else ""
        body = reads(message.blocks, self.reader(), text=message.text)
        body += " (edited)" if message.edited else ""
        lines = [f"{who}: {body}" if "\n" not in body else f"{who}:\n{body}"]
        lines += [f"(file: {file.get('title') or file['id']})" for file in message.files]
        if message.reactions:
            lines.append(" ".join(f":{name}: {len(users)}" for name, users in message.reactions.items()))
        return [indent + line for whole in lines for line in whole.split("\n")]

    def message_with(self, channel: Channel | str, words: str) -> str:
        """The ts of the newest message in which this person reads these words; AssertionError when there is none."""
        for message in sorted(self.room(channel).messages.values(), key=lambda each: each.ts, reverse=True):
            if words in reads(message.blocks, self.reader(), text=message.text):
                return message.ts
        raise AssertionError(f"nobody said {words!r} in:\n{self.reads(channel)}")

    def payload(self, channel: Channel | str, ts: str) -> Any:
        """The message as Slack stores it."""
        room = self.room(channel)
        return room.payload_of(room.messages[ts])
