"""Slack as a platform: any number of workspaces, each with its own app, behind one adapter."""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from fastapi import FastAPI

from adapters.slack.http import mounting
from adapters.slack.installation import FILE_BYTES_MAX, Installation
from adapters.slack.pace import Pace
from adapters.slack.places import spot
from adapters.slack.settings import SlackWorkspace
from adapters.slack.times import Times
from bot.card import Card
from bot.model import Place, Post, Ref
from bot.ports import Blocked, Desk, Hear, Render, Views

log = structlog.get_logger(__name__)


class Slack:
    """The adapter of places such as `slack:acme:C0123` and `slack:acme:@U0123`.

    `now` gives milliseconds UTC; `pace` makes the keeper of Slack's limits for one workspace;
    `times` says how long Slack is waited for.
    """

    name = "slack"

    def __init__(
        self,
        workspaces: Sequence[SlackWorkspace],
        *,
        views: Views,
        desk: Desk,
        render: Render,
        now: Callable[[], int],
        file_bytes_max: int = FILE_BYTES_MAX,
        pace: Callable[[], Pace] = Pace,
        times: Times | None = None,
    ) -> None:
        self.installations = {
            each.name: Installation(
                settings=each,
                views=views,
                desk=desk,
                render=render,
                now=now,
                file_bytes_max=file_bytes_max,
                pace=pace(),
                times=times or Times(),
            )
            for each in workspaces
        }

    @property
    def mounts(self) -> tuple[Callable[[FastAPI, object], None], ...]:
        """What the web application has to serve for workspaces in HTTP mode."""
        return tuple(mounting(each) for each in self.installations.values() if each.settings.mode == "http")

    async def run(self, hear: Hear) -> None:
        """Listen to every workspace until cancelled; trouble with one does not touch the others."""
        async with asyncio.TaskGroup() as group:
            for each in self.installations.values():
                group.create_task(each.run(hear), name=f"slack {each.settings.name}")

    async def put(self, post: Post, card: Card) -> Ref:
        return await self._of(post.notice.recipient).posting.put(post, card)

    async def find(self, post: Post) -> Ref | None:
        return await self._of(post.notice.recipient).posting.find(post)

    async def remove(self, post: Post) -> None:
        await self._of(post.notice.recipient).posting.remove(post)

    def _of(self, place: Place) -> Installation:
        """Raises Blocked for a workspace that is not configured, or no longer."""
        found = self.installations.get(spot(place).workspace)
        if found is None:
            raise Blocked("platform-off", f"There is no [slack.{spot(place).workspace}] in the settings.")
        return found
