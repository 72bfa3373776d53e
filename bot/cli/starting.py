"""`guildhall init`: a few questions, and a house to begin with."""

import asyncio
import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from bot.cli.house import config_path, database_path, open_house
from bot.cli.people import checked_name, member, sign_in_text, web_address
from bot.cli.slack import MAKE_APP_AT
from bot.cli.starting_discord import (
    ExpertsRole,
    Guild,
    OnDiscord,
    Server,
    StaffChannel,
    StaffsRole,
    asked_about,
    next_steps,
    places_text,
    server_text,
)
from bot.cli.talking import Mistake, say
from bot.commands import Appoint
from bot.config import FILE_NAME, Config, read_category, read_config, read_unit
from bot.config.slack import APP_TOKEN, BOT_TOKEN, EXAMPLE, read_channel, read_workspace_name
from bot.model import StaffRole
from bot.policy import Policy

Choice = TypeVar("Choice", bound=StrEnum)


class Preset(StrEnum):
    """Where a community stands when it begins."""

    VOLUNTEER = "volunteer"
    PILOT = "pilot"
    MATURE = "mature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a preset sets: the bounty of the first category, its review share, and numbers of the policy."""

    tells: str
    bounty: str
    review_percent: int
    policy: tuple[tuple[str, int], ...]


PRESETS: Final = {
    Preset.VOLUNTEER: Beginning(
        tells="experts answer for thanks and rank, without money",
        bounty="0",
        review_percent=0,
        policy=(("claim_minutes", 30), ("claim_warning_minutes", 25)),
    ),
    Preset.PILOT: Beginning(
        tells="a few paid experts; one answer in five is looked at before it is sent",
        bounty="2.00",
        review_percent=20,
        policy=(("claims_per_expert_max", 2), ("undo_seconds", 30)),
    ),
    Preset.MATURE: Beginning(
        tells="many paid experts who are trusted; one answer in fifty is looked at",
        bounty="2.00",
        review_percent=2,
        policy=(),
    ),
}


