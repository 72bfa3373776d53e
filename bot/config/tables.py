"""Every setting with its default; what is not here does not exist."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic.dataclasses import dataclass as checked_dataclass
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.config.discord import DiscordBotSettings, DiscordTable, bot_settings, server_of
from bot.config.fields import STRICT, about, checked
from bot.config.slack import SlackSettings, SlackTable, as_tables, with_secrets, workspace_of
from bot.config.values import (
    hours_text,
    read_address,
    read_amount,
    read_category_name,
    read_hours,
    read_place,
    read_unit,
)
from bot.model import Category, CategoryName, Place, Rank, StaffHours, Unit
from bot.policy import Policy

SECRET_BYTES_MIN: Final = 32
STAFF_CHANNEL: Final = Place("web:staff")


def _amount_as_text(value: object) -> object:
    """TOML writes 2.50 as a number or in quotes; both are read digit for digit."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _not_empty(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text.strip()


Text = Annotated[str, checked(_not_empty)]
Percent = Annotated[int, Field(ge=0, le=100)]
PlaceText = Annotated[str, checked(read_place)]


class Database(BaseModel):
    """Where everything is kept."""

    model_config = STRICT
    url: Text = Field("sqlite:///guildhall.db", description="SQLite file, from the working directory")


class Web(BaseModel):
    """The customer pages, the REST API and the workspace."""

    model_config = STRICT
    host: Text = Field("127.0.0.1", description="address to listen on; 0.0.0.0 means every network")
    port: int = Field(8080, ge=0, le=65535, description="port to listen on; 0 takes any free one")
    public_url: Annotated[str, checked(read_address)] = Field(
        "", description="address under which people reach it; empty means this machine alone, without sign-in"
    )


class Money(BaseModel):
    """What experts are paid in."""

    model_config = STRICT
    currency: Annotated[str, checked(read_unit)] = Field(
        "USD", description="unit of the bounties: USD, EUR, GBP, CHF, PLN, JPY or one of your own"
    )


class Company(BaseModel):
    """Who the customers belong to."""

    model_config = STRICT
    name: Text = Field("Acme", description="the company's name as customers read it")


class Log(BaseModel):
    """One line for each change and each post; never anybody's words."""

    model_config = STRICT
    style: Literal["auto", "console", "json"] = Field(
        "auto", description="console for people, json for machines, auto decides by whether a terminal reads it"
    )
    level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much is said")


class Rehearsal(BaseModel):
    """A stand-in chat server with faults, to try things on."""

    model_config = STRICT
    url: Annotated[str, checked(read_address)] = Field(
        "", description="address of the rehearsal server; empty means none"
    )


@checked_dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class PolicyTable(Policy):
    """The numbers of the rules; each has the default it has in the product."""

    @model_validator(mode="after")
    def _must_make_sense(self) -> "PolicyTable":
        for each in fields(Policy):
            amount = getattr(self, each.name)
            if amount < 0 and not each.name.endswith("_points"):
                raise about(each.name, "must be 0 or more, not {amount}", amount=amount)
            if each.name.endswith("_percent") and amount > 100:
                raise about(each.name, "must be between 0 and 100, not {amount}", amount=amount)
        for smaller, larger in (
            ("claim_warning_minutes", "claim_minutes"),
            ("reply_reminder_hours", "reply_expires_hours"),
            ("verdict_reminder_hours", "silence_hours"),
            ("question_chars_min", "question_chars_max"),
        ):
            if getattr(self, smaller) >= getattr(self, larger):
                raise about(smaller, "must be less than policy.{larger}", larger=larger)
        if self.expert_percent + self.reviewer_percent > 100:
            raise about("reviewer_percent", "and policy.expert_percent must be 100 together or less")
        return self


class CategoryTable(BaseModel):
    """A category's first values; afterwards the database holds them and staff change them."""

    model_config = STRICT
    name: Annotated[str, checked(read_category_name)] = Field(
        description="short name for addresses and commands, such as billing"
    )
    title: str = Field("", description="what people read; the name when left out")
    bounty: Annotated[Text, BeforeValidator(_amount_as_text)] = Field(
        "2.00", description='what a solved question costs, such as "2.00"; "0" for volunteers'
    )
    open_to_experts: bool = Field(True, description="false sends new questions straight to staff")
    private: bool = Field(False, description="true shows the customer's words to the claimer and staff only")
    answer_chars_min: int = Field(40, ge=0, le=2_000, description="shortest answer")
    review_percent: Percent = Field(0, description="share of answers by full experts that is looked at first")
    rank_min: Rank = Field(Rank.APPRENTICE, description="who may claim: apprentice, journeyman or master")
    rank_to_escalate: Rank = Field(Rank.APPRENTICE, description="who may hand a question to staff")
    veto_allowed: bool = Field(True, description="whether a master may stop an escalation")
    language: Text = Field("en", description="language of the questions")
    links_allowed: tuple[Text, ...] = Field((), description="host names that an answer may link to")
    channels: tuple[PlaceText, ...] = Field((), description='where its cards go; ["web:<name>"] when left out')
    staff_channel: PlaceText = Field(str(STAFF_CHANNEL), description="where staff see it")
    staff_hours: Annotated[str, checked(lambda text: hours_text(read_hours(text)))] = Field(
        hours_text(StaffHours()), description="when staff are at work"
    )

    def category(self, unit: Unit) -> Category:
        """The category as the rules know it. Raises ValueError when the bounty is not an amount of the unit."""
        name = CategoryName(self.name)
        return Category(
            name=name,
            title=self.title.strip() or name.replace("-", " ").capitalize(),
            open_to_experts=self.open_to_experts,
            private=self.private,
            unit=unit,
            bounty=read_amount(self.bounty, unit),
            answer_chars_min=self.answer_chars_min,
            review_percent=self.review_percent,
            rank_min=self.rank_min,
            rank_to_escalate=self.rank_to_escalate,
            veto_allowed=self.veto_allowed,
            language=self.language,
            links_allowed=self.links_allowed,
            channels=tuple(Place(each) for each in self.channels) or (Place(f"web:{name}"),),
            staff_channel=Place(self.staff_channel),
            staff_hours=read_hours(self.staff_hours),
        )


