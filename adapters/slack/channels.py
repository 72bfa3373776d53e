"""Notices at once when a channel that we work in was closed to us, and when it is open again."""

from dataclasses import dataclass
from typing import Final

from adapters.slack.office import Body, Office

LOST: Final = {
    "channel_archive": "slack-archived",
    "group_archive": "slack-archived",
    "channel_deleted": "channel-gone",
    "group_deleted": "channel-gone",
    "channel_left": "slack-not-in-channel",  # the bot was removed
    "group_left": "slack-not-in-channel",
}
BACK: Final = ("channel_unarchive", "group_unarchive", "member_joined_channel")


@dataclass(frozen=True, slots=True)
class Channels:
    office: Office

    async def lost(self, event: Body) -> None:
        """Staff learn of it elsewhere, before the first post fails."""
        channel = str(event["channel"])
        if await self._is_ours(channel):
            await self.office.desk.report(self.office.place(channel), LOST[str(event["type"])])

    async def back(self, event: Body, bot_user: str) -> None:
        """Unarchived, or the bot was invited."""
        channel = str(event["channel"])
        joined = event["type"] == "member_joined_channel"
        if (not joined or event.get("user") == bot_user) and await self._is_ours(channel):
            await self.office.desk.report(self.office.place(channel))

    async def _is_ours(self, channel: str) -> bool:
        place = self.office.place(channel)
        categories = await self.office.views.categories()
        return channel in self.office.settings.help_channels or any(
            place in (*each.channels, each.staff_channel) for each in categories
        )
