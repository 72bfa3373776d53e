"""One act of a person in Discord's client, as the gateway tells of it: a command, a press, a form, a menu."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.discord.people import Member
from adapters.discord.rooms import Room

COMMAND, COMPONENT, AUTOCOMPLETE, FORM = 2, 3, 4, 5
CHAT, MESSAGE_MENU = 1, 3  # kinds of commands
EPHEMERAL: Final = 1 << 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`message` is the message under which it was done, None for what was typed. `began` is by a clock that never runs
    backwards, in seconds. `carry` is the address of a message whose words the answer's buttons take along."""

    id: str
    token: str = field(repr=False)
    kind: int
    data: Mapping[str, Any] = field(repr=False)
    member: Member
    room: Room
    message: Mapping[str, Any] | None = field(default=None, repr=False)
    carry: str = ""
    began: float = field(default_factory=time.monotonic)

    @property
    def key(self) -> str:
        """Names the act: the same one twice has one effect."""
        return f"discord/act/{self.id}"

    @property
    def alone(self) -> bool:
        """Whether it was done on a message that this person alone sees, which an answer may take the place of: not of
        one that somebody only replied to."""
        replied = "|reply " in str(self.data.get("custom_id") or "")
        return not replied and bool(self.message and int(self.message.get("flags") or 0) & EPHEMERAL)

    @property
    def typed(self) -> bool:
        """Whether Discord's client waits for a message in answer."""
        return self.message is None
