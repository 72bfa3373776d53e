"""One workspace from its settings to its end: signed in, listening, watched, caught up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from slack_bolt.async_app import AsyncApp

from adapters.slack.answering import Answering
from adapters.slack.calling import TOKEN, Calls, Refused
from adapters.slack.catching_up import CatchingUp
from adapters.slack.channels import Channels
from adapters.slack.commanding import Commanding
from adapters.slack.dialogs import Dialogs
from adapters.slack.enclosing import Enclosing
from adapters.slack.hearing import Hearing
from adapters.slack.homes import Homes
from adapters.slack.listening import Ears, bolt_app
from adapters.slack.office import Office
from adapters.slack.pace import Pace
from adapters.slack.people import People
from adapters.slack.posting import Posting
from adapters.slack.pressing import Pressing
from adapters.slack.roster import Roster
from adapters.slack.settings import SlackWorkspace
from adapters.slack.shortcuts import Shortcuts
from adapters.slack.socket import Socket
from adapters.slack.times import Times
from bot.afterwards import Afterwards
from bot.card import Form
from bot.model import Place
from bot.ports import Blocked, Busy, Desk, Hear, Hearable, PlatformTrouble, Render, Reply, StorageTrouble, Views

log = structlog.get_logger(__name__)

FILE_BYTES_MAX: Final = 10_000_000


@dataclass(slots=True, kw_only=True)
class Installation:
    """Everything about one workspace. `now` gives milliseconds UTC."""

    settings: SlackWorkspace
    views: Views
    desk: Desk
    render: Render
    now: Callable[[], int]
    pace: Pace = field(default_factory=Pace)
    file_bytes_max: int = FILE_BYTES_MAX
    times: Times = field(default_factory=Times)
    calls: Calls = field(init=False)
    posting: Posting = field(init=False)
    people: People = field(init=False)
    _hear: Hear | None = None
    _app: AsyncApp | None = None
    _ears: Ears = field(init=False)
    _afterwards: Afterwards = field(default_factory=Afterwards)
    _catching_up: CatchingUp = field(init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _trouble: str = ""
    _wait: float = 0.0
    _reported: bool = False
    _gap: asyncio.Event = field(default_factory=asyncio.Event)
    _refused: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        settings = self.settings
        self.calls = Calls(
            token=settings.bot_token,
            url=settings.api_url,
            pace=self.pace,
            timeout_seconds=self.times.call_seconds,
        )
        self.calls.on_refused = lambda error: self._refused.set()
        self.people = People(self.calls, settings.name)
        self.posting = Posting(
            calls=self.calls,
            workspace=settings.name,
            views=self.views,
            content=self.desk.content,
            enclosing=Enclosing(calls=self.calls, desk=self.desk, workspace=settings.name),
        )
        office = Office(
            settings=settings,
            calls=self.calls,
            people=self.people,
            views=self.views,
            desk=self.desk,
            render=self.render,
            answering=Answering(self.calls),
            later=self.later,
            afterwards=self._afterwards,
            file_bytes_max=self.file_bytes_max,
            now=self.now,
        )
        homes = Homes(office)
        hearing = Hearing(office=office, homes=homes)
        self._catching_up = CatchingUp(office=office, hearing=hearing, times=self.times)
        hearing.reached = self._catching_up.gaps.reached
        self._ears = Ears(
            office=office,
            hearing=hearing,
            commanding=Commanding(office, homes),
            pressing=Pressing(office, homes),
            dialogs=Dialogs(office, homes),
            shortcuts=Shortcuts(office, homes),
            homes=homes,
            roster=Roster(office=office),
            channels=Channels(office),
            hear=self.hear,
            ended=self._ended,
        )

    @property
    def app(self) -> AsyncApp:
        """The library's app, made when it is first needed."""
        if self._app is None:
            self._app = bolt_app(self._ears, signing_secret=self.settings.signing_secret)
        return self._app

    @property
    def listening(self) -> bool:
        """Not before it is known whose workspace this is: without that nobody could be told from an outsider."""
        return self._hear is not None and self.people.own_team != ""

    def hear(self) -> Hear:
        if self._hear is None or not self.listening:
            raise Busy(self.times.again_seconds)  # not running yet: unacknowledged, so Slack delivers it again
        hear = self._hear

        async def hear_first(heard: Hearable) -> Reply | Form:
            with self._afterwards.act():
                return await hear(heard)

        return hear_first

    def later(self, doing: Awaitable[None]) -> None:
        """Runs beside; what is under way is waited for at the end."""
        task = asyncio.create_task(_logged(doing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Running

    async def run(self, hear: Hear) -> None:
        """Until cancelled. Trouble of Slack's is said once and waited out; other platforms go on."""
        self._hear = hear
        try:
            while True:
                try:
                    await self._sign_in()
                    await self._listen(hear)
                except* (PlatformTrouble, Refused, StorageTrouble) as troubles:
                    await self._wait_out(troubles.exceptions[0])
        finally:
            self._hear = None
            await self._close()

    async def _sign_in(self) -> None:
        answer = await self.calls.call("auth.test")
        self.people.own_team = str(answer["team_id"])
        self.people.own_enterprise = str(answer.get("enterprise_id") or "")
        self._ears.hearing.bot_user = str(answer["user_id"])
        self._refused.clear()
        if not self._trouble:
            log.info("signed in to Slack", workspace=self.settings.name, team=self.people.own_team)

    async def _listen(self, hear: Hear) -> None:
        if self.settings.mode == "http":
            self._connected()  # there is no hello that would say so
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_caught_up(hear))
            group.create_task(self._keep_roster(hear))
            group.create_task(self._leave_when_refused())
            if self.settings.mode == "socket":
                socket = Socket(
                    self.app,
                    self.calls,
                    app_token=self.settings.app_token,
                    workspace=self.settings.name,
                    connected=self._connected,
                    times=self.times,
                )
                group.create_task(socket.run())

    def _connected(self) -> None:
        """Events arrive from now on; what happened before may have been missed."""
        self._catching_up.gaps.begin()
        self._gap.set()
        self.later(self._well_again())

    async def _keep_caught_up(self, hear: Hear) -> None:
        """After every hello of the socket what was missed is read; while all is well the mark moves on.

        Over HTTP nothing tells of a gap, so that it is looked for one from time to time.
        """
        wait, said, over_http = self.times.again_seconds, "", self.settings.mode == "http"
        while True:
            try:
                async with asyncio.timeout(self.times.sweep_seconds if over_http else self.times.well_seconds):
                    await self._gap.wait()
            except TimeoutError:
                if not over_http:
                    with suppress(StorageTrouble):  # a mark that stays behind costs a longer look back, nothing else
                        await self._catching_up.move_mark()
                    continue
            self._gap.clear()
            try:
                await self._catching_up.catch_up(hear)
                wait, said = self.times.again_seconds, ""
            except (PlatformTrouble, Refused, StorageTrouble) as trouble:
                self._gap.set()
                if not said:
                    said = str(trouble)
                    log.warning("not caught up yet", workspace=self.settings.name, trouble=said)
                await asyncio.sleep(wait)
                wait = min(wait * 2, self.times.again_seconds_max)

    async def _keep_roster(self, hear: Hear) -> None:
        while True:
            whole = False
            try:
                whole = await self._ears.roster.refresh(hear)
            except StorageTrouble as trouble:
                log.warning("lists not taken in", workspace=self.settings.name, trouble=str(trouble))
            times = self.times
            await asyncio.sleep(times.refresh_seconds if whole else min(times.again_seconds_max, times.refresh_seconds))

    async def _leave_when_refused(self) -> None:
        """The token was found to be no longer good: there is nothing to listen to until it is."""
        await self._refused.wait()
        raise Blocked(TOKEN, "Run `guildhall doctor slack`.")

    async def _wait_out(self, trouble: BaseException) -> None:
        """Says trouble once, to the log and, when somebody can mend it, to staff; waits, each time longer."""
        self._wait = min(self._wait * 2 or self.times.again_seconds, self.times.again_seconds_max)
        if not isinstance(trouble, Blocked | Refused):
            if not self._trouble:
                self._trouble = str(trouble)
                log.warning("Slack is away", workspace=self.settings.name, trouble=self._trouble)
            await asyncio.sleep(self._wait)
            return
        said = trouble.why if isinstance(trouble, Blocked) else str(trouble)
        if said != self._trouble:
            self._trouble = said
            cure = trouble.cure if isinstance(trouble, Blocked) else ""
            log.error("Slack does not let us in", workspace=self.settings.name, trouble=said, cure=cure)
            try:
                await self.desk.report(self._place, said)
                self._reported = True
            except StorageTrouble:
                self._trouble = ""  # said once more with the next try
        await asyncio.sleep(self.times.token_again_seconds)

    async def _well_again(self) -> None:
        """Listening once more: what staff were told is taken back."""
        self._trouble, self._wait = "", 0.0
        if self._reported:
            self._reported = False
            await self.desk.report(self._place)

    async def _ended(self, event: str) -> None:
        """Slack says itself that the app was removed or its token revoked."""
        log.warning("Slack took the app away", workspace=self.settings.name, said=event)
        self._refused.set()

    @property
    def _place(self) -> Place:
        return Place(f"slack:{self.settings.name}")

    async def _close(self) -> None:
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self.times.drain_seconds)
            for task in late:
                task.cancel()
        await self.calls.close()


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
