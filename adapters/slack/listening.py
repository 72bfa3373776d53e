"""Registers what the bot listens to, so that an event is acknowledged after it was carried out, and not before."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize

from adapters.slack.calling import Refused, quiet
from adapters.slack.channels import BACK, LOST, Channels
from adapters.slack.commanding import Commanding
from adapters.slack.dialogs import Dialogs
from adapters.slack.hearing import Hearing
from adapters.slack.homes import Homes
from adapters.slack.office import Body, Office
from adapters.slack.people import People
from adapters.slack.pressing import Pressing
from adapters.slack.roster import Roster
from adapters.slack.shortcuts import VERBS as SHORTCUTS
from adapters.slack.shortcuts import Shortcuts
from bot.ports import Hear, PlatformTrouble, StorageTrouble

log = structlog.get_logger(__name__)

LIST_EVENTS: Final = (
    "subteam_members_changed",
    "subteam_updated",
    "member_left_channel",
)
END_EVENTS: Final = ("tokens_revoked", "app_uninstalled")
ANYTHING: Final = re.compile(".*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """The parts that take in what happens in one workspace. `hear` gives the core's ear; `ended` is told when Slack
    says that the app was removed."""

    office: Office
    hearing: Hearing
    commanding: Commanding
    pressing: Pressing
    dialogs: Dialogs
    shortcuts: Shortcuts
    homes: Homes
    roster: Roster
    channels: Channels
    hear: Callable[[], Hear]
    ended: Callable[[str], Awaitable[None]]


def bolt_app(ears: Ears, *, signing_secret: str = "") -> AsyncApp:
    """The library's app for one workspace.

    `process_before_response`: a listener ends before the acknowledgement leaves, so that an exception means none and
    Slack delivers the event again.
    """
    app = AsyncApp(
        client=ears.office.calls.client,
        authorize=_Installed(ears),
        signing_secret=signing_secret or None,
        request_verification_enabled=bool(signing_secret),
        process_before_response=True,
        attaching_function_token_enabled=False,
        logger=quiet,
    )
    app.error(_failed)
    # The library asks one listener after the other, which takes a while: those that people wait for come first.
    _on_acts(app, ears)
    _on_dialogs(app, ears)
    _on_events(app, ears)
    return app


async def _failed(error: Exception) -> None:
    """There is no acknowledgement, so that Slack delivers an event again; whoever pressed something sees a warning."""
    if isinstance(error, PlatformTrouble | Refused | StorageTrouble):
        log.warning("not taken in", trouble=str(error))
    else:
        log.error("failed to take in", exc_info=error)


class _Installed(AsyncAuthorize):
    """Who we are in the one workspace of this app, as signing in found out.

    Left to itself the library would ask Slack when the first event comes, and acknowledge that event, without taking
    it in, when Slack does not answer.
    """

    def __init__(self, ears: Ears) -> None:
        self._ears = ears

    async def __call__(self, *, team_id: str | None = None, user_id: str | None = None, **_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=self._ears.office.people.own_enterprise or None,
            team_id=team_id,
            bot_user_id=self._ears.hearing.bot_user,
            bot_token=self._ears.office.calls.token,
            user_id=user_id,
        )


def _on_events(app: AsyncApp, ears: Ears) -> None:
    async def said(event: Body) -> None:
        await ears.hearing.message(event, ears.hear())

    async def home_opened(event: Body) -> None:
        if event.get("tab") == "home":
            ears.office.later(ears.homes.opened(str(event["user"])))

    async def list_changed(event: Body) -> None:
        ears.office.later(ears.roster.changed(event, ears.hear()))

    async def channel_lost(event: Body) -> None:
        ears.office.later(ears.channels.lost(event))

    async def channel_back(event: Body) -> None:
        ears.office.later(ears.channels.back(event, ears.hearing.bot_user))
        ears.office.later(ears.roster.changed(event, ears.hear()))

    async def person_changed(event: Body) -> None:
        people: People = ears.office.people
        people.forget(str((event.get("user") or {}).get("id", "")))

    async def ended(event: Body) -> None:
        ears.office.later(ears.ended(str(event.get("type"))))

    async def of_no_interest() -> None:
        """Acknowledged all the same, or Slack would deliver it three times more."""

    app.event("message")(said)
    app.event("app_mention")(said)
    app.event("app_home_opened")(home_opened)
    app.event("user_change")(person_changed)
    for name in LOST:
        app.event(name)(channel_lost)
    for name in BACK:
        app.event(name)(channel_back)
    for name in LIST_EVENTS:
        app.event(name)(list_changed)
    for name in END_EVENTS:
        app.event(name)(ended)
    app.event(ANYTHING)(of_no_interest)


def _on_acts(app: AsyncApp, ears: Ears) -> None:
    async def command(body: Body, ack: AsyncAck) -> None:
        await ack(**await ears.commanding.command(body, ears.hear()))

    async def ask(body: Body, ack: AsyncAck) -> None:
        await ack(**await ears.commanding.ask(body, ears.hear()))

    async def pressed(body: Body, ack: AsyncAck) -> None:
        if (body.get("view") or {}).get("type") == "modal":
            ears.office.later(ears.dialogs.typed(body))
        else:
            await ears.pressing.press(body, ears.hear())
        await ack()

    async def used(body: Body, ack: AsyncAck) -> None:
        await ears.shortcuts.use(body, ears.hear())
        await ack()

    app.action(ANYTHING)(pressed)
    app.command(ears.office.settings.command)(command)
    app.command(ears.office.settings.ask_command)(ask)
    for name in SHORTCUTS:
        app.shortcut(name)(used)


def _on_dialogs(app: AsyncApp, ears: Ears) -> None:
    async def submitted(body: Body, ack: AsyncAck) -> None:
        answer: dict[str, Any] = await ears.dialogs.submit(body, ears.hear())
        await ack(**answer)

    async def closed(body: Body, ack: AsyncAck) -> None:
        ears.office.later(ears.dialogs.closed(body))
        await ack()

    app.view(ANYTHING)(submitted)
    app.view_closed(ANYTHING)(closed)
