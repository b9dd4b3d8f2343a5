"""What the command line does with a register: plain functions from paths to (text, exit code)."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from commonweal.register import report
from commonweal.register.check import examine
from commonweal.register.faults import Fault, has_errors
from commonweal.register.loader import load
from commonweal.register.once_only import once_only as find_held
from commonweal.register.plan import plan as make_plan
from commonweal.register.plan import render_json as plan_json
from commonweal.register.plan import render_text as plan_text
from commonweal.register.reading import assemble, read
from commonweal.register.register import Register
from commonweal.register.schema import schema_text

_RENDER: Mapping[str, Callable[[Sequence[Fault]], str]] = {
    "text": report.render_text,
    "json": report.render_json,
    "sarif": report.render_sarif,
}


def check(path: Path | str, *, once_only: bool = False, format: str = "text") -> tuple[str, int]:
    """Check a folder of declarations; the text to print, and 1 when there is an error, else 0.

    With `once_only`, what is reported instead, once the register has no errors, is every question and paper that
    a declared dataset already holds; these are warnings. `format` is text, json or sarif.
    """
    gc.disable()  # nearly everything that is read stays; looking for garbage takes a fifth of the time
    try:
        reading = read(Path(path))
        register = assemble(reading)
        examine(reading)
    finally:
        gc.enable()
    if once_only and register is not None and not has_errors(reading.faults):
        reading.faults.clear()
        for held in find_held(register):
            key = ("PublicService", held.service)
            reading.fault(key, held.place, "already-held", held.sentence(register), severity="warning")
    faults = sorted(set(reading.faults))
    return _RENDER[format](faults), int(has_errors(faults))


def schema() -> str:
    """The JSON Schema of declarations, for completion in editors."""
    return schema_text()


def plan(old: Path | str, new: Path | str, format: str = "text") -> tuple[str, int]:
    """Say what the change from one folder to another does; exit code 1, with the faults, when either has errors.

    `format` is text or json.
    """
    registers: list[Register] = []
    for path in (old, new):
        register, faults = load(path)
        if register is None or has_errors(faults):
            errors = [fault for fault in faults if fault.severity == "error"]
            return _RENDER[format](errors), 1
        registers.append(register)
    made = make_plan(registers[0], registers[1])
    if format == "json":
        return plan_json(made), 0
    return plan_text(made, registers[1].jurisdiction.currency), 0
