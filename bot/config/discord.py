"""What the settings say about Discord: one bot, a table for each server it works in, and its token from the
environment."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.config.fields import STRICT, about, checked
from bot.config.values import read_address, read_category_name
from bot.model import Place, Rank, StaffRole

OFFICIAL_API: Final = "https://discord.com/api/v10"
OFFICIAL_GATEWAY: Final = "wss://gateway.discord.gg"
EXAMPLE: Final = "acme"
TOKEN: Final = "GUILDHALL_DISCORD_TOKEN"
TOKEN_AT: Final = "discord.com/developers/applications, your application, Bot, Reset Token"
DIRECT: Final = "dm"  # stands for the server in places of what was said to the bot alone
# What people call the token when they write it into the file, and what else they find beside it.
SECRET_WORDS: Final = ("token", "bot_token", "client_secret", "secret", "public_key")
ID_CHARS: Final = r"\d{17,20}"
NAME: Final = r"[a-z0-9][a-z0-9-]{0,39}"

_HOW_TO_COPY: Final = "turn on Developer Mode in Discord, then right-click it and choose Copy ID"


def read_id(text: str) -> str:
    """`1181234567890123456`: what Discord calls a snowflake. Raises ValueError with a sentence."""
    if not re.fullmatch(ID_CHARS, text):
        raise ValueError(f'must be an id of Discord such as "1181234567890123456", not {text!r}: {_HOW_TO_COPY}')
    return text


def read_server_name(text: str) -> str:
    """A name for places. Raises ValueError with a sentence."""
    if not re.fullmatch(NAME, text):
        raise ValueError(
            f"cannot be called {text!r}: its name is short, from a-z, 0-9 and -, as in [discord.{EXAMPLE}]"
        )
    if text == DIRECT:
        raise ValueError(f"cannot be called {text!r}, which stands for direct messages: take another name")
    return text


def read_command(text: str) -> str:
    """`hall`: Discord takes small letters, digits, hyphens and underscores, 32 in all. Raises ValueError with a
    sentence."""
    if not re.fullmatch(r"[a-z0-9_-]{1,32}", text):
        raise ValueError(f'must be a command without its slash such as "hall" (small letters, no spaces), not {text!r}')
    return text


def read_api_url(text: str) -> str:
    """The address of the HTTP API with its version. Raises ValueError with a sentence."""
    if not text:
        raise ValueError(f'must be an address such as "{OFFICIAL_API}", not {text!r}')
    return read_address(text)


def read_gateway_url(text: str) -> str:
    """The address of the gateway. Raises ValueError with a sentence."""
    if not re.fullmatch(r"wss?://[^\s/?#]+[^\s?#]*", text):
        raise ValueError(f'must be an address such as "{OFFICIAL_GATEWAY}", not {text!r}')
    return text.rstrip("/")


def _id_as_text(value: object) -> object:
    """TOML keeps whole numbers of this size exactly; they are read digit for digit."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _json(value: object) -> object:
    """Variables of the environment write lists and tables as JSON."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _listed(meaning: str) -> BeforeValidator:
    """`["1", "2"]` means `meaning` for each of them."""

    def read(value: object) -> object:
        value = _json(value)
        if isinstance(value, list) and all(isinstance(_id_as_text(each), str) for each in value):
            return dict.fromkeys((_id_as_text(each) for each in value), meaning)
        return value

    return BeforeValidator(read)


def _category_or_any(text: str) -> str:
    return read_category_name(text) if text else ""


Id = Annotated[str, BeforeValidator(_id_as_text), checked(read_id)]
Command = Annotated[str, checked(read_command)]
HelpChannels = Annotated[dict[Id, Annotated[str, checked(_category_or_any)]], _listed("")]
StaffRoles = Annotated[dict[Id, StaffRole], _listed(StaffRole.AGENT)]
ExpertRoles = Annotated[dict[Id, Rank], _listed(Rank.APPRENTICE)]


class DiscordServerTable(BaseModel):
    """One server that the bot works in."""

    model_config = STRICT
    guild: Id = Field(description="the server's own id")
    help_channels: HelpChannels = Field(
        default_factory=dict,
        description="channels and forums where customers ask: "
        '["1181..."], or { "1181..." = "billing" } with their category',
    )
    staff_roles: StaffRoles = Field(
        default_factory=dict,
        description='roles whose holders are staff: { "1181..." = "lead" } (agent, lead, admin), or a list of agents',
    )
    expert_roles: ExpertRoles = Field(
        default_factory=dict,
        description="roles whose holders are experts, and the rank they begin with: "
        '{ "1181..." = "journeyman" }, or a list of apprentices',
    )


class DiscordTable(BaseModel):
    """The bot; every further key is the name of a server."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, DiscordServerTable] = Field(init=False)
    api_url: Annotated[str, checked(read_api_url)] = Field(OFFICIAL_API, description="address of Discord's HTTP API")
    gateway_url: Annotated[str, checked(read_gateway_url)] = Field(
        OFFICIAL_GATEWAY, description="address of Discord's gateway"
    )
    command: Command = Field("hall", description="the command of experts and staff, without its slash")
    ask_command: Command = Field("ask", description="the command of customers, without its slash")
    message_content: bool = Field(
        False, description="true reads plain words in channels; allow it in Discord's developer portal first"
    )

    @model_validator(mode="before")
    @classmethod
    def _only_servers_besides(cls, value: object) -> object:
        """Says what is wrong with a key that cannot be a server's name: it may be the token by mistake."""
        for name, table in value.items() if isinstance(value, dict) else ():
            if name in cls.model_fields:
                continue
            if name in SECRET_WORDS:
                raise about(name, f"is a secret and does not belong in a file; set {TOKEN} in the environment")
            if name in DiscordServerTable.model_fields:
                raise about(name, f"is outside of a server: put it under [discord.{EXAMPLE}], with a name of your own")
            if not isinstance(table, dict | DiscordServerTable):
                raise PydanticCustomError("unknown_setting", "unknown", {"key": name})
            try:
                read_server_name(name)
            except ValueError as bad:
                raise about(name, str(bad)) from None
        return value

    @model_validator(mode="after")
    def _must_fit(self) -> "DiscordTable":
        if self.command == self.ask_command:
            raise about("ask_command", "must differ from command: Discord keeps one of them only")
        names: dict[str, str] = {}
        for name, table in self.servers.items():
            if (other := names.setdefault(table.guild, name)) != name:
                raise about(f"{name}.guild", f"is the same server as [discord.{other}]; it needs one name only")
        return self

    @property
    def servers(self) -> Mapping[str, DiscordServerTable]:
        """Each server under our name of it."""
        return self.__pydantic_extra__ or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordServerSettings:
    """One server as plain values. `guild` is Discord's id of it."""

    name: str
    guild: str
    help_channels: Mapping[str, str]
    staff_roles: Mapping[str, StaffRole]
    expert_roles: Mapping[str, Rank]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordBotSettings:
    """The bot with its token and its servers, as plain values. The token is empty when it was not set."""

    token: str = field(repr=False)
    servers: tuple[DiscordServerSettings, ...]
    api_url: str
    gateway_url: str
    command: str
    ask_command: str
    message_content: bool


