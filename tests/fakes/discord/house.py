"""One guild as tests build it, and what its moderators do."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import events, posting, sleeping
from .permissions import BITS, BOT, bits
from .state import CATEGORY, FORUM, REQUIRE_TAG, TEXT, Channel, Guild, Member, Message, Role

if TYPE_CHECKING:
    from .server import FakeDiscord
    from .someone import Someone


class House:
    """A guild with its roles, people and channels; `guild` is what Discord stores."""

    def __init__(self, discord: "FakeDiscord", guild: Guild) -> None:
        self.discord, self.guild = discord, guild
        self.id, self.name = guild.id, guild.name

    # Building.

    def role(self, name: str, *names: str, mentionable: bool = False) -> Role:
        """A role that adds these permissions; names may repeat, ids do not."""
        place = len(self.guild.roles)
        role = Role(id=self.discord.snowflake(), name=name, permissions=bits(names), position=place)
        role.mentionable = mentionable
        self.guild.roles[role.id] = role
        events.role_event(self.discord, "GUILD_ROLE_CREATE", self.guild, role.id)
        return role

    def person(
        self, name: str, *, roles: Iterable[Role] = (), nick: str | None = None, pending: bool = False
    ) -> "Someone":
        """Somebody who is a member here; the same name in two guilds is the same person."""
        someone = self.discord.person(name)
        member = Member(user=someone.user, joined_at=self.discord.clock.now(), nick=nick, pending=pending)
        member.role_ids = [each.id for each in roles]
        self.guild.members[someone.id] = member
        events.member_event(self.discord, "GUILD_MEMBER_ADD", self.guild, member)
        return someone

    def channel(
        self, name: str, *, only: "Iterable[Role | Someone] | None" = None, topic: str | None = None
    ) -> Channel:
        """A text channel; with `only` these roles and people see it, and the bot."""
        return self._place(TEXT, name, only=only, topic=topic)

    def forum(
        self,
        name: str,
        *,
        tags: Iterable[str] = (),
        moderated: Iterable[str] = (),
        require_tag: bool = False,
        only: "Iterable[Role | Someone] | None" = None,
    ) -> Channel:
        """A forum with these tags, those in `moderated` for moderators only."""
        forum = self._place(FORUM, name, only=only, tell=False)
        forum.flags = REQUIRE_TAG if require_tag else 0
        for tag in (*tags, *moderated):
            key, own = self.discord.snowflake(), tag in set(moderated)
            forum.tags.append({"id": key, "name": tag, "moderated": own, "emoji_id": None, "emoji_name": None})
        self.discord.add_channel(forum)
        return forum

    def category(self, name: str) -> Channel:
        return self._place(CATEGORY, name)

    def _place(
        self,
        kind: int,
        name: str,
        *,
        only: "Iterable[Role | Someone] | None" = None,
        topic: str | None = None,
        tell: bool = True,
    ) -> Channel:
        channel = Channel(id=self.discord.snowflake(), type=kind, name=name, guild=self.guild, topic=topic)
        channel.position = len(self.guild.channels)
        if only is not None:
            view = BITS["view_channel"]
            channel.overwrites[self.guild.id] = (0, view)
            for each in (*(each.id for each in only), self.discord.bot.id):
                channel.overwrites[each] = (view, 0)
        if tell:
            self.discord.add_channel(channel)
        return channel

    def invite_bot(self, names: Iterable[str] | None = None) -> None:
        """The bot joins, with a role of its own that holds these permissions."""
        bot, guild = self.discord.bot, self.guild
        role = Role(id=self.discord.snowflake(), name=bot.username, permissions=bits(BOT if names is None else names))
        role.managed_by, guild.has_bot = bot.id, True
        guild.roles[role.id] = role
        guild.members[bot.id] = Member(user=bot, joined_at=self.discord.clock.now(), role_ids=[role.id])
        gateway = self.discord.gateway
        events.guild_event(self.discord, "GUILD_CREATE", guild, gateway.guild_create(guild) | {"unavailable": False})

    def tag(self, forum: Channel, name: str) -> str:
        """The id of a forum's tag."""
        return next(str(each["id"]) for each in forum.tags if each["name"] == name)

    # What moderators do.

    def _overwrite(self, channel: Channel, who: "Role | Someone | str", allow: int, deny: int) -> None:
        key = {"everyone": self.guild.id, "bot": self.discord.bot.id}.get(who) if isinstance(who, str) else who.id
        assert key is not None, f"nobody is called {who}"
        before = channel.overwrites.get(key, (0, 0))
        channel.overwrites[key] = (before[0] & ~deny | allow, before[1] & ~allow | deny)
        events.channel_event(self.discord, "CHANNEL_UPDATE", channel)

    def denies(self, channel: Channel, who: "Role | Someone | str", *names: str) -> None:
        """Take permissions in a channel from a role, somebody, "everyone" or "bot"."""
        self._overwrite(channel, who, 0, bits(names))

    def allows(self, channel: Channel, who: "Role | Someone | str", *names: str) -> None:
        self._overwrite(channel, who, bits(names), 0)

    def takes(self, *names: str) -> None:
        """Take permissions from the bot's own role. What everybody has it keeps: see `denies`."""
        self._change_role(self._bot_role(), self._bot_role().permissions & ~bits(names))

    def gives(self, *names: str) -> None:
        self._change_role(self._bot_role(), self._bot_role().permissions | bits(names))

    def everybody(self, *names: str) -> None:
        """What @everyone may from now on."""
        self._change_role(self.guild.roles[self.guild.id], bits(names))

    def _bot_role(self) -> Role:
        return next(each for each in self.guild.roles.values() if each.managed_by)

    def _change_role(self, role: Role, permissions: int) -> None:
        role.permissions = permissions
        events.role_event(self.discord, "GUILD_ROLE_UPDATE", self.guild, role.id)

    def removes_role(self, role: Role) -> None:
        """Delete a role, from its members too."""
        del self.guild.roles[role.id]
        for member in self.guild.members.values():
            if role.id in member.role_ids:
                member.role_ids.remove(role.id)
        events.role_event(self.discord, "GUILD_ROLE_DELETE", self.guild, role.id)

    def gives_role(self, someone: "Someone", role: Role) -> None:
        member = self.guild.members[someone.id]
        member.role_ids.append(role.id)
        events.member_event(self.discord, "GUILD_MEMBER_UPDATE", self.guild, member)

    def takes_role(self, someone: "Someone", role: Role) -> None:
        member = self.guild.members[someone.id]
        member.role_ids.remove(role.id)
        events.member_event(self.discord, "GUILD_MEMBER_UPDATE", self.guild, member)

    def times_out(self, someone: "Someone", seconds: float) -> None:
        member = self.guild.members[someone.id]
        member.timed_out_until = self.discord.clock.now() + seconds
        events.member_event(self.discord, "GUILD_MEMBER_UPDATE", self.guild, member)

    def accepts(self, someone: "Someone") -> None:
        """Somebody pending has passed the screening."""
        member = self.guild.members[someone.id]
        member.pending = False
        events.member_event(self.discord, "GUILD_MEMBER_UPDATE", self.guild, member)

    def kicks(self, someone: "Someone") -> None:
        member = self.guild.members.pop(someone.id)
        for thread in self.guild.threads():
            thread.thread_members.pop(someone.id, None)
        events.member_event(self.discord, "GUILD_MEMBER_REMOVE", self.guild, member)

    def kicks_bot(self) -> None:
        self.discord.bot_leaves(self.guild)

    def archives(self, thread: Channel, *, archived: bool = True) -> None:
        """Archive ("Close post") or, with archived=False, open again."""
        sleeping.archive(self.discord, thread, archived=archived)

    def locks(self, thread: Channel, *, locked: bool = True) -> None:
        thread.locked = locked
        self.discord.log({"what": "lock" if locked else "unlock", "channel": thread.id})
        events.channel_event(self.discord, "THREAD_UPDATE", thread)

    def removes(self, thing: Channel | Message) -> None:
        """Delete a channel, a thread or a message."""
        if isinstance(thing, Message):
            posting.delete(self.discord, thing, "moderator")
        else:
            self.discord.drop_channel(thing)

    def renames(self, channel: Channel, name: str) -> None:
        channel.name = name
        events.channel_event(self.discord, "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE", channel)
