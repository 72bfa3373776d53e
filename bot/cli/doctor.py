"""`guildhall doctor`: looks at everything that can be wrong from outside, and names the cure for each."""

import asyncio
import os
import shutil
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.cli.files import damage_in, is_running
from bot.cli.findings import Finding
from bot.cli.house import House, config_path, database_path, now_ms, run_house
from bot.cli.money import audited, clean_text
from bot.cli.talking import Mistake, fail, say
from bot.config import BadConfig, Config, read_config, settings_file
from bot.config.discord import server_of
from bot.config.slack import workspace_of
from bot.decide import qualifies
from bot.model import Category, Person, platform_of
from bot.policy import MINUTE_MS
from bot.ports import StorageTrouble

FREE_BYTES_MIN: Final = 200_000_000
BEHIND_MS: Final = 10 * MINUTE_MS

# What a post's `why` means for whoever runs the house; adapters add their own words, which the log explains.
_CURES: Final = {
    "platform-off": "Set that platform up again, or take its channels out of the categories.",
    "not-written": "This is a fault in Guildhall: the log says which sentence could not be written.",
    "busy": "The platform asks for patience; it is tried again by itself.",
    "uncertain": "Look on the platform whether it is there, then press [Try now] on the card.",
    "channel-gone": "Give the category another channel: guildhall category set NAME channels web:NAME",
    "discord-no-direct": "They take no direct messages on Discord; other ways are tried by themselves.",
    "discord-permission": "The bot may not do that there: guildhall doctor discord",
    "thread-gone": "Nothing needs to be done: staff were told.",
}


class Part(StrEnum):
    """What can be looked at alone."""

    SLACK = "slack"
    DISCORD = "discord"


