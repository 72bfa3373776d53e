"""What one Slack workspace needs to be told: how it is reached, with which secrets, and who its lists make whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.model import CategoryName, Rank, StaffRole


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackWorkspace:
    """One installation of the app. `name` is ours and the second part of its places: `slack:acme:C0123`.

    `help_channels` are channels where customers ask, each with the category its questions get ("" for the first that
    fits). `staff_group` and `expert_group` are user groups (S...), `staff_channel` and `expert_channel` channels
    (C...) whose members get `staff_role` or `expert_rank`. `app_token` is for Socket Mode, `signing_secret` for HTTP.
    """

    name: str
    mode: Literal["socket", "http"] = "socket"
    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = "https://slack.com/api/"
    command: str = "/hall"
    ask_command: str = "/ask"
    help_channels: Mapping[str, CategoryName | str] = field(default_factory=dict)
    staff_group: str = ""
    staff_channel: str = ""
    staff_role: StaffRole = StaffRole.AGENT
    expert_group: str = ""
    expert_channel: str = ""
    expert_rank: Rank = Rank.APPRENTICE
