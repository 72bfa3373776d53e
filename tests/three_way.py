"""A world in which one question lives on Slack, on Discord and in the web workspace at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from adapters.slack import Slack, SlackWorkspace
from adapters.slack.pace import Pace
from bot.model import Expert, Identity, Person, PersonId, Place, QuestionId, Rank, Ref, StaffRole, platform_of
from tests.chat_world import SECONDS, WorldTime, is_spotless, lived_in
from tests.discord_screen import seen as seen_on_discord
from tests.discord_world import DiscordWorld
from tests.fakes.slack import Channel, FakeSlack, Reader, Workspace
from tests.fakes.slack.someone import Someone as Native
from tests.slack_screen import seen as seen_on_slack
from tests.world import Someone

PLANS: Final = "plans"
ON_WEB: Final = Place("web:plans")


@dataclass(slots=True)
class InSlack(Someone):
    """A person in front of Slack's client."""

    native: Native


@dataclass(slots=True, kw_only=True)
class ThreeWays(DiscordWorld):
    """The category "plans" has a channel on each platform."""

    slack: FakeSlack = field(init=False)
    workspace: Workspace = field(init=False)
    on_slack: Slack = field(init=False)
    plans_on_slack: Channel = field(init=False)

    async def opens_slack(self) -> None:
        """Slack is there too, and is listened to."""
        self.slack = await FakeSlack(seed=1, time=WorldTime(self.moment)).__aenter__()
        self.workspace = self.slack.workspace("Acme", transport="socket")
        self.workspace.scopes.discard("chat:write.public")
        self.plans_on_slack = self.workspace.channel(PLANS)
        told = SlackWorkspace(
            name="acme",
            mode="socket",
            bot_token=self.workspace.bot_token,
            app_token=self.workspace.app_token,
            signing_secret="",
            api_url=self.slack.api_url,
        )
        self.on_slack = Slack(
            [told],
            views=self.app.views,
            desk=self.app.desk,
            render=self.app.render,
            now=self.app.now,
            pace=lambda: Pace(strict=False),
            times=None,
        )
        self.platforms["slack"] = self.on_slack
        self.running.append(asyncio.create_task(self.on_slack.run(self.hears), name="slack"))
        await self.slack.until(lambda: self.slack.sockets.of(self.workspace), what="a socket")
        places = (Place(f"slack:acme:{self.plans_on_slack.id}"), self.place(PLANS), ON_WEB)
        await self.category(PLANS, title="Plans", channels=places)
        await self.settles()

    async def slack_expert(self, name: str, *, role: StaffRole | None = None) -> InSlack:
        native = self.workspace.person(name, tz="UTC")
        self.plans_on_slack.members.append(native.id)
        who = Identity(platform="slack", workspace=native.user.team_id, external=native.id)
        someone = InSlack(self, name, self.app.new_person(), native)
        await self._adds(someone.id, name, who, Place(f"slack:acme:@{native.id}"), role)
        return someone

    async def web_expert(self, name: str) -> Someone:
        someone = Someone(self, name, self.app.new_person())
        await self._adds(someone.id, name, someone.who, someone.home, None)
        return someone

    async def web_customer(self, name: str) -> Someone:
        """Somebody who asks on the web."""
        someone = Someone(self, name, self.app.new_person())
        person = Person(id=someone.id, name=name, home=someone.home)
        await self.app.store.run(lambda work: work.add_person(person, someone.who, self.now))
        return someone

    async def _adds(self, key: PersonId, name: str, who: Identity, home: Place, role: StaffRole | None) -> None:
        expert = None if role else Expert(rank=Rank.JOURNEYMAN)
        person = Person(id=key, name=name, home=home, expert=expert, staff=role)
        await self.app.store.run(lambda work: work.add_person(person, who, self.now))

    # --- what there is to see

    async def card_ref(self, question: QuestionId, platform: str) -> Ref:
        for post in await self.app.views.cards_of(question):
            if platform_of(post.notice.recipient) == platform and post.ref is not None:
                return post.ref
        raise AssertionError(f"no card of {question} on {platform}")

    async def cards(self, question: QuestionId) -> dict[str, str]:
        """The question's card on each platform, as everybody reads it."""
        slack, discord, web = [await self.card_ref(question, each) for each in ("slack", "discord", "web")]
        reader = Reader(tz="UTC", now=self.slack.clock.now(), names=self.workspace.names())
        return {
            "slack": seen_on_slack(self.plans_on_slack.messages[str(slack)], reader),
            "discord": seen_on_discord(self.channel(PLANS).messages[str(discord)], self.discord),
            "web": self.screen.messages[web].text,
        }

    def threads(self, platform: str) -> str:
        """All that is read in the channel on that platform, cards and lines."""
        match platform:
            case "slack":
                reader = Reader(tz="UTC", now=self.slack.clock.now(), names=self.workspace.names())
                messages = sorted(self.plans_on_slack.messages.items())
                return "\n".join(seen_on_slack(each, reader) for _, each in messages)
            case "discord":
                return self.sees(f"#{PLANS}")
        return "\n".join(each.text for each in self.screen.at(ON_WEB))

    # --- time

    async def _quiet(self) -> None:
        if not hasattr(self, "slack"):
            return  # nobody listens yet
        while True:
            await self.slack.settled()
            before = len(self.slack.applied) + len(self.discord.applied)
            await super(ThreeWays, self)._quiet()
            under_way = [task for each in self.on_slack.installations.values() for task in each._tasks]
            if under_way:
                await asyncio.wait(under_way, timeout=SECONDS)
            elif len(self.slack.applied) + len(self.discord.applied) == before:
                return

    async def settles(self) -> None:
        while True:
            before = len(self.slack.applied) if hasattr(self, "slack") else 0
            await super(ThreeWays, self).settles()
            if not hasattr(self, "slack") or len(self.slack.applied) == before:
                return

    async def ends(self) -> None:
        try:
            is_spotless(self.slack, ("complaints", "too_early", "rang", "unfurled", "lost"), " on Slack")
        finally:
            await super(ThreeWays, self).ends()

    async def _stops(self) -> None:
        await super(ThreeWays, self)._stops()
        await self.slack.__aexit__()


@asynccontextmanager
async def three_ways(path: Path) -> AsyncIterator[ThreeWays]:
    world = await ThreeWays.begins(path)
    async with lived_in(world, world.opens_slack, world.listens):
        yield world
