"""What is on the fake Discord and how it changes: guilds, people, channels, threads, direct channels."""

from typing import TYPE_CHECKING, Any

from . import events, permissions
from .house import House
from .someone import Someone
from .state import DM, FORUM, PRIVATE_THREAD, THREAD, Channel, Guild, Member, Role, User

if TYPE_CHECKING:
    from .server import FakeDiscord


class World:
    """The part of FakeDiscord that holds things."""

    def _user(self: "FakeDiscord", name: str, *, bot: bool = False, global_name: str | None = None) -> User:
        user = User(id=self.snowflake(), username=name, bot=bot, global_name=global_name)
        self.users[user.id] = user
        return user

    def guild(self: "FakeDiscord", name: str = "Acme", *, bot: bool = True, permissions_of_bot: Any = None) -> House:
        """A new guild; the bot is in it unless bot=False, with a role of its own that holds what it asks for."""
        key = self.snowflake()
        guild = Guild(id=key, name=name, owner_id=self.owner.id, created_at=self.clock.now(), has_bot=False)
        everyone = permissions.bits(permissions.EVERYBODY)
        guild.roles[key] = Role(id=key, name="@everyone", permissions=everyone, position=0)
        guild.members[self.owner.id] = Member(user=self.owner, joined_at=self.clock.now())
        self.guilds[key] = guild
        house = House(self, guild)
        self.houses[name] = house
        if bot:
            house.invite_bot(permissions_of_bot)
        return house

    def person(self: "FakeDiscord", name: str, display_name: str | None = None) -> Someone:
        """Somebody with an account and in no guild yet; the same name is the same person."""
        if name not in self.people:
            self.people[name] = Someone(self, self._user(name, global_name=display_name))
        return self.people[name]

    def dm(self: "FakeDiscord", user: User) -> Channel:
        """The direct channel of the bot and somebody."""
        if user.id not in self.dms:
            channel = Channel(id=self.snowflake(), type=DM, person=user)
            self.channels[channel.id] = self.dms[user.id] = channel
        return self.dms[user.id]

    def add_channel(self: "FakeDiscord", channel: Channel) -> None:
        assert channel.guild is not None
        self.channels[channel.id] = channel.guild.channels[channel.id] = channel
        if channel.guild.has_bot:
            events.channel_event(self, "CHANNEL_CREATE", channel)

    def drop_channel(self: "FakeDiscord", channel: Channel) -> None:
        """Delete a channel with its threads, or a thread."""
        assert channel.guild is not None
        name = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        inner = [each for each in channel.guild.threads() if each.parent is channel]
        self.log({"what": "channel deleted", "channel": channel.id, "threads": [each.id for each in inner]})
        events.channel_event(self, name, channel)
        for each in (*inner, channel):
            del self.channels[each.id], channel.guild.channels[each.id]

    def start_thread(
        self: "FakeDiscord",
        parent: Channel,
        name: str,
        starter: User,
        *,
        kind: int = THREAD,
        id: str = "",
        tags: list[str] | None = None,
        minutes: int = 4320,
    ) -> Channel:
        """A new thread in the state; telling is up to the caller."""
        now = self.clock.now()
        thread = Channel(
            id=id or self.snowflake(),
            type=kind,
            name=name,
            guild=parent.guild,
            parent=parent,
            owner_id=starter.id,
            applied_tags=tags or [],
            archive_after_min=minutes,
            archive_changed_at=now,
            active_at=now,
            created_at=now,
            thread_members={starter.id: now},
        )
        assert parent.guild is not None
        self.channels[thread.id] = parent.guild.channels[thread.id] = thread
        self.next_sweep = min(self.next_sweep, now + minutes * 60)
        self.log(
            {
                "what": "thread created",
                "channel": thread.id,
                "parent": parent.id,
                "name": name,
                "by": starter.username,
                "bot": starter is self.bot,
                "forum": parent.type == FORUM,
            }
        )
        return thread

    def bot_leaves(self: "FakeDiscord", guild: Guild) -> None:
        guild.has_bot = False
        guild.members.pop(self.bot.id, None)
        for role in [each for each in guild.roles.values() if each.managed_by]:
            del guild.roles[role.id]
        self.commands.pop(guild.id, None)
        self.log({"what": "bot gone", "guild": guild.id})
        events.guild_event(self, "GUILD_DELETE", guild, {"id": guild.id})

    def called(self: "FakeDiscord", key: str) -> str:
        """A name for an id that is the same in every run with the same seed: ids hold the time."""
        channel = self.channels.get(key)
        if channel is None:
            return self.guilds[key].name if key in self.guilds else key
        return f"{channel.parent.name if channel.parent else ''}/{channel.name or channel.person.username}"  # type: ignore[union-attr]

    # Who may what.

    def permissions_of(self: "FakeDiscord", user: User, channel: Channel) -> int:
        """Everything in a direct channel, nothing outside of the guild."""
        if channel.guild is None:
            return permissions.EVERYTHING
        member = channel.guild.members.get(user.id)
        return permissions.in_channel(channel, member, self.clock.now()) if member else 0

    def may(self: "FakeDiscord", user: User, channel: Channel, name: str) -> bool:
        return bool(self.permissions_of(user, channel) & permissions.BITS[name])

    def sees(self: "FakeDiscord", user: User, channel: Channel) -> bool:
        if channel.is_dm:
            return user in (self.bot, channel.person)
        if channel.type == PRIVATE_THREAD and user.id not in channel.thread_members:
            return self.may(user, channel, "manage_threads") and self.may(user, channel, "view_channel")
        return self.may(user, channel, "view_channel")

    def bot_permissions(self: "FakeDiscord", channel: Channel) -> int:
        return self.permissions_of(self.bot, channel)

    def bot_sees(self: "FakeDiscord", channel: Channel) -> bool:
        return self.sees(self.bot, channel)

    def allow(self: "FakeDiscord", *intents: str) -> None:
        """Switch on privileged intents in the portal: members, presences, message_content."""
        self.privileged |= set(intents)

    @property
    def application_flags(self: "FakeDiscord") -> int:
        """Which privileged intents the portal allows, as the limited flags (docs/resources/application, flags)."""
        bits = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
        return sum(bits[name] for name in self.privileged)
