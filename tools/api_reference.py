"""Write docs/reference/api.md from the API's own description, so that the page cannot drift."""

from __future__ import annotations

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "api.md"


def render() -> str:
    """The reference page as Markdown: every address with its input, answers and refusals."""
    from commonweal.windows.api.reference import groups, schemas

    parts = [
        "# The API",
        "",
        "Generated from the description the programs read (`/api/v1/openapi.json`): `python -m tools.api_reference`.",
        "How to use it: [apply, and decide, by API](../how-to/use-the-api.md).",
        "",
    ]
    for tag, operations in groups():
        parts += [f"## {tag}", ""]
        for operation in operations:
            parts += _operation(operation)
    parts += ["## Shapes", ""]
    for name, fields in schemas():
        if fields:
            parts += [f"### {name}", ""]
            parts += [
                f"- `{field}` {kind}{'' if needed else ', may be absent'}{': ' + meaning if meaning else ''}"
                for field, kind, needed, meaning in fields
            ]
            parts.append("")
    return "\n".join(parts)


def _operation(operation: dict) -> list[str]:
    parts = [f"### {operation['method']} {operation['address']}", "", operation["description"]]
    if not operation["signed_in"]:
        parts[-1] += " No sign-in needed."
    parts.append("")
    for each in operation["parameters"]:
        needed = ", needed" if each.get("required") else ""
        parts.append(f"- `{each['name']}` ({each['in']}{needed}) {each.get('description', '')}".rstrip())
    parts += [f"- body: {kind}, {name}" for kind, name in operation["body"]]
    parts += [f"- answers {code}" + (f": {name}" if name != "any" else "") for code, name in operation["answers"]]
    parts += [f"- refuses with {', '.join(operation['refusals'])}", ""]
    return parts


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.config.settings")
    import django

    django.setup()
    PAGE.write_text(render(), encoding="utf-8")
