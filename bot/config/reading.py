"""Reads the settings and says, for each mistake, which file and line, what is expected and what was meant."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsError
from rapidfuzz import fuzz, process

from bot.config.discord import discord_keys, token_complaint, token_in, unknown_key
from bot.config.slack import ALONE, EXAMPLE, SECRETS, SlackTable, secrets_in, token_complaints, variable
from bot.config.tables import CategoryTable, Config
from bot.model import Category, Unit
from bot.policy import Policy

FILE_NAME: Final = "guildhall.toml"
PREFIX: Final = "GUILDHALL_"
LIKE_ENOUGH: Final = 60  # percent of letters; below that a suggestion is a guess
Key = tuple[str | int, ...]  # ("category", 0, "bounty")


class BadConfig(Exception):
    """The settings cannot be used. `complaints` has a sentence for each mistake."""

    def __init__(self, *complaints: str) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


def read_config(chosen: Path | None = None) -> Config:
    """The settings from `chosen`, else $GUILDHALL_CONFIG, else guildhall.toml here if there is one.

    Raises BadConfig.
    """
    path = settings_file(chosen)
    text = _text(path) if path else ""
    tables = _tables(text, path)
    if strange := list(_strange_variables()):
        raise BadConfig(*strange)
    if "secret" in tables:
        where = _where(text, path, ("secret",))
        raise BadConfig(f"{where}A secret does not belong in a file; set {PREFIX}SECRET in the environment.")
    secrets = secrets_in(os.environ)
    if (
        any(variable("", each) in secrets for each in SECRETS)
        and "slack" not in tables
        and not _set_by_environment("SLACK")
    ):
        tables["slack"] = {ALONE: {}}
    try:
        config = _settings(tables)
    except ValidationError as bad:
        errors = sorted(bad.errors(), key=lambda each: line_of(text, each["loc"]) or 0)
        raise BadConfig(*(_sentence(each, text, path) for each in errors)) from None
    except SettingsError as bad:
        raise BadConfig(f"A {PREFIX}... variable in the environment cannot be read: {bad}.") from None
    token = token_in(os.environ)
    wrong = [*token_complaints(config.slack, secrets), token_complaint(config.discord, token)]
    if any(wrong):
        raise BadConfig(*filter(None, wrong))
    return config.with_secrets(secrets, token)


def _set_by_environment(table: str) -> bool:
    return any(name == f"{PREFIX}{table}" or name.startswith(f"{PREFIX}{table}__") for name in os.environ)


def _settings(tables: dict[str, Any]) -> Config:
    class Settings(Config):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return env_settings, InitSettingsSource(settings_cls, init_kwargs=tables)

    return Settings()


def settings_file(chosen: Path | None = None) -> Path | None:
    """The file to read, or None when there is none to read. Raises BadConfig when a named one is missing."""
    named = chosen or (Path(os.environ["GUILDHALL_CONFIG"]) if os.environ.get("GUILDHALL_CONFIG") else None)
    if named is None:
        return Path(FILE_NAME) if Path(FILE_NAME).exists() else None
    if not named.is_file():
        raise BadConfig(f"There is no settings file {named}. `guildhall init` writes one.")
    return named


def read_category(unit: Unit, **values: str | bool) -> Category:
    """A category from settings that were given one by one. Raises BadConfig."""
    try:
        return CategoryTable.model_validate(values).category(unit)
    except ValidationError as bad:
        raise BadConfig(*(_sentence(each, "", None) for each in bad.errors())) from None
    except ValueError as bad:
        raise BadConfig(f"bounty {bad}.") from None


def known_settings() -> tuple[str, ...]:
    """Every setting as it is written with dots: `web.port`, `policy.claim_minutes`, `slack.acme.mode`."""
    return tuple(name for table in sorted(Config.model_fields) if table != "secret" for name in _keys(table))


def _keys(table: str) -> Iterator[str]:
    match table:
        case "policy":
            names: Sequence[str] = [each.name for each in fields(Policy)]
        case "category":
            names = list(CategoryTable.model_fields)
        case "discord":
            yield from discord_keys()
            return
        case "slack":
            table, names = f"slack.{EXAMPLE}", list(SlackTable.model_fields)
        case _:
            names = list(type(Config.model_fields[table].default).model_fields)
    yield from (f"{table}.{name}" for name in names)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as bad:
        raise BadConfig(f"{path} is not text in UTF-8 (byte {bad.start}). Save it as UTF-8 again.") from None
    except OSError as bad:
        raise BadConfig(f"{path} cannot be read: {bad.strerror}.") from None


def _tables(text: str, path: Path | None) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise BadConfig(
            f"{path} is not TOML: {bad}. Texts go in quotes, tables in [brackets]; docs/running.md shows every setting."
        ) from None


def _strange_variables() -> Iterator[str]:
    """Variables like GUILDHALL_WBE__PORT, whose table does not exist. Others may be somebody else's."""
    for name in sorted(os.environ):
        table, twice, key = name.removeprefix(PREFIX).lower().partition("__")
        if name.startswith(PREFIX) and twice and table not in Config.model_fields:
            yield f"Environment variable {name}: {_unknown(f'{table}.{key}')}"


