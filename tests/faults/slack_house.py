"""The product over the fake Slack, in the test's own process."""

from dataclasses import dataclass, field

from adapters.slack import Slack, SlackWorkspace
from adapters.slack.pace import Pace
from adapters.slack.times import Times
from bot.model import Identity, Place
from tests.fakes.slack import Channel, FakeSlack, Workspace
from tests.fakes.slack.someone import Someone
from tests.faults.house import NAME, WAIT_SECONDS, House

TIMES = Times(
    call_seconds=0.3,  # the fake applies what it is sent within 0.15 s, or never
    again_seconds=0.1,
    again_seconds_max=0.5,
    token_again_seconds=0.3,
)


def unpaced() -> Pace:
    """Nothing is held back in advance; what Slack says when it is busy counts all the same."""
    return Pace(strict=False)


@dataclass(slots=True, kw_only=True)
class SlackHouse(House):
    slack: FakeSlack
    workspace: Workspace
    times: Times = TIMES
    adapter: Slack | None = field(default=None, init=False)

    def place(self, where: Channel | Someone) -> Place:
        return Place(f"slack:{NAME}:{'@' if where.id.startswith('U') else ''}{where.id}")

    def identity(self, someone: Someone) -> Identity:
        return Identity(platform="slack", workspace=self.workspace.team_id, external=someone.id)

    def new_adapter(self) -> Slack:
        settings = SlackWorkspace(
            name=NAME,
            bot_token=self.workspace.bot_token,
            app_token=self.workspace.app_token,
            api_url=self.slack.api_url,
            help_channels=self.help_channels,
        )
        app = self.app
        self.adapter = Slack(
            [settings],
            views=app.views,
            desk=app.desk,
            render=app.render,
            now=self.now,
            pace=unpaced,
            times=self.times,
        )
        return self.adapter

    async def connected(self) -> None:
        await self.slack.until(lambda: self.slack.sockets.of(self.workspace), WAIT_SECONDS, "no socket came")

    async def adapter_ended(self) -> None:
        if self.adapter is not None:
            await self.adapter.installations[NAME].calls.close()
