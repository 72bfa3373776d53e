"""What Discord needs to be told: one bot, the servers it works in, and whom their roles make staff or experts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.model import CategoryName, Rank, StaffRole

OFFICIAL_API: Final = "https://discord.com/api/v10"
OFFICIAL_GATEWAY: Final = "wss://gateway.discord.gg"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordServer:
    """One server (a "guild" to Discord). `name` is ours and the second part of its places: `discord:acme:1234`;
    `guild` is Discord's id of it.

    `help_channels` are channels and forums where customers ask, by id, each with the category its questions get ("" for
    the first that fits). `staff_roles` and `expert_roles` say what holding one of the server's roles (by id) makes of
    somebody.
    """

    name: str
    guild: str
    help_channels: Mapping[str, CategoryName | str] = field(default_factory=dict)
    staff_roles: Mapping[str, StaffRole] = field(default_factory=dict)
    expert_roles: Mapping[str, Rank] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordSettings:
    """The bot. `api_url` has no slash at its end. `message_content` says that the privileged intent of that name is
    granted: plain `!verb` lines in threads and plain words in help channels can then be read."""

    token: str = field(repr=False)
    servers: tuple[DiscordServer, ...] = ()
    api_url: str = OFFICIAL_API
    gateway_url: str = OFFICIAL_GATEWAY
    command: str = "hall"
    ask_command: str = "ask"
    message_content: bool = False

    def server(self, name: str) -> DiscordServer | None:
        return next((each for each in self.servers if each.name == name), None)

    def server_of(self, guild: str) -> DiscordServer | None:
        """The server of Discord's id, when it is one of ours."""
        return next((each for each in self.servers if each.guild == guild), None)
