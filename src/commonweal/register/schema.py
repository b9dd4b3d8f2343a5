"""JSON Schema of a declaration for editors, and the reference page, both made from the types."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from commonweal.register.models import KINDS, AnyDeclared

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema of one file: a declaration or a list of them, told apart by `kind`."""
    adapter: TypeAdapter[Any] = TypeAdapter(AnyDeclared)
    whole = adapter.json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions = whole.pop("$defs")
    for name in KINDS:
        required = definitions[name].setdefault("required", [])
        if "kind" not in required:
            required.insert(0, "kind")
    for name, key in (("Article", "id"), ("Code", "code")):  # read as they are spelt, so a bare 35 or 01 is right
        definitions[name]["properties"][key]["type"] = ["string", "integer"]
    evidence = definitions["Requirement"]["properties"]["evidence"]["anyOf"]
    many = next(option for option in evidence if option.get("type") == "array")
    evidence.append({"type": "object", "properties": {"any": many}, "required": ["any"], "additionalProperties": False})
    definitions["Declaration"] = whole
    one = {"$ref": "#/$defs/Declaration"}
    return {
        "$schema": DIALECT,
        "title": "Commonweal declaration",
        "description": "What a government declares: one object, or a list of them.",
        "if": {"type": "array"},
        "then": {"items": one},
        "else": one,
        "$defs": definitions,
    }


def schema_text() -> str:
    """The schema as JSON text."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
