"""One workspace with the app installed in it: its people, channels, groups, tokens, and what moderators do."""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from . import posting
from .events import emit
from .http_events import verify_url
from .someone import Someone
from .state import Channel, File, Group, ResponseUrl, Trigger, User, View

if TYPE_CHECKING:
    from .server import FakeSlack

SCOPES: Final = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "chat:write.customize",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "reactions:read",
        "reactions:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    ]
)
EVENTS: Final = frozenset(
    [
        "message.channels",
        "message.groups",
        "message.im",
        "app_mention",
        "app_home_opened",
        "subteam_members_changed",
        "subteam_updated",
        "member_joined_channel",
        "member_left_channel",
        "channel_archive",
        "channel_unarchive",
        "group_archive",
        "group_unarchive",
        "channel_left",
        "group_left",
        "channel_rename",
        "user_change",
        "tokens_revoked",
        "app_uninstalled",
        "reaction_added",
        "reaction_removed",
    ]
)
MODERATOR: Final = "UMODERATOR"  # who archives and kicks when nobody is named


class Workspace:
    """`commands` and `shortcuts` are the declared slash commands and callback ids; None takes any."""

    def __init__(
        self,
        slack: "FakeSlack",
        name: str,
        *,
        scopes: Iterable[str] = SCOPES,
        events: Iterable[str] = EVENTS,
        transport: str = "socket",
        paid: bool = True,
        commands: Iterable[str] | None = None,
        bot: str = "guildhall",
    ) -> None:
        self.slack, self.name, self.transport, self.paid = slack, name, transport, paid
        self.scopes, self.events = set(scopes), set(events)
        self.commands = None if commands is None else set(commands)
        self.team_id, self.app_id, self.bot_id = slack.mint("T"), slack.mint("A"), slack.mint("B")
        secret = hashlib.sha256(f"{slack.seed}/{self.team_id}".encode()).hexdigest()
        self.bot_token, self.app_token = f"xoxb-{secret[:24]}", f"xapp-1-{self.app_id}-{secret[24:48]}"
        self.signing_secret = secret[32:]
        self.domain = name.lower().replace(" ", "-")
        self.token_trouble = ""  # "token_revoked", "account_inactive" or "invalid_auth"
        self.request_url = ""
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.people: dict[str, Someone] = {}
        self.unreachable: set[str] = set()  # users to whom the bot cannot write, as some of other companies
        bot_user = User(id=slack.mint("U"), team_id=self.team_id, name=bot, real_name=bot.title(), is_bot=True)
        bot_user.bot_id = self.bot_id
        self.users[bot_user.id] = bot_user
        self.bot_user_id = bot_user.id

    def person(
        self,
        name: str,
        *,
        tz: str = "Europe/London",
        display_name: str = "",
        guest: str = "",
        team_id: str = "",
        email: str = "",
        is_bot: bool = False,
    ) -> Someone:
        """A member; `guest` is "multi" or "single"; `team_id` of another workspace makes a Slack Connect stranger."""
        user = User(
            id=self.slack.mint("U"),
            team_id=team_id or self.team_id,
            name=name,
            real_name=name.title(),
            display_name=display_name or name,
            email=email or f"{name}@example.com",
            tz=tz,
            guest=guest,
            is_bot=is_bot,
            stranger=bool(team_id) and team_id != self.team_id,
        )
        self.users[user.id] = user
        self.people[name] = Someone(self, user)
        return self.people[name]

    def channel(
        self,
        name: str,
        *,
        members: Iterable[Someone] = (),
        private: bool = False,
        bot: bool = True,
        shared: bool = False,
    ) -> Channel:
        kind = "group" if private else "channel"
        ids = [each.id for each in members] + ([self.bot_user_id] if bot else [])
        channel = Channel(id=self.slack.mint("C"), name=name, kind=kind, members=ids, shared=shared)
        self.channels[channel.id] = channel
        return channel

    def group(self, handle: str, members: Iterable[Someone] = ()) -> Group:
        group = Group(id=self.slack.mint("S"), handle=handle, team_id=self.team_id, users=[each.id for each in members])
        self.groups[group.id] = group
        return group

    def dm(self, user_id: str) -> Channel:
        """The direct channel between the bot and somebody, made when there is none."""
        for channel in self.channels.values():
            if channel.kind == "im" and user_id in channel.members:
                return channel
        channel = Channel(id=self.slack.mint("D"), name="", kind="im", members=[user_id, self.bot_user_id])
        self.channels[channel.id] = channel
        return channel

    def names(self) -> dict[str, str]:
        """What ids are called."""
        named = {user.id: user.shown for user in self.users.values()}
        named |= {channel.id: channel.name for channel in self.channels.values()}
        return named | {group.id: group.handle for group in self.groups.values()}

    def called(self) -> dict[str, str]:
        """Ids by the names that people type after @."""
        return {user.name: user.id for user in self.users.values()} | {
            group.handle: group.id for group in self.groups.values()
        }

    # What the installer and moderators do.

    async def listens_at(self, url: str) -> None:
        """Set the request URL, as in the app's settings; Slack verifies it. Raises AssertionError when that fails."""
        self.transport, self.request_url = "http", url
        await verify_url(self)

    def revoke(self) -> None:
        emit(self, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.bot_user_id]}})
        self.token_trouble = "token_revoked"

    def uninstall(self) -> None:
        emit(self, {"type": "app_uninstalled"})
        self.token_trouble = "account_inactive"

    def archive(self, channel: Channel, *, by: Someone | None = None) -> None:
        actor = by.id if by else MODERATOR
        kind = "channel_archive" if channel.kind == "channel" else "group_archive"
        emit(self, {"type": kind, "channel": channel.id, "user": actor}, channel)
        channel.archived = True

    def unarchive(self, channel: Channel) -> None:
        channel.archived = False
        kind = "channel_unarchive" if channel.kind == "channel" else "group_unarchive"
        emit(self, {"type": kind, "channel": channel.id, "user": MODERATOR}, channel)

    def kick_bot(self, channel: Channel) -> None:
        kind = "channel_left" if channel.kind == "channel" else "group_left"
        emit(self, {"type": kind, "channel": channel.id, "actor_id": MODERATOR}, channel)
        channel.members.remove(self.bot_user_id)

    def invite_bot(self, channel: Channel) -> None:
        channel.members.append(self.bot_user_id)
        posting.joined(self, channel, self.bot_user_id)

    def removes(self, channel: Channel, ts: str) -> None:
        """A moderator deletes anybody's message."""
        posting.delete(self, channel, channel.messages[ts], by="moderator")

    def unfurls(self, channel: Channel, ts: str) -> None:
        """Slack shows a link's page: message_changed, although nobody changed the words."""
        message = channel.messages[ts]
        shown = [{"id": 1, "from_url": "https://example.com", "title": "Example", "fallback": "Example"}]
        posting.change(self, channel, message, {"attachments": shown}, by="", what="unfurls", edit=False)

    def enrol(self, group: Group, person: Someone) -> None:
        group.users.append(person.id)
        self._group_changed(group, added=[person.id], removed=[])

    def expel(self, group: Group, person: Someone) -> None:
        group.users.remove(person.id)
        self._group_changed(group, added=[], removed=[person.id])

    def _group_changed(self, group: Group, *, added: list[str], removed: list[str]) -> None:
        delta = {"added_users": added, "added_users_count": len(added), "removed_users": removed}
        delta |= {"removed_users_count": len(removed), "subteam_id": group.id, "team_id": self.team_id}
        emit(self, {"type": "subteam_members_changed", "date_update": int(self.slack.clock.now())} | delta)
        shown = group.payload(with_users=True)
        shown["users"] = shown["users"][:500]  # subteam_updated: the list is cut at 500
        emit(self, {"type": "subteam_updated", "subteam": shown})

    def change(self, person: Someone, **fields: str) -> None:
        """A profile changes: display_name, tz, guest, email ..."""
        for name, value in fields.items():
            setattr(person.user, name, value)
        emit(self, {"type": "user_change", "user": person.user.payload(with_email=True)})

    def deactivate(self, person: Someone) -> None:
        person.user.deleted = True
        emit(self, {"type": "user_change", "user": person.user.payload(with_email=False)})
