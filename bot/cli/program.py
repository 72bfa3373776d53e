"""The command line `guildhall`: every command, and where each of them lives."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.categories import category
from bot.cli.demo import demo
from bot.cli.discord import discord_invite
from bot.cli.doctor import doctor
from bot.cli.erasing import erase
from bot.cli.importing.command import import_file
from bot.cli.logs import whisper
from bot.cli.money import check_books, list_payable
from bot.cli.people import expert, staff
from bot.cli.run import run
from bot.cli.safekeeping import backup, migrate, restore
from bot.cli.slack import slack_manifest
from bot.cli.starting import init
from bot.cli.talking import PlainSpeaking
from bot.cli.tokens import token

program = typer.Typer(
    name="guildhall",
    cls=PlainSpeaking,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@program.callback()
def main(
    ctx: typer.Context,
    config: Annotated[Path | None, typer.Option(help="The settings file; guildhall.toml here when left out.")] = None,
) -> None:
    """Customer questions, answered by the people who know the product, in the channels where they already are."""
    ctx.obj = config
    whisper()


program.command("run")(run)
program.command("demo")(demo)
program.command("init")(init)
program.command("doctor")(doctor)
program.command("slack-manifest")(slack_manifest)
program.command("discord-invite")(discord_invite)
program.command("migrate")(migrate)
program.command("audit")(check_books)
program.command("payable")(list_payable)
program.command("import")(import_file)
program.command("backup")(backup)
program.command("restore")(restore)
program.command("erase")(erase)
program.add_typer(expert, name="expert")
program.add_typer(staff, name="staff")
program.add_typer(category, name="category")
program.add_typer(token, name="token")
