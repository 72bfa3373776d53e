"""Discord as a platform: one bot in any number of servers, from its settings to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import discord
import structlog

from adapters.discord.acting import Acting
from adapters.discord.answering import Answering
from adapters.discord.asking import Asking
from adapters.discord.calling import TOKEN, Calls, Refused
from adapters.discord.catching_up import CatchingUp
from adapters.discord.channels import Channels
from adapters.discord.commands import synchronise
from adapters.discord.gateway import INTENT, Gateway
from adapters.discord.hearing import Hearing
from adapters.discord.hooks import Hooks
from adapters.discord.listening import Ears
from adapters.discord.messages import messages
from adapters.discord.office import Office
from adapters.discord.people import People
from adapters.discord.posting import Posting
from adapters.discord.rooms import Rooms
from adapters.discord.roster import Roster
from adapters.discord.settings import DiscordSettings
from adapters.discord.spoken import spoken
from adapters.discord.times import Times
from bot.afterwards import Afterwards
from bot.card import Card
from bot.model import Place, Post, Ref
from bot.policy import Policy
from bot.ports import Blocked, Busy, Desk, Hear, PlatformTrouble, Render, StorageTrouble, Views

log = structlog.get_logger(__name__)

FILE_BYTES_MAX: Final = 10_000_000


class Discord:
    """The adapter of places such as `discord:acme:1234` and `discord:@99`. `now` gives milliseconds UTC; `times` says
    how long Discord is waited for."""

    name = "discord"

    def __init__(
        self,
        settings: DiscordSettings,
        *,
        views: Views,
        desk: Desk,
        render: Render,
        now: Callable[[], int],
        file_bytes_max: int = FILE_BYTES_MAX,
        times: Times | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.settings = settings
        self.policy = policy or Policy()
        self.times = times or Times()
        self.calls = Calls(timeout_seconds=self.times.call_seconds)
        self.calls.on_refused = lambda: self._refused.set()
        self.hooks = Hooks(api_url=settings.api_url, timeout_seconds=self.times.call_seconds)
        self.posting = Posting(
            calls=self.calls, settings=settings, views=views, content=desk.content, desk=desk, now=now
        )
        self.afterwards = Afterwards()
        self.office = self._made_office(views, desk, render, now, file_bytes_max)
        self.ears = self._made_ears()
        self._gateway = Gateway(settings, self.calls, self.ears.told, self.times)
        self._hear: Hear | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._trouble, self._wait, self._reported = "", 0.0, False
        self._gap, self._refused = asyncio.Event(), asyncio.Event()

    def _made_office(
        self, views: Views, desk: Desk, render: Render, now: Callable[[], int], file_bytes_max: int
    ) -> Office:
        answering = Answering(
            hooks=self.hooks,
            times=self.times,
            afterwards=self.afterwards,
            later=self.later,
            direct=self.direct,
            filled=lambda user, said: self.ears.acting.filled(user, said),
            command=self.settings.command,
        )
        return Office(
            settings=self.settings,
            calls=self.calls,
            people=People(self.calls, known_seconds=self.times.member_seconds),
            rooms=Rooms(self.calls),
            directs=self.posting.directs,
            views=views,
            desk=desk,
            render=render,
            answering=answering,
            later=self.later,
            afterwards=self.afterwards,
            file_bytes_max=file_bytes_max,
            now=now,
        )

    def _made_ears(self) -> Ears:
        office = self.office
        roster, asking = Roster(office), Asking(office=office)
        hearing = Hearing(office=office, asking=asking, roster=roster)
        self.catching_up = CatchingUp(office=office, hearing=hearing, times=self.times)
        hearing.reached = self.catching_up.gaps.reached
        return Ears(
            office=office,
            acting=Acting(office=office, asking=asking, roster=roster),
            hearing=hearing,
            roster=roster,
            channels=Channels(office),
            threads=self.posting.threads,
            hear=self.hear,
            connected=self._connected,
            missed=self._missed,
        )

    # Showing

    async def put(self, post: Post, card: Card) -> Ref:
        return await self.posting.put(post, spoken(card, self.settings.command))

    async def find(self, post: Post) -> Ref | None:
        return await self.posting.find(post)

    async def remove(self, post: Post) -> None:
        await self.posting.remove(post)

    async def direct(self, user: str, card: Card, carry: str = "") -> None:
        """Tells somebody something in their own conversation with the bot. Raises Refused or a platform's trouble."""
        channel = await self.posting.directs.channel(user)
        for each in messages(spoken(card, self.settings.command), carry=carry):
            await self.calls.call(
                "POST", "/channels/{channel_id}/messages", json=each.body(), files=each.files, channel_id=channel
            )

    # Listening

    def hear(self) -> Hear:
        """Raises Busy before the program runs."""
        if self._hear is None:
            raise Busy(self.times.again_seconds)
        return self._hear

    def later(self, doing: Awaitable[None]) -> None:
        """Runs beside; what is under way is waited for at the end."""
        task = asyncio.create_task(_logged(doing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self, hear: Hear) -> None:
        """Until cancelled. Trouble of Discord's is said once and waited out; other platforms go on."""
        self._hear = hear
        try:
            while True:
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(self._keep_caught_up(hear))
                        group.create_task(self._keep_roster(hear))
                        group.create_task(self._leave_when_refused())
                        group.create_task(self._gateway.run(self._signed_in))
                except* (PlatformTrouble, Refused, StorageTrouble, OSError) as troubles:
                    await self._wait_out(troubles.exceptions[0])
        finally:
            await self._close()
            self._hear = None

    async def _signed_in(self, client: discord.Client) -> None:
        assert client.user is not None
        assert client.application_id is not None
        self.office.bot_user = str(client.user.id)
        self.hooks.application = str(client.application_id)
        self._refused.clear()
        try:
            await synchronise(self.calls, self.hooks.application, self.office.desk, self.settings, self.policy)
        except Refused as refusal:
            log.error("commands not registered", trouble=str(refusal))
        if not self._trouble:
            log.info("signed in to Discord", application=self.hooks.application)

    def _connected(self, servers: frozenset[str] | None) -> None:
        """Events arrive from now on; what happened before may have been missed. `servers` are those the bot is in,
        when Discord tells."""
        self._missed()
        self.later(self._well_again(servers))

    def _missed(self) -> None:
        """Something may have been said that was not taken in."""
        self.catching_up.gaps.begin()
        self._gap.set()

    async def _keep_caught_up(self, hear: Hear) -> None:
        """After every new connection what was missed is read; while all is well the mark moves on."""
        wait, said = self.times.again_seconds, ""
        while True:
            try:
                async with asyncio.timeout(self.times.well_seconds):
                    await self._gap.wait()
            except TimeoutError:
                if self.calls.client is not None and self.calls.client.is_ready():
                    with suppress(StorageTrouble):  # a mark that stays behind costs a longer look back, nothing else
                        await self.catching_up.move_mark()
                continue
            self._gap.clear()
            try:
                await self.catching_up.catch_up(hear)
                wait, said = self.times.again_seconds, ""
            except (PlatformTrouble, Refused, StorageTrouble) as trouble:
                self._gap.set()
                if not said:
                    said = str(trouble)
                    log.warning("not caught up yet", trouble=said)
                await asyncio.sleep(wait)
                wait = min(wait * 2, self.times.again_seconds_max)
            except Exception:  # an answer of Discord's that is none; nobody else must fall with it
                self._gap.set()
                log.exception("failed to catch up")
                await asyncio.sleep(self.times.again_seconds_max)

    async def _keep_roster(self, hear: Hear) -> None:
        while True:
            await asyncio.sleep(self.times.refresh_seconds)
            try:
                await self.ears.roster.refresh(hear)
            except (PlatformTrouble, Refused, StorageTrouble) as trouble:
                log.warning("roles not taken in", trouble=str(trouble))
            except Exception:
                log.exception("failed to take in roles")

    async def _leave_when_refused(self) -> None:
        """The token was found to be no longer good: there is nothing to listen to until it is."""
        await self._refused.wait()
        raise Blocked(TOKEN, "Run `guildhall doctor discord`.")

    async def _wait_out(self, trouble: BaseException) -> None:
        """Says trouble once, to the log and, when somebody can mend it, to staff; waits, each time longer."""
        self._wait = min(self._wait * 2 or self.times.again_seconds, self.times.again_seconds_max)
        if not isinstance(trouble, Blocked):
            if not self._trouble:
                self._trouble = str(trouble)
                log.warning("Discord is away", trouble=self._trouble)
            await asyncio.sleep(self._wait)
            return
        if trouble.why != self._trouble:
            self._trouble = trouble.why
            log.error("Discord does not let us in", trouble=trouble.why, cure=trouble.cure)
            try:
                await self.office.desk.report(Place("discord"), trouble.why)
                self._reported = trouble.why != INTENT  # which stays true while we do without it
            except StorageTrouble:
                self._trouble = ""  # said once more with the next try
        await asyncio.sleep(self._wait if trouble.why == INTENT else self.times.token_again_seconds)

    async def _well_again(self, servers: frozenset[str] | None) -> None:
        """Listening once more: what staff were told is taken back."""
        self._trouble, self._wait = "", 0.0
        if self._reported:
            self._reported = False
            await self.office.desk.report(Place("discord"))
        if servers is None:
            return
        await self.ears.channels.present(servers)
        for channel in self.ears.hearing.asking.standing_places():
            try:
                await self.ears.hearing.asking.stand(channel)
            except (Refused, PlatformTrouble) as trouble:
                log.warning("no button to ask with", channel=channel, trouble=str(trouble))

    async def _close(self) -> None:
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self.times.drain_seconds)
            for task in late:
                task.cancel()
        await self.hooks.close()


async def _logged(doing: Awaitable[None]) -> None:
    """What happens beside may fail without taking anything along, but not unseen."""
    try:
        await doing
    except asyncio.CancelledError:
        raise
    except (Refused, PlatformTrouble) as trouble:
        log.warning("not done beside", trouble=str(trouble))
    except Exception:
        log.exception("failed beside")
