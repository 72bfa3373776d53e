"""Checks requests and payloads against Discord's published OpenAPI description, read from beside the checkout.

The description is licensed by Discord (MIT) and is not part of this project; where it is absent, `schema_problems`
knows only a handful of fields (`SMALL`) and `published()` is false.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jsonschema_rs

from .refusals import Problem
from .state import Json

DESCRIPTION: Final = Path(__file__).resolve().parents[4] / "shared" / "reference" / "discord-openapi.json"
ADDRESS: Final = "urn:discord"
# docs and libraries send permissions as text where the description says integer.
PERMISSIONS_AS_TEXT: Final = {"type": ["integer", "string", "null"], "pattern": "^[0-9]+$"}
BUTTON: Final[Json] = {
    "type": "object",
    "required": ["type"],
    "properties": {"label": {"type": "string", "maxLength": 80}, "custom_id": {"type": "string", "maxLength": 100}},
}
ROW: Final[Json] = {"properties": {"components": {"type": "array", "items": BUTTON, "minItems": 1, "maxItems": 5}}}
WORDS: Final[Json] = {
    "type": "object",
    "properties": {
        "content": {"type": ["string", "null"], "maxLength": 4000},
        "nonce": {"type": ["string", "integer", "null"], "maxLength": 25},
        "components": {"type": ["array", "null"], "items": ROW},
        **{key: {} for key in ("embeds", "flags", "attachments", "message_reference", "allowed_mentions", "tts")},
        **{key: {} for key in ("enforce_nonce", "sticker_ids", "poll", "shared_client_theme")},
    },
}
SMALL: Final[dict[str, Json]] = {
    "MessageCreateRequest": WORDS,
    "MessageEditRequestPartial": WORDS,
    "MessageResponse": {"type": "object", "required": ["id", "channel_id", "author", "content", "timestamp"]},
    "ThreadResponse": {"type": "object", "required": ["id", "type", "guild_id", "name", "thread_metadata"]},
}


@cache
def description() -> Json:
    """The description with every oneOf read as anyOf, which is how Discord itself reads it."""
    if not DESCRIPTION.exists():
        return {}
    told = loosened(json.loads(DESCRIPTION.read_text(encoding="utf-8")))
    for schema in told["components"]["schemas"].values():
        if "default_member_permissions" in schema.get("properties", {}) and "version" not in schema["properties"]:
            schema["properties"]["default_member_permissions"] = PERMISSIONS_AS_TEXT
    # Nested form errors carry names where the description has numbers (docs/reference#error-messages).
    problem = {"type": "object", "required": ["code", "message"], "properties": {"code": {"type": "string"}}}
    told["components"]["schemas"]["InnerErrors"]["properties"]["_errors"]["items"] = problem
    return told


def published() -> bool:
    """Whether the published description is there."""
    return bool(description())


def loosened(value: Any) -> Any:
    match value:
        case dict():
            return {("anyOf" if key == "oneOf" else key): loosened(part) for key, part in value.items()}
        case list():
            return [loosened(part) for part in value]
    return value


@cache
def _registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(ADDRESS, description())])


@cache
def _validator(pointer: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"$ref": f"{ADDRESS}#{pointer}"}
    return jsonschema_rs.Draft202012Validator(schema, registry=_registry(), validate_formats=True)


@cache
def _small(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(SMALL.get(name, {}))


def validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """The check for a schema by name, or by JSON pointer when it starts with a slash; compiled once."""
    if not published():
        return _small(schema)
    return _validator(schema if schema.startswith("/") else f"/components/schemas/{schema}")


def schema_problems(schema: str, value: Any) -> list[Problem]:
    """What the description has against this value, in Discord's own words where they are known."""
    check = validator(schema)
    if check.is_valid(value):
        return []
    return [problem for error in check.iter_errors(value) for problem in told(error)]


def told(error: Any) -> Iterator[Problem]:
    if error.kind.name == "anyOf":
        branches = [branch for branch in error.kind.context if branch]
        nearest = min(branches, key=lambda branch: wrongness(branch, error), default=[])
        for inner in nearest:
            yield from told(inner)
        return
    path = tuple(error.instance_path)
    limit = getattr(error.kind, "limit", 0)
    match error.kind.name:
        case "required":
            field = re.match(r'"([^"]+)"', error.message)
            yield (*path, field[1] if field else ""), "BASE_TYPE_REQUIRED", "This field is required"
        case "maxLength":
            yield path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."
        case "minLength":
            yield path, "BASE_TYPE_BAD_LENGTH", f"Must be {limit} or more in length."
        case "maxItems" | "minItems":
            yield path, "BASE_TYPE_BAD_LENGTH", f"Must be of another length: {error.kind.name} is {limit}."
        case "enum" | "const":
            yield path, "BASE_TYPE_CHOICES", error.message
        case "pattern":
            yield path, "NUMBER_TYPE_COERCE", f'Value "{error.instance}" is not snowflake.'
        case _:
            yield path, "BASE_TYPE_BAD_TYPE", error.message


def wrongness(branch: list[Any], parent: Any) -> tuple[bool, int]:
    """A branch whose `type` is another one's is not what was meant."""
    depth = len(parent.instance_path)
    other = any(
        list(each.instance_path)[depth:] == ["type"]
        or (each.kind.name == "type" and not list(each.instance_path)[depth:])
        for each in branch
    )
    return other, len(branch)


def unknown_fields(schema: str, value: Any, extra: frozenset[str]) -> list[str]:
    """Top-level fields that the description does not name."""
    schemas = description()["components"]["schemas"] if published() else SMALL
    known = schemas.get(schema, {}).get("properties")
    if known is None or not isinstance(value, dict):
        return []
    return sorted(set(value) - set(known) - extra)


@cache
def query_names(path: str, method: str) -> frozenset[str] | None:
    """Query parameters that the description names for a path; None when it has no such path."""
    operation = description().get("paths", {}).get(path, {}).get(method.lower())
    if operation is None:
        return None
    return frozenset(each["name"] for each in operation.get("parameters", []) if each.get("in") == "query")


@cache
def answer_pointer(path: str, method: str, status: int) -> str:
    """Where the schema of an answer stands, as a JSON pointer; empty when there is none."""
    operation = description().get("paths", {}).get(path, {}).get(method.lower(), {})
    if "application/json" not in operation.get("responses", {}).get(str(status), {}).get("content", {}):
        return ""
    steps = ("paths", path, method.lower(), "responses", str(status), "content", "application/json", "schema")
    return "".join("/" + quote(step.replace("~", "~0").replace("/", "~1"), safe="~") for step in steps)
