"""A person in front of Discord's client: says, presses, types, fills in, reads, and sees only what a person sees."""

from typing import TYPE_CHECKING, Any

from . import components, events, interactions, posting, sleeping, typing_in
from .calls import Upload
from .forms import Forms, picked
from .interactions import FAILED, Came, Interaction
from .reading import channel_lines, component_lines, message_lines
from .rules import store
from .state import EPHEMERAL, FORUM, HAS_THREAD, Channel, Json, Message, Role, User

if TYPE_CHECKING:
    from .house import House
    from .server import FakeDiscord

MODAL = 9
MENUS = {"user": 2, "message": 3}


class Someone(Forms):
    """`errors` are what Discord's client told this person went wrong, newest last."""

    def __init__(self, discord: "FakeDiscord", user: User) -> None:
        self.discord, self.user = discord, user
        self.id, self.name = user.id, user.username
        self.errors: list[str] = []
        self.open_form: Interaction | None = None
        self.filled: dict[str, Any] = {}

    # Talking.

    async def says(
        self,
        channel: Channel | str,
        text: str,
        *,
        files: tuple[tuple[str, bytes], ...] = (),
        reply_to: Message | str | None = None,
        ping: bool = True,
    ) -> Message:
        """Write into a channel, a thread or "dm"; AssertionError where the client would not let them."""
        room = self.room(channel)
        self._may(room, "send_messages_in_threads" if room.is_thread else "send_messages")
        sleeping_lock = room.is_thread and room.locked and not self._can(room, "manage_threads")
        assert not sleeping_lock, f"{room.name} is locked"
        message = Message(id=self.discord.snowflake(), channel=room, author=self.user)
        message.content = typing_in.typed(self.discord, room, text)
        message.attachments = [store(self.discord, Upload(name=name, content=body, type="")) for name, body in files]
        if reply_to is not None:
            message.replied = self.message(reply_to)
            message.type, message.reference = 19, {"type": 0, "channel_id": room.id, "message_id": message.replied.id}
            message.reference |= {"guild_id": room.guild.id} if room.guild else {}
        return posting.say(self.discord, message, posting.EVERYTHING | {"replied_user": ping})

    async def edits(self, message: Message | str, text: str) -> None:
        found = self._mine(message)
        sleeping.changeable(found.channel, moderates=False)
        content = typing_in.typed(self.discord, found.channel, text)
        posting.change(self.discord, found, {"content": content})

    async def deletes(self, message: Message | str) -> None:
        posting.delete(self.discord, self._mine(message), self.name)

    def _mine(self, message: Message | str) -> Message:
        found = self.message(message)
        assert found.author is self.user, f"{self.name} did not write that"
        return found

    async def reacts(self, message: Message | str, emoji: str) -> None:
        found = self.message(message)
        sleeping.changeable(found.channel, moderates=False)
        posting.react(self.discord, found, self.user, emoji)

    async def posts(
        self,
        forum: Channel | str,
        title: str,
        text: str,
        *,
        tags: tuple[str, ...] = (),
        files: tuple[tuple[str, bytes], ...] = (),
    ) -> Channel:
        """A post in a forum: a thread and its first message."""
        room = self.room(forum)
        assert room.type == FORUM, f"#{room.name} is no forum"
        self._may(room, "send_messages")
        known = {each["name"]: each["id"] for each in room.tags}
        thread = self.discord.start_thread(room, title, self.user, tags=[known[each] for each in tags])
        events.channel_event(self.discord, "THREAD_CREATE", thread, newly_created=True)
        first = Message(
            id=thread.id, channel=thread, author=self.user, content=typing_in.typed(self.discord, room, text)
        )
        first.attachments = [store(self.discord, Upload(name=name, content=body, type="")) for name, body in files]
        posting.say(self.discord, first, posting.EVERYTHING)
        return thread

    async def starts_thread(self, message: Message | str, name: str) -> Channel:
        """A thread under a message."""
        found = self.message(message)
        self._may(found.channel, "create_public_threads")
        assert found.thread is None, "it has a thread already"
        thread = self.discord.start_thread(found.channel, name, self.user, id=found.id)
        found.thread, found.flags = thread, found.flags | HAS_THREAD
        events.channel_event(self.discord, "THREAD_CREATE", thread, newly_created=True)
        events.message_event(self.discord, "MESSAGE_UPDATE", found)
        return thread

    async def joins(self, house: "House") -> None:
        house.person(self.name)

    async def leaves(self, house: "House") -> None:
        house.kicks(self)

    async def gets_role(self, house: "House", role: Role) -> None:
        house.gives_role(self, role)

    async def loses_role(self, house: "House", role: Role) -> None:
        house.takes_role(self, role)

    async def closes_dms(self) -> None:
        """Messages by the bot are refused from now on (50007)."""
        self.user.closed_dms = True

    async def opens_dms(self) -> None:
        self.user.closed_dms = False

    # Pressing and typing commands.

    async def presses(self, message: Message | str, wanted: str) -> Came:
        """The button with this label or custom_id, if it is there now; AssertionError when it is not."""
        found = self.message(message)
        button = components.pressable(found.components, wanted)
        assert button, f"there is no {wanted!r} in: {message_lines(self.discord, found)}"
        assert not button.get("disabled"), f"{wanted!r} is switched off"
        assert button["style"] != components.LINK, f"{wanted!r} is a link to {button.get('url')}"
        return await self._component(found, {"component_type": 2, "custom_id": button["custom_id"], "id": button["id"]})

    async def presses_ephemeral(self, wanted: str) -> Came:
        """A button under the newest message that only this person sees and that has it."""
        for message in reversed(self.ephemerals):
            if components.pressable(message.components, wanted):
                return await self.presses(message, wanted)
        raise AssertionError(f"nothing only {self.name} sees has {wanted!r}: {self.asides()}")

    async def chooses(self, message: Message | str, placeholder: str, *labels: str) -> Came:
        """Options of a select in a message, by their labels; names of people for a select of users."""
        found = self.message(message)
        part = components.select(found.components, placeholder)
        assert part, f"there is no select {placeholder!r} in: {message_lines(self.discord, found)}"
        data: Json = {"component_type": part["type"], "custom_id": part["custom_id"], "id": part["id"]}
        if part["type"] == components.STRING_SELECT:
            return await self._component(found, data | {"values": picked(part, labels)})
        ids = [self.discord.people[label].id for label in labels]
        resolved = interactions.resolved_users(self.discord, found.channel, ids)
        return await self._component(found, data | {"values": ids, "resolved": resolved})

    async def _component(self, message: Message, data: Json) -> Came:
        room = message.channel
        assert self.discord.sees(self.user, room), f"{self.name} does not see #{room.name}"
        assert not room.locked, "the buttons of a locked thread are switched off"
        if room.is_thread and room.archived:
            if not self._can(room, "send_messages_in_threads"):
                return self._failed("You cannot unarchive this thread")  # discord-api-docs#8474
            sleeping.archive(self.discord, room, archived=False)  # the client does so first
        made = interactions.new(self.discord, self.user, room, interactions.COMPONENT, data, message=message)
        return await self._sends(made)

    async def types(
        self, text: str, channel: Channel | str = "dm", *, files: tuple[tuple[str, bytes], ...] = ()
    ) -> Came:
        """A slash command, as in types("/hall claim number:Q7K3", billing); AssertionError if it is not offered."""
        room = self._commanding(channel)
        command, path, rest = typing_in.command(self.discord, self.user, room, text)
        known = (path[-1] if path else command).get("options", [])
        resolved: Json = {}
        attached = [each for each in known if each["type"] == typing_in.ATTACHMENT]
        given, people = typing_in.options(self.discord, [each for each in known if each not in attached], rest)
        for option, (name, content) in zip(attached, files, strict=False):
            kept = store(self.discord, Upload(name=name, content=content, type=""), ephemeral=True)
            resolved.setdefault("attachments", {})[kept["id"]] = kept
            given.append({"name": option["name"], "type": option["type"], "value": kept["id"]})
        if people:
            resolved |= interactions.resolved_users(self.discord, room, people)
        data = self._command(command, typing_in.nested(path, given)) | ({"resolved": resolved} if resolved else {})
        return await self._sends(interactions.new(self.discord, self.user, room, interactions.COMMAND, data))

    async def suggestions(self, text: str, channel: Channel | str = "dm") -> list[str]:
        """What the app offers for the option that is typed last, by name; see `suggested` for their values."""
        return [each["name"] for each in await self.suggested(text, channel)]

    async def suggested(self, text: str, channel: Channel | str = "dm") -> list[Json]:
        room = self._commanding(channel)
        command, path, rest = typing_in.command(self.discord, self.user, room, text)
        given, _ = typing_in.options(
            self.discord, (path[-1] if path else command).get("options", []), rest, focused=True
        )
        data = self._command(command, typing_in.nested(path, given))
        made = interactions.new(self.discord, self.user, room, interactions.AUTOCOMPLETE, data)
        came = await interactions.send(self.discord, made)
        if not came.ok:
            self.errors.append("Loading options failed")
        return list(came.choices)

    async def uses_menu(self, name: str, target: "Message | Someone | str", channel: Channel | str = "") -> Came:
        """A context menu on a message, or on somebody in a channel."""
        if isinstance(target, Someone):
            room, kind = self._commanding(channel), MENUS["user"]
            resolved = interactions.resolved_users(self.discord, room, [target.id])
            key = target.id
        else:
            message = self.message(target)
            assert not message.ephemeral_for, "messages that only one sees have no menu"
            room, kind, key = self._commanding(message.channel), MENUS["message"], message.id
            resolved = {"messages": {key: message.payload(reader=self.discord.bot.id)}}
        found = {each["name"]: each for each in typing_in.offered(self.discord, self.user, room, kind)}
        assert name in found, f"{self.name} is not offered {name!r}, only {sorted(found)}"
        data = self._command(found[name], []) | {"target_id": key, "resolved": resolved}
        return await self._sends(interactions.new(self.discord, self.user, room, interactions.COMMAND, data))

    def _commanding(self, channel: Channel | str) -> Channel:
        room = self.room(channel)
        assert self.discord.sees(self.user, room), f"{self.name} does not see #{room.name}"
        assert not room.archived, "no commands in archived threads"
        return room

    def _command(self, command: Json, options: list[Json]) -> Json:
        shown: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        shown |= {"guild_id": command["guild_id"]} if "guild_id" in command else {}
        return shown | ({"options": options} if options else {})

    async def _sends(self, made: Interaction) -> Came:
        came = await interactions.send(self.discord, made)
        if not came.ok:
            self.errors.append(came.why)
        elif came.response == MODAL:
            self._opens(made)
        return came

    def _failed(self, why: str) -> Came:
        self.errors.append(why)
        return Came(ok=False, why=why or FAILED)

    # Seeing.

    def room(self, channel: Channel | str) -> Channel:
        """A channel by itself, id or name; "dm" is the direct channel with the bot."""
        if isinstance(channel, Channel):
            return channel
        if channel == "dm":
            return self.discord.dm(self.user)
        if channel in self.discord.channels:
            return self.discord.channels[channel]
        mine = [each for each in self.discord.channels.values() if each.name == channel.removeprefix("#")]
        assert mine, f"there is no channel {channel!r}"
        return mine[0]

    def message(self, message: Message | str) -> Message:
        """A message by itself or id, ephemeral ones too; AssertionError when it is gone."""
        key = message.id if isinstance(message, Message) else message
        for each in self.ephemerals:
            if each.id == key:
                return each
        rooms = [message.channel] if isinstance(message, Message) else self.discord.channels.values()
        for room in rooms:
            if key in room.messages and room.id in self.discord.channels:
                return room.messages[key]
        raise AssertionError(f"there is no message {key} any more")

    def _can(self, room: Channel, name: str) -> bool:
        return self.discord.may(self.user, room, name)

    def _may(self, room: Channel, name: str) -> None:
        assert self.discord.sees(self.user, room), f"{self.name} does not see #{room.name}"
        assert self._can(room, name), f"{self.name} lacks {name} in #{room.name}"

    @property
    def ephemerals(self) -> list[Message]:
        """What only this person sees, newest last."""
        return self.discord.ephemerals.get(self.id, [])

    def asides(self) -> list[str]:
        """What only this person sees, as text."""
        return ["\n".join(message_lines(self.discord, each)) for each in self.ephemerals]

    def shown_modal(self) -> str:
        """The open modal as text, with what was filled in."""
        assert self.modal is not None, "no modal is open"
        return "\n".join([self.modal["title"], *component_lines(self.discord, self.modal["components"])])

    def dm(self) -> str:
        """The direct channel with the bot, as text."""
        return self.reads("dm")

    def reads(self, channel: Channel | str) -> str:
        """A channel with its threads, as this person sees it now; AssertionError when they may not."""
        room = self.room(channel)
        assert self.discord.sees(self.user, room), f"{self.name} does not see #{room.name}"
        return "\n".join(
            channel_lines(self.discord, room, [each for each in self.ephemerals if each.flags & EPHEMERAL])
        )

    def message_with(self, channel: Channel | str, words: str) -> Message:
        """The newest message in a channel (or its threads) in which this person reads these words."""
        room = self.room(channel)
        rooms = [room, *(each for each in (room.guild.threads() if room.guild else []) if each.parent is room)]
        everything = [message for each in rooms for message in each.messages.values()]
        for message in sorted(everything, key=lambda each: -int(each.id)):
            if words in "\n".join(message_lines(self.discord, message)):
                return message
        raise AssertionError(f"nobody said {words!r} in:\n{self.reads(room)}")

    def thread_with(self, channel: Channel | str, words: str) -> Channel:
        """The newest thread of a channel with these words in its name."""
        room = self.room(channel)
        assert room.guild is not None
        found = [each for each in room.guild.threads() if each.parent is room and words in each.name]
        assert found, f"no thread has {words!r} in its name:\n{self.reads(room)}"
        return max(found, key=lambda each: int(each.id))
