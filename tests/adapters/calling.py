"""The API's own description, and how a test calls every operation in it."""

from typing import Any

import httpx

from adapters.web.api import create_api
from adapters.web.tokens import Scope
from tests.adapters.site import Program

DESCRIPTION: dict[str, Any] = create_api().openapi_schema or {}
OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]


def scopes_of(operation: dict[str, Any]) -> set[Scope]:
    return {Scope(scope) for each in operation["security"] for scope in each["token"]}


def body_of(operation: dict[str, Any]) -> Any:
    """The smallest body that the description accepts, or None when none is needed."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return sample(schema) if schema and operation["requestBody"].get("required") else None


def sample(schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return sample(DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: sample(schema["properties"][name]) for name in schema.get("required", [])}
        case "integer":
            return schema.get("minimum", 1)
        case "array":
            return []
        case _:
            return "some words that are long enough to be an answer to somebody"


def filled(path: str, number: str = "Q7K3") -> str:
    return path.format(number=number, person="bo", category="billing", file=1)


async def call(program: Program, method: str, path: str, operation: dict[str, Any]) -> httpx.Response:
    if method == "GET":
        return await program.get(path)
    return await program.post(path, body_of(operation))


def assert_problem(response: httpx.Response, status: int, kind: str | None = None) -> dict[str, Any]:
    """A refusal that a person can read and a program can tell apart."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"].endswith((".", "?", "!")), told["detail"]
    if kind is not None:
        assert told["type"] == f"/api/v1/docs#{kind}"
    return told
