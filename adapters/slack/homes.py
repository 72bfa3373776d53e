"""App Home: one's desk, drawn when it is opened and again after everything its owner does."""

from dataclasses import dataclass, field
from typing import Final

from adapters.slack.calling import Refused
from adapters.slack.home import home
from adapters.slack.office import Office
from adapters.slack.people import Member
from bot.ports import PlatformTrouble

OPEN_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Homes:
    """`_open` are those who opened theirs lately, the latest last: drawing everybody's would use the limits up."""

    office: Office
    _open: dict[str, None] = field(default_factory=dict)

    async def opened(self, user: str) -> None:
        self._open.pop(user, None)
        self._open[user] = None
        while len(self._open) > OPEN_MAX:
            self._open.pop(next(iter(self._open)))
        await self._publish(await self.office.people.member(user))

    def refresh(self, member: Member) -> None:
        """What this person did may have changed their desk."""
        if member.user in self._open:
            self.office.later(self._publish(member))

    async def _publish(self, member: Member) -> None:
        cards = await self.office.desk.home(member.identity, guest=member.guest)
        shown = home(cards, command=self.office.settings.command)
        try:
            await self.office.calls.call("views.publish", user_id=member.user, view=shown)
        except (Refused, PlatformTrouble):
            return  # it is drawn anew at the next opening
