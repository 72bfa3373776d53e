"""`guildhall slack-manifest`: prints what Slack makes the app of."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.cli.house import config_of
from bot.cli.talking import Mistake, meant, say, table
from bot.config import Config, SlackSettings, SlackTable, read_address
from bot.config.slack import ALONE, with_secrets

if TYPE_CHECKING:
    from adapters.slack.settings import SlackWorkspace

MAKE_APP_AT: Final = "https://api.slack.com/apps?new_app=1"


def slack_manifest(
    ctx: typer.Context,
    workspace: Annotated[
        str | None, typer.Option(help="Which [slack.NAME] of the settings; not needed when there is one.")
    ] = None,
    http: Annotated[
        str | None, typer.Option(help="Guildhall's public https address: events then arrive there, not by a socket.")
    ] = None,
    why: Annotated[
        bool, typer.Option("--reasons", help="Print instead what is asked for, and the reason of each.")
    ] = False,
) -> None:
    """Print the manifest from which Slack makes your app; paste it at api.slack.com/apps."""
    from adapters.slack.manifest import manifest, reasons

    config = config_of(ctx)
    chosen = _chosen(config, workspace)
    address = _address(http if http is not None else config.web.public_url)
    if http is not None:
        chosen = replace(chosen, mode="http")
    if chosen.mode == "http" and not address.startswith("https://"):
        raise Mistake(
            "Slack sends events to an https address only, and Guildhall's is not known. Set [web] public_url, or run: "
            "guildhall slack-manifest --http https://help.example.com"
        )
    refuse_reserved(chosen)
    if why:
        table(("kind", "name", "reason"), reasons(chosen), "Nothing is asked for.")
    else:
        say(json.dumps(manifest(chosen, public_url=address), indent=2, ensure_ascii=False))


def workspace_of(settings: SlackSettings) -> "SlackWorkspace":
    """The settings as the adapter's own type."""
    from adapters.slack.settings import SlackWorkspace

    return SlackWorkspace(**{each.name: getattr(settings, each.name) for each in fields(SlackWorkspace)})


def refuse_reserved(workspace: "SlackWorkspace") -> None:
    """Raises Mistake when a command's name is one of Slack's own."""
    for setting, command in reserved_commands(workspace).items():
        raise Mistake(
            f"{command} is a command of Slack's own, which apps never hear of. Set another {setting} under "
            f"[slack.{workspace.name}], such as /hall."
        )


def reserved_commands(workspace: "SlackWorkspace") -> Mapping[str, str]:
    """The settings that name a command of Slack's own, with that name."""
    from adapters.slack.manifest import RESERVED

    named = {"command": workspace.command, "ask_command": workspace.ask_command}
    return {setting: command for setting, command in named.items() if command in RESERVED}


def _chosen(config: Config, name: str | None) -> "SlackWorkspace":
    """The workspace of that name; the only one when none is named; the defaults when there are no settings yet."""
    tables: Mapping[str, SlackTable] = config.slack or {name or ALONE: SlackTable()}
    if name is None and len(tables) > 1:
        raise Mistake(
            f"Which workspace? There are {', '.join(tables)}: guildhall slack-manifest --workspace {next(iter(tables))}"
        )
    if name is not None and name not in tables:
        raise Mistake(f"There is no workspace {name!r} in the settings{meant(name, tables)}")
    settings = with_secrets({each: tables[each] for each in ([name] if name else tables)}, {})
    return workspace_of(settings[0])


def _address(text: str) -> str:
    try:
        return read_address(text)
    except ValueError as bad:
        raise Mistake(f"--http {bad}.") from None