def bot_settings(table: DiscordTable, token: str) -> DiscordBotSettings:
    """The settings with what belongs to them from the environment."""
    return DiscordBotSettings(
        token=token,
        servers=tuple(
            DiscordServerSettings(
                name=name,
                guild=each.guild,
                help_channels=dict(each.help_channels),
                staff_roles=dict(each.staff_roles),
                expert_roles=dict(each.expert_roles),
            )
            for name, each in table.servers.items()
        ),
        api_url=table.api_url,
        gateway_url=table.gateway_url,
        command=table.command,
        ask_command=table.ask_command,
        message_content=table.message_content,
    )


def token_in(environment: Mapping[str, str]) -> str:
    """The bot's token, empty when it is not set."""
    return environment.get(TOKEN, "").strip()


# What else is to be found in the portal and elsewhere, by its looks, and what to do about it.
_OTHER_KINDS: Final = (
    (r"(?i)bot\s+\S+", "begins with the word Bot. Leave that out: the token alone is wanted"),
    (r"(?i)bearer\s+\S+", "holds a user's access token. What is needed is the bot's own token"),
    (r".*\s.*", "holds something else: a token has no spaces in it"),
    (r"https?://.*", "holds an address. What is needed is the bot's token"),
    (r"\d+", "holds an id. What is needed is the bot's token"),
    (r"[0-9a-f]{64}", "holds the application's public key. What is needed is the bot's token"),
    (r"mfa\..*", "holds the token of somebody's own account. What is needed is the bot's token"),
    (r"[\w-]{32}", "holds the client secret. What is needed is the bot's token"),
)
_LOOKS_RIGHT: Final = r"[\w-]{17,}\.[\w-]{5,8}\.[\w-]{20,}"


def token_complaint(table: DiscordTable, token: str) -> str:
    """Why this cannot be a bot's token, or nothing; never shows it. What stands in for Discord may have others."""
    if not token:
        return ""
    for looks, why in _OTHER_KINDS:
        if re.fullmatch(looks, token, re.DOTALL) and (table.api_url == OFFICIAL_API or "\\s" in looks):
            return f"Environment variable {TOKEN} {why}. It is under {TOKEN_AT}."
    if table.api_url == OFFICIAL_API and not re.fullmatch(_LOOKS_RIGHT, token):
        return (
            f"Environment variable {TOKEN} holds something else: a bot's token has three parts with points between "
            f"them. It is under {TOKEN_AT}."
        )
    return ""


def server_of(place: Place) -> str:
    """`acme` of `discord:acme:1181...`, empty when the place is elsewhere or one person's."""
    platform, _, rest = place.partition(":")
    name, colon, _ = rest.partition(":")
    return name if platform == "discord" and colon else ""


def discord_keys() -> tuple[str, ...]:
    """Every setting of Discord as it is written with dots."""
    return (
        *(f"discord.{name}" for name in DiscordTable.model_fields),
        *(f"discord.{EXAMPLE}.{name}" for name in DiscordServerTable.model_fields),
    )


def unknown_key(dotted: str) -> tuple[str, tuple[str, ...]]:
    """Of a key that is not known: what is wrong when it is a secret, else what it may have been meant for."""
    _, _, rest = dotted.partition(".")
    server, _, key = rest.partition(".")
    if key in SECRET_WORDS:
        return f"A secret does not belong in a file; set {TOKEN} in the environment.", ()
    keys: list[Any] = [each.replace(f"discord.{EXAMPLE}.", f"discord.{server}.") for each in discord_keys()]
    return "", tuple(each for each in keys if each.count(".") == dotted.count("."))
