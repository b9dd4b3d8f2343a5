"""The reference pages of the register, written from its types so that they cannot fall behind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from commonweal.register.base import Declared, Text
from commonweal.register.explanations import GOVERNMENT, ONCE_ONLY, READING, SERVICE, STANDARD
from commonweal.register.models import KINDS

_PATTERNS = {
    r"^[a-z0-9][a-z0-9-]*$": "name (`open-restaurant`)",
    r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$": "element name (`premises.floor_area`)",
    r"^[a-z][a-z0-9_]*$": "local name (`uses_gas`)",
    r"^[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*$": "post (`fire-service/inspector`)",
    r"^[a-z0-9][a-z0-9-]*(/[A-Za-z0-9.-]+)?$": "law (`food-act/35`)",
    r"^[A-Z][A-Z0-9_]{0,79}$": "environment variable (`LAKE_ADDRESS`)",
    r"^#[0-9a-fA-F]{6}$": "colour (`#0b4f8a`)",
    r"^[A-Z]{3}$": "currency (`EUR`)",
    r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$": "language (`zh-hans`)",
}
_HEAD = """\
# What can be declared

<!-- Written by `commonweal.register.reference`; `python -m commonweal.register.reference` writes it again. -->

A jurisdiction is a folder of YAML 1.2 files. A file holds one declaration, a list of them, or several documents;
the folder it lies in is a habit and means nothing. Every declaration says its `kind`. A key that a kind does not
have is a fault, and so is a key written twice. A text is a mapping from language to words:
`{en: Open a restaurant, zh-hans: 开办餐饮店}`. Numbers and dates need no quotes and stay exactly as they are
written; `true` and `false` are the only booleans. Dates are `2025-01-31`; durations are ISO 8601 (`P3D` three days,
`PT4H` four hours, `P1M` a month).

Rules are CEL. They read answers by the name of the data element (`premises.floor_area`) or of the form's own
question (`form.uses_gas`), and `today`. Beyond standard CEL there are `age(birth_date, today)` and
`years(from, to)` (whole years), `days_between(from, to)`, and `date('2025-01-31')` for a day. A rule reads only what
its form asks, what the datasets behind its evidence hold, or what a dataset about persons or businesses holds of
whoever applies.
"""


_COMMON = ("kind", "name", "description", "effective")
"""Keys described once for all kinds; the id differs, so each kind shows its own."""


def reference_markdown() -> str:
    """The page `docs/reference/register.md`: every kind, its parts, and their keys."""
    sections = [_HEAD, _section("Every declaration", Declared)]
    parts: dict[str, type[BaseModel]] = {}
    for name, model in KINDS.items():
        sections.append(_section(name, model))
        for part in _parts(model):
            parts.setdefault(part.__name__, part)
    sections.append("# Parts of declarations\n")
    sections += [_section(name, model) for name, model in sorted(parts.items())]
    sections.append(
        "---\n\nThis page is written by `python -m commonweal.register.reference`;"
        " a test fails when it is not what that writes.\n"
    )
    return "\n".join(sections)


def faults_markdown() -> str:
    """The page `docs/reference/register-faults.md`: every code that `commonweal check` prints."""
    groups: Mapping[str, Mapping[str, str]] = {
        "Reading files": READING,
        "Government": GOVERNMENT,
        "The data standard": STANDARD,
        "Services": SERVICE,
        "Once only (`commonweal check --once-only`)": ONCE_ONLY,
    }
    lines = [
        "# What `commonweal check` finds",
        "",
        "Each line is `file:line:column severity code: message`, with the nearest right name where there is one."
        " Errors make the command exit with 1; warnings do not.",
    ]
    for heading, codes in groups.items():
        lines += ["", f"## {heading}", "", "| code | meaning |", "|---|---|"]
        lines += [f"| `{code}` | {meaning} |" for code, meaning in codes.items()]
    return "\n".join(lines) + "\n"


def _section(name: str, model: type[BaseModel]) -> str:
    schema = model.model_json_schema(by_alias=True)
    required = set(schema.get("required", ()))
    lines = [f"## {name}", "", " ".join((model.__doc__ or "").split()), "", "| key | value | otherwise | meaning |"]
    lines.append("|---|---|---|---|")
    for attribute, field in model.model_fields.items():
        key = field.alias or attribute
        if model is not Declared and issubclass(model, Declared) and attribute in _COMMON:
            continue
        inherited = Declared.model_fields.get(attribute)
        meaning = field.description or (inherited.description if inherited else None) or ""
        needed = key in required or key == "kind"
        otherwise = "**needed**" if needed else _default(field.get_default(call_default_factory=True))
        value = _value(schema["properties"][key])
        lines.append(f"| `{key}` | {value} | {otherwise} | {_flat(meaning)} |")
    return "\n".join(lines) + "\n"


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _default(value: Any) -> str:
    """A default as an author would write it; nothing where it is nothing."""
    if value is None or value == () or value == {} or (isinstance(value, BaseModel) and not value.model_fields_set):
        return ""
    return f"`{json.dumps(value, default=str)}`"


def _value(schema: Mapping[str, Any]) -> str:
    """What may be written, in words, from the JSON Schema of a key."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return "text" if name == "Text" else f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        options = [each for each in schema["anyOf"] if each.get("type") != "null"]
        if any(each.get("type") == "number" for each in options):  # a Decimal is a number or a plain string
            options = [each for each in options if each.get("type") != "string" or "format" in each]
        return " or ".join(_value(each) for each in options)
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{each}`" for each in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_value(schema.get('items', {}))}"
    if schema.get("type") == "object":
        return "mapping"
    if schema.get("type") == "string":
        return _string(schema)
    return {"boolean": "true or false", "integer": "whole number", "number": "decimal"}.get(
        schema.get("type", ""), "value"
    )


def _string(schema: Mapping[str, Any]) -> str:
    pattern = str(schema.get("pattern", ""))
    if schema.get("format") == "date":
        return "date"
    if pattern.startswith("^P("):
        return "duration"
    return _PATTERNS.get(pattern, "words")


def _parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models that a model is made of, texts left out."""
    for field in model.model_fields.values():
        for part in _models(field.annotation):
            yield part
            yield from _parts(part)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation is not Text:
            yield annotation
        return
    for part in get_args(annotation):
        yield from _models(part)


def main() -> None:
    """Write both pages below `docs/reference` of the working folder."""
    for name, text in (("register", reference_markdown()), ("register-faults", faults_markdown())):
        Path("docs", "reference", f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
