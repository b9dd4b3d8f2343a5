"""Faults as text for people, JSON for editors, and SARIF 2.1.0 for code review."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from commonweal.register.explanations import EXPLANATIONS
from commonweal.register.faults import Fault

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_text(faults: Sequence[Fault]) -> str:
    """One fault a line (`file:line:column severity code: message`), then how many there are."""
    errors = sum(fault.severity == "error" for fault in faults)
    warnings = len(faults) - errors
    counted = " and ".join(
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((errors, "error"), (warnings, "warning"))
        if number
    )
    return "\n".join([*map(str, faults), counted or "No faults"]) + "\n"


def render_json(faults: Sequence[Fault]) -> str:
    """A JSON object with the faults and their counts."""
    errors = sum(fault.severity == "error" for fault in faults)
    whole = {"errors": errors, "warnings": len(faults) - errors, "faults": [asdict(fault) for fault in faults]}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def render_sarif(faults: Sequence[Fault]) -> str:
    """A SARIF 2.1.0 log with one run, as code scanning takes it; paths are relative to the working folder."""
    codes = sorted({fault.code for fault in faults})
    index = {code: i for i, code in enumerate(codes)}
    rules = [
        {"id": code, "shortDescription": {"text": EXPLANATIONS[code]}, "name": code.title().replace("-", "")}
        for code in codes
    ]
    run = {
        "tool": {"driver": {"name": "commonweal check", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(fault, index[fault.code]) for fault in faults],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _result(fault: Fault, rule: int) -> dict[str, Any]:
    hint = f" Did you mean “{fault.suggestion}”?" if fault.suggestion else ""
    region = {"startLine": fault.line, "startColumn": fault.column}
    where = {"artifactLocation": {"uri": _uri(fault.file)}, "region": region}
    return {
        "ruleId": fault.code,
        "ruleIndex": rule,
        "level": fault.severity,
        "message": {"text": fault.message + "." + hint},
        "locations": [{"physicalLocation": where}],
    }


def _uri(file: str) -> str:
    """The file as a relative URI where it lies below the working folder, which code scanning asks for."""
    path = Path(file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_uri() if path.is_absolute() else quote(str(PurePosixPath(path)))
