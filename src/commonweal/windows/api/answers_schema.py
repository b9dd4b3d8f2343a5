"""The JSON Schema of a service's answers, derived from the same declarations as its form."""

from __future__ import annotations

from typing import Any

from commonweal.register import ServiceBundle
from commonweal.register.models import DataElement, FormField

_DECIMAL = r"^-?\d{1,15}(\.\d{1,6})?$"
_PLAIN: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "pattern": _DECIMAL},
    "money": {"type": "string", "pattern": _DECIMAL},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "year": {"type": "integer", "minimum": 1000, "maximum": 9999},
    "code": {"type": "string"},
    "region": {"type": "string"},
    "email": {"type": "string", "format": "email"},
    "phone": {"type": "string"},
    "file": {"type": "string", "description": "The reference of an attachment of this application."},
}


def answers_schema(bundle: ServiceBundle, language: str) -> dict[str, Any]:
    """The schema an answers object must fit. Questions with a `when` are never required by it: the rule decides."""
    fields = bundle.service.form
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": bundle.service.name.say(language),
        "type": "object",
        "additionalProperties": False,
        "properties": {field.key: _property(bundle, field, language) for field in fields},
        "required": [field.key for field in fields if field.required and field.when is None],
    }


def _property(bundle: ServiceBundle, field: FormField, language: str) -> dict[str, Any]:
    element = bundle.elements.get(field.element) if field.element else None
    kind = field.type or (element.type if element else "string")
    said: dict[str, Any] = {**_PLAIN[kind], "title": _label(field, element).say(language)}
    hint = field.hint or (element.hint if element else None)
    if hint:
        said["description"] = hint.say(language)
    if field.when:
        said["x-when"] = field.when
    if element and element.pattern:
        said["pattern"] = element.pattern
    if element and element.max_length and said["type"] == "string":
        said["maxLength"] = element.max_length
    if kind in {"integer", "year"}:
        said.update(_bounds(field, element))
    if kind in {"code", "region"}:
        said["oneOf"] = [{"const": code, "title": name} for code, name in options(bundle, field, language)]
    return said


def _label(field: FormField, element: DataElement | None) -> Any:
    if field.label:
        return field.label
    assert element is not None
    return element.question or element.name


def _bounds(field: FormField, element: DataElement | None) -> dict[str, int]:
    low = field.min if field.min is not None else (element.min if element else None)
    high = field.max if field.max is not None else (element.max if element else None)
    named = {"minimum": low, "maximum": high}
    return {name: int(value) for name, value in named.items() if value is not None}  # type: ignore[arg-type]


def options(bundle: ServiceBundle, field: FormField, language: str) -> list[tuple[str, str]]:
    """The values that may be chosen, with their names; empty for a question that is not a choice."""
    element = bundle.elements.get(field.element) if field.element else None
    kind = field.type or (element.type if element else None)
    if kind == "region":
        return [(region.id, region.name.say(language)) for region in bundle.regions.values()]
    codelist = field.codelist or (element.codelist if element else None)
    if kind != "code" or codelist is None:
        return []
    return [(code.code, code.name.say(language)) for code in bundle.codelists[codelist].codes]
