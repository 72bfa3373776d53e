"""Looks at Slack as it is for each workspace of the settings, and names the cure for what is wrong."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import SCOPES, SOCKET_SCOPE, request_path
from bot.cli.findings import Finding
from bot.cli.slack import reserved_commands, workspace_of
from bot.cli.talking import many, meant
from bot.config import Config, Secret, SlackSettings
from bot.config.slack import APP_TOKEN, BOT_TOKEN
from bot.config.slack import workspace_of as workspace_named
from bot.model import Category, Place

TIMEOUT_SECONDS: Final = 10
SKEW_SECONDS_MAX: Final = 60
REINSTALL: Final = "Paste the manifest anew (App Manifest), then reinstall the app (Install App)."

# What Slack answers, for people: what is wrong, and what to do. {0} is the variable that holds the token.
_TOKEN_TROUBLE: Final = {
    "invalid_auth": ("Slack does not know the token.", "Copy it again, and set {0}."),
    "not_authed": ("Slack does not know the token.", "Copy it again, and set {0}."),
    "token_revoked": ("The token was revoked.", "Install the app again (Install App), and set {0} to the new token."),
    "account_inactive": (
        "The app was uninstalled, or its workspace closed.",
        "Install the app again (Install App), and set {0} to the new token.",
    ),
    "token_expired": ("The token ran out.", "Turn token rotation off in a new app, install it, and set {0}."),
    "not_allowed_token_type": ("This is another kind of token.", "Copy the right one, and set {0}."),
    "missing_scope": (f"The token lacks {SOCKET_SCOPE}.", f"Make a token with {SOCKET_SCOPE}, and set {{0}}."),
}
_LOOK_AGAIN: Final = "Look again in a minute; slack-status.com tells of trouble at Slack. Look at api_url, too."
_GONE: Final = {
    "link_disabled": ("Socket Mode is off.", "Turn it on (Socket Mode), or set mode to http."),
    "too_many_websockets": ("Ten programs are connected already.", "Stop those that are not needed."),
}


class _Wrong(Exception):
    """What was asked cannot be had. `error` is Slack's word when it answered."""

    def __init__(self, sentence: str, cure: str, error: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.cure, self.error = sentence, cure, error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """What a channel is for. `inside`: only staff should read it; `list_of_staff`: being in it makes somebody staff."""

    channel: str
    purpose: str
    inside: bool = False
    list_of_staff: bool = False


async def look_at_slack(config: Config, categories: Sequence[Category], *, running: bool, now: int) -> list[Finding]:
    """Everything there is to say about Slack; `now` is in milliseconds UTC.

    `running`: a Guildhall holds the sockets now, so none is opened here.
    """
    found: list[Finding] = []
    bots: dict[tuple[str, str], str] = {}
    for settings in config.slack_workspaces():
        look = _Look(settings, categories)
        found += look.at_settings(config.web.public_url)
        if settings.bot_token:
            found += await look.at_token(bots, now)
        if settings.mode == "socket" and settings.app_token:
            found.append(await look.at_socket(running=running))
    if not found:
        cure = "`guildhall init --where slack` begins; docs/slack.md goes through it step by step."
        found.append(Finding(about="slack", sentence="No workspace is set up.", cure=cure))
    return found


class _Look:
    """One workspace, looked at from outside."""

    def __init__(self, settings: SlackSettings, categories: Sequence[Category]) -> None:
        self.settings = settings
        self.categories = categories
        self.bot = "guildhall"

    def well(self, sentence: str) -> Finding:
        return Finding(about=f"slack {self.settings.name}", sentence=sentence)

    def wrong(self, sentence: str, cure: str) -> Finding:
        return Finding(about=f"slack {self.settings.name}", sentence=sentence, cure=cure)

    # --- what needs no Slack -------------------------------------------------------------------------------------

    def at_settings(self, public_url: str) -> Iterator[Finding]:
        settings = self.settings
        for secret in settings.missing:
            cure = f"Set {settings.variable(secret)}; Slack shows it under {secret.found_at}."
            yield self.wrong(f"The {secret.called} is not set.", cure)
        if settings.mode == "http":
            yield self._public(public_url)
        for setting, command in reserved_commands(workspace_of(settings)).items():
            cure = f"Set another {setting} under [slack.{settings.name}], then paste the manifest anew."
            yield self.wrong(f"{command} is a command of Slack's own, so nobody can use yours.", cure)
        names = [each.name for each in self.categories]
        for channel, category in settings.help_channels.items():
            if category and category not in names:
                cure = f"Correct help_channels, or make it: guildhall category add {category}"
                yield self.wrong(
                    f"{channel} asks in category {category!r}, which is not there{meant(category, names)}", cure
                )
        if not any(self._uses()):
            cure = f"guildhall category set NAME channels slack:{settings.name}:C0123ABC45"
            yield self.wrong("No category has a channel here, so nobody sees a card.", cure)
        for use in self._uses():
            if use.channel in settings.help_channels and use.purpose != _HELP:
                cure = "Take one of them elsewhere."
                yield self.wrong(f"{use.channel} is both {_HELP} and {use.purpose}: customers would read it.", cure)

    def _public(self, public_url: str) -> Finding:
        if not public_url.startswith("https://"):
            cure = "Set [web] public_url to the https address of the proxy in front, or set mode to socket."
            return self.wrong("Slack sends events to an https address only, and there is none.", cure)
        return self.well(f"Slack sends events to {public_url}{request_path(self.settings.name)}.")

    # --- the bot's token -----------------------------------------------------------------------------------------

    async def at_token(self, bots: dict[tuple[str, str], str], now: int) -> list[Finding]:
        settings = self.settings
        client = _client(settings, settings.bot_token)
        try:
            answer, headers = await _asked(client, "auth.test", settings, BOT_TOKEN)
        except _Wrong as trouble:
            return [self.wrong(trouble.sentence, trouble.cure)]
        self.bot = str(answer.get("user") or self.bot)
        found = [self.well(f"@{self.bot} is in {answer.get('team')} ({answer.get('team_id')}).")]
        other = bots.setdefault((str(answer.get("team_id")), str(answer.get("user_id"))), settings.name)
        if other != settings.name:
            cure = f"Remove one of the two, or give {settings.name} the tokens of its own app."
            found.append(self.wrong(f"It is the same app in the same workspace as {other}.", cure))
        found += self._scopes(headers)
        found += self._clock(headers, now)
        for channel in dict.fromkeys(use.channel for use in self._uses()):
            found.append(await self._channel(client, channel))
        for setting, group in (("staff_group", settings.staff_group), ("expert_group", settings.expert_group)):
            if group:
                found.append(await self._group(client, setting, group))
        return found

    def _scopes(self, headers: Mapping[str, str]) -> Iterator[Finding]:
        told = headers.get("x-oauth-scopes")
        if told is None:
            yield self.well("Its permissions are not told here.")
            return
        granted = {each.strip() for each in told.split(",")}
        missing = [each for each in SCOPES if each.name not in granted]
        for each in missing:
            yield self.wrong(f"The permission {each.name} is missing. It is there to: {_small(each.why)}", REINSTALL)
        if not missing:
            needless = sorted(granted - {each.name for each in SCOPES} - {""})
            more = f" It needs no {', '.join(needless)}." if needless else ""
            yield self.well(f"All {len(SCOPES)} permissions are there.{more}")

    def _clock(self, headers: Mapping[str, str], now: int) -> Iterator[Finding]:
        try:
            seconds = now / 1_000 - parsedate_to_datetime(headers.get("date", "")).timestamp()
        except ValueError:
            return
        if abs(seconds) > SKEW_SECONDS_MAX:
            apart = f"{abs(seconds) / 60:.0f} min {'ahead of' if seconds > 0 else 'behind'}"
            sentence = f"This machine is {apart} Slack's clock; from 5 min on, requests over HTTP are refused."
            yield self.wrong(sentence, "Set it right: timedatectl set-ntp true")

    # --- channels and groups -------------------------------------------------------------------------------------

    def _uses(self) -> Iterator[_Use]:
        settings = self.settings
        for category in self.categories:
            for place in category.channels:
                if channel := self._here(place):
                    yield _Use(channel=channel, purpose=f"where cards of {category.name} go")
            if category.staff_channel and (channel := self._here(category.staff_channel)):
                yield _Use(channel=channel, purpose=f"the staff channel of {category.name}", inside=True)
        for channel in settings.help_channels:
            yield _Use(channel=channel, purpose=_HELP)
        if settings.staff_channel:
            yield _Use(channel=settings.staff_channel, purpose="the list of staff", inside=True, list_of_staff=True)
        if settings.expert_channel:
            yield _Use(channel=settings.expert_channel, purpose="the list of experts")

    def _here(self, place: Place) -> str:
        return place.rpartition(":")[2] if workspace_named(place) == self.settings.name else ""

    async def _channel(self, client: AsyncWebClient, channel: str) -> Finding:
        uses = [use for use in self._uses() if use.channel == channel]
        purposes = ", ".join(dict.fromkeys(use.purpose for use in uses))
        try:
            answer, _ = await _asked(client, "conversations.info", self.settings, BOT_TOKEN, channel=channel)
        except _Wrong as trouble:
            if trouble.error != "channel_not_found":
                return self.wrong(f"{channel} ({purposes}): {trouble.sentence}", trouble.cure)
            cure = f"Type /invite @{self.bot} there; if there is no such channel, correct its id."
            return self.wrong(f"{channel} ({purposes}) is not there, or is private without the bot in it.", cure)
        there = answer["channel"]
        name = f"#{there.get('name') or channel} ({purposes})"
        shared = bool(there.get("is_ext_shared") or there.get("is_shared"))
        if there.get("is_archived"):
            return self.wrong(f"{name} is archived.", "Unarchive it, or take another channel.")
        if not there.get("is_member"):
            return self.wrong(f"The bot is not in {name}.", f"Type in that channel: /invite @{self.bot}")
        if shared and any(use.inside for use in uses):
            cure = "Take a channel that is not shared (Slack Connect)."
            return self.wrong(f"{name} is shared with another company, which reads it.", cure)
        if not there.get("is_private") and any(use.list_of_staff for use in uses):
            cure = "Make it private (Edit settings, Change to a private channel)."
            return self.wrong(f"{name} is public: whoever joins it becomes staff.", cure)
        note = " Another company shares it: its people are experts if you name them, never staff." if shared else ""
        public = any(use.inside for use in uses) and not there.get("is_private")
        note += " It is public: everybody in the workspace can read it." if public else ""
        return self.well(f"The bot is in {name}.{note}")

    async def _group(self, client: AsyncWebClient, setting: str, group: str) -> Finding:
        role = setting.partition("_")[0]
        instead = f"set {role}_channel to a {'private ' if role == 'staff' else ''}channel whose members are meant"
        try:
            answer, _ = await _asked(client, "usergroups.users.list", self.settings, BOT_TOKEN, usergroup=group)
        except _Wrong as trouble:
            if trouble.error in ("plan_upgrade_required", "paid_teams_only"):
                cure = f"Instead of {setting} {instead}, or name people: guildhall {role} add NAME"
                return self.wrong(f"{setting} {group}: free workspaces have no user groups.", cure)
            if trouble.error in ("no_such_subteam", "subteam_not_found"):
                cure = "Correct the id: People & user groups, the group, Copy group ID."
                return self.wrong(f"{setting} {group} is not there, or switched off.", cure)
            return self.wrong(f"{setting} {group}: {trouble.sentence}", trouble.cure)
        count = len(answer.get("users") or ())
        if not count:
            return self.wrong(f"{setting} {group} is empty.", f"Put people into it, or {instead}.")
        return self.well(f"{setting} {group} has {many(count, 'member')}.")

    # --- the socket ----------------------------------------------------------------------------------------------

    async def at_socket(self, *, running: bool) -> Finding:
        settings = self.settings
        try:
            answer, _ = await _asked(
                _client(settings, settings.app_token), "apps.connections.open", settings, APP_TOKEN
            )
            if running:
                return self.well("The app-level token is good; the socket itself is Guildhall's, which runs now.")
            hello = await _hello(str(answer["url"]))
        except _Wrong as trouble:
            return self.wrong(f"Socket: {trouble.sentence}", trouble.cure)
        others = int(hello.get("num_connections") or 1) - 1
        if others > 0:
            sentence = f"{many(others, 'other program')} listen{'s' if others == 1 else ''} with this app-level token."
            cure = "Stop it, or make an app of its own for each: Slack tells every event to one listener only."
            return self.wrong(sentence, cure)
        return self.well("The socket opens, and Slack says hello.")


_HELP: Final = "a help channel"


def _client(settings: SlackSettings, token: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=settings.api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])