class Where(StrEnum):
    """Where the experts sit."""

    HERE = "here"
    SLACK = "slack"
    DISCORD = "discord"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What `init` was told."""

    preset: Preset
    company: str
    currency: str
    category: str
    title: str
    private: bool
    admin: str
    workspace: str = ""  # our name for the experts' Slack, empty when they sit here
    channel: str = ""  # the id of their channel there, when it is known already
    discord: OnDiscord | None = None


def init(
    ctx: typer.Context,
    where: Annotated[
        Where | None, typer.Option(help="Where your experts sit: here in the web workspace, slack, discord.")
    ] = None,
    preset: Annotated[Preset | None, typer.Option(help="volunteer, pilot or mature")] = None,
    company: Annotated[str | None, typer.Option(help="The company's name, as customers read it.")] = None,
    currency: Annotated[str | None, typer.Option(help="What experts are paid in, for example USD or EUR.")] = None,
    category: Annotated[str | None, typer.Option(help="The title of the first category, for example Billing.")] = None,
    private: Annotated[bool | None, typer.Option(help="Whether only the claimer and staff read its questions.")] = None,
    admin: Annotated[str | None, typer.Option(help="Your own name; you will be the first admin.")] = None,
    workspace: Annotated[
        str | None, typer.Option(help="With slack: a short name of your own for the workspace.")
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="With slack or discord: the id of the experts' channel; '' for later.")
    ] = None,
    server: Server = None,
    guild: Guild = None,
    staff_channel: StaffChannel = None,
    expert_role: ExpertsRole = None,
    staff_role: StaffsRole = None,
) -> None:
    """Ask a few questions and set everything up.

    Writes guildhall.toml, makes the database and prints a link by which you sign in. Overwrites nothing.
    """
    path = config_path(ctx) or Path(os.environ.get("GUILDHALL_CONFIG") or FILE_NAME)
    if path.exists():
        raise Mistake(f"{path} exists and stays as it is. Edit it, or move it away and run `guildhall init` again.")
    where = where or _choice("Where do your experts sit?", Where.HERE, "here in the web workspace, slack or discord")
    answers = _answers(preset, company, currency, category, private, admin)
    if where is Where.SLACK:
        answers = _in_slack(answers, workspace, channel)
    if where is Where.DISCORD:
        known = {"guild": guild, "staff_channel": staff_channel, "expert_role": expert_role, "staff_role": staff_role}
        there = asked_about(_text, _short(answers.company), server=server, channel=channel, **known)
        answers = replace(answers, discord=there)
    _set_up(path, answers)


def _set_up(path: Path, answers: Answers) -> None:
    """Writes the settings, makes the house and says what is next; leaves nothing behind when that cannot be done."""
    try:
        checked_name(Policy(), answers.admin, as_staff=True)
        part = path.with_name(f".{path.name}.part")
        part.write_text(settings_text(answers), encoding="utf-8")
        next_steps = asyncio.run(_begin(read_config(part), answers, path))
        part.replace(path)
    finally:
        path.with_name(f".{path.name}.part").unlink(missing_ok=True)
    for line in next_steps:  # told only now: whoever reads may go away, and the settings are kept all the same
        say(line)


async def _begin(config: Config, answers: Answers, path: Path) -> list[str]:
    """Makes the house, and says what to do next."""
    async with open_house(config, create=True) as house:
        person = await member(house, answers.admin, as_staff=True)
        await house.do(Appoint(person=person, role=StaffRole.ADMIN))
        link = await sign_in_text(house, person)
    elsewhere = answers.workspace or answers.discord
    steps = [
        *(_slack_steps(config, answers) if answers.workspace else ()),
        *(next_steps(answers.discord, answers.category) if answers.discord else ()),
        f"Start it:            guildhall run{'' if str(path) == FILE_NAME else f' --config {path}'}",
        link if not elsewhere else f"Sign in, then:       guildhall staff link {shlex.quote(answers.admin)}",
        f"Open the workspace:  {web_address(config)}/workspace",
        "Bring an expert in:  guildhall expert add NAME",
    ]
    return [
        f"{path} holds your settings, {database_path(config)} everything else.",
        *(f"{number}. {step}" for number, step in enumerate(steps, start=1)),
    ]


def _slack_steps(config: Config, answers: Answers) -> Iterator[str]:
    """What is left to do for Slack; docs/slack.md shows each with a picture."""
    [workspace] = config.slack_workspaces()
    yield f"Make your app:       guildhall slack-manifest; paste it at {MAKE_APP_AT}, From a manifest"
    yield f"Set its two tokens:  {' and '.join(workspace.variable(each) for each in (BOT_TOKEN, APP_TOKEN))}"
    yield "Invite it:           /invite @guildhall in your experts' channel"
    if not answers.channel:
        place = f"slack:{answers.workspace}:CHANNEL-ID"
        yield f"Send cards there:    guildhall category set {answers.category} channels {place}"
    yield "See that it is well: guildhall doctor slack (docs/slack.md shows every step)"


def settings_text(answers: Answers) -> str:
    """The settings file, to be read and edited by people."""
    beginning = PRESETS[answers.preset]
    policy = "".join(f"{name} = {value}\n" for name, value in beginning.policy)
    return f"""\
# Settings of Guildhall. docs/running.md explains every one of them; what is not here has its default.

[company]
name = {_quoted(answers.company)}

[database]
url = "sqlite:///guildhall.db"

[web]
host = "127.0.0.1"
port = 8080
# The address under which others reach it, for example "https://help.example.com". As long as it is empty, Guildhall
# serves this machine alone, and nobody has to sign in.
public_url = ""

[money]
currency = {_quoted(answers.currency)}

