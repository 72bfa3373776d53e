"""The API's description for programs (OpenAPI) and for people (one plain page, nothing loaded from elsewhere)."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import BaseRoute

from adapters.web.api.access import SCHEME_NAME, scopes_of
from adapters.web.api.outcomes import status_of
from adapters.web.api.shapes import Problem
from adapters.web.people import web_of
from adapters.web.refusals import API_PATH, KINDS
from adapters.web.rendering import page
from bot.change import Reason

router = APIRouter(include_in_schema=False)
_REF: Final = "#/components/schemas/"


@router.get("/openapi.json")
async def openapi(request: Request) -> JSONResponse:
    return JSONResponse(request.app.openapi_schema)


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    return page("api.html", company=web_of(request).settings.company, **_manual(request.app.openapi_schema))


def described(api: FastAPI, routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The OpenAPI description of these routes, with the one shape of every refusal and each operation's scopes."""
    whole = get_openapi(
        title=api.title,
        version=api.version,
        description=api.description,
        routes=routes,
        servers=[{"url": API_PATH}],
    )
    shapes = whole["components"]["schemas"]
    problem = Problem.model_json_schema(mode="serialization", ref_template=_REF + "{model}")
    shapes.update(problem.pop("$defs", {}))
    shapes[Problem.__name__] = problem
    for route in routes:
        assert isinstance(route, APIRoute), "every operation is an operation of the API"
        operation = whole["paths"][route.path]["get" if "GET" in (route.methods or ()) else "post"]
        operation["security"] = [{SCHEME_NAME: [scope]} for scope in scopes_of(route.dependant)]
    return whole


def _manual(whole: dict[str, Any]) -> dict[str, Any]:
    """The description as the page shows it: operations by group, shapes by name."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in whole["paths"].items():
        for method, operation in operations.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            success = next(status for status in operation["responses"] if status.startswith("2"))
            answer = operation["responses"][success]["content"]["application/json"]["schema"]
            entry = {
                "method": method.upper(),
                "path": API_PATH + path,
                "summary": operation.get("summary", ""),
                "description": operation.get("description", ""),
                "scopes": [scope for each in operation["security"] for scope in each[SCHEME_NAME]],
                "parameters": operation.get("parameters", []),
                "body": _type_text(body) if body else "",
                "answer": f"{success} {_type_text(answer)}",
            }
            groups.setdefault(operation["tags"][0], []).append(entry)
    shapes = [
        {"name": name, "description": shape.get("description", ""), "fields": _fields(shape)}
        for name, shape in sorted(whole["components"]["schemas"].items())
        if shape.get("type") == "object"
    ]
    return {
        "title": whole["info"]["title"],
        "about": whole["info"]["description"],
        "groups": groups,
        "shapes": shapes,
        "kinds": _kinds(),
    }


def _kinds() -> list[tuple[str, int]]:
    """Every word a refusal can end its type with: those of the rules, and those of the web itself."""
    return sorted([*((str(reason), status_of(reason)) for reason in Reason), *KINDS.items()])


def _fields(shape: dict[str, Any]) -> list[dict[str, Any]]:
    required = shape.get("required", [])
    return [
        {
            "name": name,
            "type": _type_text(field),
            "required": name in required,
            "description": field.get("description", ""),
            "example": field.get("examples", [""])[0],
        }
        for name, field in shape.get("properties", {}).items()
    ]


def _type_text(schema: dict[str, Any]) -> str:
    """`string`, `list of Message`, `"helped" or "not-yet"`: a type in words."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    if "anyOf" in schema:
        return " or ".join(_type_text(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f'"{each}"' for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type_text(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "anything"))
