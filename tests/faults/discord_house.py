"""The product over the fake Discord, in the test's own process."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from adapters.discord import Discord, DiscordServer, DiscordSettings
from adapters.discord.catching_up import MARK
from adapters.discord.times import Times
from bot.model import Identity, Place
from tests.fakes.discord import FakeDiscord, points
from tests.fakes.discord import House as Guild
from tests.fakes.discord.someone import Someone
from tests.faults.house import NAME, WAIT_SECONDS, House

TIMES = Times(
    call_seconds=0.4,  # the fake applies what it is sent within 0.15 s, or never
    ready_seconds=0.01,
    again_seconds=0.1,
    again_seconds_max=0.5,
    token_again_seconds=0.3,
)


@dataclass(slots=True, kw_only=True)
class DiscordHouse(House):
    """`guild` is the server that it serves, the fake's or whatever else has its `id`; `content` says whether plain
    words there may be read."""

    discord: FakeDiscord
    guild: Guild
    times: Times = TIMES
    content: bool = True
    adapter: Discord | None = field(default=None, init=False)
    pointed: ExitStack = field(default_factory=ExitStack, init=False)

    async def __aenter__(self) -> Self:
        self.pointed.enter_context(points(self.discord))
        await House.__aenter__(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await House.__aexit__(self)
        finally:
            self.pointed.close()

    def place(self, where: Any) -> Place:
        return Place(f"discord:{'@' if is_person(where) else f'{NAME}:'}{where.id}")

    def identity(self, someone: Someone) -> Identity:
        return Identity(platform="discord", workspace="", external=someone.id)

    def new_adapter(self) -> Discord:
        server = DiscordServer(name=NAME, guild=self.guild.id, help_channels=self.help_channels)
        settings = DiscordSettings(
            token=self.discord.token,
            servers=(server,),
            api_url=self.discord.api_url,
            gateway_url=self.discord.gateway_url,
            message_content=self.content,
        )
        app = self.app
        self.adapter = Discord(
            settings,
            views=app.views,
            desk=app.desk,
            render=app.render,
            now=self.now,
            times=self.times,
            policy=self.policy,
        )
        return self.adapter

    async def connected(self) -> None:
        await self.discord.until(lambda: self.discord.gateway.connected, WAIT_SECONDS, "nobody came to the gateway")

    async def caught_up(self) -> None:
        """Until everything that was said was read once, and posted, and nothing is on its way."""
        adapter = self.adapter
        assert adapter is not None
        looking = adapter.catching_up
        await self.discord.until(lambda: looking.gaps.closed and looking.gaps.last > 0, WAIT_SECONDS, "not caught up")
        assert await self.app.desk.recall(MARK) is not None
        await self.quiet()
        while adapter._tasks:
            await asyncio.wait(adapter._tasks)


def is_person(where: Any) -> bool:
    return isinstance(where, Someone) or getattr(where, "is_person", False)
