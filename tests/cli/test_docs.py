"""docs/running.md names every setting and every number with its true default, and every command."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from pydantic_core import PydanticUndefined

from bot.cli.program import program
from bot.config import CategoryTable, DiscordServerTable, DiscordTable, SlackTable, known_settings
from bot.config.tables import Config
from bot.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z_.]+)` \| `?([^`|]*?)`? \|", TEXT, re.MULTILINE))


def written(default: object) -> str:
    match default:
        case bool():
            return str(default).lower()
        case str():
            return f'"{default}"'
        case tuple() | dict():
            return "[]"
        case _:
            return "needed" if default is PydanticUndefined else str(default)


def defaults() -> dict[str, str]:
    """Every setting as the tables of the document name it, with its default as TOML writes it."""
    found = {each.name: f"{each.default}" for each in fields(Policy)}
    found |= {name: written(field.default) for name, field in CategoryTable.model_fields.items()}
    for name in known_settings():
        table, _, key = name.partition(".")
        if table == "slack":
            field = SlackTable.model_fields[key.rpartition(".")[2]]
            found[name] = written(field.get_default(call_default_factory=True))
        elif table == "discord":
            own = DiscordServerTable if key.count(".") else DiscordTable
            field = own.model_fields[key.rpartition(".")[2]]
            found[name] = written(field.get_default(call_default_factory=True))
        elif table not in ("policy", "category"):
            found[name] = written(getattr(Config.model_fields[table].default, key))
    return found


@pytest.mark.parametrize("setting", sorted(defaults()))
def test_each_setting_is_there_with_its_default(setting: str) -> None:
    assert ROWS.get(setting) == defaults()[setting]


def test_no_setting_is_there_that_does_not_exist() -> None:
    assert set(ROWS) == set(defaults())


def test_every_command_is_there() -> None:
    for command in typer.main.get_command(program).commands.values():  # type: ignore[attr-defined]
        assert re.search(rf"guildhall {command.name}\b", TEXT), f"docs/running.md does not mention {command.name}"
        for each in getattr(command, "commands", {}).values():
            assert re.search(rf"\b{each.name}\b", TEXT), f"docs/running.md does not mention {command.name} {each.name}"


def test_the_environment_variables_of_the_service_exist() -> None:
    unit = (ROOT / "deploy" / "guildhall.service").read_text(encoding="utf-8")

    assert set(re.findall(r"GUILDHALL_\w+", unit)) == {"GUILDHALL_CONFIG", "GUILDHALL_SECRET"}
