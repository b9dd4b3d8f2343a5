"""The API's reference as a plain page, made from its own description: no script, nothing from elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from commonweal.windows.api.openapi import MEANINGS, api


@require_GET
@cache_control(public=True, max_age=300)
def reference(request: HttpRequest) -> HttpResponse:
    """Every address with its parameters, body, answers and refusals."""
    context = {"groups": groups(), "schemas": schemas(), "problems": MEANINGS.items()}
    return render(request, "api/reference.html", context)


def groups() -> list[tuple[str, list[dict[str, Any]]]]:
    """Operations by group, in the order they were declared."""
    found: dict[str, list[dict[str, Any]]] = {}
    for address, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            tag = operation.get("tags", ["other"])[0]
            found.setdefault(tag, []).append(_operation(address, method, operation))
    return list(found.items())


def schemas() -> list[tuple[str, list[tuple[str, str, bool, str]]]]:
    """Shapes by name, each with its fields."""
    declared = api.get_openapi_schema()["components"]["schemas"]
    return [(name, _fields(declared[name])) for name in sorted(declared)]


def _operation(address: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    answers = [(code, answer) for code, answer in operation["responses"].items() if str(code).startswith("2")]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "address": address,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "signed_in": bool(operation.get("security")) and {} not in operation["security"],
        "parameters": operation.get("parameters", []),
        "body": [(kind, _name(content.get("schema", {}))) for kind, content in body.items()],
        "answers": [(code, _name(_json(answer))) for code, answer in answers],
        "refusals": [code for code in operation["responses"] if not str(code).startswith("2")],
    }


def _json(answer: dict[str, Any]) -> dict[str, Any]:
    content: list[dict[str, Any]] = list(answer.get("content", {}).values())
    return content[0].get("schema", {}) if content else {}


def _name(schema: dict[str, Any]) -> str:
    """How a schema is called on the page: its own name, or its type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_name(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_name(schema.get('items', {}))}[]"
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    return str(schema.get("format") or schema.get("type") or "any")


def _fields(schema: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    """The fields of an object: name, type, whether it is always there, what it means."""
    needed = schema.get("required", [])
    return [
        (name, _name(field), name in needed, field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    ]
