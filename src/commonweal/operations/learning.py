"""Collecting declared datasets and looking for what goes with what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.knowledge.insight import queries as findings
from commonweal.knowledge.insight.actions import discover
from commonweal.knowledge.lake.actions import collect
from commonweal.knowledge.lake.sources import collectable
from commonweal.register import Register

Progress = Callable[[str, int, int], None]


def collect_all(datasets: Sequence[str], learn: bool, progress: Progress, full: bool = False) -> tuple[str, int]:
    """Collect the named datasets (all that can be collected, where none is named), then search the lake.

    One dataset that fails does not stop the others. `full` fetches everything, also where a cursor would spare it.
    Returns what to print and the exit code: 1 when any failed.
    Raises Refused for a name that is not declared.
    """
    register = declared.current()
    lines, failed = [], 0
    chosen = tuple(datasets) or collectables(register)
    unknown = [name for name in chosen if name not in register.datasets]
    if unknown:
        known = ", ".join(collectables(register))
        raise Refused("unknown-dataset", f"No dataset is declared as “{unknown[0]}”; there are: {known}")
    for i, name in enumerate(chosen):
        progress("Collecting datasets", i, len(chosen))
        try:
            run = collect(name, full=full)
        except Refused as problem:
            failed += 1
            lines.append(f"{name}: {problem.message}")
        else:
            aside = f", {run.quarantined:,} put aside" if run.quarantined else ""
            lines.append(f"{name}: {run.status}, {run.rows or 0:,} rows{aside}")
    progress("Collecting datasets", len(chosen), len(chosen))
    if learn and failed < len(chosen):
        scan = discover(progress=progress)
        lines.append(f"{scan.pairs:,} pairs of columns compared, {scan.news:,} findings worth reading")
        standing = findings.standing()
        confirmed, refuted = standing.get("confirmed", 0), standing.get("refuted", 0)
        lines.append(f"{confirmed:,} confirmed on data that came later, {refuted:,} not confirmed")
    return "\n".join(lines), 1 if failed else 0


def collectables(register: Register) -> tuple[str, ...]:
    """Datasets that can be collected, what is published outside first and the office's own record last."""
    found = [each for each in register.datasets.values() if each.source is not None and collectable(each.source)]
    return tuple(each.id for each in sorted(found, key=lambda each: (each.source.type == "journal", each.id)))  # type: ignore[union-attr]