# Preset "{answers.preset}": {beginning.tells}.
[policy]
{policy}
# First values. Once the database has the category, `guildhall category set` changes it.
[[category]]
name = {_quoted(answers.category)}
title = {_quoted(answers.title)}
bounty = {_quoted(beginning.bounty)}
private = {str(answers.private).lower()}
review_percent = {beginning.review_percent}
{places_text(answers.discord) + server_text(answers.discord) if answers.discord else _slack_text(answers)}"""


def _slack_text(answers: Answers) -> str:
    """Where the category's cards go, and the workspace's own table."""
    if not answers.workspace:
        return ""
    places = f"channels = [{_quoted(f'slack:{answers.workspace}:{answers.channel}')}]\n" if answers.channel else ""
    return f"""\
{places}
# Your Slack. Its tokens come from the environment: GUILDHALL_SLACK_BOT_TOKEN and GUILDHALL_SLACK_APP_TOKEN.
# docs/slack.md goes through it step by step; `guildhall doctor slack` says whether all is well.
[slack.{answers.workspace}]
mode = "socket"
# Channels where customers ask: help_channels = ["C0123ABC45"]
# Members of a user group who are experts: expert_group = "S0123ABC45"
"""


def _answers(
    preset: Preset | None,
    company: str | None,
    currency: str | None,
    category: str | None,
    private: bool | None,
    admin: str | None,
) -> Answers:
    """What was given as options; the rest is asked for. Raises Mistake or BadConfig for what cannot be used."""
    tells = "; ".join(f"{each}: {beginning.tells}" for each, beginning in PRESETS.items())
    preset = preset or _choice("How do you begin?", Preset.PILOT, tells)
    company = company if company is not None else _text("The company's name")
    currency = currency if currency is not None else typer.prompt("What experts are paid in", default="USD")
    title = category if category is not None else _text("Your first category, for example Billing")
    if private is None:
        private = typer.confirm("May only the claimer and staff read its questions?", default=False)
    admin = admin if admin is not None else _text("Your own name, as others will see it")
    name = _short(title)
    if not company.strip() or not title.strip():
        raise Mistake("A company and a first category need names.")
    try:
        unit = read_unit(currency)
    except ValueError as bad:
        raise Mistake(f"The currency {bad}.") from None
    read_category(unit, name=name, title=title.strip())
    return Answers(
        preset=preset,
        company=company.strip(),
        currency=unit,
        category=name,
        title=title.strip(),
        private=private,
        admin=admin.strip(),
    )


def _in_slack(answers: Answers, workspace: str | None, channel: str | None) -> Answers:
    """The same, with workspace and channel. Raises Mistake for what cannot be used."""
    if workspace is None:
        workspace = _text(
            "A short name of your own for your Slack workspace", default=_short(answers.company) or EXAMPLE
        )
    if channel is None:
        say("The channel's id stands at the end of its details in Slack. Leave it empty to set it later.")
        channel = _text("The id of your experts' channel", default="")
    try:
        workspace = read_workspace_name(workspace.strip())
        channel = read_channel(channel.strip()) if channel.strip() else ""
    except ValueError as bad:
        raise Mistake(f"The channel {bad}." if "channel" in str(bad) else f"The workspace {bad}.") from None
    return replace(answers, workspace=workspace, channel=channel)


def _short(text: str) -> str:
    """A name for addresses and commands made of what people call it."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]


def _choice(question: str, default: Choice, tells: str) -> Choice:
    say(f"{question} ({tells})")
    kind = type(default)
    while True:
        said = typer.prompt("  " + " / ".join(kind), default=str(default)).strip().lower()
        if said in list(kind):
            return kind(said)
        say(f"  Please say one of: {', '.join(kind)}.")


def _text(question: str, default: str | None = None) -> str:
    said: str = typer.prompt(question, default=default, show_default=bool(default))
    return said


def _quoted(text: str) -> str:
    """A TOML text in quotes; JSON's rules are stricter and fit."""
    return json.dumps(text, ensure_ascii=False)