async def _asked(
    client: AsyncWebClient, method: str, settings: SlackSettings, secret: Secret, **params: str
) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Slack's answer, and its headers in small letters. Raises _Wrong."""
    try:
        response = await client.api_call(method, data=params)
    except SlackApiError as refusal:
        said = getattr(refusal.response, "data", None)  # without any when it was no JSON
        if not isinstance(said, dict) or not said.get("error"):
            raise _Wrong(f"{settings.api_url} does not answer as Slack does.", _LOOK_AGAIN) from None
        raise _refused(said, settings, secret) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
        why = str(trouble) or type(trouble).__name__
        cure = "Look at api_url, and at this machine's way out: name service, firewall, proxy."
        raise _Wrong(f"{settings.api_url} cannot be reached: {why}.", cure) from None
    except SlackClientError:
        raise _Wrong(f"{settings.api_url} does not answer as Slack does.", _LOOK_AGAIN) from None
    assert isinstance(response.data, dict)
    return response.data, {str(name).lower(): str(value) for name, value in response.headers.items()}


def _refused(said: Mapping[str, Any], settings: SlackSettings, secret: Secret) -> _Wrong:
    """What an answer with `ok: false` means."""
    error = str(said["error"])
    if error in ("ratelimited", "rate_limited"):
        return _Wrong("Slack asks for patience.", "Look again in a minute.", error)
    if error == "missing_scope" and secret is BOT_TOKEN:
        return _Wrong(f"The permission {said.get('needed') or 'for it'} is missing.", REINSTALL, error)
    if error in _TOKEN_TROUBLE:
        sentence, cure = _TOKEN_TROUBLE[error]
        cure = f"{cure.format(settings.variable(secret))} Slack shows it under {secret.found_at}."
        return _Wrong(sentence, cure, error)
    return _Wrong(f"Slack says {error}.", _LOOK_AGAIN, error)


async def _hello(url: str) -> Mapping[str, Any]:
    """What Slack says first on a socket, which is closed again at once: events should not come here. Raises _Wrong."""
    try:
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            aiohttp.ClientSession() as session,
            session.ws_connect(url) as socket,
        ):
            said = await socket.receive_json()
    except (aiohttp.ClientError, TimeoutError, OSError, TypeError, ValueError) as trouble:
        why = str(trouble) or type(trouble).__name__
        cure = "Let WebSockets through: this machine's firewall or proxy stops them."
        raise _Wrong(f"it does not open: {why}.", cure) from None
    if said.get("type") == "disconnect":
        reason = str(said.get("reason"))
        raise _Wrong(*_GONE.get(reason, (f"Slack closes it: {reason}.", "Look again in a minute.")))
    return dict(said)


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
