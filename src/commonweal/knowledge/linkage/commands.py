"""What `commonweal link` prints: text and exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import SYSTEM
from commonweal.knowledge.linkage import actions, queries
from commonweal.knowledge.linkage.judging import Estimate
from commonweal.knowledge.linkage.models import Run

Progress = Callable[[str, int, int], None]


def run(links: Sequence[str], progress: Progress | None = None) -> tuple[str, int]:
    """Make the named links, or all; one that fails does not stop the others."""
    lines, failed = [], 0
    for name in _chosen(links):
        try:
            made = actions.run(name, progress=progress)
        except Refused as problem:
            failed += 1
            lines.append(f"{name}: {problem.message}")
        else:
            lines.append(f"{name}: {_counts(made.figures)} (run {made.ref})")
    return "\n".join(lines) or "No link is declared", 1 if failed else 0


def status(links: Sequence[str]) -> tuple[str, int]:
    """How good the links in force are, and what was run."""
    lines = []
    for name in _chosen(links):
        found = queries.in_force(name)
        if found is None:
            lines.append(f"{name}: nothing is linked; run: commonweal link run {name}")
        else:
            told = queries.quality(name)
            lines += [
                f"{name}: {_counts(found.figures)} (run {found.ref}, {found.finished:%Y-%m-%d %H:%M} UTC)",
                f"  precision {_share(told.expected_precision, told.precision)}",
                f"  recall    {_share(told.expected_recall, told.recall)}",
                f"  conflicts {told.conflicts}, rows linked to several {told.crowded}",
            ]
        for each in queries.runs(name):
            if each.status != Run.Status.DONE:
                lines.append(f"  {each.ref} {each.started:%Y-%m-%d %H:%M} {each.status} {each.note}".rstrip())
    return "\n".join(lines) or "No link is declared", 0


def undo(what: str, left: str | None, right: str | None, reason: str) -> tuple[str, int]:
    """Take a run or one link back."""
    if left is not None and right is not None:
        actions.undo_link(SYSTEM, what, left, right, reason)
        return f"{what} no longer links {left} and {right}, now and in later runs", 0
    found = actions.undo_run(SYSTEM, what, reason)
    before = queries.in_force(found.link)
    then = f"run {before.ref} of {before.finished:%Y-%m-%d} holds again" if before else "nothing is linked by it now"
    return f"Run {what} of {found.link} is undone; {then}", 0


def _chosen(links: Sequence[str]) -> tuple[str, ...]:
    known = declared.current().links
    unknown = [name for name in links if name not in known]
    if unknown:
        told = ", ".join(known) or "none"
        raise Refused("unknown-link", f"No link is declared as “{unknown[0]}”; there are: {told}")
    return tuple(links) or tuple(known)


def _counts(figures: dict[str, Any]) -> str:
    unknown = sum(figures.get("unknown", ()))
    aside = f", {unknown:,} rows not in the lake" if unknown else ""
    return (
        f"{figures['compared']:,} pairs compared, {figures['linked']:,} linked, {figures['review']:,} to review{aside}"
    )


def _share(expected: float | None, found: Estimate | None) -> str:
    told = "not known" if expected is None else f"{expected:.4f} expected"
    if found is None:
        return f"{told}; no answers yet"
    return f"{told}; {found.value:.4f} ({found.low:.4f} to {found.high:.4f}) by {found.judged} answers"
