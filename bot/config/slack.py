"""What the settings say about Slack: one table for each workspace, and its secrets from the environment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field
from rapidfuzz import fuzz, process

from bot.config.fields import STRICT, about, checked
from bot.config.values import read_address, read_category_name
from bot.model import Place, Rank, StaffRole

OFFICIAL_API: Final = "https://slack.com/api/"
ALONE: Final = "main"  # what the one workspace is called whose tokens are all there is
EXAMPLE: Final = "acme"
PREFIX: Final = "GUILDHALL_SLACK_"
LIKE_ENOUGH: Final = 60  # percent of letters


def read_channel(text: str) -> str:
    """`C0123ABC45`. Raises ValueError with a sentence."""
    if not re.fullmatch(r"[CG][A-Z0-9]{2,30}", text):
        raise ValueError(f'must be the id of a channel such as "C0123ABC45", not {text!r}')
    return text


def read_group(text: str) -> str:
    """`S0123ABC45`. Raises ValueError with a sentence."""
    if not re.fullmatch(r"S[A-Z0-9]{2,30}", text):
        raise ValueError(f'must be the id of a user group such as "S0123ABC45", not {text!r}')
    return text


def read_command(text: str) -> str:
    """`/hall`: Slack takes small letters, digits, hyphens and underscores, 32 characters with the slash.

    Raises ValueError with a sentence.
    """
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", text):
        raise ValueError(f'must be a command such as "/hall" (small letters, no spaces), not {text!r}')
    return text


def read_api_url(text: str) -> str:
    """The address of the Web API with a slash at its end. Raises ValueError with a sentence."""
    if not text:
        raise ValueError(f'must be an address such as "{OFFICIAL_API}", not {text!r}')
    return f"{read_address(text)}/"


def as_tables(value: object) -> object:
    """[slack] as it was written, once it is sure that it holds workspaces only: its keys may be secrets by mistake."""
    for name, table in value.items() if isinstance(value, dict) else ():
        if secret := next((each for each in SECRETS if each.field == name), None):
            raise about(
                name, f"is a secret and does not belong in a file; set {variable('', secret)} in the environment"
            )
        if not isinstance(table, dict | SlackTable):
            raise about(name, f"is outside of a workspace: put it under [slack.{EXAMPLE}], with a name of your own")
        try:
            read_workspace_name(name)
        except ValueError as bad:
            raise about(name, str(bad)) from None
    return value


def read_workspace_name(text: str) -> str:
    """A name for places and variables. Raises ValueError with a sentence."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", text):
        raise ValueError(f"cannot be called {text!r}: its name is short, from a-z, 0-9 and -, as in [slack.{EXAMPLE}]")
    return text


def _maybe(text: str) -> str:
    return read_channel(text) if text else ""


def _maybe_group(text: str) -> str:
    return read_group(text) if text else ""


def _category_or_any(text: str) -> str:
    return read_category_name(text) if text else ""


def _listed(value: object) -> object:
    """`["C1", "C2"]` means that each may be about anything."""
    return (
        dict.fromkeys(value, "") if isinstance(value, list) and all(isinstance(each, str) for each in value) else value
    )


Channel = Annotated[str, checked(_maybe)]
Group = Annotated[str, checked(_maybe_group)]
Command = Annotated[str, checked(read_command)]
HelpChannels = Annotated[
    dict[Annotated[str, checked(read_channel)], Annotated[str, checked(_category_or_any)]], BeforeValidator(_listed)
]


class SlackTable(BaseModel):
    """One workspace that the app is installed in."""

    model_config = STRICT
    mode: Literal["socket", "http"] = Field(
        "socket", description="how events arrive: socket needs no public address, http needs web.public_url"
    )
    api_url: Annotated[str, checked(read_api_url)] = Field(OFFICIAL_API, description="address of Slack's Web API")
    command: Command = Field("/hall", description="the command of experts and staff")
    ask_command: Command = Field("/ask", description="the command of customers")
    help_channels: HelpChannels = Field(
        default_factory=dict,
        description='channels where customers ask: ["C0123ABC45"], or { C0123ABC45 = "billing" } with their category',
    )
    staff_group: Group = Field("", description="user group (S...) whose members are staff")
    staff_channel: Channel = Field("", description="private channel (C...) whose members are staff")
    staff_role: StaffRole = Field(StaffRole.AGENT, description="what those become: agent, lead or admin")
    expert_group: Group = Field("", description="user group (S...) whose members are experts")
    expert_channel: Channel = Field("", description="channel (C...) whose members are experts")
    expert_rank: Rank = Field(Rank.APPRENTICE, description="what those begin as: apprentice, journeyman or master")


class Secret(NamedTuple):
    """One secret of a workspace: its field, what is set for it in the environment, and how to come by it."""

    field: str
    ending: str
    begins: str
    called: str
    found_at: str