def doctor(
    ctx: typer.Context,
    part: Annotated[Part | None, typer.Argument(help="slack or discord, to look at that alone.")] = None,
) -> None:
    """Look at everything, and name the cure for what is wrong.

    Settings, database, books, clock, port, disk, delivery, people, categories, Slack and Discord. Exit code 1 when
    something is wrong.
    """
    findings = list(_all_findings(ctx, part))
    for each in findings:
        if each.cure:
            say(f"wrong  {each.about}: {each.sentence}", style="red")
            say(f"       {each.cure}")
        else:
            say(f"{'note ' if each.advice else 'ok   '}  {each.about}: {each.sentence}")
        if each.advice:
            say(f"       {each.advice}")
    if wrong := sum(1 for each in findings if each.cure):
        fail(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.")
    say("All is well.")


def _all_findings(ctx: typer.Context, part: Part | None) -> Iterator[Finding]:
    try:
        path = settings_file(config_path(ctx))
        config = read_config(config_path(ctx))
    except BadConfig as bad:
        for complaint in bad.complaints:
            yield Finding(about="settings", sentence=complaint, cure="docs/running.md shows every setting.")
        return
    yield Finding(about="settings", sentence=str(path) if path else "none, so everything has its default")
    if part is None:
        yield from _house(config)
    if part is Part.SLACK or (part is None and config.slack):
        yield from _platform(config, Part.SLACK)
    if part is Part.DISCORD or (part is None and (config.discord.servers or config.discord_bot().token)):
        yield from _platform(config, Part.DISCORD)


def _house(config: Config) -> Iterator[Finding]:
    yield from _machine(config)
    try:
        database = database_path(config)
        yield from _database(database)
        yield from run_house(config, _inside, looking=True)
    except StorageTrouble as trouble:
        sentence, _, cure = str(trouble).partition(". ")
        yield Finding(about="database", sentence=f"{sentence}.", cure=cure or "See the log.")
    except _Missing as missing:
        yield missing.finding


def _platform(config: Config, part: Part) -> Iterator[Finding]:
    """A chat platform, for the categories of the database; of the settings as long as there is none."""
    from bot.cli.discord_doctor import look_at_discord
    from bot.cli.slack_doctor import look_at_slack

    async def known(house: House) -> Sequence[Category]:
        return await house.views.categories()

    try:
        categories = run_house(config, known, looking=True)
        running = is_running(database_path(config))
    except (StorageTrouble, Mistake):
        categories, running = config.categories(), False
    look = look_at_slack if part is Part.SLACK else look_at_discord
    yield from asyncio.run(look(config, categories, running=running, now=now_ms()))


class _Missing(Exception):
    """Without this the rest cannot be looked at."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.sentence)
        self.finding = finding


# --- the machine -------------------------------------------------------------------------------------------------


def _machine(config: Config) -> Iterator[Finding]:
    yield _port(config)
    yield _disk(database_path(config).absolute().parent)
    year = datetime.fromtimestamp(now_ms() / 1_000, UTC)
    if year.year < 2026:
        yield Finding(about="clock", sentence=f"It says {year:%Y-%m-%d}.", cure="Set it: timedatectl set-ntp true")


def _port(config: Config) -> Finding:
    host, port = config.web.host, config.web.port
    at = f"{host}:{port}"
    if is_running(database_path(config)):
        return Finding(about="port", sentence=f"Guildhall runs on this database, at {at} unless told otherwise.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with closing(socket.create_server((host, port), family=family)):
            return Finding(about="port", sentence=f"{at} is free.")
    except OSError as trouble:
        cure = "Stop the other program, or set [web] host and port to something else."
        return Finding(about="port", sentence=f"{at} cannot be listened on: {trouble.strerror}.", cure=cure)


def _disk(folder: Path) -> Finding:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    size = f"{free / 1e9:.1f} GB are free where the database is."
    if free < FREE_BYTES_MIN:
        return Finding(about="disk", sentence=size, cure="Free some space: a full disk stops everything.")
    return Finding(about="disk", sentence=size)


# --- the database ------------------------------------------------------------------------------------------------


def _database(path: Path) -> Iterator[Finding]:
    """Raises _Missing when there is none."""
    if not path.exists():
        cure = "`guildhall init` makes one, and so does `guildhall run`."
        raise _Missing(Finding(about="database", sentence=f"There is none at {path} yet.", cure=cure))
    if not os.access(path, os.W_OK) or not os.access(path.absolute().parent, os.W_OK):
        cure = f"Give this user the right to write to {path} and to the folder it is in."
        raise _Missing(Finding(about="database", sentence=f"{path} may only be read.", cure=cure))
    if damage := damage_in(path):
        cure = "Keep the file, and put the last backup in its place: guildhall restore FILE --force"
        raise _Missing(Finding(about="database", sentence=f"{path} is damaged: {damage[0]}.", cure=cure))
    yield Finding(about="database", sentence=f"{path} is whole, {path.stat().st_size / 1e6:.1f} MB.")


async def _inside(house: House) -> list[Finding]:
    found = [await _books(house), await _beat(house)]
    found += [each async for each in _posts(house)]
    found += [each async for each in _people(house)]
    return found


async def _books(house: House) -> Finding:
    findings, transfers, units = await audited(house)
    if not findings:
        return Finding(about="books", sentence=f"{clean_text(transfers, units)}.")
    return Finding(about="books", sentence=findings[0].sentence, cure="`guildhall audit` shows all.")


async def _beat(house: House) -> Finding:
    counts, now = await house.store.views.counts(), now_ms()
    if counts.last_beat_at is not None and counts.last_beat_at > now + MINUTE_MS:
        minutes = (counts.last_beat_at - now) // MINUTE_MS
        sentence = f"It is {minutes} minutes behind the time at which Guildhall last ran."
        return Finding(about="clock", sentence=sentence, cure="Set it right: timedatectl set-ntp true")
    return Finding(about="clock", sentence=f"{datetime.fromtimestamp(now / 1_000, UTC):%Y-%m-%d %H:%M} UTC.")


async def _posts(house: House) -> AsyncIterator[Finding]:
    counts = await house.store.views.counts()
    late = now_ms() - counts.oldest_unsent_at if counts.oldest_unsent_at is not None else 0
    if counts.unsent and late > BEHIND_MS:
        cure = "Start it with `guildhall run`; when it runs, the log says what holds them up."
        yield Finding(
            about="delivery", sentence=f"{counts.unsent} posts wait, one for {late // MINUTE_MS} min.", cure=cure
        )
    troubled = Counter(
        (platform_of(post.notice.recipient), post.why) for post in await house.views.troubled_posts(1_000)
    )
    for (platform, why), count in sorted(troubled.items()):
        posts = "1 post is" if count == 1 else f"{count} posts are"
        cure = _CURES.get(why, "The log has more; then press [Try now] on the card.")
        yield Finding(
            about=f"delivery to {platform}", sentence=f"{posts} not delivered: {why or 'unclear'}.", cure=cure
        )
    if not troubled:
        yield Finding(about="delivery", sentence=f"{counts.unsent} posts to send, none in trouble.")


# --- people and categories ---------------------------------------------------------------------------------------


async def _people(house: House) -> AsyncIterator[Finding]:
    staff, experts = await house.views.people(staff=True), await house.views.people(experts=True)
    if not staff:
        cure = "guildhall staff add NAME --role admin"
        yield Finding(about="staff", sentence="There is nobody to look after the questions.", cure=cure)
    elif homeless := [each.name for each in staff if each.home is None]:
        cure = "Let them sign in once: guildhall staff link NAME"
        yield Finding(about="staff", sentence=f"Notices cannot reach {', '.join(homeless)}.", cure=cure)
    else:
        yield Finding(about="staff", sentence=", ".join(each.name for each in staff))
    categories = await house.views.categories()
    for each in categories:
        for sentence, cure in _category_trouble(each, experts, house.config):
            yield Finding(about=f"category {each.name}", sentence=sentence, cure=cure)
    if not any(each.open_to_experts for each in categories):
        cure = "guildhall category open NAME"
        yield Finding(about="categories", sentence="None is open to experts, so staff get every question.", cure=cure)
    yield Finding(about="categories", sentence=", ".join(each.name for each in categories))


def _category_trouble(category: Category, experts: Sequence[Person], config: Config) -> Iterator[tuple[str, str]]:
    """What is wrong with a category, and the cure."""
    places = [*category.channels, *([category.staff_channel] if category.staff_channel else [])]
    there = {"web", "console", *(["rehearsal"] if config.rehearsal.url else [])}
    there |= {*(["slack"] if config.slack else []), *(["discord"] if config.discord.servers else [])}
    absent = {platform_of(place) for place in places} - there
    if not category.channels:
        yield "It has no channel, so no expert sees its cards.", _SET.format(category.name, "channels")
    if category.staff_channel is None:
        yield "It has no staff channel, so nobody sees what is held.", _SET.format(category.name, "staff_channel")
    for platform in sorted(absent):
        yield f"It has a channel on {platform}, which is not set up.", _SET.format(category.name, "channels")
    for table, kind, of, known in (
        ("slack", "workspace", workspace_of, set(config.slack)),
        ("discord", "server", server_of, set(config.discord.servers)),
    ):
        for name in sorted({of(place) for place in places} - known - {""}) if known else ():
            yield (
                f"It has a channel in {name}, a {kind} without settings.",
                f"Write [{table}.{name}] into the settings.",
            )
    if category.open_to_experts and not any(qualifies(each, category) for each in experts):
        yield (
            "It is open, but no active expert may claim in it.",
            f"guildhall expert add NAME --category {category.name}",
        )


_SET: Final = "guildhall category set {0} {1} web:..."