class Config(BaseSettings):
    """All settings. `GUILDHALL_WEB__PORT=8081` in the environment wins over `port` in the file's `[web]`."""

    model_config = SettingsConfigDict(env_prefix="GUILDHALL_", env_nested_delimiter="__", extra="forbid", frozen=True)
    database: Database = Database()
    web: Web = Web()
    money: Money = Money()
    company: Company = Company()
    log: Log = Log()
    rehearsal: Rehearsal = Rehearsal()
    slack: Annotated[Mapping[str, SlackTable], BeforeValidator(as_tables)] = {}
    discord: DiscordTable = DiscordTable()
    policy: PolicyTable = PolicyTable()
    category: tuple[CategoryTable, ...] = ()
    secret: SecretStr | None = None  # from the environment only; signs links and cookies
    _slack_secrets: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _discord_token: str = PrivateAttr("")

    @model_validator(mode="after")
    def _categories_must_fit(self) -> "Config":
        names = [each.name for each in self.category]
        for number, each in enumerate(self.category):
            if each.name in names[:number]:
                raise about(f"category.{number}.name", f"is {each.name!r} a second time; names are unique")
            try:
                bounty = read_amount(each.bounty, self.unit)
            except ValueError as bad:
                raise about(f"category.{number}.bounty", str(bad)) from None
            if bounty > self.policy.bounty_max_cents:
                raise about(f"category.{number}.bounty", "is above policy.bounty_max_cents")
            for key, places in (("channels", each.channels), ("staff_channel", (each.staff_channel,))):
                for place in places:
                    if why := self._nowhere(Place(place)):
                        raise about(f"category.{number}.{key}", f"names {place!r}; {why}")
        return self

    def _nowhere(self, place: Place) -> str:
        """Why there is no such place, or nothing."""
        for name, kind, table, names in (
            (workspace_of(place), "workspace", "slack", tuple(self.slack)),
            (server_of(place), "server", "discord", tuple(self.discord.servers)),
        ):
            if name and name not in names:
                heads = ", ".join(f"[{table}.{each}]" for each in names)
                there = f"the settings have {heads}" if names else f"there is no [{table}] yet"
                return f"no {kind} is called {name!r}: {there}"
        return ""

    @model_validator(mode="after")
    def _workspaces_must_fit(self) -> "Config":
        for name, table in self.slack.items():
            if table.command == table.ask_command:
                raise about(f"slack.{name}.ask_command", "must differ from command: Slack keeps one of them only")
        return self

    @field_validator("secret")
    @classmethod
    def _must_not_be_guessed(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value().encode()) < SECRET_BYTES_MIN:
            why = f"must have {SECRET_BYTES_MIN} characters or more; `openssl rand -hex 32` makes a good one"
            raise PydanticCustomError("sentence", "{why}", {"why": why})
        return secret

    @property
    def unit(self) -> Unit:
        return Unit(self.money.currency)

    @property
    def rules(self) -> Policy:
        return Policy(**{each.name: getattr(self.policy, each.name) for each in fields(Policy)})

    def slack_workspaces(self) -> tuple[SlackSettings, ...]:
        """Each workspace of Slack as plain values, with its secrets; `missing` says which of them are not set."""
        return with_secrets(self.slack, self._slack_secrets)

    def discord_bot(self) -> DiscordBotSettings:
        """Discord as plain values, with its token; without servers when it is not set up."""
        return bot_settings(self.discord, self._discord_token)

    def with_secrets(self, slack: Mapping[str, str], discord_token: str) -> "Config":
        """The same settings with these secrets, as `slack_workspaces` and `discord_bot` need them."""
        self._slack_secrets, self._discord_token = dict(slack), discord_token
        return self

    def categories(self) -> tuple[Category, ...]:
        """What to seed; one open category when nothing is configured."""
        tables = self.category or (CategoryTable(name="general", title="General questions"),)
        return tuple(each.category(self.unit) for each in tables)