BOT_TOKEN: Final = Secret("bot_token", "BOT_TOKEN", "xoxb-", "bot token", "OAuth & Permissions, Bot User OAuth Token")
APP_TOKEN: Final = Secret("app_token", "APP_TOKEN", "xapp-", "app-level token", "Basic Information, App-Level Tokens")
SIGNING_SECRET: Final = Secret(
    "signing_secret", "SIGNING_SECRET", "", "signing secret", "Basic Information, App Credentials"
)
SECRETS: Final = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET)
OTHER_TOKENS: Final = {
    "xoxb-": "a bot token",
    "xoxp-": "a user token",
    "xapp-": "an app-level token",
    "xoxe.": "a token that runs out (turn off token rotation)",
    "xoxe-": "a refresh token",
    "xoxa-": "a workspace token",
    "xoxs-": "a token of somebody's browser",
    "xoxc-": "a token of somebody's browser",
    "xoxd-": "a cookie of somebody's browser",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """One workspace with its secrets, as plain values. What was not set is empty."""

    name: str
    mode: Literal["socket", "http"]
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_url: str
    command: str
    ask_command: str
    help_channels: Mapping[str, str]
    staff_group: str
    staff_channel: str
    staff_role: StaffRole
    expert_group: str
    expert_channel: str
    expert_rank: Rank
    alone: bool = True

    @property
    def missing(self) -> tuple[Secret, ...]:
        """The secrets that this mode needs and nobody set."""
        needed = (BOT_TOKEN, APP_TOKEN if self.mode == "socket" else SIGNING_SECRET)
        return tuple(each for each in needed if not getattr(self, each.field))

    def variable(self, secret: Secret) -> str:
        """The variable to set it in."""
        return variable("" if self.alone else self.name, secret)


def variable(name: str, secret: Secret) -> str:
    """`GUILDHALL_SLACK_ACME_BOT_TOKEN`; without the name when there is one workspace only."""
    return f"{PREFIX}{name.upper().replace('-', '_')}{'_' if name else ''}{secret.ending}"


def secrets_in(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The variables that name a secret of Slack, with their values."""
    endings = tuple(each.ending for each in SECRETS)
    return {
        name: value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX) and "__" not in name and name.endswith(endings) and value.strip()
    }


def token_complaints(tables: Mapping[str, SlackTable], secrets: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each variable that belongs to no workspace, or holds something else. Never shows a secret."""
    known = {
        variable(name, secret): (secret, table)
        for name, table in tables.items()
        for secret in SECRETS
        for name in ("", name)
    }
    for name, value in sorted(secrets.items()):
        if name not in known:
            yield f"Environment variable {name}: {_stranger(name, tables)}"
            continue
        secret, table = known[name]
        if len(tables) > 1 and name == variable("", secret):
            there = " or ".join(variable(each, secret) for each in sorted(tables))
            yield f"Environment variable {name}: there are several workspaces. Set {there}, one for each."
        elif why := _wrong_kind(secret, value, official=table.api_url == OFFICIAL_API):
            yield f"Environment variable {name} {why}"
    if len(tables) == 1:
        [alone] = tables
        for secret in SECRETS:
            short, long = variable("", secret), variable(alone, secret)
            if secrets.get(short, secrets.get(long)) != secrets.get(long, secrets.get(short)):
                yield f"Environment variables {short} and {long} differ: keep one of them."


def _stranger(name: str, tables: Mapping[str, SlackTable]) -> str:
    ending = next(each.ending for each in SECRETS if name.endswith(each.ending))
    said = name.removeprefix(PREFIX).removesuffix(ending).strip("_").lower().replace("_", "-")
    meant = process.extractOne(said, list(tables), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    if meant:
        right = next(variable(meant[0], each) for each in SECRETS if each.ending == ending)
        return f"no workspace has that name: did you mean {right}?"
    return f"it belongs to no workspace. Write [slack.{said or EXAMPLE}] into the settings; the table may be empty."


def _wrong_kind(secret: Secret, value: str, *, official: bool) -> str:
    """Why this cannot be that secret, or nothing."""
    look = f"It is under {secret.found_at}."
    if not re.fullmatch(r"[!-~]+", value):
        return f"holds something else: a {secret.called} has no spaces in it. {look}"
    if secret.begins and value.startswith(secret.begins):
        return ""
    begins = f" and begins with {secret.begins}" if secret.begins else ""
    for start, kind in OTHER_TOKENS.items():
        if value.startswith(start):
            return f"holds {kind}. What is needed is the {secret.called}: it is under {secret.found_at}{begins}."
    if secret.begins and official:
        return f"holds something else: a {secret.called} begins with {secret.begins}. {look}"
    return ""


def with_secrets(tables: Mapping[str, SlackTable], secrets: Mapping[str, str]) -> tuple[SlackSettings, ...]:
    """Each workspace with what belongs to it."""
    alone = len(tables) == 1

    def of(name: str, secret: Secret) -> str:
        return secrets.get(variable(name, secret)) or (secrets.get(variable("", secret), "") if alone else "")

    return tuple(
        SlackSettings(
            name=name,
            mode=table.mode,
            bot_token=of(name, BOT_TOKEN),
            app_token=of(name, APP_TOKEN),
            signing_secret=of(name, SIGNING_SECRET),
            api_url=table.api_url,
            command=table.command,
            ask_command=table.ask_command,
            help_channels=dict(table.help_channels),
            staff_group=table.staff_group,
            staff_channel=table.staff_channel,
            staff_role=table.staff_role,
            expert_group=table.expert_group,
            expert_channel=table.expert_channel,
            expert_rank=table.expert_rank,
            alone=alone,
        )
        for name, table in tables.items()
    )


def workspace_of(place: Place) -> str:
    """`acme` of `slack:acme:C0123`, empty when the place is elsewhere."""
    platform, _, rest = place.partition(":")
    return rest.partition(":")[0] if platform == "slack" else ""