def _sentence(error: ErrorDetails, text: str, path: Path | None) -> str:
    key = tuple(part for part in error["loc"] if part != "[key]")
    context = error.get("ctx", {})
    if error["type"] == "sentence_about":
        parts = str(context["key"]).split(".")
        key = (*key, *(int(part) if part.isdigit() else part for part in parts))
    where = _where(text, path, key)
    dotted = ".".join(str(part) for part in key if not isinstance(part, int))
    if error["type"] == "unknown_setting":
        key = (*key, str(context["key"]))
        return _where(text, path, key) + _unknown(".".join(str(part) for part in key))
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return where + _unknown(dotted)
    return f"{where}{dotted} {_expectation(error)}."


def _unknown(dotted: str) -> str:
    table, _, rest = dotted.partition(".")
    known: Sequence[str] = known_settings()
    if table == "discord" and rest:
        misplaced, known = unknown_key(dotted)
        if misplaced:
            return misplaced
    if table == "slack":
        workspace, _, key = rest.partition(".")
        if secret := next((each for each in SECRETS if each.field == key), None):
            return f"A secret does not belong in a file; set {variable(workspace, secret)} in the environment."
        known = [each.replace(f"slack.{EXAMPLE}.", f"slack.{workspace}.") for each in known]
    names = known if rest else sorted({each.partition(".")[0] for each in known})
    meant = process.extractOne(dotted, names, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return f"Unknown setting {dotted}: " + (
        f"did you mean {meant[0]}?" if meant else "docs/running.md lists every setting."
    )


def _expectation(error: ErrorDetails) -> str:
    """What the value must be, after the setting's name."""
    found, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "sentence" | "sentence_about":
            return str(context["why"])
        case "missing" | "missing_argument":
            return "is missing"
        case "int_parsing" | "int_type" | "int_from_float":
            return f"must be a whole number, not {found!r}"
        case "float_parsing" | "float_type":
            return f"must be a number, not {found!r}"
        case "greater_than_equal":
            return f"must be {context['ge']} or more, not {found!r}"
        case "less_than_equal":
            return f"must be {context['le']} or less, not {found!r}"
        case "bool_parsing" | "bool_type":
            return f"must be true or false, not {found!r}"
        case "string_type":
            return f"must be text in quotes, not {found!r}"
        case "enum" | "literal_error":
            return f"must be {context['expected']}, not {found!r}"
        case "tuple_type" | "list_type" if error["loc"] == ("category",):
            return "is written [[category]], in double brackets, once for each"
        case "tuple_type" | "list_type":
            return f'must be a list such as ["one", "two"], not {found!r}'
        case "dict_type" if instead := _LIST_OR_TABLE.get((error["loc"][0], error["loc"][-1])):
            return f"must be a list such as {instead}, not {found!r}"
        case (
            "dict_type"
            | "mapping_type"
            | "model_type"
            | "model_attributes_type"
            | "dataclass_type"
            | "dataclass_exact_type"
        ):
            return f"must be a table in [brackets], not {found!r}"
        case _:
            return f"cannot be {found!r}: {error['msg']}"


_LIST_OR_TABLE: Final[Mapping[tuple[str | int, str | int], str]] = {
    ("slack", "help_channels"): '["C0123ABC45"], or a table { C0123ABC45 = "billing" }',
    ("discord", "help_channels"): '["1181234567890123456"], or a table { "1181234567890123456" = "billing" }',
    ("discord", "staff_roles"): '["1181234567890123456"], or a table { "1181234567890123456" = "lead" }',
    ("discord", "expert_roles"): '["1181234567890123456"], or a table { "1181234567890123456" = "journeyman" }',
}


def _where(text: str, path: Path | None, key: Key) -> str:
    """`guildhall.toml, line 4: `, or the variable, or nothing, in front of a complaint."""
    line = line_of(text, key) if path else None
    if path and line:
        return f"{path}, line {line}: "
    variable = PREFIX + "__".join(str(part).upper() for part in key)
    if variable in os.environ:
        return f"Environment variable {variable}: "
    return f"{path}: " if path else ""


def line_of(text: str, key: Key) -> int | None:
    """The line of a TOML text that sets `key`, or that opens its table when the key is not there, or None.

    Reads headers and `name = ...` at the beginning of lines, as people write settings; dotted and inline
    keys are found by their table's line.
    """
    names = tuple(str(part) for part in key if not isinstance(part, int))
    wanted = next((part for part in key if isinstance(part, int)), None)
    table: tuple[str, ...] = ()
    seen, best = -1, None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", line):
            table = tuple(part.strip().strip("\"'") for part in header[2].split("."))
            seen += header[1] == "[[" and table == names[:1]
            name: tuple[str, ...] = table
        elif entry := re.match(r"\s*([\w\"'.-]+)\s*=", line):
            name = (*table, *(part.strip("\"'") for part in entry[1].split(".")))
        else:
            continue
        if wanted is not None and table[:1] == names[:1] and seen != wanted:
            continue
        if name == names:
            return number
        if best is None and (name == names[: len(name)] or names == name[: len(names)]):
            best = number
    return best
